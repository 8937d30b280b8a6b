//! `json_to_recordset(x) AS t(id int, name text)` and its kin: members of objects as the columns that
//! the alias lists with their types.

use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, Ident,
    TableAlias, TableAliasColumnDef,
};
use sqlparser::tokenizer::Span;

use super::calls;
use crate::error::{Code, Error};
use crate::functions::{JSON_ITEMS, json_cast};
use crate::sql::made;
use crate::sql::rewrite::functions::call;

/// The functions, whether they take a list of objects, and whether they take `jsonb`.
const FUNCTIONS: [(&str, bool, bool); 4] = [
    ("json_to_record", false, false),
    ("json_to_recordset", true, false),
    ("jsonb_to_record", false, true),
    ("jsonb_to_recordset", true, true),
];

/// Returns the columns of a call of one of these functions; nothing for other calls.
pub(super) fn columns(
    function: &str,
    arguments: &[FunctionArg],
    alias: Option<&TableAlias>,
) -> Result<Option<Vec<(Expr, Ident)>>, Error> {
    let known = FUNCTIONS.iter().find(|(name, ..)| *name == function);
    let (Some((_, is_list, is_binary)), [FunctionArg::Unnamed(FunctionArgExpr::Expr(json))]) =
        (known, arguments)
    else {
        return Ok(None);
    };
    let json = call(json_cast(*is_binary, false), vec![json.clone()], Span::empty());
    let object = if *is_list {
        calls::unnest(call("jsonb_array_elements", vec![json], Span::empty()))
    } else {
        json
    };
    let listed = alias.map(|alias| alias.columns.as_slice()).unwrap_or_default();
    let columns = listed.iter().map(|column| member(&object, column));
    match columns.collect::<Option<Vec<_>>>() {
        Some(columns) if !columns.is_empty() => Ok(Some(columns)),
        _ => {
            let message = format!("the columns of {function} need names and types");
            Err(Error::new(Code::SyntaxError, message)
                .with_hint(format!("Type for example {function}(x) AS t(id int, name text).")))
        }
    }
}

/// Returns a member of an object as a column of its type, if it says one.
fn member(object: &Expr, column: &TableAliasColumnDef) -> Option<(Expr, Ident)> {
    let data_type = column.data_type.clone()?;
    let name = &column.name;
    let key =
        if name.quote_style.is_some() { name.value.clone() } else { name.value.to_lowercase() };
    let is_json = matches!(data_type, DataType::JSON | DataType::JSONB);
    let part = Expr::Nested(Box::new(Expr::BinaryOp {
        left: Box::new(object.clone()),
        op: if is_json { BinaryOperator::Arrow } else { BinaryOperator::LongArrow },
        right: Box::new(made::text(key)),
    }));
    if is_json {
        return Some((part, name.clone()));
    }
    let value =
        if is_array(&data_type) { call(JSON_ITEMS, vec![part], Span::empty()) } else { part };
    Some((made::cast(value, data_type), name.clone()))
}

/// Returns whether a type is that of an array of single values.
fn is_array(data_type: &DataType) -> bool {
    let DataType::Array(
        ArrayElemTypeDef::SquareBracket(item, _)
        | ArrayElemTypeDef::AngleBracket(item)
        | ArrayElemTypeDef::Parenthesis(item),
    ) = data_type
    else {
        return false;
    };
    !matches!(item.as_ref(), DataType::Array(_) | DataType::JSON | DataType::JSONB)
}
