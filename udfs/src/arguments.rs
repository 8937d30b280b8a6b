//! The arguments of one call on one batch of rows.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BinaryArray, BooleanArray, Float64Array, Int64Array, ListArray,
    StringArray, new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use godwit_geometry::{Crs, GeometryError, GeometryType, Kinds, WkbColumn};

use crate::column::{Bytes, Geometries, GeometryLists, Lists, Numbers, Values};
use crate::function::Type;
use crate::literal::read_geometry_text;

/// The arguments of one call on one batch of rows, brought to the types of the overload.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    /// The name of the function, for messages.
    pub(crate) function: &'a str,
    /// One array an argument; a constant has length 1.
    pub(crate) arrays: &'a [ArrayRef],
    /// Whether an argument is one value for all rows.
    pub(crate) constant: &'a [bool],
    /// The fields of the arguments.
    pub(crate) fields: &'a [FieldRef],
    /// The field of the result.
    pub(crate) result: &'a Field,
    /// How many rows the result has.
    pub(crate) row_count: usize,
    /// The kinds of geometry the function knows.
    pub(crate) kinds: Kinds,
}

impl<'a> Arguments<'a> {
    /// Returns how many arguments the call has.
    pub(crate) fn len(&self) -> usize {
        self.arrays.len()
    }

    /// Returns whether an argument is one value for all rows.
    pub(crate) fn is_constant(&self, index: usize) -> bool {
        self.constant.get(index).copied().unwrap_or(false)
    }

    /// Returns the geometries of an argument.
    pub(crate) fn geometry(&self, index: usize) -> Result<Geometries<'a>, GeometryError> {
        let column = self.wkb(index)?;
        if self.repeated(index).is_none() {
            return Ok(Geometries::Column(column, self.kinds));
        }
        let geometry = column.geometry_of(0, self.kinds)?;
        Ok(Geometries::Constant(geometry, self.row_count))
    }

    /// Returns the lists of geometries of an argument.
    pub(crate) fn geometry_list(&self, index: usize) -> Result<GeometryLists<'a>, GeometryError> {
        let lists = self.array(index)?.as_list_opt::<i32>();
        let lists = lists.ok_or_else(|| self.wrong_type(index))?;
        let items = WkbColumn::try_new(lists.values().as_ref());
        let items = items.ok_or_else(|| self.wrong_type(index))?;
        Ok(GeometryLists { lists, items, kinds: self.kinds, repeated: self.repeated(index) })
    }

    /// Returns the lists of numbers or texts of an argument.
    pub(crate) fn list(&self, index: usize) -> Result<Lists<'a>, GeometryError> {
        let lists = self.array(index)?.as_list_opt::<i32>();
        let lists = lists.ok_or_else(|| self.wrong_type(index))?;
        Ok(Lists { lists, repeated: self.repeated(index) })
    }

    /// Returns the numbers of an argument.
    pub(crate) fn float(&self, index: usize) -> Result<Values<'a, Float64Array>, GeometryError> {
        let array = self.array(index)?.as_primitive_opt::<Float64Type>();
        let array = array.ok_or_else(|| self.wrong_type(index))?;
        Ok(Values { array, repeated: self.repeated(index) })
    }

    /// Returns the numbers of several arguments, which follow each other.
    pub(crate) fn floats<const N: usize>(
        &self,
        first: usize,
    ) -> Result<Numbers<'a, N>, GeometryError> {
        let columns =
            (first..first + N).map(|index| self.float(index)).collect::<Result<_, _>>()?;
        Ok(Numbers { columns })
    }

    /// Returns the whole numbers of an argument.
    pub(crate) fn integer(&self, index: usize) -> Result<Values<'a, Int64Array>, GeometryError> {
        let array = self.array(index)?.as_primitive_opt::<Int64Type>();
        let array = array.ok_or_else(|| self.wrong_type(index))?;
        Ok(Values { array, repeated: self.repeated(index) })
    }

    /// Returns the texts of an argument.
    pub(crate) fn text(&self, index: usize) -> Result<Values<'a, dyn Array>, GeometryError> {
        let array = self.array(index)?;
        if !is_text(array.data_type()) {
            return Err(self.wrong_type(index));
        }
        Ok(Values { array: array.as_ref(), repeated: self.repeated(index) })
    }

    /// Returns the bytes of an argument, which need not be a geometry.
    pub(crate) fn bytes(&self, index: usize) -> Result<Bytes<'a>, GeometryError> {
        Ok(Bytes { column: self.wkb(index)?, repeated: self.repeated(index) })
    }

    /// Returns the truth values of an argument.
    pub(crate) fn boolean(&self, index: usize) -> Result<Values<'a, BooleanArray>, GeometryError> {
        let array = self.array(index)?.as_boolean_opt();
        let array = array.ok_or_else(|| self.wrong_type(index))?;
        Ok(Values { array, repeated: self.repeated(index) })
    }

    /// Returns the array of an argument as it came, of length 1 for a constant.
    pub(crate) fn array(&self, index: usize) -> Result<&'a ArrayRef, GeometryError> {
        self.arrays.get(index).ok_or_else(|| self.wrong_type(index))
    }

    /// Returns the reference system of an argument, if it is known.
    pub(crate) fn crs(&self, index: usize) -> Result<Option<Crs>, GeometryError> {
        let Some(field) = self.fields.get(index) else {
            return Ok(None);
        };
        Ok(GeometryType::from_field(field)?.and_then(|geometry| geometry.crs))
    }

    /// Returns the reference system that was planned for the result.
    pub(crate) fn result_crs(&self) -> Result<Option<Crs>, GeometryError> {
        Ok(GeometryType::from_field(self.result)?.and_then(|geometry| geometry.crs))
    }

    /// Returns the error for an argument whose type was not checked before.
    pub(crate) fn wrong_type(&self, index: usize) -> GeometryError {
        let given = self.fields.get(index).map(|field| field.data_type().to_string());
        GeometryError::InvalidArgument {
            reason: format!(
                "argument {} of \"{}\" cannot have type {}",
                index + 1,
                self.function,
                given.unwrap_or_else(|| "\"missing\"".to_owned())
            ),
        }
    }

    fn wkb(&self, index: usize) -> Result<WkbColumn<'a>, GeometryError> {
        let array = self.array(index)?;
        WkbColumn::try_new(array.as_ref()).ok_or_else(|| self.wrong_type(index))
    }

    fn repeated(&self, index: usize) -> Option<usize> {
        self.constant.get(index).copied().unwrap_or(false).then_some(self.row_count)
    }
}

/// Returns an argument brought to a type that the accessors above read: text literals in geometry
/// positions become WKB, and narrow integers become wide.
pub(crate) fn normalise(array: ArrayRef, kind: Type) -> Result<ArrayRef, GeometryError> {
    match kind {
        kind if kind.is_spatial() && is_text(array.data_type()) => read_text_geometries(&array),
        Type::GeometryList => normalise_list(array),
        Type::Int64 if *array.data_type() != DataType::Int64 => cast(&array, &DataType::Int64)
            .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() }),
        _ => Ok(array),
    }
}

/// Returns whether a type is text in any storage.
pub(crate) fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Returns a list of texts or nulls as a list of WKB.
fn normalise_list(array: ArrayRef) -> Result<ArrayRef, GeometryError> {
    let Some(lists) = array.as_list_opt::<i32>() else {
        return Ok(array);
    };
    let items = match lists.value_type() {
        data_type if is_text(&data_type) => read_text_geometries(lists.values())?,
        DataType::Null => new_null_array(&DataType::Binary, lists.values().len()),
        _ => return Ok(array),
    };
    let field = Arc::new(Field::new_list_field(DataType::Binary, true));
    let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
    let lists = ListArray::try_new(field, offsets, items, nulls)
        .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
    Ok(Arc::new(lists))
}

fn read_text_geometries(array: &ArrayRef) -> Result<ArrayRef, GeometryError> {
    let texts = cast(array, &DataType::Utf8)
        .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
    let mut geometries = Vec::with_capacity(texts.len());
    for text in texts.as_string_opt::<i32>().into_iter().flat_map(StringArray::iter) {
        geometries.push(text.map(read_geometry_text).transpose()?.map(|(wkb, _)| wkb));
    }
    Ok(Arc::new(BinaryArray::from_iter(geometries)))
}
