//! `ST_AsFlatGeobuf`: rows as a `FlatGeobuf` file.

use arrow::array::Array as _;
use godwit_geometry::flatgeobuf::{self, Column, Feature, Layer, push_value};
use godwit_geometry::{Geometry, GeometryError, GeometryType, WkbColumn};

use crate::aggregate::{RecordAggregate, Records, geometry_index, properties, values_of};
use crate::function::{Argument, Parity, Type};
use crate::options::Options;

const TITLE: &str = "ST_AsFlatGeobuf";

pub(super) static AGGREGATE: RecordAggregate = RecordAggregate {
    title: TITLE,
    summary: "Returns a FlatGeobuf file that has a feature for each row; null without rows.",
    notes: "The other fields of the row become properties, and an EPSG code of the geometry is kept. \
            With an index, features are put in the order of a curve through the plane.",
    example: "SELECT substr(encode(ST_AsFlatGeobuf(named_struct('geom', geom, 'n', n)), 'hex'), 1, 16) \
              FROM (VALUES (1, ST_Point(1, 2)), (2, ST_Point(3, 4))) AS t(n, geom)",
    parity: Parity::Differs("Whole numbers become 64-bit ones, whatever their width."),
    arguments: &[
        Argument::record("row", "The row, as `t` or `t.*` of a table or a `named_struct`."),
        Argument::new("index", Type::Boolean, "Whether to write an index; not if left out.")
            .optional()
            .literal(),
        Argument::text("geom_name", "The field with the geometry; else the first.")
            .optional()
            .literal(),
    ],
    encode,
};

fn encode(records: &Records<'_>, options: &Options) -> Result<Option<Vec<u8>>, GeometryError> {
    let Some(rows) = records.rows else { return Ok(None) };
    let geometry = geometry_index(records, TITLE, options.text(2))?;
    let (names, properties) = properties(records, rows, |index| index != geometry)?;
    let known = records.fields.get(geometry).map(|field| GeometryType::from_field(field));
    let crs = known.transpose()?.flatten().and_then(|known| known.crs);
    let columns = names.iter().zip(&properties);
    let columns = columns.map(|(name, values)| Column { name, column_type: values.column_type() });
    let layer = Layer { name: "", crs: crs.as_ref(), columns: columns.collect() };
    let geometries = rows.columns().get(geometry).and_then(|column| WkbColumn::try_new(column));
    let mut features = Vec::new();
    for row in (0..rows.len()).filter(|row| rows.is_valid(*row)) {
        let bytes = geometries.and_then(|geometries| geometries.get(row));
        let mut feature =
            Feature { geometry: bytes.map(Geometry::try_new).transpose()?, properties: Vec::new() };
        for (column, value) in values_of(&properties, row) {
            push_value(&mut feature.properties, u16::try_from(column).unwrap_or(u16::MAX), value);
        }
        features.push(feature);
    }
    let with_index = options.boolean(1).unwrap_or(false);
    flatgeobuf::encode(&layer, &features, with_index).map(Some)
}
