//! `FlatBuffers`, as far as this format needs them. Every access is checked, so foreign bytes need
//! no verification before they are read.
//!
//! <https://flatbuffers.dev/internals>

/// What is read, or what is wrong with the bytes.
pub(super) type Checked<T> = Result<T, &'static str>;

const OUTSIDE: &str = "an offset leads out of its buffer";

/// A table: its fields are found by the numbers they have in the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the fields stand, relative to the table; two bytes each, 0 for one that is left out.
    places: &'a [u8],
}

impl<'a> Table<'a> {
    /// Returns the table that a buffer is made for.
    pub(super) fn root(bytes: &'a [u8]) -> Checked<Self> {
        Self::at(bytes, offset(bytes, 0)?)
    }

    fn at(bytes: &'a [u8], at: usize) -> Checked<Self> {
        let back = i64::from(i32::from_le_bytes(read(bytes, at)?));
        let places = i64::try_from(at).map_err(|_far| OUTSIDE)? - back;
        let places = usize::try_from(places).map_err(|_before| OUTSIDE)?;
        let size = usize::from(u16::from_le_bytes(read(bytes, places)?));
        // Two sizes stand before the places.
        let places = bytes.get(places..).and_then(|rest| rest.get(4..size)).ok_or(OUTSIDE)?;
        Ok(Self { bytes, at, places })
    }

    fn place(&self, field: usize) -> Option<usize> {
        let place = self.places.get(2 * field..)?.first_chunk()?;
        let place = usize::from(u16::from_le_bytes(*place));
        (place > 0).then_some(self.at.saturating_add(place))
    }

    /// Returns the bytes of a number, nothing when it has the value of the schema.
    pub(super) fn number<const N: usize>(&self, field: usize) -> Checked<Option<[u8; N]>> {
        self.place(field).map(|at| read(self.bytes, at)).transpose()
    }

    /// Returns a number of one byte, 0 when it is left out.
    pub(super) fn byte(&self, field: usize) -> Checked<u8> {
        Ok(self.number::<1>(field)?.map_or(0, |[byte]| byte))
    }

    /// Returns the bytes of a vector of items that are so many bytes long; without items when it
    /// is left out.
    pub(super) fn vector(&self, field: usize, item_size: usize) -> Checked<&'a [u8]> {
        let Some(place) = self.place(field) else { return Ok(&[]) };
        let at = follow(self.bytes, place)?;
        let count = offset(self.bytes, at)?;
        let length = count.checked_mul(item_size).ok_or(OUTSIDE)?;
        let items = self.bytes.get(at + 4..).and_then(|rest| rest.get(..length));
        items.ok_or(OUTSIDE)
    }

    /// Returns a text, nothing when it is left out.
    pub(super) fn text(&self, field: usize) -> Checked<Option<&'a str>> {
        if self.place(field).is_none() {
            return Ok(None);
        }
        let text = std::str::from_utf8(self.vector(field, 1)?);
        text.map(Some).map_err(|_malformed| "a text is not UTF-8")
    }

    /// Returns a table in a field, nothing when it is left out.
    pub(super) fn table(&self, field: usize) -> Checked<Option<Self>> {
        let Some(place) = self.place(field) else { return Ok(None) };
        Self::at(self.bytes, follow(self.bytes, place)?).map(Some)
    }

    /// Returns the tables of a vector.
    pub(super) fn tables(
        &self,
        field: usize,
    ) -> Checked<impl ExactSizeIterator<Item = Checked<Self>> + use<'a>> {
        let bytes = self.bytes;
        let offsets = self.vector(field, 4)?;
        let first = match self.place(field) {
            Some(place) => follow(bytes, place)? + 4,
            None => 0,
        };
        Ok((0..offsets.len() / 4)
            .map(move |index| Self::at(bytes, follow(bytes, first + 4 * index)?)))
    }
}

fn read<const N: usize>(bytes: &[u8], at: usize) -> Checked<[u8; N]> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or(OUTSIDE)
}

fn offset(bytes: &[u8], at: usize) -> Checked<usize> {
    usize::try_from(u32::from_le_bytes(read(bytes, at)?)).map_err(|_far| OUTSIDE)
}

/// Returns where the offset at a place leads.
fn follow(bytes: &[u8], place: usize) -> Checked<usize> {
    place.checked_add(offset(bytes, place)?).filter(|at| *at < bytes.len()).ok_or(OUTSIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with a byte, nothing, a vector of two numbers and a text.
    const BYTES: [u8; 46] = [
        16, 0, 0, 0, // The root.
        12, 0, 14, 0, 4, 0, 0, 0, 6, 0, 10, 0, // The places of four fields.
        12, 0, 0, 0, 7, 0, 8, 0, 0, 0, 13, 0, 0, 0, // The table.
        2, 0, 0, 0, 1, 0, 2, 0, // The vector.
        1, 2, 0, 0, 0, b'h', b'i', 0, // The text, behind a byte of padding.
    ];

    #[test]
    fn fields_are_found_by_their_numbers() {
        let table = Table::root(&BYTES).unwrap();
        assert_eq!(table.byte(0), Ok(7));
        assert_eq!(table.number::<8>(1), Ok(None));
        assert_eq!(table.vector(2, 2), Ok(&[1, 0, 2, 0][..]));
        assert_eq!(table.text(3), Ok(Some("hi")));
        assert_eq!((table.byte(9), table.text(9)), (Ok(0), Ok(None)));
        assert!(table.table(1).unwrap().is_none());
        assert_eq!(table.tables(9).unwrap().len(), 0);
    }

    #[test]
    fn what_leads_outside_is_refused() {
        for end in 0..BYTES.len() - 1 {
            let cut = &BYTES[..end];
            let read = Table::root(cut).and_then(|table| Ok((table.vector(2, 2)?, table.text(3)?)));
            assert!(read.is_err(), "{end}");
        }
        let table = Table::root(&BYTES).unwrap();
        assert!(table.vector(2, 8).is_err() && table.vector(2, usize::MAX).is_err());
        assert!(table.tables(2).unwrap().all(|each| each.is_err()));
    }
}
