"""The three ways of merging, and the test merge behind `mergeable`: commits are made, no ref is moved."""

from .git_store import GitStore, Identity
from .history import commits_between, is_ancestor, merge_base


class Conflict(Exception):
    """The two sides change the same lines."""


def merged_tree(git: GitStore, base: str, head: str) -> str:
    """The tree of a merge of the two commits, or Conflict."""
    if is_ancestor(git, base, head):
        return git.commit(head).tree
    if merge_base(git, base, head) is None:
        raise Conflict("the histories have nothing in common")
    code, answer = git.run_with_code("merge-tree", "--write-tree", base, head, codes=(0, 1))
    if code:
        raise Conflict("the branches conflict")
    return answer.decode().split()[0]


def merge_commit(git: GitStore, base: str, head: str, author: Identity, committer: Identity,
                 message: str) -> str:
    return git.write_commit(merged_tree(git, base, head), [base, head], author, committer, message)


def squash_commit(git: GitStore, base: str, head: str, author: Identity, committer: Identity,
                  message: str) -> str:
    return git.write_commit(merged_tree(git, base, head), [base], author, committer, message)


def rebased(git: GitStore, base: str, head: str, committer: Identity) -> str:
    """Every commit of the head put onto the base anew, as the forge does even where nothing moved."""
    tip = base
    for sha in commits_between(git, base, head):
        commit = git.commit(sha)
        if len(commit.parents) > 1:
            continue
        tree = _picked_tree(git, tip, sha)
        tip = git.write_commit(tree, [tip], commit.author, committer, commit.message)
    return tip


def _picked_tree(git: GitStore, onto: str, picked: str) -> str:
    """Cherry-picking as a three-way merge whose base is the picked commit's parent. This git takes no
    explicit merge base, so a commit with `onto`'s tree is put beside the picked one, below the same
    parent."""
    commit = git.commit(picked)
    if not commit.parents:
        return commit.tree
    parent = commit.parents[0]
    if parent == onto or git.commit(parent).tree == git.commit(onto).tree:
        return commit.tree
    nobody = Identity("GitHub", "noreply@github.com")
    beside = git.write_commit(git.commit(onto).tree, [parent], nobody, nobody, "beside")
    return merged_tree(git, beside, picked)
