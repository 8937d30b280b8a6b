//! Godwit's settings: defaults, then a TOML file, then `GODWIT_*` environment variables, then flags.
//!
//! This is the only crate that reads the environment. Each setting is one field with a doc
//! comment and a default in [`settings`]; the commented `config/default.toml` is written from them.

mod error;
mod load;
mod render;
mod secret;
mod section;
pub mod settings;
mod source;
mod validate;

pub use error::ConfigError;
pub use load::{Overrides, config_file_from_environment, environment_variable};
pub use render::default_toml;
pub use secret::Secret;
pub use settings::{
    Auth, AuthMode, Config, Limits, Listen, LogFormat, ObjectStore, Role, Storage, Table,
    Telemetry, Tls, Token, User,
};
