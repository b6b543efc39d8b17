"""One bare repository on disk: its objects and refs.

Reads go through one long-lived `git cat-file --batch`. Commits and refs are written as git writes them (a
loose object, a ref by lock file and rename), because a process for each would cost more than everything else
the emulator does. Nothing here packs refs or collects garbage, so a ref is always a loose file.
"""

import hashlib
import os
import re
import subprocess
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

NOBODY = "0" * 40

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "GitHub", "GIT_AUTHOR_EMAIL": "noreply@github.com",
    "GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@github.com",
}

CONFIG = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[http]
\treceivepack = true
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[receive]
\tautogc = false
\tdenyDeleteCurrent = true
\thideRefs = refs/pull
\thideRefs = refs/heads/gh-readonly-queue
[gc]
\tauto = 0
"""

# Refuses pushes to protected branches in the forge's words; the list of them lies in the repository.
PRE_RECEIVE = """#!/bin/sh
while read -r old new ref; do
  if grep -qxF "$ref" protected 2>/dev/null; then
    echo "error: GH006: Protected branch update failed for $ref." >&2
    exit 1
  fi
done
"""


class GitError(Exception):
    """git said no; the text is git's own."""


class RefMoved(GitError):
    """The ref was not where its mover believed it to be."""


@dataclass(frozen=True)
class Identity:
    name: str
    email: str
    when: int = 0
    zone: str = "+0000"

    def line(self) -> str:
        return f"{self.name} <{self.email}> {self.when} {self.zone}"


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple
    author: Identity
    committer: Identity
    message: str


def parse_identity(line: str) -> Identity:
    match = re.fullmatch(r"(.*?) ?<([^>]*)> (-?\d+) ([+-]\d{4})", line)
    if not match:
        return Identity(line, "", 0)
    return Identity(match[1], match[2], int(match[3]), match[4])


def parse_commit(sha: str, data: bytes) -> Commit:
    head, _, message = data.decode("utf-8", "replace").partition("\n\n")
    fields, parents = {}, []
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key == "parent":
            parents.append(value)
        else:
            fields.setdefault(key, value)
    return Commit(sha, fields["tree"], tuple(parents), parse_identity(fields["author"]),
                  parse_identity(fields["committer"]), message.rstrip("\n"))


class GitStore:
    """Callers hold the world's lock, except `run`, which is safe from any thread."""

    def __init__(self, path: Path, default_branch: str, share_objects_of: "GitStore | None" = None):
        self.path = path
        self.heads: dict[str, str] = {}
        self.cache: dict = {}  # facts about commits, which never change: diffs, merge bases
        self._commits: dict[str, Commit] = {}
        self._batch: subprocess.Popen | None = None
        self._batch_lock = threading.Lock()
        (path / "refs" / "heads").mkdir(parents=True)
        (path / "hooks").mkdir()
        (path / "HEAD").write_text(f"ref: refs/heads/{default_branch}\n")
        (path / "config").write_text(CONFIG)
        if share_objects_of is None:
            (path / "objects" / "pack").mkdir(parents=True)
        else:  # a network of forks shares one object store, as on the forge itself
            (path / "objects").symlink_to(share_objects_of.path / "objects")
        hook = path / "hooks" / "pre-receive"
        hook.write_text(PRE_RECEIVE)
        hook.chmod(0o755)

    # Processes

    def run(self, *arguments: str, data: bytes | None = None, codes: tuple = (0,)) -> bytes:
        return self.run_with_code(*arguments, data=data, codes=codes)[1]

    def run_with_code(self, *arguments: str, data: bytes | None = None, codes: tuple) -> tuple[int, bytes]:
        done = subprocess.run(["git", *arguments], cwd=self.path, env=ENVIRONMENT, input=data or b"",
                              capture_output=True)
        if done.returncode not in codes:
            raise GitError(f"git {arguments[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
        return done.returncode, done.stdout

    def close(self) -> None:
        with self._batch_lock:
            if self._batch is not None:
                self._batch.stdin.close()
                self._batch.wait()
                self._batch.stdout.close()
                self._batch = None

    # Objects

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """(sha, kind, content) of anything git can name in one line, or None."""
        if "\n" in name:
            return None
        with self._batch_lock:
            if self._batch is None:
                self._batch = subprocess.Popen(["git", "cat-file", "--batch"], cwd=self.path, env=ENVIRONMENT,
                                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._batch.stdin.write(name.encode() + b"\n")
            self._batch.stdin.flush()
            words = self._batch.stdout.readline().split()
            if len(words) != 3:
                return None
            content = self._batch.stdout.read(int(words[2]) + 1)[:-1]
            return words[0].decode(), words[1].decode(), content

    def write(self, kind: str, content: bytes) -> str:
        data = b"%s %d\0%s" % (kind.encode(), len(content), content)
        sha = hashlib.sha1(data).hexdigest()
        folder = self.path / "objects" / sha[:2]
        target = folder / sha[2:]
        if not target.exists():
            folder.mkdir(exist_ok=True)
            temporary = folder / f"tmp_obj_{threading.get_ident()}"
            temporary.write_bytes(zlib.compress(data, 1))
            temporary.rename(target)
        return sha

    def commit(self, name: str) -> Commit | None:
        if name in self._commits:
            return self._commits[name]
        found = self.read(name + "^{commit}")
        if found is None or found[1] != "commit":
            return None
        commit = self._commits[found[0]] = parse_commit(found[0], found[2])
        return commit

    def write_commit(self, tree: str, parents: list, author: Identity, committer: Identity,
                     message: str) -> str:
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents),
                 f"author {author.line()}", f"committer {committer.line()}", "", message.rstrip("\n"), ""]
        return self.write("commit", "\n".join(lines).encode())

    # Refs

    def ref(self, ref: str) -> str | None:
        try:
            return (self.path / ref).read_text().strip()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def set_ref(self, ref: str, new: str | None, expected: str | None = "") -> None:
        """Moves `ref` (None deletes it). `expected`: where it must be now, None for nowhere, "" for
        anywhere."""
        target = self.path / ref
        lock = target.with_name(target.name + ".lock")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise GitError(f"{ref} would lie below another ref") from None
        try:
            with open(lock, "x") as file:
                file.write((new or NOBODY) + "\n")
        except FileExistsError:
            raise RefMoved(f"{ref} is being moved by somebody else") from None
        try:
            if expected != "" and self.ref(ref) != expected:
                raise RefMoved(f"{ref} is at {self.ref(ref)}, not at {expected}")
            if new is None:
                target.unlink(missing_ok=True)
            elif target.is_dir():
                raise GitError(f"{ref} would lie above another ref")
            else:
                os.replace(lock, target)
        finally:
            lock.unlink(missing_ok=True)
        if ref.startswith("refs/heads/"):
            self._remember_head(ref[len("refs/heads/"):], new)

    def reload_heads(self) -> dict[str, str]:
        """Reads all branches from disk, after somebody pushed."""
        lines = self.run("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads").decode()
        self.heads = {name: sha for sha, _, name in (line.partition(" ") for line in lines.splitlines())}
        return self.heads

    def _remember_head(self, branch: str, sha: str | None) -> None:
        if sha is None:
            self.heads.pop(branch, None)
        else:
            self.heads[branch] = sha
