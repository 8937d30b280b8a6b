//! The columns of the only file of a table: its statistics need them again.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::{Schema, SchemaRef};
use object_store::ObjectMeta;

/// Remembers the file that was looked at last, if it was looked at alone.
#[derive(Debug, Default)]
pub(super) struct OnlyFile {
    known: Mutex<Option<(ObjectMeta, SchemaRef)>>,
}

impl OnlyFile {
    /// Takes the columns of the files of a table.
    pub(super) fn note(&self, objects: &[ObjectMeta], schemas: &[Schema]) {
        let ([object], [schema]) = (objects, schemas) else { return };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((object.clone(), Arc::new(schema.clone())));
    }

    /// Returns the columns of a file, if they are known.
    pub(super) fn schema(&self, object: &ObjectMeta) -> Option<SchemaRef> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, schema) = known.as_ref()?;
        (file == object).then(|| Arc::clone(schema))
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field};
    use object_store::path::Path;

    use super::*;

    #[test]
    fn only_a_file_that_is_alone_and_unchanged_is_known() {
        let file = |name: &str, size| ObjectMeta {
            location: Path::from(name),
            last_modified: chrono::DateTime::UNIX_EPOCH,
            size,
            e_tag: None,
            version: None,
        };
        let schema = |name: &str| Schema::new(vec![Field::new(name, DataType::Int64, true)]);
        let only = OnlyFile::default();
        only.note(&[file("a", 1), file("b", 1)], &[schema("x"), schema("x")]);
        assert_eq!(only.schema(&file("a", 1)), None);
        only.note(&[file("a", 1)], &[schema("x")]);
        assert_eq!(only.schema(&file("a", 1)), Some(Arc::new(schema("x"))));
        assert_eq!(only.schema(&file("a", 2)), None);
        assert_eq!(only.schema(&file("b", 1)), None);
    }
}
