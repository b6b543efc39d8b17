"""Users, organizations, teams."""

from ..access import legacy_permission, permission_flags
from ..model import Organization, Repo, Team, User
from ..links import Links, node_id, time_text


def user(links: Links, person: User) -> dict:
    api = f"{links.api}/users/{person.login}"
    return {
        "login": person.login, "id": person.id, "node_id": node_id("User", person.id),
        "avatar_url": f"{links.web}/avatars/u/{person.id}?v=4", "gravatar_id": "", "url": api,
        "html_url": f"{links.web}/{person.login}", "followers_url": f"{api}/followers",
        "following_url": api + "/following{/other_user}", "gists_url": api + "/gists{/gist_id}",
        "starred_url": api + "/starred{/owner}{/repo}", "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs", "repos_url": f"{api}/repos",
        "events_url": api + "/events{/privacy}",
        "received_events_url": f"{api}/received_events", "type": person.kind, "user_view_type": "public",
        "site_admin": person.site_admin,
    }


def public_user(links: Links, person: User) -> dict:
    created = time_text(person.created_at)
    return user(links, person) | {
        "name": person.name, "company": None, "blog": "", "location": None, "email": None, "hireable": None,
        "bio": None, "twitter_username": None, "public_repos": 0, "public_gists": 0, "followers": 0,
        "following": 0,
        "created_at": created, "updated_at": created,
    }


def private_user(links: Links, person: User) -> dict:
    return public_user(links, person) | {
        "email": person.email, "notification_email": person.email, "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0, "disk_usage": 0, "collaborators": 0, "two_factor_authentication": True,
        "plan": {"name": "pro", "space": 976562499, "collaborators": 0, "private_repos": 9999},
    }


def collaborator(links: Links, person: User, role: str) -> dict:
    return user(links, person) | {"permissions": permission_flags(role), "role_name": role}


def permission(links: Links, person: User, role: str) -> dict:
    return {"permission": legacy_permission(role), "role_name": role,
            "user": collaborator(links, person, role)}


def organization_simple(links: Links, org: Organization) -> dict:
    api = f"{links.api}/orgs/{org.login}"
    return {
        "login": org.login, "id": org.id, "node_id": node_id("Organization", org.id), "url": api,
        "repos_url": f"{api}/repos", "events_url": f"{api}/events", "hooks_url": f"{api}/hooks",
        "issues_url": f"{api}/issues", "members_url": api + "/members{/member}",
        "public_members_url": api + "/public_members{/member}",
        "avatar_url": f"{links.web}/avatars/u/{org.id}?v=4", "description": "",
    }


def organization(links: Links, org: Organization) -> dict:
    created = time_text(org.created_at)
    return organization_simple(links, org) | {
        "name": org.name, "has_organization_projects": True, "has_repository_projects": True,
        "public_repos": 0,
        "public_gists": 0, "followers": 0, "following": 0, "html_url": f"{links.web}/{org.login}",
        "type": "Organization", "created_at": created, "updated_at": created, "archived_at": None,
    }


def membership(links: Links, org: Organization, person: User, role: str) -> dict:
    api = f"{links.api}/orgs/{org.login}"
    return {"url": f"{api}/memberships/{person.login}", "state": "active", "role": role,
            "organization_url": api,
            "organization": organization_simple(links, org), "user": user(links, person)}


def team(links: Links, group: Team, role: str = "read") -> dict:
    api = f"{links.api}/organizations/{group.org.id}/team/{group.id}"
    return {
        "name": group.name, "id": group.id, "node_id": node_id("Team", group.id), "slug": group.slug,
        "description": "", "privacy": "closed", "notification_setting": "notifications_enabled", "url": api,
        "html_url": f"{links.web}/orgs/{group.org.login}/teams/{group.slug}",
        "members_url": api + "/members{/member}", "repositories_url": f"{api}/repos",
        "type": "organization", "organization_id": group.org.id,
        "permission": {"write": "push", "read": "pull"}.get(role, role), "parent": None,
    }


def team_in_repo(links: Links, group: Team, role: str) -> dict:
    return team(links, group, role) | {"permissions": permission_flags(role)}


def team_full(links: Links, group: Team, repos: list[Repo]) -> dict:
    created = time_text(group.created_at)
    return team(links, group) | {
        "members_count": len(group.members), "repos_count": len(repos), "created_at": created,
        "updated_at": created, "organization": organization(links, group.org),
    }


def team_membership(links: Links, group: Team, person: User) -> dict:
    url = f"{links.api}/organizations/{group.org.id}/team/{group.id}/memberships/{person.login}"
    return {"url": url, "role": group.members[person.login], "state": "active"}
