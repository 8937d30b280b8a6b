//! Mapbox vector tiles: geometries on the grid of a tile, and layers of them as bytes.
//!
//! <https://github.com/mapbox/vector-tile-spec/tree/master/2.1>

mod clip;
mod layer;
mod parts;
mod place;

#[cfg(test)]
mod tests;

pub use layer::{Layer, Value};
pub use place::{TileGrid, place};
