"""Verbs about apps: they come into being, are installed and thrown out."""

from .. import installing
from .verbs import Order, verb


@verb("POST", "apps")
def add_app(order: Order) -> dict:
    app, key = installing.add_app(order.world, order.user("owner"), order.need("slug"))
    return {"id": app.id, "client_id": app.client_id, "login": app.speaks_as.login, "private_key": key}


@verb("POST", "apps/install")
def install(order: Order) -> dict:
    repos = order.get("repos")
    made = installing.install(order.world, installing.app_called(order.world, order.need("app")), order.user("account"),
                        None if repos is None else [order.world.repo(name) for name in repos])
    return {"id": made.id}


@verb("POST", "apps/uninstall")
def uninstall(order: Order) -> None:
    installing.uninstall(order.world, installing.app_called(order.world, order.need("app")), order.user("account"))


@verb("POST", "apps/revoke")
def revoke(order: Order) -> None:
    """Every token that its installations were given, long before their time."""
    app = installing.app_called(order.world, order.need("app"))
    for token in order.world.tokens.values():
        token.revoked = token.revoked or token.installation in app.installations
