//! A [`Function`] as the query engine wants it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListArray, new_null_array};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::logical_expr::simplify::{ExprSimplifyResult, SimplifyContext};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use godwit_geometry::{Crs, Edges, GeometryError, GeometryType, WkbColumn, curve};

use crate::arguments::{Arguments, is_text, normalise};
use crate::function::{Argument, Evaluated, Function, Kinds, Nulls, Overload, Type};
use crate::functions::geography;
use crate::interruption::Interruption;
use crate::literal::read_geometry_text;
use crate::overload::{coerce, describe, resolve, type_names};
use crate::plan::{Planned, must_be_literal, return_field};
use crate::reference::{self, FunctionKind};
use crate::relabel::relabel;
use crate::result::as_box_of;

/// A scalar function of the catalogue; stateless, and found by name.
#[derive(Clone)]
pub(crate) struct Scalar {
    function: &'static Function,
    /// The overload that every planned call means, when there is no other.
    only: Option<&'static Overload>,
    name: String,
    aliases: Vec<String>,
    signature: Signature,
    documentation: Documentation,
}

impl Scalar {
    /// Returns the engine's object for a function.
    pub(crate) fn new(function: &'static Function) -> Self {
        let mut overloads = function.all_overloads();
        let only = overloads.next().filter(|_| overloads.next().is_none());
        Self {
            function,
            only,
            name: function.name(),
            aliases: function.aliases.iter().map(|alias| alias.to_ascii_lowercase()).collect(),
            signature: signature(function),
            documentation: reference::documentation(&reference::info(
                function,
                FunctionKind::Scalar,
            )),
        }
    }

    /// Returns a text literal in a geometry position as the geometry it spells.
    fn geometry_literal(&self, index: usize, kind: Type, argument: Expr) -> Result<(Expr, bool)> {
        let Expr::Literal(value, _) = &argument else {
            return Ok((argument, false));
        };
        let text = match value.try_as_str() {
            Some(Some(text)) if kind.is_spatial() => text,
            _ => return Ok((argument, false)),
        };
        let (wkb, crs) = read_geometry_text(text).map_err(external)?;
        let name = format!("{}_{index}", self.name);
        let field = match kind {
            Type::Geography => {
                let crs = crs.or_else(|| Some(Crs::wgs84()));
                GeometryType { crs, edges: Edges::Spherical }.field(&name, false)
            }
            _ => GeometryType::new(crs).field(&name, false),
        };
        Ok((Expr::Literal(ScalarValue::Binary(Some(wkb)), Some((&field).into())), true))
    }
}

impl ScalarUDFImpl for Scalar {
    fn name(&self) -> &str {
        &self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        plan_err!("{} has no type for {types:?} alone", self.name)
    }

    /// Returns the types of the best overload. A call that fits none keeps its types, because the
    /// error is better told by `return_field_from_args`, which keeps it whole.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(coerce(self.function, types).unwrap_or_else(|| types.to_vec()))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(overload) = resolve(self.function, args.arg_fields) else {
            return Err(no_match(self.function, args.arg_fields));
        };
        let planned = Planned {
            function: &self.name,
            fields: args.arg_fields,
            literals: args.scalar_arguments,
        };
        let field = return_field(overload, &planned).map_err(external)?;
        Ok(Arc::new(as_box_of(&self.name, args.arg_fields, field)))
    }

    fn is_strict(&self) -> bool {
        self.function.nulls == Nulls::Strict
    }

    fn simplify(&self, args: Vec<Expr>, _context: &SimplifyContext) -> Result<ExprSimplifyResult> {
        let Some(overload) = overload_with_text(self.function, &args) else {
            return Ok(ExprSimplifyResult::Original(args));
        };
        let mut rewritten = Vec::with_capacity(args.len());
        let mut changed = false;
        for (index, (argument, kind)) in args.into_iter().zip(overload).enumerate() {
            let (argument, is_new) = self.geometry_literal(index, kind, argument)?;
            changed |= is_new;
            rewritten.push(argument);
        }
        if !changed {
            return Ok(ExprSimplifyResult::Original(rewritten));
        }
        let function = ScalarUDF::new_from_impl(self.clone());
        Ok(ExprSimplifyResult::Simplified(function.call(rewritten)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let return_type = args.return_field.data_type();
        let is_null = |value: &ColumnarValue| matches!(value, ColumnarValue::Scalar(scalar) if scalar.is_null());
        if self.is_strict() && args.args.iter().any(is_null) {
            let null = new_null_array(return_type, 1);
            return constant_of(&null).map(ColumnarValue::Scalar);
        }
        let Some(overload) = self.only.or_else(|| resolve(self.function, &args.arg_fields)) else {
            return Err(no_match(self.function, &args.arg_fields));
        };
        let constant: Vec<bool> =
            args.args.iter().map(|value| matches!(value, ColumnarValue::Scalar(_))).collect();
        let all_constant = constant.iter().all(|constant| *constant);
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(constant.len());
        let mut fields = args.arg_fields;
        for (index, (value, argument)) in args.args.iter().zip(overload.arguments).enumerate() {
            let array = match value {
                ColumnarValue::Array(_) if argument.literal => {
                    let message = must_be_literal(&self.name, argument.name);
                    return Err(external(GeometryError::InvalidArgument { reason: message }));
                }
                ColumnarValue::Array(array) => Arc::clone(array),
                ColumnarValue::Scalar(scalar) => {
                    if let (true, Some(Some(text))) =
                        (argument.kind.is_spatial(), scalar.try_as_str())
                    {
                        set_crs_of_text(&mut fields, index, text)?;
                    }
                    scalar.to_array()?
                }
            };
            arrays.push(normalise(array, argument.kind).map_err(external)?);
        }
        let arguments = Arguments {
            function: &self.name,
            arrays: &arrays,
            constant: &constant,
            fields: &fields,
            result: &args.return_field,
            row_count: if all_constant { 1 } else { args.number_rows },
            kinds: known_kinds(self.function, overload),
        };
        let computed = || evaluate(overload, &arguments).map_err(external);
        let mut result = match args.config_options.extensions.get::<Interruption>() {
            Some(interruption) => interruption.guard(computed)?,
            None => computed()?,
        };
        if result.data_type() != return_type {
            result = relabel(&result, return_type)?;
        }
        if all_constant {
            return constant_of(&result).map(ColumnarValue::Scalar);
        }
        Ok(ColumnarValue::Array(result))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}

/// Returns the kinds of geometry that a function knows: on the earth nothing has arcs.
fn known_kinds(function: &Function, overload: &Overload) -> Kinds {
    let is_geodetic = overload.arguments.iter().any(|argument| argument.kind == Type::Geography);
    if is_geodetic { Kinds::Basic } else { function.kinds }
}

/// Returns what an overload answers for a batch of rows.
///
/// Kinds that the function does not know are rare, so that all rows are brought to basic kinds only
/// when one of them comes.
pub(crate) fn evaluate(overload: &Overload, arguments: &Arguments<'_>) -> Evaluated {
    match (overload.evaluate)(arguments) {
        Err(GeometryError::NotBasic { .. }) => {
            let arrays = basic_arrays(arguments.arrays, overload)?;
            (overload.evaluate)(&Arguments { arrays: &arrays, ..*arguments })
        }
        result => result,
    }
}

/// Returns the arguments with planar geometries brought to basic kinds.
fn basic_arrays(arrays: &[ArrayRef], overload: &Overload) -> Result<Vec<ArrayRef>, GeometryError> {
    let basic = |(array, argument): (&ArrayRef, &Argument)| match argument.kind {
        Type::Geometry => match WkbColumn::try_new(array.as_ref()) {
            Some(column) => curve::to_basic_column(column),
            None => Ok(Arc::clone(array)),
        },
        Type::GeometryList => basic_lists(array),
        _ => Ok(Arc::clone(array)),
    };
    arrays.iter().zip(overload.arguments).map(basic).collect()
}

/// Returns lists with their geometries brought to basic kinds.
fn basic_lists(array: &ArrayRef) -> Result<ArrayRef, GeometryError> {
    let Some(lists) = array.as_list_opt::<i32>() else { return Ok(Arc::clone(array)) };
    let Some(items) = WkbColumn::try_new(lists.values().as_ref()) else {
        return Ok(Arc::clone(array));
    };
    let items = curve::to_basic_column(items)?;
    let field = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
    let lists = ListArray::try_new(field, offsets, items, nulls)
        .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
    Ok(Arc::new(lists))
}

/// Returns the error of a call that fits no overload.
pub(crate) fn no_match(function: &Function, fields: &[FieldRef]) -> DataFusionError {
    let overloads = function.all_overloads();
    let candidates: Vec<String> =
        overloads.map(|overload| describe(function.title, overload)).collect();
    DataFusionError::Plan(format!(
        "No function matches {}({}). Candidate functions: {}",
        function.name(),
        type_names(fields),
        candidates.join(", ")
    ))
}

/// Returns the one value of a column; a list keeps what its type says of its elements.
fn constant_of(column: &ArrayRef) -> Result<ScalarValue> {
    match column.as_list_opt::<i32>() {
        Some(list) => Ok(ScalarValue::List(Arc::new(list.clone()))),
        None => ScalarValue::try_from_array(column, 0),
    }
}

/// Puts the reference system of a geometry written as text into the field of its argument.
fn set_crs_of_text(fields: &mut [FieldRef], index: usize, text: &str) -> Result<()> {
    let (_, crs) = read_geometry_text(text).map_err(external)?;
    if let Some(field) = fields.get_mut(index) {
        *field = Arc::new(GeometryType::new(crs).field(field.name(), true));
    }
    Ok(())
}

/// Returns the kinds of the arguments of the call, if one of them is a text literal.
fn overload_with_text(function: &'static Function, args: &[Expr]) -> Option<Vec<Type>> {
    let is_text_literal =
        |arg: &Expr| matches!(arg, Expr::Literal(value, _) if is_text(&value.data_type()));
    if !args.iter().any(is_text_literal) {
        return None;
    }
    // Overloads of one function that take as many arguments agree on which of them are geometries
    // or read text themselves, except where noted in `functions/mod.rs` and tested there.
    let overload = function.all_overloads().find(|overload| {
        args.len() >= overload.required_count()
            && args.len() <= overload.arguments.len()
            && overload.arguments.iter().zip(args).all(|(argument, arg)| {
                !is_text_literal(arg) || argument.kind.is_spatial() || argument.kind == Type::Text
            })
    })?;
    Some(overload.arguments.iter().map(|argument| argument.kind).collect())
}

/// Returns the engine's signature of a function, with the names of its arguments.
pub(crate) fn signature(function: &Function) -> Signature {
    let signature = Signature::user_defined(Volatility::Immutable);
    let longest = function.overloads.iter().rev().max_by_key(|overload| overload.arguments.len());
    let mut names = longest.map(names_of).unwrap_or_default();
    // Geographies may have more arguments, but not under the place of others.
    for overload in geography::overloads(function.title) {
        let more = names_of(overload);
        if more.starts_with(&names) {
            names = more;
        }
    }
    signature.clone().with_parameter_names(names).unwrap_or(signature)
}

fn names_of(overload: &Overload) -> Vec<&'static str> {
    overload.arguments.iter().map(|argument| argument.name).collect()
}

/// Returns a geometry error in the envelope that the engine carries unopened.
pub(crate) fn external(error: GeometryError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

impl std::fmt::Debug for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Scalar").field(&self.name).finish()
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
