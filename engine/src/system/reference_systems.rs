//! `spatial_ref_sys`: the reference systems that are known by code.

use std::sync::LazyLock;

use godwit_geometry::crs::{KnownSystem, known_systems};

use super::batch::Cell;

/// Made once: writing all definitions takes a moment.
static SYSTEMS: LazyLock<Vec<KnownSystem>> = LazyLock::new(known_systems);

pub(super) fn rows() -> Vec<Vec<Cell>> {
    SYSTEMS
        .iter()
        .map(|system| {
            vec![
                Cell::Number(i64::from(system.srid)),
                Cell::text(system.authority),
                Cell::Number(i64::from(system.srid)),
                Cell::maybe(system.wkt.as_deref()),
                Cell::maybe(system.proj.as_deref()),
            ]
        })
        .collect()
}
