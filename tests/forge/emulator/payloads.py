"""Webhook payloads, shaped as the published examples are."""

from . import history
from .git_store import NOBODY, Identity
from .links import Links
from .model import Comment, Hook, Issue, Organization, Pull, Push, Repo, Review, Status, User
from .shapes import commits, issues, people, pulls, repos
from .world import World


def envelope(world: World, repo: Repo, sender: User, body: dict) -> dict:
    """What every event of a repository carries besides its own parts."""
    links = world.links
    shape = body | {"repository": body.get("repository") or _repository(links, repo)}
    if isinstance(repo.owner, Organization):
        shape["organization"] = people.organization_simple(links, repo.owner)
    return shape | {"sender": people.user(links, sender)}


def _repository(links: Links, repo: Repo) -> dict:
    return repos.repository(links, repo) | {"custom_properties": {}}


def ping(world: World, hook: Hook) -> dict:
    return {"zen": "Keep it logically awesome.", "hook_id": hook.id,
            "hook": repos.hook(world.links, hook)}


def pull_request(world: World, pull: Pull, action: str) -> dict:
    shape = _with_event_repositories(pulls.full(world.links, pull))
    for side in ("head", "base"):
        if shape[side]["repo"]:
            shape[side]["repo"] |= repos.merge_settings(pull.repo)
    return {"action": action, "number": pull.number, "pull_request": shape}


def _with_event_repositories(shape: dict) -> dict:
    """In events a repository carries its custom properties wherever it stands."""
    for side in ("head", "base"):
        if shape[side]["repo"]:
            shape[side]["repo"]["custom_properties"] = {}
    return shape


def renamed(old: str) -> dict:
    return {"action": "renamed", "changes": {"repository": {"name": {"from": old}}}}


def issue(world: World, found: Issue, action: str) -> dict:
    return {"action": action, "issue": issues.issue(world.links, found)}


def issue_comment(world: World, comment: Comment, action: str) -> dict:
    return {"action": action, "issue": issues.issue(world.links, comment.issue),
            "comment": issues.comment(world.links, comment)}


def review(world: World, pull: Pull, given: Review, action: str) -> dict:
    shape = pulls.review(world.links, pull, given)
    shape["state"] = shape["state"].lower()
    return {"action": action, "review": shape,
            "pull_request": _with_event_repositories(pulls.brief(world.links, pull))}


def status(world: World, repo: Repo, said: Status) -> dict:
    api = world.links.repo(repo)
    when = said.created_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    branches = [{"name": name, "protected": name in repo.protections,
                 "commit": {"sha": sha, "url": f"{api}/commits/{sha}"}}
                for name, sha in repo.git.heads.items() if sha == said.sha]
    return {"id": said.id, "sha": said.sha, "name": repo.full_name, "target_url": said.target_url,
            "avatar_url": f"{world.links.web}/avatars/u/{said.creator.id}?v=4", "context": said.context,
            "description": said.description, "state": said.state,
            "commit": commits.commit(world, repo, said.sha), "branches": branches[:10],
            "created_at": when, "updated_at": when}


def ref_made(repo: Repo, ref: str) -> dict:
    name, kind = short_ref(ref)
    return {"ref": name, "ref_type": kind, "master_branch": repo.default_branch,
            "description": repo.description, "pusher_type": "user"}


def ref_gone(ref: str) -> dict:
    name, kind = short_ref(ref)
    return {"ref": name, "ref_type": kind, "pusher_type": "user"}


def short_ref(ref: str) -> tuple[str, str]:
    _, folder, name = ref.split("/", 2)
    return name, "tag" if folder == "tags" else "branch"


def merge_group(world: World, repo: Repo, entry, action: str) -> dict:
    head = push_commit(world, repo, entry.head_sha)
    return {"action": action, "merge_group": {
        "head_sha": entry.head_sha, "head_ref": entry.ref, "base_sha": entry.base_sha,
        "base_ref": f"refs/heads/{entry.pull.base_ref}",
        "head_commit": {key: head[key] for key in ("id", "tree_id", "message", "timestamp")} | {
            who: {key: head[who][key] for key in ("name", "email")} for who in ("author", "committer")}}}


def push(world: World, repo: Repo, made: Push) -> dict:
    created, deleted = made.before == NOBODY, made.after == NOBODY
    page = world.links.page(repo)
    listed = [] if deleted else _pushed_commits(repo, made)
    if created:
        compare = f"{page}/compare/{short_ref(made.ref)[0]}"
    else:
        compare = f"{page}/compare/{made.before[:12]}...{made.after[:12]}"
    return {
        "ref": made.ref, "before": made.before, "after": made.after,
        "repository": _push_repository(world.links, repo),
        "pusher": {"name": made.pusher.login, "email": made.pusher.email}, "created": created,
        "deleted": deleted, "forced": made.forced, "base_ref": None, "compare": compare,
        "commits": [push_commit(world, repo, sha) for sha in listed],
        "head_commit": None if deleted else push_commit(world, repo, made.after),
    }


MAX_COMMITS_IN_PUSH = 2048


def _pushed_commits(repo: Repo, made: Push) -> tuple:
    if made.before != NOBODY:
        return history.commits_between(repo.git, made.before, made.after)[-MAX_COMMITS_IN_PUSH:]
    base = repo.git.heads.get(repo.default_branch)
    if made.ref == f"refs/heads/{repo.default_branch}" or base is None:
        return ()
    return history.commits_between(repo.git, base, made.after)[-MAX_COMMITS_IN_PUSH:]


def push_commit(world: World, repo: Repo, sha: str) -> dict:
    found = repo.git.commit(sha)
    old = history.parent_or_empty(repo.git, sha)
    changed = history.changes(repo.git, old, sha)

    def person(who: Identity) -> dict:
        account = commits.account_of(world, who)
        return {"name": who.name, "email": who.email, "date": commits.git_time(who)} | (
            {"username": account.login} if account else {})

    return {
        "id": sha, "tree_id": found.tree, "distinct": True, "message": found.message,
        "timestamp": commits.git_time(found.committer), "url": f"{world.links.page(repo)}/commit/{sha}",
        "author": person(found.author), "committer": person(found.committer),
        "added": [c.path for c in changed if c.status == "added"],
        "removed": [c.path for c in changed if c.status == "removed"],
        "modified": [c.path for c in changed if c.status not in ("added", "removed")],
    }


def _push_repository(links: Links, repo: Repo) -> dict:
    """In push events alone, two times are seconds since 1970, and the owner has a name and an address."""
    shape = _repository(links, repo)
    shape["owner"] = shape["owner"] | {"name": repo.owner.login, "email": repo.owner.email}
    shape["url"] = links.page(repo)
    return shape | {"created_at": int(repo.created_at.timestamp()),
                    "pushed_at": int(repo.pushed_at.timestamp()),
                    "stargazers": 0, "master_branch": repo.default_branch}
