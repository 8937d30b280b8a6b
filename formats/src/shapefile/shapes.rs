//! The records of a `.shp` file as WKB.

use std::io::{self, Read};
use std::ops::Range;

use godwit_geometry::{Coord, Dimension, Kind, WkbWriter, write};

use super::rings::grouped;
use super::source::{Source, Start};

/// The bytes a `.shp` file begins with.
pub(super) const HEADER_BYTES: usize = 100;
/// Where the header says how long the file is, in words of 16 bits.
const LENGTH: Range<usize> = 24..28;
/// The bytes that a `.shp` and a `.shx` file begin with.
pub(super) const MAGIC: [u8; 4] = [0, 0, 0x27, 0x0a];

/// The type of shapes that are surfaces in space.
const MULTIPATCH: i32 = 31;

/// No record is taken to be longer, in bytes.
const LONGEST_RECORD: usize = 1 << 30;

/// A measure below this one says that there is none.
const NO_MEASURE: f64 = -1e38;

/// Reads records one after the other.
pub(super) struct Shapes {
    source: Source,
    /// Where the last record ends.
    pub(super) offset: u64,
    /// How long the file says it is.
    length: u64,
    record: Vec<u8>,
}

impl Shapes {
    /// Reads the header of a file.
    pub(super) fn open(mut source: Source) -> Result<Self, String> {
        let mut header = [0; HEADER_BYTES];
        source.read_exact(&mut header).map_err(|_short| "the header is cut off".to_owned())?;
        if !header.starts_with(&MAGIC) {
            return Err("this is no .shp file".to_owned());
        }
        let words = header.get(LENGTH).and_then(|words| words.first_chunk::<4>());
        let length = words.map_or(0, |words| 2 * u64::from(u32::from_be_bytes(*words)));
        Ok(Self { source, offset: HEADER_BYTES as u64, length, record: Vec::new() })
    }

    /// Reads the next record; false behind the last one.
    pub(super) fn next(&mut self) -> Result<bool, String> {
        let start = self.source.next_record(self.offset).map_err(|error| error.to_string())?;
        let Some(Start { offset, place }) = start else { return Ok(false) };
        self.offset = offset;
        let mut head = [0; 8];
        let count = fill(&mut self.source, &mut head).map_err(|error| error.to_string())?;
        match place {
            Some(place) => place.check(head)?,
            None if count == 0 && self.offset < self.length => {
                let Self { offset, length, .. } = self;
                return Err(format!("the file is cut off: it has {offset} of its {length} bytes"));
            }
            None if count == 0 => return Ok(false),
            None => {}
        }
        let words = head.last_chunk::<4>().filter(|_| count == head.len());
        let words = words.ok_or("a record is cut off")?;
        let length = usize::try_from(u32::from_be_bytes(*words)).unwrap_or(usize::MAX);
        let length = length.checked_mul(2).filter(|length| *length <= LONGEST_RECORD);
        let length = length.ok_or("a record has an impossible length")?;
        self.record.clear();
        // What a record claims is believed only as far as there are bytes.
        let wanted = u64::try_from(length).unwrap_or(0);
        let read = self.source.by_ref().take(wanted).read_to_end(&mut self.record);
        if read.map_err(|error| error.to_string())? < length {
            return Err("a record is cut off".to_owned());
        }
        self.offset += wanted + 8;
        Ok(true)
    }

    /// Returns whether the record that was read is a multipatch, which is not read as a geometry.
    pub(super) fn is_multipatch(&self) -> bool {
        self.record.starts_with(&MULTIPATCH.to_le_bytes())
    }

    /// Returns the geometry of the record that was read, nothing for a null shape.
    pub(super) fn geometry(&self) -> Result<Option<Vec<u8>>, String> {
        let mut fields = Fields { rest: &self.record };
        let code = fields.integer()?;
        match code {
            0 => Ok(None),
            1 | 11 | 21 => fields.point(code).map(Some),
            8 | 18 | 28 => fields.points(code).map(Some),
            3 | 13 | 23 => {
                fields.paths(code).map(|(paths, dimension)| Some(lines(&paths, dimension)))
            }
            5 | 15 | 25 => {
                fields.paths(code).map(|(paths, dimension)| Some(polygons(paths, dimension)))
            }
            _ => Err(format!("{code} is no type of shapes")),
        }
    }
}

/// Fills the buffer as far as there are bytes.
pub(super) fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while let Some(rest) = buffer.get_mut(count..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

fn lines(paths: &[Vec<Coord>], dimension: Dimension) -> Vec<u8> {
    if let [only] = paths {
        return write::line_string(only.iter().copied(), dimension);
    }
    let mut writer = WkbWriter::new(dimension);
    writer.begin(Kind::MultiLineString);
    for path in paths {
        writer.line(path.iter().copied());
    }
    writer.end();
    writer.into_bytes()
}

fn polygons(rings: Vec<Vec<Coord>>, dimension: Dimension) -> Vec<u8> {
    let polygons = grouped(rings);
    if let [only] = polygons.as_slice() {
        return write::polygon(only.iter().map(|ring| ring.iter().copied()), dimension);
    }
    let mut writer = WkbWriter::new(dimension);
    writer.begin(Kind::MultiPolygon);
    for polygon in polygons {
        writer.begin(Kind::Polygon);
        for ring in polygon {
            writer.ring(ring);
        }
        writer.end();
    }
    writer.end();
    writer.into_bytes()
}

/// What is left of a record.
struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    fn integer(&mut self) -> Result<i32, String> {
        let (bytes, rest) = self.rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(i32::from_le_bytes(*bytes))
    }

    fn count(&mut self, size: usize) -> Result<usize, String> {
        let count = usize::try_from(self.integer()?).map_err(|_negative| cut_off())?;
        // A count that the rest of the record cannot hold is not worth any memory.
        if count.checked_mul(size).is_none_or(|bytes| bytes > self.rest.len()) {
            return Err(cut_off());
        }
        Ok(count)
    }

    fn number(&mut self) -> Result<f64, String> {
        let (bytes, rest) = self.rest.split_first_chunk::<8>().ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(f64::from_le_bytes(*bytes))
    }

    fn skip_numbers(&mut self, count: usize) -> Result<(), String> {
        self.rest = self.rest.get(8 * count..).ok_or_else(cut_off)?;
        Ok(())
    }

    fn point(&mut self, code: i32) -> Result<Vec<u8>, String> {
        let mut coord = Coord::xy(self.number()?, self.number()?);
        let mut dimension = Dimension::Xy;
        if code == 11 {
            coord.z = self.number()?;
            dimension = Dimension::Xyz;
        }
        if code != 1 && !self.rest.is_empty() {
            let measure = self.number()?;
            if measure > NO_MEASURE {
                coord.m = measure;
                dimension = dimension.union(Dimension::Xym);
            }
        }
        Ok(write::point(coord, dimension))
    }

    fn points(&mut self, code: i32) -> Result<Vec<u8>, String> {
        self.skip_numbers(4)?;
        let count = self.count(16)?;
        let (coords, dimension) = self.coords(count, code == 18, code == 28)?;
        let mut writer = WkbWriter::new(dimension);
        writer.begin(Kind::MultiPoint);
        for coord in coords {
            writer.point(coord);
        }
        writer.end();
        Ok(writer.into_bytes())
    }

    fn paths(&mut self, code: i32) -> Result<(Vec<Vec<Coord>>, Dimension), String> {
        self.skip_numbers(4)?;
        let part_count = self.count(4)?;
        let count = self.count(4)?;
        let mut starts = Vec::with_capacity(part_count + 1);
        for _ in 0..part_count {
            starts.push(usize::try_from(self.integer()?).map_err(|_negative| cut_off())?);
        }
        starts.push(count);
        let has_z = matches!(code, 13 | 15);
        let (coords, dimension) = self.coords(count, has_z, matches!(code, 23 | 25))?;
        let mut paths = Vec::with_capacity(part_count);
        for pair in starts.windows(2) {
            let [start, end] = pair else { continue };
            let path = coords.get(*start..*end).ok_or("parts are out of order")?;
            if !path.is_empty() {
                paths.push(path.to_vec());
            }
        }
        Ok((paths, dimension))
    }

    /// Returns positions with their heights and measures, which stand behind them; measures may
    /// be left out, and are when none has a value.
    fn coords(
        &mut self,
        count: usize,
        has_z: bool,
        has_m: bool,
    ) -> Result<(Vec<Coord>, Dimension), String> {
        if count > self.rest.len() / 16 {
            return Err(cut_off());
        }
        let mut coords = Vec::with_capacity(count);
        for _ in 0..count {
            coords.push(Coord::xy(self.number()?, self.number()?));
        }
        let mut dimension = Dimension::Xy;
        if has_z {
            self.skip_numbers(2)?;
            for coord in &mut coords {
                coord.z = self.number()?;
            }
            dimension = Dimension::Xyz;
        }
        if (has_z || has_m) && self.rest.len() >= 16 + 8 * count {
            self.skip_numbers(2)?;
            let mut is_measured = false;
            for coord in &mut coords {
                let measure = self.number()?;
                is_measured |= measure > NO_MEASURE;
                coord.m = if measure > NO_MEASURE { measure } else { f64::NAN };
            }
            if is_measured {
                dimension = dimension.union(Dimension::Xym);
            }
        }
        Ok((coords, dimension))
    }
}

fn cut_off() -> String {
    "a record is shorter than its shape".to_owned()
}
