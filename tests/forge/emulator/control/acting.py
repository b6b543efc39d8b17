"""Verbs that people perform: commits, pull requests, comments, reviews, merges."""

from .. import merge as merging
from .. import merge_queue, pulls, pushes, statuses, talk
from ..git_store import NOBODY
from .verbs import Order, Unclear, verb


@verb("POST", "commits")
def commit(order: Order) -> dict:
    author = order.user("author") if "author" in order.facts else None
    sha = pushes.commit_files(
        order.world, order.repo(), order.user(), order.need("branch"), order.need("files"),
        order.get("message", "Change files"), start=order.get("from"), author=author,
        amend=order.flag("amend"))
    return {"sha": sha}


@verb("POST", "refs")
def move_ref(order: Order) -> dict:
    """Moves, makes (`sha`: a commit or branch) or deletes (`sha`: null) a branch or tag, by force if
    needed."""
    repo, ref = order.repo(), order.need("ref")
    ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    target = order.facts.get("sha")
    sha = None if target in (None, NOBODY) else pushes.resolve(repo, target)
    if target and sha is None:
        raise Unclear(f"{target} is no commit here")
    pushes.move(order.world, repo, order.user(), ref, sha)
    return {"sha": sha}


@verb("POST", "pulls")
def open_pull(order: Order) -> dict:
    pull = pulls.open_pull(order.world, order.repo(), order.user(), head=order.need("head"),
                           base=order.get("base", order.repo().default_branch),
                           title=order.get("title", order.need("head")), body=order.get("body"),
                           draft=order.flag("draft"))
    return {"number": pull.number, "head": pull.head_sha, "base": pull.base_sha}


@verb("POST", "pulls/edit")
def edit_pull(order: Order) -> None:
    pulls.edit(order.world, order.pull(), order.user(), title=order.get("title"), body=order.get("body"),
               base=order.get("base"))


@verb("POST", "pulls/draft")
def draft(order: Order) -> None:
    pulls.set_draft(order.world, order.pull(), order.user(), order.flag("draft", True))


@verb("POST", "pulls/close")
def close(order: Order) -> None:
    pulls.close(order.world, order.pull(), order.user())


@verb("POST", "pulls/reopen")
def reopen(order: Order) -> None:
    pulls.reopen(order.world, order.pull(), order.user())


@verb("POST", "pulls/merge")
def merge(order: Order) -> dict:
    pull, user = order.pull(), order.user()
    bypass = order.facts.get("bypass")
    sha = merging.merge(order.world, pull, user, method=order.get("method", "merge"), sha=order.get("sha"),
                        title=order.get("title"), message=order.get("message"), bypass=bypass)
    if order.flag("delete_branch"):
        merging.delete_head_branch(order.world, pull, user)
    return {"sha": sha}


@verb("POST", "pulls/update_branch")
def update_branch(order: Order) -> dict:
    return {"sha": merging.update_branch(order.world, order.pull(), order.user())}


@verb("POST", "pulls/enqueue")
def enqueue(order: Order) -> dict:
    entry = merge_queue.enqueue(order.world, order.pull(), order.user())
    return {"ref": entry.ref, "head": entry.head_sha}


@verb("POST", "pulls/dequeue")
def dequeue(order: Order) -> None:
    merge_queue.dequeue(order.world, order.pull(), order.user())


@verb("POST", "pulls/request_review")
def request_review(order: Order) -> None:
    pulls.request_review(order.world, order.pull(), order.user(), order.user("reviewer"))


@verb("POST", "labels")
def set_labels(order: Order) -> None:
    pulls.set_labels(order.world, order.issue(), order.user(), order.need("labels"))


@verb("POST", "comments")
def comment(order: Order) -> dict:
    return {"id": talk.comment(order.world, order.issue(), order.user(), order.need("body")).id}


@verb("POST", "comments/edit")
def edit_comment(order: Order) -> None:
    said = order.world.comment(order.need("id"))
    talk.edit_comment(order.world, said, _actor(order, said.user), order.need("body"))


@verb("POST", "comments/delete")
def delete_comment(order: Order) -> None:
    said = order.world.comment(order.need("id"))
    talk.delete_comment(order.world, said, _actor(order, said.user))


@verb("POST", "reactions")
def react(order: Order) -> dict:
    on = order.world.comment(order.facts["comment"]) if "comment" in order.facts else order.issue()
    return {"id": talk.react(order.world, on, order.user(), order.need("content"))[0].id}


@verb("POST", "reviews")
def review(order: Order) -> dict:
    state = order.need("state").upper()
    given = talk.review(order.world, order.pull(), order.user(), talk.REVIEW_STATES.get(state, state),
                        order.get("body", ""), order.get("commit"))
    return {"id": given.id}


@verb("POST", "reviews/dismiss")
def dismiss_review(order: Order) -> None:
    pull, number = order.pull(), int(order.need("id"))
    given = next((review for review in pull.reviews if review.id == number), None)
    if given is None:
        raise Unclear(f"#{pull.number} has no review {number}")
    talk.dismiss(order.world, pull, given, order.user())


@verb("POST", "issues")
def open_issue(order: Order) -> dict:
    issue = talk.open_issue(order.world, order.repo(), order.user(), order.need("title"), order.get("body"),
                            order.get("labels", []))
    return {"number": issue.number}


@verb("POST", "issues/state")
def set_issue_state(order: Order) -> None:
    talk.set_issue_state(order.world, order.issue(), order.user(), order.need("state"), order.get("reason"))


@verb("POST", "lock")
def lock(order: Order) -> None:
    issue = order.issue()
    issue.locked = order.flag("locked", True)
    order.world.note("issue.locked", issue.repo, issue.number)


@verb("POST", "statuses")
def status(order: Order) -> dict:
    repo = order.repo()
    sha = pushes.resolve(repo, order.need("sha"))
    if sha is None:
        raise Unclear(f"{order.need('sha')} is no commit here")
    made = statuses.post(order.world, repo, order.user(), sha, state=order.need("state"),
                         context=order.get("context", "default"), description=order.get("description"),
                         target_url=order.get("target_url"))
    return {"id": made.id}


def _actor(order: Order, default):
    return order.user() if "user" in order.facts else default
