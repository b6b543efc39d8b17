"""The control API: waiting, reading, refusing."""

import socket
import threading
from pathlib import Path

from emulator.control.verbs import VERBS
from emulator.faults import KINDS
from emulator.model import Protection

from .harness import SECONDS, ForgeCase


class Control(ForgeCase):
    def later(self, verb: str, **facts) -> None:
        threading.Thread(target=self.do, args=(verb,), kwargs=facts, daemon=True).start()

    def test_waiting_ends_at_the_event_and_not_before(self):
        number = self.pull()
        seq = self.see("state")["seq"]
        self.assertEqual(self.see("wait", since=seq, timeout=0.02)["events"], [])
        self.later("comments", repo="acme/infra", number=number, user="bob", body="x")
        events = self.see("wait", since=seq, kind="comment", repo="acme/infra", number=number)["events"]
        self.assertEqual([(event["kind"], event["user"]) for event in events], [("comment.created", "bob")])

    def test_what_happened_before_the_question_is_not_missed(self):
        seq = self.see("state")["seq"]
        self.pull()
        kinds = [event["kind"] for event in self.see("wait", since=seq)["events"]]
        self.assertEqual(kinds, ["push", "pull.opened"])

    def test_traffic_is_no_news_unless_asked_for(self):
        seq = self.see("state")["seq"]
        self.rest("GET", "")
        self.assertEqual(self.see("wait", since=seq, timeout=0.01)["events"], [])
        self.assertEqual(len(self.see("wait", since=seq, kind="request")["events"]), 2)

    def test_one_can_wait_for_a_comment_that_says_something(self):
        number = self.pull()
        at = {"repo": "acme/infra", "number": number}
        said = self.do("comments", **at, user="bot", body="planning")["id"]
        self.assertIsNone(self.see("until", **at, comment="Plan: .* add", timeout=0.01)["found"])
        self.later("comments/edit", id=said, body="Plan: 1 to add")
        found = self.see("until", **at, comment="Plan: .* add", user="bot")["found"]
        self.assertEqual((found["id"], found["body"]), (said, "Plan: 1 to add"))

    def test_one_can_wait_for_a_status_and_for_a_merge(self):
        number = self.pull()
        at = {"repo": "acme/infra", "number": number}
        status = {"repo": "acme/infra", "user": "bot", "sha": "more", "context": "slipway/plan"}
        self.do("statuses", **status, state="pending")
        self.later("statuses", **status, state="success")
        self.assertEqual(self.see("until", **at, status="slipway/plan")["found"]["state"], "success")
        self.later("pulls/merge", **at, user="alice")
        self.assertTrue(self.see("until", **at, merged=1)["found"]["sha"])

    def test_quiet_means_that_every_webhook_has_arrived(self):
        receiver = self.listen()
        self.pull()
        self.assertTrue(self.see("quiet", idle=0.02, timeout=SECONDS)["quiet"])
        self.assertEqual(receiver.heard.qsize(), 3)

    def test_quiet_does_not_wait_for_who_was_hung(self):
        self.do("faults", kind="hang", on={"path": "/pulls$"})
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            seq = self.see("state")["seq"]
            client.sendall(b"GET /repos/acme/infra/pulls HTTP/1.1\r\n\r\n")
            self.see("wait", since=seq, kind="request.begun")
            self.assertTrue(self.see("quiet", idle=0.02, timeout=SECONDS)["quiet"])

    def test_requests_are_logged_with_who_and_what_came_of_it(self):
        self.rest("GET", "/nothing")
        self.rest("GET", "/pulls?state=open")
        found = self.see("requests", path="/pulls$", user="bot")["requests"]
        self.assertEqual([(made["method"], made["status"], made["query"]) for made in found],
                         [("GET", 200, {"state": "open"})])
        self.assertEqual(self.see("requests", status=404)["count"], 1)

    def test_what_cannot_be_is_refused_in_words(self):
        self.assertIn("exists", self.refused("users", login="alice"))
        self.assertIn("exists", self.refused("repos", owner="acme", name="infra"))
        self.assertIn("a role is one of", self.refused("permissions", repo="acme/infra", user="bob",
                                                       permission="god"))
        self.assertIn("title is missing", self.refused("issues", repo="acme/infra", user="bob"))
        self.assertIn("has no speed", self.refused("protection", repo="acme/infra", rule={"speed": 1}))
        for target in ("/_control/pull?repo=acme/infra&number=9", "/_control/pull?repo=no/where&number=1",
                       "/_control/juggle"):
            self.assertEqual(self.ask("GET", target).status, 404)

    def test_the_readme_names_every_verb_noun_and_fault(self):
        text = (Path(__file__).parent.parent / "README.md").read_text()
        named = [name for _, name in VERBS] + list(KINDS) + list(Protection.__dataclass_fields__)
        self.assertEqual([name for name in named if f"`{name}`" not in text and f'"{name}"' not in text], [])

    def test_the_clock_can_be_moved(self):
        before = self.see("state")["now"]
        self.do("clock", advance=86400 * 2)
        self.assertGreater(self.see("state")["now"], before)

    def test_pages_for_people_escape_what_was_said(self):
        number = self.pull(title="<script>")
        self.do("comments", repo="acme/infra", number=number, user="bot", body="<b>Plan</b>")
        told = self.ask("GET", f"/acme/infra/pull/{number}")
        self.assertIn(b"&lt;b&gt;Plan", told.body)
        self.assertNotIn(b"<script>", told.body)
        for path in ("/", "/acme/infra"):
            self.assertEqual(self.ask("GET", path).status, 200)
        self.assertEqual(self.ask("GET", "/acme/nothing").status, 404)
