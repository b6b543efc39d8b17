"""Refs: read, made, moved, deleted."""

from .. import pushes
from ..git_store import GitError
from ..history import is_ancestor
from ..router import Answer, ApiError, Call, invalid, not_found, route
from ..shapes import repos


@route("GET", "/repos/{owner}/{repo}/git/ref/{ref:path}")
def ref(call: Call):
    name = f"refs/{call.params['ref']}"
    sha = call.repo.git.ref(name)
    if sha is None:
        raise not_found()
    return repos.ref(call.links, call.repo, name, sha)


@route("GET", "/repos/{owner}/{repo}/git/matching-refs/{ref:path}")
def matching_refs(call: Call):
    start = f"refs/{call.params['ref']}"
    lines = call.repo.git.run("for-each-ref", "--format=%(objectname) %(refname)").decode().splitlines()
    found = [line.split(" ", 1) for line in lines]
    matching = [(name, sha) for sha, name in found if name.startswith(start)]
    return [repos.ref(call.links, call.repo, name, sha) for name, sha in call.page(matching)]


@route("POST", "/repos/{owner}/{repo}/git/refs", needs="write")
def made(call: Call):
    told = call.json()
    name, sha = str(told.get("ref")), _commit(call, told.get("sha"))
    if not name.startswith(("refs/heads/", "refs/tags/")):
        raise ApiError(422, "Reference name must start with 'refs/' and contain at least two slashes.")
    if call.repo.git.ref(name):
        raise ApiError(422, "Reference already exists")
    _move(call, name, sha)
    return Answer(201, repos.ref(call.links, call.repo, name, sha))


@route("PATCH", "/repos/{owner}/{repo}/git/refs/{ref:path}", needs="write")
def moved(call: Call):
    told, name = call.json(), _existing(call)
    sha, old = _commit(call, told.get("sha")), call.repo.git.ref(name)
    if not told.get("force") and not is_ancestor(call.repo.git, old, sha):
        raise ApiError(422, "Update is not a fast forward")
    _move(call, name, sha)
    return repos.ref(call.links, call.repo, name, sha)


@route("DELETE", "/repos/{owner}/{repo}/git/refs/{ref:path}", needs="write")
def deleted(call: Call):
    _move(call, _existing(call), None)
    return Answer(204)


def _existing(call: Call) -> str:
    name = f"refs/{call.params['ref']}"
    if not name.startswith(("refs/heads/", "refs/tags/")) or call.repo.git.ref(name) is None:
        raise ApiError(422, "Reference does not exist")
    return name


def _commit(call: Call, sha) -> str:
    commit = call.repo.git.commit(sha) if isinstance(sha, str) and len(sha) == 40 else None
    if commit is None:
        raise invalid("Reference", "sha", "custom", "Object does not exist")
    return commit.sha


def _move(call: Call, name: str, sha: str | None) -> None:
    branch = name.removeprefix("refs/heads/")
    rule = call.repo.protections.get(branch)
    if (rule and rule.block_pushes) or (sha is None and branch == call.repo.default_branch):
        raise ApiError(422, "Protected branch update failed" if sha else "Cannot delete this branch")
    try:
        pushes.move(call.world, call.repo, call.user, name, sha)
    except GitError as error:
        raise ApiError(422, str(error)) from None
