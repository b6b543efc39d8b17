"""Reactions to issues, pull requests and comments."""

from .. import talk
from ..access import may
from ..model import Comment, Issue
from ..router import Answer, ApiError, Call, invalid, not_found, route
from ..shapes import issues
from .comments import comment_of


def _list(call: Call, on: Issue | Comment):
    wanted = call.query.get("content")
    return call.page([issues.reaction(call.links, given) for given in on.reactions
                      if wanted in (None, given.content)])


def _add(call: Call, on: Issue | Comment) -> Answer:
    content = call.json().get("content")
    if content not in issues.CONTENTS:
        raise invalid("Reaction", "content")
    given, new = talk.react(call.world, on, call.user, content)
    return Answer(201 if new else 200, issues.reaction(call.links, given))


def _remove(call: Call, on: Issue | Comment) -> Answer:
    for given in on.reactions:
        if given.id == call.number("reaction"):
            if given.user is not call.user and not may(call.repo, call.user, "admin"):
                raise ApiError(403, "Resource not accessible by personal access token")
            talk.unreact(call.world, on, given)
            return Answer(204)
    raise not_found()


@route("GET", "/repos/{owner}/{repo}/issues/{number:int}/reactions")
def on_issue(call: Call):
    return _list(call, call.issue())


@route("POST", "/repos/{owner}/{repo}/issues/{number:int}/reactions")
def to_issue(call: Call):
    return _add(call, call.issue())


@route("DELETE", "/repos/{owner}/{repo}/issues/{number:int}/reactions/{reaction:int}")
def off_issue(call: Call):
    return _remove(call, call.issue())


@route("GET", "/repos/{owner}/{repo}/issues/comments/{comment:int}/reactions")
def on_comment(call: Call):
    return _list(call, comment_of(call))


@route("POST", "/repos/{owner}/{repo}/issues/comments/{comment:int}/reactions")
def to_comment(call: Call):
    return _add(call, comment_of(call))


@route("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment:int}/reactions/{reaction:int}")
def off_comment(call: Call):
    return _remove(call, comment_of(call))
