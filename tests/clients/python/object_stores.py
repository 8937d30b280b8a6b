"""Object stores on this machine: S3 by moto, Azure by Azurite, Google by its XML interface over moto.

Each has a URL that Godwit names it by, its section of the configuration, the options deltalake opens
it with, and a way to put a file there.
"""

import http.client
import http.server
import os
import shutil
import subprocess
import threading
import time
import urllib.request

import boto3
from azure.storage.blob import BlobServiceClient
from moto.server import ThreadedMotoServer

# Azurite's account and key, the same everywhere.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
# The key of a service account that needs no token.
ACCESS = '{"private_key": "none", "private_key_id": "none", "client_email": "none", "disable_oauth": true}'


class S3:
    """Amazon's store, as moto answers."""

    def __init__(self, bucket="geo", acl="private"):
        self.url, self.bucket = f"s3://{bucket}", bucket
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.endpoint = "http://{}:{}".format(*self.server.get_host_and_port())
        self.keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        self.client = boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **self.keys)
        self.client.create_bucket(Bucket=bucket, ACL=acl)
        self.section = f'region = "us-east-1"\noptions = {{ access_key_id = "${{env:S3_KEY}}", secret_access_key = "secret" }}'
        self.delta = {"endpoint_url": self.endpoint, "allow_http": "true", "region": "us-east-1", **self.keys}

    def put(self, path, name):
        self.client.upload_file(path, self.bucket, name)

    def stop(self):
        self.server.stop()


class GoogleXml(http.server.BaseHTTPRequestHandler):
    """Google's XML interface, which is that of S3 with headers of other names and generations.

    https://cloud.google.com/storage/docs/xml-api/reference-headers
    """

    protocol_version = "HTTP/1.1"
    store = None

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: self.headers[name] for name in ("Range", "Content-Type") if name in self.headers}
        if self.headers.get("x-goog-if-generation-match") == "0":
            headers["If-None-Match"] = "*"
        if "x-goog-copy-source" in self.headers:
            headers["x-amz-copy-source"] = self.headers["x-goog-copy-source"]
        connection = http.client.HTTPConnection(self.store.removeprefix("http://"))
        connection.request(self.command, self.path.replace("%2F", "/"), body, headers)
        response = connection.getresponse()
        content = response.read()
        self.send_response(response.status)
        for name in ("ETag", "Last-Modified", "Content-Type", "Content-Range"):
            if name in response.headers:
                self.send_header(name, response.headers[name])
        self.send_header("x-goog-generation", str(time.time_ns()))
        length = response.headers["Content-Length"] if self.command == "HEAD" else len(content)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


class Google:
    """Google's store."""

    url = "gs://google"

    def __init__(self):
        # Anybody's, since requests to it bear no signature of S3.
        self.behind = S3("google", "public-read-write")
        handler = type("Handler", (GoogleXml,), {"store": self.behind.endpoint})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.section = f"options = {{ service_account_key = '{ACCESS}' }}"
        self.delta = {"google_base_url": self.endpoint, "google_service_account_key": ACCESS, "allow_http": "true"}

    def put(self, path, name):
        with open(path, "rb") as file:
            kind = {"Content-Type": "application/octet-stream"}
            request = urllib.request.Request(f"{self.endpoint}/google/{name}", file.read(), kind, method="PUT")
        urllib.request.urlopen(request).close()

    def stop(self):
        self.server.shutdown()
        self.behind.stop()


class Azure:
    """Microsoft's store, as Azurite answers."""

    url = "az://geo"

    @staticmethod
    def program():
        return os.environ.get("GODWIT_AZURITE") or shutil.which("azurite-blob")

    def __init__(self):
        command = [self.program(), "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = next(line for line in self.process.stdout if "successfully listens" in line)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.endpoint = line.split()[-1]
        self.client = BlobServiceClient(f"{self.endpoint}/{ACCOUNT}", credential=KEY).create_container("geo")
        # Azurite lists from no given name on, which has to be said; then its address is read here.
        os.environ["AZURITE_BLOB_STORAGE_URL"] = self.endpoint
        self.section = 'options = { use_emulator = "true" }'
        self.delta = {"use_emulator": "true"}

    def put(self, path, name):
        with open(path, "rb") as file:
            self.client.upload_blob(name, file)

    def stop(self):
        self.process.kill()
