//! Functions that read a property or a part of a geometry.

mod box2d;
mod box3d;
mod coordinate;
mod count;
mod extreme;
mod geometrytype;
mod path;
mod st_boundingdiagonal;
mod st_curven;
mod st_dimension;
mod st_endpoint;
mod st_envelope;
mod st_extent_approx;
mod st_exteriorring;
mod st_geometryn;
mod st_geometrytype;
mod st_hasarc;
mod st_hasm;
mod st_hasz;
mod st_interiorringn;
mod st_interiorrings;
mod st_isclosed;
mod st_iscollection;
mod st_isempty;
mod st_ispolygonccw;
mod st_ispolygoncw;
mod st_isring;
mod st_isvaliddetail;
mod st_isvalidreason;
mod st_m;
mod st_memsize;
mod st_mmax;
mod st_mmin;
mod st_ndims;
mod st_npoints;
mod st_nrings;
mod st_numcurves;
mod st_numgeometries;
mod st_numinteriorrings;
mod st_numpatches;
mod st_numpoints;
mod st_patchn;
mod st_pointn;
mod st_points;
mod st_startpoint;
mod st_summary;
mod st_x;
mod st_xmax;
mod st_xmin;
mod st_y;
mod st_ymax;
mod st_ymin;
mod st_z;
mod st_zmax;
mod st_zmflag;
mod st_zmin;

use coordinate::coordinate;
use count::count;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &box2d::FUNCTION,
    &box3d::FUNCTION,
    &geometrytype::FUNCTION,
    &st_boundingdiagonal::FUNCTION,
    &st_curven::FUNCTION,
    &st_dimension::FUNCTION,
    &st_endpoint::FUNCTION,
    &st_envelope::FUNCTION,
    &st_extent_approx::FUNCTION,
    &st_exteriorring::FUNCTION,
    &st_geometryn::FUNCTION,
    &st_geometrytype::FUNCTION,
    &st_hasarc::FUNCTION,
    &st_hasm::FUNCTION,
    &st_hasz::FUNCTION,
    &st_interiorringn::FUNCTION,
    &st_interiorrings::FUNCTION,
    &st_isclosed::FUNCTION,
    &st_iscollection::FUNCTION,
    &st_isempty::FUNCTION,
    &st_ispolygonccw::FUNCTION,
    &st_ispolygoncw::FUNCTION,
    &st_isring::FUNCTION,
    &st_isvaliddetail::FUNCTION,
    &st_isvalidreason::FUNCTION,
    &st_m::FUNCTION,
    &st_memsize::FUNCTION,
    &st_mmax::FUNCTION,
    &st_mmin::FUNCTION,
    &st_ndims::FUNCTION,
    &st_npoints::FUNCTION,
    &st_nrings::FUNCTION,
    &st_numcurves::FUNCTION,
    &st_numgeometries::FUNCTION,
    &st_numinteriorrings::FUNCTION,
    &st_numpatches::FUNCTION,
    &st_numpoints::FUNCTION,
    &st_patchn::FUNCTION,
    &st_pointn::FUNCTION,
    &st_points::FUNCTION,
    &st_startpoint::FUNCTION,
    &st_summary::FUNCTION,
    &st_x::FUNCTION,
    &st_xmax::FUNCTION,
    &st_xmin::FUNCTION,
    &st_y::FUNCTION,
    &st_ymax::FUNCTION,
    &st_ymin::FUNCTION,
    &st_z::FUNCTION,
    &st_zmax::FUNCTION,
    &st_zmflag::FUNCTION,
    &st_zmin::FUNCTION,
];
