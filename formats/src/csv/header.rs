//! The names of columns, and the order that a file has them in.

use std::collections::HashMap;

use arrow::csv::reader::Format;
use arrow::error::ArrowError;

use crate::FormatError;
use crate::csv::dialect::Dialect;
use crate::names::numbered;

/// Returns the names in the header, or numbered ones; each is unique.
pub(super) fn column_names(data: &[u8], dialect: &Dialect) -> Result<Vec<String>, ArrowError> {
    let mut format = Format::default()
        .with_header(dialect.has_header)
        .with_delimiter(dialect.delimiter)
        .with_quote(dialect.quote);
    if let Some(escape) = dialect.escape {
        format = format.with_escape(escape);
    }
    if let Some(comment) = dialect.comment {
        format = format.with_comment(comment);
    }
    let limit = usize::from(!dialect.has_header);
    let (schema, _) = format.infer_schema(data, Some(limit))?;
    let wanted = schema.fields().iter().enumerate().map(|(index, field)| {
        let given = field.name().as_str();
        let is_given = dialect.has_header && !given.is_empty();
        if is_given { given.to_owned() } else { format!("column_{}", index + 1) }
    });
    Ok(numbered(wanted))
}

/// Returns for every column that was found which one of the known ones it is, if they are the same
/// ones in some order.
pub(super) fn order(known: &[impl AsRef<str>], found: &[String]) -> Option<Vec<usize>> {
    if known.len() != found.len() {
        return None;
    }
    // Names are unique, so nothing is found twice.
    let known = known.iter().enumerate().map(|(place, name)| (name.as_ref(), place));
    let places: HashMap<&str, usize> = known.collect();
    found.iter().map(|name| places.get(name.as_str()).copied()).collect()
}

/// Returns the error for a file whose columns are not those of its table.
pub(super) fn other_columns(
    path: &str,
    found: &[String],
    known: &[impl AsRef<str>],
) -> FormatError {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    let (found, known) = (found.join(", "), known.join(", "));
    let reason = format!("file \"{path}\" has the columns {found}, the files before it {known}");
    FormatError::Unsupported { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_in_any_order_but_not_others() {
        let names = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let known = ["lon", "lat", "n"];
        assert_eq!(order(&known, &names("lat,lon,n")), Some(vec![1, 0, 2]));
        assert_eq!(order(&known, &names("lon,lat,n")), Some(vec![0, 1, 2]));
        for other in ["lon,lat", "lon,lat,m", "lon,lat,n,m", "LON,lat,n"] {
            assert_eq!(order(&known, &names(other)), None, "{other}");
        }
    }
}
