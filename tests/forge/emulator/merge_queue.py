"""The merge queue: each entry is merged onto the one before it on a branch of its own, tested there, and the
base branch moves to it only when every required status of that very commit is a success."""

from . import merge, payloads, pulls, pushes
from .model import Pull, QueueEntry, Repo, User
from .pull_facts import newest_statuses, protection, unmet_contexts
from .pulls import Refused
from .world import World


def enqueue(world: World, pull: Pull, user: User) -> QueueEntry:
    rule = protection(pull.repo, pull.base_ref)
    if not rule.merge_queue:
        raise Refused(f"{pull.base_ref} has no merge queue")
    if pull.state != "open" or pull.queued or pull.draft:
        raise Refused("Pull Request is not mergeable")
    pull.queued = True
    entry = QueueEntry(pull, user)
    pull.repo.queues.setdefault(pull.base_ref, []).append(entry)
    pulls.tell(world, pull, user, "enqueued")
    _build(world, pull.repo, pull.base_ref)
    return entry


def dequeue(world: World, pull: Pull, user: User, reason: str = "MANUAL") -> None:
    queue = pull.repo.queues.get(pull.base_ref, [])
    entry = next((entry for entry in queue if entry.pull is pull), None)
    if entry is None:
        raise Refused("Pull Request is not in the merge queue")
    _remove(world, pull.repo, entry, user, reason)
    base_moved(world, pull.repo, pull.base_ref)


def look_again(world: World, repo: Repo) -> None:
    """After a status: merges what has become green at the front, removes what has failed."""
    for branch in list(repo.queues):
        while _step(world, repo, branch):
            pass


def pull_changed(world: World, pull: Pull, user: User, action: str) -> None:
    """A pull request that is pushed to, closed or drafted while it waits leaves the queue."""
    queue = pull.repo.queues.get(pull.base_ref, [])
    leaves = action in ("synchronize", "closed", "converted_to_draft")
    if leaves and any(entry.pull is pull for entry in queue):
        dequeue(world, pull, user, "MANUAL")


def base_moved(world: World, repo: Repo, branch: str) -> None:
    """What the queue's entries stand on is another commit now."""
    if repo.queues.get(branch) and branch in repo.git.heads:
        _rebuild(world, repo, branch)


def _step(world: World, repo: Repo, branch: str) -> bool:
    queue = repo.queues[branch]
    group = queue[: protection(repo, branch).queue_group_size]
    for entry in group:
        if any(s.state in ("failure", "error") and s.context in protection(repo, branch).contexts
               for s in newest_statuses(repo, entry.head_sha)):
            _remove(world, repo, entry, entry.user, "CI_FAILURE")
            _rebuild(world, repo, branch)
            return True
    if not queue or unmet_contexts(repo, branch, queue[0].head_sha):
        return False
    _merge(world, repo, queue.pop(0))
    _build(world, repo, branch)
    return True


def _build(world: World, repo: Repo, branch: str) -> None:
    """Gives every entry within the group size its commit and its branch, and asks for checks."""
    base = repo.git.heads[branch]
    for entry in list(repo.queues[branch])[: protection(repo, branch).queue_group_size]:
        if not entry.head_sha:
            try:
                commit = _commit(world, repo, entry, base)
            except Refused:
                _remove(world, repo, entry, entry.user, "MERGE_CONFLICT")
                continue
            entry.base_sha, entry.head_sha = base, commit
            entry.ref = f"refs/heads/gh-readonly-queue/{branch}/pr-{entry.pull.number}-{base}"
            pushes.move(world, repo, entry.user, entry.ref, commit)
            _tell(world, repo, entry, entry.user, "checks_requested")
        base = entry.head_sha
    if not protection(repo, branch).contexts:
        look_again(world, repo)


def _commit(world: World, repo: Repo, entry: QueueEntry, base: str) -> str:
    """Never one that the queue made before, which has statuses: two of the same second would be alike."""
    method = protection(repo, entry.pull.base_ref).merge_queue
    while (commit := merge.make(world, entry.pull, entry.user, base, method)) in repo.queue_commits:
        world.advance_clock(1)
    repo.queue_commits.add(commit)
    return commit


def _rebuild(world: World, repo: Repo, branch: str) -> None:
    """The ground under later entries is gone: their groups are destroyed and made anew."""
    base = repo.git.heads[branch]
    for entry in repo.queues[branch]:
        if entry.head_sha and entry.base_sha != base:
            _destroy(world, repo, entry, entry.user, "invalidated")
        base = entry.head_sha
    _build(world, repo, branch)


def _merge(world: World, repo: Repo, entry: QueueEntry) -> None:
    pull, branch = entry.pull, entry.pull.base_ref
    pull.base_sha = repo.git.heads[branch]
    old, commit = repo.git.heads[branch], entry.head_sha
    repo.git.set_ref(f"refs/heads/{branch}", commit, old)
    pulls.tell(world, pull, entry.user, "dequeued", reason="MERGE")
    pulls.finish_merge(world, pull, entry.user, commit, protection(repo, branch).merge_queue)
    pushes.moved(world, repo, entry.user, f"refs/heads/{branch}", old, commit)
    _destroy(world, repo, entry, entry.user, "merged")


def _remove(world: World, repo: Repo, entry: QueueEntry, user: User, reason: str) -> None:
    repo.queues[entry.pull.base_ref].remove(entry)
    entry.pull.queued = False
    pulls.tell(world, entry.pull, user, "dequeued", reason=reason)
    if entry.head_sha:
        _destroy(world, repo, entry, user, "dequeued")


def _destroy(world: World, repo: Repo, entry: QueueEntry, user: User, reason: str) -> None:
    _tell(world, repo, entry, user, "destroyed", reason=reason)
    pushes.move(world, repo, user, entry.ref, None)
    entry.head_sha = entry.base_sha = entry.ref = ""


def _tell(world: World, repo: Repo, entry: QueueEntry, user: User, action: str, **facts) -> None:
    world.note(f"merge_group.{action}", repo, entry.pull.number, sha=entry.head_sha, **facts)
    world.webhooks.emit(repo, "merge_group", user,
                        lambda: payloads.merge_group(world, repo, entry, action) | facts)
