"""Comments, reactions, statuses, issues, labels."""

from .harness import ForgeCase


class Talk(ForgeCase):
    def comment(self, number: int, body: str, user: str = "bot"):
        return self.rest("POST", f"/issues/{number}/comments", {"body": body}, user)

    def test_every_body_a_comment_ever_had_is_kept(self):
        number = self.pull()
        said = self.comment(number, "planning").body["id"]
        for body in ("planned", "planned", "applied"):
            self.assertEqual(self.rest("PATCH", f"/issues/comments/{said}", {"body": body}).status, 200)
        self.rest("DELETE", f"/issues/comments/{said}")
        told = self.see("comments", repo="acme/infra", number=number)["comments"]
        self.assertEqual([edit["body"] for edit in told[0]["history"]], ["planning", "planned", "applied"])
        self.assertEqual((told[0]["edits"], told[0]["deleted"], told[0]["user"]), (2, True, "bot"))
        self.assertEqual(self.rest("GET", f"/issues/{number}/comments").body, [])
        self.assertEqual(self.rest("PATCH", f"/issues/comments/{said}", {"body": "x"}).status, 404)

    def test_a_body_has_at_most_65536_characters_whatever_their_bytes(self):
        number = self.pull()
        self.assertEqual(self.comment(number, "é" * 65536).status, 201)
        told = self.comment(number, "x" * 65537)
        self.assertEqual(told.status, 422)
        self.assertEqual(told.body["errors"][0]["message"], "Body is too long (maximum is 65536 characters)")
        self.assertEqual(self.comment(number, " \n").status, 422)
        self.assertEqual(self.comment(number, 5).status, 422)

    def test_only_writers_change_what_others_said(self):
        number = self.pull()
        said = self.comment(number, "mine").body["id"]
        self.do("permissions", repo="acme/infra", user="carol", permission="read")
        self.assertEqual(self.rest("PATCH", f"/issues/comments/{said}", {"body": "x"}, "carol").status, 403)
        self.assertEqual(self.rest("DELETE", f"/issues/comments/{said}", user="bob").status, 204)

    def test_an_edit_is_told_with_what_it_was(self):
        number = self.pull()
        said = self.comment(number, "before").body["id"]
        receiver = self.listen(events=["issue_comment"])
        self.rest("PATCH", f"/issues/comments/{said}", {"body": "after"})
        self.titles(receiver)
        told = self.see("deliveries", event="issue_comment", payloads=True)["deliveries"][-1]["payload"]
        self.assertEqual((told["action"], told["changes"]["body"]["from"], told["comment"]["body"]),
                         ("edited", "before", "after"))
        self.assertEqual(told["issue"]["pull_request"]["url"],
                         f"{self.forge.url}/api/v3/repos/acme/infra/pulls/{number}")

    def test_the_same_reaction_twice_is_one(self):
        number = self.pull()
        first = self.rest("POST", f"/issues/{number}/reactions", {"content": "eyes"})
        again = self.rest("POST", f"/issues/{number}/reactions", {"content": "eyes"})
        self.assertEqual((first.status, again.status, first.body["id"]), (201, 200, again.body["id"]))
        self.assertEqual(len(self.see("pull", repo="acme/infra", number=number)["reactions"]), 1)

    def test_anybody_comments_on_a_public_repository_but_not_on_a_locked_conversation(self):
        self.do("repos/settings", repo="acme/infra", private=False)
        number = self.pull()
        self.assertEqual(self.comment(number, "hello", "carol").body["author_association"], "NONE")
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}, None).status, 401)
        self.do("lock", repo="acme/infra", number=number)
        self.assertEqual(self.comment(number, "hello", "carol").status, 403)
        self.assertEqual(self.comment(number, "still here").status, 201)

    def test_authors_are_told_by_their_relation(self):
        number = self.pull()
        for user, relation in (("alice", "MEMBER"), ("bob", "COLLABORATOR")):
            self.assertEqual(self.comment(number, "x", user).body["author_association"], relation)

    def test_a_status_is_the_last_word_of_its_context(self):
        self.pull()
        sha = self.head("more")
        for context, state in (("slipway/plan", "pending"), ("slipway/policy", "success"),
                               ("slipway/plan", "success")):
            self.rest("POST", f"/statuses/{sha}", {"context": context, "state": state})
        told = self.rest("GET", f"/commits/{sha}/status").body
        self.assertEqual((told["state"], told["total_count"]), ("success", 2))
        history = self.see("statuses", repo="acme/infra", sha=sha)["statuses"]
        self.assertEqual([said["state"] for said in history], ["pending", "success", "success"])
        self.assertEqual([said["current"] for said in history], [False, True, True])

    def test_nothing_said_is_pending_and_an_error_is_a_failure(self):
        sha = self.head("main")
        self.assertEqual(self.rest("GET", "/commits/main/status").body["state"], "pending")
        self.rest("POST", f"/statuses/{sha}", {"context": "a", "state": "success"})
        self.rest("POST", f"/statuses/{sha}", {"context": "b", "state": "error"})
        self.assertEqual(self.rest("GET", "/commits/main/status").body["state"], "failure")

    def test_a_status_has_limits(self):
        sha = self.head("main")
        def post(**facts):
            return self.rest("POST", f"/statuses/{sha}", {"state": "success"} | facts).status
        self.assertEqual(post(description="x" * 140), 201)
        self.assertEqual(post(description="x" * 141), 422)
        self.assertEqual(post(state="green"), 422)
        self.assertEqual(self.rest("POST", f"/statuses/{'1' * 40}", {"state": "success"}).status, 422)
        for _ in range(999):
            self.do("statuses", repo="acme/infra", user="bot", sha=sha, state="pending", context="default")
        told = self.rest("POST", f"/statuses/{sha}", {"state": "success"})
        self.assertEqual((told.status, told.body["errors"]), (422, [{
            "resource": "Status", "code": "custom",
            "message": "This SHA and context has reached the maximum number of statuses."}]))
        self.assertEqual(post(context="another"), 201)

    def test_readers_do_not_set_statuses(self):
        self.do("permissions", repo="acme/infra", user="carol", permission="read")
        self.assertEqual(self.rest("POST", f"/statuses/{self.head('main')}", {"state": "success"},
                                   "carol").status, 403)

    def test_an_issue_is_found_by_its_label_closed_and_reopened(self):
        made = self.rest("POST", "/issues", {"title": "net failed", "labels": ["slipway"]}).body["number"]
        self.rest("POST", "/issues", {"title": "Something else"})
        found = self.rest("GET", "/issues?labels=slipway").body
        self.assertEqual([issue["number"] for issue in found], [made])
        self.rest("PATCH", f"/issues/{made}", {"state": "closed"})
        self.assertEqual(self.rest("GET", "/issues?labels=slipway").body, [])
        reopened = self.rest("PATCH", f"/issues/{made}", {"state": "open"}).body
        self.assertEqual((reopened["state"], reopened["state_reason"]), ("open", "reopened"))

    def test_issues_and_pull_requests_share_their_numbers(self):
        first = self.pull()
        issue = self.rest("POST", "/issues", {"title": "x"}).body["number"]
        self.assertEqual((first, issue), (1, 2))
        listed = self.rest("GET", "/issues?state=all").body
        self.assertEqual([("pull_request" in found) for found in listed], [False, True])
        self.assertEqual(self.rest("GET", f"/pulls/{issue}").status, 404)
