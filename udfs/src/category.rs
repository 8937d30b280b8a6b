//! The groups that functions are listed in: a folder, a page of the reference, a heading.

/// The group a function is documented in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// Makes geometries of numbers, text or other geometries.
    Constructor,
    /// Writes geometries as text or bytes.
    Output,
    /// Reads a property or a part of a geometry.
    Accessor,
    /// Tells how two geometries lie to each other.
    Predicate,
    /// Measures lengths, areas, distances and angles.
    Measurement,
    /// Makes a new geometry of one geometry.
    Processing,
    /// Finds positions along lines, by fraction of their length or by measure.
    LinearReferencing,
    /// Combines the point sets of geometries.
    Overlay,
    /// Reads, sets and changes reference systems.
    ReferenceSystem,
    /// Makes one value of many rows.
    Aggregate,
    /// Makes rows of one geometry or of numbers.
    SetReturning,
    /// Looks at all rows of a partition to say something about each.
    Clustering,
    /// Works with cells of the H3 grid.
    H3,
}

impl Category {
    /// Every category, in the order pages are listed.
    pub const ALL: [Self; 13] = [
        Self::Constructor,
        Self::Output,
        Self::Accessor,
        Self::Predicate,
        Self::Measurement,
        Self::Processing,
        Self::LinearReferencing,
        Self::Overlay,
        Self::ReferenceSystem,
        Self::Aggregate,
        Self::SetReturning,
        Self::Clustering,
        Self::H3,
    ];

    /// Returns the name used for folders and in `SHOW FUNCTIONS`: `measurement`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constructor => "constructor",
            Self::Output => "output",
            Self::Accessor => "accessor",
            Self::Predicate => "predicate",
            Self::Measurement => "measurement",
            Self::Processing => "processing",
            Self::LinearReferencing => "linear_referencing",
            Self::Overlay => "overlay",
            Self::ReferenceSystem => "reference_system",
            Self::Aggregate => "aggregate",
            Self::SetReturning => "set_returning",
            Self::Clustering => "clustering",
            Self::H3 => "h3",
        }
    }

    /// Returns the heading of the category's page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Constructor => "Constructors",
            Self::Output => "Output",
            Self::Accessor => "Accessors",
            Self::Predicate => "Predicates",
            Self::Measurement => "Measurement",
            Self::Processing => "Processing",
            Self::LinearReferencing => "Linear referencing",
            Self::Overlay => "Overlay",
            Self::ReferenceSystem => "Reference systems",
            Self::Aggregate => "Aggregates",
            Self::SetReturning => "Set-returning functions",
            Self::Clustering => "Clusters and coverages",
            Self::H3 => "H3 cells",
        }
    }
}
