"""What people say: comments, reactions, reviews, plain issues."""

from . import payloads, pulls
from .model import Comment, Edit, Issue, Pull, Reaction, Repo, Review, User
from .pulls import Refused, dismiss_review, take_number
from .shapes.issues import CONTENTS
from .world import World

MAX_BODY = 65536
TOO_LONG = f"Body is too long (maximum is {MAX_BODY} characters)"
REVIEW_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def check_body(body) -> None:
    if not isinstance(body, str) or not body.strip():
        raise Refused("Body cannot be blank", "body")
    if len(body) > MAX_BODY:
        raise Refused(TOO_LONG, "data")


def comment(world: World, issue: Issue, user: User, body: str) -> Comment:
    check_body(body)
    now = world.now()
    said = Comment(world.next_id(), issue, user, body, now, now, [Edit(body, user, now)])
    issue.comments.append(said)
    world.comments[said.id] = said
    _tell(world, said, user, "created")
    return said


def edit_comment(world: World, said: Comment, user: User, body: str) -> None:
    check_body(body)
    before = said.body
    if body == before:
        return
    said.body, said.updated_at = body, world.now()
    said.history.append(Edit(body, user, said.updated_at))
    _tell(world, said, user, "edited", changes={"body": {"from": before}})


def delete_comment(world: World, said: Comment, user: User) -> None:
    said.deleted_at, said.deleted_by = world.now(), user
    said.issue.comments.remove(said)
    _tell(world, said, user, "deleted")


def _tell(world: World, said: Comment, user: User, action: str, **facts) -> None:
    issue = said.issue
    issue.updated_at = world.now()
    world.note(f"comment.{action}", issue.repo, issue.number, user=user.login, comment=said.id)
    world.webhooks.emit(issue.repo, "issue_comment", user,
                        lambda: payloads.issue_comment(world, said, action) | facts)


def react(world: World, on: Issue | Comment, user: User, content: str) -> tuple[Reaction, bool]:
    """The reaction, and whether it is new: saying the same twice is saying it once. No event tells of it."""
    if content not in CONTENTS:
        raise Refused(f"{content} is not a reaction")
    for given in on.reactions:
        if given.user is user and given.content == content:
            return given, False
    given = Reaction(world.next_id(), user, content, world.now())
    on.reactions.append(given)
    _note_reaction(world, "reaction.created", on, user, content)
    return given, True


def unreact(world: World, on: Issue | Comment, given: Reaction) -> None:
    on.reactions.remove(given)
    _note_reaction(world, "reaction.deleted", on, given.user, given.content)


def _note_reaction(world: World, kind: str, on: Issue | Comment, user: User, content: str) -> None:
    issue = on.issue if isinstance(on, Comment) else on
    said = {"comment": on.id} if isinstance(on, Comment) else {}
    world.note(kind, issue.repo, issue.number, user=user.login, content=content, **said)


def review(world: World, pull: Pull, user: User, state: str, body: str = "",
           commit_id: str | None = None) -> Review:
    if state not in REVIEW_STATES.values():
        raise Refused(f"{state} is no state of a review")
    if state != "COMMENTED" and user is pull.user:
        word = "approve" if state == "APPROVED" else "request changes on"
        raise Refused(f"Can not {word} your own pull request")
    given = Review(world.next_id(), user, state, body, commit_id or pull.head_sha, world.now())
    pull.reviews.append(given)
    if user in pull.requested_reviewers:
        pull.requested_reviewers.remove(user)
    world.note("review.submitted", pull.repo, pull.number, user=user.login, review=given.id, state=state)
    world.webhooks.emit(pull.repo, "pull_request_review", user,
                        lambda: payloads.review(world, pull, given, "submitted"))
    return given


def dismiss(world: World, pull: Pull, given: Review, user: User) -> None:
    if given.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise Refused("Can not dismiss a commented pull request review")
    dismiss_review(world, pull, given, user)


def open_issue(world: World, repo: Repo, user: User, title: str, body: str | None, labels: list) -> Issue:
    if body is not None and len(body) > MAX_BODY:
        raise Refused(TOO_LONG, "data")
    now = world.now()
    made = Issue(world.next_id(), repo, take_number(repo), user, title, body, now, now)
    repo.issues[made.number] = made
    made.labels = [pulls.find_label(world, repo, name) for name in labels]
    tell_issue(world, made, user, "opened")
    return made


def edit_issue(world: World, issue: Issue, user: User, title: str | None, body: str | None) -> None:
    changes = {}
    if title is not None and title != issue.title:
        changes["title"] = {"from": issue.title}
        issue.title = title
    if body is not None and body != issue.body:
        if len(body) > MAX_BODY:
            raise Refused(TOO_LONG, "data")
        changes["body"] = {"from": issue.body}
        issue.body = body
    if changes:
        tell_issue(world, issue, user, "edited", changes=changes)


def set_issue_state(world: World, issue: Issue, user: User, state: str, reason: str | None) -> None:
    if state == issue.state:
        return
    issue.state = state
    if state == "closed":
        issue.closed_at, issue.closed_by, issue.state_reason = world.now(), user, reason or "completed"
    else:
        issue.closed_at, issue.closed_by, issue.state_reason = None, None, "reopened"
    tell_issue(world, issue, user, "closed" if state == "closed" else "reopened")


def tell_issue(world: World, issue: Issue, user: User, action: str, **facts) -> None:
    issue.updated_at = world.now()
    world.note(f"issue.{action}", issue.repo, issue.number, user=user.login)
    world.webhooks.emit(issue.repo, "issues", user, lambda: payloads.issue(world, issue, action) | facts)
