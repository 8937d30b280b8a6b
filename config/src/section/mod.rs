//! How a section of settings is declared: one macro turns fields with doc comments and defaults
//! into the struct, its reader, its writer and the data its documentation is made of.

mod kind;
mod node;

pub(crate) use kind::{Address, Kind, List, Map, Nested, Plain, Size, Texts};
pub(crate) use node::{Content, Node, Origin};

use crate::ConfigError;

/// One setting as data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) docs: &'static [&'static str],
    /// A TOML value shown in the documentation when there is no default.
    pub(crate) example: Option<&'static str>,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
}

/// What stands behind a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Value,
    /// A `[section]`.
    Section(&'static [Field]),
    /// A `[section.NAME]` for each name.
    Map(&'static [Field]),
    /// A `[[section]]` for each item.
    List(&'static [Field]),
}

/// A struct of settings.
pub(crate) trait Section: Sized {
    const FIELDS: &'static [Field];

    fn read(node: Node) -> Result<Self, ConfigError>;

    /// Returns the values by key; absent optional values are left out.
    fn write(&self) -> Vec<(&'static str, toml::Value)>;
}

/// Declares a section: `field: Type [Kind] = default, example "..." => required;`.
macro_rules! section {
    (
        $(#[doc = $section_doc:literal])+
        pub struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $field:ident : $type:ty [$kind:ident] = $default:expr
                $(, example $example:literal)? $(=> $required:ident)? ;
            )+
        }
    ) => {
        $(#[doc = $section_doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $doc])+ pub $field: $type, )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        impl $crate::section::Section for $name {
            const FIELDS: &'static [$crate::section::Field] = &[
                $( $crate::section::Field {
                    name: stringify!($field),
                    docs: &[ $($doc),+ ],
                    example: $crate::section::first(&[ $($example)? ]),
                    required: !<[&str]>::is_empty(&[ $(stringify!($required))? ]),
                    shape: <$crate::section::$kind as $crate::section::Kind<$type>>::SHAPE,
                }, )+
            ];

            fn read(node: $crate::section::Node) -> Result<Self, $crate::ConfigError> {
                let mut entries = node.into_entries(Self::FIELDS)?;
                Ok(Self {
                    $( $field: match entries.remove(stringify!($field)) {
                        Some(value) => <$crate::section::$kind as $crate::section::Kind<$type>>::read(value)?,
                        None => $default,
                    }, )+
                })
            }

            fn write(&self) -> Vec<(&'static str, toml::Value)> {
                let mut values = Vec::new();
                $( if let Some(value) =
                    <$crate::section::$kind as $crate::section::Kind<$type>>::write(&self.$field)
                {
                    values.push((stringify!($field), value));
                } )+
                values
            }
        }
    };
}
pub(crate) use section;

pub(crate) const fn first(examples: &[&'static str]) -> Option<&'static str> {
    match examples {
        [first, ..] => Some(first),
        [] => None,
    }
}
