"""Whether a text holds what a claim says of it: the claim's lines in their order, `…` for anything in between.
How many spaces stand between words does not matter, so that claims need not follow a comment's columns."""

import re

ANYTHING = "…"


def regex_of(line: str) -> str:
    return ".*?".join(r"[ \t]+".join(map(re.escape, piece.split())) for piece in line.split(ANYTHING))


def whole(claim: str, text: str) -> bool:
    """The claim is all of the text, for what is one line."""
    return re.fullmatch(regex_of(claim), text, re.DOTALL) is not None


def missing(claims: list[str], text: str) -> str | None:
    """The first line that the text does not hold behind those before it; None when it holds all."""
    at = 0
    for claim in claims:
        found = re.compile(regex_of(claim), re.DOTALL).search(text, at)
        if found is None:
            return claim
        at = found.end()
    return None


def holds(claim: str, text: str) -> bool:
    return missing([claim], text) is None
