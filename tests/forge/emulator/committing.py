"""Commits made from `{path: content}`, through `git fast-import`: one process for any number of files."""

import base64
import hashlib

from .git_store import GitError, GitStore, Identity


def make_commit(git: GitStore, *, parent: str | None, files: dict, author: Identity, committer: Identity,
                message: str) -> str:
    """Writes one commit on top of `parent` and returns its id; no ref is moved."""
    text = message.encode()
    lines = [b"feature done", b"feature get-mark", b"commit refs/slipway/new", b"mark :1",
             b"author " + author.line().encode(), b"committer " + committer.line().encode(),
             b"data %d\n%b" % (len(text), text)]
    lines.append(b"from " + parent.encode() if parent else b"deleteall")
    for path, content in files.items():
        lines += _change(path, content)
    lines += [b"", b"get-mark :1", b"reset refs/slipway/new", b"from " + b"0" * 40, b"", b"done", b""]
    return git.run("fast-import", "--quiet", "--force", data=b"\n".join(lines)).decode().strip()


def _change(path: str, content) -> list[bytes]:
    """One file: text, None to delete it, or an object (see `_content`)."""
    name = _quoted(path)
    if content is None:
        return [b"D " + name]
    mode, data = _content(content)
    if mode == b"160000":
        return [b"M 160000 " + data + b" " + name]
    return [b"M " + mode + b" inline " + name, b"data %d\n%b" % (len(data), data)]


def _content(content) -> tuple[bytes, bytes]:
    if isinstance(content, str):
        return b"100644", content.encode()
    if not isinstance(content, dict):
        raise GitError("a file is a string, null, or an object")
    if "link" in content:
        return b"120000", content["link"].encode()
    if "submodule" in content:
        return b"160000", content["submodule"].encode()
    mode = b"100755" if content.get("executable") else b"100644"
    if "base64" in content:
        return mode, base64.b64decode(content["base64"])
    if "zeros" in content:
        return mode, bytes(int(content["zeros"]))
    if "random" in content:
        return mode, noise(int(content["random"]))
    if "text" in content:
        return mode, content["text"].encode()
    raise GitError("a file object has one of text, base64, link, submodule, zeros, random")


def noise(size: int) -> bytes:
    """Bytes that do not compress and are the same in every run."""
    return hashlib.shake_128(b"slipway").digest(size)


def _quoted(path: str) -> bytes:
    escaped = path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
