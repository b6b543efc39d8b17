"""What happens to the server, to Terraform, and to what the forge sends and answers."""

import json
import shlex
import time
from pathlib import Path

from . import processes
from .forge import BOT, REPO
from .sentences import sentence
from .stage import PATIENCE, SOON_SECONDS, NotYet, Stage, Untrue

COMMENTS = r"/comments(/\d+)?$"


@sentence("the server is not running yet")
def is_not_running(stage: Stage) -> None:
    """Said first; otherwise the server runs when a story begins."""
    if stage.server.process is not None:
        raise Untrue("a story that begins without the server says so before anything else")


@sentence("the bot is a GitHub App")
def is_an_app(stage: Stage) -> None:
    """Before the server starts: it has no token then, and what it may see is what the app is installed for."""
    app = stage.forge.do("apps", owner="alice", slug="planner")
    stage.forge.do("permissions", repo=REPO, user=BOT, permission="none")
    stage.forge.do("apps/install", app="planner", account="acme")
    stage.forge.bot = app["login"]
    stage.server.speak_as_app(app["id"], app["private_key"])


@sentence("the app's tokens are revoked")
def tokens_are_revoked(stage: Stage) -> None:
    stage.forge.do("apps/revoke", app="planner")


@sentence("the server starts")
def starts(stage: Stage) -> None:
    stage.server.start()


@sentence("the server is stopped")
def is_stopped(stage: Stage) -> None:
    stage.server.terminate()
    stage.server.wait_for_end()


@sentence("the server is asked to stop")
def is_asked_to_stop(stage: Stage) -> None:
    stage.server.terminate()


@sentence("the server has stopped")
def has_stopped(stage: Stage) -> None:
    stage.server.wait_for_end()


@sentence("the server is killed")
def is_killed(stage: Stage) -> None:
    stage.server.kill()


@sentence("the server is killed while planning")
@sentence("the server is killed while applying")
def is_killed_at_a_gate(stage: Stage) -> None:
    wait_at_gate(stage)
    stage.server.kill()


@sentence("the machine loses its power while planning")
@sentence("the machine loses its power while applying")
def power_is_lost(stage: Stage) -> None:
    wait_at_gate(stage)
    stage.server.kill_with_all()


@sentence("Terraform waits at the gate NAME")
def waits_at_gate(stage: Stage, name: str) -> None:
    wait_at_gate(stage, name)


@sentence("the gate NAME opens")
def gate_opens(stage: Stage, name: str) -> None:
    gate(stage, name).open()


def wait_at_gate(stage: Stage, name: str | None = None) -> None:
    def look() -> None:
        waits = gate(stage, name).somebody_waits() if name else stage.gates.somebody_waits()
        if not waits:
            raise NotYet("nobody has come to the gate")

    stage.until(look)


def gate(stage: Stage, name: str):
    if name not in stage.gates:
        raise Untrue(f"no file of the story reads /srv/gates/{name}")
    return stage.gates[name]


@sentence("the operator runs CODE")
def operator_runs(stage: Stage, code: str) -> None:
    """`slipway …`, at the server's host, with its configuration."""
    program, *words = shlex.split(code)
    if program != "slipway":
        raise Untrue("the operator runs slipway, and nothing else")
    stage.server.run(*words)


@sentence("the window opens")
def window_opens(stage: Stage) -> None:
    """The clock has come to `<soon>`, which the configuration names."""

    def look() -> None:
        if time.time() < stage.soon:
            raise NotYet("it is not that late")

    stage.until(look, SOON_SECONDS + 60 + PATIENCE)


@sentence("the keeper ends")
def keeper_ends(stage: Stage) -> None:
    """Of an apply that goes on without a server: it has come to its end."""
    processes.wait_until_gone(processes.keepers())


@sentence("somebody writes CODE to NAME")
def writes(stage: Stage, code: str, name: str) -> None:
    """A file of the story's /srv/, which provisioners can read."""
    Path(stage.real(name)).write_text(code)


@sentence("the state server refuses writes", refuses=True)
@sentence("the state server is well again", refuses=False)
def state_server(stage: Stage, refuses: bool) -> None:
    stage.states.refuses_writes = refuses


@sentence("PERSON holds the lock CODE of NAME")
def holds_lock(stage: Stage, person: str, code: str, name: str) -> None:
    """At the state server."""
    stage.states.locks[name] = {"ID": code, "Operation": "OperationTypeApply", "Who": f"{person}@laptop"}


@sentence("somebody else writes the state of NAME")
def writes_state(stage: Stage, name: str) -> None:
    """Another one, of a lineage of its own: at the state server."""
    stage.states.file(name).write_text(json.dumps({
        "version": 4, "terraform_version": "1.0.0", "serial": 7, "lineage": "another", "outputs": {},
        "resources": [{"mode": "managed", "type": "terraform_data", "name": "other", "instances": [
            {"schema_version": 0, "attributes": {"id": "other"}}],
            "provider": "provider[\"terraform.io/builtin/terraform\"]"}]}))


# Webhooks


@sentence("the next webhook is lost", kind="drop_webhook", times=1)
@sentence("webhooks are lost", kind="drop_webhook")
@sentence("every webhook comes twice", kind="duplicate_webhook")
@sentence("webhooks are held back", kind="hold_webhook")
def webhooks_go_wrong(stage: Stage, kind: str, **facts) -> None:
    stage.forge.do("faults", kind=kind, on={"repo": REPO}, **facts)


@sentence("webhooks arrive again")
@sentence("the forge is well again")
def all_is_well(stage: Stage) -> None:
    stage.forge.do("faults/lift")


@sentence("the held webhooks arrive, the last one first")
def arrive_reversed(stage: Stage) -> None:
    if stage.forge.do("faults/lift", reversed=True)["released"] < 2:
        raise Untrue("fewer than two webhooks were held back")


# The forge's answers


@sentence("the forge answers the next N comments with 502", kind="status", status=502)
@sentence("the forge writes the next N comments down and answers 502", kind="status", status=502, when="after")
def comments_fail(stage: Stage, n: int, **facts) -> None:
    stage.forge.do("faults", times=n, on={"path": COMMENTS, "method": "POST", "user": stage.forge.bot}, **facts)


@sentence("the forge leaves comments unanswered", kind="hang")
@sentence("the forge writes comments down and leaves them unanswered", kind="hang", when="after")
def comments_hang(stage: Stage, **facts) -> None:
    for method in ("POST", "PATCH"):
        stage.forge.do("faults", on={"path": COMMENTS, "method": method, "user": stage.forge.bot}, **facts)


@sentence("the forge is down", kind="status", status=502)
def is_down(stage: Stage, **facts) -> None:
    stage.forge.do("faults", on={"user": stage.forge.bot}, **facts)
