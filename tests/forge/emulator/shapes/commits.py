"""Commits, the files they change, statuses."""

from datetime import datetime, timezone

from .. import history
from ..git_store import Commit, Identity
from ..model import Repo, Status, User
from ..world import World
from ..links import Links, node_id, time_text
from .people import user
from .repos import brief


def git_time(who: Identity) -> str:
    return time_text(datetime.fromtimestamp(who.when, timezone.utc))


def git_person(who: Identity) -> dict:
    return {"name": who.name, "email": who.email, "date": git_time(who)}


def account_of(world: World, who: Identity) -> User | None:
    return next((person for person in world.users.values() if person.email == who.email), None)


UNSIGNED = {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}


def commit(world: World, repo: Repo, sha: str) -> dict:
    found: Commit = repo.git.commit(sha)
    links = world.links
    api, page = links.repo(repo), links.page(repo)

    def account(who: Identity) -> dict | None:
        person = account_of(world, who)
        return user(links, person) if person else None

    return {
        "sha": sha, "node_id": node_id("Commit", int(sha[:12], 16)),
        "commit": {
            "author": git_person(found.author), "committer": git_person(found.committer),
            "message": found.message, "tree": {"sha": found.tree, "url": f"{api}/git/trees/{found.tree}"},
            "url": f"{api}/git/commits/{sha}", "comment_count": 0, "verification": UNSIGNED,
        },
        "url": f"{api}/commits/{sha}", "html_url": f"{page}/commit/{sha}",
        "comments_url": f"{api}/commits/{sha}/comments",
        "author": account(found.author), "committer": account(found.committer),
        "parents": [{"sha": parent, "url": f"{api}/commits/{parent}", "html_url": f"{page}/commit/{parent}"}
                    for parent in found.parents],
    }


def commit_with_files(world: World, repo: Repo, sha: str) -> dict:
    old = history.parent_or_empty(repo.git, sha)
    additions, deletions, _ = history.totals(repo.git, old, sha)
    return commit(world, repo, sha) | {
        "stats": {"total": additions + deletions, "additions": additions, "deletions": deletions},
        "files": files(world.links, repo, old, sha)[:300],
    }


def files(links: Links, repo: Repo, old: str, new: str) -> list:
    found = history.patches(repo.git, old, new)
    return [changed_file(links, repo, new, change, found.get(change.path))
            for change in history.changes(repo.git, old, new)]


def changed_file(links: Links, repo: Repo, new: str, change: history.FileChange, patch: str | None) -> dict:
    page = links.page(repo)
    shape = {
        "sha": change.blob, "filename": change.path, "status": change.status, "additions": change.additions,
        "deletions": change.deletions, "changes": change.additions + change.deletions,
        "blob_url": f"{page}/blob/{new}/{change.path}", "raw_url": f"{page}/raw/{new}/{change.path}",
        "contents_url": f"{links.repo(repo)}/contents/{change.path}?ref={new}",
    }
    if patch is not None:
        shape["patch"] = patch
    if change.previous_path:
        shape["previous_filename"] = change.previous_path
    return shape


def status(links: Links, repo: Repo, said: Status) -> dict:
    when = time_text(said.created_at)
    return {
        "url": f"{links.repo(repo)}/statuses/{said.sha}",
        "avatar_url": f"{links.web}/avatars/u/{said.creator.id}?v=4", "id": said.id,
        "node_id": node_id("StatusContext", said.id), "state": said.state, "description": said.description,
        "target_url": said.target_url, "context": said.context, "created_at": when, "updated_at": when,
        "creator": user(links, said.creator),
    }


def combined_status(links: Links, repo: Repo, sha: str, newest: list[Status], state: str) -> dict:
    def simple(said: Status) -> dict:
        shape = status(links, repo, said)
        del shape["creator"]
        return shape

    return {"state": state, "statuses": [simple(said) for said in newest], "sha": sha,
            "total_count": len(newest),
            "repository": brief(links, repo), "commit_url": f"{links.repo(repo)}/commits/{sha}",
            "url": f"{links.repo(repo)}/commits/{sha}/status"}
