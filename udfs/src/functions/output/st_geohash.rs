//! `ST_GeoHash`: a geometry's place as a short text.

use godwit_geometry::{Bounds, Geometry, GeometryError};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeoHash",
    category: Category::Output,
    summary: "Returns the geohash of a geometry in longitude and latitude.",
    notes: "Without a length, a point gets 20 characters and anything larger as many as its \
            bounding box allows.",
    example: "SELECT ST_GeoHash(ST_Point(-126, 48), 5)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry, in degrees."),
            Argument::integer("max_chars", "The number of characters.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_text(|geometry| geohash(geometry, 0));
            }
            (geometry, arguments.integer(1)?)
                .map_text(|(geometry, length)| geohash(geometry, length))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// The digits of a geohash: those of base 32 without a, i, l and o.
const DIGITS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

fn geohash(geometry: Geometry<'_>, length: i64) -> Result<Option<String>, GeometryError> {
    let Some(bounds) = geometry.bounds() else {
        return Ok(None);
    };
    if !Bounds::new(-180.0, -90.0, 180.0, 90.0).contains(&bounds) {
        return Err(GeometryError::InvalidArgument {
            reason: "ST_GeoHash takes longitudes and latitudes in degrees; \
                     use ST_Transform(geom, 4326)"
                .to_owned(),
        });
    }
    let (cell, bits) = smallest_cell(&bounds);
    let fitting = i64::try_from(bits / 5).unwrap_or(20);
    let length = if length > 0 { length } else { fitting };
    let [x, y] = cell.centre();
    Ok(Some(encode(x, y, usize::try_from(length.min(20)).unwrap_or(20))))
}

/// Returns the smallest geohash cell around a box and the number of bits that name it.
fn smallest_cell(bounds: &Bounds) -> (Bounds, usize) {
    if bounds.width() == 0.0 && bounds.height() == 0.0 {
        return (*bounds, 100);
    }
    let mut cell = Bounds::new(-180.0, -90.0, 180.0, 90.0);
    for bits in 0..100 {
        let [x, y] = cell.centre();
        if bits % 2 == 0 {
            if bounds.xmin > x {
                cell.xmin = x;
            } else if bounds.xmax < x {
                cell.xmax = x;
            } else {
                return (cell, bits);
            }
        } else if bounds.ymin > y {
            cell.ymin = y;
        } else if bounds.ymax < y {
            cell.ymax = y;
        } else {
            return (cell, bits);
        }
    }
    (cell, 100)
}

fn encode(x: f64, y: f64, length: usize) -> String {
    let mut cell = Bounds::new(-180.0, -90.0, 180.0, 90.0);
    let mut text = String::with_capacity(length);
    let mut is_x = true;
    for _ in 0..length {
        let mut digit = 0_usize;
        for _ in 0..5 {
            let [middle_x, middle_y] = cell.centre();
            let is_upper = if is_x { x >= middle_x } else { y >= middle_y };
            digit = 2 * digit + usize::from(is_upper);
            match (is_x, is_upper) {
                (true, true) => cell.xmin = middle_x,
                (true, false) => cell.xmax = middle_x,
                (false, true) => cell.ymin = middle_y,
                (false, false) => cell.ymax = middle_y,
            }
            is_x = !is_x;
        }
        text.extend(DIGITS.get(digit).map(|digit| char::from(*digit)));
    }
    text
}
