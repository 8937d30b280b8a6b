//! What is at the end of a path through a JSON text: put there, or removed.

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;
use godwit_udfs::JsonTree as Tree;

use super::super::plain::{Compute, Plain, takes};
use super::change::{each, index, refused};
use super::part::Step;
use super::steps;
use crate::error::external;

/// The function that `json #- path` is.
pub(crate) const JSON_DELETE_PATH: &str = "jsonb_delete_path";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    const TEXT: DataType = DataType::Utf8;
    let function = |name, types, compute: Compute| {
        ScalarUDF::from(Plain::new(name, types, DataType::Utf8View, compute).json())
    };
    let set = vec![takes(&[TEXT, TEXT, TEXT]), takes(&[TEXT, TEXT, TEXT, DataType::Boolean])];
    let path = vec![takes(&[TEXT, TEXT]), takes(&[TEXT, DataType::new_list(TEXT, true)])];
    vec![
        function("jsonb_set", set.clone(), |columns| set_parts(columns, Put::Replace)),
        function("jsonb_insert", set, |columns| set_parts(columns, Put::Insert)),
        function(JSON_DELETE_PATH, path, delete_paths),
    ]
}

/// What happens to the value that is put where a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Put {
    /// It takes the place of another one, or is added where the flag says so.
    Replace,
    /// It is added before the element there, or behind it where the flag says so.
    Insert,
}

fn set_parts(columns: &[ArrayRef], put: Put) -> Result<ArrayRef> {
    let [_, paths, values, flags @ ..] = columns else {
        return exec_err!("a JSON text, a path and a value are expected");
    };
    let (paths, values) = (paths.as_string::<i32>(), values.as_string::<i32>());
    let flags = flags.first().and_then(|flags| flags.as_boolean_opt());
    each(columns, |row, tree, text| {
        let path = path_of(paths.value(row))?;
        // Of one lifetime with the value.
        let mut tree = tree;
        let value = Tree::parse(values.value(row)).map_err(external)?;
        let flag = flags.map_or(put == Put::Replace, |flags| flags.value(row));
        if !path.is_empty() && matches!(tree, Tree::Word(_) | Tree::Text(_)) {
            return Err(refused("cannot set path in scalar".to_owned(), "Take an object."));
        }
        set(&mut tree, &path, value, put, flag)?;
        tree.write_binary(text).map_err(external)
    })
}

fn path_of(text: &str) -> Result<Vec<Step<'static>>> {
    steps::of_array(text).ok_or_else(|| {
        refused(
            format!("\"{text}\" is not a path into JSON"),
            "Type a path such as '{properties,name,0}'.",
        )
    })
}

/// Puts a value where a path leads to.
fn set<'a>(
    tree: &mut Tree<'a>,
    path: &[Step<'a>],
    value: Tree<'a>,
    put: Put,
    flag: bool,
) -> Result<()> {
    let Some((Step::Either(step) | Step::Member(step), rest)) = path.split_first() else {
        return Ok(());
    };
    match tree {
        Tree::Object(members) => {
            let found = members.iter_mut().rev().find(|(name, _)| name == step);
            match found {
                Some((_, member)) if !rest.is_empty() => set(member, rest, value, put, flag)?,
                Some(_) if put == Put::Insert => {
                    let message = "cannot replace existing key".to_owned();
                    return Err(refused(message, "Try using the function jsonb_set."));
                }
                Some((_, member)) => *member = value,
                None if rest.is_empty() && (flag || put == Put::Insert) => {
                    members.push((step.clone(), value));
                }
                None => {}
            }
        }
        Tree::Array(elements) => {
            let place = place_of(step)?;
            let index = index(elements.len(), place).filter(|at| *at < elements.len());
            match index {
                Some(index) if !rest.is_empty() => {
                    if let Some(element) = elements.get_mut(index) {
                        set(element, rest, value, put, flag)?;
                    }
                }
                Some(index) if put == Put::Insert => {
                    elements.insert(index + usize::from(flag), value);
                }
                Some(index) => {
                    if let Some(element) = elements.get_mut(index) {
                        *element = value;
                    }
                }
                None if !rest.is_empty() || (put == Put::Replace && !flag) => {}
                None if place < 0 => elements.insert(0, value),
                None => elements.push(value),
            }
        }
        Tree::Word(_) | Tree::Text(_) => {}
    }
    Ok(())
}

/// Returns the number of an element.
fn place_of(step: &str) -> Result<i64> {
    step.trim().parse::<i64>().map_err(|_not_a_number| {
        let message = format!("path element \"{step}\" is not an integer");
        refused(message, "The elements of an array have numbers.")
    })
}

fn delete_paths(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [_, paths] = columns else { return exec_err!("a JSON text and a path are expected") };
    each(columns, |row, mut tree, text| {
        let path = match paths.as_list_opt::<i32>() {
            Some(lists) => {
                let names = lists.value(row);
                let names = names.as_string::<i32>().iter().flatten();
                names.map(|name| Step::Either(name.to_owned().into())).collect()
            }
            None => path_of(paths.as_string::<i32>().value(row))?,
        };
        if !path.is_empty() && matches!(tree, Tree::Word(_) | Tree::Text(_)) {
            return Err(refused(
                "cannot delete path in scalar".to_owned(),
                "Take an object or an array.",
            ));
        }
        delete_path(&mut tree, &path)?;
        tree.write_binary(text).map_err(external)
    })
}

/// Removes what a path leads to.
fn delete_path(tree: &mut Tree<'_>, path: &[Step<'_>]) -> Result<()> {
    let Some((Step::Either(step) | Step::Member(step), rest)) = path.split_first() else {
        return Ok(());
    };
    match tree {
        Tree::Object(members) if rest.is_empty() => members.retain(|(name, _)| name != step),
        Tree::Object(members) => {
            if let Some((_, member)) = members.iter_mut().rev().find(|(name, _)| name == step) {
                delete_path(member, rest)?;
            }
        }
        Tree::Array(elements) => {
            let index = index(elements.len(), place_of(step)?);
            match index.filter(|at| *at < elements.len()) {
                Some(index) if rest.is_empty() => {
                    elements.remove(index);
                }
                Some(index) => {
                    if let Some(element) = elements.get_mut(index) {
                        delete_path(element, rest)?;
                    }
                }
                None => {}
            }
        }
        Tree::Word(_) | Tree::Text(_) => {}
    }
    Ok(())
}
