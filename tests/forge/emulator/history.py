"""What git knows about two commits: merge base, the commits between them, the files that differ.

Commits never change, so every answer is kept with the repository it was asked of.
"""

from dataclasses import dataclass
from typing import Optional

from .git_store import GitStore

MAX_PATCH_LINES = 20_000  # of a whole diff; a larger one is told without patches, as GitHub does


@dataclass(frozen=True)
class FileChange:
    path: str
    previous_path: Optional[str]
    status: str  # added | removed | modified | renamed | copied | changed
    blob: Optional[str]
    additions: int
    deletions: int


STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}


def kept(question):
    """Remembers a pure question about commits in the repository's cache."""

    def ask(git: GitStore, *arguments):
        key = (question.__name__, *arguments)
        if key not in git.cache:
            git.cache[key] = question(git, *arguments)
        return git.cache[key]

    return ask


@kept
def merge_base(git: GitStore, one: str, other: str) -> str | None:
    if one == other or _reaches_soon(git, other, one):
        return one
    code, answer = git.run_with_code("merge-base", one, other, codes=(0, 1))
    return answer.decode().strip() if code == 0 else None


def _reaches_soon(git: GitStore, tip: str, target: str, steps: int = 20) -> bool:
    """Whether `target` is a near first-parent ancestor: the usual case, answered without a process."""
    for _ in range(steps):
        commit = git.commit(tip)
        if commit is None or not commit.parents:
            return False
        tip = commit.parents[0]
        if tip == target:
            return True
    return False


def is_ancestor(git: GitStore, ancestor: str, tip: str) -> bool:
    return merge_base(git, ancestor, tip) == ancestor


@kept
def commits_between(git: GitStore, base: str, head: str) -> tuple:
    """The commits of `head` that `base` has not, oldest first."""
    return tuple(git.run("rev-list", "--topo-order", "--reverse", f"{base}..{head}").decode().split())


@kept
def changes(git: GitStore, old: str, new: str) -> tuple:
    """FileChanges in the order of their paths."""
    fields = git.run("diff-tree", "-r", "-z", "-M", "--raw", "--numstat", old, new).split(b"\0")
    raw, position = [], 0
    while position < len(fields) and fields[position].startswith(b":"):
        words = fields[position][1:].decode().split()
        renamed = words[4][0] in "RC"
        paths = [fields[position + 1].decode("utf-8", "replace")]
        if renamed:
            paths.append(fields[position + 2].decode("utf-8", "replace"))
        raw.append((words, paths))
        position += 3 if renamed else 2
    found = []
    for words, paths in raw:
        added, deleted, rest = fields[position].split(b"\t", 2)
        position += 1 if rest else 3  # a rename's two paths stand in fields of their own
        letter = words[4][0]
        found.append(FileChange(
            path=paths[-1], previous_path=paths[0] if len(paths) > 1 else None,
            status=STATUS.get(letter, "changed"), blob=words[2] if letter == "D" else words[3],
            additions=_count(added), deletions=_count(deleted)))
    return tuple(found)


def _count(text: bytes) -> int:
    return 0 if text == b"-" else int(text)


@kept
def patches(git: GitStore, old: str, new: str) -> dict:
    """Path -> unified diff from its first hunk on; binary files and very large diffs have none."""
    additions, deletions, _ = totals(git, old, new)
    if additions + deletions > MAX_PATCH_LINES:
        return {}
    text = git.run("diff-tree", "-r", "-p", "-M", old, new).decode("utf-8", "replace")
    found = {}
    sections = ("\n" + text).split("\ndiff --git ")[1:]
    for change, section in zip(changes(git, old, new), sections):
        start = section.find("\n@@ ")
        if start >= 0:
            found[change.path] = section[start + 1:].rstrip("\n")
    return found


@kept
def totals(git: GitStore, old: str, new: str) -> tuple:
    """(additions, deletions, files)"""
    found = changes(git, old, new)
    return sum(c.additions for c in found), sum(c.deletions for c in found), len(found)


def parent_or_empty(git: GitStore, sha: str) -> str:
    commit = git.commit(sha)
    if commit.parents:
        return commit.parents[0]
    return git.write("tree", b"")
