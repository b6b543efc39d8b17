"""What goes wrong meanwhile."""

import os
import shutil
import signal
import time
from collections import Counter

from interpreter import processes
from interpreter.forge import BOT, REPO

from .people import People

QUIET_SECONDS = (0.5, 3.0)   # between two troubles
TROUBLE_SECONDS = (0.3, 2.5)  # that one of them lasts


class Trouble:
    def __init__(self, yard, dice):
        self._yard, self._dice = yard, dice
        self.may_fill_the_disk = yard.small_disk
        self._filler = yard.directory / "data" / "filler"
        self._kinds = [self._kill_server, self._kill_terraform, self._lose_power, self._stop_server]
        self._kinds += [self._forge_fails, self._lose_webhooks, self._double_webhooks]
        self._kinds += [self._fill_disk] * self.may_fill_the_disk
        self._next = time.monotonic() + 2
        self._ends: float | None = None
        self._did: Counter[str] = Counter()
        self.cut_short: Counter[str] = Counter()  # creations that may have happened unrecorded, by project

    def act(self) -> None:
        now = time.monotonic()
        if self._ends is not None:
            if now >= self._ends:
                self.clear()
                self._next = time.monotonic() + self._dice.uniform(*QUIET_SECONDS)
        elif now >= self._next:
            kind = self._dice.choice(self._kinds)
            self._did[kind.__name__.strip("_").replace("_", " ")] += 1
            self._ends = now + self._dice.uniform(*TROUBLE_SECONDS)
            kind()

    def clear(self) -> None:
        """All is well again."""
        self._ends = None
        self._yard.forge.do("faults/lift")
        self._filler.unlink(missing_ok=True)
        if self._yard.server.process is None or self._yard.server.process.poll() is not None:
            self._yard.server.process = None
            self._yard.start_again()

    def _kill_server(self) -> None:
        self._yard.server.kill()

    def _stop_server(self) -> None:
        self._yard.server.terminate()
        self._yard.server.wait_for_end()

    def _lose_power(self) -> None:
        self._note_cut()
        self._yard.server.kill_with_all()

    def _kill_terraform(self) -> None:
        running = [pid for pid in processes.descendants(os.getpid())
                   if processes.command(pid)[:1] and processes.command(pid)[0].endswith("terraform")]
        if running:
            self._note_cut()
            try:
                os.kill(self._dice.choice(running), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def _forge_fails(self) -> None:
        self._yard.forge.do("faults", kind="status", status=502, on={"user": BOT})

    def _lose_webhooks(self) -> None:
        self._yard.forge.do("faults", kind="drop_webhook", on={"repo": REPO})

    def _double_webhooks(self) -> None:
        self._yard.forge.do("faults", kind="duplicate_webhook", on={"repo": REPO})

    def _fill_disk(self) -> None:
        free = shutil.disk_usage(self._filler.parent).free
        with self._filler.open("wb") as file:
            try:
                file.write(b"x" * free)
            except OSError:
                pass

    def _note_cut(self) -> None:
        """A Terraform that is cut off keeps no record of what it has just made: that is made again, once somebody says
        so."""
        for project in People.PROJECTS:
            self.cut_short[project] += 1

    def told(self) -> str:
        return "trouble: " + ", ".join(f"{what} {count} times" for what, count in sorted(self._did.items()))
