//! Every setting: its name, type, default and documentation.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::secret::Secret;
use crate::section::section;

section! {
    /// All settings of a Godwit server.
    pub struct Config {
        /// Where Godwit listens.
        listen: Listen [Nested] = Listen::default();
        /// Encryption of both endpoints.
        tls: Tls [Nested] = Tls::default();
        /// Where Godwit keeps its data, and which files queries may name.
        storage: Storage [Nested] = Storage::default();
        /// Object stores: credentials and endpoints for the locations below a URL.
        object_store: BTreeMap<String, ObjectStore> [Map] = BTreeMap::new();
        /// Tables to register at start, in the schema `public` unless the name says `schema.table`.
        table: BTreeMap<String, Table> [Map] = BTreeMap::new();
        /// What queries may use.
        limits: Limits [Nested] = Limits::default();
        /// Who may connect.
        auth: Auth [Nested] = Auth::default();
        /// Logs.
        telemetry: Telemetry [Nested] = Telemetry::default();
    }
}

section! {
    /// Where Godwit listens.
    pub struct Listen {
        /// Address of the Flight SQL endpoint. Without authentication it must be a loopback address.
        flight_addr: SocketAddr [Address] = loopback(50051);
        /// Address of the HTTP endpoint. Without authentication it must be a loopback address.
        http_addr: SocketAddr [Address] = loopback(8080);
        /// Serves Flight SQL, gRPC-web and HTTP together on `flight_addr`; `http_addr` is not used.
        single_port: bool [Plain] = false;
        /// Further address that serves Flight SQL, gRPC-web and HTTP together without TLS, beside the
        /// encrypted ones: for clients on this machine, or behind a proxy that ends TLS.
        plaintext_addr: Option<SocketAddr> [Address] = None, example "\"127.0.0.1:8081\"";
        /// Further `Host` names that HTTP requests may carry on a loopback address. `localhost` and
        /// loopback addresses are always accepted, others are refused (DNS rebinding).
        allowed_hosts: Vec<String> [Plain] = Vec::new();
        /// Origins of web pages that may call the HTTP endpoint, such as `https://maps.example.org`.
        /// "*" stands for any. Requests from the pages of other origins are refused.
        cors_origins: Vec<String> [Plain] = Vec::new();
        /// Largest body of an HTTP request.
        max_body_bytes: u64 [Size] = 32 * MIB;
    }
}

section! {
    /// Encryption of both endpoints.
    pub struct Tls {
        /// PEM file with the server's certificate, followed by those that lead to its authority.
        /// With it both endpoints speak TLS 1.2 and 1.3 alone. Files that change are read again.
        certificate: Option<PathBuf> [Plain] = None, example "\"/etc/godwit/server.pem\"";
        /// PEM file with the private key of the certificate.
        key: Option<PathBuf> [Plain] = None, example "\"/etc/godwit/server.key\"";
        /// PEM file with the authorities whose certificates clients may show. `auth.certificates` says
        /// who they are.
        client_ca: Option<PathBuf> [Plain] = None, example "\"/etc/godwit/clients.pem\"";
        /// "optional" lets clients without a certificate in, who then need other credentials;
        /// "required" refuses the connection.
        client_certificates: ClientCertificates [Plain] = ClientCertificates::Optional;
    }
}

section! {
    /// Where Godwit keeps its data, and which files queries may name.
    pub struct Storage {
        /// Directory of the metadata store and of materialised tables. Created when absent.
        data_dir: PathBuf [Plain] = PathBuf::from("./godwit-data");
        /// Directory for what does not fit in memory; by default `spill` in the data directory.
        spill_dir: Option<PathBuf> [Plain] = None, example "\"/var/tmp/godwit\"";
        /// Most disk space that running queries may fill together.
        spill_limit_bytes: u64 [Size] = 100 * GB;
        /// Directories and URLs below which clients on the network may name locations, such as
        /// `/srv/geodata` or `s3://lake/public/`. Registered tables may lie anywhere.
        allowed_locations: Vec<String> [Plain] = Vec::new();
    }
}

section! {
    /// An object store: credentials and endpoint for the locations below a URL.
    pub struct ObjectStore {
        /// The locations it serves: `s3://bucket`, `gs://bucket`, `az://container` or
        /// `https://host`.
        url: String [Plain] = String::new(), example "\"s3://lake\"" => required;
        /// Address of the service, where it is not the public one of AWS, Google or Azure.
        endpoint: Option<String> [Plain] = None, example "\"http://localhost:9000\"";
        /// Region of the bucket.
        region: Option<String> [Plain] = None, example "\"eu-central-1\"";
        /// Whether `http://` endpoints are allowed.
        allow_http: bool [Plain] = false, example "true";
        /// Whether requests go out unsigned, for public buckets.
        anonymous: bool [Plain] = false, example "false";
        /// Credentials and further options by their `object_store` name.
        options: BTreeMap<String, Secret> [Plain] = BTreeMap::new(),
            example "{ access_key_id = \"${env:LAKE_KEY_ID}\", secret_access_key = \"${file:/run/secrets/lake}\" }";
    }
}

section! {
    /// A table to register at start.
    pub struct Table {
        /// A file, glob, directory or URL.
        location: String [Plain] = String::new(), example "\"/srv/geodata/places.parquet\"" => required;
        /// The format; by default told from the name and the first bytes.
        format: Option<String> [Plain] = None, example "\"GEOPARQUET\"";
        /// Options of the format, as in `CREATE EXTERNAL TABLE ... OPTIONS`.
        options: BTreeMap<String, String> [Texts] = BTreeMap::new(), example "{ geometry = \"xy:lon,lat\" }";
    }
}

section! {
    /// What queries may use.
    pub struct Limits {
        /// Memory for all queries together; by default a fraction of the machine's or container's.
        memory_bytes: Option<u64> [Size] = None, example "\"4GB\"";
        /// The fraction used when `memory_bytes` is not set.
        memory_fraction: f64 [Plain] = 0.7;
        /// The part of this memory that collected sides of spatial joins may take after their
        /// query, for the next one that joins with the same files; by default an eighth. They are
        /// given up when a query needs the memory. 0 keeps none.
        join_cache_bytes: Option<u64> [Size] = None, example "\"256MB\"";
        /// Longest time a query may run; 0 means no limit.
        query_timeout_seconds: u64 [Plain] = 0;
        /// Queries that run at the same time; by default two for each CPU core.
        max_concurrent_queries: Option<usize> [Plain] = None, example "8";
        /// Queries that may wait for their turn; further ones are refused.
        max_queued_queries: usize [Plain] = 256;
        /// Longest time a query waits for its turn.
        queue_timeout_seconds: u64 [Plain] = 60;
        /// Longest SQL text.
        max_sql_bytes: u64 [Size] = 16 * MIB;
        /// Most rows of one HTTP answer; a query that has more fails. No limit by default.
        max_http_rows: Option<u64> [Plain] = None, example "1000000";
        /// Most bytes of one HTTP answer, before compression; a query that has more fails. No limit
        /// by default.
        max_http_bytes: Option<u64> [Size] = None, example "\"10GB\"";
        /// Parallel parts of one query; by default the number of CPU cores.
        target_partitions: Option<usize> [Plain] = None, example "8";
    }
}

section! {
    /// Who may connect.
    pub struct Auth {
        /// "none" serves everybody, on loopback addresses only; "required" asks for a token, a user's
        /// password or a client certificate, whichever of them are configured.
        mode: AuthMode [Plain] = AuthMode::None;
        /// Tokens for programs: `Authorization: Bearer TOKEN` or `X-API-Key: TOKEN`.
        tokens: Vec<Token> [List] = Vec::new();
        /// Users with passwords, over HTTP Basic and the Flight SQL handshake.
        users: Vec<User> [List] = Vec::new();
        /// Who the bearers of client certificates are; the first entry that fits counts. A certificate
        /// that none fits is refused. Needs `tls.client_ca`.
        certificates: Vec<CertificateRule> [List] = Vec::new();
        /// Roles beside "reader", "writer" and "admin", who see and change only what they are granted.
        roles: Vec<NamedRole> [List] = Vec::new();
        /// `OpenID` Connect issuers, whose tokens are taken in `Authorization: Bearer TOKEN`.
        issuers: Vec<Issuer> [List] = Vec::new();
    }
}

section! {
    /// A token and what its bearer may do.
    pub struct Token {
        /// Name that queries and logs show.
        name: String [Plain] = String::new(), example "\"dashboard\"" => required;
        /// The token itself. Give this or `sha256`.
        value: Option<Secret> [Plain] = None, example "\"${env:DASHBOARD_TOKEN}\"";
        /// The token's SHA-256 in hexadecimal digits, as `printf %s TOKEN | sha256sum` prints it.
        sha256: Option<Secret> [Plain] = None, example "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"";
        /// "reader", "writer", "admin" or one of `auth.roles`.
        role: Role [Plain] = Role::Reader, example "\"writer\"";
    }
}

section! {
    /// A user and what they may do.
    pub struct User {
        /// Name to log in with.
        name: String [Plain] = String::new(), example "\"ada\"" => required;
        /// The password's argon2 hash in PHC format ("$argon2id$..."), as the `argon2` command prints
        /// it with `-e`.
        password_hash: Secret [Plain] = Secret::new(""), example "\"${file:/run/secrets/ada}\"" => required;
        /// "reader", "writer", "admin" or one of `auth.roles`.
        role: Role [Plain] = Role::Reader, example "\"writer\"";
    }
}

section! {
    /// Who the bearer of a client certificate is.
    pub struct CertificateRule {
        /// The name in the certificate: a URI, DNS name or mail address of its alternative names, or
        /// its common name if it has none of them. `*` stands for any text.
        name: String [Plain] = String::new(), example "\"spiffe://example.org/loader/*\"" => required;
        /// "reader", "writer", "admin" or one of `auth.roles`.
        role: Role [Plain] = Role::Reader, example "\"writer\"";
    }
}

section! {
    /// A role and what it may do.
    pub struct NamedRole {
        /// Name, for `role` of tokens, users, certificates and issuers.
        name: String [Plain] = String::new(), example "\"analyst\"" => required;
        /// What the role may do, as `SELECT, INSERT ON schema.table`, where `*` stands for any text:
        /// SELECT, INSERT, UPDATE, DELETE, CREATE, DROP or ALL of them. `COPY` alone lets it name files
        /// and other locations. Tables that no grant is for do not exist for it.
        grants: Vec<String> [Plain] = Vec::new(),
            example "[\"SELECT ON maps.*\", \"ALL ON work.*\"]" => required;
    }
}

section! {
    /// An issuer of tokens, and what their bearers may do.
    pub struct Issuer {
        /// The issuer, exactly as its tokens spell it.
        issuer: String [Plain] = String::new(), example "\"https://login.example.org/realms/maps\"" => required;
        /// The audiences of which a token must name one.
        audience: Vec<String> [Plain] = Vec::new(), example "[\"godwit\"]" => required;
        /// Where the issuer shows its keys; by default it is asked at
        /// `/.well-known/openid-configuration`.
        jwks_uri: Option<String> [Plain] = None, example "\"https://login.example.org/keys\"";
        /// PEM file with authorities that are trusted beside the public ones when keys are fetched.
        ca: Option<PathBuf> [Plain] = None, example "\"/etc/godwit/login.pem\"";
        /// The algorithms that tokens may be signed with: RS256, RS384, RS512, PS256, PS384, PS512,
        /// ES256, ES384 or `EdDSA`.
        algorithms: Vec<String> [Plain] = vec!["RS256".to_owned(), "ES256".to_owned()],
            example "[\"RS256\", \"ES256\"]";
        /// The claim with the name that queries and logs show.
        name_claim: String [Plain] = "sub".to_owned(), example "\"preferred_username\"";
        /// What is put before the name, so that it is not that of somebody else.
        name_prefix: String [Plain] = String::new(), example "\"corp:\"";
        /// The claim with the roles, as a list or a text with spaces; `a.b` is the claim `b` below `a`.
        role_claim: String [Plain] = "roles".to_owned(), example "\"realm_access.roles\"";
        /// The role here for each role of the claim; several add up. Others give nothing.
        roles: BTreeMap<String, Role> [Plain] = BTreeMap::new(),
            example "{ gis = \"writer\", gis-admins = \"admin\" }";
        /// The role of bearers whose token gives none; without it they are refused.
        default_role: Option<Role> [Plain] = None, example "\"reader\"";
    }
}

section! {
    /// Logs.
    pub struct Telemetry {
        /// What is logged: "error", "warn", "info" or "debug", for all modules or for those whose
        /// names begin so, as in `warn,godwit_engine=debug`.
        log_filter: String [Plain] = "warn,godwit=info,buoyant_kernel=error".to_owned();
        /// "text" or "json".
        log_format: LogFormat [Plain] = LogFormat::Text;
    }
}

/// Whether clients must show a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientCertificates {
    /// They may.
    #[default]
    Optional,
    /// They must.
    Required,
}

/// Whether clients must say who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Everybody on the loopback interface is served.
    #[default]
    None,
    /// A token or a password is asked for.
    Required,
}

/// What a principal may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// Runs queries.
    #[default]
    Reader,
    /// Runs queries and changes tables.
    Writer,
    /// Does everything, including cancelling the queries of others.
    Admin,
    /// Does what a role of `auth.roles` is granted.
    Named(String),
}

impl Role {
    /// Returns the role's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::Admin => "admin",
            Self::Named(name) => name,
        }
    }
}

impl From<String> for Role {
    fn from(name: String) -> Self {
        match name.as_str() {
            "reader" => Self::Reader,
            "writer" => Self::Writer,
            "admin" => Self::Admin,
            _ => Self::Named(name),
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.name().to_owned()
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// What tokens may be signed with.
pub(crate) const TOKEN_ALGORITHMS: [&str; 9] =
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

const MIB: u64 = 1 << 20;
const GB: u64 = 1_000_000_000;

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
