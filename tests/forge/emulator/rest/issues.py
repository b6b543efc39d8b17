"""Issues, and the labels that pull requests share with them."""

from .. import pulls as life
from .. import talk
from ..access import may
from ..model import Issue, Pull
from ..router import Answer, ApiError, Call, invalid, not_found, refusing, route
from ..shapes import issues, repos


@route("GET", "/repos/{owner}/{repo}/issues")
def listed(call: Call):
    query = call.query
    labels = [name for name in query.get("labels", "").split(",") if name]
    found = [issue for issue in call.repo.issues.values()
             if query.get("state", "open") in ("all", issue.state)
             and issue.updated_at.replace(microsecond=0) >= call.since()
             and (call.repo.has_issues or isinstance(issue, Pull))
             and all(any(tag.name.lower() == name.lower() for tag in issue.labels) for name in labels)
             and query.get("creator", issue.user.login).lower() == issue.user.login.lower()]
    by_update = query.get("sort") == "updated"
    found.sort(key=lambda issue: (issue.updated_at, issue.number) if by_update else (issue.number,),
               reverse=query.get("direction", "desc") == "desc")
    return [issues.issue(call.links, issue) for issue in call.page(found)]


@route("POST", "/repos/{owner}/{repo}/issues")
def opened(call: Call):
    told = call.json()
    if not call.repo.has_issues:
        raise ApiError(410, "Issues has been disabled in this repository.")
    if not isinstance(told.get("title"), str) or not told["title"].strip():
        raise invalid("Issue", "title", "missing_field")
    labels = told.get("labels", []) if may(call.repo, call.user, "triage") else []
    with refusing("Issue"):
        made = talk.open_issue(call.world, call.repo, call.user, told["title"], told.get("body"),
                               _names(labels))
    return Answer(201, issues.issue(call.links, made))


@route("GET", "/repos/{owner}/{repo}/issues/{number:int}")
def one(call: Call):
    return issues.issue(call.links, _issue(call))


def _issue(call: Call) -> Issue:
    issue = call.issue()
    if not call.repo.has_issues and not isinstance(issue, Pull):
        raise ApiError(410, "Issues has been disabled in this repository.")
    return issue


@route("PATCH", "/repos/{owner}/{repo}/issues/{number:int}")
def edited(call: Call):
    issue, told = _issue(call), call.json()
    if issue.user is not call.user and not may(call.repo, call.user, "triage"):
        raise ApiError(403, "Resource not accessible by personal access token")
    if told.get("state", "open") not in ("open", "closed"):
        raise invalid("Issue", "state")
    with refusing("Issue"):
        if isinstance(issue, Pull):
            _edit_pull(call, issue, told)
        else:
            talk.edit_issue(call.world, issue, call.user, told.get("title"), told.get("body"))
            if "state" in told:
                talk.set_issue_state(call.world, issue, call.user, told["state"], told.get("state_reason"))
    if "labels" in told:
        life.set_labels(call.world, issue, call.user, _names(told["labels"]))
    return issues.issue(call.links, issue)


def _edit_pull(call: Call, pull: Pull, told: dict) -> None:
    life.edit(call.world, pull, call.user, title=told.get("title"), body=told.get("body"))
    if told.get("state") == "closed":
        life.close(call.world, pull, call.user)
    elif told.get("state") == "open" and pull.state == "closed":
        life.reopen(call.world, pull, call.user)


def _names(labels: list) -> list:
    return [label["name"] if isinstance(label, dict) else str(label) for label in labels]


@route("GET", "/repos/{owner}/{repo}/issues/{number:int}/labels")
def labels_of(call: Call):
    return call.page(repos.labels(call.links, call.issue()))


@route("POST", "/repos/{owner}/{repo}/issues/{number:int}/labels", needs="triage")
def add_labels(call: Call):
    issue = call.issue()
    _set(call, issue, [tag.name for tag in issue.labels] + _names(call.json().get("labels", [])))
    return repos.labels(call.links, issue)


@route("PUT", "/repos/{owner}/{repo}/issues/{number:int}/labels", needs="triage")
def replace_labels(call: Call):
    issue = call.issue()
    _set(call, issue, _names(call.json().get("labels", [])))
    return repos.labels(call.links, issue)


@route("DELETE", "/repos/{owner}/{repo}/issues/{number:int}/labels/{name}", needs="triage")
def remove_label(call: Call):
    issue = call.issue()
    kept = [tag.name for tag in issue.labels if tag.name != call.params["name"]]
    if len(kept) == len(issue.labels):
        raise ApiError(404, "Label does not exist")
    _set(call, issue, kept)
    return repos.labels(call.links, issue)


def _set(call: Call, issue: Issue, names: list) -> None:
    life.set_labels(call.world, issue, call.user, list(dict.fromkeys(names)))


@route("GET", "/repos/{owner}/{repo}/labels/{name}")
def label(call: Call):
    tag = call.repo.labels.get(call.params["name"])
    if tag is None:
        raise not_found()
    return repos.label(call.links, call.repo, tag)


@route("POST", "/repos/{owner}/{repo}/labels", needs="write")
def make_label(call: Call):
    told = call.json()
    name = told.get("name")
    if not isinstance(name, str) or not name:
        raise invalid("Label", "name", "missing_field")
    if name in call.repo.labels:
        raise invalid("Label", "name", "already_exists")
    tag = life.find_label(call.world, call.repo, name)
    tag.color, tag.description = str(told.get("color", tag.color)).lstrip("#"), told.get("description")
    return Answer(201, repos.label(call.links, call.repo, tag))
