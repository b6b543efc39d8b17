"""Commit statuses: said, listed, and in sum."""

from .. import statuses
from ..pull_facts import combined_state, newest_statuses
from ..pushes import resolve
from ..router import Answer, ApiError, Call, invalid, not_found, refusing, route
from ..shapes import commits


@route("POST", "/repos/{owner}/{repo}/statuses/{sha}", needs="write", area="statuses")
def said(call: Call):
    sha, told = call.params["sha"], call.json()
    if call.repo.git.commit(sha) is None or len(sha) != 40:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    if told.get("state") not in statuses.STATES:
        raise invalid("Status", "state", "custom", "state is not included in the list")
    with refusing("Status"):
        status = statuses.post(call.world, call.repo, call.user, sha, state=told["state"],
                               context=told.get("context") or "default", description=told.get("description"),
                               target_url=told.get("target_url"))
    return Answer(201, commits.status(call.links, call.repo, status))


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/statuses", area="statuses")
@route("GET", "/repos/{owner}/{repo}/statuses/{ref:path}", area="statuses")
def listed(call: Call):
    found = call.repo.statuses.get(_sha(call), [])
    return [commits.status(call.links, call.repo, status) for status in call.page(found[::-1])]


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/status", area="statuses")
def combined(call: Call):
    sha = _sha(call)
    newest = newest_statuses(call.repo, sha)
    shape = commits.combined_status(call.links, call.repo, sha, newest, combined_state(newest))
    shape["statuses"] = call.page(shape["statuses"])
    return shape


def _sha(call: Call) -> str:
    sha = resolve(call.repo, call.params["ref"])
    if sha is None:
        raise not_found()
    return sha
