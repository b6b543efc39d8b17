"""The forge of one story: the emulator as a process of its own, and its control interface in short words."""

import http.client
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

REPO = "acme/infra"
BOT = "slipway"
BOT_TOKEN = "token-of-the-bot"
WEBHOOK_SECRET = "secret-of-the-webhook"
STICKY = "slot=sticky"
START_SECONDS = 20
ANSWER_SECONDS = 30


class Refused(Exception):
    """The forge would not do what a step asks of it."""


class Forge:
    def __init__(self, directory: Path, parent: int):
        self.bot = BOT  # whose comments are looked at
        program = Path(__file__).resolve().parents[2] / "forge" / "forge"
        self.process = subprocess.Popen(
            [sys.executable, str(program), "--print-address", "--data", str(directory), "--parent", str(parent)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the forge emulator did not start")
        self.url = json.loads(line)["url"]
        self._port = int(self.url.rsplit(":", 1)[1])

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    # The control interface

    def do(self, verb: str, **facts) -> dict:
        return self._ask("POST", verb, json.dumps(facts))

    def see(self, noun: str, **limits) -> dict:
        return self._ask("GET", f"{noun}?{urlencode(limits)}")

    def _ask(self, method: str, what: str, body: str | None = None) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, f"/_control/{what}", body)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused(f"the forge refuses {what.split('?')[0]}: {told.get('error', told)}")
        return told

    # What stands there

    def comments(self, number: int, deleted: bool = False) -> list[dict]:
        """The bot's, oldest first."""
        said = self.see("comments", repo=REPO, number=number, user=self.bot)["comments"]
        return [comment for comment in said if deleted or not comment["deleted"]]

    def sticky(self, number: int) -> dict | None:
        return next((comment for comment in self.comments(number) if is_sticky(comment)), None)

    def pull(self, number: int) -> dict:
        return self.see("pull", repo=REPO, number=number)

    def head_of(self, branch: str) -> str:
        return self.see("repo", repo=REPO)["heads"][branch]

    def status(self, sha: str, context: str) -> dict | None:
        said = self.see("statuses", repo=REPO, sha=sha)["statuses"]
        return next((one for one in said if one["context"] == context and one["current"]), None)


def is_sticky(comment: dict) -> bool:
    return STICKY in comment["body"].split("\n", 1)[0]
