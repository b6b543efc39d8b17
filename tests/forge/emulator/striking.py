"""What a fault does to one request: instead of the answer, before the effect, or after it."""

import json
import select
import socket
import time

from .endless_pack import dripping, endless, wants_pack
from .faults import Fault, lacking
from .server import RESET, Request, Response

POLL_SECONDS = 0.05
LIMIT_DOCUMENT = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"


def strike(fault: Fault, request: Request, perform) -> Response:
    """`perform` does what was asked and gives the true answer."""
    return STRIKES[fault.kind](fault, request, perform)


def _effect(fault: Fault, perform) -> None:
    """With `when: after` the world has changed, and only the answer is lost."""
    if fault.options["when"] == "after":
        _discard(perform())


def _discard(answer: Response) -> None:
    close = getattr(answer.body, "close", None)
    if close:
        close()


def _status(fault: Fault, request: Request, perform) -> Response:
    _effect(fault, perform)
    status, body = fault.options["status"], fault.options["body"]
    if body is None:
        body = {"message": "Server Error", "documentation_url": "https://docs.github.com/rest"}
    text = body if isinstance(body, str) else json.dumps(body)
    headers = [("Content-Type", "application/json; charset=utf-8"), *fault.options["headers"].items()]
    return Response(status, headers, text.encode())


def _reset(fault: Fault, request: Request, perform) -> Response:
    _effect(fault, perform)
    return RESET


def _hang(fault: Fault, request: Request, perform) -> Response:
    _effect(fault, perform)
    while not fault.lifted.wait(POLL_SECONDS) and not _client_left(request.socket):
        pass
    return RESET


def _client_left(sock: socket.socket) -> bool:
    readable, _, _ = select.select([sock], [], [], 0)
    try:
        return bool(readable) and not socket.socket.recv(sock, 1, socket.MSG_PEEK)  # below any TLS
    except OSError:
        return True


def _delay(fault: Fault, request: Request, perform) -> Response:
    answer = perform() if fault.options["when"] == "after" else None
    fault.lifted.wait(fault.options["seconds"])
    return answer or perform()


def _rate_limit(fault: Fault, request: Request, perform) -> Response:
    body = {"message": "API rate limit exceeded for user.", "documentation_url": LIMIT_DOCUMENT}
    headers = [("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-used", "5000"),
               ("x-ratelimit-reset", str(int(time.time()) + int(fault.options["reset_in"]))),
               ("x-ratelimit-resource", "core")]
    if fault.options["retry_after"] is not None:
        headers.append(("Retry-After", str(fault.options["retry_after"])))
    return _json(403, body, headers)


def _secondary_limit(fault: Fault, request: Request, perform) -> Response:
    body = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try "
                       "again.",
            "documentation_url": LIMIT_DOCUMENT + "#about-secondary-rate-limits"}
    return _json(403, body, [("Retry-After", str(fault.options["retry_after"]))])


def _json(status: int, body: dict, headers: list) -> Response:
    return Response(status, [("Content-Type", "application/json; charset=utf-8"), *headers],
                    json.dumps(body).encode())


def _truncate(fault: Fault, request: Request, perform) -> Response:
    answer = perform()
    answer.cut = fault.options["bytes"]
    return answer


def _garbage(fault: Fault, request: Request, perform) -> Response:
    answer = perform()
    _discard(answer)
    return Response(answer.status, answer.headers, fault.options["body"].encode())


def _lack(fault: Fault, request: Request, perform) -> Response:
    answer = perform()
    if isinstance(answer.body, bytes) and answer.body and 200 <= answer.status < 300:
        answer.body = lacking(answer.body, fault.options["fields"], fault.options["drop"])
        answer.headers = [(name, value) for name, value in answer.headers if name != "ETag"]
    return answer


def _missing(fault: Fault, request: Request, perform) -> Response:
    return _json(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest",
                       "status": "404"},
                 [])


def _endless_pack(fault: Fault, request: Request, perform) -> Response:
    asked = request.body.peek()
    if not wants_pack(request, asked):
        return perform()
    return _pack(endless(request, asked, fault.options["bytes"], fault.lifted))


def _dripping_pack(fault: Fault, request: Request, perform) -> Response:
    asked = request.body.peek()
    if not wants_pack(request, asked):
        return perform()
    return _pack(dripping(request, asked, fault.options["seconds"], fault.lifted))


def _pack(body) -> Response:
    return Response(200, [("Content-Type", "application/x-git-upload-pack-result"),
                          ("Cache-Control", "no-cache")],
                    body)


STRIKES = {
    "status": _status, "reset": _reset, "hang": _hang, "delay": _delay, "rate_limit": _rate_limit,
    "secondary_limit": _secondary_limit, "truncate": _truncate, "garbage": _garbage, "lack": _lack,
    "missing": _missing, "endless_pack": _endless_pack, "dripping_pack": _dripping_pack,
}
