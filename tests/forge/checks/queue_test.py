"""The merge queue."""

from .harness import ForgeCase


class Queue(ForgeCase):
    def setUp(self):
        super().setUp()
        self.protect(1)

    def protect(self, size: int):
        self.do("protection", repo="acme/infra",
                rule={"merge_queue": "merge", "contexts": ["ci"], "queue_group_size": size})

    def at(self, number: int) -> dict:
        return {"repo": "acme/infra", "number": number, "user": "bob"}

    def say(self, sha: str, state: str):
        self.do("statuses", repo="acme/infra", user="bot", sha=sha, state=state, context="ci")

    def merged(self, number: int) -> bool:
        return self.see("pull", **self.at(number))["merged"]

    def queued(self) -> list:
        return self.see("repo", repo="acme/infra")["queues"].get("main", [])

    def groups(self) -> list[str]:
        return sorted(name for name in self.see("repo", repo="acme/infra")["heads"] if "queue" in name)

    def test_a_green_group_becomes_the_base(self):
        number, base = self.pull(), self.head("main")
        receiver = self.listen(events=["merge_group", "pull_request"])
        group = self.do("pulls/enqueue", **self.at(number))
        self.assertEqual(group["ref"], f"refs/heads/gh-readonly-queue/main/pr-{number}-{base}")
        self.assertFalse(self.merged(number))
        self.say(group["head"], "pending")
        self.say(group["head"], "success")
        self.assertTrue(self.merged(number))
        self.assertEqual((self.head("main"), self.groups()), (group["head"], []))
        self.assertEqual(self.titles(receiver), [
            "pull_request enqueued", "merge_group checks_requested", "pull_request dequeued",
            "pull_request closed", "merge_group destroyed"])
        told = self.see("deliveries", event="merge_group", action="destroyed", payloads=True)["deliveries"]
        self.assertEqual(told[-1]["payload"]["reason"], "merged")

    def test_a_status_of_the_pull_requests_head_does_not_count(self):
        number = self.pull()
        self.do("pulls/enqueue", **self.at(number))
        self.say("more", "success")
        self.assertFalse(self.merged(number))

    def test_a_red_group_leaves_the_queue(self):
        number = self.pull()
        group = self.do("pulls/enqueue", **self.at(number))
        self.say(group["head"], "failure")
        self.assertEqual((self.merged(number), self.queued(), self.groups()), (False, [], []))

    def test_later_entries_stand_on_earlier_ones_and_are_made_anew_when_those_fail(self):
        self.protect(2)
        one, two = self.pull("one", {"1.tf": "x\n"}), self.pull("two", {"2.tf": "x\n"})
        first = self.do("pulls/enqueue", **self.at(one))
        second = self.do("pulls/enqueue", **self.at(two))
        git = self.world.repo("acme/infra").git
        self.assertEqual(git.commit(second["head"]).parents[0], first["head"])
        receiver = self.listen(events=["merge_group"])
        self.say(first["head"], "failure")
        self.assertEqual(self.titles(receiver), ["merge_group destroyed", "merge_group destroyed",
                                                 "merge_group checks_requested"])
        again = self.world.repo("acme/infra").queues["main"][0].head_sha
        self.assertEqual(git.commit(again).parents[0], self.head("main"))
        self.say(again, "success")
        self.assertEqual((self.merged(one), self.merged(two)), (False, True))

    def test_with_groups_of_one_the_next_waits_its_turn(self):
        one, two = self.pull("one", {"1.tf": "x\n"}), self.pull("two", {"2.tf": "x\n"})
        first = self.do("pulls/enqueue", **self.at(one))
        self.assertEqual(self.do("pulls/enqueue", **self.at(two))["ref"], "")
        self.say(first["head"], "success")
        self.assertEqual(len(self.groups()), 1)
        self.say(self.world.repo("acme/infra").queues["main"][0].head_sha, "success")
        self.assertTrue(self.merged(two))

    def test_a_push_past_the_queue_destroys_its_groups(self):
        number = self.pull()
        group = self.do("pulls/enqueue", **self.at(number))
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        again = self.world.repo("acme/infra").queues["main"][0]
        self.assertNotEqual(again.head_sha, group["head"])
        self.assertEqual(again.base_sha, self.head("main"))

    def test_what_is_pushed_to_or_closed_leaves_the_queue(self):
        one, two = self.pull("one", {"1.tf": "x\n"}), self.pull("two", {"2.tf": "x\n"})
        self.do("pulls/enqueue", **self.at(one))
        self.do("pulls/enqueue", **self.at(two))
        self.commit("one", {"1.tf": "y\n"})
        self.assertEqual(self.queued(), [two])
        self.do("pulls/close", **self.at(two))
        self.assertEqual((self.queued(), self.groups()), ([], []))

    def test_a_deleted_base_empties_its_queue(self):
        self.commit("stable", {"net/other.tf": "x\n"}, user="alice")
        self.do("protection", repo="acme/infra", branch="stable",
                rule={"merge_queue": "merge", "contexts": ["ci"]})
        number = self.pull(base="stable")
        self.do("pulls/enqueue", **self.at(number))
        self.do("refs", repo="acme/infra", user="alice", ref="stable", sha=None)
        self.assertEqual((self.see("pull", **self.at(number))["state"], self.groups()), ("closed", []))

    def test_only_the_queue_merges(self):
        number = self.pull()
        told = self.rest("PUT", f"/pulls/{number}/merge", {}, "bob")
        self.assertEqual(told.body["message"], "Changes must be made through the merge queue")

    def test_without_required_statuses_it_merges_at_once(self):
        self.do("protection", repo="acme/infra", rule={"merge_queue": "squash"})
        number = self.pull()
        self.do("pulls/enqueue", **self.at(number))
        self.assertTrue(self.merged(number))
        self.assertIn(f"(#{number})", self.world.repo("acme/infra").git.commit(self.head("main")).message)
