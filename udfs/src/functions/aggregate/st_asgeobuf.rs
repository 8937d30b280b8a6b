//! `ST_AsGeobuf`: rows as a Geobuf collection of features.

use arrow::array::Array as _;
use godwit_geometry::geobuf::{self, Feature};
use godwit_geometry::{Geometry, GeometryError, WkbColumn};

use crate::aggregate::{RecordAggregate, Records, geometry_index, properties, values_of};
use crate::function::{Argument, Parity};
use crate::options::Options;

const TITLE: &str = "ST_AsGeobuf";

pub(super) static AGGREGATE: RecordAggregate = RecordAggregate {
    title: TITLE,
    summary: "Returns a Geobuf collection that has a feature for each row; null without rows.",
    notes: "Rows whose geometry is null are left out; the other fields of the row become \
            properties. Coordinates keep six decimals at most, and as in PostGIS fewer when few of \
            them need more: each that does adds one. The first geometry says whether there are \
            heights; measures are dropped.",
    example: "SELECT encode(ST_AsGeobuf(named_struct('geom', geom, 'n', n)), 'base64') FROM (VALUES \
              (1, ST_Point(1, 2)), (2, ST_Point(3, 4))) AS t(n, geom)",
    parity: Parity::Differs("PostGIS writes bytes without a meaning for measures."),
    arguments: &[
        Argument::record("row", "The row, as `t` or `t.*` of a table or a `named_struct`."),
        Argument::text("geom_name", "The field with the geometry; else the first.")
            .optional()
            .literal(),
    ],
    encode,
};

fn encode(records: &Records<'_>, options: &Options) -> Result<Option<Vec<u8>>, GeometryError> {
    let Some(rows) = records.rows else { return Ok(None) };
    let geometry = geometry_index(records, TITLE, options.text(1))?;
    let (keys, properties) = properties(records, rows, |index| index != geometry)?;
    let mut features = Vec::new();
    let column = rows.columns().get(geometry).map(AsRef::as_ref);
    if let Some(geometries) = column.and_then(WkbColumn::try_new) {
        for row in (0..rows.len()).filter(|row| rows.is_valid(*row)) {
            if let Some(bytes) = geometries.get(row) {
                let properties = values_of(&properties, row);
                features.push(Feature { geometry: Geometry::try_new(bytes)?, properties });
            }
        }
    }
    Ok(Some(geobuf::encode(&keys, &features)))
}
