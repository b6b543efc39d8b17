"""Repositories, branches and refs, hooks."""

from ..access import permission_flags, role_of
from ..model import Hook, Issue, Organization, Repo, User
from ..links import Links, node_id, time_text
from .people import organization_simple, user

# What the API appends to a repository's address, by field.
SUBRESOURCES = {
    "forks_url": "/forks", "keys_url": "/keys{/key_id}", "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams", "hooks_url": "/hooks", "issue_events_url": "/issues/events{/number}",
    "events_url": "/events", "assignees_url": "/assignees{/user}", "branches_url": "/branches{/branch}",
    "tags_url": "/tags", "blobs_url": "/git/blobs{/sha}", "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}", "trees_url": "/git/trees{/sha}", "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages", "stargazers_url": "/stargazers", "contributors_url": "/contributors",
    "subscribers_url": "/subscribers", "subscription_url": "/subscription", "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}", "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}", "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}", "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}", "downloads_url": "/downloads", "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}", "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}", "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}", "deployments_url": "/deployments",
}


def brief(links: Links, repo: Repo) -> dict:
    """The repository as it stands inside other things (`minimal-repository`)."""
    api = links.repo(repo)
    return {
        "id": repo.id, "node_id": node_id("Repository", repo.id), "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private, "owner": user(links, repo.owner), "html_url": links.page(repo),
        "description": repo.description, "fork": repo.parent is not None, "url": api,
    } | {field: api + path for field, path in SUBRESOURCES.items()}


def repository(links: Links, repo: Repo) -> dict:
    page = links.page(repo)
    open_issues = sum(issue.state == "open" for issue in repo.issues.values())
    return brief(links, repo) | {
        "created_at": time_text(repo.created_at), "updated_at": time_text(repo.updated_at),
        "pushed_at": time_text(repo.pushed_at), "git_url": page.replace("http", "git", 1) + ".git",
        "ssh_url": f"git@localhost:{repo.full_name}.git", "clone_url": page + ".git", "svn_url": page,
        "homepage": None, "size": 0, "stargazers_count": 0, "watchers_count": 0, "language": None,
        "has_issues": repo.has_issues, "has_projects": True, "has_downloads": True, "has_wiki": True,
        "has_pages": False,
        "has_discussions": False, "forks_count": 0, "mirror_url": None, "archived": repo.archived,
        "disabled": False, "open_issues_count": open_issues, "license": None, "allow_forking": True,
        "is_template": False, "web_commit_signoff_required": False, "topics": [],
        "visibility": "private" if repo.private else "public", "forks": 0, "open_issues": open_issues,
        "watchers": 0, "default_branch": repo.default_branch,
    }


def merge_settings(repo: Repo) -> dict:
    return {
        "allow_squash_merge": "squash" in repo.merge_methods,
        "allow_merge_commit": "merge" in repo.merge_methods,
        "allow_rebase_merge": "rebase" in repo.merge_methods, "allow_auto_merge": False,
        "delete_branch_on_merge": repo.delete_branch_on_merge, "allow_update_branch": False,
        "use_squash_pr_title_as_default": False, "squash_merge_commit_message": "COMMIT_MESSAGES",
        "squash_merge_commit_title": "COMMIT_OR_PR_TITLE", "merge_commit_message": "PR_TITLE",
        "merge_commit_title": "MERGE_MESSAGE",
    }


def full_repository(links: Links, repo: Repo, viewer: User | None) -> dict:
    shape = repository(links, repo) | {"network_count": 0, "subscribers_count": 0, "temp_clone_token": None}
    shape["permissions"] = permission_flags(role_of(repo, viewer))
    if shape["permissions"]["push"]:
        shape |= merge_settings(repo)
    if isinstance(repo.owner, Organization):
        shape["organization"] = user(links, repo.owner)
    if repo.parent is not None:
        shape["parent"] = shape["source"] = repository(links, repo.parent)
    return shape


def organization_of(links: Links, repo: Repo) -> dict | None:
    return organization_simple(links, repo.owner) if isinstance(repo.owner, Organization) else None


def label(links: Links, repo: Repo, tag) -> dict:
    return {"id": tag.id, "node_id": node_id("Label", tag.id), "url": f"{links.repo(repo)}/labels/{tag.name}",
            "name": tag.name, "color": tag.color, "default": False, "description": tag.description}


def labels(links: Links, issue: Issue) -> list:
    return [label(links, issue.repo, tag) for tag in issue.labels]


def ref(links: Links, repo: Repo, name: str, sha: str) -> dict:
    return {"ref": name, "node_id": node_id("Ref", abs(hash(name)) % 10**8),
            "url": f"{links.repo(repo)}/git/{name}",
            "object": {"sha": sha, "type": "commit", "url": f"{links.repo(repo)}/git/commits/{sha}"}}


def hook(links: Links, made: Hook) -> dict:
    api = f"{links.repo(made.repo)}/hooks/{made.id}"
    code, status, message = made.last_response
    config = {"content_type": made.content_type, "insecure_ssl": "0", "url": made.url}
    if made.secret:
        config["secret"] = "********"
    return {
        "type": "Repository", "id": made.id, "name": "web", "active": made.active,
        "events": list(made.events),
        "config": config, "updated_at": time_text(made.updated_at), "created_at": time_text(made.created_at),
        "url": api, "test_url": f"{api}/test", "ping_url": f"{api}/pings",
        "deliveries_url": f"{api}/deliveries",
        "last_response": {"code": code, "status": status, "message": message},
    }
