//! `ST_AsMVT`: rows as the features of a layer of a vector tile.

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{DataType, Int64Type};
use godwit_geometry::mvt::Layer;
use godwit_geometry::{GeometryError, Kinds, WkbColumn};

use crate::aggregate::{
    RecordAggregate, Records, converted, geometry_index, index_of, properties, values_of, with_row,
};
use crate::function::{Argument, Parity};
use crate::options::Options;

const TITLE: &str = "ST_AsMVT";

pub(super) static AGGREGATE: RecordAggregate = RecordAggregate {
    title: TITLE,
    summary: "Returns a vector tile with one layer that has a feature for each row.",
    notes: "The geometry of a row must be on the grid of the tile already, as ST_AsMVTGeom returns \
            it; rows whose geometry is null are left out. The other fields of the row become \
            properties. The bytes of tiles put together one behind the other are a tile with all \
            their layers.",
    example: "SELECT encode(ST_AsMVT(named_struct('geom', ST_AsMVTGeom(geom, \
              ST_MakeEnvelope(0, 0, 10, 10)), 'n', n), 'points'), 'hex') FROM (VALUES \
              (1, ST_Point(1, 2)), (2, ST_Point(3, 4))) AS t(n, geom)",
    parity: Parity::Differs("PostGIS has an ST_AsMVT of JSON as well."),
    arguments: &[
        Argument::record("row", "The row, as `t` or `t.*` of a table or a `named_struct`."),
        Argument::text("name", "The name of the layer, `default` if left out.")
            .default("'default'")
            .literal(),
        Argument::integer("extent", "The cells on a side, 4096 if left out.")
            .default("4096")
            .literal(),
        Argument::text("geom_name", "The field with the geometry; else the first.")
            .optional()
            .literal(),
        Argument::text("feature_id_name", "The field with the id of features.")
            .optional()
            .literal(),
    ],
    encode,
};

/// Returns a tile with one layer that has a feature for each record with a geometry.
fn encode(records: &Records<'_>, options: &Options) -> Result<Option<Vec<u8>>, GeometryError> {
    let extent = match options.integer(2)? {
        Some(extent) => {
            u32::try_from(extent).ok().filter(|extent| *extent > 0).ok_or_else(|| {
                GeometryError::InvalidArgument {
                    reason: format!("the extent of {TITLE} must be positive, not {extent}"),
                }
            })?
        }
        None => 4096,
    };
    let Some(rows) = records.rows else { return Ok(Some(Vec::new())) };
    let geometry = geometry_index(records, TITLE, options.text(3))?;
    let id = options.text(4).map(|name| index_of(records, TITLE, name)).transpose()?;
    let is_property = |index| index != geometry && Some(index) != id;
    let (keys, properties) = properties(records, rows, is_property)?;
    let ids = id
        .and_then(|index| rows.columns().get(index))
        .map(|column| converted(column, &DataType::Int64))
        .transpose()?;
    let ids = ids.as_ref().and_then(|ids| ids.as_primitive_opt::<Int64Type>());
    let mut layer = Layer::new(options.text(1).unwrap_or("default"), extent, keys);
    let column = rows.columns().get(geometry).map(AsRef::as_ref);
    let Some(geometries) = column.and_then(WkbColumn::try_new) else {
        // A column without a type has nothing but nulls.
        return Ok(Some(Vec::new()));
    };
    for row in 0..rows.len() {
        let Some(bytes) = geometries.get(row).filter(|_| rows.is_valid(row)) else {
            continue;
        };
        let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row));
        let id = id.and_then(|id| u64::try_from(id).ok());
        let values = values_of(&properties, row);
        with_row(bytes, Kinds::Basic, |geometry| layer.add(geometry, id, &values))?;
    }
    Ok(Some(layer.finish()))
}
