//! How results look on the wire: one schema function and one encoder for every place a result
//! leaves the server over Flight.
//!
//! Clients compare the schemas of `FlightInfo`, prepared statements, `GetSchema`, `GetTables` and
//! the stream itself, so all five come from [`Profile`].

mod convert;
mod encode;
mod error;
mod geometry;
mod keep_alive;
mod profile;
mod size;
mod stream;

pub(super) use encode::{Compression, Encoder, schema_bytes};
pub(super) use error::WireError;
pub(super) use geometry::GeometryFormat;
pub(super) use profile::{Profile, parameter_field, wire_schema};
pub(super) use stream::encoded;
