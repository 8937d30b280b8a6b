//! The records of a `.dbf` file as Arrow.

use std::io::Read;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, TimeUnit};

use super::encoding::TextEncoding;
use super::numbers::{Binary, date, number, whole_number};
use crate::names::free_name;

/// No header is taken to be longer: a file has at most 2,046 fields.
const LONGEST_HEADER: usize = 1 << 16;

const NOT_UTF_8: &str = "a text is not UTF-8, as the .cpg file or the option encoding says; give \
                         another one, as encoding => 'windows-1252'";

/// One field of every record.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) data_type: DataType,
    /// How values are stored that are no texts.
    binary: Option<Binary>,
    /// Where it stands in a record.
    start: usize,
    length: usize,
}

/// Reads records one after the other.
pub(super) struct Attributes<R> {
    reader: R,
    pub(super) fields: Vec<Attribute>,
    encoding: TextEncoding,
    records_left: u32,
    record: Vec<u8>,
}

impl<R: Read> Attributes<R> {
    /// Reads the header of a file; the encoding is chosen by the language driver it names.
    pub(super) fn open(
        mut reader: R,
        encoding: impl FnOnce(u8) -> TextEncoding,
    ) -> Result<Self, String> {
        let mut head = [0; 32];
        reader.read_exact(&mut head).map_err(|_short| "the header is cut off".to_owned())?;
        let number = |at: usize| -> usize {
            let bytes = [head.get(at), head.get(at + 1)].map(|byte| byte.copied().unwrap_or(0));
            usize::from(u16::from_le_bytes(bytes))
        };
        let (header_length, record_length) = (number(8), number(10));
        let records_left = head.get(4..8).and_then(|bytes| bytes.first_chunk::<4>().copied());
        let driver = head.get(29).copied().unwrap_or(0);
        if !(33..=LONGEST_HEADER).contains(&header_length) || record_length == 0 {
            return Err("this is no .dbf file".to_owned());
        }
        let encoding = encoding(driver);
        let mut rest = vec![0; header_length - head.len()];
        reader.read_exact(&mut rest).map_err(|_short| "the header is cut off".to_owned())?;
        let mut fields: Vec<Attribute> = Vec::new();
        let mut start = 1;
        for described in rest.chunks_exact(32) {
            if described.first() == Some(&0x0d) {
                break;
            }
            let mut field = attribute(described, start, encoding).ok_or("a field is cut off")?;
            start += field.length;
            if start > record_length {
                return Err("the fields are longer than a record".to_owned());
            }
            field.name = free_name(&fields.iter().map(|known| &known.name), field.name);
            fields.push(field);
        }
        Ok(Self {
            reader,
            fields,
            encoding,
            records_left: u32::from_le_bytes(records_left.unwrap_or_default()),
            record: vec![0; record_length],
        })
    }

    /// Reads the next record; nothing behind the last one, else whether it was not deleted.
    pub(super) fn next(&mut self) -> Result<Option<bool>, String> {
        if self.records_left == 0 {
            return Ok(None);
        }
        self.records_left -= 1;
        self.reader.read_exact(&mut self.record).map_err(|_short| "a record is cut off")?;
        Ok(Some(self.record.first() != Some(&b'*')))
    }

    /// Adds a field of the record that was read to a column.
    pub(super) fn append(&self, index: usize, column: &mut Column) -> Result<(), String> {
        let Some(field) = self.fields.get(index) else { return Ok(()) };
        let bytes = self.record.get(field.start..field.start + field.length).unwrap_or_default();
        let appended = column.append(bytes, field.binary, self.encoding);
        appended.map_err(|reason| format!("field \"{}\": {reason}", field.name))
    }
}

fn attribute(described: &[u8], start: usize, encoding: TextEncoding) -> Option<Attribute> {
    let name = described.get(..11)?.split(|byte| *byte == 0).next()?;
    let kind = described.get(11)?.to_ascii_uppercase();
    let (length, decimals) = (usize::from(*described.get(16)?), *described.get(17)?);
    // Long texts keep the higher byte of their length in the place of the decimals.
    let length = if kind == b'C' { length + 256 * usize::from(decimals) } else { length };
    let binary = Binary::of(kind, length);
    let data_type = match (binary, kind) {
        (Some(Binary::Integer), _) => DataType::Int32,
        (Some(Binary::Time), _) => DataType::Timestamp(TimeUnit::Microsecond, None),
        (None, b'N' | b'F') if decimals > 0 => DataType::Float64,
        (None, b'N') if length <= 9 => DataType::Int32,
        // Numbers of 19 digits are too many for a double, and mostly few enough for this.
        (None, b'N') if length <= 19 => DataType::Int64,
        (Some(Binary::Double | Binary::Currency), _) | (None, b'N' | b'F') => DataType::Float64,
        (None, b'L') => DataType::Boolean,
        (None, b'D') => DataType::Date32,
        (None, _) => DataType::Utf8,
    };
    let name = encoding.decode(name).trim().to_owned();
    Some(Attribute { name, data_type, binary, start, length })
}

/// A column that is being filled.
pub(super) enum Column {
    Text(StringBuilder),
    Integer(Int32Builder),
    Long(Int64Builder),
    Double(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
    Time(TimestampMicrosecondBuilder),
}

impl Column {
    /// Returns an empty column of one of the types that attributes have.
    pub(super) fn new(data_type: &DataType) -> Self {
        match data_type {
            DataType::Int32 => Self::Integer(Int32Builder::new()),
            DataType::Int64 => Self::Long(Int64Builder::new()),
            DataType::Float64 => Self::Double(Float64Builder::new()),
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Date32 => Self::Date(Date32Builder::new()),
            DataType::Timestamp(..) => Self::Time(TimestampMicrosecondBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    /// Adds a null.
    pub(super) fn append_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Long(builder) => builder.append_null(),
            Self::Double(builder) => builder.append_null(),
            Self::Boolean(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Time(builder) => builder.append_null(),
        }
    }

    /// Adds a value; what is blank or cannot be read is null, what would change is refused.
    fn append(
        &mut self,
        bytes: &[u8],
        binary: Option<Binary>,
        encoding: TextEncoding,
    ) -> Result<(), String> {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let text = text.trim_matches([' ', '\0']);
        // The files of a table may have a column with different widths.
        let whole = || binary.map_or_else(|| whole_number(text), |binary| Ok(binary.whole(bytes)));
        match self {
            Self::Text(builder) => {
                let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
                let decoded = encoding.try_decode(bytes).ok_or(NOT_UTF_8)?;
                let decoded = decoded.trim_end_matches(' ');
                builder.append_option((!decoded.is_empty()).then_some(decoded));
            }
            Self::Integer(builder) => {
                let narrow = whole()?.map(i32::try_from).transpose();
                builder
                    .append_option(narrow.map_err(|_large| "a number is too large for 32 bits")?);
            }
            Self::Long(builder) => builder.append_option(whole()?),
            Self::Double(builder) => builder.append_option(match binary {
                Some(binary) => binary.number(bytes),
                None => number(text),
            }),
            Self::Boolean(builder) => builder.append_option(match bytes.first() {
                Some(b'T' | b't' | b'Y' | b'y' | b'1') => Some(true),
                Some(b'F' | b'f' | b'N' | b'n' | b'0') => Some(false),
                _ => None,
            }),
            Self::Date(builder) => builder.append_option(date(text)),
            Self::Time(builder) => {
                builder.append_option(binary.and_then(|binary| binary.microseconds(bytes)));
            }
        }
        Ok(())
    }

    /// Returns the values and starts anew.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Long(builder) => Arc::new(builder.finish()),
            Self::Double(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray as _;
    use arrow::datatypes::Int64Type;

    use super::*;

    /// Returns the numbers of a file with one field of 19 digits.
    fn numbers(values: &[&str]) -> Result<Vec<Option<i64>>, String> {
        let mut bytes = vec![0; 64];
        bytes[4..8].copy_from_slice(&values.len().to_le_bytes()[..4]);
        bytes[8] = 65;
        bytes[10] = 20;
        bytes[32] = b'n';
        bytes[32 + 11] = b'N';
        bytes[32 + 16] = 19;
        bytes.push(0x0d);
        bytes.extend(values.iter().flat_map(|value| format!(" {value:>19}").into_bytes()));
        let mut attributes = Attributes::open(bytes.as_slice(), TextEncoding::of_driver)?;
        let mut column = Column::new(&attributes.fields[0].data_type);
        while attributes.next()?.is_some() {
            attributes.append(0, &mut column)?;
        }
        Ok(column.finish().as_primitive::<Int64Type>().iter().collect())
    }

    #[test]
    fn no_digit_of_a_long_number_is_lost() {
        let found = numbers(&["9223372036854775807", "-9007199254740993", "", "*"]).unwrap();
        assert_eq!(found, [Some(i64::MAX), Some(-9_007_199_254_740_993), None, None]);
        let error = numbers(&["9999999999999999999"]).unwrap_err();
        assert!(error.contains("field \"n\"") && error.contains("too large"), "{error}");
    }
}
