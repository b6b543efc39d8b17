"""Every event the emulator emits, against the published descriptions and examples of it."""

import unittest

from . import published, published_events
from .harness import SECONDS, ForgeCase


@unittest.skipIf(published.why_not(), f"GitHub's descriptions are not there: {published.why_not()}")
class PublishedEvents(ForgeCase):
    def tour(self) -> dict:
        """Lets everything happen once; (event, action) -> payload."""
        receiver = self.listen()
        number = self.pull(body="Why")
        at = {"repo": "acme/infra", "number": number, "user": "alice"}
        self.commit("more", {"net/more.tf": "more and more\n"})
        self.do("pulls/edit", **at, title="Much more")
        self.do("pulls/draft", **at)
        self.do("pulls/draft", **at, draft=False)
        self.do("labels", **at, labels=["stack"])
        self.do("labels", **at, labels=[])
        self.do("pulls/request_review", **at, reviewer="bot")
        said = self.do("comments", **at, body="slipway plan")["id"]
        self.do("comments/edit", id=said, body="slipway apply")
        self.do("comments/delete", id=said)
        given = self.do("reviews", **at, state="APPROVED", body="Good")["id"]
        self.do("reviews/dismiss", **at, id=given)
        self.do("statuses", repo="acme/infra", user="bot", sha="more", state="success",
                context="slipway/plan")
        self.do("pulls/close", **at)
        self.do("pulls/reopen", **at)
        issue = self.do("issues", repo="acme/infra", user="bot", title="It failed", body="why")["number"]
        in_issue = at | {"number": issue}
        self.do("labels", **in_issue, labels=["slipway"])
        self.do("labels", **in_issue, labels=[])
        self.do("issues/state", **in_issue, state="closed")
        self.do("issues/state", **in_issue, state="open")
        self.rest("PATCH", f"/issues/{issue}", {"body": "because"})
        self.do("protection", repo="acme/infra", rule={"merge_queue": "merge", "contexts": ["ci"]})
        queued = self.do("pulls/enqueue", **at)
        self.do("statuses", repo="acme/infra", user="bot", sha=queued["head"], state="success", context="ci")
        self.do("refs", repo="acme/infra", user="bob", ref="more", sha=None)
        self.do("repos/rename", repo="acme/infra", user="alice", name="platform")
        self.see("quiet", idle=0.01, timeout=SECONDS)
        pings = self.see("deliveries", event="ping", payloads=True)["deliveries"]
        found = {("ping", None): pings[0]["payload"]}
        while not receiver.heard.empty():
            heard = receiver.heard.get()
            found.setdefault((heard.event, heard.payload.get("action")), heard.payload)
        return found

    def test_every_event_has_the_published_shape(self):
        events = self.tour()
        for (event, action), payload in events.items():
            with self.subTest(event=event, action=action):
                found = published_events.problems(event, action, payload)
                self.assertFalse(found, "\n" + "\n".join(found))
        self.assertGreater(len(events), 25)
