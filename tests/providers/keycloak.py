"""Runs a server that takes the tokens of a real Keycloak.

usage: keycloak.py KEYCLOAK_FOLDER  (the unpacked distribution, as of org.keycloak:keycloak-quarkus-dist)
       keycloak.py http://127.0.0.1:18080  (one that runs, with the realm below and admin/admin)
GODWIT_BINARY names the binary.

Prints one line a case, then "N passed, N failed"; exits with 1 when one failed. Needs Java, and about two
minutes, most of which are waits for tokens to expire. No part of the tests that run on every change.
"""

import base64
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow.flight as flight

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = []
CONFIG = """
[listen]
flight_addr = "127.0.0.1:0"
http_addr = "127.0.0.1:0"
[tls]
certificate = "{folder}/server.pem"
key = "{folder}/server.key"
[storage]
data_dir = "{folder}/data"
[auth]
mode = "required"
[[auth.tokens]]
name = "root"
value = "root-token"
role = "admin"
[[auth.roles]]
name = "analyst"
grants = ["SELECT ON maps.*"]
[[auth.issuers]]
issuer = "{keycloak}/realms/maps"
audience = ["godwit"]
name_claim = "preferred_username"
role_claim = "realm_access.roles"
roles = {{ gis = "writer", gis-admins = "admin", students = "analyst" }}
"""


def case(function):
    CASES.append(function)
    return function


class Keycloak:
    def __init__(self, where):
        self.process = None
        self.url = where.rstrip("/")
        if not where.startswith("http"):
            self.url = "http://127.0.0.1:18080"
            imported = os.path.join(where, "data", "import")
            os.makedirs(imported, exist_ok=True)
            shutil.copy(os.path.join(HERE, "keycloak_realm.json"), imported)
            arguments = ["start-dev", "--import-realm", "--http-port", "18080", "--http-host", "127.0.0.1"]
            admin = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin"}
            self.process = subprocess.Popen([os.path.join(where, "bin", "kc.sh"), *arguments], env=os.environ | admin,
                                            stdout=subprocess.DEVNULL)
        for _ in range(240):
            try:
                urllib.request.urlopen(self.url + "/realms/maps", timeout=5).read()
                break
            except OSError:
                time.sleep(1)

    def post(self, path, data, token=None, method="POST"):
        if token is None:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            body = urllib.parse.urlencode(data).encode()
        else:
            headers = {"Content-Type": "application/json", "Authorization": "Bearer " + token}
            body = json.dumps(data).encode()
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        return urllib.request.urlopen(request, timeout=30).read()

    def token(self, client, user=None, realm="maps"):
        """Returns an access token: by client credentials, or by the password of a user."""
        data = {"client_id": client, "client_secret": client + "-secret", "grant_type": "client_credentials"}
        if user is not None:
            data |= {"grant_type": "password", "username": user, "password": user + "-password"}
        return json.loads(self.post(f"/realms/{realm}/protocol/openid-connect/token", data))["access_token"]

    def get(self, path, token):
        request = urllib.request.Request(self.url + path, headers={"Authorization": "Bearer " + token})
        return json.loads(urllib.request.urlopen(request, timeout=30).read())

    def admin(self):
        data = {"client_id": "admin-cli", "grant_type": "password", "username": "admin", "password": "admin"}
        return json.loads(self.post("/realms/master/protocol/openid-connect/token", data))["access_token"]

    def rotate(self):
        """Adds a key that signs from now on."""
        name = f"rotated {time.time()}"
        config = {"priority": [str(int(time.time()))], "enabled": ["true"], "active": ["true"], "keySize": ["2048"]}
        component = {"name": name, "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
                     "config": config}
        self.post("/admin/realms/maps/components", component, self.admin())


class Godwit:
    def __init__(self, keycloak):
        folder = tempfile.mkdtemp(prefix="godwit-keycloak-")
        config = os.path.join(folder, "godwit.toml")
        with open(config, "w") as file:
            file.write(CONFIG.format(folder=folder, keycloak=keycloak.url))
        self.certificate = os.path.join(folder, "server.pem")
        key = os.path.join(folder, "server.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate], check=True,
                       stderr=subprocess.DEVNULL)
        with open(self.certificate) as file:
            self.authority = file.read()
        log = os.path.join(folder, "log")
        command = [os.environ["GODWIT_BINARY"], "serve", "--config", config]
        self.process = subprocess.Popen(command, stdout=open(log, "w"), stderr=subprocess.STDOUT)
        for _ in range(200):
            with open(log) as file:
                text = re.sub("\x1b\\[[0-9;]*m", "", file.read())
            flight_url = re.search(r"grpc\+tls://[\d.]+:\d+", text)
            http_url = re.search(r"https://[\d.]+:\d+", text)
            if flight_url and http_url:
                self.flight, self.http = flight_url.group(0), http_url.group(0)
                return
            time.sleep(0.1)
        raise RuntimeError(text)

    def connect(self, options):
        options = {"adbc.flight.sql.client_option.tls_root_certs": self.authority} | options
        return flightsql.connect(self.flight, db_kwargs=options, autocommit=True)

    def user(self, token):
        return self.run(token, "SELECT current_user")[0][0]

    def run(self, token, sql):
        options = {"adbc.flight.sql.authorization_header": "Bearer " + token}
        with self.connect(options) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if sql.startswith("SELECT") else None

    def post(self, token, sql):
        """Returns the status and the answer over HTTP."""
        request = urllib.request.Request(self.http + "/v1/sql", sql.encode(), {"Authorization": "Bearer " + token})
        try:
            context = ssl.create_default_context(cafile=self.certificate)
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def refused(action, *words):
    try:
        action()
    except Exception as error:
        text = str(error)
        assert all(word in text for word in words), text
        return
    raise AssertionError("it was not refused")


def claims(token):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


@case
def a_user_with_a_password_is_known_by_name_and_role(keycloak, godwit):
    token = keycloak.token("loader", "ada")
    assert godwit.user(token) == "ada"
    godwit.run(token, "CREATE SCHEMA maps")
    godwit.run(token, "CREATE TABLE maps.places AS SELECT 1 AS id")
    status, answer = godwit.post(token, "SELECT current_user AS who")
    assert status == 200 and "ada" in answer, (status, answer)


@case
def grants_of_a_mapped_role_count(keycloak, godwit):
    token = keycloak.token("loader", "eve")
    assert godwit.run(token, "SELECT id FROM maps.places") == [(1,)]
    refused(lambda: godwit.run(token, "CREATE TABLE maps.more AS SELECT 1 AS id"), "there is no grant of CREATE")


@case
def a_user_without_a_role_is_refused(keycloak, godwit):
    token = keycloak.token("loader", "bob")
    refused(lambda: godwit.user(token), "none of its roles is one here")
    status, answer = godwit.post(token, "SELECT 1")
    assert status == 401 and "28000" in answer, (status, answer)


@case
def a_program_has_its_own_name(keycloak, godwit):
    # The service account of a client has no role until it is given one.
    token = keycloak.token("loader")
    assert claims(token)["preferred_username"] == "service-account-loader"
    refused(lambda: godwit.user(token), "none of its roles is one here")
    admin = keycloak.admin()
    [user] = keycloak.get("/admin/realms/maps/users?username=service-account-loader", admin)
    role = keycloak.get("/admin/realms/maps/roles/gis", admin)
    mapping = f"/admin/realms/maps/users/{user['id']}/role-mappings/realm"
    keycloak.post(mapping, [role], admin)
    try:
        assert godwit.user(keycloak.token("loader")) == "service-account-loader"
    finally:
        keycloak.post(mapping, [role], admin, "DELETE")


@case
def the_driver_gets_its_token_itself(keycloak, godwit):
    options = {
        "adbc.flight.sql.oauth.flow": "client_credentials",
        "adbc.flight.sql.oauth.token_uri": keycloak.url + "/realms/maps/protocol/openid-connect/token",
        "adbc.flight.sql.oauth.client_id": "ecdsa",
        "adbc.flight.sql.oauth.client_secret": "ecdsa-secret",
    }
    # That its only fault is the role shows that the token came and was verified, by a key of ES256.
    def connect():
        with godwit.connect(options) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    refused(connect, "none of its roles is one here")


@case
def plain_flight_takes_the_token(keycloak, godwit):
    client = flight.FlightClient(godwit.flight, tls_root_certs=godwit.authority)
    header = (b"authorization", ("Bearer " + keycloak.token("loader", "ada")).encode())
    options = flight.FlightCallOptions(headers=[header])
    info = client.get_flight_info(flight.FlightDescriptor.for_command(b"SELECT current_user AS who"), options)
    assert client.do_get(info.endpoints[0].ticket, options).read_all().to_pylist() == [{"who": "ada"}]


@case
def another_audience_is_refused(keycloak, godwit):
    token = keycloak.token("other")
    refused(lambda: godwit.user(token), "it is for another audience")


@case
def another_realm_is_refused(keycloak, godwit):
    refused(lambda: godwit.user(keycloak.admin()), "its issuer is not one of auth.issuers")


@case
def a_shared_secret_is_refused(keycloak, godwit):
    token = keycloak.token("shared")
    refused(lambda: godwit.user(token), "its algorithm is not allowed")


@case
def a_changed_token_is_refused(keycloak, godwit):
    head, body, signature = keycloak.token("loader", "eve").split(".")
    changed = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    changed["realm_access"]["roles"] = ["gis-admins"]
    body = base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("=")
    refused(lambda: godwit.user(f"{head}.{body}.{signature}"), "no key of its issuer has signed it")


@case
def a_new_key_is_fetched_when_a_token_names_it(keycloak, godwit):
    before = keycloak.token("loader", "ada")
    assert godwit.user(before) == "ada"
    keycloak.rotate()
    after = keycloak.token("loader", "ada")
    assert before.split(".")[0] != after.split(".")[0], "the key is the same"
    assert godwit.user(after) == "ada"
    # The old key is still shown, so its tokens still count.
    assert godwit.user(before) == "ada"


@case
def an_expired_token_is_refused(keycloak, godwit):
    token = keycloak.token("brief")
    # A minute of leeway is given, in which only the role is missing.
    refused(lambda: godwit.user(token), "none of its roles is one here")
    time.sleep(max(0, claims(token)["exp"] + 62 - time.time()))
    refused(lambda: godwit.user(token), "it has expired")


def main():
    keycloak = Keycloak(sys.argv[1])
    godwit = Godwit(keycloak)
    passed = 0
    try:
        for function in CASES:
            name = function.__name__.replace("_", " ")
            try:
                function(keycloak, godwit)
                passed += 1
                print("passed ", name)
            except Exception:
                print("FAILED ", name)
                traceback.print_exc(file=sys.stdout)
    finally:
        godwit.process.terminate()
        if keycloak.process is not None:
            keycloak.process.terminate()
    print(f"{passed} passed, {len(CASES) - passed} failed")
    sys.exit(passed < len(CASES))


if __name__ == "__main__":
    main()
