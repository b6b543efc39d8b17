"""Addresses, node ids and times as the API writes them."""

import base64
from datetime import datetime


class Links:
    def __init__(self, root: str):
        self.web = root
        self.api = f"{root}/api/v3"

    def repo(self, repo) -> str:
        return f"{self.api}/repos/{repo.full_name}"

    def page(self, repo) -> str:
        return f"{self.web}/{repo.full_name}"


def node_id(kind: str, number: int) -> str:
    return base64.b64encode(f"0{len(kind)}:{kind}{number}".encode()).decode()


def time_text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
