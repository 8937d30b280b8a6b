//! What stands around the features of a GeoJSON `FeatureCollection`.

use super::{Cursor, Parsed};

/// Reads the members before the features and steps into their array; false means that the object
/// is no collection.
pub(super) fn header(cursor: &mut Cursor<'_>, crs: &mut Option<Vec<u8>>) -> Parsed<bool> {
    cursor.advance(1);
    let mut is_collection = false;
    if cursor.take(b'}') {
        return Ok(false);
    }
    loop {
        let key = cursor.key()?;
        if key.is(b"features") && cursor.peek() == Some(b'[') {
            cursor.advance(1);
            return Ok(true);
        }
        let start = cursor.position();
        cursor.skip_value()?;
        let text = cursor.slice(start, cursor.position());
        if key.is(b"crs") {
            *crs = Some(text.to_vec());
        }
        is_collection |= key.is(b"type") && text == b"\"FeatureCollection\"";
        if cursor.more(b'}')? {
            continue;
        }
        *crs = None;
        if is_collection {
            return Err(cursor.fault("the FeatureCollection has no array \"features\""));
        }
        return Ok(false);
    }
}

/// Reads what stands behind the features, or behind the last object, up to the end of the file.
pub(super) fn trailer(
    cursor: &mut Cursor<'_>,
    is_collection: bool,
    crs: &mut Option<Vec<u8>>,
) -> Parsed<()> {
    if is_collection {
        while cursor.more(b'}')? {
            let key = cursor.key()?;
            let text = cursor.value_text()?;
            if key.is(b"crs") {
                *crs = Some(text.to_vec());
            }
        }
    }
    cursor.skip_between_objects();
    match cursor.peek() {
        None => Ok(()),
        Some(_) => Err(cursor.expected_what("the end of the file")),
    }
}
