//! The few functions that belong to a session or to the engine's own rewrites.

mod geometry_cast;
mod hilbert;
mod identity;
mod session;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use geometry_cast::{GeometryCast, geometry_from_text};
pub(crate) use hilbert::HilbertKey;
pub(crate) use identity::Identity;

/// Returns the functions to register beside those of `udfs`.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let mut functions = session::all();
    functions.push(Arc::new(ScalarUDF::from(GeometryCast::new())));
    functions.push(Arc::new(ScalarUDF::from(HilbertKey::new())));
    functions
}
