//! Which overload a call means, by the types of its arguments.

use arrow::datatypes::{DataType, FieldRef};
use godwit_geometry::{Edges, GeometryType};

use crate::arguments::is_text;
use crate::function::{Argument, Function, Overload, Type};
use crate::functions::geography;

/// Returns the types that the overload wants that fits the types with the fewest conversions.
///
/// A geometry and a geography have the same type, so overloads that differ in that alone want the
/// same of their other arguments.
pub(crate) fn coerce(function: &'static Function, types: &[DataType]) -> Option<Vec<DataType>> {
    let unknown = vec![None; types.len()];
    best(function, types, &unknown).map(|(_, wanted)| wanted)
}

/// Returns the overload that fits the fields with the fewest conversions.
///
/// A geometry may stand for a geography, but a geography only for a geometry whose edges do not
/// matter.
pub(crate) fn resolve(
    function: &'static Function,
    fields: &[FieldRef],
) -> Option<&'static Overload> {
    let types: Vec<DataType> = fields.iter().map(|field| field.data_type().clone()).collect();
    let edges: Vec<Option<Edges>> = fields.iter().map(edges_of).collect();
    best(function, &types, &edges).map(|(overload, _)| overload)
}

/// Returns how the lines of an argument run, if its field says that it holds geometries.
pub(crate) fn edges_of(field: &FieldRef) -> Option<Edges> {
    GeometryType::edges_of(field)
}

fn best(
    function: &'static Function,
    types: &[DataType],
    edges: &[Option<Edges>],
) -> Option<(&'static Overload, Vec<DataType>)> {
    let mut best: Option<(u32, &'static Overload, Vec<DataType>)> = None;
    let edges_matter = geography::edges_matter(function);
    for overload in function.all_overloads() {
        let Some((mut cost, wanted)) = fit(overload.arguments, types) else {
            continue;
        };
        let mut is_refused = false;
        for (argument, edges) in overload.arguments.iter().zip(edges) {
            match (argument.kind, edges) {
                (Type::Geometry, Some(Edges::Spherical)) if edges_matter => is_refused = true,
                (Type::Geometry, Some(Edges::Spherical)) => cost += 1,
                (Type::Geography, Some(Edges::Planar)) => cost += 3,
                _ => {}
            }
        }
        if !is_refused && best.as_ref().is_none_or(|(best_cost, ..)| cost < *best_cost) {
            best = Some((cost, overload, wanted));
        }
    }
    best.map(|(_, overload, wanted)| (overload, wanted))
}

/// Returns the names SQL readers know the types of the arguments by.
pub(crate) fn type_names(fields: &[FieldRef]) -> String {
    let names = fields.iter().map(|field| match edges_of(field) {
        Some(Edges::Spherical) => "geography".to_owned(),
        Some(Edges::Planar) => "geometry".to_owned(),
        None => type_name(field.data_type()),
    });
    names.collect::<Vec<_>>().join(", ")
}

fn type_name(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Null => "unknown",
        DataType::Boolean => "boolean",
        DataType::Int8 | DataType::Int16 | DataType::UInt8 => "smallint",
        DataType::Int32 | DataType::UInt16 => "integer",
        DataType::Int64 | DataType::UInt32 | DataType::UInt64 => "bigint",
        DataType::Float16 | DataType::Float32 => "real",
        DataType::Float64 => "double",
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => "numeric",
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Time32(_) | DataType::Time64(_) => "time",
        DataType::Timestamp(_, None) => "timestamp",
        DataType::Timestamp(_, Some(_)) => "timestamp with time zone",
        DataType::Interval(_) | DataType::Duration(_) => "interval",
        DataType::Struct(_) => "record",
        DataType::Dictionary(_, values) => return type_name(values),
        other if other.is_binary() => "binary",
        other => match item_type(other) {
            Some(item) => return format!("{}[]", type_name(item)),
            None => return other.to_string(),
        },
    };
    name.to_owned()
}

/// Returns how a call is written: `st_dwithin(a geometry, b geometry, distance double)`.
pub(crate) fn describe(name: &str, overload: &Overload) -> String {
    signature(name, overload.arguments)
}

/// Returns how a call with some arguments is written.
pub(crate) fn signature(name: &str, arguments: &[Argument]) -> String {
    let mut texts = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let text = format!("{} {}", argument.name, argument.kind.sql_name());
        texts.push(if argument.optional { format!("[{text}]") } else { text });
    }
    format!("{name}({})", texts.join(", "))
}

/// Returns the cost of bringing types to arguments and the types wanted, if it can be done.
pub(crate) fn fit(arguments: &[Argument], types: &[DataType]) -> Option<(u32, Vec<DataType>)> {
    let required = arguments.iter().filter(|argument| !argument.optional).count();
    if types.len() < required || types.len() > arguments.len() {
        return None;
    }
    let mut total = 0;
    let mut wanted = Vec::with_capacity(types.len());
    for (argument, given) in arguments.iter().zip(types) {
        let (cost, data_type) = convert(argument, given)?;
        total += cost;
        wanted.push(data_type);
    }
    Some((total, wanted))
}

/// Returns the cost of bringing a type to an argument and the type it is brought to.
fn convert(argument: &Argument, given: &DataType) -> Option<(u32, DataType)> {
    if let DataType::Dictionary(_, values) = given
        && argument.kind != Type::Any
    {
        let (cost, wanted) = convert(argument, values)?;
        return Some((cost + 1, wanted));
    }
    match argument.kind {
        Type::Geometry if is_text(given) => Some((4, given.clone())),
        Type::Geography if is_text(given) => Some((6, given.clone())),
        Type::Geography => convert_binary(given).map(|(cost, wanted)| (cost + 1, wanted)),
        Type::Geometry | Type::Binary => convert_binary(given),
        Type::GeometryList => match given {
            DataType::List(item) if is_text(item.data_type()) => Some((4, given.clone())),
            DataType::List(item) => convert_binary(item.data_type()).map(|_| (0, given.clone())),
            DataType::Null => Some((5, DataType::new_list(DataType::Binary, true))),
            _ => None,
        },
        Type::Int64List => match item_type(given)? {
            item if item.is_integer() || item.is_null() => Some((
                u32::from(*item != DataType::Int64),
                DataType::new_list(DataType::Int64, true),
            )),
            _ => None,
        },
        Type::TextList => match item_type(given)? {
            item if is_text(item) => Some((0, DataType::new_list(item.clone(), true))),
            item if item.is_null() => Some((2, DataType::new_list(DataType::Utf8, true))),
            _ => None,
        },
        Type::Float64 => convert_number(given, DataType::Float64),
        // A literal keeps its type, because a cast would hide its value from the planner.
        Type::Int64 if argument.literal && given.is_integer() => Some((0, given.clone())),
        Type::Int64 | Type::Text if argument.literal && given.is_null() => Some((1, given.clone())),
        Type::Int64 if given.is_integer() || given.is_null() => {
            Some((u32::from(*given != DataType::Int64), DataType::Int64))
        }
        Type::Any => Some((0, given.clone())),
        Type::Row if matches!(given, DataType::Struct(_)) => Some((0, given.clone())),
        Type::Text if is_text(given) => Some((0, given.clone())),
        Type::Text if given.is_null() => Some((1, DataType::Utf8)),
        Type::Boolean if *given == DataType::Boolean => Some((0, DataType::Boolean)),
        Type::Boolean if given.is_null() => Some((1, DataType::Boolean)),
        // PostGIS users write 't' and 'false'.
        Type::Boolean if is_text(given) => Some((3, DataType::Boolean)),
        _ => None,
    }
}

/// Returns the type of the items of a list; a null may be any list.
fn item_type(given: &DataType) -> Option<&DataType> {
    match given {
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => Some(item.data_type()),
        DataType::Null => Some(given),
        _ => None,
    }
}

fn convert_binary(given: &DataType) -> Option<(u32, DataType)> {
    match given {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Some((0, given.clone())),
        DataType::FixedSizeBinary(_) | DataType::Null => Some((1, DataType::Binary)),
        _ => None,
    }
}

fn convert_number(given: &DataType, wanted: DataType) -> Option<(u32, DataType)> {
    if *given == wanted {
        return Some((0, wanted));
    }
    let cost = match given {
        _ if given.is_integer() => 2,
        _ if given.is_numeric() || given.is_null() => 1,
        _ => return None,
    };
    Some((cost, wanted))
}
