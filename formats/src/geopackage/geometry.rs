//! The header before the WKB of a geometry.

/// Returns the WKB behind the header of a geometry.
pub(super) fn wkb(blob: &[u8]) -> Result<&[u8], &'static str> {
    let (head, rest) = blob.split_at_checked(8).ok_or("a geometry has no header")?;
    let [b'G', b'P', _version, flags, ..] = head else { return Err("a geometry has no header") };
    if flags & 0b10_0000 != 0 {
        return Err("a geometry is of a kind of its own, which is not supported");
    }
    let numbers = match (flags >> 1) & 7 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return Err("the box of a geometry is of an unknown kind"),
    };
    rest.get(8 * numbers..).ok_or("a geometry is cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_taken_off() {
        let blob = |flags: u8, length: usize| [&b"GP\0"[..], &[flags], &vec![7; length]].concat();
        for (flags, length, left) in [(1, 9, 5), (3, 37, 1), (0b101, 54, 2), (0b1001, 68, 0)] {
            assert_eq!(wkb(&blob(flags, length)).map(<[u8]>::len), Ok(left), "{flags}");
        }
        for broken in [blob(3, 35), blob(0b1011, 99), blob(0b10_0001, 99), b"GP\0\x01".to_vec()] {
            assert!(wkb(&broken).is_err(), "{broken:?}");
        }
    }
}
