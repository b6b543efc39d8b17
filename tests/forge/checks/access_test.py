"""Tokens, roles, and what they open."""

from .harness import ForgeCase


class Access(ForgeCase):
    def test_a_private_repository_does_not_exist_for_strangers(self):
        for user in ("carol", None):
            self.assertEqual(self.rest("GET", "", user=user).status, 404)
            self.assertEqual(self.rest("GET", "/pulls", user=user).status, 404)

    def test_a_wrong_token_is_bad_credentials_even_for_what_is_public(self):
        self.do("repos/settings", repo="acme/infra", private=False)
        told = self.rest("GET", "", user="guess")
        self.assertEqual((told.status, told.body["message"]), (401, "Bad credentials"))
        self.assertEqual(self.rest("GET", "", user=None).status, 200)

    def test_a_revoked_token_opens_nothing(self):
        self.do("tokens/revoke", token="bot")
        self.assertEqual(self.rest("GET", "").status, 401)
        self.do("tokens", user="bot", token="bot-2")
        self.assertEqual(self.rest("GET", "", user="bot-2").status, 200)

    def test_the_token_is_taken_by_each_of_its_ways(self):
        for value in ("Bearer bot", "token bot", "Basic eC1hY2Nlc3MtdG9rZW46Ym90", "basic Ym90Og=="):
            told = self.ask("GET", "/user", Authorization=value)
            self.assertEqual((told.status, told.body["login"]), (200, "bot"), value)
        self.assertEqual(self.ask("GET", "/user", Authorization="Digest bot").status, 401)
        self.assertEqual(self.ask("GET", "/user", Authorization="Basic ***").status, 401)

    def test_a_token_without_the_repo_scope_sees_nothing_private(self):
        self.do("tokens", user="bot", token="narrow", scopes=["public_repo"])
        self.assertEqual(self.rest("GET", "", user="narrow").status, 404)
        self.do("repos/settings", repo="acme/infra", private=False)
        told = self.rest("GET", "", user="narrow")
        self.assertEqual((told.status, told.headers["x-oauth-scopes"]), (200, "public_repo"))

    def test_the_narrow_status_scope_is_enough_for_statuses(self):
        self.do("tokens", user="bot", token="statuses", scopes=["repo:status"])
        at = f"/statuses/{self.head('main')}"
        self.assertEqual(self.rest("POST", at, {"state": "success"}, "statuses").status, 201)
        self.assertEqual(self.rest("GET", "/pulls", user="statuses").status, 404)

    def test_the_strongest_of_all_roles_counts(self):
        self.do("users", login="dora", token="dora")
        self.do("teams", org="acme", name="Ops", members=["dora"])
        def role():
            return self.rest("GET", "/collaborators/dora/permission").body["role_name"]
        self.assertEqual(role(), "read")  # by the organization's default
        self.do("permissions", repo="acme/infra", user="dora", permission="triage")
        self.assertEqual(role(), "triage")
        self.do("permissions", repo="acme/infra", team="ops", permission="maintain")
        self.assertEqual(role(), "maintain")
        self.assertEqual(self.rest("GET", "/collaborators/alice/permission").body["role_name"], "admin")

    def test_permissions_are_told_in_the_four_old_words_too(self):
        for role, word in (("maintain", "write"), ("triage", "read"), ("admin", "admin"), ("none", "none")):
            self.do("permissions", repo="acme/infra", user="carol", permission=role)
            told = self.rest("GET", "/collaborators/carol/permission").body
            self.assertEqual((told["permission"], told["role_name"]), (word, role))

    def test_everybody_reads_what_is_public(self):
        self.do("repos/settings", repo="acme/infra", private=False)
        self.assertEqual(self.rest("GET", "/collaborators/carol/permission").body["permission"], "read")

    def test_team_membership_is_for_members_with_the_scope(self):
        self.do("teams", org="acme", name="DBA", members=["bob"])
        path = "/orgs/acme/teams/dba/memberships/bob"
        self.assertEqual(self.ask("GET", path, user="alice").body["state"], "active")
        self.assertEqual(self.ask("GET", path, user="carol").status, 404)
        self.do("tokens", user="alice", token="no-org", scopes=["repo"])
        self.assertEqual(self.ask("GET", path, user="no-org").status, 403)

    def test_an_apps_token_is_no_user_but_graphql_knows_its_name(self):
        self.do("users", login="slipway[bot]", kind="Bot")
        self.do("permissions", repo="acme/infra", user="slipway[bot]", permission="write")
        self.do("tokens", user="slipway[bot]", token="app", installation=True)
        for path in ("/user", "/user/repos"):
            self.assertEqual(self.ask("GET", path, user="app").status, 403)
        told = self.ask("POST", "/api/graphql", {"query": "{viewer{login}}"}, "app").body
        self.assertEqual(told["data"]["viewer"]["login"], "slipway[bot]")
        listed = self.ask("GET", "/installation/repositories", user="app").body
        self.assertEqual([repo["full_name"] for repo in listed["repositories"]], ["acme/infra"])
        number = self.pull()
        said = self.rest("POST", f"/issues/{number}/comments", {"body": "x"}, "app").body
        self.assertEqual((said["user"]["login"], said["user"]["type"]), ("slipway[bot]", "Bot"))

    def test_lists_hold_what_the_caller_has_to_do_with(self):
        self.do("repos", owner="carol", name="open", tree={"a": "x"})
        def names(path: str, user: str) -> list[str]:
            return [repo["full_name"] for repo in self.ask("GET", path, user=user).body]
        self.assertEqual(names("/user/repos", "bot"), ["acme/infra"])
        self.assertEqual(names("/users/carol/repos", "bot"), ["carol/open"])
        self.assertEqual(names("/orgs/acme/repos", "carol"), [])

    def test_only_who_may_push_asks_what_others_may(self):
        self.do("repos/settings", repo="acme/infra", private=False)
        told = self.rest("GET", "/collaborators/bob/permission", user="carol")
        self.assertEqual((told.status, told.body["message"]),
                         (403, "Must have push access to view collaborator permission."))

    def test_an_archived_repository_is_read_only(self):
        number = self.pull()
        self.do("repos/settings", repo="acme/infra", archived=True)
        self.assertEqual(self.rest("GET", f"/pulls/{number}").status, 200)
        self.assertEqual(self.rest("POST", f"/issues/{number}/comments", {"body": "x"}).status, 403)

    def test_hooks_are_for_administrators(self):
        self.assertEqual(self.rest("GET", "/hooks", user="bob").status, 403)
        self.assertEqual(self.rest("GET", "/hooks", user="alice").body, [])

    def test_unknown_paths_and_broken_bodies_are_answered(self):
        self.assertEqual(self.ask("GET", "/api/v3/nothing", user="bot").status, 404)
        self.assertEqual(self.rest("POST", "/issues", ["a list"]).status, 400)
