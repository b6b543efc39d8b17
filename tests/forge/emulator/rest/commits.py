"""Commits: one, many, and two compared."""

from .. import history
from ..pushes import find_comparison, resolve
from ..router import Answer, ApiError, Call, not_found, route
from ..shapes import commits

MAX_COMPARED_COMMITS, MAX_COMPARED_FILES = 250, 300


@route("GET", "/repos/{owner}/{repo}/commits")
def listed(call: Call):
    start = resolve(call.repo, call.query.get("sha") or call.repo.default_branch)
    if start is None:
        raise not_found()
    path = ["--", call.query["path"]] if call.query.get("path") else []
    found = call.repo.git.run("rev-list", start, *path).decode().split()
    return [commits.commit(call.world, call.repo, sha) for sha in call.page(found)]


@route("GET", "/repos/{owner}/{repo}/commits/{ref:path}")
def one(call: Call):
    sha = resolve(call.repo, call.params["ref"])
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {call.params['ref']}")
    if call.request.headers.get("accept", "").endswith(".sha"):
        return Answer(200, sha, kind="application/vnd.github.v3.sha; charset=utf-8")
    return commits.commit_with_files(call.world, call.repo, sha)


@route("GET", "/repos/{owner}/{repo}/compare/{spec:path}")
def compared(call: Call):
    found = find_comparison(call.world, call.repo, call.params["spec"])
    if found is None:
        raise not_found()
    git, (base, head) = call.repo.git, found
    middle = history.merge_base(git, base, head)
    if middle is None:
        raise ApiError(404, f"No common ancestor between {call.params['spec'].replace('...', ' and ')}.")
    ahead, behind = history.commits_between(git, base, head), history.commits_between(git, head, base)
    state = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}.get(
        (bool(ahead), bool(behind)), "diverged")
    url = f"{call.links.repo(call.repo)}/compare/{base}...{head}"
    page = f"{call.links.page(call.repo)}/compare"
    return {
        "url": url, "html_url": f"{page}/{base}...{head}", "permalink_url": f"{page}/{base[:7]}...{head[:7]}",
        "diff_url": f"{page}/{base}...{head}.diff", "patch_url": f"{page}/{base}...{head}.patch",
        "base_commit": commits.commit(call.world, call.repo, base),
        "merge_base_commit": commits.commit(call.world, call.repo, middle), "status": state,
        "ahead_by": len(ahead), "behind_by": len(behind), "total_commits": len(ahead),
        "commits": [commits.commit(call.world, call.repo, sha) for sha in
                    call.page(list(ahead), MAX_COMPARED_COMMITS)],
        "files": commits.files(call.links, call.repo, middle, head)[:MAX_COMPARED_FILES],
    }
