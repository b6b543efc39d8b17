"""Who may do what: tokens and their scopes, roles on repositories, how a person relates to a repository."""

import base64

from .apps import app_of
from .model import ROLES, Organization, Pull, Repo, Token, User
from .world import World


class BadCredentials(Exception):
    """A token was sent that nobody has."""


def token_of(world: World, headers: dict) -> Token | None:
    """The token, by any of the three ways to send one; None where none was sent."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if not kind:
        return None
    if kind.lower() == "basic":
        value = _password(value)
    elif kind.lower() not in ("bearer", "token"):
        raise BadCredentials
    if app := app_of(world, value.strip()):
        return Token(value, app.speaks_as, (), app=app)
    token = world.tokens.get(value.strip())
    if token is None or token.revoked or (token.expires_at and token.expires_at <= world.now()):
        raise BadCredentials
    return token


def _password(encoded: str) -> str:
    """The token stands where a password would, or alone as the name."""
    try:
        name, _, password = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        raise BadCredentials from None
    return name if password in ("", "x-oauth-basic") else password


def at_least(role: str, needed: str) -> bool:
    return ROLES.index(role) >= ROLES.index(needed)


def role_of(repo: Repo, user: User | None) -> str:
    """The strongest of ownership, a direct role, a team's, the organization's default, and being public."""
    roles = ["none" if repo.private else "read"]
    if user is not None:
        if user is repo.owner or user.site_admin:
            return "admin"
        roles.append(repo.roles.get(user.login, "none"))
        if isinstance(repo.owner, Organization) and user.login in repo.owner.members:
            if repo.owner.members[user.login] == "admin":
                return "admin"
            roles.append(repo.owner.default_permission)
        roles += [role for team, role in repo.team_roles.items() if user.login in team.members]
    return max(roles, key=ROLES.index)


def may(repo: Repo, user: User | None, needed: str) -> bool:
    return at_least(role_of(repo, user), needed)


def legacy_permission(role: str) -> str:
    """The four words the API had before there were five roles."""
    return {"maintain": "write", "triage": "read"}.get(role, role)


def permission_flags(role: str) -> dict:
    return {"admin": at_least(role, "admin"), "maintain": at_least(role, "maintain"),
            "push": at_least(role, "write"), "triage": at_least(role, "triage"),
            "pull": at_least(role, "read")}


def scope_allows(token: Token, repo: Repo, writing: bool, area: str) -> bool:
    """Classic scopes. Reading what is public needs none; `repo:status` is the narrow one for statuses."""
    if not repo.private and not writing:
        return True
    if "repo" in token.scopes:
        return True
    if area == "statuses" and "repo:status" in token.scopes:
        return True
    return not repo.private and "public_repo" in token.scopes


def association(repo: Repo, user: User) -> str:
    """`author_association`: what a reader is told about the author, not what the author may do."""
    if user is repo.owner:
        return "OWNER"
    if isinstance(repo.owner, Organization) and user.login in repo.owner.members:
        return "MEMBER"
    if repo.roles.get(user.login, "none") != "none":
        return "COLLABORATOR"
    if any(isinstance(i, Pull) and i.user is user and i.merged_at for i in repo.issues.values()):
        return "CONTRIBUTOR"
    return "NONE"
