"""Users, organizations, teams, and who may do what on a repository."""

from ..access import ROLES, association, may, role_of
from ..model import Organization
from ..router import Answer, ApiError, Call, not_found, route
from ..shapes import people


@route("GET", "/users/{user}")
def user(call: Call):
    return people.public_user(call.links, call.world.user(call.params["user"]))


@route("GET", "/orgs/{org}")
def organization(call: Call):
    return people.organization(call.links, call.world.organization(call.params["org"]))


@route("GET", "/orgs/{org}/members")
def members(call: Call):
    org = call.world.organization(call.params["org"])
    return call.page([people.user(call.links, call.world.user(login)) for login in org.members])


@route("GET", "/orgs/{org}/members/{user}")
def is_member(call: Call):
    org = _organization_seen_inside(call)
    return Answer(204) if call.world.user(call.params["user"]).login in org.members else _missing()


@route("GET", "/orgs/{org}/memberships/{user}")
def membership(call: Call):
    org = _organization_seen_inside(call)
    person = call.world.user(call.params["user"])
    if person.login not in org.members:
        raise not_found()
    return people.membership(call.links, org, person, org.members[person.login])


@route("GET", "/orgs/{org}/teams")
def teams(call: Call):
    org = _organization_seen_inside(call)
    return call.page([people.team(call.links, team) for team in org.teams.values()])


@route("GET", "/orgs/{org}/teams/{team}")
def team(call: Call):
    group = _team(call)
    repos = [repo for repo in call.world.repos.values() if group in repo.team_roles]
    return people.team_full(call.links, group, repos)


@route("GET", "/orgs/{org}/teams/{team}/members")
def team_members(call: Call):
    group = _team(call)
    return call.page([people.user(call.links, call.world.user(login)) for login in group.members])


@route("GET", "/orgs/{org}/teams/{team}/memberships/{user}")
def team_membership(call: Call):
    group, person = _team(call), call.world.user(call.params["user"])
    if person.login not in group.members:
        raise not_found()
    return people.team_membership(call.links, group, person)


@route("GET", "/repos/{owner}/{repo}/teams", needs="write")
def repo_teams(call: Call):
    roles = call.repo.team_roles.items()
    return call.page([people.team_in_repo(call.links, group, role) for group, role in roles])


@route("GET", "/repos/{owner}/{repo}/collaborators", needs="write")
def collaborators(call: Call):
    everybody = [person for person in call.world.users.values() if not isinstance(person, Organization)
                 and (association(call.repo, person) in ("OWNER", "MEMBER", "COLLABORATOR") or
                      any(person.login in group.members for group in call.repo.team_roles))]
    shown = [person for person in everybody if may(call.repo, person, "read")]
    shown.sort(key=lambda person: (-ROLES.index(role_of(call.repo, person)), person.id))
    return [people.collaborator(call.links, person, role_of(call.repo,
                                                            person)) for person in call.page(shown)]


@route("GET", "/repos/{owner}/{repo}/collaborators/{user}", needs="write")
def is_collaborator(call: Call):
    person = call.world.user(call.params["user"])
    known = association(call.repo, person) in ("OWNER", "MEMBER", "COLLABORATOR")
    return Answer(204) if known and may(call.repo, person, "read") else _missing()


@route("GET", "/repos/{owner}/{repo}/collaborators/{user}/permission")
def permission(call: Call):
    call.need_user()
    if not may(call.repo, call.user, "write"):
        raise ApiError(403, "Must have push access to view collaborator permission.")
    person = call.world.user(call.params["user"])
    return people.permission(call.links, person, role_of(call.repo, person))


def _organization_seen_inside(call: Call) -> Organization:
    """What only members see, with a token that may read organizations."""
    org = call.world.organization(call.params["org"])
    user = call.need_user()
    if not {"read:org", "write:org", "admin:org"} & set(call.token.scopes):
        raise ApiError(403, "You must have read:org scope or be an organization member to see this.")
    if user.login not in org.members and not user.site_admin:
        raise not_found()
    return org


def _team(call: Call):
    found = _organization_seen_inside(call).teams.get(call.params["team"])
    if found is None:
        raise not_found()
    return found


def _missing() -> Answer:
    raise not_found()
