//! Tokens against issuers that run in the test.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Json, Router, routing};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use serde_json::json;
use tokio::task::JoinSet;

use super::*;

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

enum Signer {
    P256(Box<EcdsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    fn p256() -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        Self::P256(Box::new(pair))
    }

    fn ed25519() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
    }

    fn shown(&self, id: &str) -> Value {
        match self {
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (base64(&point[1..33]), base64(&point[33..]));
                json!({ "kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "x": x, "y": y })
            }
            Self::Ed25519(pair) => {
                let x = base64(pair.public_key());
                json!({ "kty": "OKP", "crv": "Ed25519", "kid": id, "alg": "EdDSA", "x": x })
            }
        }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
        let signature = match self {
            Self::P256(pair) => base64(pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap()),
            Self::Ed25519(pair) => base64(pair.sign(signed.as_bytes())),
        };
        format!("{signed}.{signature}")
    }
}

/// An issuer on a free port, whose keys can be changed.
struct Login {
    issuer: String,
    keys: Arc<Mutex<Vec<Value>>>,
    asked: Arc<AtomicUsize>,
    _task: JoinSet<()>,
}

impl Login {
    async fn start(keys: Vec<Value>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let issuer = format!("http://{address}/realm");
        let (keys, asked) = (Arc::new(Mutex::new(keys)), Arc::new(AtomicUsize::new(0)));
        let (shown, counter) = (Arc::clone(&keys), Arc::clone(&asked));
        let about = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        let app = Router::new()
            .route(
                "/realm/.well-known/openid-configuration",
                routing::get(move || std::future::ready(Json(about.clone()))),
            )
            .route(
                "/realm/keys",
                routing::get(move || {
                    counter.fetch_add(1, Ordering::Relaxed);
                    std::future::ready(Json(json!({ "keys": *shown.lock() })))
                }),
            );
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { issuer, keys, asked, _task: task }
    }

    fn issuers(&self) -> Issuers {
        let settings = Settings {
            issuer: self.issuer.clone(),
            audience: vec!["godwit".to_owned()],
            algorithms: vec!["ES256".to_owned(), "EdDSA".to_owned()],
            roles: [("gis".to_owned(), Role::Writer)].into(),
            ..Settings::default()
        };
        Issuers::try_new(&[settings]).unwrap()
    }

    fn claims(&self) -> Value {
        let expires = now() + 300;
        json!({ "iss": self.issuer, "aud": "godwit", "sub": "ada", "exp": expires, "roles": ["gis"] })
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn reason(issuers: &Issuers, token: &str) -> String {
    issuers.bearer(token).await.unwrap().unwrap_err().to_string()
}

#[tokio::test]
async fn tokens_of_both_kinds_of_keys_are_taken() {
    let (p256, ed25519) = (Signer::p256(), Signer::ed25519());
    let junk = json!({ "kty": "oct", "kid": "z", "k": "c2VjcmV0" });
    let login = Login::start(vec![junk, p256.shown("a"), ed25519.shown("b")]).await;
    let issuers = login.issuers();
    let ada = Bearer { name: "ada".to_owned(), roles: vec![Role::Writer] };
    for (signer, header) in [
        (&p256, json!({ "alg": "ES256", "kid": "a" })),
        (&ed25519, json!({ "alg": "EdDSA", "kid": "b", "typ": "JWT" })),
        (&ed25519, json!({ "alg": "EdDSA" })),
    ] {
        let token = signer.sign(&header, &login.claims());
        assert_eq!(issuers.bearer(&token).await.unwrap(), Ok(ada.clone()));
    }
    assert_eq!(login.asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn forged_and_foreign_tokens_are_refused() {
    let (known, unknown) = (Signer::p256(), Signer::p256());
    let login = Login::start(vec![known.shown("a")]).await;
    let issuers = login.issuers();
    let header = json!({ "alg": "ES256", "kid": "a" });
    let forged = unknown.sign(&header, &login.claims());
    assert!(reason(&issuers, &forged).await.contains("signed it"));

    let token = known.sign(&header, &login.claims());
    let (_, signature) = token.rsplit_once('.').unwrap();
    let mut claims = login.claims();
    claims["roles"] = json!(["gis", "boss"]);
    let changed =
        format!("{}.{}.{signature}", base64(header.to_string()), base64(claims.to_string()));
    assert!(reason(&issuers, &changed).await.contains("signed it"));

    // The key is public: whoever takes it for a shared secret takes anything.
    for algorithm in ["none", "HS256", "None", "RS256", ""] {
        let header = json!({ "alg": algorithm, "kid": "a" });
        let parts =
            format!("{}.{}", base64(header.to_string()), base64(login.claims().to_string()));
        for token in [format!("{parts}."), format!("{parts}.{signature}")] {
            assert!(reason(&issuers, &token).await.contains("algorithm"), "{algorithm}");
        }
    }
    let mut foreign = login.claims();
    foreign["iss"] = json!("https://elsewhere.test");
    assert!(reason(&issuers, &known.sign(&header, &foreign)).await.contains("issuer"));
    let critical = json!({ "alg": "ES256", "kid": "a", "crit": ["b64"] });
    assert!(issuers.bearer(&known.sign(&critical, &login.claims())).await.is_none());
    for nonsense in ["", "a.b", "a.b.c", "..", "gws_x.1.YQ.YQ"] {
        assert!(issuers.bearer(nonsense).await.is_none(), "{nonsense}");
    }
}

#[tokio::test]
async fn claims_decide_after_the_signature() {
    let signer = Signer::ed25519();
    let login = Login::start(vec![signer.shown("a")]).await;
    let issuers = login.issuers();
    let refused = async |name: &str, value: Value| {
        let mut claims = login.claims();
        claims[name] = value;
        reason(&issuers, &signer.sign(&json!({ "alg": "EdDSA", "kid": "a" }), &claims)).await
    };
    assert!(refused("aud", json!("other")).await.contains("audience"));
    assert!(refused("exp", json!(now() - 61)).await.contains("expired"));
    assert!(refused("nbf", json!(now() + 120)).await.contains("not valid yet"));
    assert!(refused("sub", json!("")).await.contains("name"));
    assert!(refused("roles", json!(["boss"])).await.contains("roles"));
}

#[tokio::test]
async fn a_new_key_is_fetched_and_strange_ones_do_not_make_us_ask_forever() {
    let (old, new) = (Signer::p256(), Signer::ed25519());
    let login = Login::start(vec![old.shown("old")]).await;
    let issuers = login.issuers();
    let token = |signer: &Signer, algorithm: &str, id: &str| {
        signer.sign(&json!({ "alg": algorithm, "kid": id }), &login.claims())
    };
    let before = token(&old, "ES256", "old");
    assert!(issuers.bearer(&before).await.unwrap().is_ok());
    *login.keys.lock() = vec![new.shown("new")];
    assert!(issuers.bearer(&token(&new, "EdDSA", "new")).await.unwrap().is_ok());
    assert_eq!(login.asked.load(Ordering::Relaxed), 2);
    // The withdrawn key is gone with the set that it was in.
    assert!(reason(&issuers, &before).await.contains("signed it"));
    for number in 0..20 {
        let strange = token(&new, "EdDSA", &format!("strange{number}"));
        assert!(reason(&issuers, &strange).await.contains("signed it"));
    }
    assert_eq!(login.asked.load(Ordering::Relaxed), 5);
    assert!(issuers.bearer(&token(&new, "EdDSA", "new")).await.unwrap().is_ok());
}

#[tokio::test]
async fn the_example_of_rfc_7515_is_verified() {
    // Appendix A.2: the key and the token.
    let key = json!({ "kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ" });
    let text = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let key = key::Key::read(serde_json::from_value(key).unwrap()).unwrap();
    let token = Token::parse(text).unwrap();
    assert!(key.has_signed(&token, Algorithm::Rs256));
    assert!(!key.has_signed(&token, Algorithm::Rs512));
    assert!(!key.has_signed(&token, Algorithm::Ps256));
    assert!(!key.has_signed(&token, Algorithm::Es256));
}
