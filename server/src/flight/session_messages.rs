//! The messages of the session actions, which the protocol crate does not generate.

use std::collections::HashMap;

/// The value of a session option.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct OptionValue {
    /// The value; absent to unset the option.
    #[prost(oneof = "Value", tags = "1, 2, 3, 4, 5")]
    pub(super) value: Option<Value>,
}

/// The kinds of value a session option can have.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Value {
    /// Text.
    #[prost(string, tag = "1")]
    Text(String),
    /// A truth value.
    #[prost(bool, tag = "2")]
    Bool(bool),
    /// A whole number.
    #[prost(sfixed64, tag = "3")]
    Int(i64),
    /// A number.
    #[prost(double, tag = "4")]
    Double(f64),
    /// Several texts.
    #[prost(message, tag = "5")]
    Texts(Texts),
}

/// Several texts.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Texts {
    /// The texts.
    #[prost(string, repeated, tag = "1")]
    pub(super) values: Vec<String>,
}

/// The request of `SetSessionOptions`, and the answer to `GetSessionOptions`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SessionOptions {
    /// The options by name.
    #[prost(map = "string, message", tag = "1")]
    pub(super) options: HashMap<String, OptionValue>,
}

/// The answer to `SetSessionOptions`: only what failed.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SetResult {
    /// The failures by name.
    #[prost(map = "string, message", tag = "1")]
    pub(super) errors: HashMap<String, SetError>,
}

/// Why an option was not set.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SetError {
    /// The reason.
    #[prost(enumeration = "SetErrorValue", tag = "1")]
    pub(super) value: i32,
}

/// The reasons why an option is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum SetErrorValue {
    /// Not used.
    Unspecified = 0,
    /// There is no such option.
    InvalidName = 1,
    /// The option has no such value.
    InvalidValue = 2,
    /// The option cannot be set at the moment.
    Error = 3,
}

/// The answer to `CloseSession`.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct CloseResult {
    /// The state of the session.
    #[prost(enumeration = "CloseStatus", tag = "1")]
    pub(super) status: i32,
}

/// The states of a session that is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum CloseStatus {
    /// Not used.
    Unspecified = 0,
    /// It is closed.
    Closed = 1,
    /// It will be closed soon.
    Closing = 2,
    /// It cannot be closed.
    NotCloseable = 3,
}
