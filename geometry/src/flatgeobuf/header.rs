//! The header: what the features have in common.

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use serde_json::Value;

use super::MAGIC;
use crate::{Bounds, Crs, Dimension, Geometry, Kind};

/// How many nodes of the index have one parent.
pub const NODE_SIZE: usize = 16;

/// What is known of a layer before its features.
#[derive(Debug, Default)]
pub struct Layer<'a> {
    /// The name; none if empty.
    pub name: &'a str,
    /// The reference system, if it is known.
    pub crs: Option<&'a Crs>,
    /// The properties.
    pub columns: Vec<Column<'a>>,
}

/// The name and the type of a property.
#[derive(Debug)]
pub struct Column<'a> {
    /// The name.
    pub name: &'a str,
    /// The type.
    pub column_type: ColumnType,
}

/// The type of a property, by its number in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ColumnType {
    /// A whole number of 8 bits.
    Byte = 0,
    /// One of 8 bits that is not negative.
    UnsignedByte = 1,
    /// A truth value.
    Boolean = 2,
    /// A whole number of 16 bits.
    Short = 3,
    /// One of 16 bits that is not negative.
    UnsignedShort = 4,
    /// A whole number of 32 bits.
    Int = 5,
    /// One of 32 bits that is not negative.
    UnsignedInt = 6,
    /// A whole number of 64 bits.
    Long = 7,
    /// One of 64 bits that is not negative.
    UnsignedLong = 8,
    /// A single-precision number.
    Float = 9,
    /// A double-precision number.
    Double = 10,
    /// A text.
    Text = 11,
    /// A text that is JSON.
    Json = 12,
    /// A text that is a time in ISO 8601.
    DateTime = 13,
    /// Bytes.
    Binary = 14,
}

impl ColumnType {
    /// Returns the type with a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Byte,
            1 => Self::UnsignedByte,
            2 => Self::Boolean,
            3 => Self::Short,
            4 => Self::UnsignedShort,
            5 => Self::Int,
            6 => Self::UnsignedInt,
            7 => Self::Long,
            8 => Self::UnsignedLong,
            9 => Self::Float,
            10 => Self::Double,
            11 => Self::Text,
            12 => Self::Json,
            13 => Self::DateTime,
            14 => Self::Binary,
            _ => return None,
        })
    }

    /// Returns how many bytes a value has, nothing when each says it itself.
    pub fn size(self) -> Option<usize> {
        match self {
            Self::Byte | Self::UnsignedByte | Self::Boolean => Some(1),
            Self::Short | Self::UnsignedShort => Some(2),
            Self::Int | Self::UnsignedInt | Self::Float => Some(4),
            Self::Long | Self::UnsignedLong | Self::Double => Some(8),
            Self::Text | Self::Json | Self::DateTime | Self::Binary => None,
        }
    }
}

/// What the features of a layer turn out to have in common.
#[derive(Debug, Clone)]
pub struct Summary {
    count: u64,
    /// The kind of the geometries, nothing before there is one or when they differ.
    kind: Option<Kind>,
    is_mixed: bool,
    has_z: bool,
    has_m: bool,
    extent: Bounds,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            count: 0,
            kind: None,
            is_mixed: false,
            has_z: false,
            has_m: false,
            extent: Bounds::NOTHING,
        }
    }
}

impl Summary {
    /// Takes the geometry of the next feature, and returns its box.
    pub fn add(&mut self, geometry: Option<Geometry<'_>>) -> Bounds {
        self.count += 1;
        let Some(geometry) = geometry else { return Bounds::NOTHING };
        self.is_mixed |= self.kind.is_some_and(|kind| kind != geometry.kind());
        self.kind = Some(geometry.kind());
        self.has_z |= geometry.dimension().has_z();
        self.has_m |= geometry.dimension().has_m();
        let bounds = geometry.bounds().unwrap_or(Bounds::NOTHING);
        self.extent = self.extent.merge(&bounds);
        bounds
    }

    /// Returns how many features there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns the dimension that holds all geometries so far.
    pub fn dimension(&self) -> Dimension {
        Dimension::new(self.has_z, self.has_m)
    }

    /// Returns the box around all of them.
    pub fn extent(&self) -> Bounds {
        self.extent
    }
}

/// Returns the place of a field in a table.
pub(super) const fn slot(field: u16) -> u16 {
    4 + 2 * field
}

/// Returns the number of a kind of geometry, which is that of WKB.
pub(super) fn kind_number(kind: Kind) -> u8 {
    kind as u8
}

/// Returns the beginning of a file: its signature, and the header with its length before it.
pub fn encode(layer: &Layer<'_>, summary: &Summary, with_index: bool) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let kind = summary.kind.filter(|_| !summary.is_mixed).map_or(0, kind_number);
    let name = (!layer.name.is_empty()).then(|| builder.create_string(layer.name));
    let Bounds { xmin, ymin, xmax, ymax } = summary.extent;
    let extent = (xmin <= xmax && ymin <= ymax)
        .then(|| builder.create_vector([xmin, ymin, xmax, ymax].as_slice()));
    let columns: Vec<_> =
        layer.columns.iter().map(|column| encode_column(&mut builder, column)).collect();
    let columns = (!columns.is_empty()).then(|| builder.create_vector(&columns));
    let crs = layer.crs.and_then(|crs| encode_crs(&mut builder, crs));
    let table = builder.start_table();
    builder.push_slot::<u64>(slot(8), summary.count, 0);
    if let Some(name) = name {
        builder.push_slot_always(slot(0), name);
    }
    if let Some(extent) = extent {
        builder.push_slot_always(slot(1), extent);
    }
    if let Some(columns) = columns {
        builder.push_slot_always(slot(7), columns);
    }
    if let Some(crs) = crs {
        builder.push_slot_always(slot(10), crs);
    }
    let node_size = if with_index { NODE_SIZE } else { 0 };
    builder.push_slot::<u16>(slot(9), u16::try_from(node_size).unwrap_or(0), 16);
    builder.push_slot::<u8>(slot(2), kind, 0);
    builder.push_slot::<bool>(slot(3), summary.has_z, false);
    builder.push_slot::<bool>(slot(4), summary.has_m, false);
    let header = builder.end_table(table);
    builder.finish_size_prefixed(header, None);
    [&MAGIC, builder.finished_data()].concat()
}

type Table = WIPOffset<flatbuffers::TableFinishedWIPOffset>;

fn encode_column(builder: &mut FlatBufferBuilder<'_>, column: &Column<'_>) -> Table {
    let name = builder.create_string(column.name);
    let table = builder.start_table();
    builder.push_slot_always(slot(0), name);
    builder.push_slot::<u8>(slot(1), column.column_type as u8, 0);
    builder.end_table(table)
}

/// Writes a system by its code, and by its definition where the code does not say what it is.
fn encode_crs(builder: &mut FlatBufferBuilder<'_>, crs: &Crs) -> Option<Table> {
    let named = match (crs.srid(), crs.authority()) {
        (_, Some((authority, code))) if authority == "ESRI" => Some((authority, code)),
        (Some(srid), _) => Some(("EPSG".to_owned(), srid.to_string())),
        (None, named) => named,
    };
    let definition = match crs.to_json() {
        _ if crs.is_known_by_code() => None,
        Value::Null => None,
        // A code that is not known.
        Value::String(text) if named.is_some() && text == crs.name() => None,
        Value::String(text) => Some(text),
        json => Some(json.to_string()),
    };
    if named.is_none() && definition.is_none() {
        return None;
    }
    let definition = definition.map(|text| builder.create_string(&text));
    let number = named.as_ref().and_then(|(_, code)| code.parse::<i32>().ok());
    let named = named.map(|(authority, code)| {
        let text = number.is_none().then(|| builder.create_string(&code));
        (builder.create_string(&authority), text)
    });
    let table = builder.start_table();
    if let Some((authority, text)) = named {
        builder.push_slot_always(slot(0), authority);
        builder.push_slot::<i32>(slot(1), number.unwrap_or(0), 0);
        if let Some(text) = text {
            builder.push_slot_always(slot(5), text);
        }
    }
    if let Some(definition) = definition {
        builder.push_slot_always(slot(4), definition);
    }
    Some(builder.end_table(table))
}
