"""Delivering webhooks."""

import hashlib
import hmac
import socket
import unittest.mock

from emulator import webhooks

from .harness import SECONDS, ForgeCase


class Webhooks(ForgeCase):
    def only(self, **limits) -> dict:
        self.see("quiet", idle=0.01, timeout=SECONDS)
        found = self.see("deliveries", **limits)["deliveries"]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_a_delivery_is_signed_over_its_very_bytes(self):
        receiver = self.listen(events=["push"])
        self.commit("more", {"a": "é"})
        heard = receiver.heard.get(timeout=SECONDS)
        for header, kind in (("x-hub-signature-256", "sha256"), ("x-hub-signature", "sha1")):
            signature = hmac.new(b"s3cret", heard.raw, getattr(hashlib, kind)).hexdigest()
            self.assertEqual(heard.headers[header], f"{kind}={signature}")

    def test_a_delivery_has_githubs_headers(self):
        receiver = self.listen(events=["push"])
        self.commit("more", {"a": "x"})
        headers = receiver.heard.get(timeout=SECONDS).headers
        self.assertRegex(headers["x-github-delivery"], r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.assertRegex(headers["user-agent"], "^GitHub-Hookshot/")
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["x-github-hook-id"], str(self.hook))
        self.assertEqual(headers["x-github-hook-installation-target-type"], "repository")
        self.assertIn("x-github-hook-installation-target-id", headers)

    def test_without_a_secret_nothing_is_signed(self):
        receiver = self.listen(events=["push"])
        self.do("hooks/edit", repo="acme/infra", hook=self.hook, secret="")
        self.commit("more", {"a": "x"})
        self.assertNotIn("x-hub-signature-256", receiver.heard.get(timeout=SECONDS).headers)

    def test_a_hook_hears_only_its_events(self):
        receiver = self.listen(events=["pull_request", "issue_comment"])
        number = self.pull()
        self.do("comments", repo="acme/infra", number=number, user="bob", body="x")
        self.assertEqual(self.titles(receiver), ["pull_request opened", "issue_comment created"])
        self.do("hooks/edit", repo="acme/infra", hook=self.hook, active=False)
        self.do("comments", repo="acme/infra", number=number, user="bob", body="y")
        self.assertEqual(self.titles(receiver), [])

    def test_a_failed_delivery_is_kept_and_not_repeated(self):
        receiver = self.listen(events=["push"])
        receiver.answer = 503
        self.commit("more", {"a": "x"})
        told = self.only(event="push")
        self.assertEqual((told["state"], told["status_code"]), ("failed", 503))
        self.assertEqual(receiver.heard.qsize(), 1)

    def test_nobody_listening_is_a_failed_delivery(self):
        self.do("hooks", repo="acme/infra", url="http://127.0.0.1:9/hook", events=["push"])
        self.commit("more", {"a": "x"})
        told = self.only(event="push")
        self.assertEqual((told["state"], told["status_code"], told["status"]),
                         ("failed", 0, "failed to connect to host"))

    def test_a_receiver_that_never_answers_is_given_up(self):
        deaf = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(deaf.close)
        with unittest.mock.patch.object(webhooks, "TIMEOUT_SECONDS", 0.05):
            self.do("hooks", repo="acme/infra", url=f"http://127.0.0.1:{deaf.getsockname()[1]}/",
                    events=["push"])
            self.commit("more", {"a": "x"})
            self.assertEqual(self.only(event="push")["status"], "timed out")

    def test_a_redelivery_has_the_same_id_and_bytes(self):
        receiver = self.listen(events=["push"])
        self.commit("more", {"a": "x"})
        self.do("redeliver", delivery=self.only(event="push")["id"])
        first, second = receiver.heard.get(timeout=SECONDS), receiver.heard.get(timeout=SECONDS)
        self.assertEqual((first.raw, first.headers["x-github-delivery"]),
                         (second.raw, second.headers["x-github-delivery"]))
        self.see("quiet", idle=0.01)
        self.assertEqual([made["redelivery"] for made in self.see("deliveries", event="push")["deliveries"]],
                         [False, True])

    def test_the_rest_api_redelivers_too(self):
        receiver = self.listen(events=["push"])
        self.commit("more", {"a": "x"})
        made = self.only(event="push")
        path = f"/hooks/{self.hook}/deliveries/{made['id']}/attempts"
        self.assertEqual(self.rest("POST", path, {}, "alice").status, 202)
        self.assertEqual(self.titles(receiver), ["push", "push"])

    def test_a_form_hook_sends_a_form(self):
        receiver = self.listen(events=["push"], content_type="form")
        self.commit("more", {"a": "x"})
        heard = receiver.heard.get(timeout=SECONDS)
        self.assertEqual(heard.headers["content-type"], "application/x-www-form-urlencoded")
        self.assertTrue(heard.raw.startswith(b"payload=%7B"))

    def test_a_hook_made_by_rest_is_pinged(self):
        receiver = self.listen()
        asked = {"config": {"url": receiver.url + "2", "secret": "x"}, "events": ["push"]}
        made = self.rest("POST", "/hooks", asked, "alice").body
        heard = receiver.heard.get(timeout=SECONDS)
        self.assertEqual(heard.event, "ping")
        config = self.rest("GET", f"/hooks/{made['id']}", user="alice").body["config"]
        self.assertEqual(config["secret"], "********")

    def test_who_did_it_is_the_sender(self):
        receiver = self.listen(events=["pull_request"])
        number = self.pull()
        self.do("pulls/merge", repo="acme/infra", number=number, user="alice")
        payloads = [receiver.heard.get(timeout=SECONDS).payload for _ in range(2)]
        self.assertEqual([told["sender"]["login"] for told in payloads], ["bob", "alice"])
        self.assertTrue(payloads[1]["pull_request"]["merged"])
