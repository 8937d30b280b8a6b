//! `GetSqlInfo`: what the server can do, each answer in the union branch drivers cast to.
//!
//! The JDBC driver fails on a missing code and on a wrong branch, and knows no code above 576, so
//! the whole standard range is answered and nothing else.

mod names;

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, IntervalUnit, SchemaRef, TimeUnit};
use arrow_flight::sql::metadata::SqlInfoDataBuilder;
use arrow_flight::sql::{CommandGetSqlInfo, SqlSupportsConvert};

use super::super::call::Call;
use super::super::service::Shared;
use super::super::status::Failure;
use super::unbuilt;

/// Returns the schema of `GetSqlInfo`.
pub(super) fn schema() -> SchemaRef {
    std::sync::Arc::new(SqlInfoDataBuilder::schema().clone())
}

/// Returns the requested answers; all when none is named, and nothing for unknown codes.
pub(super) fn rows(
    shared: &Shared,
    call: &Call,
    command: CommandGetSqlInfo,
) -> Result<RecordBatch, Failure> {
    let abilities = Abilities {
        read_only: call.principal.is_read_only(),
        statement_timeout: shared
            .options
            .query_timeout
            .map_or(0, |timeout| i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX)),
        max_sql_bytes: i64::try_from(shared.options.max_sql_bytes).unwrap_or(0),
        functions: names::system_functions(shared.engine.function_names()),
    };
    let mut builder = SqlInfoDataBuilder::new();
    for (code, answer) in answers(abilities) {
        match answer {
            Answer::Text(text) => builder.append(code, text.as_str()),
            Answer::Bool(flag) => builder.append(code, flag),
            Answer::Long(number) => builder.append(code, number),
            Answer::Bits(bits) => builder.append(code, bits),
            Answer::Texts(texts) => builder.append(code, texts),
            Answer::Map(map) => builder.append(code, map),
        }
    }
    let answers = builder.build().map_err(|error| unbuilt(&error))?;
    command.into_builder(&answers).build().map_err(|error| unbuilt(&error))
}

/// An answer in one branch of the union.
#[derive(Debug, Clone)]
enum Answer {
    Text(String),
    Bool(bool),
    Long(i64),
    Bits(i32),
    Texts(Vec<String>),
    Map(BTreeMap<i32, Vec<i32>>),
}

/// What differs between servers and users.
struct Abilities {
    read_only: bool,
    statement_timeout: i32,
    max_sql_bytes: i64,
    functions: Vec<String>,
}

/// Returns every standard code with its answer.
fn answers(abilities: Abilities) -> BTreeMap<u32, Answer> {
    let mut all: BTreeMap<u32, Answer> = BTreeMap::new();
    let mut put = |codes: &[u32], value: Answer| {
        for code in codes {
            all.insert(*code, value.clone());
        }
    };
    let text = |value: &str| Answer::Text(value.to_owned());
    let yes = Answer::Bool(true);
    let no = Answer::Bool(false);
    let bits = Answer::Bits;
    let long = Answer::Long;

    // The server.
    put(&[0], text("Godwit"));
    put(&[1], text(env!("CARGO_PKG_VERSION")));
    put(&[2], text(arrow::ARROW_VERSION));
    put(&[3], Answer::Bool(abilities.read_only));
    put(&[4, 9, 10], yes.clone());
    // No Substrait, and no bulk ingestion inside a transaction.
    put(&[5, 11], no.clone());
    put(&[6, 7], text(""));
    // No transactions: every statement is one.
    put(&[8], bits(0));
    put(&[100], bits(abilities.statement_timeout));
    put(&[101], bits(0));

    // Names. ODBC reads 503, 505 and 507 as 64-bit integers.
    put(&[500], no.clone());
    put(&[501, 502], yes.clone());
    put(&[503], long(1));
    put(&[504], text("\""));
    put(&[505], long(0));
    put(&[506], yes.clone());
    put(&[507], long(0));
    put(&[508], Answer::Texts(names::keywords()));
    put(&[509], Answer::Texts(names::numeric_functions()));
    put(&[510], Answer::Texts(names::string_functions()));
    put(&[511], Answer::Texts(abilities.functions));
    put(&[512], Answer::Texts(names::datetime_functions()));
    put(&[513], text("\\"));
    put(&[514], text(""));

    // The language.
    put(&[515, 516, 518, 519, 520, 521, 523, 524, 532, 539, 572], yes);
    put(&[517], Answer::Map(conversions()));
    put(&[522], bits(3));
    put(&[525, 526], bits(4));
    put(&[527, 536, 537, 556, 563, 565, 566, 573, 574, 575, 576], no);
    put(&[528], bits(6));
    put(&[529], text("schema"));
    put(&[530], text("procedure"));
    put(&[531], text("catalog"));
    put(&[533, 534, 535], bits(0));
    put(&[538], bits(15));
    put(&[540], bits(3));

    // Limits, of which 0 means none, and transactions.
    put(&(541..=555).collect::<Vec<_>>(), long(0));
    put(&[557], long(abilities.max_sql_bytes));
    put(&[558, 559, 560, 561, 562], long(0));
    put(&[564], bits(1));
    put(&[567, 568, 569, 570, 571], bits(2));
    all
}

/// Returns which types can be cast to which, asked from the cast kernel itself.
fn conversions() -> BTreeMap<i32, Vec<i32>> {
    use SqlSupportsConvert as Convert;
    let types = [
        (Convert::SqlConvertBigint, DataType::Int64),
        (Convert::SqlConvertBinary, DataType::Binary),
        (Convert::SqlConvertBit, DataType::Boolean),
        (Convert::SqlConvertChar, DataType::Utf8),
        (Convert::SqlConvertDate, DataType::Date32),
        (Convert::SqlConvertDecimal, DataType::Decimal128(38, 10)),
        (Convert::SqlConvertFloat, DataType::Float64),
        (Convert::SqlConvertInteger, DataType::Int32),
        (Convert::SqlConvertIntervalDayTime, DataType::Interval(IntervalUnit::DayTime)),
        (Convert::SqlConvertIntervalYearMonth, DataType::Interval(IntervalUnit::YearMonth)),
        (Convert::SqlConvertLongvarbinary, DataType::Binary),
        (Convert::SqlConvertLongvarchar, DataType::Utf8),
        (Convert::SqlConvertNumeric, DataType::Decimal128(38, 10)),
        (Convert::SqlConvertReal, DataType::Float32),
        (Convert::SqlConvertSmallint, DataType::Int16),
        (Convert::SqlConvertTime, DataType::Time64(TimeUnit::Nanosecond)),
        (Convert::SqlConvertTimestamp, DataType::Timestamp(TimeUnit::Nanosecond, None)),
        (Convert::SqlConvertTinyint, DataType::Int8),
        (Convert::SqlConvertVarbinary, DataType::Binary),
        (Convert::SqlConvertVarchar, DataType::Utf8),
    ];
    let mut matrix = BTreeMap::new();
    for (from, from_type) in &types {
        let targets = types
            .iter()
            .filter(|(_, to_type)| can_cast_types(from_type, to_type))
            .map(|(to, _)| i32::from(*to))
            .collect();
        matrix.insert(i32::from(*from), targets);
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(value: &Answer) -> u8 {
        match value {
            Answer::Text(_) => 0,
            Answer::Bool(_) => 1,
            Answer::Long(_) => 2,
            Answer::Bits(_) => 3,
            Answer::Texts(_) => 4,
            Answer::Map(_) => 5,
        }
    }

    /// The branch each driver casts to without looking.
    fn expected_branch(code: u32) -> u8 {
        match code {
            0..=2 | 6 | 7 | 504 | 513 | 514 | 529..=531 => 0,
            3..=5
            | 9..=11
            | 500..=502
            | 506
            | 515
            | 516
            | 518..=521
            | 523
            | 524
            | 527
            | 532
            | 536
            | 537
            | 539
            | 556
            | 563
            | 565
            | 566
            | 572..=576 => 1,
            503 | 505 | 507 | 541..=555 | 557..=562 => 2,
            8 | 100 | 101 | 522 | 525 | 526 | 528 | 533..=535 | 538 | 540 | 564 | 567..=571 => 3,
            508..=512 => 4,
            517 => 5,
            other => panic!("code {other} is not standard"),
        }
    }

    #[test]
    fn every_standard_code_is_answered_in_the_branch_that_drivers_cast_to() {
        let abilities = Abilities {
            read_only: false,
            statement_timeout: 0,
            max_sql_bytes: 0,
            functions: vec![],
        };
        let answers = answers(abilities);
        let standard: Vec<u32> = (0..=11).chain([100, 101]).chain(500..=576).collect();
        assert_eq!(answers.keys().copied().collect::<Vec<_>>(), standard);
        assert_eq!(answers.len(), 91);
        for (code, value) in &answers {
            assert_eq!(branch(value), expected_branch(*code), "code {code}");
        }
    }

    #[test]
    fn conversions_come_from_the_cast_kernel() {
        let matrix = conversions();
        let integer = i32::from(SqlSupportsConvert::SqlConvertInteger);
        let varchar = i32::from(SqlSupportsConvert::SqlConvertVarchar);
        assert!(matrix[&integer].contains(&varchar));
        assert_eq!(matrix.len(), 20);
    }
}
