"""Git over HTTP, by git itself."""

from .harness import ForgeCase


class Git(ForgeCase):
    def push_from(self, clone, *refspecs: str, fails: bool = False) -> str:
        return self.git("push", "--quiet", "origin", *refspecs, cwd=clone, fails=fails)

    def change(self, clone, path: str = "net/pushed.tf", content: str = "pushed\n"):
        (clone / path).write_text(content)
        self.git("add", "-A", cwd=clone)
        self.git("commit", "--quiet", "-m", "Push it", cwd=clone)

    def test_a_clone_has_the_files(self):
        self.assertEqual((self.clone() / "net/main.tf").read_text(), "one\ntwo\nthree\n")

    def test_the_oldest_protocol_works_and_tells_of_pull_requests(self):
        number = self.pull()
        listed = self.git("-c", "protocol.version=0", "ls-remote", self.address())
        for ref in ("refs/heads/main", f"refs/pull/{number}/head", f"refs/pull/{number}/merge"):
            self.assertIn(ref, listed)

    def test_pull_request_refs_and_bare_commits_can_be_fetched(self):
        number = self.pull()
        clone = self.clone()
        self.git("fetch", "--quiet", "origin", f"refs/pull/{number}/merge", cwd=clone)
        self.assertEqual(self.git("rev-parse", "FETCH_HEAD^2", cwd=clone), self.head("more"))
        sha = self.head("more")
        self.do("refs", repo="acme/infra", user="bob", ref="more", sha=None)
        self.git("fetch", "--quiet", "origin", sha, cwd=clone)

    def test_shallow_and_partial_clones_work(self):
        self.git("clone", "--quiet", "--depth=1", self.address(), "shallow")
        self.git("clone", "--quiet", "--filter=blob:none", self.address(), "partial")

    def test_a_push_tells_hooks_and_opens_the_way_for_a_pull_request(self):
        receiver = self.listen()
        clone = self.clone()
        self.change(clone)
        self.push_from(clone, "HEAD:pushed")
        self.assertEqual(self.titles(receiver), ["push", "create"])
        told = self.see("deliveries", event="push", payloads=True)["deliveries"][0]["payload"]
        self.assertEqual((told["ref"], told["pusher"]["name"], told["commits"][0]["added"]),
                         ("refs/heads/pushed", "bob", ["net/pushed.tf"]))
        number = self.do("pulls", repo="acme/infra", user="bob", head="pushed")["number"]
        self.change(clone, content="again\n")
        self.push_from(clone, "HEAD:pushed")
        self.assertIn("pull_request synchronize", self.titles(receiver))
        self.assertEqual(self.git("ls-remote", self.address(), f"refs/pull/{number}/head").split()[0],
                         self.git("rev-parse", "HEAD", cwd=clone))

    def test_a_forced_push_and_a_deletion_go_over_git_too(self):
        number, clone = self.pull(), self.clone()
        self.change(clone)
        self.push_from(clone, "HEAD:more", fails=True)
        self.push_from(clone, "+HEAD:more")
        self.assertTrue(self.see("pushes", repo="acme/infra")["pushes"][-1]["forced"])
        self.push_from(clone, ":more")
        self.assertEqual(self.see("pull", repo="acme/infra", number=number)["state"], "closed")

    def test_a_large_push_arrives_in_chunks(self):
        clone = self.clone()
        (clone / "big").write_bytes(bytes(range(256)) * 20_000)
        self.change(clone)
        self.git("config", "http.postBuffer", "65536", cwd=clone)
        self.git("-c", "core.compression=0", "push", "--quiet", "origin", "HEAD:big", cwd=clone)
        self.assertEqual(self.head("big"), self.git("rev-parse", "HEAD", cwd=clone))

    def test_strangers_are_asked_who_they_are_and_then_see_nothing(self):
        plain = f"http://127.0.0.1:{self.port}/acme/infra.git"
        self.assertIn("terminal prompts disabled", self.git("ls-remote", plain, fails=True))
        self.assertIn("not found", self.git("ls-remote", self.address("carol"), fails=True))
        self.assertIn("Authentication failed", self.git("ls-remote", self.address("guess"), fails=True))

    def test_what_is_public_is_cloned_by_anybody_and_pushed_by_writers(self):
        self.do("repos/settings", repo="acme/infra", private=False)
        self.git("clone", "--quiet", f"http://127.0.0.1:{self.port}/acme/infra", "open")
        clone = self.clone("carol")
        self.change(clone)
        self.assertIn("403", self.push_from(clone, "HEAD:theirs", fails=True))

    def test_nobody_pushes_to_pull_request_refs(self):
        number, clone = self.pull(), self.clone()
        self.change(clone)
        self.assertIn("hidden ref", self.push_from(clone, f"HEAD:refs/pull/{number}/head", fails=True))

    def test_a_protected_branch_refuses_pushes_in_the_forges_words(self):
        self.do("protection", repo="acme/infra", rule={"block_pushes": True})
        clone = self.clone()
        self.change(clone)
        self.assertIn("GH006: Protected branch update failed", self.push_from(clone, "HEAD:main", fails=True))
        self.push_from(clone, "HEAD:aside")
        self.do("protection", repo="acme/infra", rule=None)
        self.push_from(clone, "HEAD:main")

    def test_the_default_branch_cannot_be_deleted(self):
        self.push_from(self.clone(), ":main", fails=True)
        self.assertIsNotNone(self.head("main"))

    def test_a_push_to_a_fork_reaches_the_pull_request_of_its_parent(self):
        self.do("forks", repo="acme/infra", owner="carol")
        clone = self.clone("carol", "carol/infra")
        self.change(clone)
        self.push_from(clone, "HEAD:theirs")
        number = self.do("pulls", repo="acme/infra", user="carol", head="carol:theirs")["number"]
        self.change(clone, content="again\n")
        self.push_from(clone, "HEAD:theirs")
        self.assertEqual(self.rest("GET", f"/pulls/{number}").body["head"]["sha"],
                         self.git("rev-parse", "HEAD", cwd=clone))

    def test_files_of_every_kind_are_committed(self):
        self.commit("odd", {"link": {"link": "net/main.tf"},
                            "run": {"text": "#!/bin/sh\n", "executable": True},
                            "binary": {"base64": "AAEC"}, 'a "quoted"\\name': "x", "zero": {"zeros": 1000},
                            "noise": {"random": 100_000}, "sub": {"submodule": "1" * 40}})
        clone = self.clone()
        modes = dict(line.split(" ", 1)[::-1] for line in self.git(
            "ls-tree", "--format=%(objectmode) %(path)", "origin/odd", cwd=clone).splitlines())
        self.assertEqual((modes["link"], modes["run"], modes["sub"], modes["binary"]),
                         ("120000", "100755", "160000", "100644"))
        self.assertEqual(self.git("cat-file", "-s", "origin/odd:noise", cwd=clone), "100000")
        self.assertEqual(self.git("show", 'origin/odd:a "quoted"\\name', cwd=clone), "x")

    def test_a_branch_below_another_is_refused_and_changes_nothing(self):
        self.commit("more", {"a": "x"})
        self.assertIn("below another ref", self.refused(
            "commits", repo="acme/infra", user="bob", branch="more/less", files={"a": "y"}))
        self.assertEqual(sorted(self.see("repo", repo="acme/infra")["heads"]), ["main", "more"])
