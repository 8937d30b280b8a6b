//! Rows as FlatGeobuf. Its header and its index come first and are known last, so features wait in
//! a temporary file.

mod ending;
mod spool;

use arrow::array::{Array as _, RecordBatch};
use arrow::datatypes::SchemaRef;
use godwit_geometry::flatgeobuf::{self, ColumnType, Feature, Layer, Summary};
use godwit_geometry::{Geometry, Kinds, WkbColumn, curve};

use self::ending::Ending;
use self::spool::Spool;
use crate::FormatError;
use crate::encode::attributes::{Cells, Features, Form};
use crate::encode::shape::Shaper;
use crate::encode::{EncodeOptions, Encoder, Encoding};
use crate::flatgeobuf::widened;

const FORMAT: &str = "FlatGeobuf";

/// A file with more features than this has no index, whose order is held in memory.
const MOST_INDEXED: u64 = 16 * 1024 * 1024;

/// What a text or bytes are written behind: their length.
const LONGEST: usize = u32::MAX as usize;

pub(super) struct FlatGeobufEncoder {
    shaper: Shaper,
    features: Features,
    /// The column with the geometry.
    geometry: usize,
    layer: String,
    has_index: bool,
    summary: Summary,
    /// Whether a feature was written before one of a higher dimension.
    is_narrow: bool,
    /// The features so far, until they are put in order.
    spool: Option<Spool>,
    ending: Option<Ending>,
}

impl FlatGeobufEncoder {
    pub(super) fn try_new(
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let shaper = Shaper::try_new(schema, options, options.crs.as_ref(), None)?;
        let features = Features::try_new(shaper.schema(), options, FORMAT)?;
        let geometry = features.geometry.ok_or(FormatError::NoGeometryColumn { format: FORMAT })?;
        if features.attributes.len() > usize::from(u16::MAX) {
            let reason = format!("{FORMAT} has at most {} attributes", u16::MAX);
            return Err(FormatError::Unsupported { reason });
        }
        Ok(Self {
            shaper,
            features,
            geometry,
            layer: options.layer.clone().unwrap_or_default(),
            has_index: options.has_index,
            summary: Summary::default(),
            is_narrow: false,
            spool: Some(Spool::try_new()?),
            ending: None,
        })
    }

    /// Gives all features the same dimension and puts them in order, and returns the header and what
    /// stands above the leaves of the index.
    fn begin_ending(&self, spool: Spool, out: &mut Vec<u8>) -> Result<Ending, FormatError> {
        let dimension = self.summary.dimension();
        let spool = if self.is_narrow {
            spool.rewritten(|feature| widened(feature, dimension))?
        } else {
            spool
        };
        let count = self.summary.count();
        let with_index = self.has_index && (1..=MOST_INDEXED).contains(&count);
        let attributes = self.features.attributes.iter();
        let columns = attributes.map(|attribute| flatgeobuf::Column {
            name: &attribute.name,
            column_type: column_type(attribute.form),
        });
        let layer = Layer {
            name: &self.layer,
            crs: self.features.crs.as_ref(),
            columns: columns.collect(),
        };
        out.extend(flatgeobuf::encode_header(&layer, &self.summary, with_index));
        let extent = with_index.then(|| self.summary.extent());
        Ending::try_new(spool.finish()?, extent, out)
    }
}

impl Encoder for FlatGeobufEncoder {
    fn media_type(&self) -> &'static str {
        Encoding::FlatGeobuf.media_type()
    }

    fn start(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let cells = self.features.cells(&batch)?;
        let column = batch.column(self.geometry);
        let geometries =
            WkbColumn::try_new(column.as_ref()).ok_or_else(|| FormatError::Unsupported {
                reason: format!("a geometry cannot be {}", column.data_type()),
            })?;
        for row in 0..batch.num_rows() {
            let given = geometries.geometry_of(row, Kinds::All)?;
            let basic = match given.filter(|geometry| !geometry.is_basic()) {
                Some(geometry) => Some(curve::to_basic(geometry)?),
                None => None,
            };
            let geometry = match &basic {
                Some(bytes) => Some(Geometry::try_new(bytes)?),
                None => given,
            };
            let mut properties = Vec::new();
            for (number, (attribute, cells)) in
                (0_u16..).zip(self.features.attributes.iter().zip(&cells))
            {
                append_property(&mut properties, number, attribute.form, cells, row)?;
            }
            let (before, count) = (self.summary.dimension(), self.summary.count());
            let bounds = self.summary.add(geometry);
            let dimension = self.summary.dimension();
            self.is_narrow |= dimension != before && count > 0;
            let feature = flatgeobuf::encode_feature(&Feature { geometry, properties }, dimension)?;
            if let Some(spool) = &mut self.spool {
                spool.push(&bounds, &feature)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> Result<(), FormatError> {
        Ok(())
    }

    fn is_spooled(&self) -> bool {
        true
    }

    fn rest(&mut self, out: &mut Vec<u8>) -> Result<bool, FormatError> {
        if let Some(spool) = self.spool.take() {
            self.ending = Some(self.begin_ending(spool, out)?);
        }
        match &mut self.ending {
            Some(ending) => ending.put(out),
            None => Ok(false),
        }
    }
}

fn column_type(form: Form) -> ColumnType {
    match form {
        Form::Boolean => ColumnType::Boolean,
        Form::Whole { bits: 8, is_signed: true } => ColumnType::Byte,
        Form::Whole { bits: 8, is_signed: false } => ColumnType::UnsignedByte,
        Form::Whole { bits: 16, is_signed: true } => ColumnType::Short,
        Form::Whole { bits: 16, is_signed: false } => ColumnType::UnsignedShort,
        Form::Whole { bits: 32, is_signed: true } => ColumnType::Int,
        Form::Whole { bits: 32, is_signed: false } => ColumnType::UnsignedInt,
        Form::Whole { is_signed: true, .. } => ColumnType::Long,
        Form::Whole { is_signed: false, .. } => ColumnType::UnsignedLong,
        Form::Float => ColumnType::Float,
        Form::Double => ColumnType::Double,
        Form::Text => ColumnType::Text,
        Form::Json => ColumnType::Json,
        Form::Date | Form::Time => ColumnType::DateTime,
        Form::Binary => ColumnType::Binary,
    }
}

/// Appends the number of an attribute and its value in a row; nothing for a null.
fn append_property(
    out: &mut Vec<u8>,
    number: u16,
    form: Form,
    cells: &Cells,
    row: usize,
) -> Result<(), FormatError> {
    let key = number.to_le_bytes();
    // Numbers of fewer bytes are the lower ones of longer numbers.
    let mut whole = |bytes: [u8; 8]| {
        let size = column_type(form).size().unwrap_or(bytes.len());
        out.extend_from_slice(&key);
        out.extend(bytes.iter().take(size));
    };
    match cells {
        Cells::Whole(values) if values.is_valid(row) => whole(values.value(row).to_le_bytes()),
        Cells::Unsigned(values) if values.is_valid(row) => whole(values.value(row).to_le_bytes()),
        Cells::Boolean(values) if values.is_valid(row) => {
            out.extend_from_slice(&key);
            out.push(u8::from(values.value(row)));
        }
        Cells::Number(values) if values.is_valid(row) => {
            out.extend_from_slice(&key);
            let value = values.value(row);
            if form == Form::Float {
                #[expect(clippy::cast_possible_truncation, reason = "it was of single precision")]
                out.extend_from_slice(&(value as f32).to_le_bytes());
            } else {
                out.extend_from_slice(&value.to_le_bytes());
            }
        }
        Cells::Text(values) if values.is_valid(row) => {
            out.extend_from_slice(&key);
            let day = if form == Form::Date { "T00:00:00" } else { "" };
            append_bytes(out, &[values.value(row).as_bytes(), day.as_bytes()])?;
        }
        Cells::Binary(values) if values.is_valid(row) => {
            out.extend_from_slice(&key);
            append_bytes(out, &[values.value(row)])?;
        }
        _ => {}
    }
    Ok(())
}

/// Appends the length of bytes, and the bytes.
fn append_bytes(out: &mut Vec<u8>, pieces: &[&[u8]]) -> Result<(), FormatError> {
    let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let length = u32::try_from(length).map_err(|_long| FormatError::Unsupported {
        reason: format!("a text of more than {LONGEST} bytes does not fit into {FORMAT}"),
    })?;
    out.extend_from_slice(&length.to_le_bytes());
    for piece in pieces {
        out.extend_from_slice(piece);
    }
    Ok(())
}
