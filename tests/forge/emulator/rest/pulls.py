"""Pull requests: listed, read, opened, edited, merged."""

from .. import merge as merging
from .. import pulls as life
from ..access import may
from ..history import commits_between
from ..merge import HeadMoved
from ..model import Pull
from ..pull_facts import comparison_base
from ..pulls import Refused
from ..router import Answer, ApiError, Call, invalid, not_found, refusing, route
from ..shapes import commits, people, pulls

MAX_FILES, MAX_COMMITS = 3000, 250
SORTS = {"created": lambda pull: pull.number, "updated": lambda pull: (pull.updated_at, pull.number),
         "popularity": lambda pull: (len(pull.comments), pull.number),
         "long-running": lambda pull: pull.number}


@route("GET", "/repos/{owner}/{repo}/pulls")
def listed(call: Call):
    query = call.query
    state, sort = query.get("state", "open"), query.get("sort", "created")
    if state not in ("open", "closed", "all"):
        raise invalid("PullRequest", "state")
    if sort not in SORTS:
        raise invalid("PullRequest", "sort")
    found = [pull for pull in call.repo.pulls
             if state in ("all", pull.state)
             and query.get("base", pull.base_ref) == pull.base_ref
             and query.get("head", _label(pull)) == _label(pull)]
    default = "desc" if sort == "created" else "asc"
    found.sort(key=SORTS[sort], reverse=query.get("direction", default) == "desc")
    return [pulls.brief(call.links, pull) for pull in call.page(found)]


def _label(pull: Pull) -> str:
    return f"{pull.head_owner.login}:{pull.head_ref}"


@route("POST", "/repos/{owner}/{repo}/pulls")
def opened(call: Call):
    told = call.json()
    for field in ("title", "head", "base"):
        if not isinstance(told.get(field), str) or not told[field]:
            raise invalid("PullRequest", field, "missing_field")
    with refusing("PullRequest"):
        pull = life.open_pull(call.world, call.repo, call.user, head=told["head"], base=told["base"],
                              title=told["title"], body=told.get("body"), draft=bool(told.get("draft")))
    return Answer(201, _full(call, pull))


def _full(call: Call, pull: Pull) -> dict:
    life.refresh_test_merge(call.world, pull)
    return pulls.full(call.links, pull)


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}")
def one(call: Call):
    pull = call.pull()
    wanted = call.request.headers.get("accept", "")
    for suffix, command in ((".diff", ["diff-tree", "-r", "-p", "-M"]),
                            (".patch", ["format-patch", "--stdout"])):
        if suffix in wanted:
            base = comparison_base(pull)
            between = [base, pull.head_sha] if suffix == ".diff" else [f"{base}..{pull.head_sha}"]
            text = call.repo.git.run(*command, *between).decode("utf-8", "replace")
            return Answer(200, text, kind=f"application/vnd.github.v3{suffix}; charset=utf-8")
    return _full(call, pull)


@route("PATCH", "/repos/{owner}/{repo}/pulls/{number:int}")
def edited(call: Call):
    pull, told = call.pull(), call.json()
    if pull.user is not call.user and not may(call.repo, call.user, "write"):
        raise ApiError(403, "Resource not accessible by personal access token")
    with refusing("PullRequest"):
        life.edit(call.world, pull, call.user, title=told.get("title"), body=told.get("body"),
                  base=told.get("base"))
        if told.get("state") == "closed":
            life.close(call.world, pull, call.user)
        elif told.get("state") == "open" and pull.state == "closed":
            life.reopen(call.world, pull, call.user)
    return _full(call, pull)


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/files")
def files(call: Call):
    pull = call.pull()
    found = commits.files(call.links, call.repo, comparison_base(pull), pull.head_sha)
    return call.page(found[:MAX_FILES])


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/commits")
def pull_commits(call: Call):
    pull = call.pull()
    found = commits_between(call.repo.git, comparison_base(pull), pull.head_sha)[:MAX_COMMITS]
    return [commits.commit(call.world, call.repo, sha) for sha in call.page(list(found))]


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/merge")
def is_merged(call: Call):
    if not call.pull().merged_at:
        raise not_found()
    return Answer(204)


@route("PUT", "/repos/{owner}/{repo}/pulls/{number:int}/merge", needs="write")
def merge(call: Call):
    pull, told = call.pull(), call.json()
    method = told.get("merge_method", "merge")
    if method not in merging.METHODS:
        raise invalid("PullRequest", "merge_method")
    try:
        commit = merging.merge(call.world, pull, call.user, method=method, title=told.get("commit_title"),
                               message=told.get("commit_message"), sha=told.get("sha"))
    except HeadMoved as refusal:
        raise ApiError(409, str(refusal)) from None
    except Refused as refusal:
        raise ApiError(405, str(refusal)) from None
    return {"sha": commit, "merged": True, "message": "Pull Request successfully merged"}


@route("PUT", "/repos/{owner}/{repo}/pulls/{number:int}/update-branch")
def update_branch(call: Call):
    pull, expected = call.pull(), call.json().get("expected_head_sha")
    if not pull.head_repo or not may(pull.head_repo, call.user, "write"):
        raise ApiError(403, "Resource not accessible by personal access token")
    if expected not in (None, pull.head_sha):
        raise ApiError(422, "expected head sha didn't match current head ref.")
    try:
        merging.update_branch(call.world, pull, call.user)
    except Refused as refusal:
        raise ApiError(422, str(refusal)) from None
    return Answer(202, {"message": "Updating pull request branch.", "url": f"{call.links.repo(call.repo)}"
                                                                          f"/pulls/{pull.number}"})


@route("GET", "/repos/{owner}/{repo}/pulls/{number:int}/requested_reviewers")
def requested_reviewers(call: Call):
    pull = call.pull()
    return {"users": [people.user(call.links, person) for person in pull.requested_reviewers],
            "teams": [people.team(call.links, group) for group in pull.requested_teams]}


@route("GET", "/repos/{owner}/{repo}/commits/{sha}/pulls")
def pulls_of_commit(call: Call):
    """Those that brought the commit, and the open ones that would."""
    sha = call.params["sha"]
    if call.repo.git.commit(sha) is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    found = [pull for pull in call.repo.pulls if sha == pull.merge_commit_sha and pull.merged_at
             or sha in commits_between(call.repo.git, pull.base_sha, pull.head_sha)]
    return call.page([pulls.brief(call.links, pull) for pull in found])
