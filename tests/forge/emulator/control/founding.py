"""Verbs that furnish the forge: people, teams, repositories, hooks, rules, limits, the clock."""

from .. import founding
from ..model import Organization
from ..webhooks import Webhooks
from .verbs import Order, Unclear, verb


@verb("POST", "users")
def add_user(order: Order) -> dict:
    known = ("name", "email", "kind", "site_admin")
    facts = {name: value for name, value in order.facts.items() if name in known}
    user, token = founding.add_person(order.world, order.need("login"), token=order.get("token"),
                                      scopes=order.get("scopes"), **facts)
    return {"id": user.id, "login": user.login, "token": token.value}


@verb("POST", "tokens")
def add_token(order: Order) -> dict:
    made = founding.add_token(order.world, order.user(), order.get("token"), order.get("scopes"),
                              order.flag("installation") or None)
    return {"token": made.value}


@verb("POST", "tokens/revoke")
def revoke_token(order: Order) -> None:
    order.world.tokens[order.need("token")].revoked = True


@verb("POST", "orgs")
def add_organization(order: Order) -> dict:
    members = _roles(order.get("members", {}), "member")
    org = founding.add_organization(order.world, order.need("login"), members,
                                    order.get("default_permission", "read"))
    return {"id": org.id, "login": org.login}


@verb("POST", "teams")
def add_team(order: Order) -> dict:
    org = order.world.organization(order.need("org"))
    team = founding.add_team(order.world, org, order.need("name"), order.get("members", []))
    return {"id": team.id, "slug": team.slug}


@verb("POST", "repos")
def add_repo(order: Order) -> dict:
    owner = order.world.user(order.need("owner"))
    repo = founding.add_repo(order.world, owner, order.need("name"), private=order.flag("private"),
                             tree=order.get("tree"), default_branch=order.get("default_branch", "main"),
                             description=order.get("description"))
    for login, role in order.get("roles", {}).items():
        repo.roles[order.world.user(login).login] = founding.check_role(role)
    if "merge_methods" in order.facts:
        repo.merge_methods = tuple(order.facts["merge_methods"])
    repo.delete_branch_on_merge = order.flag("delete_branch_on_merge")
    return describe_repo(order, repo)


@verb("POST", "repos/settings")
def change_repo(order: Order) -> dict:
    repo = order.repo()
    repo.private = order.flag("private", repo.private)
    repo.archived = order.flag("archived", repo.archived)
    repo.has_issues = order.flag("issues", repo.has_issues)
    repo.delete_branch_on_merge = order.flag("delete_branch_on_merge", repo.delete_branch_on_merge)
    repo.merge_methods = tuple(order.get("merge_methods", repo.merge_methods))
    order.world.note("repo.settings", repo)
    return describe_repo(order, repo)


@verb("POST", "repos/rename")
def rename_repo(order: Order) -> dict:
    repo = order.repo()
    founding.rename_repo(order.world, repo, order.user(), order.need("name"))
    return describe_repo(order, repo)


@verb("POST", "repos/delete")
def delete_repo(order: Order) -> None:
    founding.delete_repo(order.world, order.repo())


@verb("POST", "forks")
def fork(order: Order) -> dict:
    made = founding.fork(order.world, order.repo(), order.user("owner"), order.get("name"))
    return describe_repo(order, made)


def describe_repo(order: Order, repo) -> dict:
    page = order.world.links.page(repo)
    return {"id": repo.id, "repo": repo.full_name, "clone_url": f"{page}.git", "html_url": page,
            "path": str(repo.git.path), "heads": dict(repo.git.heads)}


@verb("POST", "permissions")
def set_permission(order: Order) -> None:
    repo, role = order.repo(), founding.check_role(order.need("permission"))
    if "team" in order.facts:
        if not isinstance(repo.owner, Organization):
            raise Unclear(f"{repo.owner.login} has no teams")
        repo.team_roles[repo.owner.teams[order.need("team")]] = role
    else:
        repo.roles[order.user().login] = role
    order.world.note("permission", repo)


@verb("POST", "protection")
def protect(order: Order) -> None:
    founding.protect(order.world, order.repo(), order.get("branch", "main"), order.facts.get("rule"))


@verb("POST", "hooks")
def add_hook(order: Order) -> dict:
    hook = founding.add_hook(order.world, order.repo(), order.world.ghost, order.need("url"),
                             order.get("secret"), order.get("events", ["*"]),
                             order.get("content_type", "json"))
    return {"id": hook.id}


@verb("POST", "hooks/edit")
def edit_hook(order: Order) -> None:
    hook = order.repo().hooks[int(order.need("hook"))]
    hook.url, hook.secret = order.get("url", hook.url), order.get("secret", hook.secret)
    hook.events, hook.active = tuple(order.get("events", hook.events)), order.flag("active", hook.active)
    order.world.note("hook", hook.repo, hook=hook.id)


@verb("POST", "hooks/ping")
def ping_hook(order: Order) -> None:
    webhooks: Webhooks = order.world.webhooks
    webhooks.ping(order.repo().hooks[int(order.need("hook"))], order.world.ghost)


@verb("POST", "limits")
def set_limits(order: Order) -> dict:
    allowance = order.limits.of(order.get("user", "anonymous"))
    allowance.limit = int(order.get("core", allowance.limit))
    for name in ("used", "writes_a_minute", "writes_an_hour"):
        if name in order.facts:
            setattr(allowance, name, order.facts[name])
    return {"core": allowance.limit, "used": allowance.used}


@verb("POST", "clock")
def advance_clock(order: Order) -> dict:
    order.world.advance_clock(float(order.need("advance")))
    order.world.note("clock")
    return {"now": order.world.now().isoformat()}


def _roles(members, role: str) -> dict:
    return members if isinstance(members, dict) else {login: role for login in members}
