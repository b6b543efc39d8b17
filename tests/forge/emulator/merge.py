"""Merging a pull request, with every reason the forge has to refuse."""

from . import pulls, pushes
from .access import may
from .git_store import Identity, RefMoved
from .history import commits_between, is_ancestor
from .merging import Conflict, merge_commit, rebased, squash_commit
from .model import Pull, Repo, User
from .pull_facts import protection, unmet_requirements
from .pulls import Refused
from .world import World

METHODS = {"merge": "Merge commits are", "squash": "Squash merges are", "rebase": "Rebase merges are"}


class HeadMoved(Refused):
    """The caller named another head than the pull request has."""


def merge(world: World, pull: Pull, user: User, *, method: str = "merge", title: str | None = None,
          message: str | None = None, sha: str | None = None, bypass: bool | None = None) -> str:
    """Returns the commit the base branch is at. `bypass`: whether rules hold for this person; by default they
    do not for an administrator, unless the rule says that they do."""
    if pull.state != "open":
        raise Refused("Pull Request is not mergeable")
    if pull.draft:
        raise Refused("Pull Request is still a draft")
    if method not in pull.repo.merge_methods:
        raise Refused(f"{METHODS[method]} not allowed on this repository.")
    if sha is not None and sha != pull.head_sha:
        raise HeadMoved("Head branch was modified. Review and try the merge again.")
    if bypass is None:
        rule = protection(pull.repo, pull.base_ref)
        bypass = may(pull.repo, user, "admin") and not rule.enforce_admins
    unmet = unmet_requirements(pull)
    if unmet and not bypass:
        raise Refused(unmet[0])
    base = pull.repo.git.heads[pull.base_ref]
    commit = make(world, pull, user, base, method, title, message)
    pull.base_sha = base
    try:
        pull.repo.git.set_ref(f"refs/heads/{pull.base_ref}", commit, base)
    except RefMoved:
        raise Refused("Base branch was modified. Review and try the merge again.") from None
    pulls.finish_merge(world, pull, user, commit, method)
    pushes.moved(world, pull.repo, user, f"refs/heads/{pull.base_ref}", base, commit)
    if pull.repo.delete_branch_on_merge:
        delete_head_branch(world, pull, user)
    return commit


def make(world: World, pull: Pull, user: User, base: str, method: str, title: str | None = None,
         message: str | None = None) -> str:
    """The commit that merging onto `base` gives; nothing is moved."""
    now = int(world.now().timestamp())
    forge = Identity("GitHub", "noreply@github.com", now)
    merger, author = pushes.identity(world, user), pushes.identity(world, pull.user)
    try:
        if method == "rebase":
            return rebased(pull.repo.git, base, pull.head_sha, merger)
        if method == "squash":
            text = _text(title or f"{pull.title} (#{pull.number})", message,
                         _squash_message(pull.repo, base, pull))
            return squash_commit(pull.repo.git, base, pull.head_sha, author, forge, text)
        head = f"{pull.head_owner.login}/{pull.head_ref}"
        text = _text(title or f"Merge pull request #{pull.number} from {head}", message, pull.title)
        return merge_commit(pull.repo.git, base, pull.head_sha, merger, forge, text)
    except Conflict:
        raise Refused("This branch can't be rebased" if method == "rebase" else
                      "Pull Request is not mergeable") from None


def _text(title: str, message: str | None, default: str) -> str:
    body = default if message is None else message
    return f"{title}\n\n{body}" if body else title


def _squash_message(repo: Repo, base: str, pull: Pull) -> str:
    """One commit gives its own text, several give a list, as the forge does by default."""
    messages = [repo.git.commit(sha).message for sha in commits_between(repo.git, base, pull.head_sha)]
    if len(messages) == 1:
        return messages[0].partition("\n")[2].strip()
    return "\n\n".join(f"* {message}" for message in messages)


def update_branch(world: World, pull: Pull, user: User) -> str:
    """Merges the base into the head branch, as the button of that name does."""
    base, head = pull.repo.git.heads[pull.base_ref], pull.head_sha
    if is_ancestor(pull.repo.git, base, head):
        raise Refused("There are no new commits on the base branch.")
    forge = Identity("GitHub", "noreply@github.com", int(world.now().timestamp()))
    text = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
    try:
        commit = merge_commit(pull.repo.git, head, base, pushes.identity(world, user), forge, text)
    except Conflict:
        raise Refused("merge conflict between base and head") from None
    pushes.move(world, pull.head_repo, user, f"refs/heads/{pull.head_ref}", commit, head)
    return commit


def delete_head_branch(world: World, pull: Pull, user: User) -> None:
    if pull.head_repo and pull.head_ref in pull.head_repo.git.heads:
        pushes.move(world, pull.head_repo, user, f"refs/heads/{pull.head_ref}", None)
