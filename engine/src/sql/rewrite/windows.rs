//! Windows that are made of named ones: `OVER (w ORDER BY x)` with `WINDOW w AS (PARTITION BY k)`.
//! The engine below knows a name alone, and takes `(w)` for a window of all rows.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Ident, NamedWindowDefinition, NamedWindowExpr, Query, Select, SelectItem, VisitMut as _,
    VisitorMut, WindowSpec, WindowType,
};

use super::{outcome, outside, position};
use crate::error::{Code, Error};

/// Completes every window of every select list.
pub(crate) fn rewrite(query: &mut Query) -> Result<(), Error> {
    outcome(query.visit(&mut Selects))
}

struct Selects;

impl VisitorMut for Selects {
    type Break = Error;

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Error> {
        match complete(select) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    }
}

fn complete(select: &mut Select) -> Result<(), Error> {
    let mut known: Vec<(Ident, WindowSpec)> = Vec::with_capacity(select.named_window.len());
    for NamedWindowDefinition(name, definition) in &mut select.named_window {
        let spec = match definition {
            NamedWindowExpr::NamedWindow(base) => find(&known, base)?.clone(),
            NamedWindowExpr::WindowSpec(spec) => {
                extend(spec, &known)?;
                spec.clone()
            }
        };
        *definition = NamedWindowExpr::WindowSpec(spec.clone());
        known.push((name.clone(), spec));
    }
    let extended = |expr: &mut Expr| {
        if let Expr::Function(function) = expr
            && let Some(WindowType::WindowSpec(spec)) = &mut function.over
            && let Err(error) = extend(spec, &known)
        {
            return ControlFlow::Break(error);
        }
        ControlFlow::Continue(())
    };
    for item in &mut select.projection {
        if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item {
            outcome(outside::change(expr, &extended))?;
        }
    }
    Ok(())
}

/// Puts what a window takes from a named one into it.
fn extend(spec: &mut WindowSpec, known: &[(Ident, WindowSpec)]) -> Result<(), Error> {
    let Some(name) = spec.window_name.take() else { return Ok(()) };
    let base = find(known, &name)?;
    let refused = |what: &str| {
        let message = format!("cannot override {what} of window \"{}\"", name.value);
        Err(Error::new(Code::SyntaxError, message)
            .with_hint("A window that begins with a name may add an order and a frame."))
    };
    if !spec.partition_by.is_empty() {
        return refused("PARTITION BY");
    }
    if !spec.order_by.is_empty() && !base.order_by.is_empty() {
        return refused("ORDER BY");
    }
    if base.window_frame.is_some() {
        return refused("the frame");
    }
    spec.partition_by.clone_from(&base.partition_by);
    if spec.order_by.is_empty() {
        spec.order_by.clone_from(&base.order_by);
    }
    Ok(())
}

fn find<'a>(known: &'a [(Ident, WindowSpec)], name: &Ident) -> Result<&'a WindowSpec, Error> {
    let found = known.iter().find(|(known, _)| known.value.eq_ignore_ascii_case(&name.value));
    found.map(|(_, spec)| spec).ok_or_else(|| {
        let message = format!("window \"{}\" does not exist", name.value);
        let error = Error::new(Code::UndefinedObject, message)
            .with_hint("Name it behind the conditions: WINDOW w AS (PARTITION BY ...).");
        match position(name.span) {
            Some(position) => error.with_position(position),
            None => error,
        }
    })
}
