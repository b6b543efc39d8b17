"""What follows from a pull request's values and git: mergeability, what blocks a merge. Changes nothing."""

from .access import may
from .history import is_ancestor, merge_base
from .model import Protection, Pull, Repo, Status

UNPROTECTED = Protection()


def comparison_base(pull: Pull) -> str:
    """Where the pull request's own changes begin."""
    return merge_base(pull.repo.git, pull.base_sha, pull.head_sha) or pull.base_sha


def protection(repo: Repo, branch: str) -> Protection:
    return repo.protections.get(branch, UNPROTECTED)


def newest_statuses(repo: Repo, sha: str) -> list[Status]:
    """The last word of each context, in the order in which contexts first appeared."""
    newest = {}
    for status in repo.statuses.get(sha, []):
        newest[status.context.lower()] = status
    return list(newest.values())


def combined_state(statuses: list[Status]) -> str:
    states = {status.state for status in statuses}
    if states & {"failure", "error"}:
        return "failure"
    return "pending" if not states or "pending" in states else "success"


def unmet_contexts(repo: Repo, branch: str, sha: str) -> list[tuple[str, str | None]]:
    """Required contexts that are not a success on the commit: (context, its state or None)."""
    states = {status.context: status.state for status in newest_statuses(repo, sha)}
    required = protection(repo, branch).contexts
    return [(context, states.get(context)) for context in required if states.get(context) != "success"]


def standing_reviews(pull: Pull) -> dict:
    """Login -> the review that counts: the last one that was more than a remark."""
    standing = {}
    for review in pull.reviews:
        if review.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            standing[review.user.login] = review
    return standing


def unmet_requirements(pull: Pull) -> list[str]:
    """What the branch protection still asks for, in the words of the merge endpoint."""
    rule = protection(pull.repo, pull.base_ref)
    unmet = []
    if rule.merge_queue and not pull.queued:
        unmet.append("Changes must be made through the merge queue")
    reviews = [r for r in standing_reviews(pull).values() if may(pull.repo, r.user, "write")]
    if rule.required_approvals:
        approvals = sum(review.state == "APPROVED" for review in reviews)
        if any(review.state == "CHANGES_REQUESTED" for review in reviews):
            unmet.append("Changes have been requested on this pull request.")
        elif approvals < rule.required_approvals:
            unmet.append(f"At least {rule.required_approvals} approving review is required by reviewers with "
                         "write access.")
    for context, state in unmet_contexts(pull.repo, pull.base_ref, pull.head_sha):
        word = {None: "expected", "pending": "pending"}.get(state, "failing")
        unmet.append(f'Required status check "{context}" is {word}.')
    if rule.strict and not is_ancestor(pull.repo.git, pull.repo.git.heads[pull.base_ref], pull.head_sha):
        unmet.append("The head branch is not up to date with the base branch.")
    return unmet


def test_merge_is_current(pull: Pull) -> bool:
    found = pull.test_merge
    return (found is not None and found.head == pull.head_sha
            and found.base == pull.repo.git.heads.get(pull.base_ref))


def mergeability(pull: Pull) -> tuple:
    """(mergeable, rebaseable, mergeable_state); null and unknown while the test merge is not made."""
    if pull.state != "open" or not test_merge_is_current(pull):
        return None, None, "unknown"
    if pull.test_merge.commit is None:
        return False, False, "dirty"
    return True, True, _state(pull)


def _state(pull: Pull) -> str:
    if pull.draft:
        return "draft"
    unmet = unmet_requirements(pull)
    if unmet == ["The head branch is not up to date with the base branch."]:
        return "behind"
    if unmet:
        return "blocked"
    said = newest_statuses(pull.repo, pull.head_sha)
    return "unstable" if said and combined_state(said) != "success" else "clean"
