"""HTTP/1.1 over plain threads: one thread a connection, keep-alive, streaming both ways.

The standard library's server parses headers with the e-mail package and hides the socket; an emulator that
must be quick, and must also be able to cut a connection in the middle of an answer, needs neither.
"""

import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, unquote

MAX_HEADERS = 100
MAX_LINE = 64 * 1024
MAX_JSON_BODY = 32 * 1024 * 1024
CHUNK = 64 * 1024
IDLE_SECONDS = 300

DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
REASONS = {status.value: status.phrase for status in HTTPStatus}


class BadRequest(Exception):
    """What arrived is not HTTP, or is larger than we read."""


class Gone(Exception):
    """The peer has closed the connection."""


class Body:
    """The request's body, read once: whole or in chunks. Reading it answers `Expect: 100-continue` first."""

    def __init__(self, reader, headers: dict, send: Callable[[bytes], None]):
        self._reader, self._send = reader, send
        self._expects = headers.get("expect", "").lower() == "100-continue"
        self.chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        length = headers.get("content-length") or "0"
        if not (length.isascii() and length.isdigit()):
            raise BadRequest("Content-Length is not a number")
        self.length = 0 if self.chunked else int(length)
        self._chunks = self._read()

    def chunks(self) -> Iterator[bytes]:
        """What has not been read yet."""
        return self._chunks

    def whole(self) -> bytes:
        parts, size = [], 0
        for chunk in self._chunks:
            size += len(chunk)
            if size > MAX_JSON_BODY:
                raise BadRequest("the body is too large")
            parts.append(chunk)
        return b"".join(parts)

    def peek(self) -> bytes:
        """The whole body, which stays to be read."""
        whole = self.whole()
        self._chunks = iter([whole] if whole else [])
        return whole

    def _read(self) -> Iterator[bytes]:
        if self._expects and (self.chunked or self.length):
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.chunked:
            yield from self._read_chunked()
            return
        left = self.length
        while left:
            part = self._reader.read(min(left, CHUNK))
            if not part:
                raise Gone
            left -= len(part)
            yield part

    def _read_chunked(self) -> Iterator[bytes]:
        while True:
            digits = self._reader.readline(MAX_LINE).split(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", digits):
                raise BadRequest("a chunk has no size")
            size = int(digits, 16)
            data = self._reader.read(size + 2)
            if len(data) < size + 2:
                raise Gone
            if size == 0:
                return
            yield data[:-2]


@dataclass
class Request:
    method: str
    target: str
    path: str
    query: dict
    headers: dict
    body: Body
    socket: socket.socket


@dataclass
class Response:
    """`body` is bytes, or an iterable that is streamed. `cut` sends only so many bytes, then closes."""

    status: int
    headers: list = field(default_factory=list)
    body: bytes | Iterable[bytes] = b""
    cut: int | None = None


RESET = Response(0, cut=0)


def http_date() -> str:
    """The names of days and months are English whatever the locale."""
    now = time.gmtime()
    return time.strftime(f"{DAYS[now.tm_wday]}, %d {MONTHS[now.tm_mon - 1]} %Y %H:%M:%S GMT", now)


def parse_target(target: str) -> tuple[str, dict]:
    path, _, query = target.partition("?")
    return unquote(path), dict(parse_qsl(query, keep_blank_values=True))


class Connection:
    def __init__(self, sock: socket.socket, handle: Callable[[Request], Response]):
        self._socket, self._handle = sock, handle
        self._reader = sock.makefile("rb", CHUNK)

    def serve(self) -> None:
        try:
            while self._serve_one():
                pass
        except (Gone, OSError, BadRequest):
            pass  # the peer left, or stopped speaking HTTP: there is nobody to tell
        finally:
            self._close()

    def _serve_one(self) -> bool:
        try:
            request = self._read_request()
            if request is None:
                return False
            response = self._handle(request)
            if response is not RESET:
                for _ in request.body.chunks():
                    pass  # what the handler left unread would be taken for the next request
        except BadRequest as error:
            request, response = None, Response(400, [("Connection", "close")], str(error).encode())
        return self._send(request, response)

    def _read_request(self) -> Request | None:
        line = self._reader.readline(MAX_LINE)
        if not line:
            return None
        words = line.decode("latin-1").split()
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise BadRequest("no HTTP/1 request line")
        headers = {}
        for _ in range(MAX_HEADERS):
            line = self._reader.readline(MAX_LINE)
            if line in (b"\r\n", b"\n"):
                break
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise BadRequest("a header line has no colon")
            headers[name.strip().lower()] = value.strip()
        else:
            raise BadRequest("too many headers")
        if words[2] == "HTTP/1.0":
            headers.setdefault("connection", "close")
        path, query = parse_target(words[1])
        body = Body(self._reader, headers, self._socket.sendall)
        return Request(words[0], words[1], path, query, headers, body, self._socket)

    def _send(self, request: Request | None, response: Response) -> bool:
        if response is RESET:
            return self._reset()
        keep = request is not None and request.headers.get("connection", "").lower() != "close"
        streamed = not isinstance(response.body, bytes)
        lines = [f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Unknown')}"]
        lines.append(f"Date: {http_date()}")
        lines += [f"{name}: {value}" for name, value in response.headers]
        if streamed:
            lines.append("Transfer-Encoding: chunked")
        elif response.status not in (204, 304):
            lines.append(f"Content-Length: {len(response.body)}")
        if not keep:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if request is not None and request.method == "HEAD" or response.status in (204, 304):
            self._socket.sendall(head)
        elif response.cut is not None:
            body = b"".join(response.body) if streamed else response.body
            self._socket.sendall(head + body[: response.cut])
            return False
        elif streamed:
            self._stream(head, response.body)
        else:
            self._socket.sendall(head + response.body)
        return keep

    def _stream(self, head: bytes, body: Iterable[bytes]) -> None:
        self._socket.sendall(head)
        try:
            for part in body:
                if part:
                    self._socket.sendall(b"%x\r\n%b\r\n" % (len(part), part))
            self._socket.sendall(b"0\r\n\r\n")
        finally:
            close = getattr(body, "close", None)
            if close:
                close()

    def _reset(self) -> bool:
        """A TCP reset rather than an orderly end: what a load balancer does when its backend dies."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _close(self) -> None:
        self._reader.close()
        self._socket.close()


class Server:
    """Listens on loopback only: tokens here are worth nothing, but nobody else's tests should find them."""

    def __init__(self, port: int, handle: Callable[[Request], Response], secure: Callable | None = None):
        """`secure` turns an accepted socket into one that speaks TLS; it may fail, as handshakes do."""
        self._handle, self._secure = handle, secure
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self._listener.getsockname()[1]

        self._thread = threading.Thread(target=self._accept, name="accept", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wakes the thread first: a descriptor closed under a blocked accept may be somebody else's next."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(IDLE_SECONDS)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            speaking = self._secure(sock) if self._secure else sock
        except OSError:
            sock.close()
            return
        Connection(speaking, self._handle).serve()
