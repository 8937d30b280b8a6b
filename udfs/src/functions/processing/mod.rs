//! Functions that make a new geometry of one geometry.

mod circle_record;
mod postgis_addbbox;
mod st_addpoint;
mod st_affine;
mod st_boundary;
mod st_buffer;
mod st_buildarea;
mod st_catmullromsmoothing;
mod st_centroid;
mod st_chaikinsmoothing;
mod st_clusterintersecting;
mod st_clusterwithin;
mod st_collectionextract;
mod st_collectionhomogenize;
mod st_concavehull;
mod st_constraineddelaunaytriangles;
mod st_convexhull;
mod st_curvetoline;
mod st_delaunaytriangles;
mod st_expand;
mod st_extrude;
mod st_filterbym;
mod st_flipcoordinates;
mod st_force2d;
mod st_force3dm;
mod st_force3dz;
mod st_force4d;
mod st_forcecollection;
mod st_forcecurve;
mod st_forcepolygonccw;
mod st_forcepolygoncw;
mod st_forcesfs;
mod st_generatepoints;
mod st_geometricmedian;
mod st_hilbert;
mod st_largestemptycircle;
mod st_lineextend;
mod st_linemerge;
mod st_linetocurve;
mod st_makevalid;
mod st_maximuminscribedcircle;
mod st_minimumboundingcircle;
mod st_minimumboundingradius;
mod st_multi;
mod st_normalize;
mod st_offsetcurve;
mod st_orientedenvelope;
mod st_pointonsurface;
mod st_polygonize;
mod st_project;
mod st_quantizecoordinates;
mod st_reduceprecision;
mod st_removeirrelevantpointsforview;
mod st_removepoint;
mod st_removerepeatedpoints;
mod st_removesmallparts;
mod st_reverse;
mod st_rotate;
mod st_rotatex;
mod st_rotatey;
mod st_scale;
mod st_scroll;
mod st_segmentize;
mod st_seteffectivearea;
mod st_setpoint;
mod st_sharedpaths;
mod st_shiftlongitude;
mod st_simplify;
mod st_simplifypolygonhull;
mod st_simplifypreservetopology;
mod st_simplifyvw;
mod st_snap;
mod st_snaptogrid;
mod st_swapordinates;
mod st_translate;
mod st_transscale;
mod st_triangulatepolygon;
mod st_voronoilines;
mod st_voronoipolygons;
mod st_wrapx;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &postgis_addbbox::FUNCTION,
    &st_addpoint::FUNCTION,
    &st_affine::FUNCTION,
    &st_boundary::FUNCTION,
    &st_buffer::FUNCTION,
    &st_buildarea::FUNCTION,
    &st_catmullromsmoothing::FUNCTION,
    &st_centroid::FUNCTION,
    &st_chaikinsmoothing::FUNCTION,
    &st_clusterintersecting::FUNCTION,
    &st_clusterwithin::FUNCTION,
    &st_collectionextract::FUNCTION,
    &st_collectionhomogenize::FUNCTION,
    &st_concavehull::FUNCTION,
    &st_constraineddelaunaytriangles::FUNCTION,
    &st_convexhull::FUNCTION,
    &st_curvetoline::FUNCTION,
    &st_delaunaytriangles::FUNCTION,
    &st_expand::FUNCTION,
    &st_extrude::FUNCTION,
    &st_filterbym::FUNCTION,
    &st_flipcoordinates::FUNCTION,
    &st_force2d::FUNCTION,
    &st_force3dm::FUNCTION,
    &st_force3dz::FUNCTION,
    &st_force4d::FUNCTION,
    &st_forcecollection::FUNCTION,
    &st_forcecurve::FUNCTION,
    &st_forcepolygonccw::FUNCTION,
    &st_forcepolygoncw::FUNCTION,
    &st_forcesfs::FUNCTION,
    &st_generatepoints::FUNCTION,
    &st_geometricmedian::FUNCTION,
    &st_hilbert::FUNCTION,
    &st_largestemptycircle::FUNCTION,
    &st_lineextend::FUNCTION,
    &st_linemerge::FUNCTION,
    &st_linetocurve::FUNCTION,
    &st_makevalid::FUNCTION,
    &st_maximuminscribedcircle::FUNCTION,
    &st_minimumboundingcircle::FUNCTION,
    &st_minimumboundingradius::FUNCTION,
    &st_multi::FUNCTION,
    &st_normalize::FUNCTION,
    &st_offsetcurve::FUNCTION,
    &st_orientedenvelope::FUNCTION,
    &st_pointonsurface::FUNCTION,
    &st_polygonize::FUNCTION,
    &st_project::FUNCTION,
    &st_quantizecoordinates::FUNCTION,
    &st_reduceprecision::FUNCTION,
    &st_removeirrelevantpointsforview::FUNCTION,
    &st_removepoint::FUNCTION,
    &st_removerepeatedpoints::FUNCTION,
    &st_removesmallparts::FUNCTION,
    &st_reverse::FUNCTION,
    &st_rotate::FUNCTION,
    &st_rotatex::FUNCTION,
    &st_rotatey::FUNCTION,
    &st_scale::FUNCTION,
    &st_scroll::FUNCTION,
    &st_segmentize::FUNCTION,
    &st_seteffectivearea::FUNCTION,
    &st_setpoint::FUNCTION,
    &st_sharedpaths::FUNCTION,
    &st_shiftlongitude::FUNCTION,
    &st_simplify::FUNCTION,
    &st_simplifypolygonhull::FUNCTION,
    &st_simplifypreservetopology::FUNCTION,
    &st_simplifyvw::FUNCTION,
    &st_snap::FUNCTION,
    &st_snaptogrid::FUNCTION,
    &st_swapordinates::FUNCTION,
    &st_translate::FUNCTION,
    &st_transscale::FUNCTION,
    &st_triangulatepolygon::FUNCTION,
    &st_voronoilines::FUNCTION,
    &st_voronoipolygons::FUNCTION,
    &st_wrapx::FUNCTION,
];
