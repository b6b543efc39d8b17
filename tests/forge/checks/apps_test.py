"""Apps: who may speak as one, what an installation's token may see, and for how long."""

from .harness import ForgeCase, signed


class Apps(ForgeCase):
    def setUp(self):
        super().setUp()
        self.app = self.do("apps", owner="alice", slug="planner")
        self.jwt = signed(self.app)

    def token(self) -> str:
        found = self.ask("GET", "/repos/acme/infra/installation", user=self.jwt)
        self.assertEqual(found.status, 200, found.body)
        made = self.ask("POST", f"/app/installations/{found.body['id']}/access_tokens", {}, self.jwt)
        self.assertEqual(made.status, 201, made.body)
        return made.body["token"]

    def test_an_app_is_known_by_what_its_key_has_signed(self):
        self.assertEqual(self.ask("GET", "/app", user=self.jwt).body["slug"], "planner")
        self.assertEqual(self.ask("GET", "/app", user=signed(self.app, iss=self.app["client_id"])).status, 200)
        other = self.do("apps", owner="bob", slug="other")
        for wrong in (signed(self.app, exp=1), signed(self.app, iss="1"), self.jwt[:-4] + "AAAA",
                      signed(self.app, exp=4102444800), signed(self.app | {"private_key": other["private_key"]}),
                      "a.b.c", "alice"):
            told = self.ask("GET", "/app", user=wrong)
            self.assertEqual(told.status, 401, wrong)

    def test_an_installation_sees_what_it_is_installed_for(self):
        self.do("repos", owner="acme", name="secret", private=True, tree={"a": "x"})
        self.assertEqual(self.ask("GET", "/repos/acme/infra/installation", user=self.jwt).status, 404)
        self.do("apps/install", app="planner", account="acme", repos=["acme/infra"])
        token = self.token()
        listed = self.ask("GET", "/installation/repositories", user=token).body["repositories"]
        self.assertEqual([repo["full_name"] for repo in listed], ["acme/infra"])
        self.assertEqual(self.ask("GET", "/repos/acme/secret", user=token).status, 404)
        self.assertEqual(self.ask("GET", "/user", user=token).status, 403)
        number = self.pull()
        said = self.rest("POST", f"/issues/{number}/comments", {"body": "x"}, token).body
        self.assertEqual(said["user"]["login"], "planner[bot]")
        self.git("clone", "--quiet", self.address(token), str(self.folder / "by-app"))

    def test_a_token_ends_after_an_hour_when_it_is_revoked_and_when_the_app_goes(self):
        self.do("apps/install", app="planner", account="acme")
        token = self.token()
        self.do("clock", advance=3599)
        self.assertEqual(self.rest("GET", "", user=token).status, 200)
        self.do("clock", advance=1)
        self.assertEqual(self.rest("GET", "", user=token).status, 401)
        self.do("clock", advance=-3600)
        for end in ("apps/revoke", "apps/uninstall"):
            token = self.token()
            self.do(end, app="planner", account="acme")
            self.assertEqual(self.rest("GET", "", user=token).status, 401)

    def test_an_app_is_installed_once_by_an_account(self):
        self.do("apps/install", app="planner", account="acme")
        self.assertIn("acme has installed planner", self.refused("apps/install", app="planner", account="acme"))
