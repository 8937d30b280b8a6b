//! What the values of a column of JSON rows look like, and the type that holds them all.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use indexmap::IndexMap;

use crate::objects::{Cursor, Kinds, Parsed, as_json};

/// Values that nest deeper become JSON text.
const MAX_DEPTH: usize = 64;

/// What the values of a column look like.
#[derive(Debug, Default)]
pub(super) struct Shape {
    scalars: Kinds,
    /// What is in the arrays, if there are any.
    items: Option<Box<Shape>>,
    /// What is in the objects, if there are any.
    members: Option<IndexMap<String, Shape>>,
}

impl Shape {
    /// Takes a value and adds what it looks like.
    pub(super) fn add(&mut self, cursor: &mut Cursor<'_>) -> Parsed<()> {
        self.add_value(cursor, 0)
    }

    fn add_value(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Parsed<()> {
        match cursor.next_byte() {
            Some(b'{' | b'[') if depth > MAX_DEPTH => {
                cursor.value_text()?;
                self.scalars |= Kinds::NESTED;
                Ok(())
            }
            Some(b'{') => self.add_object(cursor, depth),
            Some(b'[') => self.add_array(cursor, depth),
            _ => {
                self.scalars |= Kinds::of_value(cursor)?;
                Ok(())
            }
        }
    }

    fn add_object(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Parsed<()> {
        let members = self.members.get_or_insert_default();
        cursor.advance(1);
        let mut is_open = !cursor.take(b'}');
        while is_open {
            let name = cursor.key()?.to_text()?;
            match members.get_mut(name.as_ref()) {
                Some(member) => member.add_value(cursor, depth + 1)?,
                None => {
                    members.entry(name.into_owned()).or_default().add_value(cursor, depth + 1)?;
                }
            }
            is_open = cursor.more(b'}')?;
        }
        Ok(())
    }

    fn add_array(&mut self, cursor: &mut Cursor<'_>, depth: usize) -> Parsed<()> {
        let items = self.items.get_or_insert_default();
        cursor.advance(1);
        let mut is_open = !cursor.take(b']');
        while is_open {
            items.add_value(cursor, depth + 1)?;
            is_open = cursor.more(b']')?;
        }
        Ok(())
    }

    /// Adds what other values look like.
    pub(super) fn merge(&mut self, other: Self) {
        self.scalars |= other.scalars;
        if let Some(items) = other.items {
            self.items.get_or_insert_default().merge(*items);
        }
        if let Some(others) = other.members {
            let members = self.members.get_or_insert_default();
            for (name, other) in others {
                members.entry(name).or_default().merge(other);
            }
        }
    }

    /// Returns the first of the columns that do not hold the values of rows that look like this.
    pub(super) fn misfit<'f>(&self, columns: &'f Fields) -> Option<&'f Field> {
        let members = self.members.as_ref()?;
        let fits = |column: &&FieldRef| {
            members.get(column.name()).is_none_or(|shape| shape.fits(column.data_type()))
        };
        columns.iter().find(|column| !fits(column)).map(AsRef::as_ref)
    }

    fn fits(&self, data_type: &DataType) -> bool {
        match data_type {
            DataType::List(item) => {
                let items = self.items.as_ref();
                self.members.is_none()
                    && self.has_no_scalars()
                    && items.is_none_or(|items| items.fits(item.data_type()))
            }
            DataType::Struct(members) => {
                self.items.is_none() && self.has_no_scalars() && self.misfit(members).is_none()
            }
            // Everything has a text.
            DataType::Utf8 | DataType::Utf8View => true,
            _ => self.items.is_none() && self.members.is_none() && self.scalars.fit(data_type),
        }
    }

    /// Returns the columns of rows that look like this.
    pub(super) fn schema(&self) -> Schema {
        let members = self.members.iter().flatten();
        Schema::new(members.map(|(name, shape)| shape.column(name)).collect::<Vec<_>>())
    }

    fn column(&self, name: &str) -> Field {
        match self.data_type() {
            DataType::Utf8 if self.is_json() => as_json(Field::new(name, DataType::Utf8View, true)),
            DataType::Utf8 => Field::new(name, DataType::Utf8View, true),
            other => Field::new(name, other, true),
        }
    }

    /// Returns whether there are only objects and arrays.
    fn is_json(&self) -> bool {
        let has_nested = self.items.is_some() || self.members.is_some();
        has_nested && (self.has_no_scalars() || self.scalars.is_nested())
    }

    fn has_no_scalars(&self) -> bool {
        self.scalars == Kinds::default() || self.scalars == Kinds::NULL
    }

    /// Returns the type that holds all values; what has no such is text.
    fn data_type(&self) -> DataType {
        let scalar = || match self.scalars.data_type() {
            DataType::Utf8View => DataType::Utf8,
            other => other,
        };
        match (&self.items, &self.members) {
            (None, None) => scalar(),
            (Some(items), None) if self.has_no_scalars() => {
                DataType::List(Arc::new(Field::new("item", items.data_type(), true)))
            }
            // Parquet and Delta know no struct without a field.
            (None, Some(members)) if self.has_no_scalars() && !members.is_empty() => {
                let fields = members.iter();
                let field =
                    |(name, shape): (&String, &Self)| Field::new(name, shape.data_type(), true);
                DataType::Struct(fields.map(field).collect())
            }
            _ => DataType::Utf8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_of(values: &[&str]) -> DataType {
        let mut all = Shape::default();
        for value in values {
            let mut shape = Shape::default();
            shape.add(&mut Cursor::new(value.as_bytes())).unwrap();
            all.merge(shape);
        }
        all.data_type()
    }

    #[test]
    fn types_widen() {
        let item = |item| DataType::List(Arc::new(Field::new("item", item, true)));
        let member = |kind| DataType::Struct(vec![Field::new("a", kind, true)].into());
        for (values, expected) in [
            (&["1", "null", "2.5"][..], DataType::Float64),
            (&["null", "true"], DataType::Boolean),
            (&["1", "true"], DataType::Utf8),
            (&["null"], DataType::Utf8),
            (&["[1]", "[2.5]", "null"], item(DataType::Float64)),
            (&["[]"], item(DataType::Utf8)),
            (&["[1,\"x\"]"], item(DataType::Utf8)),
            (&["[[1]]"], item(item(DataType::Int64))),
            (&["[1,[2]]"], item(DataType::Utf8)),
            (&["{\"a\":1}", "{}", "{\"a\":null}"], member(DataType::Int64)),
            (&["{\"a\":1}", "{\"a\":{}}"], member(DataType::Utf8)),
            (&["{}"], DataType::Utf8),
            (&["{\"a\":1}", "[1]"], DataType::Utf8),
            (&["1", "[1]"], DataType::Utf8),
            (&["{\"a\":1}", "true"], DataType::Utf8),
        ] {
            assert_eq!(type_of(values), expected, "{values:?}");
        }
    }

    #[test]
    fn rows_that_a_column_does_not_hold_are_told() {
        let list = DataType::List(Arc::new(Field::new("item", DataType::Float64, true)));
        let member = DataType::Struct(vec![Field::new("a", DataType::Int64, true)].into());
        for (data_type, value, expected) in [
            (DataType::Int64, "9007199254740993", true),
            (DataType::Int64, "1.5", false),
            (DataType::Int64, "1e3", false),
            (DataType::Int64, "\"1\"", false),
            (DataType::Int64, "null", true),
            (DataType::Float64, "7", true),
            (DataType::Float64, "9007199254740993", false),
            (DataType::Float64, "[1]", false),
            (DataType::Boolean, "0", false),
            (DataType::Utf8View, "{\"b\":[1]}", true),
            (list.clone(), "[1,2.5,null]", true),
            (list.clone(), "[9007199254740993]", false),
            (list, "1", false),
            (member.clone(), "{\"a\":1,\"b\":[]}", true),
            (member.clone(), "{\"a\":1.5}", false),
            (member, "[]", false),
        ] {
            let row = format!("{{\"c\":{value}}}");
            let mut shape = Shape::default();
            shape.add(&mut Cursor::new(row.as_bytes())).unwrap();
            let columns = Fields::from(vec![Field::new("c", data_type.clone(), true)]);
            assert_eq!(shape.misfit(&columns).is_none(), expected, "{data_type} {value}");
        }
    }

    #[test]
    fn deep_values_are_text() {
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let mut shape = Shape::default();
        shape.add(&mut Cursor::new(deep.as_bytes())).unwrap();
        let endless = "[".repeat(1_000_000);
        assert!(Shape::default().add(&mut Cursor::new(endless.as_bytes())).is_err());
    }
}
