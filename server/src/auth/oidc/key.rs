//! Public keys of issuers, and the signatures that they check.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde::Deserialize;

use super::token::{Token, decode};

/// How a token is signed; each name is that of RFC 7518 or RFC 8037.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    /// Returns the algorithm of a name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" => Self::EdDsa,
            _ => return None,
        })
    }
}

/// A key as an issuer shows it.
#[derive(Deserialize)]
pub(super) struct Shown {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A public key.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm that it is for, if the issuer says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Key {
    /// Reads a key; nothing if it is of another kind or not for signatures.
    pub(super) fn read(shown: Shown) -> Option<Self> {
        if shown.purpose.is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let part = |text: &Option<String>| decode(text.as_deref()?);
        let point = || {
            // An uncompressed point of SEC 1.
            let mut point = vec![4];
            point.extend(part(&shown.x)?);
            point.extend(part(&shown.y)?);
            Some(point)
        };
        let material = match (shown.kty.as_str(), shown.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { modulus: part(&shown.n)?, exponent: part(&shown.e)? },
            ("EC", Some("P-256")) => Material::P256(point()?),
            ("EC", Some("P-384")) => Material::P384(point()?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(part(&shown.x)?),
            _ => return None,
        };
        Some(Self { id: shown.kid, algorithm: shown.alg, material })
    }

    /// Returns whether the key has this id.
    pub(super) fn is(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }

    /// Returns whether the token means this key, or any, and the key is for the algorithm.
    pub(super) fn may_have_signed(&self, token: &Token<'_>, algorithm: Algorithm) -> bool {
        let is_meant = token.key_id.as_deref().is_none_or(|id| self.is(id));
        let only = self.algorithm.as_deref();
        is_meant && only.is_none_or(|only| Algorithm::from_name(only) == Some(algorithm))
    }

    /// Returns whether the signature of the token is by this key.
    pub(super) fn has_signed(&self, token: &Token<'_>, algorithm: Algorithm) -> bool {
        let (message, signature) = (token.signed, token.signature.as_slice());
        let by = |parameters: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(parameters, key).verify(message, signature).is_ok()
        };
        match (&self.material, algorithm) {
            (Material::Rsa { modulus, exponent }, _) => {
                let Some(parameters) = rsa_parameters(algorithm) else { return false };
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(parameters, message, signature).is_ok()
            }
            (Material::P256(point), Algorithm::Es256) => {
                by(&signature::ECDSA_P256_SHA256_FIXED, point)
            }
            (Material::P384(point), Algorithm::Es384) => {
                by(&signature::ECDSA_P384_SHA384_FIXED, point)
            }
            (Material::Ed25519(key), Algorithm::EdDsa) => by(&signature::ED25519, key),
            _ => false,
        }
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static signature::RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => return None,
    })
}
