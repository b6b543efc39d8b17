"""Which repositories there are, for whom."""

from ..access import association, may
from ..model import Repo
from ..router import ApiError, Call, route
from ..shapes import repos
from .meta import user_behind


def _by_name(call: Call, found: list[Repo]) -> list[Repo]:
    visible = [repo for repo in found if may(repo, call.user, "read")]
    return sorted(visible, key=lambda repo: repo.full_name.lower())


@route("GET", "/user/repos")
def of_caller(call: Call):
    """Those the user has something to do with: what is merely public is not theirs."""
    user = user_behind(call)
    mine = [repo for repo in call.world.repos.values() if association(repo, user) in ("OWNER", "MEMBER",
                                                                                      "COLLABORATOR")
            or any(user.login in team.members for team in repo.team_roles)]
    return [repos.repository(call.links, repo) for repo in call.page(_by_name(call, mine))]


@route("GET", "/users/{user}/repos")
def of_user(call: Call):
    owner = call.world.user(call.params["user"])
    found = [repo for repo in call.world.repos.values() if repo.owner is owner]
    return [repos.repository(call.links, repo) for repo in call.page(_by_name(call, found))]


@route("GET", "/orgs/{org}/repos")
def of_organization(call: Call):
    owner = call.world.organization(call.params["org"])
    found = [repo for repo in call.world.repos.values() if repo.owner is owner]
    return [repos.repository(call.links, repo) for repo in call.page(_by_name(call, found))]


@route("GET", "/installation/repositories")
def of_installation(call: Call):
    user = call.need_user()
    if not call.token.installation:
        raise ApiError(403, "You must authenticate with an installation access token in order to list "
                            "repositories for an installation.")
    one = call.token.installation
    mine = [repo for repo in call.world.repos.values()
            if (user.login in repo.roles if one is True else one.holds(repo))]
    shown = [repos.repository(call.links, repo) for repo in call.page(_by_name(call, mine))]
    return {"total_count": len(mine), "repository_selection": "selected", "repositories": shown}
