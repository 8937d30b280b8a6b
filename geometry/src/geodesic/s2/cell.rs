//! One cell: where it is on its side of the cube, and its number.

use super::super::vector::Vector;

/// The level of the smallest cells, a centimetre wide; the sides of the cube have level 0.
pub const MAX_LEVEL: u32 = 30;

/// The number of smallest cells along a side.
const SIDE: u32 = 1 << MAX_LEVEL;

/// Bits of the orientation of the curve in a cell: its axes are swapped, its direction is turned.
const SWAPPED: usize = 1;
const TURNED: usize = 2;

/// The quarter that the curve enters at each step, by orientation: twice its column plus its row.
const QUARTERS: [[usize; 4]; 4] = [[0, 1, 3, 2], [0, 2, 3, 1], [3, 2, 0, 1], [3, 1, 0, 2]];

/// The step at which the curve enters a quarter, by orientation.
const STEPS: [[usize; 4]; 4] = [[0, 1, 3, 2], [0, 3, 1, 2], [2, 3, 1, 0], [2, 1, 3, 0]];

/// How the orientation changes in the quarter of each step.
const TURNS: [usize; 4] = [SWAPPED, 0, 0, SWAPPED | TURNED];

/// A cell of any level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) id: u64,
    pub(super) level: u32,
    face: usize,
    /// The column and the row of its first smallest cell.
    at: [u32; 2],
    orientation: usize,
}

impl Cell {
    /// Returns the sides of the cube.
    pub(super) fn faces() -> impl Iterator<Item = Self> {
        (0..6_usize).zip(0_u64..).map(|(face, number)| Self {
            id: number << 61 | 1 << 60,
            level: 0,
            face,
            at: [0, 0],
            orientation: face & SWAPPED,
        })
    }

    /// Returns the four cells it is divided into, in the order of the curve; none of the smallest.
    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        let count = if self.level < MAX_LEVEL { 4 } else { 0 };
        let lowest = 1_u64 << (2 * (MAX_LEVEL - self.level));
        let size = (SIDE >> self.level) / 2;
        (0..count).zip([1_u64, 3, 5, 7]).map(move |(step, odd): (usize, u64)| {
            let quarter = QUARTERS[self.orientation][step];
            let shift = |bit: usize| if quarter & bit == 0 { 0 } else { size };
            Self {
                id: self.id - lowest + odd * (lowest >> 2),
                level: self.level + 1,
                face: self.face,
                at: [self.at[0] + shift(2), self.at[1] + shift(1)],
                orientation: self.orientation ^ TURNS[step],
            }
        })
    }

    /// Returns the least and the greatest coordinate of the cell on its side, along both axes.
    pub(super) fn bounds(self) -> [[f64; 2]; 2] {
        let size = SIDE >> self.level;
        self.at.map(|start| [plane(share(start)), plane(share(start + size))])
    }

    /// Returns the direction of the middle of the cell.
    pub(super) fn centre(self) -> Vector {
        let half = 0.5 * share(SIDE >> self.level);
        let [u, v] = self.at.map(|start| plane(share(start) + half));
        match self.face {
            0 => [1.0, u, v],
            1 => [-u, 1.0, v],
            2 => [-u, -v, 1.0],
            3 => [-1.0, -v, -u],
            4 => [v, -1.0, -u],
            _ => [v, u, -1.0],
        }
    }

    /// Returns a direction as seen on the side of the cell: two coordinates and what to divide
    /// them by, which is above 0 on this half of the sphere.
    pub(super) fn project(self, direction: Vector) -> Vector {
        on_face(self.face, direction)
    }
}

fn on_face(face: usize, [x, y, z]: Vector) -> Vector {
    match face {
        0 => [y, z, x],
        1 => [-x, z, y],
        2 => [-x, -y, z],
        3 => [-z, -y, -x],
        4 => [-z, x, -y],
        _ => [y, x, -z],
    }
}

/// Returns the id of the smallest cell in a direction.
pub(super) fn leaf_at(direction: Vector) -> u64 {
    let [x, y, z] = direction.map(f64::abs);
    let axis = if x > y && x > z {
        0
    } else if y > z {
        1
    } else {
        2
    };
    let face = if direction[axis] < 0.0 { axis + 3 } else { axis };
    let [u, v, depth] = on_face(face, direction);
    let [column, row] = [u / depth, v / depth].map(number);
    let mut orientation = face & SWAPPED;
    let mut path = 0_usize;
    for level in (0..MAX_LEVEL).rev() {
        let bit = |number: u32| usize::from(number >> level & 1 == 1);
        let step = STEPS[orientation][bit(column) << 1 | bit(row)];
        path = path << 2 | step;
        orientation ^= TURNS[step];
    }
    let wide = |number: usize| u64::try_from(number).unwrap_or(0);
    wide(face) << 61 | wide(path) << 1 | 1
}

/// Returns a number of smallest cells as a share of the side.
fn share(cells: u32) -> f64 {
    f64::from(cells) / f64::from(SIDE)
}

/// Returns the coordinate on the side of the cube, -1 to 1, of a share of the side; quadratic, so
/// that cells are of about the same size on the sphere.
fn plane(share: f64) -> f64 {
    if share >= 0.5 {
        (1.0 / 3.0) * (4.0 * share * share - 1.0)
    } else {
        (1.0 / 3.0) * (1.0 - 4.0 * (1.0 - share) * (1.0 - share))
    }
}

/// Returns the number of the smallest cell that has a coordinate on the side of the cube.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number was brought into range"
)]
fn number(coordinate: f64) -> u32 {
    let share = if coordinate >= 0.0 {
        0.5 * (1.0 + 3.0 * coordinate).sqrt()
    } else {
        1.0 - 0.5 * (1.0 - 3.0 * coordinate).sqrt()
    };
    let last = f64::from(SIDE - 1);
    (share * f64::from(SIDE) - 0.5).round_ties_even().clamp(0.0, last) as u32
}
