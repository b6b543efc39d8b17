"""Apps and their installations."""

from ..apps import EVENTS, PERMISSIONS, App, Installation
from ..links import Links, node_id, time_text
from . import people

__all__ = ["PERMISSIONS", "app", "installation", "selection"]


def app(links: Links, one: App) -> dict:
    return {
        "id": one.id, "slug": one.slug, "node_id": node_id("Integration", one.id), "client_id": one.client_id,
        "owner": people.user(links, one.owner), "name": one.slug, "description": "", "external_url": links.web,
        "html_url": f"{links.web}/apps/{one.slug}", "created_at": time_text(one.created_at),
        "updated_at": time_text(one.created_at), "permissions": PERMISSIONS, "events": EVENTS,
        "installations_count": len(one.installations),
    }


def selection(one: Installation) -> str:
    return "all" if one.repos is None else "selected"


def installation(links: Links, one: Installation) -> dict:
    created = time_text(one.created_at)
    return {
        "id": one.id, "client_id": one.app.client_id, "account": people.user(links, one.account),
        "repository_selection": selection(one),
        "access_tokens_url": f"{links.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{links.api}/installation/repositories",
        "html_url": f"{links.web}/settings/installations/{one.id}", "app_id": one.app.id,
        "app_slug": one.app.slug, "target_id": one.account.id,
        "target_type": "User" if one.account.kind == "User" else "Organization", "permissions": PERMISSIONS,
        "events": EVENTS, "created_at": created, "updated_at": created, "single_file_name": None,
        "has_multiple_single_files": False, "single_file_paths": [], "suspended_by": None,
        "suspended_at": time_text(one.suspended_at),
    }
