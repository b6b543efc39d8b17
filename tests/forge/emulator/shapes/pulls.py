"""Pull requests and their reviews."""

from .. import history
from ..access import association
from ..model import Pull, Review
from ..pull_facts import comparison_base, mergeability
from .issues import page_of
from ..links import Links, node_id, time_text
from .people import team, user
from .repos import labels, repository


def brief(links: Links, pull: Pull) -> dict:
    """As in lists (`pull-request-simple`): without mergeability and counts."""
    api = f"{links.repo(pull.repo)}/pulls/{pull.number}"
    issue_api = f"{links.repo(pull.repo)}/issues/{pull.number}"
    statuses, page = f"{links.repo(pull.repo)}/statuses/{pull.head_sha}", page_of(links, pull)
    return {
        "url": api, "id": pull.id, "node_id": node_id("PullRequest", pull.id), "html_url": page,
        "diff_url": f"{page}.diff", "patch_url": f"{page}.patch", "issue_url": issue_api,
        "number": pull.number,
        "state": pull.state, "locked": pull.locked, "title": pull.title, "user": user(links, pull.user),
        "body": pull.body, "created_at": time_text(pull.created_at), "updated_at": time_text(pull.updated_at),
        "closed_at": time_text(pull.closed_at), "merged_at": time_text(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": user(links, pull.assignees[0]) if pull.assignees else None,
        "assignees": [user(links, person) for person in pull.assignees],
        "requested_reviewers": [user(links, person) for person in pull.requested_reviewers],
        "requested_teams": [team(links, group) for group in pull.requested_teams],
        "labels": labels(links, pull), "milestone": None, "draft": pull.draft,
        "commits_url": f"{api}/commits",
        "review_comments_url": f"{api}/comments",
        "review_comment_url": links.repo(pull.repo) + "/pulls/comments{/number}",
        "comments_url": f"{issue_api}/comments", "statuses_url": statuses,
        "head": _side(links, pull.head_owner, pull.head_ref, pull.head_sha, pull.head_repo),
        "base": _side(links, pull.repo.owner, pull.base_ref, pull.base_sha, pull.repo),
        "_links": {name: {"href": href} for name, href in {
            "self": api, "html": page, "issue": issue_api, "comments": f"{issue_api}/comments",
            "review_comments": f"{api}/comments",
            "review_comment": links.repo(pull.repo) + "/pulls/comments{/number}",
            "commits": f"{api}/commits", "statuses": statuses}.items()},
        "author_association": association(pull.repo, pull.user), "auto_merge": None,
        "active_lock_reason": None,
    }


def _side(links: Links, owner, ref: str, sha: str, repo) -> dict:
    return {"label": f"{owner.login}:{ref}", "ref": ref, "sha": sha, "user": user(links, owner),
            "repo": repository(links, repo) if repo else None}


def full(links: Links, pull: Pull) -> dict:
    mergeable, rebaseable, state = mergeability(pull)
    base = comparison_base(pull)
    additions, deletions, files = history.totals(pull.repo.git, base, pull.head_sha)
    return brief(links, pull) | {
        "merged": pull.merged_at is not None, "mergeable": mergeable, "rebaseable": rebaseable,
        "mergeable_state": state, "merged_by": user(links, pull.merged_by) if pull.merged_by else None,
        "comments": len(pull.comments), "review_comments": 0, "maintainer_can_modify": False,
        "commits": len(history.commits_between(pull.repo.git, base, pull.head_sha)),
        "additions": additions, "deletions": deletions, "changed_files": files,
    }


def review(links: Links, pull: Pull, given: Review) -> dict:
    api = f"{links.repo(pull.repo)}/pulls/{pull.number}"
    page = f"{page_of(links, pull)}#pullrequestreview-{given.id}"
    return {
        "id": given.id, "node_id": node_id("PullRequestReview", given.id), "user": user(links, given.user),
        "body": given.body, "state": given.state, "html_url": page, "pull_request_url": api,
        "author_association": association(pull.repo, given.user),
        "_links": {"html": {"href": page}, "pull_request": {"href": api}},
        "submitted_at": time_text(given.submitted_at), "commit_id": given.commit_id,
    }
