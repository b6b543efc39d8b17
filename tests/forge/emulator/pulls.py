"""The life of a pull request: opened, pushed to, edited, drafted, closed, reopened."""

from . import payloads
from .git_store import Identity
from .history import commits_between
from .merging import Conflict, merge_commit
from .model import Issue, Label, Pull, Repo, TestMerge, User
from .pull_facts import test_merge_is_current
from .shapes import people, repos
from .world import World


class Refused(Exception):
    """The forge would not do it; the text is the forge's, `field` what it is about where the forge says
    so."""

    def __init__(self, message: str, field: str | None = None):
        super().__init__(message)
        self.field = field


def take_number(repo: Repo) -> int:
    number = repo.next_number
    repo.next_number += 1
    return number


def open_pull(world: World, repo: Repo, user: User, *, head: str, base: str, title: str,
              body: str | None = None, draft: bool = False) -> Pull:
    """`head` is a branch of the repository, or `owner:branch` of a fork of it."""
    head_repo, head_ref = find_head(world, repo, head)
    head_sha, base_sha = head_repo.git.heads.get(head_ref), repo.git.heads.get(base)
    if head_sha is None:
        raise Refused("head is invalid", "head")
    if base_sha is None:
        raise Refused("base is invalid", "base")
    if any(p.state == "open" and p.head_repo is head_repo and p.head_ref == head_ref and p.base_ref == base
           for p in repo.pulls):
        raise Refused(f"A pull request already exists for {head_repo.owner.login}:{head_ref}.")
    if not commits_between(repo.git, base_sha, head_sha):
        raise Refused(f"No commits between {base} and {head_ref}")
    now = world.now()
    pull = Pull(world.next_id(), repo, take_number(repo), user, title, body, now, now, head_repo=head_repo,
                head_owner=head_repo.owner, head_ref=head_ref, head_sha=head_sha, base_ref=base,
                base_sha=base_sha, draft=draft)
    repo.issues[pull.number] = pull
    repo.git.set_ref(f"refs/pull/{pull.number}/head", head_sha)
    tell(world, pull, user, "opened")
    return pull


def find_head(world: World, repo: Repo, head: str) -> tuple[Repo, str]:
    owner, colon, branch = head.partition(":")
    if not colon or owner.lower() == repo.owner.login.lower():
        return repo, branch if colon else head
    for other in world.repos.values():
        if other.owner.login.lower() == owner.lower() and other.parent is repo:
            return other, branch
    raise Refused("head is invalid", "head")


def tell(world: World, pull: Pull, user: User, action: str, **facts) -> None:
    """Every change of a pull request ends here: its time, the journal, the event."""
    pull.updated_at = world.now()
    world.note(f"pull.{action}", pull.repo, pull.number, user=user.login)
    world.webhooks.emit(pull.repo, "pull_request", user,
                        lambda: payloads.pull_request(world, pull, action) | facts)
    refresh_test_merge(world, pull)
    for watcher in world.pull_watchers:
        watcher(world, pull, user, action)


def synchronize(world: World, pull: Pull, user: User, before: str | None, after: str) -> None:
    pull.head_sha = after
    pull.base_sha = pull.repo.git.heads[pull.base_ref]
    pull.repo.git.set_ref(f"refs/pull/{pull.number}/head", after)
    rule = pull.repo.protections.get(pull.base_ref)
    tell(world, pull, user, "synchronize", before=before, after=after)
    if rule and rule.dismiss_stale_reviews:
        for review in pull.reviews:
            if review.state == "APPROVED":
                dismiss_review(world, pull, review, user)


def dismiss_review(world: World, pull: Pull, review, user: User) -> None:
    review.state = "DISMISSED"
    world.note("review.dismissed", pull.repo, pull.number, user=user.login, review=review.id)
    world.webhooks.emit(pull.repo, "pull_request_review", user,
                        lambda: payloads.review(world, pull, review, "dismissed"))


def refresh_test_merge(world: World, pull: Pull) -> None:
    """Makes the test merge that `mergeable`, `merge_commit_sha` and refs/pull/N/merge tell of. The forge does
    this some time after the pull request changes or somebody looks at it: here, right after the event was
    rendered (which therefore says "unknown") and when somebody looks after the base has moved."""
    if pull.state != "open" or test_merge_is_current(pull):
        return
    git, base = pull.repo.git, pull.repo.git.heads[pull.base_ref]
    forge = Identity("GitHub", "noreply@github.com", int(world.now().timestamp()))
    author = Identity(pull.user.name or pull.user.login, pull.user.email, forge.when)
    try:
        commit = merge_commit(git, base, pull.head_sha, author, forge, f"Merge {pull.head_sha} into {base}")
    except Conflict:
        commit = None
    pull.test_merge = TestMerge(base, pull.head_sha, commit)
    if commit:
        pull.merge_commit_sha = commit
        git.set_ref(f"refs/pull/{pull.number}/merge", commit)
    world.version += 1


def edit(world: World, pull: Pull, user: User, *, title=None, body=None, base=None) -> None:
    changes = {}
    if title is not None and title != pull.title:
        changes["title"] = {"from": pull.title}
        pull.title = title
    if body is not None and body != pull.body:
        changes["body"] = {"from": pull.body}
        pull.body = body
    if base is not None and base != pull.base_ref:
        if base not in pull.repo.git.heads:
            raise Refused("Proposed base branch was not found", "base")
        changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
        pull.base_ref, pull.base_sha = base, pull.repo.git.heads[base]
    if changes:
        tell(world, pull, user, "edited", changes=changes)


def set_draft(world: World, pull: Pull, user: User, draft: bool) -> None:
    if pull.draft != draft:
        pull.draft = draft
        tell(world, pull, user, "converted_to_draft" if draft else "ready_for_review")


def request_review(world: World, pull: Pull, user: User, reviewer: User) -> None:
    if reviewer is pull.user:
        raise Refused("Review cannot be requested from pull request author.")
    if reviewer not in pull.requested_reviewers:
        pull.requested_reviewers.append(reviewer)
        tell(world, pull, user, "review_requested", requested_reviewer=people.user(world.links, reviewer))


def close(world: World, pull: Pull, user: User) -> None:
    if pull.state == "closed":
        return
    pull.state, pull.closed_at, pull.closed_by, pull.queued = "closed", world.now(), user, False
    tell(world, pull, user, "closed")


def reopen(world: World, pull: Pull, user: User) -> None:
    if pull.merged_at or pull.state == "open":
        raise Refused("state cannot be changed. The pull request cannot be reopened.")
    head = pull.head_repo.git.heads.get(pull.head_ref) if pull.head_repo else None
    if head is None:
        raise Refused(f"state cannot be changed. The {pull.head_ref} branch has been deleted.")
    if pull.base_ref not in pull.repo.git.heads:
        raise Refused(f"state cannot be changed. The {pull.base_ref} branch has been deleted.")
    pull.state, pull.closed_at, pull.closed_by = "open", None, None
    pull.head_sha, pull.base_sha = head, pull.repo.git.heads[pull.base_ref]
    pull.repo.git.set_ref(f"refs/pull/{pull.number}/head", head)
    tell(world, pull, user, "reopened")


def finish_merge(world: World, pull: Pull, user: User, commit: str, method: str | None) -> None:
    """The pull request is merged, by whatever road: `commit` is where the base branch has it."""
    pull.state, pull.merged_at, pull.merged_by = "closed", world.now(), user
    pull.closed_at, pull.closed_by = pull.merged_at, user
    pull.merge_commit_sha, pull.merge_method, pull.queued = commit, method, False
    pull.repo.git.set_ref(f"refs/pull/{pull.number}/merge", None)
    tell(world, pull, user, "closed")


def merged_by_push(world: World, pull: Pull, user: User, tip: str) -> None:
    """Somebody pushed the head's commits to the base: the forge calls that merged, and names the commit on
    the base branch that brought them: a merge of the head, or the head itself."""
    brought = pull.head_sha
    for sha in commits_between(pull.repo.git, pull.head_sha, tip):
        if pull.head_sha in pull.repo.git.commit(sha).parents[1:]:
            brought = sha
            break
    finish_merge(world, pull, user, brought, None)


def set_labels(world: World, issue: Issue, user: User, names: list[str]) -> None:
    """Gives the issue or pull request exactly these labels, made on the way where they are new."""
    wanted = [find_label(world, issue.repo, name) for name in names]
    added = [tag for tag in wanted if tag not in issue.labels]
    removed = [tag for tag in issue.labels if tag not in wanted]
    issue.labels = wanted
    for action, tags in (("labeled", added), ("unlabeled", removed)):
        for tag in tags:
            tell_labels(world, issue, user, action, tag)


def tell_labels(world: World, issue: Issue, user: User, action: str, tag: Label) -> None:
    shape = repos.label(world.links, issue.repo, tag)
    if isinstance(issue, Pull):
        tell(world, issue, user, action, label=shape)
        return
    issue.updated_at = world.now()
    world.note(f"issue.{action}", issue.repo, issue.number, user=user.login, label=tag.name)
    world.webhooks.emit(issue.repo, "issues", user,
                        lambda: payloads.issue(world, issue, action) | {"label": shape})


def find_label(world: World, repo: Repo, name: str) -> Label:
    if name not in repo.labels:
        repo.labels[name] = Label(world.next_id(), name)
    return repo.labels[name]
