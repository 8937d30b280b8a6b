"""Runs a server with TLS, client certificates, tokens of an issuer and roles with grants.

usage: security_suite.py FLIGHT_URL HTTP_URL FOLDER  (starts a server of its own in FOLDER)
GODWIT_BINARY names the binary.
"""

import hashlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import adbc_driver_flightsql.dbapi as flightsql
import pyarrow
import pyarrow.flight as flight

from cases import case, expect, expect_equal, expect_error, rows, run, run_cases
from login import Authority, Issuer

FOLDER = os.path.join(sys.argv[3], "security")
CONFIG = """
[listen]
flight_addr = "127.0.0.1:0"
http_addr = "127.0.0.1:0"
[tls]
certificate = "{folder}/server.pem"
key = "{folder}/server.key"
client_ca = "{folder}/clients.pem"
[storage]
data_dir = "{folder}/data"
allowed_locations = ["{folder}/files"]
[telemetry]
log_filter = "warn,godwit=info,audit=info"
[auth]
mode = "required"
[[auth.tokens]]
name = "root"
value = "root-token"
role = "admin"
[[auth.tokens]]
name = "eve"
value = "eve-token"
role = "analyst"
[[auth.roles]]
name = "analyst"
grants = ["SELECT ON maps.*", "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP ON work.*", "INSERT ON public.inbox"]
[[auth.certificates]]
name = "spiffe://example.org/loader/*"
role = "writer"
[[auth.certificates]]
name = "Ada Lovelace"
role = "reader"
[[auth.issuers]]
issuer = "{issuer}"
audience = ["godwit"]
algorithms = ["RS256", "PS256", "ES256"]
roles = {{ gis = "writer", analysts = "analyst" }}
"""


def write(name, text):
    # A reader sees the old file or the new one.
    path = os.path.join(FOLDER, name)
    with open(path + ".part", "w") as file:
        file.write(text)
    os.replace(path + ".part", path)
    return path


class Server:
    """The binary with the configuration above."""

    def __init__(self):
        os.makedirs(os.path.join(FOLDER, "files"), exist_ok=True)
        self.authority, self.issuer = Authority("Suite Authority"), Issuer()
        write("authority.pem", self.authority.pem)
        write("clients.pem", self.authority.pem)
        self.renew()
        config = write("godwit.toml", CONFIG.format(folder=FOLDER, issuer=self.issuer.url))
        command = [os.environ["GODWIT_BINARY"], "serve", "--config", config]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.flight_url = self.http_url = None
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()
        for line in self.process.stdout:
            for word in line.split():
                if word.startswith("grpc+tls://"):
                    self.flight_url = word
                if word.startswith("https://127.0.0.1"):
                    self.http_url = word
            if self.flight_url and self.http_url:
                break
        expect(self.http_url, "the server did not start: " + "".join(self.log))
        threading.Thread(target=lambda: list(self.process.stdout), daemon=True).start()

    def renew(self):
        """Puts a new certificate in place of the old one, and returns it."""
        certificate, key = self.authority.server()
        write("server.key", key)
        write("server.pem", certificate)
        return certificate

    def connect(self, token=None, client=None, **options):
        options = {"adbc.flight.sql.client_option.tls_root_certs": self.authority.pem} | options
        if token:
            options["adbc.flight.sql.authorization_header"] = "Bearer " + token
        if client:
            options["adbc.flight.sql.client_option.mtls_cert_chain"] = client[0]
            options["adbc.flight.sql.client_option.mtls_private_key"] = client[1]
        return flightsql.connect(self.flight_url, db_kwargs=options, autocommit=True)

    def user(self, **arguments):
        with self.connect(**arguments) as connection:
            return rows(connection, "SELECT current_user")[0][0]

    def http(self, path, token=None, body=None, client=None):
        """Returns status and text of an answer."""
        context = ssl.create_default_context(cadata=self.authority.pem)
        if client:
            chain, key = write("client.pem", client[0]), write("client.key", client[1])
            context.load_cert_chain(chain, key)
        headers = {"authorization": "Bearer " + token} if token else {}
        request = urllib.request.Request(self.http_url + path, data=body and body.encode(), headers=headers)
        try:
            with urllib.request.urlopen(request, context=context, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def shown(self):
        """Returns the certificate that new connections get."""
        host, port = self.flight_url.removeprefix("grpc+tls://").split(":")
        context = ssl.create_default_context(cadata=self.authority.pem)
        with socket.create_connection((host, int(port))) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as stream:
                return ssl.DER_cert_to_PEM_cert(stream.getpeercert(True))

    def wait_for_log(self, *words):
        for _ in range(200):
            if any(all(word in line for word in words) for line in list(self.log)):
                return
            time.sleep(0.05)
        raise AssertionError(f"no line with {words} in the log: {''.join(self.log[-5:])}")


def refused(server, *words, **arguments):
    return expect_error(lambda: server.user(**arguments), *words)


@case
def tls_is_spoken_on_both_endpoints(server):
    expect_equal(server.user(token="root-token"), "root")
    status, text = server.http("/v1/sql?format=csv", "root-token", "SELECT 1 AS one")
    expect_equal((status, text.split()), (200, ["one", "1"]))
    client = flight.FlightClient(server.flight_url, tls_root_certs=server.authority.pem)
    options = flight.FlightCallOptions(headers=[(b"authorization", b"Bearer root-token")])
    expect(list(client.list_actions(options)), "no actions")


@case
def a_client_that_does_not_trust_the_authority_is_not_served(server):
    other = {"adbc.flight.sql.client_option.tls_root_certs": Authority("Other").pem}
    expect_error(lambda: server.user(token="root-token", **other))


@case
def a_cleartext_client_is_named_in_the_log(server):
    url = server.flight_url.replace("grpc+tls", "grpc")

    def connect():
        with flightsql.connect(url, autocommit=True) as connection:
            rows(connection, "SELECT 1")

    expect_error(connect)
    server.wait_for_log("client speaks no TLS", "useEncryption=true")
    try:
        urllib.request.urlopen(server.http_url.replace("https", "http"), timeout=10)
    except urllib.error.HTTPError as error:
        expect_equal(error.code, 400)
    server.wait_for_log("client speaks no TLS", "use https://")


@case
def a_new_certificate_is_shown_and_a_broken_one_is_not(server):
    with server.connect(token="root-token") as old:
        renewed = server.renew()
        server.process.send_signal(signal.SIGHUP)
        server.wait_for_log("TLS files read again")
        expect_equal(server.shown().split(), renewed.split())
        expect_equal(rows(old, "SELECT current_user")[0][0], "root")
    write("server.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    server.wait_for_log("cannot be used", "old certificate stays")
    expect_equal(server.shown().split(), renewed.split())
    server.renew()


@case
def certificates_say_who_their_bearers_are(server):
    loader = server.authority.client("some host", "spiffe://example.org/loader/nightly")
    expect_equal(server.user(client=loader), "spiffe://example.org/loader/nightly")
    status, text = server.http("/v1/sql?format=csv", None, "SELECT current_user", loader)
    expect_equal((status, text.split()[-1]), (200, "spiffe://example.org/loader/nightly"))
    ada = server.authority.client("Ada Lovelace")
    expect_equal(server.user(client=ada), "Ada Lovelace")
    with server.connect(client=ada) as connection:
        expect_error(lambda: run(connection, "CREATE SCHEMA s"), "may only read", state="42501")
    # A token says more than the certificate of the connection.
    expect_equal(server.user(client=ada, token="root-token"), "root")


@case
def unknown_certificates_are_refused(server):
    nobody = server.authority.client("Nobody")
    refused(server, "auth.certificates", "Nobody", client=nobody)
    refused(server, "auth.certificates", client=nobody, token="root-token")
    expect_error(lambda: server.user(client=Authority("Other").client("Ada Lovelace")))
    refused(server, "credentials are missing")


@case
def tokens_of_the_issuer_are_taken(server):
    for algorithm in ("RS256", "PS256", "ES256"):
        expect_equal(server.user(token=server.issuer.token(algorithm)), "ada")
    status, text = server.http("/v1/sql?format=csv", server.issuer.token(), "SELECT current_user")
    expect_equal((status, text.split()[-1]), (200, "ada"))
    client = flight.FlightClient(server.flight_url, tls_root_certs=server.authority.pem)
    token = server.issuer.token()
    options = flight.FlightCallOptions(headers=[(b"authorization", b"Bearer " + token.encode())])
    expect(list(client.list_actions(options)), "no actions")
    # Clients with a token may shake hands with it, and keep it.
    with server.connect(token=token) as connection:
        expect_equal(rows(connection, "SELECT current_user"), [("ada",)])


@case
def other_tokens_are_not(server):
    issuer, now = server.issuer, int(time.time())
    refused(server, "expired", token=issuer.token(exp=now - 120))
    refused(server, "not valid yet", token=issuer.token(nbf=now + 120))
    refused(server, "audience", token=issuer.token(aud="other"))
    refused(server, "issuer", token=issuer.token(iss="https://elsewhere.test"))
    refused(server, "algorithm", token=issuer.token("HS256"))
    refused(server, "algorithm", token=issuer.token("none"))
    refused(server, "signed", token=Issuer().token(iss=issuer.url))
    refused(server, "roles", token=issuer.token(roles=["nothing"]))
    refused(server, "when it expires", token=issuer.token(exp=None))
    expect_equal(server.http("/v1/sql", issuer.token("none"), "SELECT 1")[0], 401)
    # Clocks may be apart a little.
    expect_equal(server.user(token=issuer.token(exp=now - 20, nbf=now + 20)), "ada")


@case
def keys_are_rotated(server):
    issuer, old = server.issuer, server.issuer.token()
    expect_equal(server.user(token=old), "ada")
    del issuer.keys["rsa"]
    issuer.keys["rsa-2"] = Issuer().keys["rsa"]
    expect_equal(server.user(token=issuer.token(kid="rsa-2")), "ada")
    refused(server, "signed", token=old)


@case
def grants_decide_what_is_there(server):
    with server.connect(token="root-token") as root:
        for sql in (
            "CREATE SCHEMA maps",
            "CREATE SCHEMA work",
            "CREATE SCHEMA secret",
            "CREATE TABLE maps.roads AS SELECT 1 AS id, ST_Point(1, 2) AS geom",
            "CREATE TABLE secret.codes AS SELECT 42 AS code",
            "CREATE TABLE public.inbox AS SELECT 1 AS id",
            "CREATE VIEW maps.shown AS SELECT code + 1 AS code FROM secret.codes",
        ):
            run(root, sql)
    with server.connect(token="eve-token") as eve:
        expect_equal(rows(eve, "SELECT current_user"), [("eve",)])
        expect_equal(rows(eve, "SELECT id FROM maps.roads"), [(1,)])
        # A view shows what its maker may see.
        expect_equal(rows(eve, "SELECT code FROM maps.shown"), [(43,)])
        for sql in ("SELECT * FROM secret.codes", "DESCRIBE secret.codes", "SHOW CREATE TABLE secret.codes"):
            expect_error(lambda: rows(eve, sql), "does not exist")
        expect_error(lambda: rows(eve, "SELECT (SELECT max(code) FROM secret.codes)"), "does not exist")
        expect_error(lambda: rows(eve, "SELECT * FROM public.inbox"), "SELECT", state="42501")
        expect_error(lambda: run(eve, "DROP TABLE maps.roads"), "DROP", state="42501")
        expect_error(lambda: run(eve, "DELETE FROM maps.roads"), "DELETE", state="42501")
        expect_error(lambda: run(eve, "CREATE TABLE maps.mine AS SELECT 1 AS id"), "CREATE", state="42501")
        expect_error(lambda: run(eve, "CREATE SCHEMA mine"), "CREATE", state="42501")
        expect_error(lambda: run(eve, f"COPY maps.roads TO '{FOLDER}/files/r.csv'"), "COPY", state="42501")
        expect_error(lambda: rows(eve, f"SELECT * FROM '{FOLDER}/files/r.csv'"), "COPY", state="42501")
        run(eve, "DROP TABLE IF EXISTS secret.codes")
        run(eve, "INSERT INTO public.inbox VALUES (2)")
        run(eve, "CREATE TABLE work.mine AS SELECT id FROM maps.roads")
        run(eve, "UPDATE work.mine SET id = 7")
        expect_equal(rows(eve, "SELECT id FROM work.mine"), [(7,)])
        run(eve, "DROP TABLE work.mine")
    with server.connect(token="root-token") as root:
        expect_equal(rows(root, "SELECT code FROM secret.codes"), [(42,)])
        expect_equal(rows(root, "SELECT count(*) FROM public.inbox"), [(2,)])


@case
def every_list_shows_the_same(server):
    token = server.issuer.token("ES256", roles=["analysts"])
    with server.connect(token=token) as ada:
        listed = rows(ada, "SELECT table_schema, table_name FROM information_schema.tables")
        mine = {f"{schema}.{name}" for schema, name in listed if schema not in ("information_schema", "system")}
        mine -= {"public.geometry_columns", "public.spatial_ref_sys"}
        expect_equal(mine, {"maps.roads", "maps.shown", "public.inbox"})
        columns = rows(ada, "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'code' AND table_schema <> 'system'")
        expect_equal(columns, [("shown",)])
        shown = {f"{row[0]}.{row[1]}" for row in rows(ada, "SHOW TABLES")}
        expect_equal(shown, mine)
        schemas = {row[0] for row in rows(ada, "SHOW SCHEMAS")}
        expect_equal(schemas, {"information_schema", "maps", "public", "system", "work"})
        objects = ada.adbc_get_objects(depth="tables").read_all().to_pylist()
        found = set()
        for schema in objects[0]["catalog_db_schemas"]:
            for table in schema["db_schema_tables"] or []:
                found.add(schema["db_schema_name"] + "." + table["table_name"])
        expect("secret.codes" not in found and mine <= found, f"found {found}")
        expect_error(lambda: ada.adbc_get_table_schema("codes", db_schema_filter="secret"))
        expect("maps.roads" in {f"{r[1]}.{r[2]}" for r in rows(ada, "SELECT * FROM geometry_columns")}, "no roads")
        expect_error(lambda: rows(ada, "USE secret"), "does not exist")
        queries = rows(ada, "SELECT DISTINCT user_name FROM system.queries")
        expect_equal(queries, [("ada",)])
    path = "/v1/catalogs/godwit/schemas"
    names = [entry["name"] for entry in json.loads(server.http(path, token)[1])["schemas"]]
    expect("secret" not in names and "maps" in names, f"found {names}")
    expect_equal(server.http(path + "/secret/tables", token)[0], 404)
    tables = json.loads(server.http(path + "/maps/tables", token)[1])["tables"]
    expect_equal(sorted(table["name"] for table in tables), ["roads", "shown"])
    expect_equal(server.http(path + "/maps/tables/roads", token)[0], 200)


@case
def handles_of_others_are_no_way_around_grants(server):
    client = flight.FlightClient(server.flight_url, tls_root_certs=server.authority.pem)

    def options(token):
        return flight.FlightCallOptions(headers=[(b"authorization", b"Bearer " + token.encode())])

    root = "root-token"
    sql = b"SELECT code FROM secret.codes"
    # CommandStatementQuery with its one field, in an Any.
    url = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
    inner = b"\x0a" + bytes([len(sql)]) + sql
    command = b"\x0a" + bytes([len(url)]) + url + b"\x12" + bytes([len(inner)]) + inner
    info = client.get_flight_info(flight.FlightDescriptor.for_command(command), options(root))
    ticket = info.endpoints[0].ticket
    expect_error(lambda: client.do_get(ticket, options("eve-token")).read_all(), "another user")
    # The same name with other roles is somebody else.
    issuer = server.issuer
    one, other = issuer.token("ES256", sub="eve"), issuer.token("ES256", sub="eve", roles=["analysts"])
    info = client.get_flight_info(flight.FlightDescriptor.for_command(command), options(one))
    ticket = info.endpoints[0].ticket
    expect_error(lambda: client.do_get(ticket, options(other)).read_all(), "another user")
    expect_equal(client.do_get(ticket, options(one)).read_all().num_rows, 1)


@case
def ingestion_needs_its_grants(server):
    data = pyarrow.table({"id": [1, 2]})
    with server.connect(token="eve-token") as eve, eve.cursor() as cursor:
        cursor.adbc_ingest("loaded", data, mode="create", db_schema_name="work")
        cursor.adbc_ingest("loaded", data, mode="replace", db_schema_name="work")
        expect_equal(rows(eve, "SELECT count(*) FROM work.loaded"), [(2,)])
        cursor.adbc_ingest("inbox", data, mode="append", db_schema_name="public")
        for mode in ("create", "append", "replace"):
            expect_error(lambda: cursor.adbc_ingest("roads", data, mode=mode, db_schema_name="maps"), "grant")
        expect_error(lambda: cursor.adbc_ingest("codes", data, mode="append", db_schema_name="secret"))
        run(eve, "DROP TABLE work.loaded")


@case
def statements_are_in_the_audit_log(server):
    sql = "SELECT id FROM maps.roads LIMIT 1"
    digest = hashlib.sha256(sql.encode()).hexdigest()
    with server.connect(token="eve-token") as eve:
        rows(eve, sql)
        expect_error(lambda: rows(eve, "SELECT 'nobody reads this' FROM maps.nothing"))
    server.wait_for_log("audit", 'user="eve"', digest, "rows=1", 'status="succeeded"', "duration_ms=")
    server.wait_for_log("audit", 'user="eve"', 'status="refused"', 'sqlstate="42P01"')
    expect(not any("nobody reads this" in line for line in server.log), "the log has the text")


@case
def settings_that_do_not_go_together_are_named(server):
    token = '[auth]\nmode = "required"\ntokens = [{ name = "a", value = "b", role = "%s" }]\n'
    issuer = '[auth]\nmode = "required"\n[[auth.issuers]]\nissuer = "https://a.test"\n'
    known = issuer + 'audience = ["a"]\n'
    role = token % "r" + '[[auth.roles]]\nname = "r"\ngrants = ["%s"]\n'
    for text, words in (
        (f'[tls]\ncertificate = "{FOLDER}/server.pem"\n', "set tls.key too"),
        ('[tls]\nkey = "a"\n', "set tls.certificate too"),
        ('[tls]\ncertificate = "no/such.pem"\nkey = "a"\n', '"no/such.pem" (tls.certificate)'),
        ('[tls]\nclient_ca = "a"\n' + token % "admin", '"tls.client_ca" needs TLS'),
        ('[tls]\ncertificate = "a"\nkey = "b"\nclient_ca = "c"\n', 'auth.mode = "required"'),
        ('[tls]\nclient_certificates = "required"\n', "set tls.client_ca"),
        ('[auth]\ncertificates = [{ name = "a" }]\n', "set tls.client_ca"),
        ('[auth]\nmode = "required"\n', "nobody could log in"),
        (token % "analyst", "use reader, writer, admin or the name of one of auth.roles"),
        (role % "SELECT ON roads", "without its schema"),
        (role % "READ ON maps.*", '"READ", which is no privilege'),
        ('[auth]\nroles = [{ name = "admin", grants = [] }]\n', "that of another role"),
        (issuer, 'auth.issuers.audience" is missing'),
        (known, "so its tokens give no role"),
        (known + 'default_role = "reader"\nalgorithms = ["HS256"]\n', 'names "HS256"; choose from RS256'),
        (known + 'default_role = "reader"\nalgorithms = ["none"]\n', 'names "none"; choose from RS256'),
        (known.replace("https://", "ftp://") + 'default_role = "reader"\n', "begin it with https://"),
        ('[listen]\nhttp_addr = "0.0.0.0:0"\n', "without authentication"),
    ):
        config = write("wrong.toml", f'[storage]\ndata_dir = "{FOLDER}/wrong"\n{text}')
        command = [os.environ["GODWIT_BINARY"], "serve", "--config", config]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
        expect(ended.returncode != 0 and words in ended.stderr, f"{text}: {ended.stderr}")


def main():
    server = Server()
    code = run_cases(server)
    server.process.terminate()
    server.process.wait()
    return code


if __name__ == "__main__":
    sys.exit(main())
