//! The tables of a GeoPackage.
//!
//! <https://www.geopackage.org/spec131>

use arrow::datatypes::Schema;

use crate::FormatError;
use crate::encode::EncodeOptions;
use crate::encode::attributes::{Attribute, Features, Form};
use crate::names::free_name;
use crate::options::invalid;

/// The tables that say what is in a file, and the reference systems that each file knows.
pub(super) const METADATA: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, \
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, \
    definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, \
    identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT \
    (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, \
    max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE \
    REFERENCES gpkg_contents(table_name), column_name TEXT NOT NULL, \
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL \
    REFERENCES gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL, \
    PRIMARY KEY (table_name, column_name));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, \
    definition TEXT NOT NULL, scope TEXT NOT NULL, \
    UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_spatial_ref_sys VALUES \
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'an unknown plane'), \
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'an unknown longitude and latitude'), \
    ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",\
SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],\
AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],\
UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AXIS[\"Latitude\",NORTH],\
AXIS[\"Longitude\",EAST],AUTHORITY[\"EPSG\",\"4326\"]]', 'longitude and latitude in degrees');
";

/// The names of a layer and of its columns.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) layer: String,
    /// The column with the geometry, if there is one.
    pub(super) geometry: Option<String>,
    /// The column of the key, and the attribute that is it.
    pub(super) key: (String, Option<usize>),
    /// The attributes and their types.
    columns: Vec<(String, &'static str)>,
    pub(super) has_index: bool,
}

impl Layout {
    /// Gives the columns of a result names that differ in more than their case, and finds the key:
    /// the column that is asked for, or one of whole numbers called `fid`, or a new one.
    pub(super) fn try_new(
        layer: &str,
        schema: &Schema,
        features: &Features,
        options: &EncodeOptions,
    ) -> Result<Self, FormatError> {
        let key = key(features, options)?;
        let mut names: Vec<String> = Vec::new();
        let geometry = features.geometry.map(|index| schema.field(index).name().clone());
        names.extend(geometry.clone());
        let mut columns = Vec::new();
        for attribute in &features.attributes {
            let name = free_name(&names.iter(), attribute.name.clone());
            names.push(name.clone());
            columns.push((name, type_name(attribute.form)));
        }
        let key_name = key.and_then(|index| columns.get(index)).map(|(name, _)| name.clone());
        let key_name = key_name.unwrap_or_else(|| free_name(&names.iter(), "fid".to_owned()));
        Ok(Self {
            layer: layer.to_owned(),
            geometry,
            key: (key_name, key),
            columns,
            has_index: options.has_index,
        })
    }

    /// Returns the statement that makes the table of the layer.
    pub(super) fn table(&self) -> String {
        let (key, index) = &self.key;
        let mut columns = vec![format!("{} INTEGER PRIMARY KEY AUTOINCREMENT", quoted(key))];
        columns.extend(self.geometry.iter().map(|name| format!("{} GEOMETRY", quoted(name))));
        for (place, (name, type_name)) in self.columns.iter().enumerate() {
            if Some(place) != *index {
                columns.push(format!("{} {type_name}", quoted(name)));
            }
        }
        format!("CREATE TABLE {} ({})", quoted(&self.layer), columns.join(", "))
    }

    /// Returns the statement that adds a row: the geometry, and the attributes in their order.
    pub(super) fn insertion(&self) -> String {
        let geometry = self.geometry.iter().map(|name| quoted(name));
        let columns = self.columns.iter().map(|(name, _)| quoted(name));
        let names: Vec<String> = geometry.chain(columns).collect();
        if names.is_empty() {
            return format!("INSERT INTO {} DEFAULT VALUES", quoted(&self.layer));
        }
        let places = vec!["?"; names.len()].join(", ");
        format!("INSERT INTO {} ({}) VALUES ({places})", quoted(&self.layer), names.join(", "))
    }

    /// Returns the name of the index by place, if there is to be one.
    pub(super) fn index(&self) -> Option<String> {
        let geometry = self.geometry.as_ref().filter(|_| self.has_index)?;
        Some(format!("rtree_{}_{geometry}", self.layer))
    }

    /// Returns the triggers that keep the index true when another program changes the layer. The
    /// functions they call are those of that program.
    pub(super) fn triggers(&self) -> Option<String> {
        let (name, geometry) = (self.index()?, quoted(self.geometry.as_ref()?));
        let (index, layer, key) = (quoted(&name), quoted(&self.layer), quoted(&self.key.0));
        let is_there = format!("(NEW.{geometry} NOTNULL AND NOT ST_IsEmpty(NEW.{geometry}))");
        let put = format!(
            "INSERT OR REPLACE INTO {index} VALUES (NEW.{key}, ST_MinX(NEW.{geometry}), \
             ST_MaxX(NEW.{geometry}), ST_MinY(NEW.{geometry}), ST_MaxY(NEW.{geometry}));"
        );
        let take = format!("DELETE FROM {index} WHERE id = OLD.{key};");
        let same = format!("OLD.{key} = NEW.{key}");
        let other = format!("OLD.{key} <> NEW.{key}");
        let triggers = [
            ("insert", "INSERT".to_owned(), is_there.clone(), put.clone()),
            (
                "update1",
                format!("UPDATE OF {geometry}"),
                format!("{same} AND {is_there}"),
                put.clone(),
            ),
            (
                "update2",
                format!("UPDATE OF {geometry}"),
                format!("{same} AND NOT {is_there}"),
                take.clone(),
            ),
            (
                "update3",
                "UPDATE".to_owned(),
                format!("{other} AND {is_there}"),
                format!("{take} {put}"),
            ),
            (
                "update4",
                "UPDATE".to_owned(),
                format!("{other} AND NOT {is_there}"),
                format!("DELETE FROM {index} WHERE id IN (OLD.{key}, NEW.{key});"),
            ),
            ("delete", "DELETE".to_owned(), format!("OLD.{geometry} NOTNULL"), take),
        ];
        let triggers = triggers.into_iter().map(|(suffix, event, condition, action)| {
            let trigger = quoted(&format!("{name}_{suffix}"));
            format!(
                "CREATE TRIGGER {trigger} AFTER {event} ON {layer} WHEN {condition} \
                 BEGIN {action} END;\n"
            )
        });
        Some(triggers.collect())
    }
}

/// Returns the attribute that is the key.
fn key(features: &Features, options: &EncodeOptions) -> Result<Option<usize>, FormatError> {
    let is_whole = |attribute: &Attribute| matches!(attribute.form, Form::Whole { .. });
    let named = |name: &str| {
        let is_named = |attribute: &Attribute| attribute.name.eq_ignore_ascii_case(name);
        features.attributes.iter().position(|each| is_named(each) && is_whole(each))
    };
    let Some(name) = &options.id_column else { return Ok(named("fid")) };
    let reason = "the result has no such column of whole numbers";
    named(name).map(Some).ok_or_else(|| invalid("id_column", name, reason))
}

fn type_name(form: Form) -> &'static str {
    match form {
        Form::Boolean => "BOOLEAN",
        Form::Whole { bits: 8, is_signed: true } => "TINYINT",
        Form::Whole { bits: 16, is_signed: true } | Form::Whole { bits: 8, .. } => "SMALLINT",
        Form::Whole { bits: 32, is_signed: true } | Form::Whole { bits: 16, .. } => "MEDIUMINT",
        Form::Whole { .. } => "INTEGER",
        Form::Float => "FLOAT",
        Form::Double => "DOUBLE",
        Form::Text | Form::Json => "TEXT",
        Form::Date => "DATE",
        Form::Time => "DATETIME",
        Form::Binary => "BLOB",
    }
}

/// Returns a name as the database wants it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
