//! JSON texts made of others: without some parts, put together, with a line for each member.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, StringViewBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::{JsonTree as Tree, write_string};

use super::super::plain::{Compute, Plain, takes};
use crate::error::{Code, Error, external};

/// The function that `json - key` is.
pub(crate) const JSON_DELETE: &str = "jsonb_delete";

/// The function that `json - keys` is, for a list of keys.
pub(crate) const JSON_DELETE_KEYS: &str = "jsonb_delete_keys";

/// The function that `json || json` is.
pub(crate) const JSON_CONCAT: &str = "jsonb_concat";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    const TEXT: DataType = DataType::Utf8;
    let one = || vec![takes(&[TEXT])];
    let function = |name, types, compute: Compute| {
        ScalarUDF::from(Plain::new(name, types, DataType::Utf8View, compute).json())
    };
    let delete = vec![takes(&[TEXT, DataType::Int64]), takes(&[TEXT, TEXT])];
    vec![
        function("json_strip_nulls", one(), |columns| strip(columns, false)),
        function("jsonb_strip_nulls", one(), |columns| strip(columns, true)),
        function(JSON_DELETE, delete, delete_parts),
        function(
            JSON_DELETE_KEYS,
            vec![takes(&[TEXT, DataType::new_list(TEXT, true)])],
            delete_parts,
        ),
        function(JSON_CONCAT, vec![takes(&[TEXT, TEXT])], concat),
        Plain::new("jsonb_pretty", one(), DataType::Utf8View, pretty).into(),
    ]
}

/// Returns a text for each row whose arguments are not null.
pub(super) fn each(
    columns: &[ArrayRef],
    write: impl Fn(usize, Tree<'_>, &mut String) -> Result<()>,
) -> Result<ArrayRef> {
    let [texts, others @ ..] = columns else { return exec_err!("a JSON text is expected") };
    let texts = texts.as_string::<i32>();
    let mut out = StringViewBuilder::with_capacity(texts.len());
    for row in 0..texts.len() {
        if texts.is_null(row) || others.iter().any(|other| other.is_null(row)) {
            out.append_null();
            continue;
        }
        let mut text = String::new();
        write(row, Tree::parse(texts.value(row)).map_err(external)?, &mut text)?;
        out.try_append_value(text)?;
    }
    Ok(Arc::new(out.finish()))
}

fn strip(columns: &[ArrayRef], is_binary: bool) -> Result<ArrayRef> {
    each(columns, |_, mut tree, text| {
        without_nulls(&mut tree);
        if is_binary {
            return tree.write_binary(text).map_err(external);
        }
        tree.write(text);
        Ok(())
    })
}

fn without_nulls(tree: &mut Tree<'_>) {
    match tree {
        Tree::Array(elements) => elements.iter_mut().for_each(without_nulls),
        Tree::Object(members) => {
            members.retain(|(_, member)| !member.is_null());
            for (_, member) in members {
                without_nulls(member);
            }
        }
        Tree::Word(_) | Tree::Text(_) => {}
    }
}

fn pretty(columns: &[ArrayRef]) -> Result<ArrayRef> {
    each(columns, |_, tree, text| {
        // Of several members with a name one is left, in the order of all.
        let mut binary = String::new();
        tree.write_binary(&mut binary).map_err(external)?;
        write_lines(&Tree::parse(&binary).map_err(external)?, 0, text);
        Ok(())
    })
}

fn write_lines(tree: &Tree<'_>, level: usize, out: &mut String) {
    let line = |level: usize, out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', 4 * level));
    };
    match tree {
        Tree::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(level + 1, out);
                write_lines(element, level + 1, out);
            }
            line(level, out);
            out.push(']');
        }
        Tree::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(level + 1, out);
                write_string(name, out);
                out.push_str(": ");
                write_lines(member, level + 1, out);
            }
            line(level, out);
            out.push('}');
        }
        Tree::Word(_) | Tree::Text(_) => tree.write(out),
    }
}

/// Returns the place of an element; those below zero count from the end.
pub(super) fn index(length: usize, place: i64) -> Option<usize> {
    let distance = usize::try_from(place.unsigned_abs()).ok()?;
    if place < 0 { length.checked_sub(distance) } else { Some(distance) }
}

fn delete_parts(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [_, keys] = columns else { return exec_err!("a JSON text and a key are expected") };
    each(columns, |row, mut tree, text| {
        if let Some(places) = keys.as_primitive_opt::<Int64Type>() {
            delete_element(&mut tree, places.value(row))?;
        } else if let Some(keys) = keys.as_string_opt::<i32>() {
            delete_keys(&mut tree, &[keys.value(row)])?;
        } else if let Some(lists) = keys.as_list_opt::<i32>() {
            let keys = lists.value(row);
            let keys: Vec<&str> = keys.as_string::<i32>().iter().flatten().collect();
            delete_keys(&mut tree, &keys)?;
        }
        tree.write_binary(text).map_err(external)
    })
}

fn delete_keys(tree: &mut Tree<'_>, keys: &[&str]) -> Result<()> {
    match tree {
        Tree::Object(members) => members.retain(|(name, _)| !keys.contains(&name.as_ref())),
        Tree::Array(elements) => elements.retain(
            |element| !matches!(element, Tree::Text(text) if keys.contains(&text.as_ref())),
        ),
        Tree::Word(_) | Tree::Text(_) => return Err(no_parts()),
    }
    Ok(())
}

fn delete_element(tree: &mut Tree<'_>, place: i64) -> Result<()> {
    match tree {
        Tree::Array(elements) => {
            if let Some(index) = index(elements.len(), place).filter(|at| *at < elements.len()) {
                elements.remove(index);
            }
            Ok(())
        }
        Tree::Object(_) => Err(refused(
            "cannot delete from object using integer index".to_owned(),
            "Type the name of the member in quotes.",
        )),
        Tree::Word(_) | Tree::Text(_) => Err(no_parts()),
    }
}

fn no_parts() -> DataFusionError {
    refused("cannot delete from scalar".to_owned(), "Take an object or an array.")
}

/// Puts two texts together: objects by their members, all else as the elements of an array.
fn concat(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [_, others] = columns else { return exec_err!("two JSON texts are expected") };
    let others = others.as_string::<i32>();
    each(columns, |row, tree, text| {
        let other = Tree::parse(others.value(row)).map_err(external)?;
        let both = match (tree, other) {
            (Tree::Object(mut members), Tree::Object(more)) => {
                members.extend(more);
                Tree::Object(members)
            }
            (left, right) => {
                let mut elements = elements(left);
                elements.extend(self::elements(right));
                Tree::Array(elements)
            }
        };
        both.write_binary(text).map_err(external)
    })
}

fn elements(tree: Tree<'_>) -> Vec<Tree<'_>> {
    match tree {
        Tree::Array(elements) => elements,
        other => vec![other],
    }
}

/// Returns the error of a change that cannot be made.
pub(super) fn refused(message: String, hint: &str) -> DataFusionError {
    external(Error::new(Code::InvalidParameter, message).with_hint(hint))
}
