"""After the trouble: everybody's questions are answered, and then states are compared with git."""

import time
from collections import Counter

from interpreter.forge import is_sticky
from interpreter.server import BUG

PATIENCE = 60  # seconds without any news until something is stuck


def settle(yard, people) -> None:
    """Answers what is asked until every merge is applied, or nothing happens any more."""
    yard.server.check()
    last_news = time.monotonic()
    while time.monotonic() - last_news < PATIENCE:
        waiting = [pull for pull in people.merged if not applied(yard, pull)]
        if not waiting:
            return
        since = yard.forge.see("wait", timeout=0)["seq"]
        for pull in waiting:
            people.answer(pull)
        if yard.forge.see("wait", since=since, timeout=2)["events"]:
            last_news = time.monotonic()


def applied(yard, pull) -> bool:
    said = yard.forge.status(yard.forge.pull(pull.number)["head"]["sha"], "slipway/apply")
    return said is not None and said["state"] == "success"


def judge(yard, people, trouble) -> list[str]:
    wrong = [f"#{pull.number} is not applied:\n{words_of(yard, pull.number)}"
             for pull in people.merged if not applied(yard, pull)]
    for pull in people.merged:
        stickies = [said for said in yard.forge.comments(pull.number) if is_sticky(said)]
        if len(stickies) != 1:
            wrong.append(f"#{pull.number} has {len(stickies)} plan comments")
    wrong += [f"a plain plan of `{project}` on main is not empty:\n{plan}" for project in people.LOCAL
              if (plan := yard.plan_of_main(project))]
    wrong += [f"a plan of `{project}` on main is not empty:\n{words}" for project in people.KEPT
              if "no changes" not in (words := plan_by_slipway(yard, people, project))]
    for project in people.PROJECTS:
        for name, times in Counter(yard.journal(project)).items():
            if times > 1 + trouble.cut_short[project]:
                wrong.append(f"`{name}` of `{project}` was created {times} times")
    wrong += [f"the server met a bug: {line}" for line in yard.server.log.lines() if BUG.search(line)]
    if dead := yard.server.jobs().get("dead"):
        wrong.append(f"{dead} jobs were given up")
    return wrong


def plan_by_slipway(yard, people, project: str) -> str:
    number = people.touch(project)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        since = yard.forge.see("wait", timeout=0)["seq"]
        words = words_of(yard, number)
        if "no changes" in words or "to add" in words or "to change" in words or "to destroy" in words:
            return words
        yard.forge.see("wait", since=since, timeout=2)
    return words_of(yard, number)


def words_of(yard, number: int) -> str:
    said = yard.forge.sticky(number)
    return said["body"] if said else "nothing was said"
