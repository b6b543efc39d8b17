"""The control API: what a test does and sees behind the forge's back. JSON in, JSON out, no authentication.

`POST /_control/<verb>` changes something, `GET /_control/<noun>` reads it. Importing this registers them all.
"""

import json

from ..faults import BadFault, Faults
from ..git_store import GitError
from ..limits import Limits
from ..pulls import Refused
from ..server import Request, Response
from ..world import NotThere, World
from . import acting, apps, fault_verbs, founding, reading, waiting
from .verbs import VERBS, Order, Unclear

__all__ = ["Control", "acting", "apps", "fault_verbs", "founding", "reading", "waiting"]


class Control:
    def __init__(self, world: World, faults: Faults, limits: Limits):
        self._world, self._faults, self._limits = world, faults, limits

    def answer(self, request: Request, name: str) -> Response:
        status, told = self._obey(request, name.strip("/"))
        return Response(status, [("Content-Type", "application/json")], json.dumps(told).encode())

    def _obey(self, request: Request, name: str) -> tuple[int, dict]:
        verb = VERBS.get((request.method, name))
        if verb is None:
            return 404, {"error": f"no {request.method} {name}",
                         "known": sorted(f"{m} {n}" for m, n in VERBS)}
        try:
            told = json.loads(request.body.whole() or b"{}") if request.method == "POST" else request.query
            if not isinstance(told, dict):
                raise Unclear("an order is a JSON object")
            order = Order(self._world, self._faults, self._limits, told)
            if verb.waits:
                return 200, verb.perform(order)
            with self._world.lock:
                told = verb.perform(order)
                return 200, (told or {}) | {"seq": self._world.sequence}
        except NotThere as error:
            return 404, {"error": str(error)}
        except (Refused, Unclear, BadFault, GitError, ValueError) as error:
            return 400, {"error": str(error)}
