//! The header: what the features of a file have in common.

use std::io::Read;

use arrow::datatypes::{DataType, Field, TimeUnit};
use godwit_geometry::flatgeobuf::{ColumnType, MAGIC, NODE_BYTES};
use godwit_geometry::{Crs, Dimension, GeometryType, Kind};

use super::table::{Checked, Table};
use crate::names::{free_name, geometry_name};

/// No header is taken to be longer.
const LONGEST_HEADER: usize = 16 * 1024 * 1024;

/// The last byte of the signature counts corrections of the format.
const SIGNED_BYTES: usize = 7;

/// What the features of a file have in common.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    pub(super) crs: Option<Crs>,
    /// The kind of all geometries, if they have one.
    pub(super) kind: Option<Kind>,
    pub(super) has_z: bool,
    pub(super) has_m: bool,
    /// How many features there are, nothing when the writer did not know.
    pub(super) feature_count: Option<u64>,
    /// How many nodes of the index have one parent, nothing without an index.
    pub(super) node_size: Option<u64>,
    /// Where the header ends.
    pub(super) end: u64,
}

/// The name and the type of a property.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) column_type: ColumnType,
}

impl Header {
    /// Reads the beginning of a file.
    pub(super) fn read(reader: &mut dyn Read) -> Result<Self, String> {
        let cut_off = |_short| "the header is cut off".to_owned();
        let mut start = [0; 12];
        reader.read_exact(&mut start).map_err(cut_off)?;
        if start.get(..SIGNED_BYTES) != MAGIC.get(..SIGNED_BYTES) {
            return Err("this is no FlatGeobuf file".to_owned());
        }
        let [.., a, b, c, d] = start;
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        if length > LONGEST_HEADER {
            return Err("the header is impossibly long".to_owned());
        }
        let mut bytes = Vec::new();
        let wanted = length as u64;
        let read = reader.take(wanted).read_to_end(&mut bytes);
        if read.map_err(|error| error.to_string())? < length {
            return Err("the header is cut off".to_owned());
        }
        Self::parse(&bytes, wanted + 12).map_err(|reason| format!("its header: {reason}"))
    }

    /// Returns the header of geometries of any kind in a dimension.
    pub(super) fn of(dimension: Dimension) -> Self {
        Self {
            columns: Vec::new(),
            crs: None,
            kind: None,
            has_z: dimension.has_z(),
            has_m: dimension.has_m(),
            feature_count: None,
            node_size: None,
            end: 0,
        }
    }

    fn parse(bytes: &[u8], end: u64) -> Checked<Self> {
        let table = Table::root(bytes)?;
        let mut columns: Vec<Column> = Vec::new();
        for column in table.tables(7)? {
            let column = column?;
            let number = column.byte(1)?;
            let column_type =
                ColumnType::from_number(number).ok_or("a column has no known type")?;
            let name = column.text(0)?.unwrap_or_default().to_owned();
            columns.push(Column {
                name: free_name(&columns.iter().map(|c| &c.name), name),
                column_type,
            });
        }
        let crs = table.table(10)?.map(system).transpose()?.flatten();
        let kind = match table.byte(2)? {
            0 => None,
            code => Some(Kind::from_code(code.into()).ok_or("its geometries have no known type")?),
        };
        let count = table.number(8)?.map_or(0, u64::from_le_bytes);
        let node_size = table.number(9)?.map_or(16, u16::from_le_bytes);
        Ok(Self {
            columns,
            crs,
            kind,
            has_z: table.byte(3)? != 0,
            has_m: table.byte(4)? != 0,
            feature_count: (count > 0).then_some(count),
            // Nodes with one child would have no end.
            node_size: (node_size > 0 && count > 0).then_some(u64::from(node_size.max(2))),
            end,
        })
    }

    /// Returns how many nodes each level of the index has, from the root to the leaves; none
    /// without an index.
    pub(super) fn levels(&self) -> Vec<u64> {
        let (Some(count), Some(node_size)) = (self.feature_count, self.node_size) else {
            return Vec::new();
        };
        let mut levels = vec![count];
        let mut above = count;
        loop {
            above = above.div_ceil(node_size);
            levels.insert(0, above);
            if above == 1 {
                return levels;
            }
        }
    }

    /// Returns where the first feature begins; nothing when there is no room for its index.
    pub(super) fn features_start(&self) -> Option<u64> {
        let nodes = self.levels().into_iter().try_fold(0_u64, u64::checked_add)?;
        nodes.checked_mul(NODE_BYTES as u64)?.checked_add(self.end)
    }

    /// Returns the columns of the file as a table; times of day are texts.
    pub(super) fn fields(&self, crs: Option<&Crs>, times_of_day: &[usize]) -> Vec<Field> {
        let columns = self.columns.iter().enumerate();
        let mut fields: Vec<Field> = columns
            .map(|(index, column)| {
                let is_text = times_of_day.contains(&index);
                let data_type =
                    if is_text { DataType::Utf8 } else { data_type(column.column_type) };
                Field::new(&column.name, data_type, true)
            })
            .collect();
        let crs = crs.or(self.crs.as_ref()).cloned();
        fields.push(GeometryType::new(crs).field(geometry_name(&fields), true));
        fields
    }
}

/// Returns the type that values of a column have in Arrow. What is not negative becomes a wider
/// signed number while there is one, because clients know those.
pub(super) fn data_type(column_type: ColumnType) -> DataType {
    match column_type {
        ColumnType::Byte => DataType::Int8,
        ColumnType::Short | ColumnType::UnsignedByte => DataType::Int16,
        ColumnType::Int | ColumnType::UnsignedShort => DataType::Int32,
        ColumnType::Long | ColumnType::UnsignedInt => DataType::Int64,
        ColumnType::UnsignedLong => DataType::UInt64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Float => DataType::Float32,
        ColumnType::Double => DataType::Float64,
        ColumnType::Text | ColumnType::Json => DataType::Utf8,
        ColumnType::DateTime => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnType::Binary => DataType::Binary,
    }
}

/// Returns the reference system of a header: its code, else its definition.
fn system(crs: Table<'_>) -> Checked<Option<Crs>> {
    let code = crs.number(1)?.map_or(0, i32::from_le_bytes);
    let organisation = crs.text(0)?.filter(|text| !text.is_empty()).unwrap_or("EPSG");
    let code = match crs.text(5)? {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ if code > 0 => code.to_string(),
        _ => String::new(),
    };
    let definition = crs.text(4)?.unwrap_or_default();
    Ok(Crs::described(organisation, &code, &[definition]))
}
