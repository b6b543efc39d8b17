"""From a transcript's Markdown to a story: prose is for people, indented lines are its steps, fenced blocks
are the contents of the files that it names."""

import re
from dataclasses import dataclass, field
from pathlib import Path

INDENT = 4
BODY_INDENT = 8
FENCE = re.compile(r"(`{3,}|~{3,})\s*([\w+-]*)\s*$")
NAMED = re.compile(r"`([^`]+)`( on `main`)?[^`]*:$")
CONFIG = "slipway.yaml"
OF_THE_SERVER = "The server's"


class GrammarError(Exception):
    """A transcript that says nothing: FILE:LINE, and what is wrong with it."""


@dataclass(frozen=True)
class Place:
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


@dataclass
class Contents:
    """A file as a story shows it: on the base branch before anything happens, or for whoever changes it next."""

    place: Place
    name: str
    text: str
    on_main: bool


@dataclass
class Step:
    """A line of the conversation. `more` are claims of the same kind that follow it at once, `body` is what
    stands below it, deeper indented."""

    place: Place
    text: str
    more: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


@dataclass
class Story:
    path: Path
    title: str = ""
    config: str = ""
    scenes: list[Contents | Step] = field(default_factory=list)  # in the order of the file

    @property
    def on_main(self) -> list[Contents]:
        return [scene for scene in self.scenes if isinstance(scene, Contents) and scene.on_main]

    @property
    def steps(self) -> list[Step]:
        return [scene for scene in self.scenes if isinstance(scene, Step)]


def read(path: Path) -> Story:
    return _Reader(path, path.read_text()).story()


class _Reader:
    def __init__(self, path: Path, text: str):
        self._story = Story(path)
        self._lines = text.split("\n")
        self._at = 0
        self._lead: tuple[str, int] = ("", 0)  # the last line of prose, which names a fence's file

    def story(self) -> Story:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if fence := FENCE.match(line):
                self._fence(fence[1])
            elif line.startswith(" " * INDENT):
                self._step(line)
            elif line.startswith("\t"):
                raise self._error("steps are indented by four spaces, not by a tab")
            else:
                self._prose(line)
            self._at += 1
        story = self._story
        if not story.title:
            raise GrammarError(f"{story.path.name}:1: a story begins with its title: # A pull request is …")
        if not story.steps:
            raise GrammarError(f"{story.path.name}:1: nothing happens: steps are indented by four spaces")
        return story

    def _prose(self, line: str) -> None:
        if line.startswith("# "):
            if self._story.title:
                raise self._error("a second title; one transcript is one story")
            self._story.title = line[2:].strip()
        if line.strip():
            self._lead = (line.strip(), self._at)

    def _fence(self, mark: str) -> None:
        begun = self._at
        lead, lead_at = self._lead
        named = NAMED.search(lead)
        if not named or begun - lead_at > 2:
            raise self._error("the line before a fenced block names its file: "
                              "`net/main.tf`: or `net/main.tf` on `main`:")
        content = []
        while True:
            self._at += 1
            if self._at == len(self._lines):
                self._at = begun
                raise self._error(f"this fence is not closed by {mark}")
            if self._lines[self._at].strip() == mark:
                break
            content.append(self._lines[self._at])
        text = "\n".join(content) + "\n"
        if named[1] == CONFIG and OF_THE_SERVER in lead:
            self._story.config += text
        else:
            place = Place(self._story.path, begun + 1)
            self._story.scenes.append(Contents(place, named[1], text, on_main=named[2] is not None))

    def _step(self, line: str) -> None:
        indent = len(line) - len(line.lstrip(" "))
        scenes = self._story.scenes
        last = scenes[-1] if scenes and isinstance(scenes[-1], Step) else None
        if indent >= BODY_INDENT:
            if last is None:
                raise self._error("this is indented as the body of a step, and there is no step above it")
            last.body.append(line[BODY_INDENT:])
            return
        if indent != INDENT:
            raise self._error("steps are indented by four spaces, what belongs to a step by eight")
        text = line.strip()
        if last and not last.body and _goes_on(last, text):
            last.more.append(text.split(": ", 1)[1])
            return
        scenes.append(Step(Place(self._story.path, self._at + 1), text))

    def _error(self, what: str) -> GrammarError:
        return GrammarError(f"{self._story.path.name}:{self._at + 1}: {what}")


def _goes_on(last: Step, text: str) -> bool:
    """Lines of the bot that follow each other speak of one comment."""
    kind = re.match(r"> bot( on #\d+)?: ", text)
    return kind is not None and last.text.startswith(kind[0])
