"""How control verbs are declared, and how they read what they were given."""

from dataclasses import dataclass
from typing import Any, Callable

from ..faults import Faults
from ..limits import Limits
from ..model import Pull, Repo, User
from ..world import World


class Unclear(Exception):
    """The order lacks something."""


@dataclass
class Verb:
    perform: Callable
    waits: bool  # does its own locking, since it waits for others


VERBS: dict[tuple[str, str], Verb] = {}


def verb(method: str, name: str, waits: bool = False):
    def add(perform):
        VERBS[(method, name)] = Verb(perform, waits)
        return perform

    return add


@dataclass
class Order:
    world: World
    faults: Faults
    limits: Limits
    facts: dict

    def need(self, name: str) -> Any:
        if self.facts.get(name) is None:
            raise Unclear(f"{name} is missing")
        return self.facts[name]

    def get(self, name: str, default=None) -> Any:
        value = self.facts.get(name)
        return default if value is None else value

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth, whether it came as JSON or in a query string."""
        value = self.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes")

    def user(self, name: str = "user") -> User:
        return self.world.user(self.need(name))

    def repo(self) -> Repo:
        return self.world.repo(self.need("repo"))

    def pull(self) -> Pull:
        return self.world.pull(self.repo(), self.need("number"))

    def issue(self):
        return self.world.issue(self.repo(), self.need("number"))
