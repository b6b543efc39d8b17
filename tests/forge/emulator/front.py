"""The front door: who is meant (REST, git, the control API), faults, the request log, and REST's headers."""

import hashlib
import json
import secrets
import time
import traceback

from .access import BadCredentials, token_of
from .control import Control
from .faults import Faults
from .git_http import GitHttp, is_git
from .limits import ANONYMOUS, Limits
from .model import Token
from .pages import Pages
from .router import Answer, ApiError, Call, dispatch
from .server import BadRequest, Gone, Request, Response
from .striking import strike
from .world import World

API = "/api/v3"
GRAPHQL = ("/api/graphql", "/graphql")
ROOT_API = ("/repos/", "/repositories/", "/user", "/users/", "/orgs/", "/installation/",
            "/app/", "/rate_limit", "/meta", "/zen")
CONTROL = "/_control/"
MEDIA_TYPE, API_VERSION = "github.v3; format=json", "2022-11-28"
LIMIT_DOCUMENT = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"
TOO_MANY_WRITES = ("You have exceeded a secondary rate limit and have been temporarily blocked from content "
                   "creation. Please retry your request again later.")
MAX_CACHED = 4096


class Front:
    def __init__(self, world: World, faults: Faults, limits: Limits):
        self._world, self._faults, self._limits = world, faults, limits
        self._control, self._git = Control(world, faults, limits), GitHttp(world)
        self._pages = Pages(world)
        self._cache: dict = {}
        self._cached_version = -1

    def handle(self, request: Request) -> Response:
        try:
            return self._choose(request)
        except (Gone, BadRequest):
            raise
        except Exception:  # a bug here must not look like a fault that a test asked for
            traceback.print_exc()
            return Response(500, [("Content-Type", "text/plain")],
                            b"The emulator is wrong; see its standard error.")

    def _choose(self, request: Request) -> Response:
        if request.path.startswith(CONTROL):
            return self._control.answer(request, request.path[len(CONTROL):])
        path = api_path(request.path)
        if path is None and not is_git(request.path):
            return self._pages.answer(request)
        return self._serve(request, path)

    def _serve(self, request: Request, path: str | None) -> Response:
        started = time.monotonic()
        try:
            with self._world.lock:
                token = token_of(self._world, request.headers)
            login = token.user.login if token else None
        except BadCredentials:
            token, login = None, None
        fault = self._faults.for_request(request.method, request.path, login)
        log = {"method": request.method, "path": request.path, "query": request.query, "user": login,
               "fault": fault.kind if fault else None, "status": None}
        hangs = fault is not None and fault.kind == "hang"  # nobody who waits for quiet waits for these
        self._world.request_begins(not hangs, method=request.method, path=request.path, user=login,
                                   fault=log["fault"])

        def perform() -> Response:
            return self._git.answer(request) if path is None else self._rest(request, path)

        try:
            response = strike(fault, request, perform) if fault else perform()
            log["status"] = response.status
            return response
        finally:
            log["seconds"] = round(time.monotonic() - started, 4)
            self._world.request_ends(not hangs, log)

    def _rest(self, request: Request, path: str) -> Response:
        version = request.headers.get("x-github-api-version", API_VERSION)
        headers = [("X-GitHub-Media-Type", MEDIA_TYPE), ("X-GitHub-Request-Id", secrets.token_hex(8).upper()),
                   ("X-GitHub-Api-Version-Selected", version)]
        request.body.peek()  # whoever sends slowly keeps nobody else waiting
        with self._world.lock:
            who, counted = None, path != "/rate_limit"
            try:
                token = self._authenticate(request)
                who = token.user.login if token else ANONYMOUS
                if counted:
                    self._count(request, who)
                answer, made = self._answer(request, path, token)
            except ApiError as error:
                answer, made = Answer(error.status, error.body()), list(error.headers)
            body = _encode(answer)
            tag = f'W/"{hashlib.sha256(body).hexdigest()}"'
            if answer.status == 200 and request.method in ("GET", "HEAD"):
                made += [("ETag", tag), ("Cache-Control", "private, max-age=60, s-maxage=60")]
                if _same(request.headers.get("if-none-match"), tag):
                    answer, body = Answer(304), b""
                    if counted:
                        self._limits.give_back(who)
            if who:
                made += self._limits.headers(who)
        if body:
            headers.append(("Content-Type", answer.kind))
        return Response(answer.status, headers + made + list(answer.headers), body)

    def _authenticate(self, request: Request) -> Token | None:
        try:
            return token_of(self._world, request.headers)
        except BadCredentials:
            raise ApiError(401, "Bad credentials") from None

    def _count(self, request: Request, who: str) -> None:
        if not self._limits.take(who):
            raise ApiError(403, f"API rate limit exceeded for {who}.", document=LIMIT_DOCUMENT)
        if request.method not in ("GET", "HEAD"):
            wait = self._limits.write(who)
            if wait is not None:
                raise ApiError(403, TOO_MANY_WRITES, headers=[("Retry-After", str(wait))],
                               document=LIMIT_DOCUMENT)

    def _answer(self, request: Request, path: str, token: Token | None) -> tuple[Answer, list]:
        """Answers from the cache while nothing has changed: a bot that polls costs next to nothing."""
        cachable = request.method == "GET" and path.startswith("/repos/") and "/hooks" not in path
        key = (token.value if token else None, request.target, request.headers.get("accept"))
        if self._cached_version != self._world.version or len(self._cache) > MAX_CACHED:
            self._cache, self._cached_version = {}, self._world.version
        if cachable and key in self._cache:
            answer, made = self._cache[key]
            return answer, list(made)
        call = Call(self._world, self._limits, request, path, token)
        answer = dispatch(call)
        if token:
            call.headers.append(("X-OAuth-Scopes", ", ".join(token.scopes)))
        if cachable and self._cached_version == self._world.version:
            answer.body = _encode(answer)
            self._cache[key] = (answer, list(call.headers))
        return answer, call.headers


def api_path(path: str) -> str | None:
    """The path below the API's root, by either of the two roots it has."""
    if path == API or path.startswith(API + "/"):
        return path[len(API):] or "/"
    if path in GRAPHQL:
        return "/graphql"
    if (path == "/app" or path.startswith(ROOT_API)) and not is_git(path):
        return path
    return None


def _encode(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    if answer.body is None:
        return b""
    if answer.kind.startswith("text/") or answer.kind.startswith("application/vnd"):
        return str(answer.body).encode()
    return json.dumps(answer.body, separators=(",", ":")).encode()


def _same(wanted: str | None, tag: str) -> bool:
    """Weak comparison, as for any conditional GET."""
    tags = [part.strip().removeprefix("W/") for part in (wanted or "").split(",")]
    return tag.removeprefix("W/") in tags or "*" in tags
