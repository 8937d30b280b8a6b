//! A table with its columns as one JSON object, which stays well formed when the query fails.

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, SchemaRef};
use godwit_geometry::GeometryType;

use crate::FormatError;
use crate::encode::columns::Style;
use crate::encode::json::{columns, json_shaper};
use crate::encode::shape::Shaper;
use crate::encode::text::{write_integer, write_string};
use crate::encode::{EncodeOptions, Encoder, Encoding};

pub(super) struct TableEncoder {
    shaper: Shaper,
    style: Style,
    row_count: u64,
}

impl TableEncoder {
    pub(super) fn try_new(
        schema: &SchemaRef,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let style = Style { is_json: true, int64_as_string: options.int64_as_string };
        Ok(Self { shaper: json_shaper(schema, options)?, style, row_count: 0 })
    }

    fn write_end(&self, status: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(b"],\"row_count\":");
        write_integer(self.row_count, out);
        out.extend_from_slice(b",\"status\":");
        write_string(status, out);
    }
}

impl Encoder for TableEncoder {
    fn media_type(&self) -> &'static str {
        Encoding::Table.media_type()
    }

    fn start(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        out.extend_from_slice(b"{\"columns\":[");
        for (index, field) in self.shaper.schema().fields().iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(b"{\"name\":");
            write_string(field.name(), out);
            out.extend_from_slice(b",\"type\":");
            write_string(&sql_type_name(field), out);
            let geometry_type = GeometryType::from_field(field)?;
            if let Some(crs) = geometry_type.and_then(|geometry_type| geometry_type.crs) {
                out.extend_from_slice(b",\"crs\":");
                write_string(&crs.name(), out);
            }
            out.push(b'}');
        }
        out.extend_from_slice(b"],\"rows\":[");
        Ok(())
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<(), FormatError> {
        let batch = self.shaper.apply(batch)?;
        let columns = columns(&batch)?;
        let start = out.len();
        let row_count = self.row_count;
        for row in 0..batch.num_rows() {
            out.extend_from_slice(if self.row_count > 0 { b",\n[" } else { b"\n[" });
            self.row_count += 1;
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                if let Err(error) = column.write(row, self.style, out) {
                    // What follows must still be well formed.
                    out.truncate(start);
                    self.row_count = row_count;
                    return Err(error);
                }
            }
            out.push(b']');
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), FormatError> {
        self.write_end("succeeded", out);
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    fn fail(&mut self, error: &serde_json::Value, out: &mut Vec<u8>) -> bool {
        self.write_end("failed", out);
        out.extend_from_slice(b",\"error\":");
        out.extend_from_slice(error.to_string().as_bytes());
        out.extend_from_slice(b"}\n");
        true
    }
}

/// Returns the SQL name of the type of a column.
pub fn sql_type_name(field: &Field) -> String {
    if godwit_geometry::is_geometry(field) {
        return "GEOMETRY".to_owned();
    }
    data_type_name(field.data_type())
}

fn data_type_name(data_type: &DataType) -> String {
    let name = match data_type {
        DataType::Null => "NULL",
        DataType::Boolean => "BOOLEAN",
        DataType::Int8 => "TINYINT",
        DataType::Int16 => "SMALLINT",
        DataType::Int32 => "INTEGER",
        DataType::Int64 => "BIGINT",
        DataType::UInt8 => "TINYINT UNSIGNED",
        DataType::UInt16 => "SMALLINT UNSIGNED",
        DataType::UInt32 => "INTEGER UNSIGNED",
        DataType::UInt64 => "BIGINT UNSIGNED",
        DataType::Float16 | DataType::Float32 => "REAL",
        DataType::Float64 => "DOUBLE",
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => {
            return format!("DECIMAL({precision}, {scale})");
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "VARCHAR",
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "VARBINARY",
        DataType::Date32 | DataType::Date64 => "DATE",
        DataType::Time32(_) | DataType::Time64(_) => "TIME",
        DataType::Timestamp(_, None) => "TIMESTAMP",
        DataType::Timestamp(_, Some(_)) => "TIMESTAMP WITH TIME ZONE",
        DataType::Duration(_) | DataType::Interval(_) => "INTERVAL",
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => return format!("{}[]", sql_type_name(item)),
        DataType::Struct(fields) => {
            let members: Vec<String> = fields
                .iter()
                .map(|field| format!("{} {}", field.name(), sql_type_name(field)))
                .collect();
            return format!("STRUCT({})", members.join(", "));
        }
        DataType::Map(entries, _) => {
            let DataType::Struct(fields) = entries.data_type() else { return "MAP".to_owned() };
            let members: Vec<String> = fields.iter().map(|field| sql_type_name(field)).collect();
            return format!("MAP({})", members.join(", "));
        }
        DataType::Dictionary(_, values) => return data_type_name(values),
        DataType::RunEndEncoded(_, values) => return data_type_name(values.data_type()),
        DataType::Union(..) => "UNION",
    };
    name.to_owned()
}
