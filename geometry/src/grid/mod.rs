//! Squares and hexagons that tile the plane, counted from an origin.

use std::ops::RangeInclusive;

use crate::{Bounds, Coord, Dimension, GeometryError, write};

/// The most cells a grid may have.
const MAX_CELLS: i64 = 50_000_000;
/// The height of half a hexagon whose edges are one long.
const HALF_HEIGHT: f64 = 0.866_025_403_784_438_7;
/// The corners of a hexagon around its centre, in edge lengths and in heights.
const CORNERS: [[f64; 2]; 7] =
    [[-1.0, 0.0], [-0.5, -0.5], [0.5, -0.5], [1.0, 0.0], [0.5, 0.5], [-0.5, 0.5], [-1.0, 0.0]];

/// Returns a square of a grid as a polygon; columns and rows are counted from the origin.
pub fn square(origin: [f64; 2], size: f64, column: i64, row: i64) -> Vec<u8> {
    let (column, row) = (column as f64, row as f64);
    let (xmin, ymin) = (origin[0] + size * column, origin[1] + size * row);
    let (xmax, ymax) = (origin[0] + size * (column + 1.0), origin[1] + size * (row + 1.0));
    let ring = [[xmin, ymin], [xmin, ymax], [xmax, ymax], [xmax, ymin], [xmin, ymin]];
    write::polygon([ring.map(|[x, y]| Coord::xy(x, y))], Dimension::Xy)
}

/// Returns a hexagon of a grid as a polygon; its edges are `size` long, and odd columns lie half
/// a hexagon higher.
pub fn hexagon(origin: [f64; 2], size: f64, column: i64, row: i64) -> Vec<u8> {
    let height = size * 2.0 * HALF_HEIGHT;
    let lift = if column % 2 == 0 { 0.0 } else { 0.5 };
    let ring = CORNERS.map(|[x, y]| {
        let x = origin[0] + size * (1.5 * column as f64 + x);
        let y = origin[1] + height * (row as f64 + lift + y);
        Coord::xy(x, y)
    });
    write::polygon([ring], Dimension::Xy)
}

/// One cell of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    /// The cell as a polygon in WKB.
    pub geometry: Vec<u8>,
    /// The column, counted from the origin of the plane.
    pub column: i64,
    /// The row, counted from the origin of the plane.
    pub row: i64,
}

/// Returns the squares that meet a box; nothing when the size is not positive.
pub fn square_grid(size: f64, bounds: &Bounds) -> Result<Grid, GeometryError> {
    if !is_covered(size, bounds)? {
        return Ok(Grid::nothing(Shape::Square, size));
    }
    let rows = cell(bounds.ymin / size)..=cell(bounds.ymax / size);
    let columns = cell(bounds.xmin / size)..=cell(bounds.xmax / size);
    Grid::new(Shape::Square, size, columns, [rows.clone(), rows])
}

/// Returns the hexagons that meet a box; nothing when the size is not positive.
pub fn hexagon_grid(size: f64, bounds: &Bounds) -> Result<Grid, GeometryError> {
    if !is_covered(size, bounds)? {
        return Ok(Grid::nothing(Shape::Hexagon, size));
    }
    let width = 1.5 * size;
    let height = size * 2.0 * HALF_HEIGHT;
    let mut first = cell(bounds.xmin / width);
    if bounds.xmin - first as f64 * width > size {
        first += 1;
    }
    let mut last = cell((bounds.xmax / width).ceil());
    if last as f64 * width - bounds.xmax > size {
        last -= 1;
    }
    let even = cell(bounds.ymin / height + 0.5)..=cell(bounds.ymax / height + 0.5);
    let odd = cell(bounds.ymin / height)..=cell(bounds.ymax / height);
    Grid::new(Shape::Hexagon, size, first..=last, [even, odd])
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Square,
    Hexagon,
}

/// The cells of a grid, column by column from the left and each from below.
#[derive(Debug, Clone)]
pub struct Grid {
    shape: Shape,
    size: f64,
    columns: RangeInclusive<i64>,
    /// The rows of even and of odd columns.
    rows: [RangeInclusive<i64>; 2],
    column: i64,
    /// The rows that are left of the current column.
    left: RangeInclusive<i64>,
}

impl Grid {
    fn new(
        shape: Shape,
        size: f64,
        columns: RangeInclusive<i64>,
        rows: [RangeInclusive<i64>; 2],
    ) -> Result<Self, GeometryError> {
        let length = |range: &RangeInclusive<i64>| {
            range.end().saturating_sub(*range.start()).saturating_add(1).max(0)
        };
        let height = length(&rows[0]).max(length(&rows[1]));
        if length(&columns).saturating_mul(height) > MAX_CELLS {
            return Err(GeometryError::InvalidArgument {
                reason: format!("a grid of size {size} over the bounds has too many cells"),
            });
        }
        let column = *columns.start();
        let left = rows[usize::from(column % 2 != 0)].clone();
        Ok(Self { shape, size, columns, rows, column, left })
    }

    #[expect(clippy::reversed_empty_ranges, reason = "the grid is empty on purpose")]
    fn nothing(shape: Shape, size: f64) -> Self {
        let none = 1..=0;
        let rows = [none.clone(), none.clone()];
        Self { shape, size, columns: none.clone(), rows, column: 1, left: none }
    }
}

impl Iterator for Grid {
    type Item = GridCell;

    fn next(&mut self) -> Option<GridCell> {
        while self.columns.contains(&self.column) {
            if let Some(row) = self.left.next() {
                let build = match self.shape {
                    Shape::Square => square,
                    Shape::Hexagon => hexagon,
                };
                let geometry = build([0.0, 0.0], self.size, self.column, row);
                return Some(GridCell { geometry, column: self.column, row });
            }
            self.column += 1;
            self.left = self.rows[usize::from(self.column % 2 != 0)].clone();
        }
        None
    }
}

/// Returns whether a grid has cells, and refuses bounds that have no end.
fn is_covered(size: f64, bounds: &Bounds) -> Result<bool, GeometryError> {
    let edges = [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
    if edges.iter().any(|edge| edge.is_infinite()) && !bounds.is_nothing() {
        return Err(GeometryError::InvalidArgument {
            reason: "the bounds of a grid must be finite".to_owned(),
        });
    }
    Ok(size > 0.0 && !bounds.is_nothing())
}

/// Returns the whole number below a value; values out of range become the nearest in range.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and counts are checked")]
fn cell(value: f64) -> i64 {
    value.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Geometry, wkt};

    #[test]
    fn cells_lie_beside_each_other() {
        let text = |wkb: &[u8]| wkt::format(Geometry::try_new(wkb).unwrap(), 4);
        assert_eq!(text(&square([1.0, 0.0], 2.0, -1, 1)), "POLYGON((-1 2,-1 4,1 4,1 2,-1 2))");
        assert_eq!(
            text(&hexagon([0.0, 0.0], 1.0, -1, 0)),
            "POLYGON((-2.5 0.866,-2 0,-1 0,-0.5 0.866,-1 1.7321,-2 1.7321,-2.5 0.866))"
        );
    }

    #[test]
    fn grids_cover_their_bounds() {
        let bounds = Bounds::new(-1.5, 0.0, 1.0, 1.5);
        let cells: Vec<[i64; 2]> =
            square_grid(1.0, &bounds).unwrap().map(|cell| [cell.column, cell.row]).collect();
        assert_eq!(cells, [[-2, 0], [-2, 1], [-1, 0], [-1, 1], [0, 0], [0, 1], [1, 0], [1, 1]]);
        let cells: Vec<[i64; 2]> =
            hexagon_grid(1.0, &bounds).unwrap().map(|cell| [cell.column, cell.row]).collect();
        assert_eq!(cells, [[-1, 0], [0, 0], [0, 1], [1, 0]]);
    }

    #[test]
    fn absurd_grids_are_refused() {
        let bounds = Bounds::new(0.0, 0.0, 1e9, 1e9);
        assert!(square_grid(0.001, &bounds).is_err());
        assert!(hexagon_grid(1e-300, &bounds).is_err());
        assert_eq!(square_grid(-1.0, &bounds).unwrap().count(), 0);
        assert_eq!(square_grid(f64::NAN, &bounds).unwrap().count(), 0);
        assert!(square_grid(1.0, &Bounds::new(0.0, 0.0, f64::INFINITY, 1.0)).is_err());
        assert_eq!(square_grid(1.0, &Bounds::NOTHING).unwrap().count(), 0);
    }
}
