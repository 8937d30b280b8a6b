//! What a call gives where a table may stand.

use godwit_udfs::{Fields, Shape, function_shape};

/// The functions of the engine that make rows, as lists.
const SETS: [&str; 12] = [
    super::ORDINALS,
    "generate_series",
    "json_array_elements",
    "json_array_elements_text",
    "json_object_keys",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_object_keys",
    "jsonb_path_query",
    "regexp_matches",
    "regexp_split_to_table",
    "string_to_table",
];

/// The functions of the engine that make rows of members, as lists of records.
const MEMBERS: [&str; 4] = ["json_each", "json_each_text", "jsonb_each", "jsonb_each_text"];

/// Returns what a call of a scalar function of this name, in lower case, gives where a table may
/// stand.
pub(crate) fn shape(name: &str) -> Option<Shape> {
    if MEMBERS.contains(&name) {
        return Some(Shape::Records(Fields::MEMBER));
    }
    function_shape(name).or_else(|| SETS.contains(&name).then_some(Shape::Values))
}
