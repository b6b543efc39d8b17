"""Commit statuses."""

from . import merge_queue, payloads
from .model import Repo, Status, User
from .pulls import Refused
from .world import World

STATES = ("error", "failure", "pending", "success")
MAX_DESCRIPTION = 140
MAX_PER_CONTEXT = 1000


def post(world: World, repo: Repo, user: User, sha: str, *, state: str, context: str = "default",
         description: str | None = None, target_url: str | None = None) -> Status:
    if state not in STATES:
        raise Refused("state is not included in the list", "state")
    if description is not None and len(description) > MAX_DESCRIPTION:
        raise Refused(f"description is too long (maximum is {MAX_DESCRIPTION} characters)", "description")
    if target_url and not target_url.startswith(("http://", "https://")):
        raise Refused("target_url must use http(s) scheme", "target_url")
    said = repo.statuses.setdefault(sha, [])
    if sum(status.context == context for status in said) >= MAX_PER_CONTEXT:
        raise Refused("This SHA and context has reached the maximum number of statuses.")
    status = Status(world.next_id(), sha, state, context, description, target_url, user, world.now())
    said.append(status)
    world.note("status", repo, sha=sha, context=context, state=state, user=user.login)
    world.webhooks.emit(repo, "status", user, lambda: payloads.status(world, repo, status))
    merge_queue.look_again(world, repo)
    return status
