"""Smart HTTP, by git's own `git http-backend`; who may fetch and push is decided here."""

import os
import re
import subprocess
import tempfile

from .access import BadCredentials, may, token_of
from .git_store import ENVIRONMENT
from .model import Repo, Token, User
from .pushes import received
from .server import CHUNK, Body, Request, Response
from .world import World

PATH = re.compile(r"/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack|HEAD|objects/.+)")


def is_git(path: str) -> bool:
    return PATH.fullmatch(path) is not None


def _scope_reads(token: Token | None, repo: Repo) -> bool:
    return token is None or not repo.private or "repo" in token.scopes


class GitHttp:
    def __init__(self, world: World):
        self._world = world

    def answer(self, request: Request) -> Response:
        owner, name, rest = PATH.fullmatch(request.path).groups()
        pushing = "git-receive-pack" in (rest, request.query.get("service"))
        with self._world.lock:
            repo, user, refusal = self._admit(request, f"{owner}/{name}", pushing)
        if refusal:
            return refusal
        if rest == "git-receive-pack":
            return self._receive(request, repo, user)
        return run_backend(request, repo, user, rest)

    def _admit(self, request: Request, full_name: str, pushing: bool) -> tuple:
        """(repository, user, None) or (None, None, the refusal)."""
        try:
            token = token_of(self._world, request.headers)
        except BadCredentials:
            return None, None, _text(401, "Invalid username or token.")
        user = token.user if token else None
        known = self._world.repos.get(full_name.lower())
        repo = known or self._world.renamed.get(full_name.lower())
        unseen = repo is None or not may(repo, user, "read") or not _scope_reads(token, repo)
        if user is None and (unseen or pushing):
            return None, None, _text(401, "Authentication required.")
        if unseen:
            return None, None, _text(404, "Repository not found.")
        if known is None:
            return None, None, self._elsewhere(request, full_name, repo)
        if pushing and (repo.archived or not may(repo, user, "write")):
            return None, None, _text(403, f"Permission to {repo.full_name}.git denied to {user.login}.")
        return repo, user, None

    def _elsewhere(self, request: Request, old_name: str, repo: Repo) -> Response:
        target = request.target.split("/", 3)[3]
        return Response(301, [("Location", f"{self._world.links.page(repo)}.git/{target}")])

    def _receive(self, request: Request, repo: Repo, user: User) -> Response:
        with self._world.lock:
            before = dict(repo.git.heads)
        response = run_backend(request, repo, user, "git-receive-pack")
        response.body = b"".join(response.body)  # the effect is complete before its answer begins
        with self._world.lock:
            received(self._world, repo, user, before)
        return response


def run_backend(request: Request, repo: Repo, user: User | None, rest: str) -> Response:
    environment = ENVIRONMENT | {
        "GIT_PROJECT_ROOT": str(repo.git.path), "PATH_INFO": "/" + rest, "GIT_HTTP_EXPORT_ALL": "1",
        "REQUEST_METHOD": request.method, "QUERY_STRING": request.target.partition("?")[2],
        "CONTENT_TYPE": request.headers.get("content-type", ""), "REMOTE_ADDR": "127.0.0.1",
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
    }
    if user:
        environment["REMOTE_USER"] = user.login
    spooled = _spool(request.body)
    environment["CONTENT_LENGTH"] = str(os.fstat(spooled.fileno()).st_size)
    process = subprocess.Popen(["git", "http-backend"], env=environment, stdin=spooled,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    spooled.close()
    status, headers = 200, []
    while (line := process.stdout.readline().decode("latin-1").strip()):
        key, _, value = line.partition(":")
        if key.lower() == "status":
            status = int(value.split()[0])
        else:
            headers.append((key, value.strip()))
    return Response(status, headers, Output(process))


def _spool(body: Body):
    """The request in a file: a process that answers before it has read everything would block a pipe."""
    file = tempfile.TemporaryFile()
    for chunk in body.chunks():
        file.write(chunk)
    file.seek(0)
    return file


class Output:
    """What a process says, as it says it. Nobody may want to hear it: closing ends the process."""

    def __init__(self, process: subprocess.Popen):
        self._process = process

    def __iter__(self):
        try:
            while part := self._process.stdout.read1(CHUNK):
                yield part
        finally:
            self.close()

    def close(self) -> None:
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()


def _text(status: int, message: str) -> Response:
    headers = [("Content-Type", "text/plain; charset=utf-8")]
    if status == 401:
        headers.append(("WWW-Authenticate", 'Basic realm="GitHub"'))
    return Response(status, headers, message.encode())
