//! The ring around a cell, in the order in which the H3 library lists it.

use std::collections::HashMap;

use h3o::CellIndex;

/// The most steps for which a ring around a pentagon is listed in the order of the H3 library,
/// whose way through the disk is long.
const ORDERED: u32 = 3;

/// The directions to neighbours, in the order in which the H3 library goes.
const DIRECTIONS: [u64; 6] = [2, 3, 1, 5, 4, 6];

/// Returns the cells at exactly a number of steps from a cell.
pub(super) fn ring_of(cell: CellIndex, k: u32) -> Vec<CellIndex> {
    if let Some(ring) = cell.grid_ring_fast(k).collect() {
        return ring;
    }
    if k > ORDERED {
        return cell.grid_ring(k);
    }
    let mut disk = Disk { slots: HashMap::new(), size: h3o::max_grid_disk_size(k) };
    disk.walk(cell, 0, k);
    let mut slots: Vec<(u64, CellIndex, u32)> =
        disk.slots.into_iter().map(|(slot, (cell, distance))| (slot, cell, distance)).collect();
    slots.sort_unstable_by_key(|(slot, ..)| *slot);
    slots.into_iter().filter(|(.., distance)| *distance == k).map(|(_, cell, _)| cell).collect()
}

/// The cells of a disk in a table of open addresses, as the H3 library keeps them.
struct Disk {
    slots: HashMap<u64, (CellIndex, u32)>,
    size: u64,
}

impl Disk {
    /// Adds a cell and all cells that can be reached from it in the steps that are left.
    fn walk(&mut self, cell: CellIndex, distance: u32, k: u32) {
        let mut slot = u64::from(cell) % self.size;
        while let Some((other, known)) = self.slots.get(&slot) {
            if *other == cell {
                if *known <= distance {
                    return;
                }
                break;
            }
            slot = (slot + 1) % self.size;
        }
        self.slots.insert(slot, (cell, distance));
        if distance >= k {
            return;
        }
        for direction in DIRECTIONS {
            let edge = cell.edges().find(|edge| (u64::from(*edge) >> 56) & 7 == direction);
            if let Some(edge) = edge {
                self.walk(edge.destination(), distance + 1, k);
            }
        }
    }
}
