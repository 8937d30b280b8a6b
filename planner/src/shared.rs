//! What all partitions of an operator share and the first of them starts to make.

use std::fmt::{Debug, Formatter};
use std::sync::Arc;

use datafusion::common::{DataFusionError, Result};
use futures::future::{BoxFuture, FutureExt as _, Shared};
use parking_lot::Mutex;

/// What is shared, once it is made.
pub(crate) type Making<T> = Shared<BoxFuture<'static, Result<Arc<T>, Arc<DataFusionError>>>>;

/// What all partitions of an operator share; the first of them starts to make it.
pub(crate) struct MadeOnce<T>(Mutex<Option<Making<T>>>);

impl<T> MadeOnce<T> {
    /// Returns what is made, which is started if it was not yet.
    pub(crate) fn get_or_start<F>(&self, start: impl FnOnce() -> Result<F>) -> Result<Making<T>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.get_or_find(|| Ok(start()?.map(|made| made.map(Arc::new))))
    }

    /// Returns what is made, which is started if it was not yet and may be there already.
    pub(crate) fn get_or_find<F>(&self, find: impl FnOnce() -> Result<F>) -> Result<Making<T>>
    where
        F: Future<Output = Result<Arc<T>>> + Send + 'static,
    {
        let mut shared = self.0.lock();
        if let Some(making) = &*shared {
            return Ok(making.clone());
        }
        let making = find()?.map(|made| made.map_err(Arc::new)).boxed().shared();
        *shared = Some(making.clone());
        Ok(making)
    }
}

impl<T> Default for MadeOnce<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Debug for MadeOnce<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeOnce").finish_non_exhaustive()
    }
}
