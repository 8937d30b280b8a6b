//! Whose session it is, carried to functions in the configuration.

/// Whose session it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    pub(crate) user: String,
    pub(crate) schema: String,
}

godwit_udfs::carried!(Identity, "godwit");
