"""Moving branches, and what follows: events, pull requests that get new commits, merges by push."""

from . import payloads, pulls
from .committing import make_commit
from .git_store import NOBODY, Identity
from .history import is_ancestor
from .model import Push, Repo, User
from .world import World


def identity(world: World, user: User) -> Identity:
    return Identity(user.name or user.login, user.email, int(world.now().timestamp()))


def commit_files(world: World, repo: Repo, user: User, branch: str, files: dict, message: str, *,
                 start: str | None = None, author: User | None = None, amend: bool = False) -> str:
    """One commit on a branch, pushed. A new branch starts at `start` (a branch or commit; the default
    branch's head). `amend` puts it where the branch's last commit was: a force-push."""
    old = repo.git.heads.get(branch)
    if old:
        parent = next(iter(repo.git.commit(old).parents), None) if amend else old
    else:
        parent = resolve(repo, start or repo.default_branch) if repo.git.heads else None
    new = make_commit(repo.git, parent=parent, files=files, message=message,
                      author=identity(world, author or user), committer=identity(world, user))
    move(world, repo, user, f"refs/heads/{branch}", new)
    return new


def resolve(repo: Repo, name: str) -> str | None:
    """A branch, tag, full ref or commit id as a commit id."""
    if name in repo.git.heads:
        return repo.git.heads[name]
    for ref in (name, f"refs/{name}", f"refs/tags/{name}"):
        if ref.startswith("refs/") and repo.git.ref(ref):
            return repo.git.ref(ref)
    commit = repo.git.commit(name) if 7 <= len(name) <= 40 and _is_hex(name) else None
    return commit.sha if commit else None


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


def move(world: World, repo: Repo, user: User, ref: str, new: str | None, expected: str | None = "") -> None:
    """Moves one ref (None deletes it) and tells the world."""
    old = repo.git.ref(ref)
    if old == new:
        return
    repo.git.set_ref(ref, new, expected)
    moved(world, repo, user, ref, old, new)


def received(world: World, repo: Repo, user: User, before: dict) -> None:
    """After somebody pushed over git: finds out which branches moved."""
    after = repo.git.reload_heads()
    for branch in sorted(before.keys() | after.keys()):
        old, new = before.get(branch), after.get(branch)
        if old != new:
            moved(world, repo, user, f"refs/heads/{branch}", old, new)


def moved(world: World, repo: Repo, user: User, ref: str, old: str | None, new: str | None) -> None:
    """What follows once a ref has moved."""
    forced = bool(old and new) and not is_ancestor(repo.git, old, new)
    push = Push(ref, old or NOBODY, new or NOBODY, user, forced, world.now())
    repo.pushes.append(push)
    repo.pushed_at = repo.updated_at = world.now()
    world.note("push", repo, ref=ref, before=push.before, after=push.after, user=user.login, forced=forced)
    emit = world.webhooks.emit
    emit(repo, "push", user, lambda: payloads.push(world, repo, push))
    if old is None:
        emit(repo, "create", user, lambda: payloads.ref_made(repo, ref))
    if new is None:
        emit(repo, "delete", user, lambda: payloads.ref_gone(ref))
    if ref.startswith("refs/heads/"):
        branch = ref[len("refs/heads/"):]
        _follow(world, repo, user, branch, old, new)
        for watcher in world.branch_watchers:
            watcher(world, repo, branch)


def _follow(world: World, repo: Repo, user: User, branch: str, old: str | None, new: str | None) -> None:
    """The open pull requests that come from the branch or go to it."""
    for target in [repo, *([repo.parent] if repo.parent else [])]:
        for pull in target.pulls:
            if pull.state == "open" and pull.head_repo is repo and pull.head_ref == branch:
                if new is None:
                    pulls.close(world, pull, user)
                else:
                    pulls.synchronize(world, pull, user, old, new)
    for pull in repo.pulls:
        if pull.state == "open" and pull.base_ref == branch:
            if new is None:
                pulls.close(world, pull, user)
            elif is_ancestor(repo.git, pull.head_sha, new):
                pulls.merged_by_push(world, pull, user, new)


def find_comparison(world: World, repo: Repo, spec: str) -> tuple[str, str] | None:
    """`base...head`, each a branch, a commit, or `owner:branch` of the same network, as two commits."""
    base, dots, head = spec.partition("...")
    found = [_resolve_in_network(world, repo, name) for name in (base, head)]
    return (found[0], found[1]) if dots and all(found) else None


def _resolve_in_network(world: World, repo: Repo, name: str) -> str | None:
    owner, colon, branch = name.partition(":")
    if not colon:
        return resolve(repo, name)
    root = repo.parent or repo
    for other in world.repos.values():
        if other.owner.login.lower() == owner.lower() and root in (other, other.parent):
            return other.git.heads.get(branch)
    return None
