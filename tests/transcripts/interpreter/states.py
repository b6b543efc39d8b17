"""A server of somebody's that keeps states, as Terraform's http backend asks for them: http://states.test/NAME in a
configuration. A state is a file beside those of the local backends."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ADDRESS = "http://states.test/"


class States:
    def __init__(self, directory: Path):
        self.refuses_writes = False
        self.locks: dict[str, dict] = {}
        self.refusals: dict[str, int] = {}  # of a lock that somebody else had
        self._directory = directory
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def file(self, name: str) -> Path:
        return self._directory / f"{name}.tfstate"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, verb: str, name: str, body: bytes) -> tuple[int, bytes]:
        if verb == "GET":
            file = self.file(name)
            return (200, file.read_bytes()) if file.exists() else (404, b"")
        if verb == "LOCK":
            return self._lock(name, json.loads(body))
        if self.refuses_writes:
            return 503, b""
        if verb == "POST":
            self.file(name).write_bytes(body)
        elif body and json.loads(body)["ID"] != self.locks.get(name, {}).get("ID"):
            return 409, b""
        else:
            self.locks.pop(name, None)
        return 200, b""

    def _lock(self, name: str, asked: dict) -> tuple[int, bytes]:
        held = self.locks.setdefault(name, asked)
        if held["ID"] == asked["ID"]:
            return 200, b""
        self.refusals[name] = self.refusals.get(name, 0) + 1
        return 423, json.dumps(held).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        states = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                code, text = states.answer(self.command, self.path.split("?")[0].strip("/"), body)
                self.send_response(code)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_LOCK = do_UNLOCK = handle_any

            def log_message(self, *_) -> None:
                pass

        return Handler
