"""After the trouble: everybody's questions are answered, and then states are compared with git."""

import re
import time
from collections import Counter

from interpreter.forge import is_sticky
from interpreter.server import BUG

PATIENCE = 90  # seconds without any news until something is stuck
DONE = ("Nothing is left to do", "Nothing to apply", "No Terraform project changed")
PLANNED = ("no changes", "to add", "to change", "to destroy")


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
    shown = yard.page(pull.number)
    return any(words in shown for words in DONE)


def judge(yard, people, trouble) -> list[str]:
    wrong = [f"#{pull.number} is not applied:\n{told(yard, pull.number)}"
             for pull in people.merged if not applied(yard, pull)]
    for pull in people.merged:
        stickies = [said for said in yard.forge.comments(pull.number) if is_sticky(said)]
        if len(stickies) > 1:
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


def told(yard, number: int) -> str:
    """For who has to find out: the page's words, and what was said at the forge."""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", yard.page(number)))
    return "\n".join([words, *(said["body"] for said in yard.forge.comments(number))])


def plan_by_slipway(yard, people, project: str) -> str:
    number = people.touch(project)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        since = yard.forge.see("wait", timeout=0)["seq"]
        shown = yard.page(number)
        if any(words in shown for words in PLANNED):
            return shown
        yard.forge.see("wait", since=since, timeout=2)
    return yard.page(number)
