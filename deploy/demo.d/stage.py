"""The demonstration's forge and server: real processes on free loopback ports."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REPO = "acme/infra"
SECONDS = 120  # that anything may take
END_SECONDS = 20


class Broken(Exception):
    """Something did not go as it should; the text says what, and where to look."""


class Stage:
    def __init__(self, program: Path, terraform: str):
        self.directory = Path(tempfile.mkdtemp(prefix="slipway-demo-"))
        self.directory.chmod(0o755)  # Terraform runs under another user
        self.processes: list[subprocess.Popen] = []
        self.forge = self._start_forge()
        self.port = free_port()
        self._found_repository()
        self.server = self._start_server(program, terraform)

    def _start_forge(self) -> str:
        argv = [sys.executable, str(ROOT / "tests/forge/forge"), "--print-address", "--data",
                str(self.directory / "forge")]
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.processes.append(process)
        line = process.stdout.readline()
        if not line:
            raise Broken("the forge emulator did not start")
        return json.loads(line)["url"]

    def _found_repository(self) -> None:
        (self.directory / "token").write_text("token-of-the-bot")
        (self.directory / "webhook-secret").write_text("secret-of-the-webhook")
        self.do("users", login="slipway", kind="Bot", token="token-of-the-bot")
        for login in ("alice", "olga"):
            self.do("users", login=login)
        self.do("orgs", login="acme", members={"alice": "member", "olga": "admin"})
        self.do("repos", owner="acme", name="infra", tree={"README.md": "# Infrastructure\n"},
                roles={"slipway": "write", "alice": "write"})
        self.do("hooks", repo=REPO, url=f"http://127.0.0.1:{self.port}/webhooks/github",
                secret="secret-of-the-webhook")

    def _start_server(self, program: Path, terraform: str) -> str:
        config = self.directory / "slipway.yaml"
        filled = Template((HERE / "slipway.yaml").read_text()).safe_substitute(
            PORT=self.port, DIRECTORY=self.directory, FORGE=self.forge, TERRAFORM=terraform)
        config.write_text(filled)
        with self.log.open("wb") as log:
            self.processes.append(subprocess.Popen(
                [str(program.absolute()), "server", "-c", str(config)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, cwd=self.directory))
        self._until("the server to listen", self._is_ready)
        return f"http://127.0.0.1:{self.port}"

    def _is_ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    # The forge

    def do(self, verb: str, **facts) -> dict:
        return self._ask("POST", f"/_control/{verb}", json.dumps(facts))

    def see(self, noun: str, **limits) -> dict:
        return self._ask("GET", f"/_control/{noun}?{urlencode(limits)}")

    def _ask(self, method: str, path: str, body: str | None = None) -> dict:
        address = urlsplit(self.forge)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=SECONDS + 10)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise Broken(f"the forge refuses {path}: {told.get('error', told)}")
        return told

    def comment(self, number: int, pattern: str) -> str:
        """The bot's newest comment that holds a regular expression, as soon as there is one."""
        found = self.see("until", repo=REPO, number=number, user="slipway", comment=pattern, timeout=SECONDS)["found"]
        if found is None:
            raise Broken(f"no comment of #{number} says “{pattern}”")
        return found["body"]

    def wait_for_status(self, number: int, context: str, state: str) -> None:
        found = self.see("until", repo=REPO, number=number, status=context, state=state, timeout=SECONDS)["found"]
        if found is None:
            raise Broken(f"{context} of #{number} did not come to {state}")

    def statuses(self, number: int) -> list[tuple[str, str, str]]:
        said = self.see("statuses", repo=REPO, number=number)["statuses"]
        return [(one["context"], one["state"], one["description"]) for one in said
                if one["current"] and ":" not in one["context"]]

    # The server

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def run_log(self, run: str) -> list[str]:
        """A run's log, as the run's page streams it."""
        text = ""
        for event in self.get(f"/runs/{run}/log")[1].split("\n\n"):
            if event.startswith("id:"):
                text += json.loads(event.split("data: ", 1)[1])
        return text.rstrip("\n").split("\n")

    def _until(self, what: str, is_so) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            if self.processes[-1].poll() is not None or time.monotonic() > deadline:
                raise Broken(f"waited in vain for {what}")
            self.see("wait", timeout=0.1)

    # The end

    def end(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def leave_running(self) -> str:
        """How to end it: a script beside the data."""
        script = self.directory / "stop"
        pids = " ".join(str(process.pid) for process in reversed(self.processes))
        script.write_text(f"#!/bin/sh\nkill {pids}\n"
                          f"for pid in {pids}; do while kill -0 $pid 2>/dev/null; do sleep 0.1; done; done\n"
                          f"rm -rf {self.directory}\n")
        script.chmod(0o755)
        return str(script)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
