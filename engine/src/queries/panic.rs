//! A panic below is one statement's failure, not the server's.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;

use crate::error::{Code, Error};

/// What the columns of texts and bytes below say when they cannot hold more: their builders do not
/// return it. Functions of the query engine (`repeat`, `lpad`) use them.
const OVERFLOW: &str = "offset overflow";

/// Returns what the future returns, or an internal error when it panics.
pub(crate) async fn unpanicked<F: Future>(future: F) -> Result<F::Output, Error> {
    AssertUnwindSafe(future).catch_unwind().await.map_err(|panic| panicked(panic.as_ref()))
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    if text.contains(OVERFLOW) {
        return Error::new(
            Code::LimitExceeded,
            "the texts or bytes that a function makes of one batch of rows take more than 2 GB",
        )
        .with_hint("Make batches smaller: SET batch_size = 256.");
    }
    Error::new(Code::Internal, format!("a panic: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_too_large_is_no_fault_of_the_server() {
        for text in ["byte array offset overflow", "offset overflow: 2147483648"] {
            assert_eq!(panicked(&text).code, Code::LimitExceeded, "{text}");
            assert_eq!(panicked(&text.to_owned()).code, Code::LimitExceeded, "{text}");
        }
        assert_eq!(panicked(&"attempt to add with overflow").code, Code::Internal);
        assert_eq!(panicked(&()).code, Code::Internal);
    }
}
