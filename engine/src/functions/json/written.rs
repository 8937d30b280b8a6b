//! The JSON of what was collected: an array of values, or an object of names and values.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, ListArray, StringViewBuilder};
use arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::common::{Result, internal_err};
use godwit_udfs::{JsonColumn, to_jsonb};

use super::name::no_name;
use crate::error::external;

/// Writes lists of values, or of records of a name and a value.
#[derive(Debug)]
pub(super) struct Writer {
    item: FieldRef,
    is_object: bool,
    is_binary: bool,
}

impl Writer {
    /// Returns a writer of items that are of this field as it was planned.
    pub(super) fn new(item: FieldRef, is_object: bool, is_binary: bool) -> Self {
        Self { item, is_object, is_binary }
    }

    /// Returns the fields of the name and the value, where items have both.
    pub(super) fn members(&self) -> Option<&Fields> {
        match self.item.data_type() {
            DataType::Struct(members) if self.is_object => Some(members),
            _ => None,
        }
    }

    /// Returns a text for each list.
    pub(super) fn texts(&self, lists: &ArrayRef) -> Result<ArrayRef> {
        let Some(lists) = lists.as_list_opt::<i32>() else {
            return internal_err!("a list is expected, not {}", lists.data_type());
        };
        match self.members() {
            Some(members) => self.objects(lists, members),
            None => self.arrays(lists),
        }
    }

    fn arrays(&self, lists: &ListArray) -> Result<ArrayRef> {
        let values = lists.values();
        let column = JsonColumn::try_new(&self.item, values.as_ref()).map_err(external)?;
        let separator = if column.is_composite() { ", \n " } else { ", " };
        self.each(lists, "[", "]", separator, |item, text| {
            column.write(item, text).map_err(external)
        })
    }

    fn objects(&self, lists: &ListArray, members: &Fields) -> Result<ArrayRef> {
        let items = lists.values().as_struct_opt().map(|items| (items.columns(), members.as_ref()));
        let Some(([names, values], [name, value])) = items else {
            return internal_err!("names and values are expected");
        };
        let names = JsonColumn::try_new(name, names.as_ref()).map_err(external)?;
        let values = JsonColumn::try_new(value, values.as_ref()).map_err(external)?;
        self.each(lists, "{ ", " }", ", ", |item, text| {
            if names.is_null(item) {
                return Err(no_name());
            }
            names.write_name(item, text).map_err(external)?;
            text.push_str(" : ");
            values.write(item, text).map_err(external)
        })
    }

    /// Writes the items of each list between these words.
    fn each(
        &self,
        lists: &ListArray,
        start: &str,
        end: &str,
        separator: &str,
        write: impl Fn(usize, &mut String) -> Result<()>,
    ) -> Result<ArrayRef> {
        let mut texts = StringViewBuilder::with_capacity(lists.len());
        let offsets = lists.value_offsets();
        for (row, (first, behind)) in offsets.iter().zip(offsets.iter().skip(1)).enumerate() {
            if lists.is_null(row) {
                texts.append_null();
                continue;
            }
            let (first, behind) = (
                usize::try_from(*first).unwrap_or_default(),
                usize::try_from(*behind).unwrap_or_default(),
            );
            let mut text = start.to_owned();
            for item in first..behind {
                text.push_str(if item > first { separator } else { "" });
                write(item, &mut text)?;
            }
            text.push_str(end);
            if self.is_binary {
                text = to_jsonb(&text).map_err(external)?;
            }
            texts.try_append_value(text)?;
        }
        Ok(Arc::new(texts.finish()))
    }
}
