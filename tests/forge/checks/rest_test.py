"""What all of REST has in common: pages, conditional requests, limits, headers."""

import http.client
import socket
import time

from .harness import ForgeCase


class Rest(ForgeCase):
    def test_both_roots_answer_alike(self):
        self.assertEqual(self.ask("GET", "/api/v3/repos/acme/infra", user="bot").body,
                         self.ask("GET", "/repos/acme/infra", user="bot").body)

    def test_pages_are_linked_with_the_callers_own_root_and_query(self):
        number = self.pull()
        for index in range(5):
            self.do("comments", repo="acme/infra", number=number, user="bob", body=f"comment {index}")
        path = f"/api/v3/repos/acme/infra/issues/{number}/comments"
        told = self.ask("GET", f"{path}?per_page=2&page=2", user="bot")
        self.assertEqual([said["body"] for said in told.body], ["comment 2", "comment 3"])
        for name, page in (("prev", 1), ("next", 3), ("last", 3), ("first", 1)):
            self.assertIn(f'<{self.forge.url}{path}?per_page=2&page={page}>; rel="{name}"',
                          told.headers["link"])
        last = self.ask("GET", f"{path}?per_page=2&page=3", user="bot")
        self.assertEqual(len(last.body), 1)
        self.assertNotIn('rel="next"', last.headers["link"])
        self.assertNotIn("link", self.ask("GET", path, user="bot").headers)

    def test_a_page_has_at_most_a_hundred(self):
        number = self.pull()
        for index in range(101):
            self.do("comments", repo="acme/infra", number=number, user="bob", body=f"comment {index}")
        self.assertEqual(len(self.rest("GET", f"/issues/{number}/comments?per_page=500").body), 100)
        self.assertEqual(len(self.rest("GET", f"/issues/{number}/comments").body), 30)

    def test_what_has_not_changed_is_304_and_costs_nothing(self):
        number = self.pull()
        first = self.rest("GET", f"/pulls/{number}")
        again = self.rest("GET", f"/pulls/{number}", If_None_Match=first.headers["etag"])
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(again.headers["x-ratelimit-used"], first.headers["x-ratelimit-used"])
        self.do("pulls/edit", repo="acme/infra", number=number, user="bob", title="Other")
        changed = self.rest("GET", f"/pulls/{number}", If_None_Match=first.headers["etag"])
        self.assertEqual((changed.status, changed.body["title"]), (200, "Other"))

    def test_one_answer_is_not_given_to_another_person(self):
        self.assertTrue(self.rest("GET", "", user="alice").body["permissions"]["admin"])
        self.assertFalse(self.rest("GET", "", user="bot").body["permissions"]["admin"])
        self.do("tokens", user="alice", token="narrow", scopes=["public_repo"])
        self.assertEqual(self.rest("GET", "", user="narrow").status, 404)

    def test_a_used_up_limit_is_403_until_the_hour_is_over(self):
        self.do("limits", user="bot", core=3)
        self.assertEqual([self.rest("GET", "").status for _ in range(4)], [200, 200, 200, 403])
        told = self.rest("GET", "")
        self.assertEqual(told.headers["x-ratelimit-remaining"], "0")
        self.assertGreater(int(told.headers["x-ratelimit-reset"]), time.time())
        self.assertIn("rate limit exceeded", told.body["message"])
        self.assertEqual(self.ask("GET", "/rate_limit", user="bot").body["rate"]["remaining"], 0)
        self.assertEqual(self.rest("GET", "", user="alice").status, 200)
        self.do("limits", user="bot", used=0)
        self.assertEqual(self.rest("GET", "").status, 200)

    def test_writing_can_be_limited_as_on_github(self):
        number = self.pull()
        self.do("limits", user="bot", writes_a_minute=2)
        def say():
            return self.rest("POST", f"/issues/{number}/comments", {"body": "x"})
        self.assertEqual([say().status for _ in range(2)], [201, 201])
        told = say()
        self.assertEqual(told.status, 403)
        self.assertGreater(int(told.headers["retry-after"]), 0)
        self.assertIn("secondary rate limit", told.body["message"])
        self.assertEqual(self.see("writes", user="bot")["peak_a_minute"], 2)

    def test_an_error_tells_the_limits_too(self):
        told = self.rest("GET", "/pulls/9")
        self.assertEqual((told.status, "x-ratelimit-remaining" in told.headers), (404, True))
        self.assertNotIn("x-ratelimit-remaining", self.rest("GET", "", user="guess").headers)

    def test_lists_of_comments_can_begin_at_a_time(self):
        number = self.pull()
        self.do("comments", repo="acme/infra", number=number, user="bob", body="old")
        self.do("clock", advance=3600)
        since = self.see("state")["now"]
        self.do("comments", repo="acme/infra", number=number, user="bob", body="new")
        for path in (f"/issues/{number}/comments", "/issues/comments"):
            told = self.rest("GET", f"{path}?since={since}").body
            self.assertEqual([said["body"] for said in told], ["new"])

    def test_a_renamed_repository_redirects_over_rest_and_git(self):
        number, clone = self.pull(), self.clone()
        receiver = self.listen(events=["repository"])
        self.do("repos/rename", repo="acme/infra", user="alice", name="platform")
        told = self.rest("GET", f"/pulls/{number}")
        self.assertEqual(told.status, 301)
        self.assertEqual(self.ask("GET", told.headers["location"].removeprefix(self.forge.url),
                                  user="bot").status, 200)
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}).status, 307)
        self.assertEqual(self.rest("GET", "", user="carol").status, 404)
        self.git("fetch", "--quiet", "origin", cwd=clone)
        self.assertEqual(self.titles(receiver), ["repository renamed"])

    def test_a_repository_without_issues_says_410(self):
        self.do("repos/settings", repo="acme/infra", issues=False)
        number = self.pull()
        self.assertEqual(self.rest("POST", "/issues", {"title": "x"}).status, 410)
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}).status, 201)

    def test_refs_are_made_moved_and_deleted(self):
        base, receiver = self.head("main"), self.listen()
        self.rest("POST", "/git/refs", {"ref": "refs/heads/aside", "sha": base}, "bob")
        ahead = self.commit("aside", {"a": "x"})
        self.assertEqual(self.rest("PATCH", "/git/refs/heads/aside", {"sha": base}, "bob").status, 422)
        self.assertEqual(self.rest("PATCH", "/git/refs/heads/aside", {"sha": base, "force": True},
                                   "bob").status, 200)
        self.assertEqual(self.rest("DELETE", "/git/refs/heads/aside", user="bob").status, 204)
        self.assertEqual(self.titles(receiver), ["push", "create", "push", "push", "push", "delete"])
        self.assertNotEqual(ahead, base)
        self.assertEqual(self.rest("DELETE", "/git/refs/heads/main", user="bob").status, 422)

    def test_answers_carry_the_usual_headers(self):
        told = self.rest("GET", "")
        for name in ("x-github-request-id", "x-github-media-type", "x-ratelimit-limit", "etag",
                     "x-oauth-scopes", "date"):
            self.assertIn(name, told.headers)
        self.assertEqual(told.headers["content-type"], "application/json; charset=utf-8")

    def test_one_connection_serves_many_requests(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.addCleanup(connection.close)
        for method, body in (("GET", None), ("HEAD", None), ("GET", None), ("POST", b"not json"),
                             ("GET", None)):
            connection.request(method, "/repos/acme/infra/issues", body, {"Authorization": "Bearer bot"})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 400 if body else 200)
        self.assertIsNotNone(connection.sock)

    def test_what_is_not_http_is_told_so_and_hurts_nobody(self):
        for sent in (b"hello\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / SPDY/3\r\n\r\n",
                     b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                     b"POST /_control/users HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n"):
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as client:
                client.sendall(sent)
                self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 400 "), sent)
        self.assertEqual(self.rest("GET", "").status, 200)

    def test_a_slow_sender_keeps_nobody_waiting(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as slow:
            seq = self.see("state")["seq"]
            slow.sendall(b"POST /repos/acme/infra/issues HTTP/1.1\r\nAuthorization: Bearer bot\r\n"
                         b"Content-Length: 15\r\n\r\n{")
            self.see("wait", since=seq, kind="request.begun")
            self.assertEqual(self.rest("GET", "").status, 200)
            slow.sendall(b'"title": "slo"')
            self.assertTrue(slow.recv(100).startswith(b"HTTP/1.1 400"))

    def test_a_compared_branch_tells_how_far_it_is(self):
        self.pull()
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        told = self.rest("GET", "/compare/main...more").body
        self.assertEqual((told["status"], told["ahead_by"], told["behind_by"]), ("diverged", 1, 1))
        self.assertEqual([file["filename"] for file in told["files"]], ["net/more.tf"])
        self.assertEqual(self.rest("GET", "/compare/main...main").body["status"], "identical")

    def test_files_are_read_at_a_ref(self):
        self.pull()
        self.assertEqual(self.rest("GET", "/contents/net/more.tf").status, 404)
        told = self.rest("GET", "/contents/net/more.tf?ref=more").body
        self.assertEqual((told["encoding"], told["size"]), ("base64", 5))
        raw = self.rest("GET", "/contents/net/more.tf?ref=more", Accept="application/vnd.github.raw")
        self.assertEqual(raw.body, b"more\n")
