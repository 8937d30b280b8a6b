//! The SQL dialect: the generic one plus table versions, which must never be ignored silently.

mod chains;
mod operators;

use std::any::TypeId;

use sqlparser::ast::{DataType, Expr, ObjectName, TypedString};
use sqlparser::dialect::{Dialect, GenericDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// The dialect of every statement. It reports itself as the generic dialect, because the parser
/// asks for that type in places that have no flag.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct GeoDialect;

macro_rules! as_generic {
    ($($flag:ident)*) => {
        $(fn $flag(&self) -> bool {
            GenericDialect.$flag()
        })*
    };
}

impl Dialect for GeoDialect {
    fn dialect(&self) -> TypeId {
        TypeId::of::<GenericDialect>()
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        GenericDialect.is_delimited_identifier_start(ch)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        GenericDialect.is_identifier_start(ch) && !is_operator(ch)
    }

    /// What begins an operator ends a name, as in `PostgreSQL`: `tags#>>'{a}'`, `list@>ARRAY[1]`.
    fn is_identifier_part(&self, ch: char) -> bool {
        GenericDialect.is_identifier_part(ch) && !is_operator(ch)
    }

    /// A text with the type of a geometry before it; the parser itself knows its own types only.
    fn parse_prefix(&self, parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        let Token::Word(word) = &parser.peek_nth_token_ref(0).token else {
            return operators::prefix(parser);
        };
        let is_type = word.quote_style.is_none()
            && ["geography", "geometry"].iter().any(|name| word.value.eq_ignore_ascii_case(name));
        let is_text = matches!(parser.peek_nth_token_ref(1).token, Token::SingleQuotedString(_));
        if !is_type || !is_text {
            return operators::prefix(parser);
        }
        let name =
            ObjectName::from(vec![word.clone().into_ident(parser.peek_nth_token_ref(0).span)]);
        parser.advance_token();
        let data_type = DataType::Custom(name, Vec::new());
        Some(parser.parse_value().map(|value| {
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false })
        }))
    }

    /// The operand of `IS [NOT] DISTINCT FROM` ends where that of other comparisons does; the
    /// parser itself takes all that follows for it.
    fn parse_infix(
        &self,
        parser: &mut Parser<'_>,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let is_distinct = parser.parse_keywords(&[Keyword::IS, Keyword::DISTINCT, Keyword::FROM]);
        let is_operator = is_distinct
            || parser.parse_keywords(&[
                Keyword::IS,
                Keyword::NOT,
                Keyword::DISTINCT,
                Keyword::FROM,
            ]);
        if !is_operator {
            return chains::infix(parser, expr, precedence)
                .or_else(|| operators::infix(parser, expr, precedence));
        }
        let operator = if is_distinct { Expr::IsDistinctFrom } else { Expr::IsNotDistinctFrom };
        let right = parser.parse_subexpr(precedence);
        Some(right.map(|right| operator(Box::new(expr.clone()), Box::new(right))))
    }

    /// Operators bind as in `PostgreSQL`. A text right behind a text is refused; the parser itself
    /// takes it for a name of the first.
    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        let is_text = |token: &Token| {
            matches!(
                token,
                Token::SingleQuotedString(_)
                    | Token::EscapedStringLiteral(_)
                    | Token::HexStringLiteral(_)
                    | Token::DollarQuotedString(_)
            )
        };
        let next = parser.peek_token_ref();
        let follows = is_text(&next.token) && is_text(&parser.get_current_token().token);
        if follows {
            return Some(parser.expected_ref("an operator or a comma between texts", next));
        }
        operators::precedence(&next.token).map(Ok)
    }

    /// These are read by `parser/strings.rs`, which knows `UESCAPE`.
    fn supports_unicode_string_literal(&self) -> bool {
        false
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_select_expr_star(&self) -> bool {
        true
    }

    /// The underscores are taken away by `parser/spellings.rs`.
    fn supports_numeric_literal_underscores(&self) -> bool {
        true
    }

    as_generic! {
        supports_partition_by_after_order_by
        supports_array_join_syntax
        supports_group_by_expr
        supports_group_by_with_modifier
        supports_left_associative_joins_without_parens
        supports_connect_by
        supports_match_recognize
        supports_pipe_operator
        supports_start_transaction_modifier
        supports_window_function_null_treatment_arg
        supports_dictionary_syntax
        supports_window_clause_named_window_reference
        supports_parenthesized_set_variables
        supports_select_wildcard_except
        support_map_literal_syntax
        allow_extract_custom
        allow_extract_single_quotes
        supports_extract_comma_syntax
        supports_create_view_comment_syntax
        supports_parens_around_table_factor
        supports_values_as_table_factor
        supports_create_index_with_clause
        supports_explain_with_utility_options
        supports_limit_comma
        supports_update_order_by
        supports_from_first_select
        supports_projection_trailing_commas
        supports_asc_desc_in_column_definition
        supports_try_convert
        supports_bitwise_shift_operators
        supports_comment_on
        supports_load_extension
        supports_named_fn_args_with_assignment_operator
        supports_struct_literal
        supports_empty_projections
        supports_nested_comments
        supports_multiline_comment_hints
        supports_user_host_grantee
        supports_string_escape_constant
        supports_array_typedef_with_brackets
        supports_match_against
        supports_set_names
        supports_comma_separated_set_assignments
        supports_filter_during_aggregation
        supports_select_wildcard_exclude
        supports_data_type_signed_suffix
        supports_interval_options
        supports_quote_delimited_string
        supports_select_wildcard_replace
        supports_select_wildcard_ilike
        supports_select_wildcard_rename
        supports_optimize_table
        supports_install
        supports_detach
        supports_prewhere
        supports_with_fill
        supports_limit_by
        supports_interpolate
        supports_settings
        supports_select_format
        supports_comment_optimizer_hint
        supports_constraint_keyword_without_name
        supports_key_column_option
        supports_comma_separated_trim
        supports_cte_without_as
        supports_select_item_multi_column_alias
        supports_xml_expressions
    }
}

fn is_operator(character: char) -> bool {
    matches!(character, '#' | '@')
}
