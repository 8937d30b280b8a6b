//! WKB and EWKB in big-endian byte order.

use godwit_geometry::{GeometryError, Kind, Layout};

/// Returns whether a byte order asked for is big-endian: `XDR`, and not `NDR`.
pub(super) fn is_big_endian(name: &str) -> Result<bool, GeometryError> {
    match name.to_ascii_lowercase().as_str() {
        "xdr" => Ok(true),
        "ndr" => Ok(false),
        _ => Err(GeometryError::InvalidArgument {
            reason: format!("byte order \"{name}\" is neither \"NDR\" nor \"XDR\""),
        }),
    }
}

/// Returns little-endian WKB or EWKB, as Godwit writes it, in the byte order asked for.
pub(super) fn in_byte_order(wkb: Vec<u8>, name: &str) -> Result<Vec<u8>, GeometryError> {
    if !is_big_endian(name)? {
        return Ok(wkb);
    }
    let mut turned = Turned { from: &wkb, to: Vec::with_capacity(wkb.len()) };
    turned.geometry().ok_or_else(|| GeometryError::InvalidWkb {
        offset: turned.to.len(),
        reason: "the bytes end early".to_owned(),
    })?;
    Ok(turned.to)
}

/// What is left to read, and what is written.
struct Turned<'a> {
    from: &'a [u8],
    to: Vec<u8>,
}

impl Turned<'_> {
    fn geometry(&mut self) -> Option<()> {
        self.from = self.from.get(1..)?;
        self.to.push(0);
        let code = self.integer()?;
        if code & 0x2000_0000 != 0 {
            self.integer()?;
        }
        let iso = code & 0xFFFF;
        let flags = usize::from(code & 0x8000_0000 != 0) + usize::from(code & 0x4000_0000 != 0);
        let ordinates = 2 + flags + [0, 1, 1, 2].get(usize::try_from(iso / 1000).ok()?)?;
        match Kind::from_code(iso % 1000)?.layout() {
            Layout::Position => self.ordinates(ordinates),
            Layout::Path => self.sequence(ordinates),
            Layout::Rings => {
                for _ in 0..self.integer()? {
                    self.sequence(ordinates)?;
                }
                Some(())
            }
            Layout::Members => {
                for _ in 0..self.integer()? {
                    self.geometry()?;
                }
                Some(())
            }
        }
    }

    fn sequence(&mut self, ordinates: usize) -> Option<()> {
        let length = usize::try_from(self.integer()?).ok()?;
        self.ordinates(length.checked_mul(ordinates)?)
    }

    fn ordinates(&mut self, count: usize) -> Option<()> {
        for _ in 0..count {
            let (bytes, rest) = self.from.split_first_chunk::<8>()?;
            self.to.extend(bytes.iter().rev());
            self.from = rest;
        }
        Some(())
    }

    fn integer(&mut self) -> Option<u32> {
        let (bytes, rest) = self.from.split_first_chunk::<4>()?;
        self.to.extend(bytes.iter().rev());
        self.from = rest;
        Some(u32::from_le_bytes(*bytes))
    }
}
