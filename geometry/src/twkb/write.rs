//! Writes TWKB.

use super::varint::{push_signed, push_unsigned};
use super::{HAS_BOUNDS, HAS_EXTENSION, HAS_IDS, HAS_SIZE, IS_EMPTY, factor};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, Sequence};

/// The most decimals of a height or measure, and the largest magnitude of those of X and Y.
const MAX_PRECISION: i64 = 7;

/// How TWKB is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions {
    /// The decimals of X and Y; negative ones round to tens.
    pub precision: i64,
    /// The decimals of Z.
    pub precision_z: i64,
    /// The decimals of M.
    pub precision_m: i64,
    /// Whether geometries say how long they are.
    pub with_sizes: bool,
    /// Whether geometries have their bounding box.
    pub with_bounds: bool,
}

/// Returns the TWKB of a geometry.
pub fn write(geometry: Geometry<'_>, options: &WriteOptions) -> Result<Vec<u8>, GeometryError> {
    let mut bytes = Vec::new();
    Precisions::new(options)?.write(&mut bytes, geometry, None)?;
    Ok(bytes)
}

/// Returns the TWKB of a multi geometry or collection whose members have ids.
pub fn write_collection(
    geometry: Geometry<'_>,
    ids: &[i64],
    options: &WriteOptions,
) -> Result<Vec<u8>, GeometryError> {
    if geometry.part_count() != ids.len() {
        return Err(GeometryError::InvalidArgument {
            reason: format!("there are {} geometries and {} ids", geometry.part_count(), ids.len()),
        });
    }
    let mut bytes = Vec::new();
    Precisions::new(options)?.write(&mut bytes, geometry, Some(ids))?;
    Ok(bytes)
}

struct Precisions<'a> {
    options: &'a WriteOptions,
    xy: i8,
}

/// The body of one geometry: the bytes, the last position and the box so far.
struct Body {
    bytes: Vec<u8>,
    factors: [f64; 4],
    dimension: Dimension,
    last: [i64; 4],
    bounds: Option<[[i64; 2]; 4]>,
}

impl<'a> Precisions<'a> {
    fn new(options: &'a WriteOptions) -> Result<Self, GeometryError> {
        let xy = i8::try_from(options.precision).ok();
        let xy = xy.filter(|xy| i64::from(xy.unsigned_abs()) <= MAX_PRECISION);
        let Some(xy) = xy else {
            return Err(GeometryError::InvalidArgument {
                reason: format!(
                    "the precision of TWKB is between -{MAX_PRECISION} and {MAX_PRECISION}, not {}",
                    options.precision
                ),
            });
        };
        Ok(Self { options, xy })
    }

    /// Appends a geometry and returns the box around it.
    fn write(
        &self,
        out: &mut Vec<u8>,
        geometry: Geometry<'_>,
        ids: Option<&[i64]>,
    ) -> Result<Option<[[i64; 2]; 4]>, GeometryError> {
        let dimension = geometry.dimension();
        let is_empty = geometry.is_empty();
        let zigzag = ((self.xy << 1) ^ (self.xy >> 7)).cast_unsigned();
        out.push(u8::try_from(geometry.kind().code()).unwrap_or(0) | zigzag << 4);
        let mut flags = 0;
        for (flag, is_set) in [
            (HAS_BOUNDS, self.options.with_bounds && !is_empty),
            (HAS_SIZE, self.options.with_sizes),
            (HAS_IDS, ids.is_some() && !is_empty),
            (HAS_EXTENSION, dimension != Dimension::Xy),
            (IS_EMPTY, is_empty),
        ] {
            flags |= if is_set { flag } else { 0 };
        }
        out.push(flags);
        let mut factors = [factor(self.xy); 4];
        if dimension != Dimension::Xy {
            let (z, m) = self.extension()?;
            out.push(
                u8::from(dimension.has_z()) | u8::from(dimension.has_m()) << 1 | z << 2 | m << 5,
            );
            let decimals = if dimension.has_z() { [z, m] } else { [m, m] };
            for (place, decimals) in factors.iter_mut().skip(2).zip(decimals) {
                *place = factor(decimals.cast_signed());
            }
        }
        if is_empty {
            if self.options.with_sizes {
                out.push(0);
            }
            return Ok(None);
        }
        let bytes = Vec::with_capacity(geometry.bytes().len() / 4);
        let mut body = Body { bytes, factors, dimension, last: [0; 4], bounds: None };
        self.write_body(&mut body, geometry, ids)?;
        let mut bounds = Vec::new();
        if self.options.with_bounds {
            for [low, high] in body.bounds.into_iter().flatten().take(dimension.size()) {
                push_signed(&mut bounds, low);
                push_signed(&mut bounds, high.wrapping_sub(low));
            }
        }
        if self.options.with_sizes {
            push_unsigned(out, u64::try_from(bounds.len() + body.bytes.len()).unwrap_or(0));
        }
        out.extend_from_slice(&bounds);
        out.extend_from_slice(&body.bytes);
        Ok(body.bounds)
    }

    /// Returns how many digits Z and M have; both are written as soon as there is either.
    fn extension(&self) -> Result<(u8, u8), GeometryError> {
        let decimals = |name: &str, given: i64| {
            let valid = u8::try_from(given).ok().filter(|_| given <= MAX_PRECISION);
            valid.ok_or_else(|| GeometryError::InvalidArgument {
                reason: format!(
                    "the precision of {name} in TWKB is between 0 and {MAX_PRECISION}, not {given}"
                ),
            })
        };
        Ok((decimals("Z", self.options.precision_z)?, decimals("M", self.options.precision_m)?))
    }

    fn write_body(
        &self,
        body: &mut Body,
        geometry: Geometry<'_>,
        ids: Option<&[i64]>,
    ) -> Result<(), GeometryError> {
        match geometry.kind() {
            Kind::Point => geometry.coords(|coord| {
                body.step(coord, false);
            }),
            Kind::LineString => {
                if let Some(line) = geometry.line() {
                    body.sequence(line, 2);
                }
            }
            Kind::Polygon => {
                push_unsigned(&mut body.bytes, count(geometry.rings().count()));
                for ring in geometry.rings() {
                    body.sequence(ring, 4);
                }
            }
            kind => {
                // Points have no count, so an empty one cannot be told.
                let is_told = |part: Geometry<'_>| kind != Kind::MultiPoint || !part.is_empty();
                let parts = geometry.parts().filter(|part| is_told(*part)).count();
                push_unsigned(&mut body.bytes, count(parts));
                for (part, id) in geometry.parts().zip(ids.into_iter().flatten()) {
                    if is_told(part) {
                        push_signed(&mut body.bytes, *id);
                    }
                }
                for part in geometry.parts().filter(|part| is_told(*part)) {
                    if kind == Kind::GeometryCollection {
                        let bounds = self.write(&mut body.bytes, part, None)?;
                        body.merge(bounds);
                    } else {
                        self.write_body(body, part, None)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Body {
    /// Appends positions without those that round to the one before, if enough remain.
    fn sequence(&mut self, sequence: Sequence<'_>, minimum: usize) {
        let outer = std::mem::take(&mut self.bytes);
        let (mut written, mut left) = (0, sequence.len());
        for (index, coord) in sequence.iter().enumerate() {
            if self.step(coord, index > 0 && left > minimum) {
                written += 1;
            } else {
                left -= 1;
            }
        }
        let coords = std::mem::replace(&mut self.bytes, outer);
        push_unsigned(&mut self.bytes, count(written));
        self.bytes.extend_from_slice(&coords);
    }

    /// Appends one position, unless it may be left out and rounds to the one before.
    #[expect(clippy::cast_possible_truncation, reason = "larger numbers become the largest")]
    fn step(&mut self, coord: Coord, may_skip: bool) -> bool {
        let size = self.dimension.size();
        let mut rounded = [0_i64; 4];
        let ordinates = coord.ordinates(self.dimension);
        for ((place, ordinate), factor) in rounded.iter_mut().zip(ordinates).zip(self.factors) {
            *place = (ordinate * factor).round() as i64;
        }
        if may_skip && rounded[..size] == self.last[..size] {
            return false;
        }
        for (new, old) in rounded.iter().zip(self.last).take(size) {
            push_signed(&mut self.bytes, new.wrapping_sub(old));
        }
        self.last = rounded;
        self.merge(Some(rounded.map(|ordinate| [ordinate, ordinate])));
        true
    }

    fn merge(&mut self, other: Option<[[i64; 2]; 4]>) {
        let (Some(mut bounds), Some(other)) = (self.bounds, other) else {
            self.bounds = self.bounds.or(other);
            return;
        };
        for ([low, high], [other_low, other_high]) in bounds.iter_mut().zip(other) {
            *low = (*low).min(other_low);
            *high = (*high).max(other_high);
        }
        self.bounds = Some(bounds);
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
