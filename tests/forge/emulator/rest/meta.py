"""What the forge says about itself and the caller."""

from ..limits import ANONYMOUS
from ..model import User
from ..router import Answer, ApiError, Call, route
from ..shapes import people

ROOT = {
    "current_user_url": "/user",
    "current_user_authorizations_html_url": "/settings/connections/applications{/client_id}",
    "authorizations_url": "/authorizations",
    "code_search_url": "/search/code?q={query}{&page,per_page,sort,order}",
    "commit_search_url": "/search/commits?q={query}{&page,per_page,sort,order}", "emails_url": "/user/emails",
    "emojis_url": "/emojis", "events_url": "/events", "feeds_url": "/feeds",
    "followers_url": "/user/followers",
    "following_url": "/user/following{/target}", "gists_url": "/gists{/gist_id}",
    "issue_search_url": "/search/issues?q={query}{&page,per_page,sort,order}", "issues_url": "/issues",
    "keys_url": "/user/keys",
    "label_search_url": "/search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    "notifications_url": "/notifications", "organization_url": "/orgs/{org}",
    "organization_repositories_url": "/orgs/{org}/repos{?type,page,per_page,sort}",
    "organization_teams_url": "/orgs/{org}/teams", "public_gists_url": "/gists/public",
    "rate_limit_url": "/rate_limit", "repository_url": "/repos/{owner}/{repo}",
    "repository_search_url": "/search/repositories?q={query}{&page,per_page,sort,order}",
    "current_user_repositories_url": "/user/repos{?type,page,per_page,sort}",
    "starred_url": "/user/starred{/owner}{/repo}", "starred_gists_url": "/gists/starred",
    "user_url": "/users/{user}", "user_organizations_url": "/user/orgs",
    "user_repositories_url": "/users/{user}/repos{?type,page,per_page,sort}",
    "user_search_url": "/search/users?q={query}{&page,per_page,sort,order}",
}


@route("GET", "/")
def root(call: Call):
    return {name: call.links.api + path for name, path in ROOT.items()}


@route("GET", "/meta")
def meta(call: Call):
    return {"verifiable_password_authentication": False}


@route("GET", "/zen")
def zen(call: Call):
    return Answer(200, "Keep it logically awesome.", kind="text/plain; charset=utf-8")


@route("GET", "/rate_limit")
def rate_limit(call: Call):
    allowance = call.limits.of(call.user.login if call.user else ANONYMOUS)
    core = {"limit": allowance.limit, "used": allowance.used,
            "remaining": max(0, allowance.limit - allowance.used),
            "reset": int(allowance.resets_at)}
    search = core | {"limit": 30, "used": 0, "remaining": 30}
    return {"resources": {"core": core, "search": search,
                          "graphql": core | {"used": 0, "remaining": core["limit"]}},
            "rate": core}


@route("GET", "/user")
def current_user(call: Call):
    return people.private_user(call.links, user_behind(call))


def user_behind(call: Call) -> User:
    """An app's token stands for no user."""
    user = call.need_user()
    if call.token.installation or call.token.app:
        raise ApiError(403, "Resource not accessible by integration")
    return user


@route("POST", "/graphql")
def graphql(call: Call):
    """One question alone: who the token is, which REST does not tell an app's."""
    user = call.need_user()
    if "".join(str(call.json().get("query", "")).split()) in ("{viewer{login}}", "query{viewer{login}}"):
        return {"data": {"viewer": {"login": user.login}}}
    return {"data": None, "errors": [{"type": "NOT_IMPLEMENTED", "message": "This forge has no such query."}]}
