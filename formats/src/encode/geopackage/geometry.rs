//! Geometries with the header that stands before their WKB, and what a layer says of them.

use godwit_geometry::{Bounds, Geometry, Kind, to_iso};

/// The header says that its numbers are little-endian.
const LITTLE_ENDIAN: u8 = 1;
const HAS_BOX: u8 = 1 << 1;
const IS_EMPTY: u8 = 1 << 4;

/// Appends a geometry, and returns its box unless it is empty.
pub(super) fn append(blob: &mut Vec<u8>, geometry: Geometry<'_>, system: i32) -> Option<Bounds> {
    let bounds = geometry.bounds();
    // The box of a point would be longer than the point.
    let stored = bounds.filter(|_| geometry.kind() != Kind::Point);
    let empty = if bounds.is_none() { IS_EMPTY } else { 0 };
    let boxed = if stored.is_some() { HAS_BOX } else { 0 };
    blob.extend_from_slice(&[b'G', b'P', 0, LITTLE_ENDIAN | boxed | empty]);
    blob.extend_from_slice(&system.to_le_bytes());
    if let Some(bounds) = stored {
        for number in [bounds.xmin, bounds.xmax, bounds.ymin, bounds.ymax] {
            blob.extend_from_slice(&number.to_le_bytes());
        }
    }
    blob.extend_from_slice(&to_iso(geometry));
    bounds
}

/// What the geometries of a layer have in common.
#[derive(Debug)]
pub(super) struct Seen {
    kind: Option<Kind>,
    is_mixed: bool,
    /// How many there are, and how many of them have heights and measures.
    counts: [u64; 3],
    pub(super) extent: Bounds,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { kind: None, is_mixed: false, counts: [0; 3], extent: Bounds::NOTHING }
    }

    pub(super) fn add(&mut self, geometry: Geometry<'_>, bounds: Option<Bounds>) {
        self.is_mixed |= self.kind.is_some_and(|kind| kind != geometry.kind());
        self.kind = Some(geometry.kind());
        let dimension = geometry.dimension();
        let has = [true, dimension.has_z(), dimension.has_m()];
        for (count, has) in self.counts.iter_mut().zip(has) {
            *count += u64::from(has);
        }
        if let Some(bounds) = bounds {
            self.extent = self.extent.merge(&bounds);
        }
    }

    /// Returns the name of the kind of all geometries.
    pub(super) fn kind_name(&self) -> &'static str {
        self.kind.filter(|_| !self.is_mixed).map_or("GEOMETRY", Kind::wkt_name)
    }

    /// Returns whether geometries have heights, and whether they have measures: 0 if none has, 1 if
    /// all have, else 2.
    pub(super) fn ordinates(&self) -> [u8; 2] {
        let [all, with_z, with_m] = self.counts;
        [with_z, with_m].map(|count| match count {
            0 => 0,
            count if count == all => 1,
            _ => 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use godwit_geometry::wkt;

    use super::*;

    #[test]
    fn headers_say_what_follows() {
        let mut seen = Seen::new();
        for (text, flags, length) in [
            ("POINT(1 2)", 1, 8 + 21),
            ("POINT EMPTY", 0b1_0001, 8 + 21),
            ("LINESTRING Z (0 0 1,1 1 2)", 0b11, 8 + 32 + 57),
            ("POLYGON EMPTY", 0b1_0001, 8 + 9),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let geometry = Geometry::try_new(&wkb).unwrap();
            let mut blob = Vec::new();
            let bounds = append(&mut blob, geometry, 3301);
            seen.add(geometry, bounds);
            assert_eq!((blob.get(3), blob.len()), (Some(&flags), length), "{text}");
            assert_eq!(blob.get(4..8), Some(&3301_i32.to_le_bytes()[..]));
        }
        assert_eq!((seen.kind_name(), seen.ordinates()), ("GEOMETRY", [2, 0]));
        assert_eq!(seen.extent, Bounds::new(0.0, 0.0, 1.0, 2.0));
    }
}
