"""Comments on issues and pull requests."""

from .. import talk
from ..access import may
from ..model import Comment
from ..router import Answer, ApiError, Call, not_found, refusing, route
from ..shapes import issues


@route("GET", "/repos/{owner}/{repo}/issues/{number:int}/comments")
def listed(call: Call):
    return [issues.comment(call.links, said) for said in call.page(_since(call, call.issue().comments))]


def _since(call: Call, comments: list[Comment]) -> list[Comment]:
    return [said for said in comments if said.updated_at.replace(microsecond=0) >= call.since()]


@route("POST", "/repos/{owner}/{repo}/issues/{number:int}/comments")
def created(call: Call):
    issue, told = call.issue(), call.json()
    if issue.locked and not may(call.repo, call.user, "write"):
        raise ApiError(403, "Unable to create comment because issue is locked.")
    with refusing("IssueComment", "unprocessable"):
        said = talk.comment(call.world, issue, call.user, told.get("body"))
    shape = issues.comment(call.links, said)
    return Answer(201, shape, (("Location", shape["url"]),))


@route("GET", "/repos/{owner}/{repo}/issues/comments")
def all_of_repo(call: Call):
    found = _since(call, [said for issue in call.repo.issues.values() for said in issue.comments])
    by_update = call.query.get("sort") == "updated"
    found.sort(key=lambda said: (said.updated_at if by_update else said.created_at, said.id),
               reverse=call.query.get("direction", "asc") == "desc")
    return [issues.comment(call.links, said) for said in call.page(found)]


@route("GET", "/repos/{owner}/{repo}/issues/comments/{comment:int}")
def one(call: Call):
    return issues.comment(call.links, comment_of(call))


@route("PATCH", "/repos/{owner}/{repo}/issues/comments/{comment:int}")
def edited(call: Call):
    said = _own(call)
    with refusing("IssueComment", "unprocessable"):
        talk.edit_comment(call.world, said, call.user, call.json().get("body"))
    return issues.comment(call.links, said)


@route("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment:int}")
def deleted(call: Call):
    talk.delete_comment(call.world, _own(call), call.user)
    return Answer(204)


def comment_of(call: Call) -> Comment:
    said = call.world.comment(call.params["comment"])
    if said.issue.repo is not call.repo:
        raise not_found()
    return said


def _own(call: Call) -> Comment:
    said = comment_of(call)
    if said.user is not call.user and not may(call.repo, call.user, "write"):
        raise ApiError(403, "Must have admin rights to Repository.")
    return said
