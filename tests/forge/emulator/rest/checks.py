"""Check runs: none are ever made here, since those belong to apps; who asks hears so."""

from ..pushes import resolve
from ..router import Call, not_found, route


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/check-runs")
def runs(call: Call):
    return _none(call, "check_runs")


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}/check-suites")
def suites(call: Call):
    return _none(call, "check_suites")


def _none(call: Call, what: str) -> dict:
    if resolve(call.repo, call.params["ref"]) is None:
        raise not_found()
    return {"total_count": 0, what: []}
