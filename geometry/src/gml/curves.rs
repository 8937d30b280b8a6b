//! Writes paths and areas with arcs, and surfaces, which version 3 has.

use super::write::Writer;
use crate::{Geometry, Kind};

impl Writer<'_> {
    /// Writes a path of lines and arcs as the segments of one curve.
    pub(super) fn curve(&mut self, path: Geometry<'_>, is_outermost: bool) {
        self.open("Curve", is_outermost);
        self.element("segments");
        self.segment(path);
        for part in path.parts() {
            self.segment(part);
        }
        self.close("segments");
        self.close("Curve");
    }

    fn segment(&mut self, path: Geometry<'_>) {
        let Some(positions) = path.path() else { return };
        let name =
            if path.kind() == Kind::CircularString { "ArcString" } else { "LineStringSegment" };
        self.element(name);
        self.sequence(positions);
        self.close(name);
    }

    /// Writes an area whose rings are lines, or curves in rings.
    pub(super) fn curve_polygon(&mut self, area: Geometry<'_>, is_outermost: bool) {
        self.open("Polygon", is_outermost);
        for (index, ring) in area.parts().enumerate() {
            let side = if index == 0 { "exterior" } else { "interior" };
            self.element(side);
            if let Some(line) = ring.line() {
                self.element("LinearRing");
                self.sequence(line);
                self.close("LinearRing");
            } else {
                self.element("Ring");
                self.element("curveMember");
                self.curve(ring, false);
                self.close("curveMember");
                self.close("Ring");
            }
            self.close(side);
        }
        self.close("Polygon");
    }

    /// Writes the faces of a surface.
    pub(super) fn surface(&mut self, surface: Geometry<'_>, is_outermost: bool) {
        let (name, list, face) = match surface.kind() {
            Kind::Tin => ("Tin", "trianglePatches", "Triangle"),
            _ => ("PolyhedralSurface", "polygonPatches", "PolygonPatch"),
        };
        self.open(name, is_outermost);
        self.element(list);
        for part in surface.parts() {
            self.polygon(part, face, false);
        }
        self.close(list);
        self.close(name);
    }
}
