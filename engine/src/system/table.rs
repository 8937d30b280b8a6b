//! The names and columns of the engine's own tables.

/// One of the engine's own tables.
pub(super) struct Table {
    pub(super) schema: &'static str,
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
}

/// A column's name and type.
pub(crate) type Column = (&'static str, Type);

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    Flag,
    Time,
}

use Type::{Flag, Number, Text, Time};

const GEOMETRY_COLUMNS: &[Column] = &[
    ("f_table_catalog", Text),
    ("f_table_schema", Text),
    ("f_table_name", Text),
    ("f_geometry_column", Text),
    ("coord_dimension", Number),
    ("srid", Number),
    ("type", Text),
    ("crs", Text),
];

const SPATIAL_REF_SYS: &[Column] = &[
    ("srid", Number),
    ("auth_name", Text),
    ("auth_srid", Number),
    ("srtext", Text),
    ("proj4text", Text),
];

/// All of the engine's own tables.
pub(super) const TABLES: &[Table] = &[
    Table {
        schema: "information_schema",
        name: "schemata",
        columns: &[("catalog_name", Text), ("schema_name", Text), ("schema_owner", Text)],
    },
    Table {
        schema: "information_schema",
        name: "tables",
        columns: &[
            ("table_catalog", Text),
            ("table_schema", Text),
            ("table_name", Text),
            ("table_type", Text),
            ("is_insertable_into", Text),
            ("table_comment", Text),
        ],
    },
    Table {
        schema: "information_schema",
        name: "columns",
        columns: &[
            ("table_catalog", Text),
            ("table_schema", Text),
            ("table_name", Text),
            ("column_name", Text),
            ("ordinal_position", Number),
            ("column_default", Text),
            ("is_nullable", Text),
            ("data_type", Text),
            ("character_maximum_length", Number),
            ("numeric_precision", Number),
            ("numeric_precision_radix", Number),
            ("numeric_scale", Number),
            ("datetime_precision", Number),
            ("udt_name", Text),
        ],
    },
    Table {
        schema: "information_schema",
        name: "views",
        columns: &[
            ("table_catalog", Text),
            ("table_schema", Text),
            ("table_name", Text),
            ("view_definition", Text),
            ("check_option", Text),
            ("is_updatable", Text),
        ],
    },
    Table {
        schema: "information_schema",
        name: "table_constraints",
        columns: &[
            ("constraint_catalog", Text),
            ("constraint_schema", Text),
            ("constraint_name", Text),
            ("table_catalog", Text),
            ("table_schema", Text),
            ("table_name", Text),
            ("constraint_type", Text),
        ],
    },
    Table {
        schema: "information_schema",
        name: "key_column_usage",
        columns: &[
            ("constraint_catalog", Text),
            ("constraint_schema", Text),
            ("constraint_name", Text),
            ("table_catalog", Text),
            ("table_schema", Text),
            ("table_name", Text),
            ("column_name", Text),
            ("ordinal_position", Number),
            ("position_in_unique_constraint", Number),
        ],
    },
    Table {
        schema: "information_schema",
        name: "referential_constraints",
        columns: &[
            ("constraint_catalog", Text),
            ("constraint_schema", Text),
            ("constraint_name", Text),
            ("unique_constraint_catalog", Text),
            ("unique_constraint_schema", Text),
            ("unique_constraint_name", Text),
            ("match_option", Text),
            ("update_rule", Text),
            ("delete_rule", Text),
        ],
    },
    Table {
        schema: "system",
        name: "tables",
        columns: &[
            ("schema_name", Text),
            ("table_name", Text),
            ("table_type", Text),
            ("format", Text),
            ("location", Text),
            ("comment", Text),
            ("error", Text),
        ],
    },
    Table {
        schema: "system",
        name: "queries",
        columns: &[
            ("query_id", Text),
            ("state", Text),
            ("user_name", Text),
            ("protocol", Text),
            ("rows", Number),
            ("submitted_at", Time),
            ("started_at", Time),
            ("finished_at", Time),
            ("sql", Text),
            ("error", Text),
            ("sqlstate", Text),
        ],
    },
    Table {
        schema: "system",
        name: "functions",
        columns: &[
            ("function_name", Text),
            ("category", Text),
            ("is_aggregate", Flag),
            ("signatures", Text),
            ("returns", Text),
            ("summary", Text),
            ("aliases", Text),
            ("example", Text),
        ],
    },
    Table {
        schema: "system",
        name: "formats",
        columns: &[
            ("format_name", Text),
            ("summary", Text),
            ("reads", Flag),
            ("writes", Flag),
            ("extensions", Text),
            ("media_type", Text),
            ("options", Text),
        ],
    },
    Table {
        schema: "system",
        name: "settings",
        columns: &[("name", Text), ("value", Text), ("description", Text)],
    },
    Table {
        schema: "system",
        name: "error_codes",
        columns: &[
            ("code", Text),
            ("sqlstate", Text),
            ("http_status", Number),
            ("retryable", Flag),
            ("meaning", Text),
        ],
    },
    Table { schema: "system", name: "geometry_columns", columns: GEOMETRY_COLUMNS },
    Table {
        schema: "system",
        name: "drivers",
        columns: &[
            ("short_name", Text),
            ("long_name", Text),
            ("can_create", Flag),
            ("can_copy", Flag),
            ("can_open", Flag),
            ("help_url", Text),
        ],
    },
    Table { schema: "system", name: "spatial_ref_sys", columns: SPATIAL_REF_SYS },
    // The names PostGIS gives, where desktop tools look for them.
    Table { schema: "public", name: "geometry_columns", columns: GEOMETRY_COLUMNS },
    Table { schema: "public", name: "spatial_ref_sys", columns: SPATIAL_REF_SYS },
];
