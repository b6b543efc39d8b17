"""How apps come into being, are installed and thrown out, and get tokens for where they are installed."""

import secrets
import subprocess
from datetime import timedelta
from pathlib import Path

from .apps import App, Installation
from .founding import add_token, check_new
from .model import Repo, Token, User
from .pulls import Refused
from .world import NotThere, World

TOKEN_LIFE = timedelta(hours=1)


def add_app(world: World, owner: User, slug: str) -> tuple[App, str]:
    """The app, and its private key as GitHub gives it out once."""
    check_new(world, f"{slug}[bot]")
    key, modulus = _new_key(world.data)
    app = App(world.next_id(), slug, f"Iv23li{secrets.token_hex(7)}", owner,
              world.add_user(f"{slug}[bot]", kind="Bot"), modulus, world.now())
    world.apps[app.id] = app
    return app, key


def _new_key(folder: Path) -> tuple[str, int]:
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], check=True, capture_output=True, text=True)
    told = subprocess.run(["openssl", "rsa", "-noout", "-modulus"], input=made.stdout, check=True,
                          capture_output=True, text=True)
    return made.stdout, int(told.stdout.strip().partition("=")[2], 16)


def app_called(world: World, slug: str) -> App:
    for app in world.apps.values():
        if app.slug == slug:
            return app
    raise NotThere(f"there is no app {slug}")


def install(world: World, app: App, account: User, repos: list[Repo] | None) -> Installation:
    if any(one.account is account for one in app.installations):
        raise Refused(f"{account.login} has installed {app.slug}")
    made = Installation(world.next_id(), app, account, repos, world.now())
    app.installations.append(made)
    for repo in world.repos.values():
        if made.holds(repo):
            repo.roles[app.speaks_as.login] = "write"
    world.note("installation", app=app.slug, account=account.login)
    return made


def uninstall(world: World, app: App, account: User) -> None:
    gone = [one for one in app.installations if one.account is account]
    app.installations = [one for one in app.installations if one.account is not account]
    for repo in world.repos.values():
        if any(one.holds(repo) for one in gone):
            repo.roles.pop(app.speaks_as.login, None)
    for token in world.tokens.values():
        token.revoked = token.revoked or token.installation in gone
    world.note("installation", app=app.slug, account=account.login)


def give_token(world: World, installation: Installation) -> Token:
    made = add_token(world, installation.app.speaks_as, installation=installation)
    made.expires_at = world.now() + TOKEN_LIFE
    return made
