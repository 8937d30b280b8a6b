//! Protocol buffers, as far as this format needs them: fields are walked where they lie, so that a
//! block takes no more memory than its bytes.
//!
//! <https://protobuf.dev/programming-guides/encoding>

/// What is read, or what is wrong with the bytes.
pub(super) type Checked<T> = Result<T, &'static str>;

const CUT_OFF: &str = "a message is cut off";

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number.
    Number(u64),
    /// A message, a text or packed numbers; also what has a fixed length.
    Bytes(&'a [u8]),
}

impl<'a> Value<'a> {
    pub(super) fn number(self) -> Checked<u64> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Bytes(_) => Err("a field is no number"),
        }
    }

    pub(super) fn bytes(self) -> Checked<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Number(_) => Err("a field is a number"),
        }
    }
}

/// The fields of a message with their numbers, in the order of the bytes.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Checked<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.0.is_empty()).then(|| self.field())
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Checked<(u64, Value<'a>)> {
        let key = varint(&mut self.0)?;
        let length = match key & 7 {
            0 => return Ok((key >> 3, Value::Number(varint(&mut self.0)?))),
            1 => 8,
            2 => usize::try_from(varint(&mut self.0)?).map_err(|_far| CUT_OFF)?,
            5 => 4,
            _ => return Err("a field has an unknown type"),
        };
        let (value, rest) = self.0.split_at_checked(length).ok_or(CUT_OFF)?;
        self.0 = rest;
        Ok((key >> 3, Value::Bytes(value)))
    }
}

/// Packed numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Checked<u64>;

    fn next(&mut self) -> Option<Checked<u64>> {
        (!self.0.is_empty()).then(|| varint(&mut self.0))
    }
}

fn varint(bytes: &mut &[u8]) -> Checked<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(CUT_OFF)?;
        *bytes = rest;
        value |= u64::from(byte & 127) << shift;
        if *byte < 128 {
            return Ok(value);
        }
    }
    Err("a number is too long")
}

/// Returns a number that was stored so that small magnitudes stay small.
pub(super) fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_walked() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x1d, 1, 2, 3, 4];
        let fields: Vec<_> = Fields(&bytes).map(Result::unwrap).collect();
        let expected =
            [(1, Value::Number(150)), (2, Value::Bytes(b"hi")), (3, Value::Bytes(&[1, 2, 3, 4]))];
        assert_eq!(fields, expected);
        assert_eq!([0, 1, 2, 3].map(signed), [0, -1, 1, -2]);
        assert_eq!((signed(u64::MAX), signed(u64::MAX - 1)), (i64::MIN, i64::MAX));
    }

    #[test]
    fn broken_fields_are_refused() {
        for bytes in [&[0x08][..], &[0x12, 9, 1], &[0x0b, 0], &[0xff; 11]] {
            assert!(Fields(bytes).next().unwrap().is_err(), "{bytes:?}");
        }
        // A number has at most 64 bits, whatever follows.
        assert!(Packed(&[0x80; 12]).next().unwrap().is_err());
    }
}
