"""What a forge holds, as plain values. Behavior lives in the modules named after it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Optional

ROLES = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(eq=False)
class User:
    id: int
    login: str
    name: Optional[str]
    email: str
    created_at: datetime
    kind: str = "User"  # User | Bot | Organization
    site_admin: bool = False


@dataclass(eq=False)
class Team:
    id: int
    org: "Organization"
    name: str
    slug: str
    members: dict = field(default_factory=dict)  # login -> member | maintainer
    created_at: datetime = None


@dataclass(eq=False)
class Organization(User):
    members: dict = field(default_factory=dict)  # login -> admin | member
    teams: dict = field(default_factory=dict)  # slug -> Team
    default_permission: str = "read"


@dataclass(eq=False)
class Token:
    value: str
    user: User
    scopes: tuple = ("repo", "read:org")
    revoked: bool = False
    installation: object = None  # an app's, or True: it stands for no user, whatever its login is
    app: object = None  # the app itself, by a JSON Web Token
    expires_at: Optional[datetime] = None


@dataclass(eq=False)
class Reaction:
    id: int
    user: User
    content: str
    created_at: datetime


@dataclass(eq=False)
class Edit:
    body: str
    editor: User
    at: datetime


@dataclass(eq=False)
class Comment:
    id: int
    issue: "Issue"
    user: User
    body: str
    created_at: datetime
    updated_at: datetime
    history: list = field(default_factory=list)  # every body it ever had, the first included
    reactions: list = field(default_factory=list)
    deleted_at: Optional[datetime] = None
    deleted_by: Optional[User] = None


@dataclass(eq=False)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: Optional[str] = None


@dataclass(eq=False)
class Issue:
    """An issue, and what a pull request has in common with one: they share numbers, comments and labels."""

    id: int
    repo: "Repo"
    number: int
    user: User
    title: str
    body: Optional[str]
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: Optional[str] = None
    closed_at: Optional[datetime] = None
    closed_by: Optional[User] = None
    labels: list = field(default_factory=list)
    assignees: list = field(default_factory=list)
    comments: list = field(default_factory=list)
    reactions: list = field(default_factory=list)
    locked: bool = False


@dataclass(eq=False)
class Review:
    id: int
    user: User
    state: str  # APPROVED | CHANGES_REQUESTED | COMMENTED | DISMISSED
    body: str
    commit_id: str
    submitted_at: datetime


@dataclass(eq=False)
class TestMerge:
    """GitHub's answer to "what if it were merged now": valid for exactly these two commits."""

    base: str
    head: str
    commit: Optional[str]  # None: they conflict


@dataclass(eq=False)
class Pull(Issue):
    head_repo: Optional["Repo"] = None  # None once the fork is gone
    head_owner: User = None
    head_ref: str = ""
    head_sha: str = ""
    base_ref: str = ""
    base_sha: str = ""  # the base branch as it was when the head was last pushed, as GitHub keeps it
    draft: bool = False
    merged_at: Optional[datetime] = None
    merged_by: Optional[User] = None
    merge_commit_sha: Optional[str] = None
    merge_method: Optional[str] = None
    test_merge: Optional[TestMerge] = None
    reviews: list = field(default_factory=list)
    requested_reviewers: list = field(default_factory=list)
    requested_teams: list = field(default_factory=list)
    queued: bool = False


@dataclass(eq=False)
class Status:
    id: int
    sha: str
    state: str
    context: str
    description: Optional[str]
    target_url: Optional[str]
    creator: User
    created_at: datetime


@dataclass(eq=False)
class Protection:
    contexts: tuple = ()
    strict: bool = False
    enforce_admins: bool = False
    required_approvals: int = 0
    dismiss_stale_reviews: bool = False
    block_pushes: bool = False
    merge_queue: Optional[str] = None  # the queue's merge method, where the branch has a queue
    queue_group_size: int = 1


@dataclass(eq=False)
class Hook:
    id: int
    repo: "Repo"
    url: str
    secret: Optional[str]
    events: tuple
    content_type: str = "json"
    active: bool = True
    created_at: datetime = None
    updated_at: datetime = None
    last_response: tuple = (None, "unused", None)  # code, status, message


@dataclass(eq=False)
class Push:
    ref: str
    before: str
    after: str
    pusher: User
    forced: bool
    at: datetime


@dataclass(eq=False)
class Repo:
    id: int
    owner: User
    name: str
    private: bool
    default_branch: str
    created_at: datetime
    pushed_at: datetime
    updated_at: datetime
    git: object = None  # GitStore
    description: Optional[str] = None
    parent: Optional["Repo"] = None
    archived: bool = False
    has_issues: bool = True
    roles: dict = field(default_factory=dict)  # login -> role
    team_roles: dict = field(default_factory=dict)  # Team -> role
    hooks: dict = field(default_factory=dict)
    issues: dict = field(default_factory=dict)  # number -> Issue or Pull
    labels: dict = field(default_factory=dict)
    statuses: dict = field(default_factory=dict)  # sha -> [Status], oldest first
    protections: dict = field(default_factory=dict)
    pushes: list = field(default_factory=list)
    queues: dict = field(default_factory=dict)  # base branch -> [QueueEntry]
    queue_commits: set = field(default_factory=set)  # that the queues have made
    merge_methods: tuple = ("merge", "squash", "rebase")
    delete_branch_on_merge: bool = False
    next_number: int = 1

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> list:
        return [issue for issue in self.issues.values() if isinstance(issue, Pull)]


@dataclass(eq=False)
class QueueEntry:
    pull: Pull
    user: User
    base_sha: str = ""
    head_sha: str = ""
    ref: str = ""
