"""Waiting without sleeping: each call returns at the very journal entry that makes it true."""

import re
import time

from ..pull_facts import newest_statuses
from ..world import QUIET_KINDS
from .reading import comment_facts
from .verbs import Order, Unclear, verb

DEFAULT_TIMEOUT, LONGEST_TIMEOUT = 10.0, 600.0


@verb("GET", "wait", waits=True)
def wait(order: Order) -> dict:
    """Until something happened after `since`. `kind` limits to kinds (a comma list; `comment` means all
    `comment.*`), `repo` and `number` to one place. No events: time is up."""
    since = int(order.get("since", order.world.sequence))

    def news() -> list:
        return order.world.since(since, lambda entry: _matches(order, entry))

    events = order.world.wait(news, _timeout(order))
    return {"seq": order.world.sequence, "events": events}


def _matches(order: Order, entry: dict) -> bool:
    kinds = order.get("kind")
    if kinds is None:
        if entry["kind"] in QUIET_KINDS:
            return False
    elif not any(entry["kind"] == kind or entry["kind"].startswith(kind + ".") for kind in kinds.split(",")):
        return False
    return (order.get("repo", entry.get("repo")) == entry.get("repo")
            and str(order.get("number", entry.get("number"))) == str(entry.get("number")))


@verb("GET", "until", waits=True)
def until(order: Order) -> dict:
    """Until a comment (`comment`: a regular expression over its body, `user` optional) or a status (`status`:
    its context, with `state` or any state but pending) is there. `found` is null where time was up first."""
    if "comment" in order.facts:
        found = order.world.wait(lambda: _comment(order), _timeout(order))
    elif "status" in order.facts:
        found = order.world.wait(lambda: _status(order), _timeout(order))
    elif "merged" in order.facts:
        found = order.world.wait(lambda: _merged(order), _timeout(order))
    else:
        raise Unclear("wait until what: comment, status or merged")
    return {"seq": order.world.sequence, "found": found or None}


def _comment(order: Order) -> dict | None:
    wanted = re.compile(order.need("comment"), re.DOTALL)
    for said in reversed(order.issue().comments):
        if wanted.search(said.body) and order.get("user", said.user.login) == said.user.login:
            return comment_facts(said)
    return None


def _status(order: Order) -> dict | None:
    sha = order.get("sha") or order.pull().head_sha
    for said in newest_statuses(order.repo(), sha):
        wanted = order.get("state")
        if said.context == order.need("status") and (
                said.state == wanted if wanted else said.state != "pending"):
            return {"context": said.context, "state": said.state, "description": said.description, "sha": sha}
    return None


def _merged(order: Order) -> dict | None:
    pull = order.pull()
    return {"sha": pull.merge_commit_sha} if pull.merged_at else None


@verb("GET", "quiet", waits=True)
def quiet(order: Order) -> dict:
    """Until no delivery is on its way and, for `idle` seconds, nobody asked anything."""
    idle, deadline = float(order.get("idle", 0.5)), time.monotonic() + _timeout(order)
    world = order.world
    while True:
        with world.lock:
            before = world.sequence
            moved = world.wait(lambda: world.sequence != before,
                               min(idle, max(0.0, deadline - time.monotonic())))
            if not moved and not world.webhooks.pending and not world.requests_under_way:
                return {"seq": world.sequence, "quiet": True}
            if time.monotonic() >= deadline:
                return {"seq": world.sequence, "quiet": False}


def _timeout(order: Order) -> float:
    return min(float(order.get("timeout", DEFAULT_TIMEOUT)), LONGEST_TIMEOUT)
