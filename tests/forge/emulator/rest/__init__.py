"""The REST API, one module a subject. Importing this package registers every route."""

from . import (apps, checks, comments, commits, contents, hooks, issues, lists, meta, people, pulls, reactions,
               refs,
               repos, reviews, statuses)

__all__ = ["apps", "checks", "comments", "commits", "contents", "hooks", "issues", "lists", "meta", "people", "pulls",
           "reactions", "refs", "repos", "reviews", "statuses"]
