"""What is published about webhook events: two descriptions, and examples."""

import functools
import json

from .published import package
from .schema import Document


@functools.cache
def _descriptions() -> Document:
    text = (package("@octokit/openapi-webhooks") / "generated" / "api.github.com.json").read_text()
    return Document(json.loads(text))


@functools.cache
def _schemas() -> Document:
    return Document(json.loads((package("@octokit/webhooks-schemas") / "schema.json").read_text()))


@functools.cache
def _examples() -> dict[tuple, list]:
    """(event, action) -> example payloads"""
    text = (package("@octokit/webhooks-examples") / "api.github.com" / "index.json").read_text()
    found: dict[tuple, list] = {}
    for event in json.loads(text):
        for example in event["examples"]:
            found.setdefault((event["name"], example.get("action")), []).append(example)
    return found


def problems(event: str, action: str | None, payload: dict) -> list[str]:
    """What both descriptions of the event find wrong with a payload, and what all its examples have but it
    has not."""
    described, schemas = _descriptions(), _schemas()
    hook = described.root["webhooks"].get("-".join(filter(None, (event, action))).replace("_", "-"))
    if hook is None:
        return ["there is no such event"]
    body = hook["post"]["requestBody"]["content"]["application/json"]["schema"]
    found = described.problems(body, payload)
    schema = schemas.root["definitions"].get(f"{event}${action or 'event'}")
    if schema is not None:
        found += schemas.problems(schema, payload)
    return found + _unlike(_examples().get((event, action), []), payload)


def _unlike(published: list, payload: dict) -> list[str]:
    """Key paths that all examples have and the payload has not, or has with another JSON type."""
    ours, theirs = _paths(payload), [_paths(example) for example in published]
    everywhere = set.intersection(*map(set, theirs)) if theirs else set()
    found = []
    for path in everywhere:
        if path[:1] == ("installation",):
            continue  # only an app's webhooks have one
        kinds = set().union(*(paths[path] for paths in theirs))
        if path in ours:
            if not ours[path] <= kinds | {"null"} and kinds != {"null"}:
                found.append(f"{'.'.join(path)} is {ours[path]}, in the examples {kinds}")
        elif not _below_nothing(path, ours):
            found.append(f"{'.'.join(path)} is in every example")
    return sorted(found)


def _below_nothing(path: tuple, ours: dict) -> bool:
    """Whether the path leads through a null or an empty list of ours, below which nothing can be."""
    return any(ours.get(path[:length]) == {"null"} or (path[length] == "[]" and path[:length + 1] not in ours)
               for length in range(1, len(path)))


def _paths(value, path: tuple = ()) -> dict[tuple, set]:
    """Key path -> JSON types seen there; the items of a list share one path."""
    found = {path: {_kind(value)}}
    inside = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = [("[]", item) for item in value]
    for name, item in inside:
        for deeper, kinds in _paths(item, (*path, name)).items():
            found.setdefault(deeper, set()).update(kinds)
    return found


def _kind(value) -> str:
    names = {bool: "boolean", str: "string", int: "number", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "null")
