//! Godwit's settings: defaults, then a TOML file, then `GODWIT_*` environment variables, then flags.
//!
//! This is the only crate that reads the environment. Each setting is one field with a doc
//! comment and a default in [`settings`]; the commented `config/default.toml` is written from them.

mod error;
mod grant;
mod load;
mod pattern;
mod render;
mod secret;
mod section;
pub mod settings;
mod source;
mod validate;

pub use error::ConfigError;
pub use grant::{Grant, Privilege};
pub use load::{Overrides, config_file_from_environment, environment_variable};
pub use pattern::fits;
pub use render::default_toml;
pub use secret::Secret;
pub use settings::{
    Auth, AuthMode, CertificateRule, ClientCertificates, Config, Issuer, Limits, Listen, LogFormat,
    NamedRole, ObjectStore, Role, Storage, Table, Telemetry, Tls, Token, User,
};
