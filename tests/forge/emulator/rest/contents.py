"""Files and directories of a commit."""

import base64

from ..model import Repo
from ..pushes import resolve
from ..router import Answer, Call, not_found, route


@route("GET", "/repos/{owner}/{repo}/contents")
def root(call: Call):
    return _contents(call, "")


@route("GET", "/repos/{owner}/{repo}/contents/{path:path}")
def at_path(call: Call):
    return _contents(call, call.params["path"].strip("/"))


def _contents(call: Call, path: str):
    ref = call.query.get("ref") or call.repo.default_branch
    sha = resolve(call.repo, ref)
    found = call.repo.git.read(f"{sha}:{path}") if sha else None
    if found is None:
        raise not_found()
    blob, kind, content = found
    if kind == "tree":
        return [_entry(call, ref, f"{path}/{name}".strip("/"), kind, entry, size)
                for name, kind, entry, size in _listing(call.repo, f"{sha}:{path}")]
    accept = call.request.headers.get("accept", "")
    if ".raw" in accept:
        return Answer(200, content, kind="application/vnd.github.raw; charset=utf-8")
    return _entry(call, ref, path, "file", blob, len(content)) | {
        "content": base64.encodebytes(content).decode(), "encoding": "base64"}


def _listing(repo: Repo, tree: str):
    """(name, type, id, size) of what a tree holds."""
    for line in repo.git.run("ls-tree", "-z", "-l", tree).decode("utf-8", "replace").split("\0")[:-1]:
        facts, _, name = line.partition("\t")
        mode, kind, sha, size = facts.split()
        yield name, TYPES.get(mode, "file"), sha, 0 if size == "-" else int(size)


TYPES = {"040000": "dir", "120000": "symlink", "160000": "submodule"}


def _entry(call: Call, ref: str, path: str, kind: str, sha: str, size: int) -> dict:
    api, page = call.links.repo(call.repo), call.links.page(call.repo)
    url = f"{api}/contents/{path}?ref={ref}"
    git = f"{api}/git/{'trees' if kind == 'dir' else 'blobs'}/{sha}"
    html = f"{page}/{'tree' if kind == 'dir' else 'blob'}/{ref}/{path}"
    raw = None if kind == "dir" else f"{page}/raw/{ref}/{path}"
    return {"name": path.rsplit("/", 1)[-1], "path": path, "sha": sha, "size": size, "url": url,
            "html_url": html, "git_url": git, "download_url": raw, "type": kind,
            "_links": {"self": url, "git": git, "html": html}}


@route("GET", "/repos/{owner}/{repo}/git/trees/{sha}")
def tree(call: Call):
    found = call.repo.git.read(f"{resolve(call.repo, call.params['sha']) or call.params['sha']}^{{tree}}")
    if found is None:
        raise not_found()
    options = ["-r", "-t"] if call.query.get("recursive") else []
    api, entries = call.links.repo(call.repo), []
    text = call.repo.git.run("ls-tree", "-z", "-l", *options, found[0]).decode("utf-8", "replace")
    for line in text.split("\0")[:-1]:
        facts, _, name = line.partition("\t")
        mode, kind, sha, size = facts.split()
        entry = {"path": name, "mode": mode, "type": kind, "sha": sha, "url": f"{api}/git/{kind}s/{sha}"}
        entries.append(entry if size == "-" else entry | {"size": int(size)})
    return {"sha": found[0], "url": f"{api}/git/trees/{found[0]}", "tree": entries, "truncated": False}


@route("GET", "/repos/{owner}/{repo}/git/blobs/{sha}")
def blob(call: Call):
    found = call.repo.git.read(call.params["sha"])
    if found is None or found[1] != "blob":
        raise not_found()
    return {"sha": found[0], "node_id": base64.b64encode(f"Blob{found[0]}".encode()).decode(),
            "size": len(found[2]), "url": f"{call.links.repo(call.repo)}/git/blobs/{found[0]}",
            "content": base64.encodebytes(found[2]).decode(), "encoding": "base64"}
