#!/usr/bin/python3 -B
"""A Terraform http backend for tests, as small as the protocol allows; prints its port and serves.

Below /broken nothing can be written: that is how a state is lost in the middle of an apply. Below /stubborn
an apply can neither write nor give back its lock, and anybody else can. Everything but /broken wants the user
and the password that are its arguments, and locks.
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STATES: dict[str, bytes] = {}
LOCKS: dict[str, bytes] = {}
CREDENTIALS = base64.b64encode(":".join(sys.argv[1:3]).encode()).decode()


class Backend(BaseHTTPRequestHandler):
    def answer(self, code: int, body: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def is_of_an_apply(self, path: str, body: bytes) -> bool:
        writes = self.command == "POST" or (self.command == "UNLOCK" and body)
        return bool(writes) and json.loads(LOCKS.get(path, b"{}")).get("Operation") == "OperationTypeApply"

    def handle_any(self) -> None:
        body, path = self.body(), self.path.split("?")[0]
        if path.startswith("/broken"):
            return self.answer(404 if self.command == "GET" else 500)
        if self.headers.get("Authorization") != f"Basic {CREDENTIALS}":
            return self.answer(401)
        if self.command == "GET":
            return self.answer(200, STATES[path]) if path in STATES else self.answer(404)
        if path.startswith("/stubborn") and self.is_of_an_apply(path, body):
            return self.answer(503)
        if self.command == "LOCK":
            if path in LOCKS:
                return self.answer(423, LOCKS[path])
            LOCKS[path] = body
        elif self.command == "UNLOCK":
            LOCKS.pop(path, None)
        elif self.command == "POST":
            STATES[path] = body
        self.answer(200)

    do_GET = do_POST = do_LOCK = do_UNLOCK = handle_any

    def log_message(self, *_) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
print(server.server_port, flush=True)
server.serve_forever()
