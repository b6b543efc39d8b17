"""Where one story is played: a forge with its people and one repository, a server, a place for files."""

import math
import os
import re
import subprocess
import time
from pathlib import Path
from typing import Callable, TypeVar

from . import processes
from .forge import BOT, BOT_TOKEN, REPO, WEBHOOK_SECRET, Forge
from .gates import Gates
from .reading import Contents, Story
from .server import BUG, Server, terraform
from .states import ADDRESS, States

PATIENCE = float(os.environ.get("SLIPWAY_PATIENCE", 60))  # seconds that anything may take
LOOK_AGAIN = 0.25  # seconds between looks at what the forge does not tell of
QUIET = 0.4        # seconds without a request, for "nothing more happens"
RESTING_JOBS = 2   # that always wait for their hour: reconcile and sweep
SRV = "/srv/"
SOON_SECONDS = 30    # a story has at least so long before `<soon>`
LATER_SECONDS = 3600  # `<later>` after it

Found = TypeVar("Found")


class NotYet(Exception):
    """What is waited for is not so, and what is so instead."""


class Untrue(Exception):
    """A claim that does not hold, or a step that cannot be done."""


class Stage:
    def __init__(self, story: Story, program: Path, directory: Path):
        self.directory = directory
        self.story = story
        self.srv = directory / "srv"
        for name in ("states", "gates", "journal"):
            self._shared(self.srv / name)
        self.gates = Gates(self.srv / "gates")
        self.soon = math.ceil((time.time() + SOON_SECONDS) / 60) * 60
        self.states = States(self.srv / "states")
        self.files = {scene.name: "" for scene in story.scenes if isinstance(scene, Contents)}
        self.server_is_down = False
        self.forge = Forge(directory / "forge", os.getpid())
        self.server = Server(program, directory, self.forge.url, self.real(story.config))
        self.pull = 0              # that is spoken of
        self.commented = 0         # the comment that a person made last
        self.heard: set[int] = set()  # comments of the bot that claims have named
        self._people: set[str] = set()
        self._keeps_state = "state: slipway" in story.config
        self._backends: set[str] = set()
        for scene in story.scenes:
            for gate in re.findall(r"/srv/gates/([\w-]+)", scene.text):
                self.gates.add(gate)
        self._found_repository()

    @staticmethod
    def _shared(directory: Path) -> None:
        directory.mkdir(parents=True)
        directory.chmod(0o777)  # a run has a user of its own

    def real(self, text: str) -> str:
        for word, moment in (("<soon>", self.soon), ("<later>", self.soon + LATER_SECONDS)):
            text = text.replace(word, time.strftime("%H:%M", time.gmtime(moment)))
        return text.replace(SRV, f"{self.srv}/").replace(ADDRESS, self.states.address)

    # The repository

    def _found_repository(self) -> None:
        self.forge.do("users", login=BOT, kind="Bot", token=BOT_TOKEN)
        self.forge.do("users", login="alice")
        self._people.add("alice")
        self.forge.do("orgs", login="acme", members={"alice": "admin", BOT: "member"})
        tree = {"README.md": "# Infrastructure\n"}
        tree |= self.with_backends({scene.name: self.real(scene.text) for scene in self.story.on_main})
        self.forge.do("repos", owner="acme", name="infra", tree=tree, roles={BOT: "write"})
        self.forge.do("hooks", repo=REPO, url=f"{self.server.url}/webhooks/github", secret=WEBHOOK_SECRET)

    def with_backends(self, files: dict) -> dict:
        """A directory that gets its first Terraform file gets a backend too: its state is a file of the story."""
        made = {}
        for name, text in files.items():
            directory = name.rpartition("/")[0]
            is_root = name.endswith(".tf") and not directory.startswith("modules")
            if self._keeps_state or not is_root or not text or directory in self._backends:
                continue
            self._backends.add(directory)
            declared = any("backend \"" in other for file, other in files.items()
                           if other and file.rpartition("/")[0] == directory)
            if not declared:
                made[f"{directory}/backend.tf"] = BACKEND.format(path=self.state_file(directory))
        return files | made

    def state_file(self, project: str) -> Path:
        return self.srv / "states" / f"{project.replace('/', '-')}.tfstate"

    def apply_main(self, project: str) -> None:
        """What somebody applied by hand, before Slipway came."""
        work = self.directory / "by-hand"
        origin = self.forge.see("repo", repo=REPO)["path"]
        self._run(["git", "clone", "--quiet", "--branch", "main", origin, str(work)], self.directory)
        place = work / project
        self._run([terraform(), "init", "-input=false", "-no-color"], place)
        self._run([terraform(), "apply", "-input=false", "-no-color", "-auto-approve"], place)
        self.state_file(project).chmod(0o666)

    def _run(self, argv: list[str], place: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory), "CHECKPOINT_DISABLE": "1"}
        done = subprocess.run(argv, cwd=place, env=environment, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        if done.returncode != 0:
            raise Untrue(f"{' '.join(argv[:2])} failed:\n{done.stdout}")

    # People

    def person(self, login: str) -> str:
        """Who is named has write access, unless the story has said otherwise before."""
        if login not in self._people:
            self.forge.do("users", login=login)
            self.forge.do("permissions", repo=REPO, user=login, permission="write")
            self._people.add(login)
        return login

    def outsider(self, login: str) -> None:
        self.forge.do("users", login=login)
        self._people.add(login)

    # Waiting

    def until(self, look: Callable[[], Found], patience: float = PATIENCE) -> Found:
        """Looks again whenever something has happened at the forge, and now and then."""
        deadline = time.monotonic() + patience
        while True:
            since = self.forge.see("wait", timeout=0)["seq"]
            try:
                return look()
            except NotYet as not_yet:
                actual = str(not_yet)
            if time.monotonic() >= deadline:
                raise Untrue(f"after {patience:.0f} s {actual}")
            self.server.check()
            self.forge.see("wait", since=since, timeout=LOOK_AGAIN)

    def until_quiet(self) -> None:
        """Nothing is on its way, nobody asks the forge for anything, and every job is done."""

        def look() -> None:
            if not self.forge.see("quiet", idle=QUIET, timeout=5)["quiet"]:
                raise NotYet("the forge is still being asked")
            if self.server.process is None:
                return
            jobs = self.server.jobs()
            if jobs["running"] or jobs["waiting"] > RESTING_JOBS:
                raise NotYet(f"jobs are left: {jobs}")

        self.until(look)

    # The end

    def curtain(self) -> None:
        """What holds at the end of every story."""
        bugs = [line for line in self.server.log.lines() if BUG.search(line)]
        if bugs:
            raise Untrue("the server met a bug:\n" + "\n".join(bugs))
        if self.server.process is None:
            return
        if dead := self.server.jobs()["dead"]:
            raise Untrue(f"{dead} jobs were given up")
        self.server.terminate()
        self.server.wait_for_end()
        if left := processes.kill_all_of(os.getpid(), but=[self.forge.process]):
            raise Untrue(f"the server left processes behind: {left}")

    def clear(self) -> None:
        """Ends everything, however the story went."""
        self.gates.close()
        self.states.close()
        if self.server.process is not None:
            self.server.process.kill()
        processes.kill_all_of(os.getpid(), but=[self.forge.process])
        self.forge.stop()


BACKEND = """\
terraform {{
  backend "local" {{
    path = "{path}"
  }}
}}
"""
