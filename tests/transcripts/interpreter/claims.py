"""What a story claims: lines that begin with ">". A claim waits until it is true; one that says that something
is not, or is only once, waits until nothing more happens and looks then."""

import json
import re
from pathlib import Path

from . import matching
from .forge import REPO, is_sticky
from .people import filled
from .sentences import sentence
from .stage import NotYet, Stage, Untrue

EMOJI = {"👀": "eyes", "🚀": "rocket", "👎": "-1", "😕": "confused"}


# What the bot says


@sentence("> bot: TEXT")
@sentence("> bot on #N: TEXT")
def bot(stage: Stage, text: str, more: list[str], n: int | None = None) -> None:
    """Its one comment on the pull request holds these lines, in this order."""
    number = n or stage.pull

    def look() -> None:
        sticky = stage.forge.sticky(number)
        if sticky is None:
            raise NotYet(f"the bot has no comment on #{number}; it said:\n{all_said(stage, number)}")
        shown = sticky["body"].split("\n", 1)[1]
        lines = [filled(stage, number, stage.real(line)) for line in (text, *more)]
        if line := matching.missing(lines, shown):
            raise NotYet(f"this is not in the bot's comment, or not in this order: {line}\n{quoted(shown)}")

    stage.until(look)


@sentence("> bot says: TEXT")
@sentence("> bot says on #N: TEXT")
def bot_says(stage: Stage, text: str, n: int | None = None) -> None:
    """A new comment, for people to be notified; each claim is another comment."""
    number = n or stage.pull

    def look() -> None:
        line = filled(stage, number, stage.real(text))
        for comment in stage.forge.comments(number):
            if comment["id"] not in stage.heard and not is_sticky(comment) and matching.holds(line, comment["body"]):
                stage.heard.add(comment["id"])
                return
        raise NotYet(f"no new comment of the bot says so; it said:\n{all_said(stage, number)}")

    stage.until(look)


@sentence("> nothing more is said")
def nothing_more(stage: Stage) -> None:
    stage.until_quiet()
    left = [comment for comment in stage.forge.comments(stage.pull)
            if not is_sticky(comment) and comment["id"] not in stage.heard]
    if left:
        raise Untrue("the bot said more:\n" + "\n".join(quoted(comment["body"]) for comment in left))


@sentence("> no comment")
def no_comment(stage: Stage) -> None:
    stage.until_quiet()
    if stage.forge.comments(stage.pull, deleted=True):
        raise Untrue(f"the bot said:\n{all_said(stage, stage.pull)}")


@sentence("> one comment")
def one_comment(stage: Stage) -> None:
    """One sticky comment, ever: not even one that was taken back."""
    stage.until_quiet()
    sticky = [comment for comment in stage.forge.comments(stage.pull, deleted=True) if is_sticky(comment)]
    if len(sticky) != 1:
        raise Untrue(f"{len(sticky)} comments are the bot's comment on #{stage.pull}")


@sentence("> never: TEXT")
def never(stage: Stage, text: str) -> None:
    """No comment of the bot, and none that it was before an edit, says so."""
    stage.until_quiet()
    for comment in stage.forge.comments(stage.pull, deleted=True):
        for version in comment["history"]:
            if matching.holds(stage.real(text), version["body"]):
                raise Untrue(f"the bot said so:\n{quoted(version['body'])}")


@sentence("> no page of #N says CODE")
def no_page_says(stage: Stage, n: int, code: str) -> None:
    """Its page, and the pages and logs of its runs."""
    stage.until_quiet()
    page = stage.server.get(f"/pulls/github/{REPO}/{n}")[1]
    runs = set(re.findall(r"/runs/([0-9a-f]+)", page))
    if not runs:
        raise Untrue(f"the page of #{n} names no run:\n{quoted(page)}")
    for path, text in [("the page", page), *((run, stage.server.get(f"/runs/{run}")[1]) for run in runs)]:
        if code in text:
            raise Untrue(f"{path} says so")


@sentence("> the logs of #N say CODE once")
def logs_say_once(stage: Stage, n: int, code: str) -> None:
    """All the runs of its page together."""
    stage.until_quiet()
    page = stage.server.get(f"/pulls/github/{REPO}/{n}")[1]
    runs = set(re.findall(r"/runs/([0-9a-f]+)", page))
    times = sum(stage.server.get(f"/runs/{run}")[1].count(code) for run in runs)
    if times != 1:
        raise Untrue(f"they say so {times} times")


@sentence("> issue: TEXT")
def issue(stage: Stage, text: str) -> None:
    def look() -> None:
        issues = stage.forge.see("issues", repo=REPO)["issues"]
        told = [f"{one['title']} ({one['state']})\n{one['body']}" for one in issues]
        if not any(matching.holds(text, one) for one in told):
            raise NotYet("no issue says so:\n" + quoted("\n\n".join(told) or "there is none"))

    stage.until(look)


# Statuses and reactions


@sentence("> status CODE: TEXT")
def status(stage: Stage, code: str, text: str) -> None:
    """`success "1 to add"`: of the pull request's head."""
    check_status(stage, lambda: stage.forge.pull(stage.pull)["head"]["sha"], code, text)


@sentence("> status CODE of the merge: TEXT")
def status_of_merge(stage: Stage, code: str, text: str) -> None:
    check_status(stage, lambda: stage.forge.pull(stage.pull)["merge_commit_sha"], code, text)


@sentence("> status CODE of the queue: TEXT")
def status_of_queue(stage: Stage, code: str, text: str) -> None:
    check_status(stage, lambda: stage.queued, code, text)


def check_status(stage: Stage, commit, context: str, text: str) -> None:
    def look() -> None:
        said = stage.forge.status(commit(), context)
        actual = f"{said['state']} \"{said['description']}\"" if said else "not set"
        if not matching.whole(filled(stage, stage.pull, text), actual):
            raise NotYet(f"{context} of {commit()[:7]} is {actual}")

    stage.until(look)


@sentence("> reaction TEXT on #N")
def reaction(stage: Stage, text: str, n: int) -> None:
    check_reaction(stage, text, lambda: stage.forge.pull(n)["reactions"])


@sentence("> reaction TEXT on that comment")
def reaction_on_comment(stage: Stage, text: str) -> None:
    def given() -> list[dict]:
        said = stage.forge.see("comments", repo=REPO, number=stage.pull)["comments"]
        return next(comment["reactions"] for comment in said if comment["id"] == stage.commented)

    check_reaction(stage, text, given)


@sentence("> no reaction on that comment")
def no_reaction(stage: Stage) -> None:
    stage.until_quiet()
    said = stage.forge.see("comments", repo=REPO, number=stage.pull)["comments"]
    if given := next(comment["reactions"] for comment in said if comment["id"] == stage.commented):
        raise Untrue(f"there is a reaction: {given}")


def check_reaction(stage: Stage, emoji: str, given) -> None:
    def look() -> None:
        found = {one["content"] for one in given() if one["user"] == stage.forge.bot}
        if EMOJI[emoji] not in found:
            raise NotYet(f"the bot's reactions are {found or 'none'}")

    stage.until(look)


# What became of the world


@sentence("> state of NAME: nothing")
def no_state(stage: Stage, name: str) -> None:
    stage.until_quiet()
    if addresses := held_by(stage, name)[1]:
        raise Untrue(f"it holds {', '.join(sorted(addresses))}")


@sentence("> state of NAME: serial N")
def state_serial(stage: Stage, name: str, n: int) -> None:
    def look() -> None:
        if (serial := held_by(stage, name)[0]) != n:
            raise NotYet(f"the state's serial is {serial}")

    stage.until(look)


@sentence("> state of NAME: FILES")
def state_holds(stage: Stage, name: str, files: list[str]) -> None:
    """Exactly these resource instances."""

    def look() -> None:
        if (held := held_by(stage, name)[1]) != set(files):
            raise NotYet(f"it holds {', '.join(sorted(held)) or 'nothing'}")

    stage.until(look)


@sentence("> lock of NAME: nothing")
def no_lock(stage: Stage, name: str) -> None:
    """At the state server."""
    stage.until_quiet()
    if lock := stage.states.locks.get(name):
        raise Untrue(f"it is locked: {lock}")


@sentence("> the lock of NAME has been refused N times")
def lock_refused(stage: Stage, name: str, n: int) -> None:
    def look() -> None:
        if (times := stage.states.refusals.get(name, 0)) < n:
            raise NotYet(f"it was refused {times} times")

    stage.until(look)


@sentence("> journal of NAME: TEXT")
def journal(stage: Stage, name: str, text: str) -> None:
    """All that provisioners wrote to /srv/journal/NAME: the words, in this order, parted by commas."""
    stage.until_quiet()
    file = stage.srv / "journal" / name
    actual = ", ".join(file.read_text().split("\n")[:-1]) if file.exists() else "nothing"
    if actual != text:
        raise Untrue(f"it says: {actual}")


@sentence("> Prometheus scrapes: FILES")
@sentence("> Prometheus scrapes nothing")
def prometheus(stage: Stage, files: list[str] = []) -> None:
    def look() -> None:
        groups = json.loads(stage.server.get("/sd/prometheus")[1])
        targets = sorted(target for group in groups for target in group["targets"])
        if targets != sorted(files):
            raise NotYet(f"the targets are {targets}")

    stage.until(look)


@sentence("> Ansible knows: FILES")
@sentence("> Ansible knows in the group NAME: FILES")
@sentence("> Ansible knows nothing")
def ansible(stage: Stage, files: list[str] = [], name: str | None = None) -> None:
    def look() -> None:
        inventory = json.loads(stage.server.get("/inventory/ansible")[1])
        hosts = inventory.get(name, {}).get("hosts", []) if name else inventory["_meta"]["hostvars"]
        if sorted(hosts) != sorted(files):
            raise NotYet(f"the inventory is {json.dumps(inventory)}")

    stage.until(look)


@sentence("> log: TEXT")
def log(stage: Stage, text: str) -> None:
    def look() -> None:
        if not any(matching.holds(text, line) for line in stage.server.log.lines()):
            raise NotYet("no line of the log says so")

    stage.until(look)


@sentence("> the files of NAME: TEXT")
def files_hold(stage: Stage, name: str, text: str) -> None:
    """All the files of a directory below /srv/, one after another by name."""

    def look() -> None:
        files = sorted(path for path in Path(stage.real(name)).glob("*") if not path.name.startswith("."))
        actual = "\n".join(path.read_text() for path in files)
        if not matching.holds(text, actual):
            raise NotYet(f"the files {[path.name for path in files]} say:\n{quoted(actual)}")

    stage.until(look)


def held_by(stage: Stage, project: str) -> tuple[int, set[str]]:
    """Serial and instances, read from the file that Terraform wrote: not by the program that is tested."""
    file = stage.state_file(project)
    if not file.exists() or not (text := file.read_text()):
        return 0, set()
    state = json.loads(text)
    return state["serial"], {address_of(resource, instance) for resource in state["resources"]
                             for instance in resource["instances"]}


def address_of(resource: dict, instance: dict) -> str:
    module = f"{resource['module']}." if "module" in resource else ""
    index = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{index}"


def all_said(stage: Stage, number: int) -> str:
    return "\n".join(quoted(comment["body"]) for comment in stage.forge.comments(number)) or "  | (nothing)"


def quoted(text: str) -> str:
    return "\n".join(f"  | {line}" for line in text.rstrip("\n").split("\n"))
