"""Processes of a story, found by their parents. A story is a process of its own and adopts what its server
leaves behind, a keeper for example: so nothing outlives it, and nothing of anybody else is ever touched."""

import ctypes
import os
import select
import signal
import subprocess
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
GONE_SECONDS = 20


LIBC = ctypes.CDLL(None)


def adopt_orphans() -> None:
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Called in a child before it becomes its program."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def children(pid: int) -> list[int]:
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += [int(child) for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended while we looked
    return found


def descendants(pid: int) -> list[int]:
    """The nearest first."""
    found = []
    level = children(pid)
    while level:
        found += level
        level = [grandchild for child in level for grandchild in children(child)]
    return found


def command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_alive(pid: int) -> bool:
    """A zombie is dead: it only waits to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def keepers() -> list[int]:
    """Of this story: `slipway internal keep`, whoever its parent is by now."""
    return [pid for pid in descendants(os.getpid()) if command(pid)[1:] == ["internal", "keep"] and is_alive(pid)]


def kill_tree(pid: int) -> None:
    """The process, and all that came of it, at once."""
    family = [pid, *descendants(pid)]
    for member in family:
        _kill(member)
    wait_until_gone(family)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + GONE_SECONDS
    for pid in pids:
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([descriptor], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"process {pid} ({' '.join(command(pid))}) does not end")
        finally:
            os.close(descriptor)


def kill_all_of(pid: int, but: list[subprocess.Popen]) -> list[list[str]]:
    """Ends what is left below a process; tells what it was."""
    spared = {process.pid for process in but}
    left = [child for child in children(pid) if child not in spared and is_alive(child)]
    told = [command(child) for child in left]
    for child in left:
        kill_tree(child)
    return told


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
