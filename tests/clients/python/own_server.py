"""A server of a suite's own, with a configuration of its own."""

import os
import subprocess
import threading


class OwnServer:
    """The binary that GODWIT_BINARY names; `urls` are those it prints when it is ready."""

    def __init__(self, folder, config, arguments=()):
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "godwit.toml")
        with open(path, "w") as file:
            file.write(config)
        command = [os.environ["GODWIT_BINARY"], "serve", "--config", path, *arguments]
        command += ["--data-dir", os.path.join(folder, "data")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.urls = []
        for line in self.process.stdout:
            if line.startswith("Try:"):
                break
            self.urls += [word for word in line.split() if "://" in word]
        if not self.urls:
            raise AssertionError("the server did not start")
        threading.Thread(target=lambda: list(self.process.stdout), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
