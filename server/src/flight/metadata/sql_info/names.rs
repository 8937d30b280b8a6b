//! The words that tools highlight and complete: keywords and functions.

/// Returns the functions that are in no other list, the spatial ones first of all.
pub(super) fn system_functions(all: Vec<String>) -> Vec<String> {
    let listed = [numeric_functions(), string_functions(), datetime_functions()].concat();
    let mut names: Vec<String> = all.into_iter().map(|name| name.to_ascii_uppercase()).collect();
    // Those of JDBC are in escapes alone, as `{fn database()}`.
    names.extend(owned("DATABASE IFNULL USER"));
    names.sort();
    names.dedup();
    names.retain(|name| !listed.contains(name));
    names
}

/// Returns the keywords that SQL:2003 does not have.
pub(super) fn keywords() -> Vec<String> {
    owned(
        "ANALYZE CACHE CLUSTERED COMMENT COPY DATABASES DELTA DESCRIBE EXPLAIN EXTERNAL FORMAT \
         GEOGRAPHY GEOJSON GEOJSONSEQ GEOMETRY GEOPARQUET IF ILIKE INDEX KILL LIMIT LOCATION \
         MATERIALIZED OFFSET OPTIONS OVERWRITE PARQUET PARTITIONED QUALIFY QUERY REFRESH REPLACE \
         SCHEMAS SHOW STORED TABLES TBLPROPERTIES TEMP TEMPORARY TRUNCATE TRY_CAST USE VERBOSE VIEW",
    )
}

/// Returns the mathematical functions; those that only JDBC has are in escapes alone, here and
/// below: `{fn truncate(x, 2)}`.
pub(super) fn numeric_functions() -> Vec<String> {
    owned(
        "ABS ACOS ACOSH ASIN ASINH ATAN ATAN2 ATANH CBRT CEIL CEILING COS COSH COT DEGREES EXP \
         FACTORIAL FLOOR GCD ISNAN ISZERO LCM LN LOG LOG10 LOG2 MOD NANVL PI POW POWER RADIANS \
         RAND RANDOM ROUND SIGN SIGNUM SIN SINH SQRT TAN TANH TRUNC TRUNCATE",
    )
}

/// Returns the text functions.
pub(super) fn string_functions() -> Vec<String> {
    owned(
        "ASCII BIT_LENGTH BTRIM CHAR CHAR_LENGTH CHARACTER_LENGTH CHR CONCAT CONCAT_WS CONTAINS \
         DECODE DIFFERENCE ENCODE ENDS_WITH FIND_IN_SET INITCAP INSERT INSTR LCASE LEFT LENGTH \
         LEVENSHTEIN LOCATE LOWER LPAD LTRIM MD5 OCTET_LENGTH OVERLAY POSITION REGEXP_COUNT \
         REGEXP_LIKE REGEXP_MATCH REGEXP_REPLACE REPEAT REPLACE REVERSE RIGHT RPAD RTRIM SHA224 \
         SHA256 SHA384 SHA512 SOUNDEX SPACE SPLIT_PART STARTS_WITH STRING_AGG STRPOS SUBSTR \
         SUBSTRING SUBSTR_INDEX TO_HEX TRANSLATE TRIM UCASE UPPER UUID",
    )
}

/// Returns the functions of dates and times.
pub(super) fn datetime_functions() -> Vec<String> {
    owned(
        "CURDATE CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURTIME DATE_BIN DATE_FORMAT DATE_PART \
         DATE_TRUNC DATEPART DATETRUNC DAYNAME DAYOFMONTH DAYOFWEEK DAYOFYEAR EXTRACT FROM_UNIXTIME \
         HOUR MAKE_DATE MINUTE MONTH MONTHNAME NOW QUARTER SECOND TIMESTAMPADD TIMESTAMPDIFF TO_CHAR \
         TO_DATE TO_LOCAL_TIME TO_TIMESTAMP TO_TIMESTAMP_MICROS TO_TIMESTAMP_MILLIS \
         TO_TIMESTAMP_NANOS TO_TIMESTAMP_SECONDS TO_UNIXTIME TODAY WEEK YEAR",
    )
}

fn owned(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}
