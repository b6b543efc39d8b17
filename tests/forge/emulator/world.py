"""Everything the forge knows, behind one lock, and the journal of what happened to it.

Every change is one journal entry with a number that only grows. Tests wait for a number to move; nobody
sleeps.
"""

import itertools
import threading
import time
from collections import deque
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .links import Links
from .model import Organization, Pull, Repo, Token, User

JOURNAL_LENGTH = 200_000
REQUEST_LOG_LENGTH = 50_000
QUIET_KINDS = frozenset({"request", "request.begun",
                         "delivery"})  # traffic: recorded, but no change of the forge's state


class NotThere(Exception):
    """What was asked for does not exist: the control API and REST each say so in their own way."""


class World:
    def __init__(self, data: Path, url: str):
        self.data = data
        self.links = Links(url)
        self.lock = threading.Condition(threading.RLock())
        self.version = 0  # counts changes of state: what was rendered under one version stays true under it
        self.journal: deque = deque(maxlen=JOURNAL_LENGTH)
        self.requests_under_way = 0
        self.requests: deque = deque(maxlen=REQUEST_LOG_LENGTH)
        self.users: dict[str, User] = {}
        self.repos: dict[str, Repo] = {}
        self.renamed: dict[str, Repo] = {}  # by their old names
        self.tokens: dict[str, Token] = {}
        self.apps: dict[int, object] = {}
        self.comments: dict[int, object] = {}
        self.deliveries: dict[int, object] = {}
        self.webhooks = None  # Webhooks, set by whoever puts the forge together
        # Called with (world, pull, user, action) after a pull request changed, (world, repo, branch) after a
        # push.
        self.pull_watchers: list = []
        self.branch_watchers: list = []
        self._ids = itertools.count(1001)
        self._sequence = 0
        self._clock_offset = timedelta()
        self.ghost = self.add_user("ghost", name="Deleted user", announce=False)
        self.web_flow = self.add_user("web-flow", name="GitHub", email="noreply@github.com", announce=False)

    # Time and numbers

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._clock_offset

    def advance_clock(self, seconds: float) -> None:
        self._clock_offset += timedelta(seconds=seconds)

    def next_id(self) -> int:
        return next(self._ids)

    # The journal

    @property
    def sequence(self) -> int:
        return self._sequence

    def note(self, kind: str, repo: Repo | None = None, number: int | None = None, **facts) -> int:
        """Writes down that something happened and wakes everybody who waits for it."""
        with self.lock:
            self._sequence += 1
            entry = {"seq": self._sequence, "kind": kind}
            if repo is not None:
                entry["repo"] = repo.full_name
            if number is not None:
                entry["number"] = number
            entry.update(facts)
            self.journal.append(entry)
            if kind not in QUIET_KINDS:
                self.version += 1
            self.lock.notify_all()
            return self._sequence

    def request_begins(self, counts: bool, **facts) -> None:
        with self.lock:
            self.requests_under_way += counts
            self.note("request.begun", **facts)

    def request_ends(self, counts: bool, request: dict) -> None:
        """Keeps one served request."""
        with self.lock:
            self.requests_under_way -= counts
            request["seq"] = self.note("request",
                                       **{key: request[key] for key in ("method", "path", "user", "status")})
            self.requests.append(request)

    def since(self, sequence: int, matches) -> list:
        """Journal entries after `sequence`, oldest first."""
        found = []
        for entry in reversed(self.journal):
            if entry["seq"] <= sequence:
                break
            if matches(entry):
                found.append(entry)
        return found[::-1]

    def wait(self, ready, timeout: float):
        """Calls `ready` under the lock at each journal entry until its answer is true, or time is up."""
        deadline = time.monotonic() + timeout
        with self.lock:
            while True:
                answer = ready()
                left = deadline - time.monotonic()
                if answer or left <= 0:
                    return answer
                self.lock.wait(left)

    # People

    def add_user(self, login: str, *, name=None, email=None, kind="User", site_admin=False,
                 announce=True) -> User:
        number = self.next_id()
        email = email or f"{number}+{login}@users.noreply.github.com"
        user = User(number, login, name or login.capitalize(), email, self.now(), kind, site_admin)
        self.users[login.lower()] = user
        if announce:
            self.note("user", login=login)
        return user

    def add_organization(self, login: str, default_permission: str) -> Organization:
        org = Organization(self.next_id(), login, login.capitalize(), f"{login}@example.com", self.now(),
                           "Organization", default_permission=default_permission)
        self.users[login.lower()] = org
        self.note("organization", login=login)
        return org

    def user(self, login: str) -> User:
        found = self.users.get(str(login).lower())
        if found is None:
            raise NotThere(f"no user {login!r}")
        return found

    def organization(self, login: str) -> Organization:
        found = self.users.get(str(login).lower())
        if not isinstance(found, Organization):
            raise NotThere(f"no organization {login!r}")
        return found

    # Repositories

    def repo(self, full_name: str) -> Repo:
        found = self.repos.get(str(full_name).lower())
        if found is None:
            raise NotThere(f"no repository {full_name!r}")
        return found

    def pull(self, repo: Repo, number) -> Pull:
        found = repo.issues.get(int(number))
        if not isinstance(found, Pull):
            raise NotThere(f"no pull request {repo.full_name}#{number}")
        return found

    def issue(self, repo: Repo, number):
        found = repo.issues.get(int(number))
        if found is None:
            raise NotThere(f"no issue {repo.full_name}#{number}")
        return found

    def comment(self, number):
        found = self.comments.get(int(number))
        if found is None or found.deleted_at is not None:
            raise NotThere(f"no comment {number}")
        return found
