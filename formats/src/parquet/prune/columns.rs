//! Where a file says something about the boxes around its geometries.

use std::collections::BTreeMap;
use std::sync::Arc;

use godwit_geometry::{Bounds, Extent};
use parquet::file::metadata::ParquetMetaData;
use serde_json::Value;

use super::leaf::Leaf;
use crate::parquet::GEO_KEY;

/// The columns of boxes that a table declares, by the geometry columns they bound.
pub(crate) type Coverings = Arc<BTreeMap<String, String>>;

const SIDES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// What a file has about one geometry column.
#[derive(Debug, Clone)]
pub(super) struct GeometryColumn {
    /// The box around all geometries.
    pub(super) extent: Extent,
    /// The geometries themselves, when they are one leaf.
    pub(super) leaf: Option<Leaf>,
    /// The numbers that bound the geometries.
    pub(super) sides: Option<Sides>,
}

/// The leaves with the least X, least Y, greatest X and greatest Y.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub(super) leaves: [Leaf; 4],
    /// Whether the numbers are the coordinates themselves.
    pub(super) are_coordinates: bool,
    /// Whether boxes may go around the back of the globe, so that X says nothing.
    pub(super) may_wrap: bool,
    /// Whether a missing box means a geometry that is NULL or empty.
    pub(super) nulls_are_empty: bool,
}

impl GeometryColumn {
    /// Returns what a file has about the geometry column called `name`.
    pub(super) fn of_file(metadata: &ParquetMetaData, name: &str, coverings: &Coverings) -> Self {
        let geo = geo_metadata(metadata);
        let declared = geo.as_ref().and_then(|geo| geo.get("columns")?.get(name));
        let edges = declared.and_then(|column| column.get("edges")?.as_str());
        let columns = metadata.file_metadata().schema_descr().columns();
        let leaf = columns.iter().position(|column| column.path().parts() == [name]).map(Leaf);
        if edges.is_some_and(|edges| edges != "planar") {
            return Self { extent: Extent::Unknown, leaf: None, sides: None };
        }
        let bounds = declared.and_then(file_bounds);
        let may_wrap = bounds.is_some_and(|bounds| bounds.xmin > bounds.xmax);
        let covering = declared
            .and_then(|column| declared_covering(metadata, column))
            .or_else(|| table_covering(metadata, coverings.get(name)?));
        let sides = match covering {
            Some(leaves) => Some(Sides {
                leaves,
                are_coordinates: false,
                may_wrap,
                nulls_are_empty: is_own(metadata),
            }),
            None => coordinates(metadata, name, declared).map(|leaves| Sides {
                leaves,
                are_coordinates: true,
                may_wrap: false,
                nulls_are_empty: true,
            }),
        };
        Self { extent: bounds.map_or(Extent::Unknown, Extent::from_stored), leaf, sides }
    }
}

/// Our own writers leave out the boxes of geometries that are NULL or empty, and no others.
fn is_own(metadata: &ParquetMetaData) -> bool {
    let writer = metadata.file_metadata().created_by();
    writer.is_some_and(|writer| writer.starts_with("godwit "))
}

fn geo_metadata(metadata: &ParquetMetaData) -> Option<Value> {
    let entries = metadata.file_metadata().key_value_metadata()?;
    let entry = entries.iter().find(|entry| entry.key == GEO_KEY)?;
    serde_json::from_str(entry.value.as_deref()?).ok()
}

/// Returns the `bbox` of a column, of two or three dimensions.
fn file_bounds(column: &Value) -> Option<Bounds> {
    let numbers = column.get("bbox")?.as_array()?;
    let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_f64).collect();
    match numbers?.as_slice() {
        [xmin, ymin, xmax, ymax] | [xmin, ymin, _, xmax, ymax, _] => {
            Some(Bounds::new(*xmin, *ymin, *xmax, *ymax))
        }
        _ => None,
    }
}

/// Returns the leaves that the `covering` of a column names.
fn declared_covering(metadata: &ParquetMetaData, column: &Value) -> Option<[Leaf; 4]> {
    let bbox = column.get("covering")?.get("bbox")?;
    leaves(|side| {
        let path = bbox.get(side)?.as_array()?;
        let path: Option<Vec<&str>> = path.iter().map(Value::as_str).collect();
        flat(metadata, &path?)
    })
}

fn table_covering(metadata: &ParquetMetaData, boxes: &str) -> Option<[Leaf; 4]> {
    leaves(|side| flat(metadata, &[boxes, side]))
}

fn leaves(find: impl Fn(&str) -> Option<Leaf>) -> Option<[Leaf; 4]> {
    let [xmin, ymin, xmax, ymax] = SIDES.map(find);
    Some([xmin?, ymin?, xmax?, ymax?])
}

fn flat(metadata: &ParquetMetaData, path: &[&str]) -> Option<Leaf> {
    Leaf::at(metadata, path).filter(|leaf| leaf.is_flat(metadata))
}

/// Returns the leaves of coordinates that are stored as numbers: the least X is the least of them.
fn coordinates(
    metadata: &ParquetMetaData,
    name: &str,
    declared: Option<&Value>,
) -> Option<[Leaf; 4]> {
    let encoding = declared?.get("encoding")?.as_str()?;
    if encoding.eq_ignore_ascii_case("wkb") {
        return None;
    }
    let columns = metadata.file_metadata().schema_descr().columns();
    let find = |ordinate: &str| {
        let of_column = columns.iter().map(|column| column.path().parts()).find(|parts| {
            parts.first().is_some_and(|first| first == name)
                && parts.last().is_some_and(|last| last == ordinate)
        })?;
        let path: Vec<&str> = of_column.iter().map(String::as_str).collect();
        Leaf::at(metadata, &path)
    };
    let (x, y) = (find("x")?, find("y")?);
    Some([x, y, x, y])
}
