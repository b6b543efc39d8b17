"""GitHub Apps: who they are, where they are installed, and how one proves who it is: by a JSON Web Token that its
key has signed."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from .model import Repo, User

JWT_LIFE = 600      # seconds that a JSON Web Token may live at most
CLOCKS_DIFFER = 60  # seconds that it may be from the future
EXPONENT = 65537
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")  # DigestInfo of RFC 8017, 9.2
PERMISSIONS = {"contents": "read", "issues": "write", "members": "read", "metadata": "read",
               "pull_requests": "write", "statuses": "write"}
EVENTS = ["issue_comment", "merge_group", "pull_request", "pull_request_review", "push"]


@dataclass(eq=False)
class Installation:
    id: int
    app: "App"
    account: User
    repos: list[Repo] | None  # None: all of the account's
    created_at: datetime
    suspended_at: datetime | None = None

    def holds(self, repo: Repo) -> bool:
        return repo.owner is self.account and (self.repos is None or repo in self.repos)


@dataclass(eq=False)
class App:
    id: int
    slug: str
    client_id: str
    owner: User
    speaks_as: User
    modulus: int
    created_at: datetime
    installations: list[Installation] = field(default_factory=list)


def app_of(world, token: str) -> App | None:
    """The app that signed this JSON Web Token; None for what is none, or not from now."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
        signature = int.from_bytes(_decoded(parts[2]), "big")
        issuer, issued, expires = str(claims["iss"]), int(claims["iat"]), int(claims["exp"])
    except (ValueError, KeyError, TypeError):
        return None
    app = next((app for app in world.apps.values() if issuer in (str(app.id), app.client_id)), None)
    now = world.now().timestamp()
    in_time = issued <= now + CLOCKS_DIFFER and now < expires <= now + JWT_LIFE
    if app is None or not in_time or header.get("alg") != "RS256":
        return None
    return app if _signed(f"{parts[0]}.{parts[1]}".encode(), signature, app.modulus) else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _signed(message: bytes, signature: int, modulus: int) -> bool:
    """RSASSA-PKCS1-v1_5 with SHA-256: the one encoding that the digest has is what the signature opens to."""
    size = (modulus.bit_length() + 7) // 8
    digest = SHA256_PREFIX + hashlib.sha256(message).digest()
    expected = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(signature, EXPONENT, modulus).to_bytes(size, "big") == expected
