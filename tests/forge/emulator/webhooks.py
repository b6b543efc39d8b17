"""Delivering webhooks as GitHub does: signed, ten seconds, no retry, every attempt kept and repeatable by
hand.

Each hook has one thread that delivers in order, so that a test sees one order; what the internet does to
order (delays, doubles, losses) is done on purpose, by faults.
"""

import hashlib
import hmac
import json
import queue
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from . import payloads
from .faults import Fault, Faults, lacking
from .model import Hook, Repo, User
from .world import World

TIMEOUT_SECONDS = 10
MAX_KEPT_RESPONSE = 64 * 1024
KEPT_DELIVERIES = 10_000
OPEN_STATES = ("queued", "held")


@dataclass(eq=False)
class Delivery:
    id: int
    guid: str
    hook: Hook
    event: str
    action: str | None
    payload: bytes
    created_at: datetime
    redelivery: bool = False
    state: str = "queued"  # queued | held | dropped | delivered | failed
    headers: dict = field(default_factory=dict)
    delivered_at: datetime | None = None
    duration: float = 0.0
    status_code: int = 0
    status: str = ""
    response_headers: dict = field(default_factory=dict)
    response_body: str = ""


class Webhooks:
    def __init__(self, world: World, faults: Faults):
        self._world, self._faults = world, faults
        self._queues: dict[Hook, queue.Queue] = {}
        self._open: set[Delivery] = set()

    def emit(self, repo: Repo, event: str, sender: User, build) -> None:
        """Renders the payload once, now, for every hook that listens; where none does, renders nothing."""
        listening = [hook for hook in repo.hooks.values() if hook.active and wants(hook, event)]
        if not listening:
            return
        body = build()
        payload = json.dumps(payloads.envelope(self._world, repo, sender, body)).encode()
        for hook in listening:
            self._send(self._make(hook, event, body.get("action"), payload, new_guid()))

    def ping(self, hook: Hook, sender: User) -> None:
        body = payloads.envelope(self._world, hook.repo, sender, payloads.ping(self._world, hook))
        self._send(self._make(hook, "ping", None, json.dumps(body).encode(), new_guid()))

    def redeliver(self, old: Delivery) -> Delivery:
        again = self._make(old.hook, old.event, old.action, old.payload, old.guid)
        again.redelivery = True
        self._enqueue(again)
        return again

    @property
    def pending(self) -> int:
        """Deliveries on their way; those a test holds back do not count."""
        return sum(delivery.state == "queued" for delivery in self._open)

    def _make(self, hook: Hook, event: str, action: str | None, payload: bytes, guid: str) -> Delivery:
        made = Delivery(self._world.next_id(), guid, hook, event, action, payload, self._world.now())
        kept = self._world.deliveries
        kept[made.id] = made
        if len(kept) > KEPT_DELIVERIES:
            del kept[next(iter(kept))]
        return made

    def _send(self, delivery: Delivery) -> None:
        """The road of a first delivery: a fault may lose, hold, delay, double or shuffle it."""
        fault = self._faults.for_delivery(delivery.event, delivery.action, delivery.hook.repo.full_name)
        if fault is None:
            self._enqueue(delivery)
        else:
            self._divert(delivery, fault)

    def _divert(self, delivery: Delivery, fault: Fault) -> None:
        if fault.kind == "drop_webhook":
            self._set_state(delivery, "dropped")
        elif fault.kind == "delay_webhook":
            self._set_state(delivery, "held")
            later = threading.Timer(fault.options["seconds"], self._enqueue, [delivery])
            later.daemon = True
            later.start()
        elif fault.kind == "duplicate_webhook":
            self._enqueue(delivery)
            for _ in range(fault.options["copies"]):
                self._enqueue(self._make(delivery.hook, delivery.event, delivery.action, delivery.payload,
                                         delivery.guid))
        elif fault.kind == "lack_webhook":
            delivery.payload = lacking(delivery.payload, fault.options["fields"], fault.options["drop"])
            self._enqueue(delivery)
        else:
            self._set_state(delivery, "held")
            fault.held.append(delivery)
            if fault.kind == "reorder_webhooks" and len(fault.held) >= fault.options["group"]:
                together, fault.held = fault.held, []
                self.release(reversed(together))

    def release(self, held) -> None:
        for delivery in held:
            self._enqueue(delivery)

    def _set_state(self, delivery: Delivery, state: str) -> None:
        with self._world.lock:
            delivery.state = state
            if state in OPEN_STATES:
                self._open.add(delivery)
            else:
                self._open.discard(delivery)
            self._world.note("delivery", delivery.hook.repo, event=delivery.event, action=delivery.action,
                             delivery=delivery.id, state=state, code=delivery.status_code)

    def _enqueue(self, delivery: Delivery) -> None:
        with self._world.lock:
            self._set_state(delivery, "queued")
            waiting = self._queues.get(delivery.hook)
            if waiting is None:
                waiting = self._queues[delivery.hook] = queue.Queue()
                threading.Thread(target=self._deliver_all, args=(waiting,), daemon=True).start()
        waiting.put(delivery)

    def _deliver_all(self, waiting: queue.Queue) -> None:
        while True:
            self._deliver(waiting.get())

    def _deliver(self, delivery: Delivery) -> None:
        hook, started = delivery.hook, time.monotonic()
        body, kind = encode(hook, delivery.payload)
        delivery.headers = headers(delivery, body, kind)
        try:
            code, answer, text = post(hook.url, delivery.headers, body)
            status = "OK" if 200 <= code < 300 else f"Invalid HTTP Response: {code}"
        except Exception as error:  # whatever the receiver does to us is its answer, and is kept as such
            code, answer, text = 0, {}, ""
            status = "timed out" if isinstance(error, TimeoutError) else "failed to connect to host"
        with self._world.lock:
            delivery.duration = round(time.monotonic() - started, 3)
            delivery.delivered_at = self._world.now()
            delivery.status_code, delivery.status = code, status
            delivery.response_headers, delivery.response_body = answer, text
            hook.last_response = (code or None, "active" if status == "OK" else "misconfigured", status)
            self._set_state(delivery, "delivered" if status == "OK" else "failed")


def new_guid() -> str:
    """A random UUID; the standard library's module for them would cost a tenth of the start."""
    digits = secrets.token_hex(16)
    variant = secrets.choice("89ab")
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def wants(hook: Hook, event: str) -> bool:
    return "*" in hook.events or event in hook.events


def encode(hook: Hook, payload: bytes) -> tuple[bytes, str]:
    if hook.content_type == "form":
        return urlencode({"payload": payload.decode()}).encode(), "application/x-www-form-urlencoded"
    return payload, "application/json"


def headers(delivery: Delivery, body: bytes, kind: str) -> dict:
    hook = delivery.hook
    made = {
        "User-Agent": "GitHub-Hookshot/5f2c1d0", "Accept": "*/*", "Content-Type": kind,
        "X-GitHub-Delivery": delivery.guid, "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(hook.id),
        "X-GitHub-Hook-Installation-Target-ID": str(hook.repo.id),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
    }
    if hook.secret:
        key = hook.secret.encode()
        made["X-Hub-Signature"] = "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest()
        made["X-Hub-Signature-256"] = "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    return made


def post(url: str, sent: dict, body: bytes) -> tuple[int, dict, str]:
    import http.client  # costs a fifth of the start, and only who has hooks needs it
    import ssl

    parts = urlsplit(url)
    if parts.scheme == "https":
        open_to = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS,
                                              context=ssl._create_unverified_context())
    else:
        open_to = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        open_to.request("POST", target, body, sent)
        answer = open_to.getresponse()
        text = answer.read(MAX_KEPT_RESPONSE).decode("utf-8", "replace")
        return answer.status, dict(answer.getheaders()), text
    finally:
        open_to.close()
