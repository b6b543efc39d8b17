"""What people do: they open, push, merge, look at what the bot asks, and confirm."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field

from interpreter.forge import REPO

METHODS = ("merge", "squash", "rebase")
OFFER = re.compile(r">slipway apply ([0-9a-f]+)<")
MAX_OPEN = 5
ASK_AGAIN = 20  # seconds until who was refused, for the comment with the plan stood not there yet, tries again

RESOURCE = """\
resource "terraform_data" "{name}" {{
  input = "{value}"

  provisioner "local-exec" {{
    command = "echo {name} >> {journal}; sleep 0.{pause}"
  }}
}}
"""


@dataclass
class PullRequest:
    number: int
    branch: str
    files: dict[str, str | None]
    confirmed: dict[str, float] = field(default_factory=dict)  # plans, and when


class People:
    LOCAL = ("net", "web")   # their states are files that a plain Terraform reads too
    KEPT = ("db", "dns")     # Slipway keeps their states
    PROJECTS = LOCAL + KEPT
    NAMES = ("alice", "bob")

    def __init__(self, yard, dice):
        self._yard, self._dice = yard, dice
        self.open: list[PullRequest] = []
        self.merged: list[PullRequest] = []
        self._names = 0
        self._files: dict[str, set[str]] = {project: set() for project in self.PROJECTS}
        self._did: Counter[str] = Counter()
        tree = {"README.md": "# Infrastructure\n"}
        for project in self.PROJECTS:
            tree[f"{project}/main.tf"] = yard.backend(project) if project in self.LOCAL else "locals {}\n"
        tree |= {f"{project}/first.tf": "# nothing yet\noutput \"first\" { value = 1 }\n" for project in self.KEPT}
        yard.found(list(self.NAMES), tree)

    def act(self) -> None:
        choices = [self._open] * (len(self.open) < MAX_OPEN) + [self._merge] * 2 + [self._push, self._confirm]
        self._dice.choice(choices)()

    def _open(self) -> None:
        self._names += 1
        branch = f"change-{self._names}"
        files: dict[str, str | None] = {}
        for project in self._dice.sample(self.PROJECTS, self._dice.choice((1, 1, 2))):
            gone = sorted(self._files[project])
            if gone and self._dice.random() < 0.2:
                files[self._dice.choice(gone)] = None
            else:
                files |= self._resource(project)
        self._yard.forge.do("commits", repo=REPO, user="alice", branch=branch, files=files, message=branch,
                            **{"from": "main"})
        made = self._yard.forge.do("pulls", repo=REPO, user="alice", head=branch, title=branch)
        self.open.append(PullRequest(made["number"], branch, files))
        self._did["opened"] += 1

    def _resource(self, project: str) -> dict[str, str]:
        self._names += 1
        name = f"r{self._names}"
        text = RESOURCE.format(name=name, value=name, pause=self._dice.choice((0, 2, 6)),
                               journal=self._yard.srv / "journal" / project)
        return {f"{project}/{name}.tf": text}

    def _push(self) -> None:
        if not self.open:
            return
        pull = self._dice.choice(self.open)
        more = self._resource(next(iter(pull.files)).split("/")[0])
        self._yard.forge.do("commits", repo=REPO, user="alice", branch=pull.branch, files=more, message="More")
        pull.files |= more
        self._did["pushed"] += 1

    def _merge(self) -> None:
        """Often when the plan is there, now and then before; a conflict is closed."""
        if not self.open:
            return
        pull = self._dice.choice(self.open)
        if "Merge to apply" not in self._yard.page(pull.number) and self._dice.random() < 0.8:
            return
        self.open.remove(pull)
        self._yard.forge.do("pulls/merge", repo=REPO, number=pull.number, user="bob",
                            method=self._dice.choice(METHODS))
        self.merged.append(pull)
        for path, text in pull.files.items():
            known = self._files[path.split("/")[0]]
            known.discard(path) if text is None else known.add(path)
        self._did["merged"] += 1

    def _confirm(self) -> None:
        if self.merged:
            self.answer(self._dice.choice(self.merged))

    def answer(self, pull: PullRequest) -> None:
        """Confirms what the bot asks about: not the author does."""
        now = time.monotonic()
        for plan in sorted(set(OFFER.findall(self._yard.page(pull.number)))):
            if now - pull.confirmed.get(plan, -ASK_AGAIN) < ASK_AGAIN:
                continue
            pull.confirmed[plan] = now
            self._yard.forge.do("comments", repo=REPO, user="bob", number=pull.number, body=f"slipway apply {plan}")
            self._did["confirmed"] += 1

    def touch(self, project: str) -> int:
        """A pull request that changes nothing of a project's resources."""
        branch = f"touch-{project}"
        self._yard.forge.do("commits", repo=REPO, user="alice", branch=branch, message=branch, **{"from": "main"},
                            files={f"{project}/touched.tf": "# Nothing.\n"})
        return self._yard.forge.do("pulls", repo=REPO, user="alice", head=branch, title=branch)["number"]

    def merged_count(self) -> int:
        return len(self.merged)

    def told(self) -> str:
        return "people: " + ", ".join(f"{count} {what}" for what, count in sorted(self._did.items()))
