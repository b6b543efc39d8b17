"""Answers to a fetch that never end: a pack without a last object, or a line of progress now and then.

Both keep to the protocol: no client can tell them from a very large repository or a very slow server.
"""

import gzip
import zlib
from typing import Iterator

from .committing import noise
from .server import Request

BLOB_SIZE = 60_000
PROMISED_OBJECTS = 2**20  # 60 GB of them: as good as endless, and a table for so many fits a client's memory
DATA, PROGRESS = b"\x01", b"\x02"


def wants_pack(request: Request, asked: bytes) -> bool:
    """Whether this request ends the negotiation: only its answer carries a pack."""
    return request.path.endswith("/git-upload-pack") and b"done" in plain(request, asked)


def plain(request: Request, asked: bytes) -> bytes:
    return gzip.decompress(asked) if request.headers.get("content-encoding") == "gzip" else asked


def endless(request: Request, asked: bytes, limit: int | None, lifted) -> Iterator[bytes]:
    """Objects until the fault is lifted or the client leaves; after `limit` bytes silence, but no end."""
    yield _prelude(request, asked)
    sent = 0
    for part in _objects():
        if lifted.is_set():
            return
        if limit is not None and sent >= limit:
            lifted.wait()
            return
        sent += len(part)
        yield _packet(DATA + part)


def dripping(request: Request, asked: bytes, seconds: float, lifted) -> Iterator[bytes]:
    yield _prelude(request, asked)
    while not lifted.wait(seconds):
        yield _packet(PROGRESS + b"Counting objects\r")


def _prelude(request: Request, asked: bytes) -> bytes:
    if "version=2" in request.headers.get("git-protocol", ""):
        return _packet(b"packfile\n")
    return _packet(b"NAK\n")


def _packet(data: bytes) -> bytes:
    return b"%04x%b" % (len(data) + 4, data)


def _objects() -> Iterator[bytes]:
    yield b"PACK" + (2).to_bytes(4, "big") + PROMISED_OBJECTS.to_bytes(4, "big")
    filler, number = noise(BLOB_SIZE - 8), 0
    while True:
        number += 1
        yield _blob_header(BLOB_SIZE) + zlib.compress(number.to_bytes(8, "big") + filler, 0)


def _blob_header(size: int) -> bytes:
    """Type 3 (blob) and the size in a pack's variable-length form."""
    first, size = (3 << 4) | (size & 15), size >> 4
    found = bytearray()
    while size:
        found.append(first | 128)
        first, size = size & 127, size >> 7
    found.append(first)
    return bytes(found)
