//! Columns by their names, and names for columns that files leave out or use twice.

use std::collections::{HashMap, HashSet};

use arrow::datatypes::{Field, FieldRef, Schema};

/// The name of the column with the geometry, for formats that give it none.
const GEOMETRY: &str = "geometry";

/// Returns the columns of a schema by their names, the first one where a name repeats.
pub(crate) fn by_name(schema: &Schema) -> HashMap<&str, &FieldRef> {
    schema.fields().iter().rev().map(|field| (field.name().as_str(), field)).collect()
}

/// Returns the names with a number behind those that were there before.
pub(crate) fn numbered(wanted: impl Iterator<Item = String>) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::new();
    let mut names = Vec::new();
    for wanted in wanted {
        let mut name = wanted.clone();
        let mut number = 0_usize;
        while !known.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        names.push(name);
    }
    names
}

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
    fn the_first_of_equal_names_is_found() {
        let field = |name: &str, kind| Field::new(name, kind, true);
        let fields = [("a", DataType::Utf8), ("b", DataType::Date32), ("a", DataType::Int32)];
        let schema = Schema::new(fields.map(|(name, kind)| field(name, kind)).to_vec());
        let fields = by_name(&schema);
        assert_eq!(fields.len(), 2);
        assert_eq!(fields["a"].data_type(), &DataType::Utf8);
        assert!(!fields.contains_key("A"));
        let names = numbered(["a", "a_1", "a", "a"].map(str::to_owned).into_iter());
        assert_eq!(names, ["a", "a_1", "a_2", "a_3"]);
    }

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
