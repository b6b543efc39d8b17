"""A few plain pages, so that a person can follow a demonstration in a browser."""

import html
import re

from .git_store import GitError
from .model import Issue, Pull, Repo
from .pull_facts import newest_statuses
from .server import Request, Response
from .world import NotThere, World

STYLE = ("body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
         "pre{white-space:pre-wrap;background:#f6f8fa;padding:1rem;border-radius:6px;overflow-x:auto}"
         "h3{margin:1.5rem 0 .3rem}small{color:#59636e}")
PULL = re.compile(r"/([^/]+)/([^/]+)/(?:pull|issues)/(\d+)")
REPO = re.compile(r"/([^/]+)/([^/]+)")


class Pages:
    def __init__(self, world: World):
        self._world = world

    def answer(self, request: Request) -> Response:
        with self._world.lock:
            try:
                title, body = self._page(request.path)
            except (NotThere, GitError):
                return Response(404, [("Content-Type", "text/plain")], b"Not Found")
        text = (f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
                f"<style>{STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>")
        return Response(200, [("Content-Type", "text/html; charset=utf-8")], text.encode())

    def _page(self, path: str) -> tuple[str, str]:
        if path == "/":
            names = [repo.full_name for repo in self._world.repos.values()]
            links = [f'<li><a href="/{name}">{name}</a>' for name in names]
            return "Repositories", f"<ul>{''.join(links)}</ul>"
        if match := PULL.fullmatch(path):
            issue = self._world.issue(self._world.repo(f"{match[1]}/{match[2]}"), match[3])
            return f"#{issue.number} {issue.title}", _conversation(issue)
        if match := REPO.fullmatch(path):
            repo = self._world.repo(f"{match[1]}/{match[2]}")
            return repo.full_name, f"<ul>{''.join(_link(repo, issue) for issue in repo.issues.values())}</ul>"
        raise NotThere(path)


def _link(repo: Repo, issue: Issue) -> str:
    title = html.escape(f"#{issue.number} {issue.title}")
    return f'<li><a href="/{repo.full_name}/pull/{issue.number}">{title}</a> {issue.state}'


def _conversation(issue: Issue) -> str:
    parts = [f"<p>{issue.state} · opened by {issue.user.login}</p>"]
    if isinstance(issue, Pull):
        rows = [f"<li>{html.escape(said.context)}: <b>{said.state}</b> {html.escape(said.description or '')}"
                for said in newest_statuses(issue.repo, issue.head_sha)]
        parts.append(f"<p>{issue.head_ref} → {issue.base_ref} at {issue.head_sha[:7]}</p>")
        parts += ["<ul>", *rows, "</ul>"]
    for said in issue.comments:
        edits = f" · edited {len(said.history) - 1} times" if len(said.history) > 1 else ""
        parts.append(f"<h3>{said.user.login} <small>{said.created_at:%H:%M:%S}{edits}</small></h3>"
                     f"<pre>{html.escape(said.body)}</pre>")
    return "".join(parts)
