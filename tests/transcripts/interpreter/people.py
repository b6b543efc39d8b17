"""What people do at the forge."""

import re

from .forge import REPO
from .sentences import sentence
from .stage import NotYet, Stage, Untrue

MAIN = "main"


@sentence("PERSON is an outsider")
def is_outsider(stage: Stage, person: str) -> None:
    stage.outsider(person)


@sentence("PERSON is in the team CODE")
def is_in_team(stage: Stage, person: str, code: str) -> None:
    org, _, team = code.lstrip("@").partition("/")
    stage.forge.do("teams", org=org, name=team, members=[stage.person(person)])


@sentence("PERSON opens #N adding FILES")
@sentence("PERSON opens #N changing FILES")
@sentence("PERSON opens #N removing FILES", removing=True)
@sentence("PERSON opens #N as a draft changing FILES", draft=True)
@sentence("PERSON opens #N from a fork changing FILES", fork=True)
def opens(stage: Stage, person: str, n: int, files: list[str], removing: bool = False, draft: bool = False,
          fork: bool = False) -> None:
    login, branch = stage.person(person), f"{person}-{n}"
    repo, head = REPO, branch
    if fork:
        repo = stage.forge.do("forks", repo=REPO, owner=login)["repo"]
        head = f"{login}:{branch}"
    changes = removed(files) if removing else contents(stage, files)
    verb = "Remove" if removing else "Change"
    stage.forge.do("commits", repo=repo, user=login, branch=branch, files=changes,
                   message=f"{verb} {', '.join(files)}", **{"from": MAIN})
    made = stage.forge.do("pulls", repo=REPO, user=login, head=head, title=f"{verb} {', '.join(files)}",
                          draft=draft)
    if made["number"] != n:
        raise Untrue(f"the forge calls it #{made['number']}")
    stage.pull = n


@sentence("PERSON pushes FILES to #N")
@sentence("PERSON force-pushes FILES to #N", amend=True)
def pushes(stage: Stage, person: str, files: list[str], n: int, amend: bool = False) -> None:
    head = stage.forge.pull(n)["head"]
    stage.forge.do("commits", repo=head["repo"], user=stage.person(person), branch=head["ref"],
                   files=contents(stage, files), message=f"Change {', '.join(files)}", amend=amend)
    stage.pull = n


@sentence("PERSON pushes FILES to `main`")
def pushes_to_main(stage: Stage, person: str, files: list[str]) -> None:
    stage.forge.do("commits", repo=REPO, user=stage.person(person), branch=MAIN, files=contents(stage, files),
                   message=f"Change {', '.join(files)}")


@sentence("PERSON force-pushes FILES to `main`")
def force_pushes_to_main(stage: Stage, person: str, files: list[str]) -> None:
    """In the place of its newest commit."""
    stage.forge.do("commits", repo=REPO, user=stage.person(person), branch=MAIN, files=contents(stage, files),
                   message=f"Change {', '.join(files)}", amend=True)


@sentence("PERSON comments CODE on the issue of NAME")
def comments_on_issue(stage: Stage, person: str, code: str, name: str) -> None:
    """`<plan id>` is the plan that the issue asks to confirm."""
    def asked() -> tuple[int, str]:
        for one in stage.forge.see("issues", repo=REPO)["issues"]:
            offered = re.search(r"`slipway apply ([0-9a-f]+)`", one["body"])
            if one["state"] == "open" and f" {name} " in one["title"] and offered:
                return one["number"], offered[1]
        raise NotYet(f"no open issue of {name} asks for a plan")

    number, plan = stage.until(asked)
    said = stage.forge.do("comments", repo=REPO, user=stage.person(person), number=number,
                          body=code.replace("<plan id>", plan))
    stage.commented, stage.pull = said["id"], number


@sentence("PERSON comments CODE on #N")
def comments(stage: Stage, person: str, code: str, n: int) -> None:
    body = stage.until(lambda: filled(stage, n, code))
    said = stage.forge.do("comments", repo=REPO, user=stage.person(person), number=n, body=body)
    stage.commented, stage.pull = said["id"], n


@sentence("PERSON comments on #N:")
def comments_at_length(stage: Stage, person: str, n: int, body: list[str]) -> None:
    comments(stage, person, "\n".join(body), n)


@sentence("PERSON edits that comment to CODE")
def edits(stage: Stage, person: str, code: str) -> None:
    stage.forge.do("comments/edit", id=stage.commented, user=stage.person(person), body=code)


@sentence("PERSON deletes the bot's comment on #N")
def deletes(stage: Stage, person: str, n: int) -> None:
    sticky = stage.forge.sticky(n)
    if sticky is None:
        raise Untrue("the bot has no comment there")
    stage.forge.do("comments/delete", id=sticky["id"], user=stage.person(person))


@sentence("PERSON approves #N", state="APPROVED")
@sentence("PERSON requests changes on #N", state="CHANGES_REQUESTED")
def reviews(stage: Stage, person: str, n: int, state: str) -> None:
    stage.forge.do("reviews", repo=REPO, number=n, user=stage.person(person), state=state)


@sentence("PERSON merges #N")
@sentence("PERSON merges #N by squash", method="squash")
@sentence("PERSON merges #N by rebase", method="rebase")
def merges(stage: Stage, person: str, n: int, method: str = "merge") -> None:
    stage.forge.do("pulls/merge", repo=REPO, number=n, user=stage.person(person), method=method)
    stage.pull = n


@sentence("PERSON puts #N into the merge queue")
def enqueues(stage: Stage, person: str, n: int) -> None:
    stage.queued = stage.forge.do("pulls/enqueue", repo=REPO, number=n, user=stage.person(person))["head"]
    stage.pull = n


@sentence("PERSON takes #N out of the merge queue")
def dequeues(stage: Stage, person: str, n: int) -> None:
    stage.forge.do("pulls/dequeue", repo=REPO, number=n, user=stage.person(person))
    stage.pull = n


@sentence("the check CODE of the queue succeeds")
def check_succeeds(stage: Stage, code: str) -> None:
    """Of somebody else's, on the commit of the newest group."""
    stage.forge.do("statuses", repo=REPO, user=stage.person("carol"), sha=stage.queued, state="success",
                   context=code)


@sentence("PERSON closes #N", verb="pulls/close")
@sentence("PERSON reopens #N", verb="pulls/reopen")
@sentence("PERSON marks #N as ready", verb="pulls/draft", draft=False)
@sentence("PERSON marks #N as a draft", verb="pulls/draft", draft=True)
def moves(stage: Stage, person: str, n: int, verb: str, **facts) -> None:
    stage.forge.do(verb, repo=REPO, number=n, user=stage.person(person), **facts)
    stage.pull = n


@sentence("NAME has been applied by hand")
def applied_by_hand(stage: Stage, name: str) -> None:
    stage.apply_main(name)


@sentence("`main` needs the statuses FILES and has a merge queue")
@sentence("`main` needs the statuses FILES and has a merge queue with groups of N")
def has_queue(stage: Stage, files: list[str], n: int = 1) -> None:
    stage.forge.do("protection", repo=REPO,
                   rule={"contexts": files, "merge_queue": "merge", "queue_group_size": n})


def contents(stage: Stage, names: list[str]) -> dict[str, str]:
    """As the story has shown them last; what it has not shown cannot be pushed."""
    for name in names:
        if not stage.files.get(name):
            raise Untrue(f"the story shows no contents of `{name}` before this")
    return stage.with_backends({name: stage.real(stage.files[name]) for name in names})


def removed(names: list[str]) -> dict[str, None]:
    return dict.fromkeys(names)


def filled(stage: Stage, number: int, text: str) -> str:
    """`<plan id>`: what the bot's comment asks to confirm. `<head>`: the pull request's commit, shortened."""
    if "<plan id>" in text:
        text = text.replace("<plan id>", offered_plan(stage, number))
    if "<head>" in text:
        text = text.replace("<head>", stage.forge.pull(number)["head"]["sha"][:7])
    return text


def offered_plan(stage: Stage, number: int) -> str:
    sticky = stage.forge.sticky(number)
    offered = re.search(r"`slipway apply ([0-9a-f]+)`", sticky["body"]) if sticky else None
    if offered is None:
        raise NotYet(f"no plan is offered for a confirmation in:\n{sticky['body'] if sticky else 'no comment'}")
    return offered[1]
