//! What a condition demands of the boxes around geometries, so that data can stay unread.
//!
//! Whoever knows boxes of many rows at once (the files of a table, the row groups and pages of a
//! file) implements [`Candidates`], or [`OneBox`] where there is one box alone; a [`SpatialFilter`]
//! then says which of them have to be read.
//! A filter never demands more than its condition: what it leaves out, the condition refuses.

mod boxes;
mod demand;
mod extent;
mod reach;

pub use boxes::{Boxes, MEETS_BOXES};
pub use demand::keeps_coordinates;
pub use extent::Extent;
pub use reach::Reach;

use std::fmt::{self, Display, Formatter};

/// What a condition demands of the boxes around the geometries of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum SpatialFilter {
    /// Nothing: every row may pass.
    Anything,
    /// What no row has.
    Nothing,
    /// A geometry of this column whose box reaches so far.
    Reaches(String, Reach),
    /// A geometry of this column whose box meets one of several boxes.
    Meets(String, Boxes),
    /// All of several demands.
    All(Vec<Self>),
    /// One of several demands.
    Any(Vec<Self>),
}

/// Rows that are known by boxes around many of them.
pub trait Candidates {
    /// Some of the rows: a yes or no for all of them, or where they are.
    type Rows;

    /// Returns all rows.
    fn everything(&self) -> Self::Rows;

    /// Returns no rows.
    fn nothing(&self) -> Self::Rows;

    /// Returns at least the rows with a geometry of this column whose box reaches so far.
    fn reaching(&self, column: &str, reach: &Reach) -> Self::Rows;

    /// Returns at least the rows with a geometry of this column whose box meets one of the boxes.
    fn meeting(&self, column: &str, boxes: &Boxes) -> Self::Rows {
        boxes.few().fold(self.nothing(), |rows, bounds| {
            self.either(rows, self.reaching(column, &Reach::touching(&bounds)))
        })
    }

    /// Returns the rows that both have.
    fn both(&self, left: Self::Rows, right: Self::Rows) -> Self::Rows;

    /// Returns the rows that one of them has.
    fn either(&self, left: Self::Rows, right: Self::Rows) -> Self::Rows;
}

/// Rows that are known by one box around all of them: all have to be read, or none.
pub trait OneBox {
    /// Returns whether a row may have a geometry of this column whose box reaches so far.
    fn may_reach(&self, column: &str, reach: &Reach) -> bool;
}

impl<B: OneBox> Candidates for B {
    type Rows = bool;

    fn everything(&self) -> bool {
        true
    }

    fn nothing(&self) -> bool {
        false
    }

    fn reaching(&self, column: &str, reach: &Reach) -> bool {
        self.may_reach(column, reach)
    }

    fn both(&self, left: bool, right: bool) -> bool {
        left && right
    }

    fn either(&self, left: bool, right: bool) -> bool {
        left || right
    }
}

impl SpatialFilter {
    /// Returns the filter that asks for both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            (Self::Anything, filter) | (filter, Self::Anything) => filter,
            (Self::All(mut filters), Self::All(others)) => {
                filters.extend(others);
                Self::All(filters)
            }
            (Self::All(mut filters), filter) | (filter, Self::All(mut filters)) => {
                filters.push(filter);
                Self::All(filters)
            }
            (filter, other) => Self::All(vec![filter, other]),
        }
    }

    /// Returns the filter that asks for one of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Anything, _) | (_, Self::Anything) => Self::Anything,
            (Self::Nothing, filter) | (filter, Self::Nothing) => filter,
            (Self::Any(mut filters), Self::Any(others)) => {
                filters.extend(others);
                Self::Any(filters)
            }
            (Self::Any(mut filters), filter) | (filter, Self::Any(mut filters)) => {
                filters.push(filter);
                Self::Any(filters)
            }
            (filter, other) => Self::Any(vec![filter, other]),
        }
    }

    /// Returns whether the filter leaves nothing out.
    pub fn is_anything(&self) -> bool {
        *self == Self::Anything
    }

    /// Returns the columns that the filter looks at, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        self.add_columns(&mut columns);
        columns
    }

    fn add_columns<'a>(&'a self, columns: &mut Vec<&'a str>) {
        match self {
            Self::Anything | Self::Nothing => {}
            Self::Reaches(column, _) | Self::Meets(column, _) => {
                if !columns.contains(&column.as_str()) {
                    columns.push(column);
                }
            }
            Self::All(filters) | Self::Any(filters) => {
                for filter in filters {
                    filter.add_columns(columns);
                }
            }
        }
    }

    /// Returns the rows that have to be read.
    pub fn select<C: Candidates>(&self, candidates: &C) -> C::Rows {
        match self {
            Self::Anything => candidates.everything(),
            Self::Nothing => candidates.nothing(),
            Self::Reaches(column, reach) => candidates.reaching(column, reach),
            Self::Meets(column, boxes) => candidates.meeting(column, boxes),
            Self::All(filters) => filters.iter().fold(candidates.everything(), |rows, filter| {
                candidates.both(rows, filter.select(candidates))
            }),
            Self::Any(filters) => filters.iter().fold(candidates.nothing(), |rows, filter| {
                candidates.either(rows, filter.select(candidates))
            }),
        }
    }
}

impl Display for SpatialFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let list = |f: &mut Formatter<'_>, filters: &[Self], word: &str| {
            for (index, filter) in filters.iter().enumerate() {
                let word = if index > 0 { word } else { "" };
                match filter {
                    Self::All(_) | Self::Any(_) => write!(f, "{word}({filter})")?,
                    _ => write!(f, "{word}{filter}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Anything => write!(f, "true"),
            Self::Nothing => write!(f, "false"),
            Self::Reaches(column, reach) => write!(f, "{column} {reach}"),
            Self::Meets(column, boxes) => {
                let reaches = boxes.few().map(|bounds| Reach::touching(&bounds));
                for (index, reach) in reaches.enumerate() {
                    let word = if index > 0 { " OR " } else { "" };
                    write!(f, "{word}{column} {reach}")?;
                }
                Ok(())
            }
            Self::All(filters) => list(f, filters, " AND "),
            Self::Any(filters) => list(f, filters, " OR "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Bounds;

    fn near(x: f64) -> SpatialFilter {
        let reach = Reach::touching(&Bounds::new(x, 0.0, x + 1.0, 1.0));
        SpatialFilter::Reaches("geom".to_owned(), reach)
    }

    /// One box around all rows.
    struct Block(Extent);

    impl OneBox for Block {
        fn may_reach(&self, column: &str, reach: &Reach) -> bool {
            column != "geom" || self.0.may_reach(reach)
        }
    }

    #[test]
    fn trees_are_evaluated_over_boxes() {
        let block = Block(Extent::Within(Bounds::new(0.0, 0.0, 2.0, 2.0)));
        let cases = [
            (SpatialFilter::Anything, true),
            (SpatialFilter::Nothing, false),
            (near(2.0), true),
            (near(2.5), false),
            (near(2.5).or(near(1.0)), true),
            (near(2.5).and(near(1.0)), false),
            (near(2.5).or(near(3.5)).or(near(-4.0)), false),
            (near(2.5).or(SpatialFilter::Anything), true),
            (near(1.0).and(SpatialFilter::Nothing), false),
        ];
        for (filter, expected) in cases {
            assert_eq!(filter.select(&block), expected, "{filter}");
        }
    }

    #[test]
    fn constants_vanish_from_trees() {
        assert_eq!(near(1.0).and(SpatialFilter::Anything), near(1.0));
        assert_eq!(near(1.0).or(SpatialFilter::Nothing), near(1.0));
        assert_eq!(near(1.0).or(near(2.0)).columns(), ["geom"]);
        let three = near(1.0).or(near(2.0)).or(near(3.0));
        assert!(matches!(three, SpatialFilter::Any(filters) if filters.len() == 3));
    }
}
