"""From a REST request to the function that answers it, and from what that returns to a response.

An answer is what the function returns (200), or an `Answer` with another status. A refusal is an `ApiError`.
"""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from typing import Any, Callable
from urllib.parse import urlencode

from .access import may, scope_allows
from .model import Repo, Token, User
from .pulls import Refused
from .server import Request
from .world import NotThere, World

DOCUMENT = "https://docs.github.com/rest"
MAX_PER_PAGE = 100


class ApiError(Exception):
    def __init__(self, status: int, message: str, errors: list | None = None, headers: list | None = None,
                 document: str = DOCUMENT):
        super().__init__(message)
        self.status, self.message, self.errors = status, message, errors
        self.headers, self.document = headers or [], document

    def body(self) -> dict:
        told = {"message": self.message}
        if self.errors is not None:
            told["errors"] = self.errors
        return told | {"documentation_url": self.document, "status": str(self.status)}


def not_found() -> ApiError:
    return ApiError(404, "Not Found")


def invalid(resource: str, field: str | None, code: str = "invalid", message: str | None = None) -> ApiError:
    problem = {"resource": resource, "code": code, "field": field, "message": message}
    return ApiError(422, "Validation Failed",
                    [{key: told for key, told in problem.items() if told is not None}])


@contextmanager
def refusing(resource: str, code: str = "custom"):
    """What the forge refuses inside is a 422 about this kind of thing."""
    try:
        yield
    except Refused as refusal:
        raise invalid(resource, refusal.field, code, str(refusal)) from None


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: tuple = ()
    kind: str = "application/json; charset=utf-8"


@dataclass
class Route:
    method: str
    template: str
    pattern: re.Pattern
    needs: str  # the role on the repository
    area: str  # what the token's scopes are asked for
    answer: Callable


ROUTES: list[Route] = []
GREEDY: list[Route] = []  # those that end in any number of segments, asked last


def route(method: str, template: str, needs: str = "read", area: str = ""):
    """`{name}` is one segment, `{name:int}` a number, `{name:path}` any number of segments."""
    kinds = {"": r"[^/]+", ":int": r"\d+", ":path": r".+"}
    pattern = re.sub(r"\{(\w+)(:\w+)?\}", lambda m: f"(?P<{m[1]}>{kinds[m[2] or '']})", template)

    def add(answer):
        routes = GREEDY if template.endswith(":path}") else ROUTES
        routes.append(Route(method, template, re.compile(pattern + "/?"), needs, area, answer))
        return answer

    return add


class Call:
    """One request on its way through a route."""

    def __init__(self, world: World, limits, request: Request, path: str, token: Token | None):
        self.world, self.limits, self.request, self.path, self.token = world, limits, request, path, token
        self.links = world.links
        self.params: dict[str, str] = {}
        self.repo: Repo | None = None
        self.headers: list = []

    @property
    def user(self) -> User | None:
        return self.token.user if self.token else None

    @property
    def query(self) -> dict:
        return self.request.query

    def number(self, name: str) -> int:
        return int(self.params[name])

    def json(self) -> dict:
        text = self.request.body.whole()
        try:
            told = json.loads(text) if text else {}
        except ValueError:
            raise ApiError(400, "Problems parsing JSON") from None
        if not isinstance(told, dict):
            raise ApiError(400, "Body should be a JSON object")
        return told

    def since(self) -> datetime:
        """The `since` of lists, which compare it with the last change of each item in whole seconds."""
        try:
            told = datetime.fromisoformat(self.query["since"])
        except (KeyError, ValueError):
            return datetime.min.replace(tzinfo=timezone.utc)
        return told if told.tzinfo else told.replace(tzinfo=timezone.utc)

    def page(self, items: list, most: int = MAX_PER_PAGE) -> list:
        """The part of a list that was asked for; the Link header tells the other parts."""
        per_page = min(_positive(self.query.get("per_page"), 30), most)
        number = _positive(self.query.get("page"), 1)
        last = max(1, -(-len(items) // per_page))
        pages = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        if number >= last:
            del pages["next"], pages["last"]
        if number <= 1:
            del pages["prev"], pages["first"]
        if pages:
            self.headers.append(("Link", ", ".join(
                f'<{self._page_address(page)}>; rel="{name}"' for name, page in pages.items())))
        return items[(number - 1) * per_page: number * per_page]

    def _page_address(self, page: int) -> str:
        path = self.request.target.partition("?")[0]
        return f"{self.links.web}{path}?{urlencode(self.query | {'page': page})}"

    def pull(self):
        return self.world.pull(self.repo, self.params["number"])

    def issue(self):
        return self.world.issue(self.repo, self.params["number"])

    def need_user(self) -> User:
        if self.user is None:
            raise ApiError(401, "Requires authentication")
        return self.user


def _positive(text: str | None, default: int) -> int:
    return max(1, int(text)) if text and text.isdigit() else default


BY_NUMBER = re.compile(r"/repositories/(\d+)(/.*)?")


def dispatch(call: Call) -> Answer:
    match = BY_NUMBER.fullmatch(call.path)
    if match:
        named = [repo for repo in call.world.repos.values() if repo.id == int(match[1])]
        call.path = f"/repos/{named[0].full_name}{match[2] or ''}" if named else call.path
    method = "GET" if call.request.method == "HEAD" else call.request.method
    for candidate in chain(ROUTES, GREEDY):
        if candidate.method == method:
            match = candidate.pattern.fullmatch(call.path)
            if match:
                call.params = match.groupdict()
                return _answer(call, candidate)
    raise not_found()


def _moved(call: Call, name: str) -> Repo:
    """A repository that had this name is elsewhere; for who may not read it, it never was."""
    repo = call.world.renamed.get(name.lower())
    if repo is None or not may(repo, call.user, "read"):
        raise not_found()
    rest = call.path.split("/", 4)[4:]
    query = f"?{urlencode(call.query)}" if call.query else ""
    address = "/".join([f"{call.links.api}/repositories/{repo.id}", *rest]) + query
    raise ApiError(301 if call.request.method == "GET" else 307, "Moved Permanently",
                   headers=[("Location", address)])


def _answer(call: Call, chosen: Route) -> Answer:
    try:
        if "owner" in call.params and "repo" in call.params:
            call.repo = _repo(call, chosen)
        told = chosen.answer(call)
    except NotThere:
        raise not_found() from None
    return told if isinstance(told, Answer) else Answer(200, told)


def _repo(call: Call, chosen: Route) -> Repo:
    """What a person may not read does not exist for them; what they may read but not do is forbidden."""
    name = f"{call.params['owner']}/{call.params['repo']}"
    repo = call.world.repos.get(name.lower()) or _moved(call, name)
    writing = chosen.method != "GET"
    if not may(repo, call.user, "read"):
        raise not_found()
    if writing:
        call.need_user()
    if call.token and not scope_allows(call.token, repo, writing, chosen.area):
        raise not_found()
    if not may(repo, call.user, chosen.needs):
        raise ApiError(403, "Must have admin rights to Repository." if chosen.needs == "admin" else
                       "Resource not accessible by personal access token")
    if writing and repo.archived:
        raise ApiError(403, "Repository was archived so is read-only.")
    return repo
