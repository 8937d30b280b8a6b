//! The certificate that a client showed, which its authority has vouched for.

use rustls::pki_types::CertificateDer;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::{Any, PrintableStringRef, Utf8StringRef};
use x509_cert::der::oid::db::rfc4519::COMMON_NAME;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The names in a client's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientCertificate {
    names: Vec<String>,
}

impl ClientCertificate {
    /// Reads a certificate; one that cannot be read has no names.
    pub(super) fn new(certificate: &CertificateDer<'_>) -> Self {
        let names = Certificate::from_der(certificate).map(|read| names(&read));
        Self { names: names.unwrap_or_default() }
    }

    /// Returns the certificate of somebody with these names.
    #[cfg(test)]
    pub(crate) fn of(names: &[&str]) -> Self {
        Self { names: names.iter().map(|&name| name.to_owned()).collect() }
    }

    /// Returns the names, those that are easiest to tell apart first: URIs, DNS names, mail
    /// addresses; the common name alone if there is none of them.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }
}

fn names(certificate: &Certificate) -> Vec<String> {
    let content = &certificate.tbs_certificate;
    let alternatives = content.get::<SubjectAltName>().ok().flatten();
    let alternatives = alternatives.map(|(_, SubjectAltName(names))| names).unwrap_or_default();
    let (mut uris, mut hosts, mut mails) = (Vec::new(), Vec::new(), Vec::new());
    for name in &alternatives {
        match name {
            GeneralName::UniformResourceIdentifier(uri) => uris.push(uri.to_string()),
            GeneralName::DnsName(host) => hosts.push(host.to_string()),
            GeneralName::Rfc822Name(mail) => mails.push(mail.to_string()),
            _ => {}
        }
    }
    uris.extend(hosts);
    uris.extend(mails);
    if !uris.is_empty() {
        return uris;
    }
    let attributes = content.subject.0.iter().flat_map(|part| part.0.iter());
    attributes
        .filter(|attribute| attribute.oid == COMMON_NAME)
        .filter_map(|attribute| text(&attribute.value))
        .collect()
}

fn text(value: &Any) -> Option<String> {
    let utf8 = value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned());
    let printable = || value.decode_as::<PrintableStringRef<'_>>().map(|text| text.to_string());
    utf8.or_else(|_| printable()).ok()
}
