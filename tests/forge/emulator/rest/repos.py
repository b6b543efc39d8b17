"""Repositories, branches, refs, protection, labels, forks."""

from ..model import Repo
from ..pull_facts import UNPROTECTED
from ..pushes import resolve
from ..router import Call, not_found, route
from ..shapes import commits, repos


@route("GET", "/repos/{owner}/{repo}")
def repo(call: Call):
    return repos.full_repository(call.links, call.repo, call.user)


@route("GET", "/repos/{owner}/{repo}/branches")
def branches(call: Call):
    commits_url = f"{call.links.repo(call.repo)}/commits"
    return [{"name": name, "commit": {"sha": sha, "url": f"{commits_url}/{sha}"},
             "protected": name in call.repo.protections}
            for name, sha in call.page(sorted(call.repo.git.heads.items()))]


@route("GET", "/repos/{owner}/{repo}/branches/{branch:path}/protection/required_status_checks", needs="admin")
def required_checks(call: Call):
    branch = _branch(call)
    rule = call.repo.protections.get(branch)
    if rule is None:
        raise not_found()
    url = f"{_protection_url(call, branch)}/required_status_checks"
    return {"url": url, "strict": rule.strict, "contexts": list(rule.contexts),
            "contexts_url": f"{url}/contexts",
            "checks": [{"context": context, "app_id": None} for context in rule.contexts]}


@route("GET", "/repos/{owner}/{repo}/branches/{branch:path}/protection", needs="admin")
def protection(call: Call):
    branch = _branch(call)
    rule = call.repo.protections.get(branch)
    if rule is None:
        raise not_found()
    url = _protection_url(call, branch)
    shape = {"url": url, "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": rule.enforce_admins},
             "required_linear_history": {"enabled": False},
             "allow_force_pushes": {"enabled": not rule.block_pushes},
             "allow_deletions": {"enabled": False}}
    if rule.contexts:
        shape["required_status_checks"] = required_checks(call)
    if rule.required_approvals:
        shape["required_pull_request_reviews"] = {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": rule.dismiss_stale_reviews,
            "require_code_owner_reviews": False, "required_approving_review_count": rule.required_approvals}
    return shape


@route("GET", "/repos/{owner}/{repo}/branches/{branch:path}")
def branch(call: Call):
    name = _branch(call)
    sha = call.repo.git.heads[name]
    rule = call.repo.protections.get(name, UNPROTECTED)
    url = f"{call.links.repo(call.repo)}/branches/{name}"
    return {"name": name, "commit": commits.commit(call.world, call.repo, sha),
            "_links": {"self": url, "html": f"{call.links.page(call.repo)}/tree/{name}"},
            "protected": name in call.repo.protections, "protection": {
                "enabled": name in call.repo.protections, "required_status_checks": {
                    "enforcement_level": _enforcement(rule), "contexts": list(rule.contexts),
                    "checks": [{"context": context, "app_id": None} for context in rule.contexts]}},
            "protection_url": f"{url}/protection"}


def _enforcement(rule) -> str:
    if not rule.contexts:
        return "off"
    return "everyone" if rule.enforce_admins else "non_admins"


def _branch(call: Call) -> str:
    if call.params["branch"] not in call.repo.git.heads:
        raise not_found()
    return call.params["branch"]


def _protection_url(call: Call, name: str) -> str:
    return f"{call.links.repo(call.repo)}/branches/{name}/protection"


@route("GET", "/repos/{owner}/{repo}/git/commits/{sha}")
def git_commit(call: Call):
    found = call.repo.git.commit(resolve(call.repo, call.params["sha"]) or "none")
    if found is None:
        raise not_found()
    whole = commits.commit(call.world, call.repo, found.sha)
    inner = whole["commit"]
    return {"sha": found.sha, "node_id": whole["node_id"], "url": inner["url"], "html_url": whole["html_url"],
            "author": inner["author"], "committer": inner["committer"], "message": inner["message"],
            "tree": inner["tree"], "parents": whole["parents"], "verification": inner["verification"]}


@route("GET", "/repos/{owner}/{repo}/forks")
def forks(call: Call):
    found: list[Repo] = [other for other in call.world.repos.values() if other.parent is call.repo]
    return call.page([repos.repository(call.links, other) for other in found])


@route("GET", "/repos/{owner}/{repo}/labels")
def labels(call: Call):
    return call.page([repos.label(call.links, call.repo, tag) for tag in call.repo.labels.values()])
