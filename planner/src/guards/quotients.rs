//! Quotients of doubles, which fail where the divisor is zero.

use std::sync::Arc;

use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};

/// The name of the function of a quotient.
pub const QUOTIENT: &str = "godwit_quotient";

/// The name of the function of a remainder.
pub const REMAINDER: &str = "godwit_remainder";

/// Returns whether an expression divides doubles by what may be zero.
pub(super) fn is_quotient(expr: &Arc<dyn PhysicalExpr>) -> bool {
    let call = expr.downcast_ref::<ScalarFunctionExpr>();
    call.is_some_and(|call| [QUOTIENT, REMAINDER].contains(&call.fun().name()))
}
