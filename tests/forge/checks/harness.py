"""A forge of its own for each test, somebody who listens to its webhooks, and short words for both."""

import base64
import http.client
import http.server
import json
import queue
import subprocess
import tempfile
import threading
import time
import unittest
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from emulator.assembly import Forge
from emulator.git_store import ENVIRONMENT

SECONDS = 20


@dataclass
class Told:
    status: int
    headers: dict
    body: object


@dataclass
class Heard:
    event: str
    headers: dict
    raw: bytes

    @property
    def payload(self) -> dict:
        return json.loads(self.raw)

    @property
    def title(self) -> str:
        return " ".join(filter(None, (self.event, self.payload.get("action"))))


def signed(app: dict, **claims) -> str:
    """A JSON Web Token of the app's, as openssl signs it."""
    now = int(time.time())
    told = {"iat": now - 30, "exp": now + 500, "iss": str(app["id"])} | claims
    text = b".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, told))
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as key:
        key.write(app["private_key"])
        key.flush()
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key.name], input=text, check=True,
                                   capture_output=True).stdout
    return (text + b"." + _encoded(signature)).decode()


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


class Receiver:
    """A webhook's other end. Answers 202, or what `answer` says."""

    def __init__(self):
        self.heard: queue.Queue[Heard] = queue.Queue()
        self.answer = 202
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.put(Heard(headers["x-github-event"], headers, raw))
                self.send_response(receiver.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class ForgeCase(unittest.TestCase):
    """alice owns acme, bob and the bot write, carol is nobody; acme/infra has one file."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="forge-check-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.forge = Forge(self.folder / "data")
        self.addCleanup(self.forge.stop)
        self.world = self.forge.world
        self.port = int(self.forge.url.rsplit(":", 1)[1])
        for login in ("alice", "bob", "carol", "bot"):
            self.do("users", login=login, token=login, scopes=["repo", "read:org"])
        self.do("orgs", login="acme", members={"alice": "admin"})
        self.do("repos", owner="acme", name="infra", private=True, tree={"net/main.tf": "one\ntwo\nthree\n"},
                roles={"bob": "write", "bot": "write"})

    # The control API

    def do(self, verb: str, **facts) -> dict:
        told = self.ask("POST", f"/_control/{verb}", facts)
        self.assertEqual(told.status, 200, f"{verb}: {told.body}")
        return told.body

    def see(self, noun: str, **limits) -> dict:
        told = self.ask("GET", f"/_control/{noun}?{urlencode(limits)}")
        self.assertEqual(told.status, 200, f"{noun}: {told.body}")
        return told.body

    def refused(self, verb: str, **facts) -> str:
        told = self.ask("POST", f"/_control/{verb}", facts)
        self.assertEqual(told.status, 400, f"{verb} was not refused: {told.body}")
        return told.body["error"]

    def commit(self, branch: str, files: dict, user: str = "bob", repo: str = "acme/infra", **more) -> str:
        return self.do("commits", repo=repo, user=user, branch=branch, files=files, **more)["sha"]

    def pull(self, branch: str = "more", files: dict | None = None, **more) -> int:
        self.commit(branch, files or {"net/more.tf": "more\n"})
        facts = {"repo": "acme/infra", "user": "bob", "head": branch, "title": "More"} | more
        return self.do("pulls", **facts)["number"]

    def head(self, branch: str, repo: str = "acme/infra") -> str | None:
        return self.see("repo", repo=repo)["heads"].get(branch)

    # REST

    def ask(self, method: str, target: str, body=None, user: str | None = None, **headers) -> Told:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if user:
            sent["Authorization"] = f"Bearer {user}"
        try:
            connection.request(method, target, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            raw = answer.read()
            told = json.loads(raw) if raw and "json" in answer.getheader("Content-Type", "") else raw
            return Told(answer.status, {name.lower(): value for name, value in answer.getheaders()}, told)
        finally:
            connection.close()

    def rest(self, method: str, path: str, body=None, user: str | None = "bot", **headers) -> Told:
        """Below /repos/acme/infra; `user` is the token, since everybody's token is their name."""
        return self.ask(method, f"/repos/acme/infra{path}", body, user, **headers)

    # Git

    def git(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        done = subprocess.run(["git", "-c", "user.name=Bob", "-c", "user.email=bob@example.com", *arguments],
                              cwd=cwd or self.folder, env=ENVIRONMENT | {"GIT_AUTHOR_NAME": "Bob"},
                              capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode != 0, fails, f"git {' '.join(arguments)}: {done.stderr}")
        return (done.stderr if fails else done.stdout).strip()

    def address(self, user: str = "bob", repo: str = "acme/infra") -> str:
        return f"http://x-access-token:{user}@127.0.0.1:{self.port}/{repo}.git"

    def clone(self, user: str = "bob", repo: str = "acme/infra") -> Path:
        target = self.folder / f"clone-{user}-{len(list(self.folder.iterdir()))}"
        self.git("clone", "--quiet", self.address(user, repo), str(target))
        return target

    # Webhooks

    def listen(self, **facts) -> Receiver:
        receiver = Receiver()
        self.addCleanup(receiver.stop)
        self.hook = self.do("hooks", repo="acme/infra", url=receiver.url, secret="s3cret", **facts)["id"]
        self.assertEqual(receiver.heard.get(timeout=SECONDS).event, "ping")
        return receiver

    def titles(self, receiver: Receiver) -> list[str]:
        """What has been heard so far, once nothing is on its way."""
        self.see("quiet", idle=0.01, timeout=SECONDS)
        found = []
        while not receiver.heard.empty():
            found.append(receiver.heard.get().title)
        return found
