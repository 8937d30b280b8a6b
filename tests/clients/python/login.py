"""An authority for certificates and an issuer of tokens, made for one run of a suite."""

import base64
import datetime
import hashlib
import hmac
import http.server
import json
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def _name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class Authority:
    """Signs certificates, and knows its own as PEM text."""

    def __init__(self, common):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = _name(common)
        builder = self._builder(self.name, self.key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
            + ("key_agreement", "encipher_only", "decipher_only"),
            False,
        )
        builder = builder.add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
        self.pem = self._sign(builder)

    def _builder(self, subject, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(issuer, critical=False)
        )

    def _sign(self, builder):
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def certificate(self, common, alternatives, usage):
        """Returns a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_name(common), key.public_key())
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if alternatives:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return self._sign(builder), _pem(key)

    def server(self):
        import ipaddress

        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return self.certificate("server", names, ExtendedKeyUsageOID.SERVER_AUTH)

    def client(self, common, uri=None):
        names = [x509.UniformResourceIdentifier(uri)] if uri else []
        return self.certificate(common, names, ExtendedKeyUsageOID.CLIENT_AUTH)


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value, length=None):
    return _base64(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


class Issuer:
    """An issuer of tokens on a free port, with the keys "rsa" and "ec"."""

    def __init__(self):
        self.keys = {"rsa": rsa.generate_private_key(65537, 2048), "ec": ec.generate_private_key(ec.SECP256R1())}
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                paths = {"/.well-known/openid-configuration": issuer.about, "/keys": issuer.shown}
                body = json.dumps(paths[self.path]()).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def about(self):
        return {"issuer": self.url, "jwks_uri": self.url + "/keys"}

    def shown(self):
        shown = []
        for name, key in self.keys.items():
            public = key.public_key().public_numbers()
            if isinstance(key, rsa.RSAPrivateKey):
                entry = {"kty": "RSA", "n": _number(public.n), "e": _number(public.e)}
            else:
                entry = {"kty": "EC", "crv": "P-256", "x": _number(public.x, 32), "y": _number(public.y, 32)}
            shown.append(entry | {"kid": name, "use": "sig"})
        return {"keys": shown}

    def claims(self, **changes):
        claims = {"iss": self.url, "aud": "godwit", "sub": "ada", "exp": int(time.time()) + 300, "roles": ["gis"]}
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, algorithm="RS256", kid=None, **changes):
        """Returns a token; the claims may be changed, and left out with None."""
        kid = kid or ("ec" if algorithm == "ES256" else "rsa")
        key = self.keys[kid]
        head = {"alg": algorithm, "kid": kid, "typ": "JWT"}
        signed = ".".join(_base64(json.dumps(part).encode()) for part in (head, self.claims(**changes)))
        data = signed.encode()
        if algorithm == "RS256":
            signature = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        elif algorithm == "PS256":
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            signature = key.sign(data, salted, hashes.SHA256())
        elif algorithm == "ES256":
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
            signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        elif algorithm == "HS256":
            # The known attack: the public key taken for a shared secret.
            public = key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            signature = hmac.new(public, data, hashlib.sha256).digest()
        else:
            signature = b""
        return signed + "." + _base64(signature)
