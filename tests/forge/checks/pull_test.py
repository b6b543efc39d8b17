"""The life of a pull request, and the events that tell of it."""

from .harness import ForgeCase


class Pulls(ForgeCase):
    def at(self, number: int, user: str = "bob") -> dict:
        return {"repo": "acme/infra", "number": number, "user": user}

    def heard(self, receiver, event: str, action: str | None = None) -> dict:
        """The payload of the one delivery of this event and action."""
        self.titles(receiver)
        found = self.see("deliveries", event=event, payloads=True, **({"action": action} if action else {}))
        self.assertEqual(len(found["deliveries"]), 1)
        return found["deliveries"][0]["payload"]

    def test_an_opened_event_does_not_know_yet_whether_it_merges(self):
        receiver = self.listen()
        number = self.pull()
        told = self.heard(receiver, "pull_request", "opened")["pull_request"]
        self.assertEqual((told["mergeable"], told["mergeable_state"], told["merge_commit_sha"]),
                         (None, "unknown", None))
        self.assertTrue(self.rest("GET", f"/pulls/{number}").body["mergeable"])

    def test_a_push_synchronizes_with_before_and_after(self):
        receiver = self.listen()
        self.pull()
        before = self.head("more")
        after = self.commit("more", {"net/more.tf": "again\n"})
        told = self.heard(receiver, "pull_request", "synchronize")
        self.assertEqual((told["before"], told["after"], told["pull_request"]["head"]["sha"]),
                         (before, after, after))

    def test_a_force_push_is_told_as_one(self):
        number = self.pull()
        receiver = self.listen()
        after = self.commit("more", {"net/more.tf": "instead\n"}, amend=True)
        self.assertTrue(self.heard(receiver, "push")["forced"])
        self.assertEqual(self.rest("GET", f"/pulls/{number}/commits").body[0]["sha"], after)

    def test_a_rewritten_base_leaves_the_pull_request_open(self):
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        number = self.pull()
        self.commit("main", {"net/other.tf": "rewritten\n"}, user="alice", amend=True)
        told = self.rest("GET", f"/pulls/{number}").body
        self.assertEqual((told["state"], told["mergeable"]), ("open", False))
        self.assertEqual(self.see("pushes", repo="acme/infra")["pushes"][-1]["forced"], True)

    def test_events_of_its_life_come_in_order(self):
        receiver = self.listen(events=["pull_request"])
        number = self.pull(draft=True)
        self.do("pulls/draft", **self.at(number), draft=False)
        self.do("pulls/edit", **self.at(number), title="Other")
        self.do("labels", **self.at(number), labels=["stack"])
        self.do("pulls/close", **self.at(number))
        self.do("pulls/reopen", **self.at(number))
        self.do("pulls/merge", **self.at(number))
        self.assertEqual(self.titles(receiver), [f"pull_request {action}" for action in (
            "opened", "ready_for_review", "edited", "labeled", "closed", "reopened", "closed")])

    def test_a_changed_base_is_told_with_the_old_one(self):
        self.commit("stable", {"net/other.tf": "other\n"}, user="alice")
        number = self.pull()
        receiver = self.listen()
        self.do("pulls/edit", **self.at(number), base="stable")
        told = self.heard(receiver, "pull_request", "edited")
        self.assertEqual(told["changes"]["base"]["ref"]["from"], "main")
        self.assertEqual(told["pull_request"]["base"]["sha"], self.head("stable"))

    def test_a_deleted_head_closes_it_and_it_cannot_be_reopened(self):
        number = self.pull()
        self.do("refs", repo="acme/infra", user="bob", ref="more", sha=None)
        self.assertEqual(self.see("pull", **self.at(number))["state"], "closed")
        self.assertIn("has been deleted", self.refused("pulls/reopen", **self.at(number)))

    def test_a_deleted_base_closes_it(self):
        self.commit("stable", {"net/other.tf": "other\n"}, user="alice")
        number = self.pull(base="stable")
        self.do("refs", repo="acme/infra", user="alice", ref="stable", sha=None)
        self.assertEqual(self.see("pull", **self.at(number))["state"], "closed")

    def test_the_same_pull_request_cannot_be_opened_twice(self):
        self.pull()
        self.assertIn("already exists", self.refused("pulls", repo="acme/infra", user="bob", head="more"))

    def test_a_branch_without_commits_of_its_own_cannot_be_a_pull_request(self):
        self.do("refs", repo="acme/infra", user="bob", ref="same", sha="main")
        self.assertIn("No commits between", self.refused("pulls", repo="acme/infra", user="bob", head="same"))

    def test_a_pull_request_from_a_fork_names_the_fork(self):
        self.do("forks", repo="acme/infra", owner="carol")
        self.do("permissions", repo="acme/infra", user="carol", permission="read")
        sha = self.commit("theirs", {"net/theirs.tf": "x\n"}, user="carol", repo="carol/infra")
        number = self.do("pulls", repo="acme/infra", user="carol", head="carol:theirs")["number"]
        told = self.rest("GET", f"/pulls/{number}").body
        self.assertEqual((told["head"]["repo"]["full_name"], told["head"]["label"],
                          told["base"]["repo"]["full_name"]),
                         ("carol/infra", "carol:theirs", "acme/infra"))
        self.assertTrue(told["head"]["repo"]["fork"])
        self.assertEqual(self.git("ls-remote", self.address(), f"refs/pull/{number}/head").split()[0], sha)
        self.assertEqual(self.merge_it(number).status, 200)

    def merge_it(self, number: int):
        return self.rest("PUT", f"/pulls/{number}/merge", {}, "bob")

    def test_a_push_to_the_fork_synchronizes_and_a_deleted_fork_leaves_null(self):
        self.do("forks", repo="acme/infra", owner="carol")
        self.commit("theirs", {"net/theirs.tf": "x\n"}, user="carol", repo="carol/infra")
        number = self.do("pulls", repo="acme/infra", user="carol", head="carol:theirs")["number"]
        receiver = self.listen(events=["pull_request"])
        sha = self.commit("theirs", {"net/theirs.tf": "y\n"}, user="carol", repo="carol/infra")
        self.assertEqual(self.titles(receiver), ["pull_request synchronize"])
        self.do("repos/delete", repo="carol/infra")
        told = self.rest("GET", f"/pulls/{number}").body
        self.assertEqual((told["head"]["repo"], told["head"]["sha"]), (None, sha))
        self.assertEqual(self.merge_it(number).status, 200)

    def test_files_tell_what_was_added_changed_renamed_and_removed(self):
        self.commit("main", {"a.tf": "alpha\n" * 20, "b.tf": "beta\n", "c.tf": "gamma\n"}, user="alice")
        number = self.pull(files={"a.tf": None, "moved.tf": "alpha\n" * 20, "b.tf": "beta\nmore\n",
                                  "c.tf": None,
                                  "new.tf": "x\n", "bin": {"base64": "AAEC"}})
        files = {file["filename"]: file for file in self.rest("GET", f"/pulls/{number}/files").body}
        self.assertEqual({name: file["status"] for name, file in files.items()},
                         {"b.tf": "modified", "bin": "added", "c.tf": "removed", "moved.tf": "renamed",
                          "new.tf": "added"})
        self.assertEqual(files["moved.tf"]["previous_filename"], "a.tf")
        self.assertEqual(files["b.tf"]["patch"], "@@ -1 +1,2 @@\n beta\n+more")
        self.assertNotIn("patch", files["bin"])

    def test_files_of_a_large_pull_request_come_in_pages(self):
        number = self.pull(files={f"many/{index:04}.tf": "x\n" for index in range(250)})
        names, path = [], f"/repos/acme/infra/pulls/{number}/files?per_page=100"
        while path:
            told = self.ask("GET", path, user="bot")
            names += [file["filename"] for file in told.body]
            following = [part for part in told.headers.get("link", "").split(", ") if 'rel="next"' in part]
            path = following[0].split(">")[0][1:].removeprefix(self.forge.url) if following else None
        self.assertEqual(len(set(names)), 250)
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["changed_files"], 250)

    def test_the_list_is_limited_by_state_base_and_head_and_ordered(self):
        first, second = self.pull("one", {"1.tf": "x\n"}), self.pull("two", {"2.tf": "x\n"})
        self.do("pulls/close", **self.at(first))

        def numbers(query: str) -> list[int]:
            return [pull["number"] for pull in self.rest("GET", f"/pulls?{query}").body]
        self.assertEqual(numbers("state=open"), [second])
        self.assertEqual(numbers("state=all"), [second, first])
        self.assertEqual(numbers("state=all&direction=asc"), [first, second])
        self.assertEqual(numbers("state=all&sort=updated&direction=desc")[0], first)
        self.assertEqual(numbers("state=all&head=acme:one"), [first])
        self.assertEqual(numbers("base=other"), [])

    def test_a_diff_can_be_asked_for(self):
        number = self.pull()
        told = self.rest("GET", f"/pulls/{number}", Accept="application/vnd.github.v3.diff")
        self.assertIn(b"+++ b/net/more.tf", told.body)
