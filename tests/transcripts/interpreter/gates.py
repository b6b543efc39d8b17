"""Gates hold Terraform still at an exact point. A gate is a named pipe: a configuration that reads it, with
`cat /srv/gates/web` in a provisioner or `file("/srv/gates/web")` in a plan, waits until the story opens it."""

import os
import select
from pathlib import Path

OPEN = "open"


class Gates:
    def __init__(self, directory: Path):
        self._directory = directory
        self._gates: dict[str, "Gate"] = {}

    def add(self, name: str) -> None:
        if name not in self._gates:
            self._gates[name] = Gate(self._directory / name)

    def __getitem__(self, name: str) -> "Gate":
        return self._gates[name]

    def __contains__(self, name: str) -> bool:
        return name in self._gates

    def somebody_waits(self) -> bool:
        return any(gate.somebody_waits() for gate in self._gates.values())

    def close(self) -> None:
        for gate in self._gates.values():
            gate.close()


class Gate:
    def __init__(self, path: Path):
        self._path = path
        self._arrived: int | None = None  # our end of the pipe, once a reader has come to the other
        os.mkfifo(path)
        path.chmod(0o666)

    def somebody_waits(self) -> bool:
        """A pipe can be opened for writing, without waiting, only when somebody has it open for reading: that is
        who stands at the gate. We hold our end, so that there they stay."""
        if self._arrived is not None and self._reader_is_gone():
            self._drop()
        if self._arrived is None:
            try:
                self._arrived = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError:
                return False
        return True

    def open(self) -> None:
        """For whoever waits, and for all who come: what they read is "open", now from a plain file."""
        plain = self._path.with_suffix(".opening")
        plain.write_text(OPEN)
        plain.chmod(0o644)
        plain.rename(self._path)
        self._let_through()

    def close(self) -> None:
        self._drop()

    def _let_through(self) -> None:
        if self._arrived is None:
            return
        try:
            os.write(self._arrived, OPEN.encode())
        except BrokenPipeError:
            pass  # whoever stood here was killed
        self._drop()

    def _reader_is_gone(self) -> bool:
        poll = select.poll()
        poll.register(self._arrived, 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))

    def _drop(self) -> None:
        if self._arrived is not None:
            os.close(self._arrived)
            self._arrived = None
