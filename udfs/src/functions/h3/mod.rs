//! Functions that work with cells of the H3 grid.

mod around;
mod cell;
mod disk_distances;
mod fill;
mod geometry_text;
mod h3_are_neighbor_cells;
mod h3_cell_area;
mod h3_cell_to_boundary;
mod h3_cell_to_boundary_geojson;
mod h3_cell_to_boundary_wkb;
mod h3_cell_to_boundary_wkt;
mod h3_cell_to_center_child;
mod h3_cell_to_child_pos;
mod h3_cell_to_children;
mod h3_cell_to_children_size;
mod h3_cell_to_lat;
mod h3_cell_to_latlng;
mod h3_cell_to_lng;
mod h3_cell_to_local_ij;
mod h3_cell_to_parent;
mod h3_cell_to_point;
mod h3_cell_to_vertex;
mod h3_cell_to_vertexes;
mod h3_cells_to_directed_edge;
mod h3_cells_to_multi_polygon;
mod h3_cells_to_multi_polygon_wkt;
mod h3_centerasgeojson;
mod h3_centeraswkt;
mod h3_child_pos_to_cell;
mod h3_compact_cells;
mod h3_construct_cell;
mod h3_construct_cell_string;
mod h3_coverage;
mod h3_coverage_strings;
mod h3_directed_edge_to_boundary;
mod h3_directed_edge_to_boundary_wkb;
mod h3_directed_edge_to_boundary_wkt;
mod h3_directed_edge_to_cells;
mod h3_edge_length;
mod h3_get_base_cell_number;
mod h3_get_directed_edge_destination;
mod h3_get_directed_edge_origin;
mod h3_get_hexagon_area_avg;
mod h3_get_hexagon_edge_length_avg;
mod h3_get_icosahedron_faces;
mod h3_get_index_digit;
mod h3_get_num_cells;
mod h3_get_pentagons;
mod h3_get_pentagons_string;
mod h3_get_res0_cells;
mod h3_get_res0_cells_string;
mod h3_get_resolution;
mod h3_get_resolution_from_tile_zoom;
mod h3_great_circle_distance;
mod h3_grid_disk;
mod h3_grid_disk_distances;
mod h3_grid_disk_distances_safe;
mod h3_grid_disk_distances_unsafe;
mod h3_grid_disk_unsafe;
mod h3_grid_distance;
mod h3_grid_path_cells;
mod h3_grid_ring;
mod h3_grid_ring_unsafe;
mod h3_h3_to_string;
mod h3_is_pentagon;
mod h3_is_res_class_iii;
mod h3_is_valid_cell;
mod h3_is_valid_directed_edge;
mod h3_is_valid_index;
mod h3_is_valid_vertex;
mod h3_ischildof;
mod h3_latlng_to_cell;
mod h3_latlng_to_cell_string;
mod h3_local_ij_to_cell;
mod h3_longlatash3;
mod h3_longlatash3string;
mod h3_max_grid_disk_size;
mod h3_maxchild;
mod h3_minchild;
mod h3_origin_to_directed_edges;
mod h3_polygon_to_cells;
mod h3_polygon_to_cells_experimental;
mod h3_polygon_to_cells_experimental_string;
mod h3_polygon_to_cells_string;
mod h3_polygon_wkt_to_cells;
mod h3_polygon_wkt_to_cells_experimental;
mod h3_polygon_wkt_to_cells_experimental_string;
mod h3_polygon_wkt_to_cells_string;
mod h3_reverse_directed_edge;
mod h3_string_to_h3;
mod h3_tessellate;
mod h3_try_validate;
mod h3_uncompact_cells;
mod h3_validate;
mod h3_vertex_to_lat;
mod h3_vertex_to_latlng;
mod h3_vertex_to_lng;
mod h3_vertex_to_point;
mod outline;
mod polygon_text;
mod ring;
mod st_h3cellids;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &h3_are_neighbor_cells::FUNCTION,
    &h3_cell_area::FUNCTION,
    &h3_cell_to_boundary::FUNCTION,
    &h3_cell_to_boundary_geojson::FUNCTION,
    &h3_cell_to_boundary_wkb::FUNCTION,
    &h3_cell_to_boundary_wkt::FUNCTION,
    &h3_cell_to_center_child::FUNCTION,
    &h3_cell_to_child_pos::FUNCTION,
    &h3_cell_to_children::FUNCTION,
    &h3_cell_to_children_size::FUNCTION,
    &h3_cell_to_lat::FUNCTION,
    &h3_cell_to_latlng::FUNCTION,
    &h3_cell_to_lng::FUNCTION,
    &h3_cell_to_local_ij::FUNCTION,
    &h3_cell_to_parent::FUNCTION,
    &h3_cell_to_point::FUNCTION,
    &h3_cell_to_vertex::FUNCTION,
    &h3_cell_to_vertexes::FUNCTION,
    &h3_cells_to_directed_edge::FUNCTION,
    &h3_cells_to_multi_polygon::FUNCTION,
    &h3_cells_to_multi_polygon_wkt::FUNCTION,
    &h3_centerasgeojson::FUNCTION,
    &h3_centeraswkt::FUNCTION,
    &h3_child_pos_to_cell::FUNCTION,
    &h3_compact_cells::FUNCTION,
    &h3_construct_cell::FUNCTION,
    &h3_construct_cell_string::FUNCTION,
    &h3_coverage::FUNCTION,
    &h3_coverage_strings::FUNCTION,
    &h3_directed_edge_to_boundary::FUNCTION,
    &h3_directed_edge_to_boundary_wkb::FUNCTION,
    &h3_directed_edge_to_boundary_wkt::FUNCTION,
    &h3_directed_edge_to_cells::FUNCTION,
    &h3_edge_length::FUNCTION,
    &h3_get_base_cell_number::FUNCTION,
    &h3_get_directed_edge_destination::FUNCTION,
    &h3_get_directed_edge_origin::FUNCTION,
    &h3_get_hexagon_area_avg::FUNCTION,
    &h3_get_hexagon_edge_length_avg::FUNCTION,
    &h3_get_icosahedron_faces::FUNCTION,
    &h3_get_index_digit::FUNCTION,
    &h3_get_num_cells::FUNCTION,
    &h3_get_pentagons::FUNCTION,
    &h3_get_pentagons_string::FUNCTION,
    &h3_get_res0_cells::FUNCTION,
    &h3_get_res0_cells_string::FUNCTION,
    &h3_get_resolution::FUNCTION,
    &h3_get_resolution_from_tile_zoom::FUNCTION,
    &h3_great_circle_distance::FUNCTION,
    &h3_grid_disk::FUNCTION,
    &h3_grid_disk_distances::FUNCTION,
    &h3_grid_disk_distances_safe::FUNCTION,
    &h3_grid_disk_distances_unsafe::FUNCTION,
    &h3_grid_disk_unsafe::FUNCTION,
    &h3_grid_distance::FUNCTION,
    &h3_grid_path_cells::FUNCTION,
    &h3_grid_ring::FUNCTION,
    &h3_grid_ring_unsafe::FUNCTION,
    &h3_h3_to_string::FUNCTION,
    &h3_is_pentagon::FUNCTION,
    &h3_is_res_class_iii::FUNCTION,
    &h3_is_valid_cell::FUNCTION,
    &h3_is_valid_directed_edge::FUNCTION,
    &h3_is_valid_index::FUNCTION,
    &h3_is_valid_vertex::FUNCTION,
    &h3_ischildof::FUNCTION,
    &h3_latlng_to_cell::FUNCTION,
    &h3_latlng_to_cell_string::FUNCTION,
    &h3_local_ij_to_cell::FUNCTION,
    &h3_longlatash3::FUNCTION,
    &h3_longlatash3string::FUNCTION,
    &h3_max_grid_disk_size::FUNCTION,
    &h3_maxchild::FUNCTION,
    &h3_minchild::FUNCTION,
    &h3_origin_to_directed_edges::FUNCTION,
    &h3_polygon_to_cells::FUNCTION,
    &h3_polygon_to_cells_experimental::FUNCTION,
    &h3_polygon_to_cells_experimental_string::FUNCTION,
    &h3_polygon_to_cells_string::FUNCTION,
    &h3_polygon_wkt_to_cells::FUNCTION,
    &h3_polygon_wkt_to_cells_experimental::FUNCTION,
    &h3_polygon_wkt_to_cells_experimental_string::FUNCTION,
    &h3_polygon_wkt_to_cells_string::FUNCTION,
    &h3_reverse_directed_edge::FUNCTION,
    &h3_string_to_h3::FUNCTION,
    &h3_tessellate::FUNCTION,
    &h3_try_validate::FUNCTION,
    &h3_uncompact_cells::FUNCTION,
    &h3_validate::FUNCTION,
    &h3_vertex_to_lat::FUNCTION,
    &h3_vertex_to_latlng::FUNCTION,
    &h3_vertex_to_lng::FUNCTION,
    &h3_vertex_to_point::FUNCTION,
    &st_h3cellids::FUNCTION,
];
