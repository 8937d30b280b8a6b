//! Functions that work with cells of the H3 grid.

mod cell;
mod h3_are_neighbor_cells;
mod h3_cell_to_boundary;
mod h3_cell_to_boundary_wkt;
mod h3_cell_to_children;
mod h3_cell_to_lat;
mod h3_cell_to_latlng;
mod h3_cell_to_lng;
mod h3_cell_to_parent;
mod h3_get_resolution;
mod h3_grid_disk;
mod h3_grid_distance;
mod h3_h3_to_string;
mod h3_is_pentagon;
mod h3_is_valid_cell;
mod h3_latlng_to_cell;
mod h3_latlng_to_cell_string;
mod h3_longlatash3;
mod h3_polygon_to_cells;
mod h3_string_to_h3;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &h3_are_neighbor_cells::FUNCTION,
    &h3_cell_to_boundary::FUNCTION,
    &h3_cell_to_boundary_wkt::FUNCTION,
    &h3_cell_to_children::FUNCTION,
    &h3_cell_to_lat::FUNCTION,
    &h3_cell_to_latlng::FUNCTION,
    &h3_cell_to_lng::FUNCTION,
    &h3_cell_to_parent::FUNCTION,
    &h3_get_resolution::FUNCTION,
    &h3_grid_disk::FUNCTION,
    &h3_grid_distance::FUNCTION,
    &h3_h3_to_string::FUNCTION,
    &h3_is_pentagon::FUNCTION,
    &h3_is_valid_cell::FUNCTION,
    &h3_latlng_to_cell::FUNCTION,
    &h3_latlng_to_cell_string::FUNCTION,
    &h3_longlatash3::FUNCTION,
    &h3_polygon_to_cells::FUNCTION,
    &h3_string_to_h3::FUNCTION,
];
