"""Where the soak happens: the forge, the server on a small disk, the states."""

import os
import subprocess
import time
from http.client import HTTPException
from pathlib import Path

from interpreter import processes
from interpreter.forge import BOT, BOT_TOKEN, REPO, WEBHOOK_SECRET, Forge, Refused
from interpreter.server import Ended, Server, terraform

BEAT = 0.3  # seconds between two choices, unless the forge has news
DISK_MIB = 96
CONFIG = """\
workers: 3
reconcile: 15s
shutdown_grace: 5s
repos:
    state: slipway
"""
LOCAL_BACKEND = 'terraform {{\n  backend "local" {{ path = "{path}" }}\n}}\n'


class Yard:
    def __init__(self, program: Path, directory: Path, small_disk: bool):
        self.directory = directory
        self.srv = directory / "srv"
        for name in ("states", "journal"):
            shared = self.srv / name
            shared.mkdir(parents=True)
            shared.chmod(0o777)  # a run has a user of its own
        self.small_disk = small_disk
        (directory / "data").mkdir()
        if small_disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=700", "soak",
                            str(directory / "data")], check=True)
        self.forge = Forge(directory / "forge", os.getpid())
        self.server = Server(program, directory, self.forge.url, CONFIG)

    def found(self, people: list[str], tree: dict[str, str]) -> None:
        self.forge.do("users", login=BOT, kind="Bot", token=BOT_TOKEN)
        self.forge.do("limits", user=BOT, core=1_000_000)
        for login in people:
            self.forge.do("users", login=login)
        self.forge.do("orgs", login="acme", members={people[0]: "admin", BOT: "member"})
        self.forge.do("repos", owner="acme", name="infra", tree=tree, roles={BOT: "write"})
        for login in people:
            self.forge.do("permissions", repo=REPO, user=login, permission="write")
        self.forge.do("hooks", repo=REPO, url=f"{self.server.url}/webhooks/github", secret=WEBHOOK_SECRET)

    def state_file(self, project: str) -> Path:
        return self.srv / "states" / f"{project}.tfstate"

    def backend(self, project: str) -> str:
        return LOCAL_BACKEND.format(path=self.state_file(project))

    def journal(self, project: str) -> list[str]:
        """What was created there, in order: provisioners write it."""
        path = self.srv / "journal" / project
        return path.read_text().split() if path.exists() else []

    def live(self, seconds: int, people, trouble) -> None:
        """People and trouble take turns until the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                people.act()
            except Refused:
                pass  # merged meanwhile, or in conflict: as it happens to people
            trouble.act()
            self.wait_a_beat()

    def wait_a_beat(self) -> None:
        since = self.forge.see("wait", timeout=0)["seq"]
        self.forge.see("wait", since=since, timeout=BEAT)

    def page(self, number: int) -> str:
        """What Slipway shows of a pull request: at once, where a forge is written to at the pace that it permits."""
        try:
            status, text = self.server.get(f"/pulls/github/{REPO}/{number}")
        except (OSError, HTTPException):
            return ""
        return text if status == 200 else ""

    def start_again(self) -> None:
        """It may find its disk full, and end; whoever looks after it starts it again."""
        for _ in range(20):
            try:
                self.server.start()
                return
            except Ended:
                if self.server.process is not None and self.server.process.poll() is None:
                    self.server.kill()
        raise Ended("the server does not start any more")

    def plan_of_main(self, project: str) -> str:
        """Empty when a plain plan of the base branch finds nothing to do; else what it says."""
        work = self.directory / f"judge-{project}"
        origin = self.forge.see("repo", repo=REPO)["path"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "CHECKPOINT_DISABLE": "1"}

        def run(*argv: str, place: Path) -> subprocess.CompletedProcess:
            return subprocess.run(argv, cwd=place, env=environment, stdin=subprocess.DEVNULL, text=True, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        run("git", "clone", "--quiet", "--branch", "main", origin, str(work), place=self.directory)
        run(terraform(), "init", "-input=false", "-no-color", place=work / project)
        plan = run(terraform(), "plan", "-input=false", "-no-color", "-detailed-exitcode", "-lock=false",
                   place=work / project)
        return "" if plan.returncode == 0 else plan.stdout

    def clear(self) -> None:
        if self.server.process is not None:
            self.server.process.kill()
        processes.kill_all_of(os.getpid(), but=[self.forge.process])
        self.forge.stop()
        if self.small_disk:
            subprocess.run(["umount", "--lazy", str(self.directory / "data")], check=False)
