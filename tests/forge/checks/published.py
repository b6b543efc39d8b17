"""GitHub's published descriptions, from npm, kept in the cache and never in the tree.

`why_not` fetches them; where that is impossible it says why, and the checks that need them are skipped.
"""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from .schema import Document

PACKAGES = {
    "@octokit/openapi": "23.0.2",
    "@octokit/openapi-webhooks": "12.1.0",
    "@octokit/webhooks-examples": "7.6.1",
    "@octokit/webhooks-schemas": "7.6.1",
}
INSTALL_SECONDS = 300


def folder() -> Path:
    return Path(os.environ.get("SLIPWAY_CACHE") or Path.home() / ".cache" / "slipway") / "github"


def package(name: str) -> Path:
    return folder() / "node_modules" / name


def missing() -> list[str]:
    return [f"{name}@{version}" for name, version in PACKAGES.items() if not _has(name, version)]


def _has(name: str, version: str) -> bool:
    try:
        return json.loads((package(name) / "package.json").read_text())["version"] == version
    except (OSError, ValueError, KeyError):
        return False


@functools.cache
def why_not() -> str | None:
    """None when everything is there, fetched now if need be; else why it is not."""
    wanted = missing()
    if not wanted:
        return None
    if shutil.which("npm") is None:
        return "npm is not installed"
    folder().mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
               "--prefix", str(folder()), *wanted]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        return f"npm took more than {INSTALL_SECONDS} seconds"
    if missing():
        return f"npm could not install {', '.join(wanted)}: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
    return None


class Api:
    """The REST description: which operation a request is, and what its answer must look like."""

    def __init__(self, root: dict):
        self.document, self._lenient = Document(root, strict=True), Document(root)
        self._operations = []
        for template, operations in root["paths"].items():
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)))
            literal = len(re.sub(r"\{\w+\}", "", template))
            self._operations.append((literal, pattern, template, operations))
        self._operations.sort(key=lambda operation: -operation[0])

    def operation(self, method: str, path: str) -> tuple[str, dict] | None:
        """The template and the description of the operation, the one with most letters of its own first."""
        for _, pattern, template, operations in self._operations:
            if method.lower() in operations and pattern.fullmatch(path):
                return template, operations[method.lower()]
        return None

    def problems(self, method: str, path: str, status: int, body) -> list[str]:
        found = self.operation(method, path)
        if found is None:
            return [f"{method} {path} is no operation"]
        template, operation = found
        answer = operation["responses"].get(str(status))
        if answer is None:
            if status < 400:
                return [f"{method} {template} never answers {status}"]
            name = "validation_failed" if status == 422 else "not_found"
            answer = {"$ref": f"#/components/responses/{name}"}
        answer = self.document.resolve(answer)
        kinds = answer.get("content", {})
        schema = next((kind["schema"] for name, kind in kinds.items() if "json" in name and "schema" in kind),
                      None)
        if schema is None:
            return [f"{method} {template} {status}: a body where none is"] if body and status < 400 else []
        judge = self.document if status < 400 else self._lenient  # errors carry more than is described
        return [f"{method} {template} {status} {problem}" for problem in judge.problems(schema, body)]


@functools.cache
def api() -> Api:
    return Api(json.loads((package("@octokit/openapi") / "generated" / "api.github.com.json").read_text()))
