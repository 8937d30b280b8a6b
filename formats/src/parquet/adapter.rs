//! Shows native geometry columns of Parquet files as WKB, file by file.

use std::sync::Arc;

use arrow::datatypes::{FieldRef, Fields, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr_adapter::{
    DefaultPhysicalExprAdapterFactory, PhysicalExprAdapter, PhysicalExprAdapterFactory,
};
use datafusion::physical_plan::PhysicalExpr;
use godwit_geometry::is_geometry;

use crate::derived::{Derivation, GeometryExpr};
use crate::geoarrow::Shape;
use crate::parquet::GeoMetadata;
use crate::parquet::finer_times::{FinerTimesAdapter, has_coarser_times};

/// Makes adapters that know native geometries and leave the rest to DataFusion.
#[derive(Debug)]
pub(super) struct NativeGeometryAdapterFactory;

impl PhysicalExprAdapterFactory for NativeGeometryAdapterFactory {
    fn create(
        &self,
        logical: SchemaRef,
        physical: SchemaRef,
    ) -> Result<Arc<dyn PhysicalExprAdapter>> {
        let natives = native_columns(&logical, &physical)?;
        if natives.is_empty() {
            return adapter_of_times(logical, physical);
        }
        // For DataFusion the table has these columns as they are in the file.
        let fields: Fields = logical
            .fields()
            .iter()
            .map(|field| match natives.iter().find(|native| native.0 == *field.name()) {
                Some((name, ..)) => physical.field_with_name(name).cloned().map(Arc::new),
                None => Ok(Arc::clone(field)),
            })
            .collect::<Result<_, _>>()?;
        let as_in_file = Arc::new(Schema::new_with_metadata(fields, logical.metadata().clone()));
        let inner = adapter_of_times(as_in_file, physical)?;
        Ok(Arc::new(NativeGeometryAdapter { logical, natives, inner }))
    }
}

/// Returns the adapter of DataFusion, corrected for times.
fn adapter_of_times(
    logical: SchemaRef,
    physical: SchemaRef,
) -> Result<Arc<dyn PhysicalExprAdapter>> {
    if !has_coarser_times(&logical, &physical) {
        return DefaultPhysicalExprAdapterFactory.create(logical, physical);
    }
    let inner = DefaultPhysicalExprAdapterFactory.create(logical, Arc::clone(&physical))?;
    Ok(Arc::new(FinerTimesAdapter { physical, inner }))
}

fn native_columns(logical: &Schema, physical: &Schema) -> Result<Vec<(String, usize, Shape)>> {
    let mut others = Vec::new();
    for field in logical.fields().iter().filter(|field| is_geometry(field)) {
        let Some((index, own)) = physical.fields().find(field.name()) else { continue };
        if own.data_type().is_nested() || own.data_type().is_string() {
            others.push((index, own));
        }
    }
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let metadata = GeoMetadata::from_file(physical).map_err(crate::FormatError::from)?;
    let native = |(index, field): (usize, &FieldRef)| {
        let shape = metadata.column(field.name())?.shape?;
        Some((field.name().clone(), index, shape))
    };
    Ok(others.into_iter().filter_map(native).collect())
}

#[derive(Debug)]
struct NativeGeometryAdapter {
    logical: SchemaRef,
    /// Name, place in the file and encoding.
    natives: Vec<(String, usize, Shape)>,
    inner: Arc<dyn PhysicalExprAdapter>,
}

impl PhysicalExprAdapter for NativeGeometryAdapter {
    fn rewrite(&self, expression: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let replace = |expression: Arc<dyn PhysicalExpr>| {
            let Some(column) = expression.downcast_ref::<Column>() else {
                return Ok(Transformed::no(expression));
            };
            let native = self.natives.iter().find(|native| native.0 == column.name());
            let Some((name, index, shape)) = native else {
                return Ok(Transformed::no(expression));
            };
            let field = Arc::new(self.logical.field_with_name(name)?.clone());
            let input: Vec<Arc<dyn PhysicalExpr>> = vec![Arc::new(Column::new(name, *index))];
            let derived = GeometryExpr::new(Derivation::Shape(*shape), input, field);
            Ok(Transformed::yes(Arc::new(derived) as Arc<dyn PhysicalExpr>))
        };
        self.inner.rewrite(expression.transform_up(replace).data()?)
    }
}
