//! Draws arguments: every type of geometry, empty, nested, measured, invalid and broken, and the
//! words and numbers that functions understand, so that most calls get past their checks.

use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::ScalarValue;
use godwit_geometry::{Crs, Edges, GeometryType, wkt};

use crate::function::{Argument, Type};

const GEOMETRIES: &[&str] = &[
    "POINT(1 2)",
    "POINT(0 0)",
    "POINT Z (1 2 3)",
    "POINT M (1 2 4)",
    "POINT ZM (1 2 3 4)",
    "POINT EMPTY",
    "POINT(NaN 1)",
    "POINT(-180 90)",
    "LINESTRING(0 0,3 4)",
    "LINESTRING(0 0,1 1,2 0,0 1)",
    "LINESTRING(0 0,1 0,1 1,0 0)",
    "LINESTRING Z (0 0 1,2 0 1,2 2 1,0 0 1)",
    "LINESTRING Z (0 0 1,3 4 5,3 4 9)",
    "LINESTRING M (0 0 1,3 4 5)",
    "LINESTRING EMPTY",
    "LINESTRING(1 1,1 1)",
    "POLYGON((0 0,4 0,4 4,0 4,0 0))",
    "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,2 1,1 1))",
    "POLYGON Z ((0 0 1,4 0 1,4 4 2,0 0 1))",
    "POLYGON((0 0,4 4,4 0,0 4,0 0))",
    "POLYGON EMPTY",
    "POLYGON((0 0,0 0,0 0,0 0))",
    "MULTIPOINT(0 0,1 2,3 1)",
    "MULTIPOINT Z (0 0 1,1 2 3)",
    "MULTIPOINT EMPTY",
    "MULTILINESTRING((0 0,1 1),(1 1,2 0),EMPTY)",
    "MULTILINESTRING EMPTY",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((2 2,5 2,5 5,2 2)))",
    "MULTIPOLYGON(((0 0,2 0,2 2,0 0)),((0 0,2 0,2 2,0 0)))",
    "MULTIPOLYGON EMPTY",
    "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,2 2),POLYGON((0 0,1 0,1 1,0 0)))",
    "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT EMPTY,POINT(1 1)))",
    "GEOMETRYCOLLECTION EMPTY",
    "POLYGON((-1e9 -1e9,1e9 -1e9,1e9 1e9,-1e9 -1e9))",
    "LINESTRING(1e-12 0,0 1e-12)",
];

/// What is refused on the earth: geometries with arcs and surfaces in space.
const CURVES: &[&str] = &[
    "CIRCULARSTRING(0 0,1 1,2 0)",
    "CIRCULARSTRING Z (0 0 1,2 0 5,0 0 1)",
    "CIRCULARSTRING EMPTY",
    "COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,0 0))",
    "CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,0 0),(1 0.1,2 0.1,2 1,1 0.1))",
    "CURVEPOLYGON EMPTY",
    "MULTICURVE((0 0,1 1),CIRCULARSTRING(0 0,1 1,2 0))",
    "MULTISURFACE(((5 5,6 6,6 5,5 5)),CURVEPOLYGON(CIRCULARSTRING(0 0,2 0,0 0)))",
    "POLYHEDRALSURFACE Z (((0 0 0,0 0 1,0 1 0,0 0 0)),((0 0 0,0 1 0,1 0 0,0 0 0)))",
    "TIN(((0 0,1 1,1 0,0 0)),((0 0,1 1,0 1,0 0)))",
    "TRIANGLE M ((0 0 1,1 1 2,1 0 3,0 0 1))",
    "GEOMETRYCOLLECTION(POINT(9 9),TIN(((0 0,1 1,1 0,0 0))),CIRCULARSTRING(0 0,1 1,2 0))",
];

const FLOATS: &[f64] = &[0.0, 1.0, 0.5, 2.0, -1.0, 0.25, 3.0, 45.0, f64::NAN, -0.0];

/// Resolutions that are coarse enough for large areas, and two that are none.
const RESOLUTIONS: &[i64] = &[0, 1, 2, 3, -1, 16];

const SYSTEMS: &[&str] = &["EPSG:4326", "EPSG:3857", "+proj=utm +zone=32"];

const SRIDS: &[i64] = &[4326, 3857, 25832, 0];

/// Numbers of things, and H3 cells, an edge and a vertex.
const INTEGERS: &[i64] = &[
    0,
    1,
    2,
    3,
    5,
    8,
    -1,
    4326,
    3857,
    15,
    0x0852_8347_3fff_ffff,
    0x0852_8347_7fff_ffff,
    0x0801_dfff_ffff_ffff,
    0x1152_8347_3fff_ffff,
    0x2252_8347_3fff_ffff,
];

const TEXTS: &[&str] = &[
    "",
    "POINT(1 2)",
    "SRID=4326;LINESTRING(0 0,1 1)",
    "MULTILINESTRING((0 0,4 0,4 4,0 0))",
    "<record><datafield tag=\"034\" ind1=\"1\" ind2=\" \"><subfield code=\"d\">W0010000</subfield>\
     <subfield code=\"e\">E0010000</subfield><subfield code=\"f\">N0010000</subfield>\
     <subfield code=\"g\">S0010000</subfield></datafield></record>",
    "85283473fffffff",
    "0101000000000000000000F03F0000000000000040",
    "{\"type\":\"Point\",\"coordinates\":[1,2]}",
    "<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>",
    "<Point><coordinates>1,2</coordinates></Point>",
    "u4pruydqqvj",
    "_p~iF~ps|U_ulLnnqC",
    "T*****FF*",
    "FF1F00102",
    "NDR",
    "EPSG:4326",
    "quad_segs=2",
    "center",
    "both",
    "km",
    "1,2,3,4",
];

/// Random draws that are the same every time.
pub(super) struct Draw {
    state: u64,
    /// What a length of 1 is: a degree on the plane, on the earth about as many metres.
    unit: f64,
}

impl Draw {
    /// Returns draws for the arguments of a call.
    pub(super) fn new(seed: u64, arguments: &[Argument]) -> Self {
        let is_geodetic = arguments.iter().any(|argument| argument.kind == Type::Geography);
        Self { state: seed, unit: if is_geodetic { 1e5 } else { 1.0 } }
    }

    fn below(&mut self, count: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or(0) % count
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// Returns a value for an argument; one in twelve is null, unless the plan depends on it.
    pub(super) fn value(&mut self, argument: &Argument) -> ScalarValue {
        let is_null = !argument.literal && self.below(12) == 0;
        if argument.kind == Type::Int64 && !is_null {
            return ScalarValue::Int64(Some(match argument.name {
                name if name.contains("srid") || name == "target" => self.of(SRIDS),
                name if name.contains("res") => self.of(RESOLUTIONS),
                _ => self.of(INTEGERS),
            }));
        }
        if argument.kind == Type::Text && !is_null && ["source", "target"].contains(&argument.name)
        {
            return ScalarValue::Utf8(Some(self.of(SYSTEMS).to_owned()));
        }
        self.typed(argument.kind, is_null)
    }

    fn typed(&mut self, kind: Type, is_null: bool) -> ScalarValue {
        if is_null {
            return ScalarValue::try_from(&data_type(kind)).expect("a null");
        }
        match kind {
            Type::Geometry if self.below(5) == 0 => {
                ScalarValue::Binary(Some(read(self.of(CURVES))))
            }
            Type::Geometry | Type::Geography => ScalarValue::Binary(Some(self.geometry())),
            Type::Binary => ScalarValue::Binary(Some(self.bytes())),
            Type::Float64 => ScalarValue::Float64(Some(self.of(FLOATS) * self.unit)),
            Type::Int64 => ScalarValue::Int64(Some(self.of(INTEGERS))),
            Type::Text => ScalarValue::Utf8(Some(self.of(TEXTS).to_owned())),
            Type::Boolean => ScalarValue::Boolean(Some(self.below(2) == 0)),
            Type::GeometryList => self.list(Type::Geometry),
            Type::Int64List => self.list(Type::Int64),
            Type::TextList => self.list(Type::Text),
            Type::Row | Type::Any => self.record(),
            other => panic!("no argument has the type {other:?}"),
        }
    }

    fn geometry(&mut self) -> Vec<u8> {
        read(self.of(GEOMETRIES))
    }

    /// Returns a geometry whose bytes are cut, flipped, or as they were.
    fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = self.geometry();
        let place = self.below(bytes.len());
        match self.below(4) {
            0 => bytes.truncate(place),
            1 => bytes[place] ^= 0x55,
            _ => {}
        }
        bytes
    }

    fn list(&mut self, kind: Type) -> ScalarValue {
        let count = self.below(5);
        let items: Vec<ScalarValue> = (0..count)
            .map(|_| {
                let is_null = self.below(8) == 0;
                self.typed(kind, is_null)
            })
            .collect();
        ScalarValue::List(ScalarValue::new_list(&items, &data_type(kind), true))
    }

    fn record(&mut self) -> ScalarValue {
        let values = [self.typed(Type::Geometry, false), self.typed(Type::Int64, false)];
        let columns: Vec<ArrayRef> =
            values.iter().map(|value| value.to_array().expect("a value")).collect();
        ScalarValue::Struct(Arc::new(StructArray::new(record_fields(), columns, None)))
    }
}

/// Returns the field of an argument; geometries in this reference system.
pub(super) fn field(argument: &Argument, crs: Option<Crs>) -> FieldRef {
    let plain = Field::new(argument.name, data_type(argument.kind), true);
    Arc::new(match argument.kind {
        Type::Geometry => GeometryType::new(crs).annotate(plain),
        Type::Geography => {
            GeometryType { crs: Some(Crs::wgs84()), edges: Edges::Spherical }.annotate(plain)
        }
        _ => plain,
    })
}

fn record_fields() -> Fields {
    let geometry = GeometryType::default().field("geom", true);
    Fields::from(vec![geometry, Field::new("n", DataType::Int64, true)])
}

/// Returns the type that values of a kind have here.
fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Geometry | Type::Geography | Type::Binary => DataType::Binary,
        Type::Float64 => DataType::Float64,
        Type::Int64 => DataType::Int64,
        Type::Text => DataType::Utf8,
        Type::Boolean => DataType::Boolean,
        Type::GeometryList => DataType::new_list(DataType::Binary, true),
        Type::Int64List => DataType::new_list(DataType::Int64, true),
        Type::TextList => DataType::new_list(DataType::Utf8, true),
        Type::Row | Type::Any => DataType::Struct(record_fields()),
        other => panic!("no argument has the type {other:?}"),
    }
}

fn read(text: &str) -> Vec<u8> {
    wkt::parse(text).expect("valid text").0
}
