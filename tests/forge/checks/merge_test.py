"""Merging: three methods, the test merge, and every reason to refuse."""

from .harness import ForgeCase

TREE = {"net/main.tf": "one\ntwo\nthree\n"}


class Merges(ForgeCase):
    def at(self, number: int, user: str = "bob") -> dict:
        return {"repo": "acme/infra", "number": number, "user": user}

    def object(self, sha: str):
        return self.world.repo("acme/infra").git.commit(sha)

    def merge(self, number: int, user: str = "bob", **facts):
        return self.rest("PUT", f"/pulls/{number}/merge", facts, user)

    def test_a_merge_commit_has_both_sides_as_parents(self):
        number, base = self.pull(), self.head("main")
        merged = self.merge(number).body
        commit = self.object(merged["sha"])
        self.assertEqual(commit.parents, (base, self.head("more")))
        self.assertEqual(commit.message, f"Merge pull request #{number} from acme/more\n\nMore")
        self.assertEqual((commit.author.name, commit.committer.name), ("Bob", "GitHub"))
        self.assertEqual(self.head("main"), merged["sha"])

    def test_a_squash_is_one_commit_with_the_merged_tree(self):
        number, base = self.pull(), self.head("main")
        self.commit("more", {"net/more.tf": "more and more\n"}, message="Add a little")
        tested = self.rest("GET", f"/pulls/{number}").body["merge_commit_sha"]
        commit = self.object(self.merge(number, user="alice", merge_method="squash").body["sha"])
        self.assertEqual(commit.parents, (base,))
        self.assertEqual(commit.tree, self.object(tested).tree)
        self.assertEqual(commit.author.name, "Bob")
        self.assertEqual(commit.message, f"More (#{number})\n\n* Change files\n\n* Add a little")

    def test_a_rebase_writes_every_commit_anew_even_where_nothing_moved(self):
        number, base = self.pull(), self.head("main")
        self.commit("more", {"net/more.tf": "more and more\n"}, message="Second")
        tip = self.object(self.merge(number, user="alice", merge_method="rebase").body["sha"])
        first = self.object(tip.parents[0])
        self.assertEqual((first.message, tip.message, first.parents), ("Change files", "Second", (base,)))
        self.assertNotEqual(tip.sha, self.head("more"))
        self.assertEqual(tip.tree, self.object(self.head("more")).tree)
        self.assertEqual((tip.author.name, tip.committer.name), ("Bob", "Alice"))

    def test_a_rebase_onto_a_moved_base_carries_the_changes(self):
        number = self.pull(files={"net/main.tf": "ONE\ntwo\nthree\n"})
        self.commit("more", {"net/more.tf": "more\n"})
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        self.merge(number, merge_method="rebase")
        for path, content in (("net/main.tf", "ONE\ntwo\nthree\n"), ("net/more.tf", "more\n"),
                              ("net/other.tf", "other\n")):
            self.assertEqual(self.see("file", repo="acme/infra", path=path)["content"], content)

    def test_merge_commit_sha_is_the_test_merge_before_and_the_result_after(self):
        for method in ("merge", "squash", "rebase"):
            with self.subTest(method=method):
                number = self.pull(f"by-{method}", {f"net/{method}.tf": "x\n"})
                before = self.rest("GET", f"/pulls/{number}").body
                self.assertTrue(before["mergeable"])
                self.assertEqual(self.object(before["merge_commit_sha"]).parents,
                                 (self.head("main"), before["head"]["sha"]))
                sha = self.merge(number, merge_method=method).body["sha"]
                after = self.rest("GET", f"/pulls/{number}").body
                self.assertEqual((after["merge_commit_sha"], after["merged"], after["state"]),
                                 (sha, True, "closed"))
                self.assertEqual((after["merged_by"]["login"], self.head("main")), ("bob", sha))

    def test_a_conflict_is_dirty_and_cannot_be_merged(self):
        number = self.pull(files={"net/main.tf": "ONE\ntwo\nthree\n"})
        self.commit("main", {"net/main.tf": "uno\ntwo\nthree\n"}, user="alice")
        told = self.rest("GET", f"/pulls/{number}").body
        self.assertEqual((told["mergeable"], told["mergeable_state"]), (False, "dirty"))
        for method in ("merge", "squash", "rebase"):
            self.assertEqual(self.merge(number, merge_method=method).status, 405)
        self.assertEqual(self.see("pull", **self.at(number))["state"], "open")

    def test_the_test_merge_is_made_anew_when_somebody_looks_after_the_base_moved(self):
        number = self.pull()
        stale = self.see("pull", **self.at(number))["merge_commit_sha"]
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        self.assertEqual(self.see("pull", **self.at(number))["mergeable"], None)
        fresh = self.rest("GET", f"/pulls/{number}").body["merge_commit_sha"]
        self.assertNotEqual(fresh, stale)
        self.assertEqual(self.object(fresh).parents[0], self.head("main"))

    def test_base_sha_stays_where_the_base_was_at_the_last_push(self):
        number, base = self.pull(), self.head("main")
        moved = self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["base"]["sha"], base)
        self.commit("more", {"net/more.tf": "again\n"})
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["base"]["sha"], moved)

    def test_another_head_than_the_caller_saw_is_a_conflict_of_409(self):
        number = self.pull()
        seen = self.head("more")
        self.commit("more", {"net/more.tf": "again\n"})
        told = self.merge(number, sha=seen)
        self.assertEqual((told.status, told.body["message"]),
                         (409, "Head branch was modified. Review and try the merge again."))
        self.assertEqual(self.merge(number, sha=self.head("more")).status, 200)

    def test_a_draft_and_a_closed_pull_request_cannot_be_merged(self):
        number = self.pull(draft=True)
        self.assertEqual(self.merge(number).body["message"], "Pull Request is still a draft")
        self.do("pulls/draft", **self.at(number), draft=False)
        self.do("pulls/close", **self.at(number))
        self.assertEqual(self.merge(number).status, 405)

    def test_a_method_the_repository_forbids_is_refused(self):
        self.do("repos/settings", repo="acme/infra", merge_methods=["squash"])
        number = self.pull()
        self.assertEqual(self.merge(number).body["message"],
                         "Merge commits are not allowed on this repository.")
        self.assertEqual(self.merge(number, merge_method="octopus").status, 422)
        self.assertEqual(self.merge(number, merge_method="squash").status, 200)

    def test_a_required_status_holds_writers_but_not_administrators(self):
        self.do("protection", repo="acme/infra", rule={"contexts": ["slipway/plan"]})
        number = self.pull()
        self.assertEqual(self.merge(number).body["message"],
                         'Required status check "slipway/plan" is expected.')
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["mergeable_state"], "blocked")
        status = {"repo": "acme/infra", "user": "bot", "sha": "more", "context": "slipway/plan"}
        self.do("statuses", **status, state="failure")
        self.assertEqual(self.merge(number).body["message"],
                         'Required status check "slipway/plan" is failing.')
        self.assertEqual(self.merge(number, user="alice").status, 200)
        self.assertTrue(self.see("pull", **self.at(number))["merged"])

    def test_a_rule_can_hold_administrators_too(self):
        self.do("protection", repo="acme/infra", rule={"contexts": ["ci"], "enforce_admins": True})
        number = self.pull()
        self.assertEqual(self.merge(number, user="alice").status, 405)
        self.do("statuses", repo="acme/infra", user="bot", sha="more", context="ci", state="success")
        self.assertEqual(self.merge(number).status, 200)

    def test_required_approvals_count_writers_only_and_changes_requested_block(self):
        self.do("protection", repo="acme/infra", rule={"required_approvals": 1})
        self.do("permissions", repo="acme/infra", user="carol", permission="read")
        number = self.pull()
        self.do("reviews", **self.at(number, "carol"), state="APPROVED")
        self.assertIn("At least 1 approving review", self.merge(number).body["message"])
        self.do("reviews", **self.at(number, "bot"), state="CHANGES_REQUESTED", body="No")
        self.assertIn("Changes have been requested", self.merge(number).body["message"])
        self.do("reviews", **self.at(number, "bot"), state="APPROVED")
        self.assertEqual(self.merge(number).status, 200)

    def test_nobody_approves_their_own(self):
        number = self.pull()
        self.assertIn("your own pull request", self.refused("reviews", **self.at(number), state="APPROVED"))

    def test_a_push_dismisses_approvals_where_the_rule_says_so(self):
        rule = {"required_approvals": 1, "dismiss_stale_reviews": True}
        self.do("protection", repo="acme/infra", rule=rule)
        number = self.pull()
        self.do("reviews", **self.at(number, "alice"), state="APPROVED")
        self.commit("more", {"net/more.tf": "again\n"})
        self.assertEqual(self.see("pull", **self.at(number))["reviews"][0]["state"], "DISMISSED")

    def test_a_strict_rule_wants_the_head_up_to_date(self):
        self.do("protection", repo="acme/infra", rule={"strict": True})
        number = self.pull()
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["mergeable_state"], "behind")
        self.assertEqual(self.merge(number).status, 405)

    def test_the_head_branch_goes_where_the_repository_says_so(self):
        self.do("repos/settings", repo="acme/infra", delete_branch_on_merge=True)
        number = self.pull()
        self.merge(number)
        self.assertIsNone(self.head("more"))
        self.assertTrue(self.see("pull", **self.at(number))["merged"])

    def test_pushing_the_heads_commits_to_the_base_is_a_merge(self):
        number = self.pull()
        self.do("refs", repo="acme/infra", user="alice", ref="main", sha="more")
        told = self.see("pull", **self.at(number))
        self.assertEqual((told["merged"], told["merge_commit_sha"], told["merged_by"]),
                         (True, self.head("more"), "alice"))

    def test_a_branch_is_updated_by_merging_its_base(self):
        number = self.pull()
        base = self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        before = self.head("more")
        sha = self.do("pulls/update_branch", **self.at(number))["sha"]
        self.assertEqual((self.object(sha).parents, self.head("more")), ((before, base), sha))
        self.assertIn("no new commits", self.refused("pulls/update_branch", **self.at(number)))

    def test_a_merge_takes_pull_requests_along_whose_commits_it_brings(self):
        below = self.pull("below", {"1.tf": "x\n"})
        self.do("refs", repo="acme/infra", user="bob", ref="above", sha="below")
        above = self.pull("above", {"2.tf": "x\n"})
        sha = self.merge(above).body["sha"]
        for number, commit in ((above, sha), (below, self.head("below"))):
            told = self.see("pull", **self.at(number))
            self.assertEqual((told["merged"], told["merge_commit_sha"]), (True, commit))

    def test_readers_cannot_merge(self):
        self.do("permissions", repo="acme/infra", user="carol", permission="triage")
        number = self.pull()
        self.assertEqual(self.merge(number, user="carol").status, 403)

    def test_pull_requests_know_the_merge_that_brought_a_commit(self):
        number = self.pull()
        sha = self.merge(number, merge_method="squash").body["sha"]
        self.assertEqual([pull["number"] for pull in self.rest("GET", f"/commits/{sha}/pulls").body],
                         [number])
        base = self.object(sha).parents[0]
        self.assertEqual(self.rest("GET", f"/commits/{base}/pulls").body, [])
