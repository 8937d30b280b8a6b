//! A block of nodes, ways and relations.

use super::rows::{Element, ElementKind, Rows};
use super::wire::{Checked, Fields, Packed, Value, signed};
use crate::FormatError;

/// No block is taken to have more texts.
const MOST_TEXTS: usize = 1 << 22;

const NOT_EQUALLY_LONG: &str = "the lists of an element are not equally long";

/// Adds the elements of a block to the rows. What is wrong with it is the inner error.
pub(super) fn read(block: &[u8], rows: &mut Rows) -> Result<Checked<()>, FormatError> {
    let (block, groups) = match Block::parse(block) {
        Ok(parsed) => parsed,
        Err(reason) => return Ok(Err(reason)),
    };
    for group in groups {
        for field in Fields(group) {
            let read = field.and_then(|(number, value)| block.elements(number, value, rows));
            if let Err(reason) = read {
                return Ok(Err(reason));
            }
            rows.flush()?;
        }
    }
    Ok(Ok(()))
}

/// What the elements of a block have in common.
struct Block<'a> {
    texts: Vec<&'a [u8]>,
    granularity: i64,
    latitude_offset: i64,
    longitude_offset: i64,
}

impl<'a> Block<'a> {
    fn parse(bytes: &'a [u8]) -> Checked<(Self, Vec<&'a [u8]>)> {
        let mut block =
            Self { texts: Vec::new(), granularity: 100, latitude_offset: 0, longitude_offset: 0 };
        let mut groups = Vec::new();
        for field in Fields(bytes) {
            match field? {
                (1, value) => {
                    for text in Fields(value.bytes()?) {
                        if let (1, text) = text? {
                            block.texts.push(text.bytes()?);
                        }
                        if block.texts.len() > MOST_TEXTS {
                            return Err("a block has too many texts");
                        }
                    }
                }
                (2, value) => groups.push(value.bytes()?),
                (17, value) => block.granularity = value.number()?.cast_signed(),
                (19, value) => block.latitude_offset = value.number()?.cast_signed(),
                (20, value) => block.longitude_offset = value.number()?.cast_signed(),
                _ => {}
            }
        }
        Ok((block, groups))
    }

    /// Adds the elements in one field of a group.
    fn elements(&self, number: u64, value: Value<'a>, rows: &mut Rows) -> Checked<()> {
        match number {
            1 => self.node(value.bytes()?, rows),
            2 => self.dense_nodes(value.bytes()?, rows),
            3 => self.way(value.bytes()?, rows),
            4 => self.relation(value.bytes()?, rows),
            _ => Ok(()),
        }
    }

    fn text(&self, index: u64) -> Checked<&'a str> {
        let text = usize::try_from(index).ok().and_then(|index| self.texts.get(index));
        let text = text.ok_or("an element has a text that the block has not")?;
        std::str::from_utf8(text).map_err(|_malformed| "a text is not UTF-8")
    }

    fn degrees(&self, offset: i64, units: i64) -> f64 {
        1e-9 * offset.wrapping_add(self.granularity.wrapping_mul(units)) as f64
    }

    fn position(&self, latitude: i64, longitude: i64) -> (f64, f64) {
        (
            self.degrees(self.latitude_offset, latitude),
            self.degrees(self.longitude_offset, longitude),
        )
    }

    fn tags(&self, keys: Packed<'a>, mut values: Packed<'a>, rows: &mut Rows) -> Checked<()> {
        for key in keys {
            let value = values.next().ok_or(NOT_EQUALLY_LONG)??;
            rows.tag(self.text(key?)?, self.text(value)?);
        }
        if values.next().is_some() { Err(NOT_EQUALLY_LONG) } else { Ok(()) }
    }

    fn node(&self, bytes: &'a [u8], rows: &mut Rows) -> Checked<()> {
        let (mut id, mut latitude, mut longitude) = (0, 0, 0);
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        for field in Fields(bytes) {
            match field? {
                (1, value) => id = signed(value.number()?),
                (2, value) => keys = Packed(value.bytes()?),
                (3, value) => values = Packed(value.bytes()?),
                (8, value) => latitude = signed(value.number()?),
                (9, value) => longitude = signed(value.number()?),
                _ => {}
            }
        }
        self.tags(keys, values, rows)?;
        let position = Some(self.position(latitude, longitude));
        rows.end(&Element { kind: ElementKind::Node, id, position });
        Ok(())
    }

    fn dense_nodes(&self, bytes: &'a [u8], rows: &mut Rows) -> Checked<()> {
        let (mut ids, mut latitudes, mut longitudes, mut tags) =
            (Packed::default(), Packed::default(), Packed::default(), Packed::default());
        for field in Fields(bytes) {
            match field? {
                (1, value) => ids = Packed(value.bytes()?),
                (8, value) => latitudes = Packed(value.bytes()?),
                (9, value) => longitudes = Packed(value.bytes()?),
                (10, value) => tags = Packed(value.bytes()?),
                _ => {}
            }
        }
        let (mut id, mut latitude, mut longitude) = (0_i64, 0_i64, 0_i64);
        // Each number is the difference to the one before.
        for step in ids {
            id = id.wrapping_add(signed(step?));
            latitude = latitude.wrapping_add(signed(latitudes.next().ok_or(NOT_EQUALLY_LONG)??));
            longitude = longitude.wrapping_add(signed(longitudes.next().ok_or(NOT_EQUALLY_LONG)??));
            // The tags of a node end with a 0; without any there is not even that.
            while let Some(key) = tags.next().transpose()?.filter(|key| *key > 0) {
                let value = tags.next().ok_or(NOT_EQUALLY_LONG)??;
                rows.tag(self.text(key)?, self.text(value)?);
            }
            let position = Some(self.position(latitude, longitude));
            rows.end(&Element { kind: ElementKind::Node, id, position });
        }
        Ok(())
    }

    fn way(&self, bytes: &'a [u8], rows: &mut Rows) -> Checked<()> {
        let mut id = 0;
        let (mut keys, mut values, mut refs) =
            (Packed::default(), Packed::default(), Packed::default());
        for field in Fields(bytes) {
            match field? {
                (1, value) => id = value.number()?.cast_signed(),
                (2, value) => keys = Packed(value.bytes()?),
                (3, value) => values = Packed(value.bytes()?),
                (8, value) => refs = Packed(value.bytes()?),
                _ => {}
            }
        }
        self.tags(keys, values, rows)?;
        let mut node = 0_i64;
        for step in refs {
            node = node.wrapping_add(signed(step?));
            rows.reference(node);
        }
        rows.end(&Element { kind: ElementKind::Way, id, position: None });
        Ok(())
    }

    fn relation(&self, bytes: &'a [u8], rows: &mut Rows) -> Checked<()> {
        let mut id = 0;
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        let (mut roles, mut members, mut kinds) =
            (Packed::default(), Packed::default(), Packed::default());
        for field in Fields(bytes) {
            match field? {
                (1, value) => id = value.number()?.cast_signed(),
                (2, value) => keys = Packed(value.bytes()?),
                (3, value) => values = Packed(value.bytes()?),
                (8, value) => roles = Packed(value.bytes()?),
                (9, value) => members = Packed(value.bytes()?),
                (10, value) => kinds = Packed(value.bytes()?),
                _ => {}
            }
        }
        self.tags(keys, values, rows)?;
        let mut member = 0_i64;
        for step in members {
            member = member.wrapping_add(signed(step?));
            let kind = match kinds.next().ok_or(NOT_EQUALLY_LONG)?? {
                0 => ElementKind::Node,
                1 => ElementKind::Way,
                2 => ElementKind::Relation,
                _ => return Err("a relation has a member of an unknown kind"),
            };
            let role = self.text(roles.next().ok_or(NOT_EQUALLY_LONG)??)?;
            rows.member(member, role, kind);
        }
        rows.end(&Element { kind: ElementKind::Relation, id, position: None });
        Ok(())
    }
}
