//! Which overload a call means, by the types of its arguments.

use arrow::datatypes::DataType;

use crate::arguments::is_text;
use crate::function::{Argument, Function, Overload, Type};

/// Returns the overload that fits the types with the fewest conversions, and the types it wants.
pub(crate) fn resolve(
    function: &'static Function,
    types: &[DataType],
) -> Option<(&'static Overload, Vec<DataType>)> {
    let mut best: Option<(u32, &'static Overload, Vec<DataType>)> = None;
    for overload in function.overloads {
        let Some((cost, wanted)) = fit(overload, types) else {
            continue;
        };
        if best.as_ref().is_none_or(|(best_cost, ..)| cost < *best_cost) {
            best = Some((cost, overload, wanted));
        }
    }
    best.map(|(_, overload, wanted)| (overload, wanted))
}

/// Returns how a call is written: `st_dwithin(a geometry, b geometry, distance double)`.
pub(crate) fn describe(name: &str, overload: &Overload) -> String {
    let mut arguments = Vec::with_capacity(overload.arguments.len());
    for argument in overload.arguments {
        let text = format!("{} {}", argument.name, argument.kind.sql_name());
        arguments.push(if argument.optional { format!("[{text}]") } else { text });
    }
    format!("{name}({})", arguments.join(", "))
}

/// Returns the cost of bringing the types to an overload and the types it wants, if it can.
fn fit(overload: &'static Overload, types: &[DataType]) -> Option<(u32, Vec<DataType>)> {
    if types.len() < overload.required_count() || types.len() > overload.arguments.len() {
        return None;
    }
    let mut total = 0;
    let mut wanted = Vec::with_capacity(types.len());
    for (argument, given) in overload.arguments.iter().zip(types) {
        let (cost, data_type) = convert(argument, given)?;
        total += cost;
        wanted.push(data_type);
    }
    Some((total, wanted))
}

/// Returns the cost of bringing a type to an argument and the type it is brought to.
fn convert(argument: &Argument, given: &DataType) -> Option<(u32, DataType)> {
    if let DataType::Dictionary(_, values) = given {
        let (cost, wanted) = convert(argument, values)?;
        return Some((cost + 1, wanted));
    }
    match argument.kind {
        Type::Geometry if is_text(given) => Some((4, given.clone())),
        Type::Geometry | Type::Binary => convert_binary(given),
        Type::GeometryList => match given {
            DataType::List(item) => convert_binary(item.data_type()).map(|_| (0, given.clone())),
            DataType::Null => Some((5, DataType::new_list(DataType::Binary, true))),
            _ => None,
        },
        Type::Float64 => convert_number(given, DataType::Float64),
        // A literal keeps its type, because a cast would hide its value from the planner.
        Type::Int64 if argument.literal && given.is_integer() => Some((0, given.clone())),
        Type::Int64 | Type::Text if argument.literal && given.is_null() => Some((1, given.clone())),
        Type::Int64 if given.is_integer() || given.is_null() => {
            Some((u32::from(*given != DataType::Int64), DataType::Int64))
        }
        Type::Text if is_text(given) => Some((0, given.clone())),
        Type::Text if given.is_null() => Some((1, DataType::Utf8)),
        Type::Boolean if *given == DataType::Boolean => Some((0, DataType::Boolean)),
        Type::Boolean if given.is_null() => Some((1, DataType::Boolean)),
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
