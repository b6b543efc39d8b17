"""What an app asks for itself, by its JSON Web Token."""

from ..apps import App, Installation
from ..installing import give_token
from ..links import time_text
from ..router import Answer, ApiError, Call, not_found, route
from ..shapes import apps


def _app(call: Call) -> App:
    if call.token is None or call.token.app is None:
        raise ApiError(401, "A JSON web token could not be decoded")
    return call.token.app


def _installation(found: list[Installation]) -> Installation:
    if not found:
        raise not_found()
    return found[0]


@route("GET", "/app")
def current_app(call: Call):
    return apps.app(call.links, _app(call))


@route("GET", "/app/installations")
def installations(call: Call):
    return [apps.installation(call.links, one) for one in call.page(_app(call).installations)]


@route("POST", "/app/installations/{id:int}/access_tokens")
def access_token(call: Call):
    one = _installation([one for one in _app(call).installations if one.id == call.number("id")])
    if one.suspended_at:
        raise ApiError(403, "This installation has been suspended")
    made = give_token(call.world, one)
    return Answer(201, {"token": made.value, "expires_at": time_text(made.expires_at),
                        "permissions": apps.PERMISSIONS, "repository_selection": apps.selection(one)})


@route("GET", "/repos/{account}/{name}/installation")
def of_repository(call: Call):
    """Which the app may ask before it may see anything of the repository."""
    repo = call.world.repos.get(f"{call.params['account']}/{call.params['name']}".lower())
    return apps.installation(call.links, _installation(
        [one for one in _app(call).installations if repo is not None and one.holds(repo)]))


@route("GET", "/orgs/{org}/installation")
def of_organization(call: Call):
    app, org = _app(call), call.world.organization(call.params["org"])
    return apps.installation(call.links, _installation([one for one in app.installations if one.account is org]))


@route("GET", "/users/{user}/installation")
def of_user(call: Call):
    app, user = _app(call), call.world.user(call.params["user"])
    return apps.installation(call.links, _installation([one for one in app.installations if one.account is user]))
