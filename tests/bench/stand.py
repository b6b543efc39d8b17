"""A forge and a server to measure, and the bare tools beside them."""

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SLIPWAY_PROGRAM", str(TOP / "build/release/slipway"))
SECRET = "of-the-bench"


def free_port() -> int:
    """Below those that the kernel gives to clients: one of them that asks its own port hears itself."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no port is free")


def fast_dir() -> str:
    return tempfile.mkdtemp(prefix="slipway-bench-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


class Stand:
    """The emulator, and a server that serves acme/*; both end with the `with` block."""

    def __init__(self, workers: int = 2, repos: str = "", more: str = ""):
        self.dir = Path(fast_dir())
        self.workers, self.repos, self.more = workers, repos, more

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        self.stack.callback(shutil.rmtree, self.dir, ignore_errors=True)
        forge = subprocess.Popen(
            [TOP / "tests/forge/forge", "--print-address", "--data", self.dir / "forge", "--parent", str(os.getpid())],
            stdout=subprocess.PIPE, text=True)
        self.stack.callback(lambda: (forge.terminate(), forge.wait()))
        self.forge = json.loads(forge.stdout.readline())["url"]
        self.control("users", login="alice")
        self.control("users", login="slipway", kind="Bot", token="bot-token")
        self.control("limits", user="slipway", core=1_000_000)
        self.control("orgs", login="acme", members={"alice": "admin"})
        (self.dir / "states").mkdir()
        self.port = free_port()
        (self.dir / "slipway.yaml").write_text(f"""
listen: 127.0.0.1:{self.port}
data_dir: {self.dir}/data
workers: {self.workers}
forges: [{{kind: github, url: "{self.forge}", token: {{env: TOKEN}}, webhook_secret: {{env: SECRET}}}}]
repos:
  - match: acme/*
    paths: {{write: [{self.dir}/states]}}
{self.repos}
{self.more}
""")
        self.start()
        return self

    def start(self):
        self.log = open(self.dir / "server.log", "w")
        self.server = subprocess.Popen([PROGRAM, "server", "-c", self.dir / "slipway.yaml"], stderr=self.log,
                                       env={**os.environ, "TOKEN": "bot-token", "SECRET": SECRET})
        self.stack.callback(self.stop)
        begun = time.monotonic()
        deadline = begun + 20
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz").read()
                self.started = time.monotonic() - begun
                return
            except OSError:
                if time.monotonic() > deadline or self.server.poll() is not None:
                    raise RuntimeError((self.dir / "server.log").read_text()) from None
                time.sleep(0.002)

    def stop(self):
        if self.server.poll() is None:
            self.server.terminate()
            self.server.wait()

    def kill(self):
        self.server.kill()
        self.server.wait()

    def __exit__(self, *_):
        self.stack.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def control(self, verb: str, **arguments):
        request = urllib.request.Request(f"{self.forge}/_control/{verb}", json.dumps(arguments).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def ask(self, noun: str, **arguments):
        return json.load(urllib.request.urlopen(f"{self.forge}/_control/{noun}?{urllib.parse.urlencode(arguments)}"))

    def repo(self, name: str, tree: dict):
        self.control("repos", owner="acme", name=name, tree=tree, roles={"slipway": "write", "alice": "admin"})
        self.control("hooks", repo=f"acme/{name}", url=f"{self.url}/webhooks/github", secret=SECRET)

    def until(self, repo: str, number: int, **condition):
        query = urllib.parse.urlencode({"repo": repo, "number": number, "user": "slipway", "timeout": 300, **condition})
        found = json.load(urllib.request.urlopen(f"{self.forge}/_control/until?{query}", timeout=310))["found"]
        if not found:
            raise RuntimeError(f"{condition} never came:\n" + (self.dir / "server.log").read_text()[-3000:])

    @property
    def database(self) -> Path:
        return self.dir / "data/slipway.db"

    def until_rows(self, ask: str, values: tuple = (), seconds: float = 600):
        """Until the store's answer to a question in SQL is a true one, within two milliseconds."""
        deadline = time.monotonic() + seconds
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as rows:
            while not rows.execute(ask, values).fetchone()[0]:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"it never came to this: {ask} {values}")
                time.sleep(0.002)

    def until_done(self, *kinds: str):
        """Until no job of these kinds is left."""
        self.until_rows(f"SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE kind IN ({', '.join('?' * len(kinds))}))", kinds)

    def cpu_seconds(self) -> float:
        """That the server's threads had until now; its children's is not in it."""
        threads = Path(f"/proc/{self.server.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def rss_mib(self) -> float:
        for line in Path(f"/proc/{self.server.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the server is gone")

    def project(self, name: str, resources: int) -> str:
        """A project with a state of its own outside of the tree."""
        return (f'terraform {{\n  backend "local" {{ path = "{self.dir}/states/{name}.tfstate" }}\n}}\n'
                + "".join(f'resource "terraform_data" "r{i}" {{ input = {i} }}\n' for i in range(resources)))


def bare_environment(home: str) -> dict:
    rc = Path(home) / "terraform.rc"
    rc.write_text("")
    return {"PATH": os.environ["PATH"], "HOME": home, "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(rc)}
