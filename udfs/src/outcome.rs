//! What a row function may answer: a value, maybe a value, or an error.

use godwit_geometry::GeometryError;

/// An answer for one row that becomes a value, a null or an error.
pub(crate) trait Outcome<T> {
    /// Returns the answer in its most general form.
    fn into_outcome(self) -> Result<Option<T>, GeometryError>;
}

impl<T> Outcome<T> for T {
    #[inline]
    fn into_outcome(self) -> Result<Option<T>, GeometryError> {
        Ok(Some(self))
    }
}

impl<T> Outcome<T> for Option<T> {
    #[inline]
    fn into_outcome(self) -> Result<Option<T>, GeometryError> {
        Ok(self)
    }
}

impl<T> Outcome<T> for Result<T, GeometryError> {
    #[inline]
    fn into_outcome(self) -> Result<Option<T>, GeometryError> {
        self.map(Some)
    }
}

impl<T> Outcome<T> for Result<Option<T>, GeometryError> {
    #[inline]
    fn into_outcome(self) -> Result<Option<T>, GeometryError> {
        self
    }
}
