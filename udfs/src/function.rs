//! What a function is: data that can be listed, documented and checked without being run.
//!
//! A file under `functions/` fills one [`Function`]; `scalar.rs` makes the engine's object of it.

use std::borrow::Cow;

use arrow::array::ArrayRef;
use godwit_geometry::GeometryError;
pub(crate) use godwit_geometry::Kinds;

use crate::arguments::Arguments;
pub(crate) use crate::category::Category;
use crate::functions::geography;
use crate::plan::Planned;

/// What a function file answers: a column, or why there is none.
pub(crate) type Evaluated = Result<ArrayRef, GeometryError>;

/// One scalar function with everything there is to say about it.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name as documentation spells it; SQL finds it in lower case.
    pub(crate) title: &'static str,
    /// Other names for the same function, as documentation spells them.
    pub(crate) aliases: &'static [&'static str],
    /// The page the function is listed on.
    pub(crate) category: Category,
    /// One sentence that says what the function returns.
    pub(crate) summary: &'static str,
    /// What a careful reader needs to know beyond the summary; may be empty.
    pub(crate) notes: &'static str,
    /// A short call that shows the function.
    pub(crate) example: &'static str,
    /// How the function compares with the `PostGIS` function of its name.
    pub(crate) parity: Parity,
    /// What a null argument does.
    pub(crate) nulls: Nulls,
    /// The kinds of geometry the function knows; others are brought to a basic kind before it
    /// sees them.
    pub(crate) kinds: Kinds,
    /// The argument lists the function accepts, most usual first, without those that
    /// `functions/geography/` adds.
    pub(crate) overloads: &'static [Overload],
}

impl Function {
    /// The values a function file need not repeat.
    pub(crate) const BASE: Self = Self {
        title: "",
        aliases: &[],
        category: Category::Accessor,
        summary: "",
        notes: "",
        example: "",
        parity: Parity::Same,
        nulls: Nulls::Strict,
        kinds: Kinds::Basic,
        overloads: &[],
    };

    /// Returns the argument lists the function accepts, those with geographies last.
    pub(crate) fn all_overloads(&self) -> impl Iterator<Item = &'static Overload> + use<> {
        self.overloads.iter().chain(geography::overloads(self.title))
    }

    /// Returns the name SQL finds the function by.
    pub(crate) fn name(&self) -> String {
        self.title.to_ascii_lowercase()
    }
}

/// One argument list of a function and what is done with it.
#[derive(Debug)]
pub(crate) struct Overload {
    /// The arguments in order; optional ones come last.
    pub(crate) arguments: &'static [Argument],
    /// The type of the result.
    pub(crate) returns: Type,
    /// The reference system of a geometry result.
    pub(crate) crs: CrsRule,
    /// The argument whose physical storage a binary result keeps, because its rows pass through.
    pub(crate) passes: Option<usize>,
    /// A check of the call at planning time, beyond types and reference systems.
    pub(crate) check: fn(&Planned<'_>) -> Result<(), GeometryError>,
    /// The work, on a batch of rows.
    pub(crate) evaluate: fn(&Arguments<'_>) -> Evaluated,
}

impl Overload {
    /// The values an overload need not repeat.
    pub(crate) const BASE: Self = Self {
        arguments: &[],
        returns: Type::Geometry,
        crs: CrsRule::Inherit,
        passes: None,
        check: |_| Ok(()),
        evaluate: |arguments| Err(arguments.wrong_type(0)),
    };

    /// Returns how many arguments a call must have at least.
    pub(crate) fn required_count(&self) -> usize {
        self.arguments.iter().filter(|argument| !argument.optional).count()
    }
}

/// One argument of an overload.
#[derive(Debug)]
pub(crate) struct Argument {
    /// The name for `name => value`.
    pub(crate) name: &'static str,
    /// The type values are brought to.
    pub(crate) kind: Type,
    /// One sentence for the documentation.
    pub(crate) summary: &'static str,
    /// Whether a call may leave it out.
    pub(crate) optional: bool,
    /// The SQL that stands for it in a call that leaves it out but names a later one.
    pub(crate) default: Option<&'static str>,
    /// Whether it must be written as a literal, because the plan depends on it.
    pub(crate) literal: bool,
}

impl Argument {
    /// Returns a required argument.
    pub(crate) const fn new(name: &'static str, kind: Type, summary: &'static str) -> Self {
        Self { name, kind, summary, optional: false, default: None, literal: false }
    }

    /// Returns a required geometry.
    pub(crate) const fn geometry(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Geometry, summary)
    }

    /// Returns a required geography.
    pub(crate) const fn geography(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Geography, summary)
    }

    /// Returns a required row.
    pub(crate) const fn record(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Row, summary)
    }

    /// Returns a required number.
    pub(crate) const fn float(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Float64, summary)
    }

    /// Returns a required whole number.
    pub(crate) const fn integer(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Int64, summary)
    }

    /// Returns a required text.
    pub(crate) const fn text(name: &'static str, summary: &'static str) -> Self {
        Self::new(name, Type::Text, summary)
    }

    /// Returns the argument as one a call may leave out.
    pub(crate) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Returns the argument as one a call may leave out, for which this SQL stands then.
    pub(crate) const fn default(mut self, sql: &'static str) -> Self {
        self.optional = true;
        self.default = Some(sql);
        self
    }

    /// Returns the argument as one that must be a literal.
    pub(crate) const fn literal(mut self) -> Self {
        self.literal = true;
        self
    }
}

/// A type as functions see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// WKB in any binary storage; a text literal is read as WKT.
    Geometry,
    /// A geometry in longitude and latitude whose edges are the shortest lines on the earth; a
    /// planar one is taken for such, as in `PostGIS`.
    Geography,
    /// A list of WKB in any binary storage.
    GeometryList,
    /// A double.
    Float64,
    /// A 64-bit integer.
    Int64,
    /// A 32-bit integer; only as a result.
    Int32,
    /// Text in any storage.
    Text,
    /// Text that is JSON; only as a result.
    Json,
    /// A value of any type; only as an argument.
    Any,
    /// A truth value.
    Boolean,
    /// Bytes in any storage.
    Binary,
    /// A list of 64-bit integers.
    Int64List,
    /// A list of doubles; only as a result.
    Float64List,
    /// A list of texts.
    TextList,
    /// A struct of any fields; only as an argument.
    Row,
    /// A struct of these fields; only as a result.
    Record(&'static [RecordField]),
    /// A list of structs of these fields; only as a result.
    RecordList(&'static [RecordField]),
    /// A list whose elements become rows of their own where the function stands in FROM or in a
    /// select list; only as a result.
    Set(&'static Type),
}

/// A field of a [`Type::Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordField {
    /// The name for `(call).name`.
    pub(crate) name: &'static str,
    /// The type of the values.
    pub(crate) kind: Type,
}

impl RecordField {
    /// Returns a field.
    pub(crate) const fn new(name: &'static str, kind: Type) -> Self {
        Self { name, kind }
    }
}

impl Type {
    /// The parts of a geometry as rows, each with the path to it.
    pub(crate) const DUMP: Self = Self::Set(&Self::Record(&[
        RecordField::new("path", Self::Int64List),
        RecordField::new("geom", Self::Geometry),
    ]));

    /// Returns whether the type is a geometry or a geography.
    pub(crate) fn is_spatial(self) -> bool {
        matches!(self, Self::Geometry | Self::Geography)
    }

    /// Returns whether the type is a geometry or has geometries in it.
    pub(crate) fn has_geometry(self) -> bool {
        match self {
            Self::Geometry | Self::Geography | Self::GeometryList => true,
            Self::Record(fields) | Self::RecordList(fields) => {
                fields.iter().any(|field| field.kind.has_geometry())
            }
            Self::Set(item) => item.has_geometry(),
            _ => false,
        }
    }

    /// Returns the fields of a record or of the records of a set.
    pub(crate) fn fields(self) -> &'static [RecordField] {
        match self {
            Self::Record(fields) => fields,
            Self::Set(item) => item.fields(),
            _ => &[],
        }
    }

    /// Returns the name SQL readers know the type by.
    pub(crate) fn sql_name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Record(fields) | Self::RecordList(fields) => {
                let list = if matches!(self, Self::RecordList(_)) { "[]" } else { "" };
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| format!("{} {}", field.name, field.kind.sql_name()))
                    .collect();
                return Cow::Owned(format!("record({}){list}", fields.join(", ")));
            }
            Self::Set(item) => return Cow::Owned(format!("setof {}", item.sql_name())),
            Self::Geometry => "geometry",
            Self::Geography => "geography",
            Self::GeometryList => "geometry[]",
            Self::Float64 => "double",
            Self::Int64 => "bigint",
            Self::Int32 => "integer",
            Self::Text => "text",
            Self::Json => "json",
            Self::Any => "any",
            Self::Boolean => "boolean",
            Self::Binary => "binary",
            Self::Int64List => "bigint[]",
            Self::Float64List => "double[]",
            Self::TextList => "text[]",
            Self::Row => "record",
        })
    }
}

/// How a function compares with the function of its name elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Parity {
    /// Same name, arguments and results as in `PostGIS`.
    Same,
    /// Same name as in `PostGIS`, with the difference given.
    Differs(&'static str),
    /// `PostGIS` has no such function; where the name comes from.
    Extension(&'static str),
}

impl Parity {
    /// Returns the comparison in a word or two: `same`, `differs`, `not there`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs(_) => "differs",
            Self::Extension(_) => "not there",
        }
    }
}

/// What a null argument does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// The result is null when any argument is null.
    Strict,
    /// The function sees nulls and decides.
    Seen,
}

/// Where the reference system of a geometry result comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrsRule {
    /// From the geometry arguments, which must agree.
    Inherit,
    /// From the first argument, with which the other geometry arguments must agree.
    First,
    /// From a literal argument, an SRID or a name; when it is left out, from the geometry arguments.
    Argument(usize),
    /// From the first argument, a text with an `SRID=` prefix, unless a literal argument says more.
    Text(usize),
    /// From the first argument, hexadecimal bytes with an SRID, unless a literal says more.
    Hex(usize),
    /// From the first argument, bytes with an SRID, unless a literal argument says more.
    Bytes(usize),
    /// As for texts, but nothing when the text or the bytes are no geometry.
    Attempt(usize),
    /// From the `srsName` of GML in the first argument, unless a literal argument says more.
    Gml(usize),
    /// Always the one of this EPSG code.
    Code(i32),
    /// From the `crs` member of GeoJSON in the first argument, else longitude and latitude.
    GeoJson,
    /// Longitude and latitude on WGS 84.
    Wgs84,
    /// None is known.
    Unknown,
}
