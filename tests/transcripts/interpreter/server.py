"""The server of one story: its configuration, its process, its log."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from . import processes
from .forge import BOT_TOKEN, WEBHOOK_SECRET

START_SECONDS = 30
STOP_SECONDS = 60
ANSWER_SECONDS = 10
READY = "listening"
BUG = re.compile(r"met a bug|internal error")
SECTION = re.compile(r"([a-z_]+):")

GENERATED = """\
listen: 127.0.0.1:{port}
data_dir: {directory}/data
reconcile: 10m
forges:
  - kind: github
    url: {forge}
    token: {{file: {directory}/token}}
    webhook_secret: {{file: {directory}/webhook-secret}}
repos:
  - match: acme/*
    terraform: {terraform}
    paths: {{write: [{directory}/srv]}}
"""


class Ended(Exception):
    """The server is not there, or ended when nobody had asked it to."""


class Server:
    def __init__(self, program: Path, directory: Path, forge_url: str, config: str):
        self._program = program
        self._directory = directory
        self.port = free_port()
        (directory / "token").write_text(BOT_TOKEN)
        (directory / "webhook-secret").write_text(WEBHOOK_SECRET)
        self.config = directory / "slipway.yaml"
        generated = GENERATED.format(port=self.port, directory=directory, forge=forge_url,
                                     terraform=terraform())
        self.config.write_text(combined(generated, config))
        self.process: subprocess.Popen | None = None
        self.log = Log(directory / "server.log")
        self._log_file = directory / "server.log"

    def speak_as_app(self, number: int, private_key: str) -> None:
        (self._directory / "app.pem").write_text(private_key)
        with_token = f"token: {{file: {self._directory}/token}}"
        with_app = f"app: {{id: {number}, private_key: {{file: {self._directory}/app.pem}}}}"
        self.config.write_text(self.config.read_text().replace(with_token, with_app))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        begun = self.log.length()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._directory), "LANG": "C.UTF-8"}
        self.process = subprocess.Popen([str(self._program), "server", "-c", str(self.config)], env=environment,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        start_new_session=True, cwd=self._directory,
                                        preexec_fn=processes.die_with_parent)
        self.log.follow(self.process.stderr)
        self.log.wait_for(lambda line: READY in line, begun, START_SECONDS, self.check)

    def check(self) -> None:
        """Ended, when it should run and does not."""
        if self.process and self.process.poll() is not None:
            raise Ended(f"the server ended by itself, with exit code {self.process.returncode}")

    def terminate(self) -> None:
        self._running().send_signal(signal.SIGTERM)

    def wait_for_end(self) -> None:
        process = self._running()
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise Ended(f"the server still runs {STOP_SECONDS} s after it was asked to end") from None
        self.process = None
        if code != 0:
            raise Ended(f"the server ended with exit code {code} after SIGTERM")

    def kill(self) -> None:
        """SIGKILL to the server alone: what it started dies or lives on as the program has arranged it."""
        process = self._running()
        process.kill()
        process.wait()
        self.process = None

    def kill_with_all(self) -> None:
        """As a machine that loses its power: the server, its keepers, every Terraform."""
        keepers = processes.keepers()
        family = processes.descendants(self._running().pid)
        self.kill()
        for pid in [*keepers, *family]:
            processes.kill_tree(pid)

    def run(self, *words: str) -> str:
        """A command at the server's host; what it answers."""
        done = subprocess.run([str(self._program), *words, "-c", str(self.config)], text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=ANSWER_SECONDS)
        if done.returncode != 0:
            raise Ended(f"slipway {' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def jobs(self) -> dict[str, int]:
        """How many wait, run, are dead."""
        return {state: int(count) for state, count in
                re.findall(r'^slipway_jobs\{state="(\w+)"\} (\d+)', self.get("/metrics")[1], re.MULTILINE)}

    def _running(self) -> subprocess.Popen:
        if self.process is None:
            raise Ended("the server is not running")
        return self.process


class Log:
    """What servers of a story wrote, line by line; kept in a file too."""

    def __init__(self, path: Path):
        self._path = path
        self._lines: list[str] = []
        self._news = threading.Condition()

    def follow(self, stream) -> None:
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream) -> None:
        with self._path.open("ab") as file:
            for line in stream:
                file.write(line)
                file.flush()
                with self._news:
                    self._lines.append(line.decode(errors="replace").rstrip("\n"))
                    self._news.notify_all()

    def length(self) -> int:
        with self._news:
            return len(self._lines)

    def lines(self) -> list[str]:
        with self._news:
            return list(self._lines)

    def wait_for(self, wanted, since: int, seconds: float, check) -> None:
        deadline = time.monotonic() + seconds
        with self._news:
            while not any(wanted(line) for line in self._lines[since:]):
                check()
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Ended(f"the server's log did not say “{READY}” within {seconds:.0f} s")
                self._news.wait(min(left, 0.5))


def combined(generated: str, story: str) -> str:
    """A section of the story replaces ours; its `repos:` come after ours, and so win key by key."""
    sections = sections_of(generated)
    for name, text in sections_of(story).items():
        if name == "repos":
            text = sections["repos"] + text.split("\n", 1)[1]
        sections[name] = text
    return "".join(sections.values())


def sections_of(yaml: str) -> dict[str, str]:
    sections: dict[str, str] = {}
    name = ""
    for line in yaml.splitlines(keepends=True):
        if found := SECTION.match(line):
            name = found[1]
            sections[name] = ""
        if name:
            sections[name] += line
    return sections


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def terraform() -> str | None:
    """The program that plans and applies here; none: nothing can be played."""
    return shutil.which("terraform") or shutil.which("tofu")
