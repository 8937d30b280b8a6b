//! Functions that belong to a session or to the engine's own rewrites, and those that answer as
//! `PostgreSQL` does where the engine below does not.
//!
//! One of the engine below that differs in a little is `wrapped`, an aggregate of it `converted`; one
//! that only computes columns is `plain`.

mod array_fill;
mod array_of;
mod array_text;
mod as_geometry;
mod at_time_zone;
mod average;
mod beside;
mod box_text;
mod bytes;
mod bytes_of_text;
mod checked;
mod clock;
mod coalesce;
mod collected;
mod columnar;
mod converted;
mod date_part;
mod date_trunc;
mod days;
mod decimal_means;
mod dimensions;
mod elements;
mod exact_percentile;
mod extremes;
mod from_hex;
mod geometry_array;
mod geometry_cast;
mod hilbert;
mod identity;
mod intervals;
mod iso_text;
mod json;
mod length;
mod levenshtein;
mod like_pattern;
mod list;
mod list_item;
mod many_to_one;
mod mode;
mod moments;
mod named_struct;
mod nearest;
mod numbers;
mod ordinals;
mod own_system;
mod patterns;
mod percentiles;
mod pg_typeof;
mod places;
mod plain;
mod row_count;
mod series;
mod session;
mod setting;
mod shape;
mod similar_pattern;
mod single_value;
mod sliced;
mod soundex;
mod sum;
mod texts;
mod time_unit;
mod timestamp_add;
mod timestamp_diff;
mod to_char;
mod totals;
mod trim_array;
mod wrapped;
mod written;

use std::sync::Arc;

use average::Average;
use coalesce::Coalesce;
use collected::Collected;
use datafusion::functions::math;
use datafusion::functions_aggregate::variance::var_samp_udaf;
use datafusion::functions_nested::string::string_to_array_udf;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF, WindowUDF};
use extremes::Extreme;
use from_hex::FromHex;
use godwit_geometry::Edges;
use length::Length;
use levenshtein::Levenshtein;
use like_pattern::PatternOf;
use named_struct::{NamedStruct, Row};
use soundex::Soundex;
use sum::Sum;
use timestamp_add::TimestampAdd;
use timestamp_diff::TimestampDiff;
use to_char::ToChar;

pub(crate) use array_fill::DIMENSION;
pub(crate) use array_of::ARRAY_OF;
pub(crate) use array_text::items;
pub(crate) use as_geometry::AsGeometry;
pub(crate) use at_time_zone::AT_TIME_ZONE;
pub(crate) use beside::BESIDE;
pub(crate) use box_text::{BOX_3D_TEXT, BOX_TEXT};
pub(crate) use bytes_of_text::{bytes_of_text, read_bytes};
pub(crate) use checked::Checked;
pub(crate) use date_part::DATE_PART;
pub(crate) use days::days;
pub(crate) use elements::{ELEMENT, Elements};
pub(crate) use geometry_array::GeometryArray;
pub(crate) use geometry_cast::{GeometryCast, GeometryTarget, geometry_from_text};
pub(crate) use hilbert::HilbertKey;
pub(crate) use identity::Identity;
pub(crate) use intervals::{
    INTERVAL_DIVIDE, INTERVAL_MULTIPLY, interval_amounts, interval_length, interval_of_span,
};
pub(crate) use iso_text::IsoText;
pub(crate) use json::{
    JSON_CONCAT, JSON_CONTAINS, JSON_DELETE, JSON_DELETE_KEYS, JSON_DELETE_PATH, JSON_EXISTS,
    JSON_EXISTS_ALL, JSON_EXISTS_ANY, JSON_ITEMS, JSON_PART, JSON_PATH, JSON_PATH_TEXT, JSON_STEPS,
    JSON_TEXT, is_json_cast, json_cast, json_cast_function,
};
pub(crate) use like_pattern::{LIKE_PATTERN, SIMILAR_PATTERN};
pub(crate) use list::LIST;
pub(crate) use list_item::array_element;
pub(crate) use many_to_one::many_to_one;
pub(crate) use moments::{OVERLAPS, PRECISION};
pub(crate) use named_struct::ROW;
pub(crate) use nearest::{nearest_integer, to_integers};
pub(crate) use numbers::{ROUND_BY, digits, quotient, remainder, without_exponent};
pub(crate) use ordinals::ORDINALS;
pub(crate) use own_system::OwnSystem;
pub(crate) use patterns::known_escapes;
pub(crate) use row_count::{limit, offset};
pub(crate) use shape::shape;
pub(crate) use single_value::{of_only_row, single_value};
pub(crate) use sliced::sliced;
pub(crate) use texts::UUID_CAST;
pub(crate) use to_char::{READ_DATE, READ_TIMESTAMP};
pub(crate) use written::{is_written, text_of_value};

/// Returns the functions to register beside those of `udfs`.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let mut functions = session::all();
    functions.push(Arc::new(ScalarUDF::from(Coalesce::new())));
    for edges in [Edges::Planar, Edges::Spherical] {
        functions.push(Arc::new(ScalarUDF::from(GeometryCast::new(edges))));
    }
    functions.extend(Checked::all().map(|checked| Arc::new(ScalarUDF::from(checked))));
    functions.push(Arc::new(ScalarUDF::from(HilbertKey::new())));
    functions.extend(IsoText::all().map(|read| Arc::new(ScalarUDF::from(read))));
    functions.push(Arc::new(ScalarUDF::from(NamedStruct::new())));
    functions.push(Arc::new(ScalarUDF::from(Row::new())));
    functions.extend(Length::all().map(|length| Arc::new(ScalarUDF::from(length))));
    functions.push(Arc::new(ScalarUDF::from(FromHex::new())));
    functions.push(Arc::new(ScalarUDF::from(Levenshtein::new())));
    functions.extend(PatternOf::all().map(|pattern| Arc::new(ScalarUDF::from(pattern))));
    functions.extend(Soundex::all().map(|soundex| Arc::new(ScalarUDF::from(soundex))));
    functions.push(Arc::new(ScalarUDF::from(TimestampAdd::new())));
    functions.push(Arc::new(ScalarUDF::from(TimestampDiff::new())));
    functions.push(Arc::new(ScalarUDF::from(ToChar::new())));
    functions.push(Arc::new(math::signum().as_ref().clone().with_aliases(["sign"])));
    let split = string_to_array_udf().as_ref().clone();
    functions.push(Arc::new(split.with_aliases(["string_to_table"])));
    functions.push(Arc::new(array_fill::dimension()));
    functions.push(Arc::new(array_of::array_of()));
    functions.push(Arc::new(array_element()));
    functions.push(Arc::new(dimensions::array_ndims()));
    functions.push(Arc::new(ordinals::ordinals()));
    functions.push(Arc::new(trim_array::trim_array()));
    functions.push(Arc::new(at_time_zone::at_time_zone()));
    functions.push(Arc::new(bytes_of_text()));
    functions.push(Arc::new(to_char::to_number()));
    functions.extend(to_char::readers().map(Arc::new));
    functions.push(Arc::new(date_part::date_part()));
    functions.push(Arc::new(date_trunc::date_trunc()));
    functions.push(Arc::new(days()));
    functions.push(Arc::new(series::series()));
    functions.push(Arc::new(setting::current_setting()));
    functions.push(Arc::new(text_of_value()));
    functions.push(Arc::new(pg_typeof::pg_typeof()));
    functions.push(Arc::new(beside::beside()));
    functions.push(Arc::new(many_to_one()));
    functions.extend([true, false].map(|is_even| Arc::new(nearest_integer(is_even))));
    let folders = [intervals::all(), json::all(), moments::all(), numbers::all(), texts::all()];
    functions.extend(folders.into_iter().flatten().map(Arc::new));
    functions.extend(patterns::all().map(Arc::new));
    functions.extend(bytes::all().into_iter().map(Arc::new));
    functions.extend(box_text::all().map(Arc::new));
    functions
}

/// Returns the window functions to put in the place of those of the engine below.
pub(crate) fn windows() -> Vec<Arc<WindowUDF>> {
    places::all().map(Arc::new).collect()
}

/// Returns the aggregates to register, and those to put in the place of the engine's own.
pub(crate) fn aggregates() -> Vec<Arc<AggregateUDF>> {
    let mut aggregates = vec![
        Arc::new(AggregateUDF::from(Sum::new())),
        Arc::new(AggregateUDF::from(Average::new())),
        Arc::new(mode::mode()),
        Arc::new(var_samp_udaf().as_ref().clone().with_aliases(["variance"])),
    ];
    aggregates.extend(Extreme::all().map(|extreme| Arc::new(AggregateUDF::from(extreme))));
    aggregates.extend(json::aggregates().map(Arc::new));
    aggregates.extend(percentiles::all().map(Arc::new));
    aggregates.extend(Collected::all().map(|collected| Arc::new(AggregateUDF::from(collected))));
    aggregates
}
