//! The few things of protocol buffers that vector tiles and Geobuf are made of.

/// Appends a number of as many bytes as it needs.
pub(crate) fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        bytes.push(0x80 | u8::try_from(value & 127).unwrap_or(0));
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap_or(0));
}

/// Appends a field with a number.
pub(crate) fn number_field(bytes: &mut Vec<u8>, field: u8, value: u64) {
    bytes.push(field << 3);
    varint(bytes, value);
}

/// Appends a field with bytes: a text, a message or packed numbers.
pub(crate) fn bytes_field(bytes: &mut Vec<u8>, field: u8, value: &[u8]) {
    bytes.push(field << 3 | 2);
    varint(bytes, u64::try_from(value.len()).unwrap_or(0));
    bytes.extend_from_slice(value);
}

/// Returns a number that may be negative as one that is not; small magnitudes stay small.
pub(crate) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// Appends a field with a double.
pub(crate) fn double_field(bytes: &mut Vec<u8>, field: u8, value: f64) {
    bytes.push(field << 3 | 1);
    bytes.extend_from_slice(&value.to_le_bytes());
}
