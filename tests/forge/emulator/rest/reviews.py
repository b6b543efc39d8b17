"""Reviews of a pull request."""

from .. import talk
from ..model import Review
from ..pulls import Refused
from ..router import ApiError, Call, not_found, route
from ..shapes import pulls


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/reviews")
def listed(call: Call):
    pull = call.pull()
    return call.page([pulls.review(call.links, pull, given) for given in pull.reviews])


@route("POST", "/repos/{owner}/{repo}/pulls/{number:int}/reviews")
def submitted(call: Call):
    pull, told = call.pull(), call.json()
    state = talk.REVIEW_STATES.get(told.get("event", ""))
    if state is None:
        raise _unprocessable("Variable $event of type PullRequestReviewEvent was provided invalid value")
    if state != "APPROVED" and not told.get("body"):
        raise _unprocessable("Review Can not be blank")
    try:
        given = talk.review(call.world, pull, call.user, state, told.get("body") or "", told.get("commit_id"))
    except Refused as refusal:
        raise _unprocessable(f"Review {refusal}") from None
    return pulls.review(call.links, pull, given)


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/reviews/{review:int}")
def one(call: Call):
    return pulls.review(call.links, call.pull(), _review(call))


@route("PUT", "/repos/{owner}/{repo}/pulls/{number:int}/reviews/{review:int}/dismissals", needs="write")
def dismissed(call: Call):
    pull, given = call.pull(), _review(call)
    if not call.json().get("message"):
        raise _unprocessable("Review Message can't be blank")
    try:
        talk.dismiss(call.world, pull, given, call.user)
    except Refused as refusal:
        raise _unprocessable(str(refusal)) from None
    return pulls.review(call.links, pull, given)


def _review(call: Call) -> Review:
    for given in call.pull().reviews:
        if given.id == call.number("review"):
            return given
    raise not_found()


def _unprocessable(message: str) -> ApiError:
    return ApiError(422, "Unprocessable Entity", [message])
