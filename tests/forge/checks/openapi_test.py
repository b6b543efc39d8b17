"""Every answer of every route, against GitHub's description of its REST API."""

import unittest

from emulator.router import GREEDY, ROUTES

from . import published
from .harness import ForgeCase, signed

UNDESCRIBED = {  # old addresses that GitHub still answers but no longer describes
    "/repos/{owner}/{repo}/statuses/{ref:path}": "/repos/{owner}/{repo}/commits/{ref}/statuses",
    "/repos/{owner}/{repo}/contents": "/repos/{owner}/{repo}/contents/{path}",
}


@unittest.skipIf(published.why_not(), f"GitHub's descriptions are not there: {published.why_not()}")
class PublishedAnswers(ForgeCase):
    def setUp(self):
        super().setUp()
        self.taken = set()
        dispatched = [*ROUTES, *GREEDY]
        self.all = {(route.method, route.template) for route in dispatched}

    def check(self, method: str, path: str, expected: int, body=None, user: str | None = "alice", **headers):
        """Asks, and compares the answer with the description of exactly that status."""
        told = self.ask(method, path, body, user, **headers)
        with self.subTest(method=method, path=path):
            self.assertEqual(told.status, expected, told.body)
            plain = path.partition("?")[0].removeprefix("/api/v3")
            route = self._route(method, plain)
            body = None if told.body == b"" else told.body
            found = published.api().problems(method, _described(route, plain), told.status, body)
            self.assertFalse(found, "\n" + "\n".join(found))
        return told.body

    def _route(self, method: str, path: str) -> str:
        for route in [*ROUTES, *GREEDY]:
            if route.method == method and route.pattern.fullmatch(path):
                self.taken.add((method, route.template))
                return route.template
        return ""

    def test_every_answer_has_the_published_shape(self):
        self.people()
        self.repository()
        number = self.pull_request()
        self.conversation(number)
        self.commits(number)
        self.hooks()
        self.app()
        self.merging(number)
        self.assertEqual(self.all - self.taken, {("GET", "/zen"), ("POST", "/graphql")},
                         "routes that were not compared")

    def people(self):
        self.do("teams", org="acme", name="DBA", members=["bob"])
        self.do("permissions", repo="acme/infra", team="dba", permission="maintain")
        self.check("GET", "/api/v3/", 200)
        self.check("GET", "/meta", 200)
        self.check("GET", "/rate_limit", 200)
        self.check("GET", "/user", 200)
        self.check("GET", "/user", 401, user="nobody-known")
        self.check("GET", "/users/bob", 200)
        self.check("GET", "/users/nobody", 404)
        self.check("GET", "/orgs/acme", 200)
        self.check("GET", "/orgs/acme/members", 200)
        self.check("GET", "/orgs/acme/members/bob", 204)
        self.check("GET", "/orgs/acme/members/carol", 404)
        self.check("GET", "/orgs/acme/memberships/bob", 200)
        self.check("GET", "/orgs/acme/teams", 200)
        self.check("GET", "/orgs/acme/teams/dba", 200)
        self.check("GET", "/orgs/acme/teams/dba/members", 200)
        self.check("GET", "/orgs/acme/teams/dba/memberships/bob", 200)
        self.check("GET", "/orgs/acme/teams/dba/memberships/carol", 404)
        at = "/repos/acme/infra"
        self.check("GET", f"{at}/teams", 200)
        self.check("GET", f"{at}/collaborators", 200)
        self.check("GET", f"{at}/collaborators/bob", 204)
        self.check("GET", f"{at}/collaborators/carol", 404)
        self.check("GET", f"{at}/collaborators/carol/permission", 200)
        self.check("GET", f"{at}/collaborators/nobody/permission", 404)

    def app(self):
        app = self.do("apps", owner="alice", slug="planner")
        jwt = signed(app)
        self.check("GET", "/app", 200, user=jwt)
        self.check("GET", "/repos/acme/infra/installation", 404, user=jwt)
        made = self.do("apps/install", app="planner", account="acme")
        # The list's own description wants an account to be a person and an enterprise at once: each is compared
        # with that of one installation.
        self.taken.add(("GET", "/app/installations"))
        for one in self.ask("GET", "/app/installations", user=jwt).body:
            self.assertFalse(published.api().problems("GET", "/orgs/acme/installation", 200, one))
        self.check("GET", "/repos/acme/infra/installation", 200, user=jwt)
        self.check("GET", "/orgs/acme/installation", 200, user=jwt)
        self.do("apps/install", app="planner", account="bob", repos=[])
        self.check("GET", "/users/bob/installation", 200, user=jwt)
        path = f"/app/installations/{made['id']}/access_tokens"
        self.check("POST", path, 201, {}, user=jwt)
        self.check("POST", path, 401, {}, user="alice")
        self.check("POST", "/app/installations/1/access_tokens", 404, {}, user=jwt)

    def repository(self):
        at = "/repos/acme/infra"
        self.do("forks", repo="acme/infra", owner="bob")
        self.do("protection", repo="acme/infra", rule={"contexts": ["ci"], "required_approvals": 1})
        self.check("GET", at, 200)
        self.check("GET", "/repos/bob/infra", 200, user="bob")
        self.check("GET", at, 404, user="carol")
        self.check("GET", f"{at}/branches", 200)
        self.check("GET", f"{at}/branches/main", 200)
        self.check("GET", f"{at}/branches/none", 404)
        self.check("GET", f"{at}/branches/main/protection", 200)
        self.check("GET", f"{at}/branches/main/protection/required_status_checks", 200)
        self.do("protection", repo="acme/infra", rule=None)
        self.check("GET", f"{at}/branches/main/protection", 404)
        self.check("GET", f"{at}/git/ref/heads/main", 200)
        self.check("GET", f"{at}/git/ref/heads/none", 404)
        self.check("GET", f"{at}/git/matching-refs/heads/", 200)
        self.check("GET", f"{at}/forks", 200)
        self.check("GET", "/user/repos", 200, user="bot")
        self.check("GET", "/users/bob/repos", 200, user="bob")
        self.check("GET", "/orgs/acme/repos", 200)
        self.do("tokens", user="bot", token="app", installation=True)
        self.check("GET", "/installation/repositories", 200, user="app")
        self.check("GET", "/user", 403, user="app")
        sha = self.head("main")
        self.check("POST", f"{at}/git/refs", 201, {"ref": "refs/heads/aside", "sha": sha})
        self.check("POST", f"{at}/git/refs", 422, {"ref": "refs/heads/aside", "sha": sha})
        self.check("PATCH", f"{at}/git/refs/heads/aside", 200, {"sha": sha})
        self.check("DELETE", f"{at}/git/refs/heads/aside", 204)
        self.check("DELETE", f"{at}/git/refs/heads/aside", 422)
        self.check("POST", f"{at}/labels", 201, {"name": "slipway", "color": "ff0000"})
        self.check("POST", f"{at}/labels", 422, {"name": "slipway"})
        self.check("GET", f"{at}/labels", 200)
        self.check("GET", f"{at}/labels/slipway", 200)

    def pull_request(self) -> int:
        at = "/repos/acme/infra"
        self.commit("more", {"net/more.tf": "more\n"})
        made = self.check("POST", f"{at}/pulls", 201, {"title": "More", "head": "more", "base": "main"},
                          user="bob")
        pull = f"{at}/pulls/{made['number']}"
        self.check("POST", f"{at}/pulls", 422, {"title": "More", "head": "more", "base": "main"}, user="bob")
        self.check("GET", f"{at}/pulls?state=all", 200)
        self.check("GET", f"{at}/pulls?state=odd", 422)
        self.check("GET", pull, 200)
        self.check("GET", f"{at}/pulls/999", 404)
        self.check("PATCH", pull, 200, {"title": "More of it"}, user="bob")
        self.check("PATCH", pull, 422, {"base": "none"}, user="bob")
        self.check("GET", f"{pull}/files", 200)
        self.check("GET", f"{pull}/commits", 200)
        self.do("pulls/request_review", repo="acme/infra", number=made["number"], user="bob",
                reviewer="alice")
        self.check("GET", f"{pull}/requested_reviewers", 200)
        given = self.check("POST", f"{pull}/reviews", 200, {"event": "APPROVE", "body": "Good"})
        self.check("POST", f"{pull}/reviews", 422, {"event": "APPROVE"}, user="bob")
        self.check("GET", f"{pull}/reviews", 200)
        self.check("GET", f"{pull}/reviews/{given['id']}", 200)
        self.check("PUT", f"{pull}/reviews/{given['id']}/dismissals", 200, {"message": "Stale"})
        return made["number"]

    def conversation(self, number: int):
        at = "/repos/acme/infra/issues"
        made = self.check("POST", at, 201, {"title": "It failed", "labels": ["slipway"]})
        issue = f"{at}/{made['number']}"
        self.check("POST", at, 422, {"title": ""})
        self.check("GET", f"{at}?state=all&labels=slipway", 200)
        self.check("GET", issue, 200)
        self.check("GET", f"{at}/{number}", 200)
        self.check("GET", f"{at}/999", 404)
        self.check("PATCH", issue, 200, {"state": "closed", "state_reason": "completed"})
        self.check("POST", f"{issue}/labels", 200, {"labels": ["stack"]})
        self.check("PUT", f"{issue}/labels", 200, {"labels": ["stack", "slipway"]})
        self.check("GET", f"{issue}/labels", 200)
        self.check("DELETE", f"{issue}/labels/stack", 200)
        self.check("DELETE", f"{issue}/labels/stack", 404)
        said = self.check("POST", f"{at}/{number}/comments", 201, {"body": "Plan: 1 to add"}, user="bot")
        self.check("POST", f"{at}/{number}/comments", 422, {"body": "x" * 65537}, user="bot")
        self.check("GET", f"{at}/{number}/comments", 200)
        self.check("GET", f"{at}/comments?sort=updated&direction=desc", 200)
        comment = f"{at}/comments/{said['id']}"
        self.check("GET", comment, 200)
        self.check("PATCH", comment, 200, {"body": "Plan: 2 to add"}, user="bot")
        for on in (comment, f"{at}/{number}"):
            given = self.check("POST", f"{on}/reactions", 201, {"content": "eyes"}, user="bot")
            self.check("POST", f"{on}/reactions", 200, {"content": "eyes"}, user="bot")
            self.check("POST", f"{on}/reactions", 422, {"content": "sad"}, user="bot")
            self.check("GET", f"{on}/reactions", 200)
            self.check("DELETE", f"{on}/reactions/{given['id']}", 204, user="bot")
        self.check("DELETE", comment, 204, user="bot")
        self.check("GET", comment, 404)

    def commits(self, number: int):
        at, sha = "/repos/acme/infra", self.head("more")
        said = {"state": "success", "context": "slipway/plan", "target_url": "http://localhost/runs/1"}
        self.check("POST", f"{at}/statuses/{sha}", 201, said, user="bot")
        self.check("GET", f"{at}/statuses/{sha}", 200)
        self.check("GET", f"{at}/commits/more/statuses", 200)
        self.check("GET", f"{at}/commits/more/status", 200)
        self.check("GET", f"{at}/commits/none/status", 404)
        self.check("GET", f"{at}/commits/{sha}/check-runs", 200)
        self.check("GET", f"{at}/commits/{sha}/check-suites", 200)
        self.check("GET", f"{at}/commits/{sha}/pulls", 200)
        self.check("GET", f"{at}/commits/{sha}", 200)
        self.check("GET", f"{at}/commits/none", 422)
        self.check("GET", f"{at}/commits", 200)
        self.check("GET", f"{at}/compare/main...more", 200)
        self.check("GET", f"{at}/compare/main...none", 404)
        self.check("GET", f"{at}/git/commits/{sha}", 200)
        self.check("GET", f"{at}/git/trees/{sha}?recursive=1", 200)
        file = self.check("GET", f"{at}/contents/net/main.tf", 200)
        self.check("GET", f"{at}/contents/net", 200)
        self.check("GET", f"{at}/contents", 200)
        self.check("GET", f"{at}/contents/none", 404)
        self.check("GET", f"{at}/git/blobs/{file['sha']}", 200)

    def hooks(self):
        at = "/repos/acme/infra/hooks"
        receiver = self.listen()
        made = self.check("POST", at, 201, {"config": {"url": "http://127.0.0.1:9/", "secret": "s",
                                                       "content_type": "json"}, "events": ["push"]})
        self.check("POST", at, 422, {"config": {}})
        self.check("GET", at, 200)
        self.check("GET", f"{at}/{made['id']}", 200)
        self.check("PATCH", f"{at}/{made['id']}", 200, {"events": ["pull_request"]})
        self.check("POST", f"{at}/{self.hook}/pings", 204)
        self.titles(receiver)
        deliveries = self.check("GET", f"{at}/{self.hook}/deliveries", 200)
        one = f"{at}/{self.hook}/deliveries/{deliveries[0]['id']}"
        self.check("GET", one, 200)
        self.check("POST", f"{one}/attempts", 202)
        self.check("DELETE", f"{at}/{made['id']}", 204)
        self.check("GET", f"{at}/{made['id']}", 404)

    def merging(self, number: int):
        pull = f"/repos/acme/infra/pulls/{number}"
        self.check("GET", f"{pull}/merge", 404)
        self.check("PUT", f"{pull}/update-branch", 422)
        self.commit("main", {"net/other.tf": "other\n"}, user="alice")
        self.check("PUT", f"{pull}/update-branch", 202)
        self.check("PUT", f"{pull}/merge", 409, {"sha": "0" * 40})
        self.check("PUT", f"{pull}/merge", 200, {"merge_method": "squash"})
        self.check("PUT", f"{pull}/merge", 405)
        self.check("GET", f"{pull}/merge", 204)
        self.check("GET", pull, 200)

    def test_a_wrong_answer_is_found(self):
        whole = self.ask("GET", "/repos/acme/infra", user="bot").body
        for spoil, problem in (({"id": "7"}, "is not integer"), ({"owner": None}, "is not object"),
                               ({"created_at": "yesterday"}, "is no date-time")):
            found = published.api().problems("GET", "/repos/acme/infra", 200, whole | spoil)
            self.assertIn(problem, " ".join(found))
        del whole["full_name"]
        self.assertIn("full_name is missing", " ".join(
            published.api().problems("GET", "/repos/acme/infra", 200, whole)))


def _described(template: str, path: str) -> str:
    """The path as the description has it: one segment where a branch or file name has several."""
    path = UNDESCRIBED.get(template, path)
    for folder in ("contents", "compare", "git/ref", "git/refs", "git/matching-refs"):
        head, found, rest = path.partition(f"/infra/{folder}/")
        if found:
            return f"{head}{found}{rest.replace('/', '~')}"
    return path
