//! JSON text: where objects begin and end in a stream of bytes, and what is in them.

mod collection;
mod cursor;
mod kinds;
mod number;
mod splitter;
mod text;
mod value;

pub(crate) use cursor::{Cursor, Fault, Parsed, Token};
pub(crate) use kinds::{Kinds, as_json, loses_digits};
pub(crate) use number::Number;
pub(crate) use splitter::{Layout, ObjectSplitter};
