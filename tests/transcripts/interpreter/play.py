"""Plays one story, in a process of its own; says why where it does not hold."""

import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from . import claims, people, serving  # importing them has registered every sentence
from .forge import Refused
from .processes import adopt_orphans
from .reading import GrammarError, Step, Story, read
from .sentences import SENTENCES, understand
from .server import Ended
from .stage import Stage, Untrue

assert claims and people and serving and SENTENCES

LOG_LINES = 40
NOISE = re.compile(r"event=(status|create)$")  # deliveries that the server has no use for
NOT_RUNNING = "the server is not running yet"


def check(path: Path) -> Story:
    """Reads a story to its end: every sentence is one of the language."""
    story = read(path)
    for step in story.steps:
        understand(step)
    return story


def play(path: Path, program: Path, keep: bool, verbose: bool) -> int:
    """An exit code; what went wrong is printed."""
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends us wants the stage cleared
    try:
        story = check(path)
    except GrammarError as error:
        print(f"FAILED {error}", flush=True)
        return 1
    directory = Path(tempfile.mkdtemp(prefix=f"transcript-{path.name[:3]}-"))
    directory.chmod(0o755)  # Terraform runs under another user
    try:
        return perform(story, program, directory, verbose)
    finally:
        if keep:
            print(f"kept: {directory}", flush=True)
        else:
            shutil.rmtree(directory, ignore_errors=True)


def perform(story: Story, program: Path, directory: Path, verbose: bool) -> int:
    stage = Stage(story, program, directory)
    at = f"{story.path.name}: {story.title}"
    try:
        if story.steps[0].text != NOT_RUNNING:
            stage.server.start()
        for scene in story.scenes:
            if not isinstance(scene, Step):
                stage.files[scene.name] = scene.text
                continue
            at = f"{scene.place}: {scene.text}"
            begun = time.monotonic()
            known, given = understand(scene)
            known.perform(stage, **given)
            if verbose:
                print(f"{time.monotonic() - begun:6.2f} s  {at}", flush=True)
        at = f"{story.path.name}: the end"
        stage.curtain()
        return 0
    except Exception as error:  # whatever it is, the story did not come to its end
        print(f"FAILED {at}\n{error}", flush=True)
        if not isinstance(error, Untrue | Refused | Ended):
            traceback.print_exc(file=sys.stdout)
        told = [line for line in stage.server.log.lines() if not NOISE.search(line)]
        print("the end of the server's log:", *told[-LOG_LINES:], sep="\n  ", flush=True)
        return 1
    finally:
        stage.clear()
