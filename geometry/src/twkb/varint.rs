//! Whole numbers of as many bytes as they need.

/// Appends a number, seven bits a byte, the lowest first.
pub(super) fn push_unsigned(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        bytes.push(0x80 | u8::try_from(value & 127).unwrap_or(0));
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap_or(0));
}

/// Appends a number that may be negative; small magnitudes take few bytes.
pub(super) fn push_signed(bytes: &mut Vec<u8>, value: i64) {
    push_unsigned(bytes, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Takes a number from the front of the bytes.
pub(super) fn pull_unsigned(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 127) << shift;
        if *first < 128 {
            return Some(value);
        }
    }
    None
}

/// Takes a number that may be negative from the front of the bytes.
pub(super) fn pull_signed(bytes: &mut &[u8]) -> Option<i64> {
    let value = pull_unsigned(bytes)?;
    Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}
