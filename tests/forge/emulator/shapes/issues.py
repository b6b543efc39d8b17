"""Issues, comments, reactions."""

from collections import Counter

from ..access import association
from ..model import Comment, Issue, Pull, Reaction
from ..links import Links, node_id, time_text
from .people import user
from .repos import labels

CONTENTS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def reactions(api: str, given: list[Reaction]) -> dict:
    counted = Counter(reaction.content for reaction in given)
    return {"url": f"{api}/reactions", "total_count": len(given)} | {
        content: counted[content] for content in CONTENTS}


def reaction(links: Links, given: Reaction) -> dict:
    return {"id": given.id, "node_id": node_id("Reaction", given.id), "user": user(links, given.user),
            "content": given.content, "created_at": time_text(given.created_at)}


def page_of(links: Links, issue: Issue) -> str:
    return f"{links.page(issue.repo)}/{'pull' if isinstance(issue, Pull) else 'issues'}/{issue.number}"


def issue(links: Links, found: Issue) -> dict:
    api = f"{links.repo(found.repo)}/issues/{found.number}"
    shape = {
        "url": api, "repository_url": links.repo(found.repo), "labels_url": api + "/labels{/name}",
        "comments_url": f"{api}/comments", "events_url": f"{api}/events", "html_url": page_of(links, found),
        "id": found.id, "node_id": node_id("Issue", found.id), "number": found.number, "title": found.title,
        "user": user(links, found.user), "labels": labels(links, found), "state": found.state,
        "locked": found.locked, "assignee": user(links, found.assignees[0]) if found.assignees else None,
        "assignees": [user(links, person) for person in found.assignees], "milestone": None,
        "comments": len(found.comments), "created_at": time_text(found.created_at),
        "updated_at": time_text(found.updated_at), "closed_at": time_text(found.closed_at),
        "author_association": association(found.repo, found.user), "active_lock_reason": None,
        "body": found.body,
        "closed_by": user(links, found.closed_by) if found.closed_by else None,
        "reactions": reactions(api, found.reactions), "timeline_url": f"{api}/timeline",
        "performed_via_github_app": None, "state_reason": found.state_reason, "draft": False,
    }
    if isinstance(found, Pull):
        pull = f"{links.repo(found.repo)}/pulls/{found.number}"
        page = page_of(links, found)
        shape["draft"] = found.draft
        shape["pull_request"] = {"url": pull, "html_url": page, "diff_url": f"{page}.diff",
                                 "patch_url": f"{page}.patch", "merged_at": time_text(found.merged_at)}
    return shape


def comment(links: Links, said: Comment) -> dict:
    repo = said.issue.repo
    api = f"{links.repo(repo)}/issues/comments/{said.id}"
    return {
        "url": api, "html_url": f"{page_of(links, said.issue)}#issuecomment-{said.id}",
        "issue_url": f"{links.repo(repo)}/issues/{said.issue.number}", "id": said.id,
        "node_id": node_id("IssueComment", said.id), "user": user(links, said.user),
        "created_at": time_text(said.created_at), "updated_at": time_text(said.updated_at),
        "author_association": association(repo, said.user), "body": said.body,
        "reactions": reactions(api, said.reactions), "performed_via_github_app": None,
    }
