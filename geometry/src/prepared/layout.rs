//! How a box is cut into equal cells.

use crate::Bounds;

/// How a box is cut into equal cells.
///
/// The cell of a position is found with rounding, so lines are entered into every cell that they
/// come close to: closer than `slack`, which is far more than the rounding.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) bounds: Bounds,
    pub(super) columns: usize,
    pub(super) rows: usize,
    width: f64,
    height: f64,
    per_width: f64,
    per_height: f64,
    slack_x: f64,
    slack_y: f64,
}

impl Layout {
    /// Returns about as many cells as there are edges, as square as the box allows.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the numbers of cells are positive and bounded by the number of edges"
    )]
    pub(super) fn new(bounds: Bounds, edge_count: usize) -> Self {
        let (x, y) = (Axis::new(bounds.xmin, bounds.xmax), Axis::new(bounds.ymin, bounds.ymax));
        let wanted = edge_count.max(1) as f64;
        let aspect = x.length.max(f64::MIN_POSITIVE) / y.length.max(f64::MIN_POSITIVE);
        let columns = (wanted * aspect).sqrt().round().clamp(1.0, wanted.min(x.most_cells));
        let rows = (wanted / columns).round().clamp(1.0, wanted.min(y.most_cells));
        let (width, height) = (x.length / columns, y.length / rows);
        let inverse = |size: f64| if size > 0.0 { 1.0 / size } else { 0.0 };
        Self {
            bounds,
            columns: columns as usize,
            rows: rows as usize,
            width,
            height,
            per_width: inverse(width),
            per_height: inverse(height),
            slack_x: width * 1e-6 + x.magnitude * 1e-14,
            slack_y: height * 1e-6 + y.magnitude * 1e-14,
        }
    }

    pub(super) fn cell_count(&self) -> usize {
        self.columns * self.rows
    }

    /// Returns the column of an X; what lies outside belongs to the outermost columns.
    #[inline]
    pub(super) fn column(&self, x: f64) -> usize {
        place((x - self.bounds.xmin) * self.per_width, self.columns)
    }

    /// Returns the row of a Y; what lies outside belongs to the outermost rows.
    #[inline]
    pub(super) fn row(&self, y: f64) -> usize {
        place((y - self.bounds.ymin) * self.per_height, self.rows)
    }

    /// Returns the X of the left border of a column.
    #[inline]
    pub(super) fn left(&self, column: usize) -> f64 {
        self.bounds.xmin + column as f64 * self.width
    }

    /// Returns the Y of the lower border of a row.
    #[inline]
    pub(super) fn bottom(&self, row: usize) -> f64 {
        self.bounds.ymin + row as f64 * self.height
    }

    /// Calls a function with every cell that a segment comes close to, until it returns `true`.
    ///
    /// Returns whether it did.
    pub(super) fn any_cell(
        &self,
        [x0, y0, x1, y1]: [f64; 4],
        mut visit: impl FnMut(usize) -> bool,
    ) -> bool {
        let (low, high) = if y0 <= y1 { ([x0, y0], [x1, y1]) } else { ([x1, y1], [x0, y0]) };
        let first_row = self.row(low[1] - self.slack_y);
        let last_row = self.row(high[1] + self.slack_y);
        if first_row == last_row {
            let (left, right) = if x0 <= x1 { (x0, x1) } else { (x1, x0) };
            let last = self.column(right + self.slack_x);
            let mut columns = self.column(left - self.slack_x)..=last;
            return columns.any(|column| visit(first_row * self.columns + column));
        }
        let slope = (high[0] - low[0]) / (high[1] - low[1]);
        for row in first_row..=last_row {
            let (mut from, mut to) = (low[0], high[0]);
            // Within the row the segment covers only a part of its columns.
            let lower = self.bottom(row) - self.slack_y;
            let upper = self.bottom(row + 1) + self.slack_y;
            if lower > low[1] && row != first_row {
                from = low[0] + (lower - low[1]) * slope;
            }
            if upper < high[1] && row != last_row {
                to = low[0] + (upper - low[1]) * slope;
            }
            let (left, right) = if from <= to { (from, to) } else { (to, from) };
            let first = self.column(left - self.slack_x);
            let last = self.column(right + self.slack_x);
            for column in first..=last {
                if visit(row * self.columns + column) {
                    return true;
                }
            }
        }
        false
    }

    /// Calls a function with every cell that a box meets, until it returns `true`.
    ///
    /// Returns whether it did.
    pub(super) fn any_cell_in(
        &self,
        window: &Bounds,
        mut visit: impl FnMut(usize) -> bool,
    ) -> bool {
        let columns =
            self.column(window.xmin - self.slack_x)..=self.column(window.xmax + self.slack_x);
        for row in self.row(window.ymin - self.slack_y)..=self.row(window.ymax + self.slack_y) {
            for column in columns.clone() {
                if visit(row * self.columns + column) {
                    return true;
                }
            }
        }
        false
    }
}

struct Axis {
    length: f64,
    magnitude: f64,
    /// More cells would be too small for the precision of the coordinates.
    most_cells: f64,
}

impl Axis {
    fn new(start: f64, end: f64) -> Self {
        let length = end - start;
        let magnitude = start.abs().max(end.abs());
        let most_cells = (length / (magnitude * 1e-9)).floor();
        // A comparison with NaN fails, and one cell is always possible.
        let most_cells = if most_cells > 1.0 { most_cells } else { 1.0 };
        Self { length, magnitude, most_cells }
    }
}

#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which moves what lies outside to the border"
)]
fn place(cells: f64, count: usize) -> usize {
    (cells as usize).min(count - 1)
}
