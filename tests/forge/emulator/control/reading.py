"""What a test reads: everything that was ever said, asked, pushed and delivered, with its history."""

import json
import re

from ..links import time_text
from ..model import Comment, Issue, Pull, Reaction
from ..pull_facts import combined_state, mergeability, newest_statuses
from ..pushes import resolve
from ..webhooks import Delivery
from .founding import describe_repo
from .verbs import Order, Unclear, verb


@verb("GET", "state")
def state(order: Order) -> dict:
    world = order.world
    return {"users": [person.login for person in world.users.values()],
            "repos": [r.full_name for r in world.repos.values()],
            "pending_deliveries": world.webhooks.pending, "now": time_text(world.now())}


@verb("GET", "repo")
def repo(order: Order) -> dict:
    found = order.repo()
    return describe_repo(order, found) | {
        "pulls": [pull.number for pull in found.pulls], "hooks": [hook.id for hook in found.hooks.values()],
        "queues": {branch: [entry.pull.number for entry in queue] for branch, queue in found.queues.items()}}


@verb("GET", "file")
def file(order: Order) -> dict:
    found = order.repo().git.read(f"{order.get('ref', order.repo().default_branch)}:{order.need('path')}")
    return {"content": found[2].decode("utf-8", "replace") if found else None}


@verb("GET", "pushes")
def pushes(order: Order) -> dict:
    return {"pushes": [{"ref": push.ref, "before": push.before, "after": push.after,
                        "user": push.pusher.login,
                        "forced": push.forced, "at": time_text(push.at)} for push in order.repo().pushes]}


@verb("GET", "pull")
def pull(order: Order) -> dict:
    found: Pull = order.pull()
    mergeable, _, state = mergeability(found)
    return issue_facts(found) | {
        "draft": found.draft, "merged": found.merged_at is not None,
        "merge_commit_sha": found.merge_commit_sha,
        "merged_by": found.merged_by.login if found.merged_by else None, "method": found.merge_method,
        "mergeable": mergeable, "mergeable_state": state, "queued": found.queued,
        "head": {"ref": found.head_ref, "sha": found.head_sha,
                 "repo": found.head_repo.full_name if found.head_repo else None},
        "base": {"ref": found.base_ref, "sha": found.base_sha},
        "reviews": [{"id": given.id, "user": given.user.login, "state": given.state,
                     "commit": given.commit_id,
                     "body": given.body} for given in found.reviews]}


@verb("GET", "issue")
def issue(order: Order) -> dict:
    return issue_facts(order.issue())


@verb("GET", "issues")
def issues(order: Order) -> dict:
    everything = order.repo().issues.values()
    return {"issues": [issue_facts(found) for found in everything if not isinstance(found, Pull)]}


def issue_facts(found: Issue) -> dict:
    return {"number": found.number, "title": found.title, "body": found.body, "state": found.state,
            "user": found.user.login, "labels": [tag.name for tag in found.labels],
            "comments": len(found.comments),
            "reactions": [reaction_facts(given) for given in found.reactions]}


def reaction_facts(given: Reaction) -> dict:
    return {"id": given.id, "user": given.user.login, "content": given.content}


@verb("GET", "comments")
def comments(order: Order) -> dict:
    """All comments of a pull request or repository in the order of their making, the deleted ones too."""
    repo, number = order.repo(), order.get("number")
    found = [said for said in order.world.comments.values() if said.issue.repo is repo
             and (number is None or said.issue.number == int(number))
             and order.get("user", said.user.login) == said.user.login]
    return {"comments": [comment_facts(said) for said in found]}


def comment_facts(said: Comment) -> dict:
    return {"id": said.id, "number": said.issue.number, "user": said.user.login, "body": said.body,
            "created_at": time_text(said.created_at), "updated_at": time_text(said.updated_at),
            "edits": len(said.history) - 1, "deleted": said.deleted_at is not None,
            "history": [{"body": edit.body, "user": edit.editor.login, "at": time_text(edit.at)}
                        for edit in said.history],
            "reactions": [reaction_facts(given) for given in said.reactions]}


@verb("GET", "statuses")
def statuses(order: Order) -> dict:
    """Every status of a commit (`sha`, or a branch), of a pull request's head (`number`), or of all
    commits."""
    repo = order.repo()
    if order.get("number"):
        shas = [order.pull().head_sha]
    elif order.get("sha"):
        shas = [resolve(repo, order.need("sha"))]
    else:
        shas = list(repo.statuses)
    found = sorted((said for sha in shas for said in repo.statuses.get(sha, [])), key=lambda said: said.id)
    newest = {said for sha in shas for said in newest_statuses(repo, sha)}
    told = {"statuses": [{"id": said.id, "sha": said.sha, "context": said.context, "state": said.state,
                          "description": said.description, "target_url": said.target_url,
                          "user": said.creator.login, "at": time_text(said.created_at),
                          "current": said in newest} for said in found]}
    if len(shas) == 1:
        told["combined"] = combined_state(newest_statuses(repo, shas[0]))
    return told


@verb("GET", "requests")
def requests(order: Order) -> dict:
    """The request log; limited by `since`, `method`, `user`, `status`, `path` (a regular expression)."""
    since, path = int(order.get("since", 0)), re.compile(order.get("path", ""))
    found = [made for made in order.world.requests if made["seq"] > since and path.search(made["path"])
             and all(str(made[name]) == str(order.get(name, made[name]))
                     for name in ("method", "user", "status"))]
    return {"requests": found, "count": len(found)}


@verb("GET", "writes")
def writes(order: Order) -> dict:
    """The most content a user made within a minute, and within an hour."""
    login = order.need("user")
    return {"peak_a_minute": order.limits.peak_writes(login, 60),
            "peak_an_hour": order.limits.peak_writes(login, 3600)}


@verb("GET", "deliveries")
def deliveries(order: Order) -> dict:
    """Webhook deliveries in the order of their making; `event`, `action`, `state`, `repo` limit them."""
    if "repo" in order.facts:
        order.repo()
    found = [made for made in order.world.deliveries.values()
             if order.get("repo", made.hook.repo.full_name) == made.hook.repo.full_name
             and all(order.get(name, getattr(made, name)) == getattr(made, name)
                     for name in ("event", "action", "state", "guid"))]
    return {"deliveries": [delivery_facts(made, order.flag("payloads")) for made in found]}


def delivery_facts(made: Delivery, with_payload: bool) -> dict:
    told = {"id": made.id, "guid": made.guid, "hook": made.hook.id, "repo": made.hook.repo.full_name,
            "event": made.event, "action": made.action, "state": made.state, "redelivery": made.redelivery,
            "status_code": made.status_code, "status": made.status, "seconds": made.duration,
            "request_headers": made.headers, "response_headers": made.response_headers,
            "response_body": made.response_body}
    return told | ({"payload": json.loads(made.payload)} if with_payload else {})


@verb("POST", "redeliver")
def redeliver(order: Order) -> dict:
    old = order.world.deliveries.get(int(order.need("delivery")))
    if old is None:
        raise Unclear(f"no delivery {order.need('delivery')}")
    return {"id": order.world.webhooks.redeliver(old).id}
