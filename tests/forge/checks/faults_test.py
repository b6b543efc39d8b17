"""Faults: each does what it says, to what it names, as often as it says."""

import hmac
import http.client
import socket
import subprocess
import threading
import time
import zlib

from emulator.git_store import ENVIRONMENT

from .harness import SECONDS, ForgeCase


class Faults(ForgeCase):
    def fault(self, kind: str, path: str = "", **more) -> int:
        return self.do("faults", kind=kind, on={"path": path} if path else {}, **more)["id"]

    def hits(self) -> list[int]:
        return [fault["hits"] for fault in self.see("faults")["faults"]]

    def comments(self, number: int) -> int:
        return len(self.see("comments", repo="acme/infra", number=number)["comments"])

    def test_a_status_before_the_effect_leaves_nothing_behind(self):
        number = self.pull()
        self.fault("status", "/comments$", status=503, times=1)
        told = self.rest("POST", f"/issues/{number}/comments", {"body": "x"})
        self.assertEqual((told.status, self.comments(number)), (503, 0))
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}).status, 201)

    def test_a_status_after_the_effect_hides_that_it_happened(self):
        number = self.pull()
        self.fault("status", "/comments$", status=502, when="after", times=1)
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}).status, 502)
        self.assertEqual(self.comments(number), 1)

    def test_a_reset_breaks_the_connection_before_or_after(self):
        number = self.pull()
        for when, made in (("before", 0), ("after", 1)):
            self.fault("reset", "/comments$", when=when, times=1)
            with self.assertRaises((ConnectionError, http.client.HTTPException)):
                self.rest("POST", f"/issues/{number}/comments", {"body": "x"})
            self.assertEqual(self.comments(number), made)

    def test_what_hangs_is_silent_until_it_is_lifted(self):
        self.fault("hang", "/pulls$")
        answered = threading.Event()

        def ask():
            with self.assertRaises((ConnectionError, http.client.HTTPException)):
                self.rest("GET", "/pulls")
            answered.set()

        seq = self.see("state")["seq"]
        threading.Thread(target=ask, daemon=True).start()
        self.assertTrue(self.see("wait", since=seq, kind="request.begun")["events"])
        self.assertFalse(answered.wait(0.05))
        self.do("faults/lift")
        self.assertTrue(answered.wait(SECONDS))

    def test_a_client_that_leaves_ends_its_hanging(self):
        self.fault("hang", "/pulls$")
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            seq = self.see("state")["seq"]
            client.sendall(b"GET /repos/acme/infra/pulls HTTP/1.1\r\n\r\n")
            self.see("wait", since=seq, kind="request.begun")
        self.assertTrue(self.see("wait", since=seq, kind="request", timeout=SECONDS)["events"])

    def test_a_delay_is_only_a_delay(self):
        self.fault("delay", "/pulls$", seconds=0.1)
        started = time.monotonic()
        self.assertEqual(self.rest("GET", "/pulls").status, 200)
        self.assertGreaterEqual(time.monotonic() - started, 0.1)

    def test_limits_are_told_as_github_tells_them(self):
        self.fault("rate_limit", "/pulls$", retry_after=7, times=1)
        told = self.rest("GET", "/pulls")
        self.assertEqual((told.status, told.headers["x-ratelimit-remaining"], told.headers["retry-after"]),
                         (403, "0", "7"))
        self.fault("secondary_limit", "/pulls$", retry_after=3, times=1)
        told = self.rest("GET", "/pulls")
        self.assertEqual((told.status, told.headers["retry-after"]), (403, "3"))
        self.assertIn("secondary rate limit", told.body["message"])

    def test_a_truncated_body_is_shorter_than_promised(self):
        self.fault("truncate", "/infra$", bytes=20, times=1)
        with self.assertRaises(http.client.IncompleteRead) as caught:
            self.rest("GET", "")
        self.assertEqual(len(caught.exception.partial), 20)

    def test_garbage_is_no_json_under_the_right_status(self):
        self.fault("garbage", "/infra$", times=1)
        with self.assertRaises(ValueError):
            self.rest("GET", "")
        self.assertEqual(self.rest("GET", "").status, 200)

    def test_fields_can_be_null_or_gone_in_one_and_in_lists(self):
        number = self.pull()
        self.fault("lack", r"/pulls/\d+$", fields=["mergeable", "merge_commit_sha", "head.repo"])
        told = self.rest("GET", f"/pulls/{number}").body
        self.assertEqual((told["mergeable"], told["merge_commit_sha"], told["head"]["repo"]),
                         (None, None, None))
        self.fault("lack", "/pulls$", fields=["merge_commit_sha"], drop=True)
        self.assertNotIn("merge_commit_sha", self.rest("GET", "/pulls").body[0])

    def test_a_route_can_be_missing(self):
        number = self.pull()
        self.fault("missing", "/files$|/reactions")
        self.assertEqual(self.rest("GET", f"/pulls/{number}/files").status, 404)
        self.assertEqual(self.rest("POST", f"/issues/{number}/reactions", {"content": "eyes"}).status, 404)
        self.assertEqual(self.rest("GET", f"/pulls/{number}/commits").status, 200)

    def test_a_fault_strikes_whom_it_names_after_as_many_as_it_skips(self):
        self.do("faults", kind="status", on={"user": "bot", "method": "get"}, skip=1, times=2, status=500)
        self.assertEqual([self.rest("GET", "").status for _ in range(4)], [200, 500, 500, 200])
        self.assertEqual(self.rest("GET", "", user="alice").status, 200)
        self.assertEqual(self.hits(), [2])
        self.assertEqual([made["fault"] for made in self.see("requests", user="bot")["requests"]],
                         [None, "status", "status", None])

    def test_faults_reach_git(self):
        self.fault("status", "/git-upload-pack$", status=500, times=1)
        self.assertIn("500", self.git("clone", self.address(), "broken", fails=True))
        self.fault("truncate", "/git-upload-pack$", bytes=150, times=1)
        self.git("clone", self.address(), "cut", fails=True)
        self.git("clone", "--quiet", self.address(), "whole")

    def test_a_push_can_succeed_and_look_failed(self):
        clone = self.clone()
        self.fault("reset", "/git-receive-pack$", when="after", times=1)
        self.git("commit", "--quiet", "--allow-empty", "-m", "x", cwd=clone)
        self.git("push", "--quiet", "origin", "HEAD:lost", cwd=clone, fails=True)
        self.assertEqual(self.head("lost"), self.git("rev-parse", "HEAD", cwd=clone))

    def fetch_in_background(self, protocol: str) -> subprocess.Popen:
        """A clone that has asked for its pack."""
        seq = self.see("state")["seq"]
        target = str(self.folder / f"endless-{protocol}-{seq}")
        command = ["git", "-c", f"protocol.version={protocol}", "clone", self.address(), target]
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        asked = 0
        while asked < (2 if protocol == "2" else 1):
            found = self.see("wait", since=seq, kind="request.begun")
            asked += sum(event["path"].endswith("git-upload-pack") for event in found["events"])
            seq = found["seq"]
        return process

    def test_a_pack_that_never_ends_keeps_the_client_until_it_is_lifted(self):
        for kind, options in (("endless_pack", {"bytes": 3_000_000}), ("dripping_pack", {"seconds": 0.01})):
            for protocol in ("0", "2"):
                with self.subTest(kind=kind, protocol=protocol):
                    self.fault(kind, **options)
                    process = self.fetch_in_background(protocol)
                    with self.assertRaises(subprocess.TimeoutExpired):
                        process.wait(0.1)
                    self.do("faults/lift")
                    self.assertEqual(process.wait(SECONDS), 128)

    def test_an_endless_pack_is_made_of_valid_objects(self):
        self.fault("endless_pack", bytes=500_000)
        want = f"want {self.head('main')} side-band-64k\n".encode()
        asked = b"%04x%b" % (len(want) + 4, want) + b"00000009done\n"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/acme/infra.git/git-upload-pack", asked, {"Authorization": "Bearer bot"})
        answer = connection.getresponse()
        self.assertEqual(answer.read(8), b"0008NAK\n")
        pack = b""
        while len(pack) < 400_000:
            packet = answer.read(int(answer.read(4), 16) - 4)
            self.assertEqual(packet[:1], b"\x01")
            pack += packet[1:]
        self.assertEqual(pack[:8], b"PACK\0\0\0\2")
        header, rest = pack[12:15], pack[15:]
        self.assertEqual((header[0] >> 4) & 7, 3)  # a blob
        size = header[0] & 15 | (header[1] & 127) << 4 | header[2] << 11
        inflater = zlib.decompressobj()
        self.assertEqual(len(inflater.decompress(rest)), size)
        self.assertTrue(inflater.eof)
        self.do("faults/lift")

    def test_webhooks_are_lost_doubled_delayed_and_shuffled(self):
        receiver = self.listen(events=["issue_comment", "push"])
        number = self.pull()
        self.assertEqual(self.titles(receiver), ["push"])

        def say(body: str):
            self.do("comments", repo="acme/infra", number=number, user="bob", body=body)

        def heard() -> list[str]:
            self.see("quiet", idle=0.01)
            return [receiver.heard.get().payload["comment"]["body"] for _ in range(receiver.heard.qsize())]

        on = {"event": "issue_comment", "action": "created"}
        self.do("faults", kind="drop_webhook", on=on, times=1)
        say("lost")
        self.assertEqual(heard(), [])
        self.do("faults", kind="duplicate_webhook", on=on, times=1)
        say("twice")
        self.assertEqual(heard(), ["twice", "twice"])
        sent = self.see("deliveries", event="issue_comment", state="delivered")["deliveries"]
        self.assertEqual(len({made["guid"] for made in sent}), 1)
        self.do("faults", kind="reorder_webhooks", on=on, group=3, times=3)
        for body in ("one", "two", "three"):
            say(body)
        self.assertEqual(heard(), ["three", "two", "one"])
        self.do("faults", kind="hold_webhook", on=on, times=2)
        say("held")
        say("held too")
        self.assertEqual(heard(), [])
        self.assertEqual(self.do("faults/lift")["released"], 2)
        self.assertEqual(heard(), ["held", "held too"])
        self.do("faults", kind="delay_webhook", on=on, times=1, seconds=0.05)
        say("late")
        say("early")
        self.assertEqual([receiver.heard.get(timeout=SECONDS).payload["comment"]["body"] for _ in range(2)],
                         ["early", "late"])

    def test_a_payload_can_lack_fields_and_is_signed_as_sent(self):
        receiver = self.listen(events=["pull_request"])
        self.do("faults", kind="lack_webhook", fields=["pull_request.head.repo", "number"], drop=True,
                times=1)
        self.pull()
        heard = receiver.heard.get(timeout=SECONDS)
        self.assertNotIn("number", heard.payload)
        self.assertNotIn("repo", heard.payload["pull_request"]["head"])
        signature = hmac.new(b"s3cret", heard.raw, "sha256").hexdigest()
        self.assertEqual(heard.headers["x-hub-signature-256"], f"sha256={signature}")

    def test_a_fault_that_makes_no_sense_is_refused(self):
        self.assertIn("kind is one of", self.refused("faults", kind="explode"))
        self.assertIn("not by event", self.refused("faults", kind="status", on={"event": "push"}))
        self.assertIn("has no option", self.refused("faults", kind="hang", seconds=3))
