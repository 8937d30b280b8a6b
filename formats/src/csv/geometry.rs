//! The geometry column that an option adds to delimited text.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::PhysicalExpr;
use godwit_geometry::{Crs, GeometryType};

use crate::FormatError;
use crate::derived::{Derivation, GeometryExpr};
use crate::geoarrow::Shape;
use crate::options::{Options, invalid};

const NAME: &str = "geometry";
/// Marks a geometry that took the place of a text column of the file.
const REPLACES_KEY: &str = "godwit:replaces";

/// Which columns make the geometry, and its reference system.
#[derive(Debug, Clone)]
pub(super) struct GeometryColumn {
    inputs: Vec<String>,
    derivation: Derivation,
    crs: Option<Crs>,
}

impl GeometryColumn {
    /// Reads the options `geometry` and `srid`.
    pub(super) fn from_options(options: &Options<'_>) -> Result<Option<Self>, FormatError> {
        let srid = options.count("srid")?;
        let Some(text) = options.text("geometry") else {
            return match options.text("srid") {
                Some(srid) => Err(invalid("srid", srid, "it needs the option geometry")),
                None => Ok(None),
            };
        };
        let crs = match srid {
            None => Some(Crs::wgs84()),
            Some(0) => None,
            Some(code) => Some(Crs::parse(&format!("EPSG:{code}"))?),
        };
        let refused = || invalid("geometry", text, "it takes wkt:COLUMN or xy:LON,LAT");
        let (kind, columns) = text.split_once(':').ok_or_else(refused)?;
        let inputs: Vec<String> = columns.split(',').map(|name| name.trim().to_owned()).collect();
        let derivation = match (kind.trim().to_ascii_lowercase().as_str(), inputs.len()) {
            ("wkt", 1) => Derivation::Shape(Shape::Wkt),
            ("xy", 2) => Derivation::Xy,
            _ => return Err(refused()),
        };
        Ok(Some(Self { inputs, derivation, crs }))
    }

    /// Adds the geometry to the columns of a file, in the place of a column of the same name.
    pub(super) fn add_to(&self, file: &Schema) -> Result<Schema, FormatError> {
        self.indices(file)?;
        let mut fields: Vec<_> = file.fields().iter().map(Arc::clone).collect();
        let mut field = self.field();
        match fields.iter_mut().find(|field| field.name() == NAME) {
            Some(place) => {
                let mut metadata = field.metadata().clone();
                metadata.insert(REPLACES_KEY.to_owned(), "true".to_owned());
                field = field.with_metadata(metadata);
                *place = Arc::new(field);
            }
            None => fields.push(Arc::new(field)),
        }
        Ok(Schema::new(fields))
    }

    /// Returns the columns of the file behind a table with the geometry: values are found by
    /// their position.
    pub(super) fn file_schema(table: &Schema) -> SchemaRef {
        let mut fields = Vec::new();
        for field in table.fields() {
            if field.name() != NAME {
                fields.push(Arc::clone(field));
            } else if field.metadata().contains_key(REPLACES_KEY) {
                fields.push(Arc::new(Field::new(NAME, DataType::Utf8View, true)));
            }
        }
        Arc::new(Schema::new(fields))
    }

    /// Returns each column of the table in terms of the columns of the file.
    pub(super) fn expressions(
        &self,
        table: &Schema,
        file: &Schema,
    ) -> Result<Vec<Arc<dyn PhysicalExpr>>, FormatError> {
        let mut expressions: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
        for field in table.fields() {
            if field.name() == NAME {
                let mut inputs: Vec<Arc<dyn PhysicalExpr>> = Vec::new();
                for index in self.indices(file)? {
                    inputs.push(Arc::new(Column::new(file.field(index).name(), index)));
                }
                let field = Arc::clone(field);
                expressions.push(Arc::new(GeometryExpr::new(self.derivation, inputs, field)));
            } else {
                expressions.push(Arc::new(Column::new(field.name(), file.index_of(field.name())?)));
            }
        }
        Ok(expressions)
    }

    fn field(&self) -> Field {
        let field = Field::new(NAME, DataType::BinaryView, true);
        GeometryType::new(self.crs.clone()).annotate(field)
    }

    /// Finds the input columns, by their exact names first.
    fn indices(&self, schema: &Schema) -> Result<Vec<usize>, FormatError> {
        let fields = schema.fields();
        let find = |name: &String| {
            let exact = fields.iter().position(|field| field.name() == name);
            let loose = || fields.iter().position(|field| field.name().eq_ignore_ascii_case(name));
            exact.or_else(loose).ok_or_else(|| {
                let names: Vec<&str> = fields.iter().map(|field| field.name().as_str()).collect();
                let reason = format!("the file has no such column, only {}", names.join(", "));
                invalid("geometry", name, reason)
            })
        };
        self.inputs.iter().map(find).collect()
    }
}
