"""A repository's webhooks and their deliveries."""

import json

from ..founding import add_hook
from ..links import time_text
from ..model import Hook
from ..router import Answer, Call, invalid, not_found, route
from ..shapes import repos
from ..webhooks import Delivery


@route("GET", "/repos/{owner}/{repo}/hooks", needs="admin")
def listed(call: Call):
    return call.page([repos.hook(call.links, hook) for hook in call.repo.hooks.values()])


@route("POST", "/repos/{owner}/{repo}/hooks", needs="admin")
def created(call: Call):
    told = call.json()
    config = told.get("config") or {}
    if not config.get("url"):
        raise invalid("Hook", "config", "missing_field")
    if any(hook.url == config["url"] for hook in call.repo.hooks.values()):
        raise invalid("Hook", "config", "custom", "Hook already exists on this repository")
    hook = add_hook(call.world, call.repo, call.user, config["url"], config.get("secret"),
                    told.get("events") or ["push"], config.get("content_type", "form"),
                    told.get("active", True))
    return Answer(201, repos.hook(call.links, hook))


@route("GET", "/repos/{owner}/{repo}/hooks/{hook:int}", needs="admin")
def one(call: Call):
    return repos.hook(call.links, _hook(call))


@route("PATCH", "/repos/{owner}/{repo}/hooks/{hook:int}", needs="admin")
def edited(call: Call):
    hook, told = _hook(call), call.json()
    config = told.get("config") or {}
    hook.url, hook.secret = config.get("url", hook.url), config.get("secret", hook.secret)
    hook.content_type = config.get("content_type", hook.content_type)
    hook.events = tuple(told.get("events", hook.events))
    hook.active, hook.updated_at = told.get("active", hook.active), call.world.now()
    call.world.note("hook", call.repo, hook=hook.id)
    return repos.hook(call.links, hook)


@route("DELETE", "/repos/{owner}/{repo}/hooks/{hook:int}", needs="admin")
def deleted(call: Call):
    del call.repo.hooks[_hook(call).id]
    call.world.note("hook", call.repo)
    return Answer(204)


@route("POST", "/repos/{owner}/{repo}/hooks/{hook:int}/pings", needs="admin")
def pinged(call: Call):
    call.world.webhooks.ping(_hook(call), call.user)
    return Answer(204)


@route("GET", "/repos/{owner}/{repo}/hooks/{hook:int}/deliveries", needs="admin")
def deliveries(call: Call):
    hook = _hook(call)
    done = [made for made in call.world.deliveries.values() if made.hook is hook and made.delivered_at]
    return call.page([_item(made) for made in reversed(done)])


@route("GET", "/repos/{owner}/{repo}/hooks/{hook:int}/deliveries/{delivery:int}", needs="admin")
def delivery(call: Call):
    made = _delivery(call)
    if made.delivered_at is None:
        raise not_found()
    return _item(made) | {
        "url": made.hook.url,
        "request": {"headers": made.headers, "payload": json.loads(made.payload)},
        "response": {"headers": made.response_headers, "payload": made.response_body}}


@route("POST", "/repos/{owner}/{repo}/hooks/{hook:int}/deliveries/{delivery:int}/attempts", needs="admin")
def redelivered(call: Call):
    call.world.webhooks.redeliver(_delivery(call))
    return Answer(202, {})


def _hook(call: Call) -> Hook:
    found = call.repo.hooks.get(call.number("hook"))
    if found is None:
        raise not_found()
    return found


def _delivery(call: Call) -> Delivery:
    found = call.world.deliveries.get(call.number("delivery"))
    if found is None or found.hook is not _hook(call):
        raise not_found()
    return found


def _item(made: Delivery) -> dict:
    return {"id": made.id, "guid": made.guid, "delivered_at": time_text(made.delivered_at),
            "redelivery": made.redelivery, "duration": made.duration, "status": made.status,
            "status_code": made.status_code, "event": made.event, "action": made.action,
            "installation_id": None, "repository_id": made.hook.repo.id, "throttled_at": None}
