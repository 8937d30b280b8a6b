//! The tiles of web maps: where they lie, and their quadkeys.

use crate::{Bounds, GeometryError};

/// The world in Web Mercator, which is a square.
pub const WEB_MERCATOR: Bounds = Bounds::new(
    -20_037_508.342_789_2,
    -20_037_508.342_789_2,
    20_037_508.342_789_2,
    20_037_508.342_789_2,
);

/// The largest zoom level.
const MAX_ZOOM: i64 = 31;

/// The largest level of a quadkey.
const MAX_LEVEL: i64 = 23;

/// The latitude of the upper edge of the Web Mercator square.
const MAX_LATITUDE: f64 = 85.051_128_78;

/// Returns the box of a tile, `margin` tile widths wider on every side.
///
/// Rows are counted from above. Above and below, the box ends where the world does.
pub fn tile_bounds(
    zoom: i64,
    x: i64,
    y: i64,
    world: &Bounds,
    margin: f64,
) -> Result<Bounds, GeometryError> {
    if !(0..=MAX_ZOOM).contains(&zoom) {
        return Err(invalid(&format!("the zoom {zoom} is not between 0 and {MAX_ZOOM}")));
    }
    let count = 1_i64 << zoom;
    for (name, index) in [("x", x), ("y", y)] {
        if !(0..count).contains(&index) {
            let reason = format!("the tile {name} {index} is not between 0 and {}", count - 1);
            return Err(invalid(&reason));
        }
    }
    if margin.is_nan() || margin < -0.5 {
        return Err(invalid(&format!("the margin {margin} is less than -0.5")));
    }
    if !(world.width() > 0.0 && world.height() > 0.0) {
        return Err(invalid("the bounds must have a width and a height"));
    }
    let width = world.width() / count as f64;
    let height = world.height() / count as f64;
    let (column, row) = (x as f64, y as f64);
    let (xmin, xmax) = if 1.0 + 2.0 * margin > count as f64 {
        (world.xmin, world.xmax)
    } else {
        (world.xmin + width * (column - margin), world.xmin + width * (column + 1.0 + margin))
    };
    let ymin = world.ymax - height * (row + 1.0 + margin);
    let ymax = world.ymax - height * (row - margin);
    Ok(Bounds::new(xmin, ymin.max(world.ymin), xmax, ymax.min(world.ymax)))
}

/// Returns the quadkey of the Web Mercator tile that holds a longitude and latitude.
pub fn quadkey(longitude: f64, latitude: f64, level: i64) -> Result<String, GeometryError> {
    if !(1..=MAX_LEVEL).contains(&level) {
        return Err(GeometryError::InvalidArgument {
            reason: format!("ST_QuadKey: the level {level} is not between 1 and {MAX_LEVEL}"),
        });
    }
    let sine = latitude.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians().sin();
    let x = (longitude.clamp(-180.0, 180.0) + 180.0) / 360.0;
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * std::f64::consts::PI);
    let (column, row) = (cell(x, level), cell(y, level));
    let digits = (0..level).rev().map(|bit| {
        let digit = (column >> bit & 1) + 2 * (row >> bit & 1);
        ['0', '1', '2', '3'].get(digit).copied().unwrap_or('0')
    });
    Ok(digits.collect())
}

/// Returns the index of the cell that holds a fraction of the world.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number was brought into the range of cells"
)]
fn cell(fraction: f64, level: i64) -> usize {
    let count = (1_u64 << level) as f64;
    (fraction * count).floor().clamp(0.0, count - 1.0) as usize
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: format!("ST_TileEnvelope: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tiles_of_a_level_cover_the_world() {
        let mut covered = 0.0;
        for x in 0..4 {
            for y in 0..4 {
                let tile = tile_bounds(2, x, y, &WEB_MERCATOR, 0.0).unwrap();
                covered += tile.width() * tile.height();
            }
        }
        let world = WEB_MERCATOR.width() * WEB_MERCATOR.height();
        assert!((covered - world).abs() < 1e-6 * world);
    }

    #[test]
    fn a_quadkey_starts_with_that_of_the_level_above() {
        let long = quadkey(24.75, 59.44, 23).unwrap();
        for level in 1..=23 {
            assert!(long.starts_with(&quadkey(24.75, 59.44, level).unwrap()));
        }
        assert!(quadkey(0.0, 0.0, 0).is_err() && quadkey(0.0, 0.0, 24).is_err());
        assert_eq!(quadkey(180.0, -90.0, 2).as_deref(), Ok("33"));
        assert_eq!(quadkey(f64::NAN, f64::NAN, 2).as_deref(), Ok("00"));
    }
}
