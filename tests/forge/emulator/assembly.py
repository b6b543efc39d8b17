"""Puts one forge together and keeps it running until it is told to end."""

import json
import os
import select
import signal
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from . import merge_queue, rest
from .faults import Faults
from .front import Front
from .limits import Limits
from .server import Server
from .tls import make_certificate, server_side
from .webhooks import Webhooks
from .world import World


assert rest.__all__  # importing it has registered every route


class Forge:
    """A running forge; `url` is its address. Also what the checks start inside their own process."""

    def __init__(self, data: Path, port: int = 0, tls: bool = False):
        self._front = None
        self.certificate = make_certificate(data) if tls else None
        self._server = Server(port, lambda request: self._front.handle(request),
                              server_side(self.certificate) if tls else None)
        # Git clients on mbedTLS compare no IP addresses with certificates, so HTTPS has a name.
        root = "https://localhost" if tls else "http://127.0.0.1"
        self.url = f"{root}:{self._server.port}"
        self.world = World(data, self.url)
        self.faults = Faults()
        self.world.webhooks = Webhooks(self.world, self.faults)
        self.world.pull_watchers.append(merge_queue.pull_changed)
        self.world.branch_watchers.append(merge_queue.base_moved)
        self.limits = Limits()
        self._front = Front(self.world, self.faults, self.limits)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        self.faults.lift()
        for repo in self.world.repos.values():
            repo.git.close()


def run(data: str | None, port: int, print_address: bool, parent: int | None, tls: bool) -> int:
    folder = Path(tempfile.mkdtemp(prefix="forge-")) if data is None else Path(data).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    forge = Forge(folder, port, tls)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, ended), daemon=True).start()
    if print_address:
        address = {"url": forge.url, "control": f"{forge.url}/_control/", "data": str(folder)}
        if forge.certificate:
            address["ca"] = str(forge.certificate)
        print(json.dumps(address), flush=True)
    ended.wait()
    forge.stop()
    if data is None:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.flush()
    os._exit(0)  # threads that answer a hanging request must not keep the process alive


def _follow(parent: int, ended: threading.Event) -> None:
    try:
        descriptor = os.pidfd_open(parent)
        select.select([descriptor], [], [])
    except ProcessLookupError:
        pass  # it ended before we looked
    ended.set()
