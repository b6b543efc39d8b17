"""The rows of the table: each returns lines of (what, Slipway, reference, ratio, goal)."""

import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import history
from stand import PROGRAM, SECRET, Stand, bare_environment, fast_dir

HEAD = ("what", "Slipway", "reference", "ratio", "goal")
WRK_LUA = """
local id = 0
local thread = 0
function setup(t) t:set("thread", thread); thread = thread + 1 end
function request()
  id = id + 1
  wrk.headers["X-GitHub-Delivery"] = "bench-" .. RUN .. "-" .. thread .. "-" .. id
  return wrk.format("POST", "/webhooks/github")
end
function init(args) RUN = args[1] end
"""


def payload() -> tuple[bytes, dict]:
    """A signed delivery of 8 KB that nothing follows from, as full of addresses as real ones are."""
    names = [f"part{i}" for i in range(112)]
    links = {name: f"https://api.github.example/repos/acme/{hashlib.sha1(name.encode()).hexdigest()[:12]}/{name}"
             for name in names}
    body = json.dumps({"zen": "Keep it logically awesome.", "hook_id": 1, "repository": links}).encode()
    return body, signed("ping", body)


def signed(event: str, body: bytes) -> dict:
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-GitHub-Event": event, "X-Hub-Signature-256": f"sha256={signature}"}


def wrk(url: str, script: Path | None, connections: int = 64, seconds: int = 8) -> float:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if script:
        command += ["-s", str(script)]
    out = subprocess.run([*command, url, "--", str(os.getpid())], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def steady_p99_ms(port: int, rate: int = 1000, seconds: int = 6, connections: int = 16) -> float:
    """Deliveries at a steady rate over keep-alive connections; late starts count as waiting."""
    body, headers = payload()
    latencies: list[float] = []
    start = time.monotonic() + 0.2

    def drive(lane: int):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        own = []
        for turn in range(lane, rate * seconds, connections):
            due = start + turn / rate
            delay = due - time.monotonic()
            if delay > 0:
                time.sleep(delay)
            connection.request("POST", "/webhooks/github", body,
                               {**headers, "X-GitHub-Delivery": f"steady-{start}-{turn}"})
            connection.getresponse().read()
            own.append(time.monotonic() - due)
        latencies.extend(own)

    threads = [threading.Thread(target=drive, args=(lane,)) for lane in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(latencies, n=100)[98] * 1000


def acks():
    with Stand() as stand:
        body, headers = payload()
        lines = [f'wrk.method = "POST"\nwrk.body = [==[{body.decode()}]==]\n']
        lines += [f'wrk.headers["{name}"] = "{value}"\n' for name, value in headers.items()]
        script = stand.dir / "deliveries.lua"
        script.write_text("".join(lines) + WRK_LUA)
        bare = wrk(stand.url + "/healthz", None, seconds=4)
        rate = wrk(stand.url, script)
        p99 = steady_p99_ms(stand.port)
    return [("durable acknowledgements, 64 connections, 8 KB", f"{rate:,.0f}/s", f"/healthz {bare:,.0f}/s",
             f"{rate / bare:.2f}", "12,000/s"),
            ("acknowledgement at a steady 1,000/s, p99", f"{p99:.1f} ms", "", "", "≤ 10 ms")]


def push():
    """Opening a pull request on 8,000 files with one project, until its comment with the plan stands."""
    with Stand() as stand:
        tree = {f"lib/{i // 100}/{i}.txt": f"{i}\n" * 20 for i in range(8000)}
        stand.repo("mono", {**tree, "net/main.tf": stand.project("net", 1)})
        stand.control("commits", repo="acme/mono", user="alice", branch="warm",
                      files={"net/main.tf": stand.project("net", 2)})
        number = stand.control("pulls", repo="acme/mono", user="alice", head="warm", title="Warm")["number"]
        stand.until("acme/mono", number, comment="to add")
        times = []
        for turn in range(3, 8):
            stand.control("commits", repo="acme/mono", user="alice", branch=f"more{turn}",
                          files={"net/main.tf": stand.project("net", turn)})
            begun = time.monotonic()
            number = stand.control("pulls", repo="acme/mono", user="alice", head=f"more{turn}", title="More")["number"]
            stand.until("acme/mono", number, comment="to add")
            times.append(time.monotonic() - begun)
        bare = [bare_plan(stand, f"more{turn}") for turn in range(3, 6)]
    ours, theirs = statistics.median(times), statistics.median(bare)
    return [("push → comment, 8,000 files, one project", f"{ours:.2f} s", f"git clone, init, plan {theirs:.2f} s",
             f"{ours / theirs:.2f}", "0.6")]


def bare_plan(stand: Stand, branch: str) -> float:
    room = fast_dir()
    environment = bare_environment(room)
    url = stand.forge.replace("http://", "http://x:bot-token@") + "/acme/mono.git"
    begun = time.monotonic()
    run = dict(check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    subprocess.run(["git", "clone", "-q", "--single-branch", "-b", branch, url, f"{room}/tree"], **run)
    for command in (["init"], ["plan", "-lock=false", f"-out={room}/plan"]):
        subprocess.run(["terraform", *command, "-input=false"], cwd=f"{room}/tree/net", **run)
    seconds = time.monotonic() - begun
    shutil.rmtree(room)
    return seconds


def projects():
    """50 projects in one pull request, against bare init and plan at the same parallelism."""
    count, workers = 50, 2
    with Stand(workers=workers) as stand:
        before = {f"p{i}/main.tf": stand.project(f"p{i}", 1) for i in range(count)}
        after = {f"p{i}/main.tf": stand.project(f"p{i}", 3) for i in range(count)}
        stand.repo("fleet", before)
        stand.control("commits", repo="acme/fleet", user="alice", branch="all", files=after)
        begun = time.monotonic()
        number = stand.control("pulls", repo="acme/fleet", user="alice", head="all", title="All")["number"]
        stand.until("acme/fleet", number, comment="Merge to apply")
        ours = time.monotonic() - begun
        room = Path(fast_dir())
        environment = bare_environment(str(room))
        for path, text in after.items():
            (room / path).parent.mkdir()
            (room / path).write_text(text)

        def plan(i: int):
            for command in (["init"], ["plan", "-lock=false", "-out=plan"]):
                subprocess.run(["terraform", *command, "-input=false"], cwd=room / f"p{i}", env=environment, check=True,
                               stdout=subprocess.DEVNULL)

        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(plan, range(count)))
        bare = time.monotonic() - begun
        shutil.rmtree(room)
    return [(f"{count} projects in one pull request, {workers} workers", f"{ours:.2f} s", f"init, plan {bare:.2f} s",
             f"{ours / bare:.2f}", "1.3")]


def rss():
    with Stand() as stand:
        time.sleep(2)
        idle = stand.rss_mib()
        stand.repo("busy", {"net/main.tf": stand.project("net", 1)})
        for i in range(1000):
            stand.control("commits", repo="acme/busy", user="alice", branch=f"b{i}", files={f"docs/{i}.md": "x"})
            stand.control("pulls", repo="acme/busy", user="alice", head=f"b{i}", title=f"Change {i}")
        # Their statuses are written at the pace that a forge permits: hours after this.
        stand.until_done("look", "prepare")
        full = stand.rss_mib()
    return [("resident memory, idle", f"{idle:.1f} MiB", "", "", "≤ 16 MiB"),
            ("resident memory, 1,000 open pull requests", f"{full:.1f} MiB", "", "", "≤ 24 MiB")]


FAKE_TERRAFORM = """#!/bin/sh
# Terraform with a plan of 50,000 changes ready: what is measured is all that comes after it.
case "$*" in
  *version*) exec {real} "$@" ;;
  *init*) exec {real} "$@" ;;
  *show*) exec cat plan.json ;;
  *) exec {real} "$@" ;;
esac
"""


def large():
    """A plan of 50,000 changes, from its JSON to the comment."""
    room = Path(fast_dir())
    changes = [{"address": f"terraform_data.r[{i}]", "mode": "managed", "type": "terraform_data", "name": "r",
                "index": i, "provider_name": "terraform.io/builtin/terraform",
                "change": {"actions": ["create"], "before": None,
                           "after": {"input": f"value {i}", "triggers_replace": None},
                           "after_unknown": {"id": True, "output": True}, "before_sensitive": False,
                           "after_sensitive": {}}} for i in range(50_000)]
    plan = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes, "applyable": True,
            "complete": True, "errored": False, "configuration": {"root_module": {}}}
    (room / "p").mkdir()
    (room / "p/plan.json").write_text(json.dumps(plan))
    (room / "p/main.tf").write_text('resource "terraform_data" "r" {}\n')
    real = shutil.which("terraform")
    fake = FAKE_TERRAFORM.format(real=real)
    for name, text in (("fake", fake), ("real", f'#!/bin/sh\nexec {real} "$@"\n')):
        (room / name).write_text(text)
        (room / name).chmod(0o755)

    def measure(which: str) -> tuple[float, float]:
        begun = time.monotonic()
        command = ["/usr/bin/env", "time", "-f", "%M", PROGRAM, "plan", "--terraform", room / which, room / "p"]
        out = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
        return time.monotonic() - begun, int(out.stderr.split()[-1]) / 1024

    empty, _ = measure("real")
    full, peak = measure("fake")
    shutil.rmtree(room)
    return [("50,000 changes: beyond a plan of one", f"{full - empty:.2f} s, {peak:.0f} MiB",
             f"plan of one {empty:.2f} s", "", "≤ 1 s, ≤ 100 MiB")]


def restart():
    """A server that is killed in front of 10,000 jobs, until the next one has claimed one of them. When that one ended,
    this server is killed too: each of the jobs is then waiting, running or done."""
    count = 10_000
    with Stand() as stand:
        empty = stand.started
        stand.stop()
        stand.control("repos", owner="acme", name="queue", tree={"README.md": "x"},
                      roles={"slipway": "write", "alice": "admin"})
        head = stand.control("commits", repo="acme/queue", user="alice", branch="c", files={"docs/a.md": "x"})["sha"]
        for i in range(count):
            stand.control("refs", repo="acme/queue", user="alice", ref=f"refs/heads/c{i}", sha=head)
            stand.control("pulls", repo="acme/queue", user="alice", head=f"c{i}", title=f"Change {i}")
        # The comparison finds them all, and no look at one of them ends.
        stand.control("faults", kind="hang", on={"path": r"/pulls/\d+$"})
        stand.start()
        stand.until_rows("SELECT count(*) >= ? FROM jobs WHERE kind = 'look'", (count,))
        stand.kill()
        stand.control("faults/lift")
        with sqlite3.connect(stand.database) as rows:
            fence = rows.execute("SELECT fence FROM counters").fetchone()[0]
        begun = time.monotonic()
        stand.start()
        stand.until_rows("SELECT EXISTS (SELECT 1 FROM jobs WHERE kind = 'look' AND fence > ?) "
                         "OR EXISTS (SELECT 1 FROM pulls)", (fence,))
        first = time.monotonic() - begun
        stand.until_rows("SELECT count(*) > 0 FROM pulls")
        stand.kill()
        with sqlite3.connect(stand.database) as rows:
            kept = {number for (number,) in rows.execute(
                "SELECT payload ->> '$.pull.number' FROM jobs WHERE kind = 'look' UNION SELECT number FROM pulls")}
        if kept != set(range(1, count + 1)):
            raise RuntimeError(f"{count - len(kept)} of {count} jobs are lost")
    return [(f"start with {count:,} waiting jobs → the first one runs", f"{first:.2f} s, none lost",
             f"empty, → /healthz {empty:.2f} s", "", "≤ 1 s")]


class Aged:
    """A server with many or few old pull requests, and some open ones on the same state."""

    OPEN = 12

    def __init__(self, stand: Stand, old: int):
        self.stand = stand
        stand.repo("net", {"net/main.tf": stand.project("net", 1)})
        merged, closed = self.open(2), self.open(3)
        stand.control("pulls/merge", repo="acme/net", user="alice", number=merged)
        stand.until("acme/net", merged, comment="Applied")
        stand.control("pulls/close", repo="acme/net", user="alice", number=closed)
        stand.until_rows("SELECT count(*) = 2 FROM pulls WHERE settled = 1")
        self.until_quiet()
        stand.stop()
        history.fill(stand.database, merged, closed, old)
        stand.start()
        for i in range(self.OPEN):
            self.open(i + 4)
        self.until_quiet()
        told = stand.ask("deliveries", repo="acme/net", event="pull_request", action="opened", payloads="true")
        self.bodies = [json.dumps(one["payload"]).encode() for one in told["deliveries"][-self.OPEN:]]
        self.connection = http.client.HTTPConnection("127.0.0.1", stand.port)
        self.sent = 0

    def open(self, resources: int) -> int:
        stand = self.stand
        stand.control("commits", repo="acme/net", user="alice", branch=f"c{resources}",
                      files={"net/main.tf": stand.project("net", resources)})
        number = stand.control("pulls", repo="acme/net", user="alice", head=f"c{resources}", title="More")["number"]
        stand.until("acme/net", number, comment="to add")
        return number

    def until_quiet(self):
        self.stand.until_rows("SELECT NOT EXISTS (SELECT 1 FROM jobs WHERE kind NOT IN ('reconcile', 'sweep'))")

    def restart(self) -> float:
        """Seconds from a start to the end of the first comparison with the forge."""
        self.stand.stop()
        with sqlite3.connect(self.stand.database) as rows:
            before = rows.execute("SELECT coalesce(max(pulls_since), 0) FROM repos WHERE branch = ''").fetchone()[0]
        begun = time.monotonic()
        self.stand.start()
        self.stand.until_rows("SELECT EXISTS (SELECT 1 FROM repos WHERE branch = '' AND pulls_since > ?)", (before,))
        return time.monotonic() - begun

    def burst(self, waves: int = 6) -> tuple[float, float]:
        """Seconds of CPU and seconds for each delivery, until what it asked for is done. A wave tells of each open
        pull request once: more of one at a time would be one look."""
        cpu, begun = self.stand.cpu_seconds(), time.monotonic()
        for _ in range(waves):
            for body in self.bodies:
                self.sent += 1
                self.connection.request("POST", "/webhooks/github", body, {
                    **signed("pull_request", body), "X-GitHub-Delivery": f"wave-{self.sent}"})
                self.connection.getresponse().read()
            self.stand.until_rows("SELECT NOT EXISTS (SELECT 1 FROM inbox WHERE handled = 0) "
                                  "AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind NOT IN ('reconcile', 'sweep'))")
        count = waves * len(self.bodies)
        return (self.stand.cpu_seconds() - cpu) / count, (time.monotonic() - begun) / count

    def page(self, path: str) -> float:
        begun = time.monotonic()
        urllib.request.urlopen(self.stand.url + path).read()
        return time.monotonic() - begun


def old():
    """The same with 1,000,000 old pull requests and with 1,000, in turns."""
    with Stand() as of_many, Stand() as of_few:
        many, few = Aged(of_many, 1_000_000), Aged(of_few, 1_000)
        # Who goes first changes, and the first pair warms both.
        bursts = [(many.burst(), few.burst()) if turn % 2 else (few.burst(), many.burst())[::-1]
                  for turn in range(61)][1:]
        pages = {path: [(many.page(path), few.page(path)) for _ in range(50)] for path in ("/", "/metrics")}
        starts = [(many.restart(), few.restart()) for _ in range(6)][1:]

    def line(what: str, pairs: list[tuple[float, float]], goal: str = ""):
        ours, theirs = (statistics.median(side) * 1000 for side in zip(*pairs))
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        return f"{what}, 1,000,000 old pull requests", f"{ours:.2f} ms", f"1,000: {theirs:.2f} ms", f"{ratio:.2f}", goal

    return [line("a delivery until done, CPU", [(a[0], b[0]) for a, b in bursts], "≤ 1.1"),
            line("a delivery until done", [(a[1], b[1]) for a, b in bursts], "≤ 1.1"),
            line("start and a comparison with the forge", starts),
            line("front page", pages["/"]), line("metrics", pages["/metrics"])]


ROWS = {"acks": acks, "push": push, "projects": projects, "rss": rss, "large": large, "restart": restart, "old": old}
