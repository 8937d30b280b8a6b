//! Names for columns that files leave out or use twice.

use arrow::datatypes::Field;

/// The name of the column with the geometry, for formats that give it none.
const GEOMETRY: &str = "geometry";

/// Returns the name for a column after those that are known: the wanted one, or one like it that
/// is free.
pub(crate) fn free_name<'a>(
    known: &(impl ExactSizeIterator<Item = &'a String> + Clone),
    wanted: String,
) -> String {
    let is_known = |name: &str| known.clone().any(|known| known.eq_ignore_ascii_case(name));
    let wanted = if wanted.is_empty() { format!("field_{}", known.len() + 1) } else { wanted };
    let mut free = wanted.clone();
    let mut number = 1;
    while is_known(&free) {
        free = format!("{wanted}_{number}");
        number += 1;
    }
    free
}

/// Returns the name for the geometry beside these columns.
pub(crate) fn geometry_name(fields: &[Field]) -> &'static str {
    let is_taken = fields.iter().any(|field| field.name().eq_ignore_ascii_case(GEOMETRY));
    if is_taken { "shape_geometry" } else { GEOMETRY }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut known: Vec<String> = Vec::new();
        for wanted in ["a", "A", "", "field_3", "a"] {
            let free = free_name(&known.iter(), wanted.to_owned());
            known.push(free);
        }
        assert_eq!(known, ["a", "A_1", "field_3", "field_3_1", "a_2"]);
        assert_eq!(geometry_name(&[]), "geometry");
        let taken = Field::new("Geometry", DataType::Utf8, true);
        assert_eq!(geometry_name(&[taken]), "shape_geometry");
    }
}
