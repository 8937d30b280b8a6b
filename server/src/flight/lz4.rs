//! How large a frame of LZ4 can become, told by the sizes of its blocks.

/// What begins a frame.
const MAGIC: [u8; 4] = 0x184D_2204_u32.to_le_bytes();
/// What begins a frame of the format before it.
const LEGACY_MAGIC: [u8; 4] = 0x184C_2102_u32.to_le_bytes();
/// The size of the blocks of that format.
const LEGACY_BLOCK: u64 = 8 << 20;
/// How much larger a block becomes at most: no byte of it stands for more.
const MOST_INFLATION: u64 = 255;
/// Marks a block that is not compressed.
const IS_PLAIN: u32 = 1 << 31;

/// Returns the most bytes that a frame can become: each block is no larger than the frame says that
/// blocks are. What follows a block that is not whole is not counted, because it is not read.
pub(super) fn most_bytes(frame: &[u8]) -> u64 {
    if let Some(blocks) = frame.strip_prefix(&LEGACY_MAGIC) {
        return of_blocks(blocks, LEGACY_BLOCK, 0);
    }
    let Some([flags, block, rest @ ..]) = frame.strip_prefix(&MAGIC) else { return 0 };
    // 64 KiB, 256 KiB, 1 MiB or 4 MiB.
    let block_bytes = 1_u64 << (8 + 2 * u64::from(block >> 4 & 7));
    let size = if flags & 0b1000 == 0 { 0 } else { 8 };
    let dictionary = if flags & 1 == 0 { 0 } else { 4 };
    let checksum = 1;
    let blocks = rest.get(size + dictionary + checksum..).unwrap_or_default();
    of_blocks(blocks, block_bytes, if flags & 0b1_0000 == 0 { 0 } else { 4 })
}

fn of_blocks(mut rest: &[u8], block_bytes: u64, checksum: usize) -> u64 {
    let mut total = 0_u64;
    while let Some((size, behind)) = rest.split_first_chunk() {
        let size = u32::from_le_bytes(*size);
        if size == 0 {
            break;
        }
        let bytes = size & !IS_PLAIN;
        let most = if size == bytes { MOST_INFLATION } else { 1 };
        total = total.saturating_add(block_bytes.min(u64::from(bytes) * most));
        let length = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_add(checksum);
        rest = behind.get(length..).unwrap_or_default();
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_to_the_end_of_the_frame() {
        let mut frame = MAGIC.to_vec();
        // Blocks of 64 KiB with a checksum each, and the size of the whole.
        frame.extend([0b0101_1000, 4 << 4]);
        frame.extend([0; 8 + 1]);
        for size in [1000_u32, 10, IS_PLAIN + 10] {
            frame.extend(size.to_le_bytes());
            frame.extend(vec![0; usize::try_from(size & !IS_PLAIN).unwrap() + 4]);
        }
        let whole = (64 << 10) + 2550 + 10;
        assert_eq!(most_bytes(&frame), whole);
        frame.extend([0; 4]);
        frame.extend(1000_u32.to_le_bytes());
        assert_eq!(most_bytes(&frame), whole);
        assert_eq!(most_bytes(&frame[..200]), 64 << 10);
        assert_eq!(most_bytes(b"no frame"), 0);
    }
}
