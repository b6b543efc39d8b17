"""Faults: what goes wrong between a forge and its clients, on demand and countably.

A fault says what it does (`kind`), to which requests or deliveries (`on`), how many of them pass first
(`skip`) and how often it strikes (`times`; for ever without). The first fault that matches strikes.
"""

import json
import re
import threading
from dataclasses import dataclass, field

# kind -> the options it takes, with their defaults
ON_REQUESTS = {
    "status": {"status": 502, "body": None, "headers": {}, "when": "before"},
    "reset": {"when": "before"},
    "hang": {"when": "before"},
    "delay": {"seconds": 1.0, "when": "before"},
    "rate_limit": {"retry_after": None, "reset_in": 60},
    "secondary_limit": {"retry_after": 60},
    "truncate": {"bytes": 20},
    "garbage": {"body": "<html><body>It is down.</body></html>"},
    "lack": {"fields": [], "drop": False},
    "missing": {},
    "endless_pack": {"bytes": None},
    "dripping_pack": {"seconds": 1.0},
}
ON_DELIVERIES = {
    "drop_webhook": {},
    "delay_webhook": {"seconds": 1.0},
    "duplicate_webhook": {"copies": 1},
    "hold_webhook": {},
    "reorder_webhooks": {"group": 2},
    "lack_webhook": {"fields": [], "drop": False},
}
KINDS = ON_REQUESTS | ON_DELIVERIES
REQUEST_FILTERS = ("method", "path", "user")
DELIVERY_FILTERS = ("event", "action", "repo")


class BadFault(Exception):
    """The description makes no sense; the text says why."""


@dataclass(eq=False)
class Fault:
    id: int
    kind: str
    on: dict
    options: dict
    times: int | None
    skip: int
    hits: int = 0
    held: list = field(default_factory=list)
    lifted: threading.Event = field(default_factory=threading.Event)

    def take(self) -> bool:
        """Whether this match is one that the fault strikes."""
        if self.lifted.is_set() or (self.times is not None and self.hits >= self.times):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.hits += 1
        return True


def describe(fault: Fault) -> dict:
    return {"id": fault.id, "kind": fault.kind, "on": fault.on, "times": fault.times, "hits": fault.hits,
            "held": len(fault.held)} | fault.options


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._all: list[Fault] = []
        self._next = 1

    def add(self, description: dict) -> Fault:
        described = dict(description)
        kind = described.pop("kind", None)
        if kind not in KINDS:
            raise BadFault(f"kind is one of {', '.join(KINDS)}")
        on, times, skip = described.pop("on", {}), described.pop("times", None), described.pop("skip", 0)
        filters = REQUEST_FILTERS if kind in ON_REQUESTS else DELIVERY_FILTERS
        for name in on.keys() - set(filters):
            raise BadFault(f"{kind} is limited by {', '.join(filters)}, not by {name}")
        for name in described.keys() - KINDS[kind].keys():
            raise BadFault(f"{kind} has no option {name}")
        with self._lock:
            fault = Fault(self._next, kind, on, KINDS[kind] | described, times, skip)
            self._next += 1
            self._all.append(fault)
        return fault

    def all(self) -> list[Fault]:
        with self._lock:
            return list(self._all)

    def lift(self, number: int | None = None) -> list:
        """Ends one fault or all; what hangs is cut, and held deliveries are returned for sending."""
        with self._lock:
            ended = [fault for fault in self._all if number in (None, fault.id)]
            self._all = [fault for fault in self._all if fault not in ended]
            held = [delivery for fault in ended for delivery in fault.held]
        for fault in ended:
            fault.lifted.set()
        return held

    def for_request(self, method: str, path: str, user: str | None) -> Fault | None:
        seen = {"method": method, "path": path, "user": user or ""}
        return self._find(ON_REQUESTS, seen)

    def for_delivery(self, event: str, action: str | None, repo: str) -> Fault | None:
        return self._find(ON_DELIVERIES, {"event": event, "action": action or "", "repo": repo})

    def _find(self, kinds: dict, seen: dict) -> Fault | None:
        if not self._all:
            return None
        with self._lock:
            for fault in self._all:
                if fault.kind in kinds and _matches(fault.on, seen) and fault.take():
                    return fault
        return None


def _matches(on: dict, seen: dict) -> bool:
    """Paths are searched for a regular expression; everything else is compared, a method in any case."""
    for name, wanted in on.items():
        if name == "path":
            if not re.search(wanted, seen["path"]):
                return False
        elif str(wanted).lower() != seen[name].lower():
            return False
    return True


def lacking(text: bytes, fields: list, drop: bool) -> bytes:
    """JSON in which these fields (`head.repo`) are null, or gone with `drop`; in a list, in each of its
    items."""
    told = json.loads(text)
    for item in told if isinstance(told, list) else [told]:
        for name in fields:
            _lose(item, name.split("."), drop)
    return json.dumps(told).encode()


def _lose(item, names: list, drop: bool) -> None:
    for name in names[:-1]:
        item = item.get(name) if isinstance(item, dict) else None
    if isinstance(item, dict) and names[-1] in item:
        if drop:
            del item[names[-1]]
        else:
            item[names[-1]] = None
