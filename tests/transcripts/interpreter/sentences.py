"""The language: each sentence is a pattern beside the function that does it.

A pattern is written as people would read it. Words in capitals stand for what changes:

    PERSON  a name: alice          N      a number           CODE   text in backticks
    FILES   `a`, `b` and `c`       TEXT   the rest of the line; in claims `…` is anything in between
"""

import difflib
import re
from dataclasses import dataclass
from typing import Callable

from .reading import GrammarError, Step

_CODE = r"`[^`]+`"
_WORDS = {
    "PERSON": r"[a-z]+",
    "N": r"\d+",
    "CODE": _CODE,
    "NAME": _CODE,
    "FILES": rf"{_CODE}(?:(?:, | and ){_CODE})*",
    "TEXT": r".+",
}
_READ: dict[str, Callable] = {
    "N": int,
    "CODE": lambda text: text[1:-1],
    "NAME": lambda text: text[1:-1],
    "FILES": lambda text: re.findall("`([^`]+)`", text),
}


@dataclass(frozen=True)
class Sentence:
    pattern: str
    regex: re.Pattern
    perform: Callable
    fixed: dict


SENTENCES: list[Sentence] = []


def sentence(pattern: str, **fixed):
    """Registers a function for a pattern. It is called with the stage, and with what the words in capitals and
    `fixed` say, under their names in small letters; `more` and `body` only where it takes them."""

    def register(perform: Callable) -> Callable:
        parts = re.split(r"\b(" + "|".join(_WORDS) + r")\b", pattern)
        regex = "".join(f"(?P<{part.lower()}>{_WORDS[part]})" if part in _WORDS else re.escape(part)
                        for part in parts)
        SENTENCES.append(Sentence(pattern, re.compile(regex), perform, fixed))
        return perform

    return register


def understand(step: Step) -> tuple[Sentence, dict]:
    """The sentence that a step is, with its arguments; GrammarError when there is none."""
    for known in SENTENCES:
        if found := known.regex.fullmatch(step.text):
            given = {name: _READ.get(name.upper(), str)(text) for name, text in found.groupdict().items()}
            taken = known.perform.__code__.co_varnames[: known.perform.__code__.co_argcount]
            for name in ("more", "body"):
                if name in taken:
                    given[name] = getattr(step, name)
                elif getattr(step, name):
                    raise GrammarError(f"{step.place}: nothing may stand below “{known.pattern}”")
            return known, given | known.fixed
    near = difflib.get_close_matches(step.text, [known.pattern for known in SENTENCES], n=3, cutoff=0.4)
    hint = "".join(f"\n    did you mean: {pattern}" for pattern in near)
    raise GrammarError(f"{step.place}: there is no such sentence: {step.text}{hint}")
