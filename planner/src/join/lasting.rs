//! What stays the same from one query to the next.
//!
//! What is not known to stay is taken for something that changes: the answer of a subquery, what a
//! join tells a scan, a function of the session or of the time.

use std::sync::Arc;

use datafusion::logical_expr::Volatility;
use datafusion::object_store::ObjectMeta;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, CastExpr, Column, InListExpr, IsNotNullExpr, IsNullExpr, LikeExpr,
    Literal, NegativeExpr, NotExpr, TryCastExpr,
};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};

/// Returns whether an expression has the same value for the same row in every query that has an
/// equal one.
///
/// Functions that are equal have the settings of their sessions in common.
pub(super) fn lasts(value: &Arc<dyn PhysicalExpr>) -> bool {
    let is_plain = value.is::<Column>()
        || value.is::<Literal>()
        || value.is::<BinaryExpr>()
        || value.is::<CaseExpr>()
        || value.is::<CastExpr>()
        || value.is::<InListExpr>()
        || value.is::<IsNotNullExpr>()
        || value.is::<IsNullExpr>()
        || value.is::<LikeExpr>()
        || value.is::<NegativeExpr>()
        || value.is::<NotExpr>()
        || value.is::<TryCastExpr>();
    (is_plain || is_immutable(value)) && value.children().into_iter().all(lasts)
}

fn is_immutable(value: &Arc<dyn PhysicalExpr>) -> bool {
    let call = value.downcast_ref::<ScalarFunctionExpr>();
    call.is_some_and(|call| call.fun().signature().volatility == Volatility::Immutable)
}

/// Returns whether a file that changes is another one by what its store says of it.
///
/// A store without a tag and without a time says no more than the size.
pub(super) fn is_known_file(object: &ObjectMeta) -> bool {
    let has_time = object.last_modified.timestamp() > 0;
    has_time || object.e_tag.is_some() || object.version.is_some()
}
