//! Boxes that are cast: a box is a geometry here, so what is one is told by the function around it.

use sqlparser::ast::{DataType, Expr};
use sqlparser::tokenizer::Span;

use super::functions::call;
use crate::functions::{BOX_3D_TEXT, BOX_TEXT};
use crate::sql::made;

/// The functions whose results are boxes of the plane.
const PLANE: [&str; 5] = ["box2d", "postgis_getbbox", "st_extent", "st_extent_agg", "st_makebox2d"];

/// The functions whose results are boxes in space.
const SPACE: [&str; 3] = ["box3d", "st_3dextent", "st_3dmakebox"];

/// Returns whether a value is a box of the plane, as far as its text tells.
pub(super) fn is_plane(value: &Expr) -> bool {
    is_call(value, &PLANE)
}

/// Returns the call that writes a box, if a value is one that is cast to text.
pub(super) fn as_text(value: &mut Expr, data_type: &DataType) -> Option<Expr> {
    let is_text = matches!(
        data_type,
        DataType::Text
            | DataType::String(None)
            | DataType::Varchar(None)
            | DataType::CharacterVarying(None)
    );
    if !is_text {
        return None;
    }
    let function = match &*value {
        plane if is_call(plane, &PLANE) => BOX_TEXT,
        space if is_call(space, &SPACE) => BOX_3D_TEXT,
        _ => return None,
    };
    let value = made::take(value);
    Some(call(function, vec![value], Span::empty()))
}

fn is_call(value: &Expr, names: &[&str]) -> bool {
    match value {
        Expr::Nested(inner) => is_call(inner, names),
        Expr::Function(function) => {
            let name = function.name.to_string();
            names.iter().any(|known| name.eq_ignore_ascii_case(known))
        }
        _ => false,
    }
}
