"""How things come into being that no bot makes: people, tokens, teams, repositories, forks, hooks, rules."""

import re
import secrets
import shutil

from . import payloads
from .git_store import GitStore
from .model import ROLES, Hook, Organization, Protection, Repo, Team, Token, User
from .pulls import Refused
from .pushes import commit_files
from .world import World

NAME = re.compile(r"[A-Za-z0-9._-]+(\[bot\])?")


def add_person(world: World, login: str, *, token: str | None = None, scopes=None,
               **facts) -> tuple[User, Token]:
    check_new(world, login)
    user = world.add_user(login, **facts)
    return user, add_token(world, user, token, scopes)


def check_new(world: World, login: str) -> None:
    if not NAME.fullmatch(login):
        raise Refused(f"{login!r} is no name")
    if login.lower() in world.users:
        raise Refused(f"{login} exists")


def add_token(world: World, user: User, value: str | None = None, scopes=None,
              installation=None) -> Token:
    value = value or f"{'ghs' if installation else 'ghp'}_{secrets.token_hex(18)}"
    made = Token(value, user, tuple(scopes or ("repo", "read:org")), installation=installation)
    world.tokens[made.value] = made
    return made


def add_organization(world: World, login: str, members: dict, default_permission: str) -> Organization:
    check_new(world, login)
    check_role(default_permission)
    org = world.add_organization(login, default_permission)
    for name, role in members.items():
        org.members[world.user(name).login] = "admin" if role in ("admin", "owner") else "member"
    return org


def add_team(world: World, org: Organization, name: str, members: list) -> Team:
    team = Team(world.next_id(), org, name, re.sub(r"[^a-z0-9]+", "-", name.lower()), created_at=world.now())
    for login in members:
        person = world.user(login)
        team.members[person.login] = "member"
        org.members.setdefault(person.login, "member")
    org.teams[team.slug] = team
    world.note("team", org=org.login, team=team.slug)
    return team


def check_role(role: str) -> str:
    if role not in ROLES:
        raise Refused(f"a role is one of {', '.join(ROLES)}")
    return role


def add_repo(world: World, owner: User, name: str, *, private: bool = False, tree: dict | None = None,
             default_branch: str = "main", parent: Repo | None = None,
             description: str | None = None) -> Repo:
    full_name = f"{owner.login}/{name}"
    if not NAME.fullmatch(name) or name.endswith(".git"):
        raise Refused(f"{name!r} is no name")
    if full_name.lower() in world.repos:
        raise Refused(f"{full_name} exists")
    now = world.now()
    repo = Repo(world.next_id(), owner, name, private, default_branch, now, now, now, parent=parent,
                description=description)
    repo.git = GitStore(world.data / owner.login / f"{name}.git", default_branch,
                        share_objects_of=parent.git if parent else None)
    world.repos[full_name.lower()] = repo
    world.note("repo", repo)
    if tree:
        commit_files(world, repo, _first_author(world, owner), default_branch, tree, "Initial commit")
    return repo


def _first_author(world: World, owner: User) -> User:
    """An organization owns but does not commit."""
    return world.web_flow if isinstance(owner, Organization) else owner


def fork(world: World, parent: Repo, owner: User, name: str | None) -> Repo:
    root = parent.parent or parent
    made = add_repo(world, owner, name or parent.name, private=parent.private, parent=root,
                    default_branch=parent.default_branch, description=parent.description)
    for branch, sha in parent.git.heads.items():
        made.git.set_ref(f"refs/heads/{branch}", sha)
    return made


def rename_repo(world: World, repo: Repo, user: User, name: str) -> None:
    """The old name leads to the new one until somebody else takes it, over REST and over git."""
    if not NAME.fullmatch(name) or f"{repo.owner.login}/{name}".lower() in world.repos:
        raise Refused(f"{name!r} is taken or no name")
    old = repo.name
    del world.repos[repo.full_name.lower()]
    world.renamed[repo.full_name.lower()] = repo
    repo.name = name
    world.repos[repo.full_name.lower()] = repo
    world.note("repo.renamed", repo)
    world.webhooks.emit(repo, "repository", user, lambda: payloads.renamed(old))


def delete_repo(world: World, repo: Repo) -> None:
    """Pull requests that came from it stay, without a head repository; their commits stay with the parent."""
    del world.repos[repo.full_name.lower()]
    for other in world.repos.values():
        for pull in other.pulls:
            if pull.head_repo is repo:
                pull.head_repo = None
    repo.git.close()
    shutil.rmtree(repo.git.path)
    world.note("repo.deleted", repo)


def add_hook(world: World, repo: Repo, user: User, url: str, secret: str | None, events,
             content_type: str = "json", active: bool = True) -> Hook:
    now = world.now()
    hook = Hook(world.next_id(), repo, url, secret, tuple(events), content_type, active, now, now)
    repo.hooks[hook.id] = hook
    world.note("hook", repo, hook=hook.id)
    world.webhooks.ping(hook, user)
    return hook


def protect(world: World, repo: Repo, branch: str, rule: dict | None) -> None:
    """Sets or (None) removes a branch's protection. Who pushes past it over git is told so by git."""
    if rule is None:
        repo.protections.pop(branch, None)
    else:
        unknown = rule.keys() - Protection.__dataclass_fields__.keys()
        if unknown:
            raise Refused(f"a protection has no {', '.join(sorted(unknown))}")
        repo.protections[branch] = Protection(**rule | {"contexts": tuple(rule.get("contexts", ()))})
    closed = [f"refs/heads/{name}\n" for name, rule in repo.protections.items() if rule.block_pushes]
    (repo.git.path / "protected").write_text("".join(closed))
    world.note("protection", repo, branch=branch)
