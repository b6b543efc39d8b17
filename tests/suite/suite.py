"""Builds one preset and runs its suites side by side; what tests/run does once the packages are there.

A suite is a C++ test program, one per folder and known to CTest, or a script that closes with a line
"N passed, N failed, N skipped". Counted are test cases. A suite that is missing, cannot be started, dies,
runs into its time limit or contains no test counts as one failure: nothing is silently zero.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SUITE_TIME_LIMIT = 900  # seconds; a suite that needs more is stuck
SHOWN_LINES = 400  # of a failed suite's output; all of it is in its log
SILENCE = 10  # seconds between two lines about a build that nobody watches
SLOW_TAG = "[slow]"  # a C++ test case that --fast leaves out


@dataclass(frozen=True)
class Script:
    path: str
    is_fast: bool = False
    takes_words: bool = False  # to run only the cases with these words in their name
    needs_program: bool = False


SCRIPTS = {
    "layers": Script("tests/layers/check", is_fast=True),
    "suite": Script("tests/suite/check", is_fast=True),
    "provider": Script("tests/provider/check"),
    "forge": Script("tests/forge/check"),
    "transcripts": Script("tests/transcripts/run", takes_words=True, needs_program=True),
}

SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "second_deadlock_stack=1",
}


@dataclass(frozen=True)
class Suite:
    name: str
    command: list[str]
    is_script: bool


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed,
                      self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> None:
    """Closes the run before any test could be counted."""
    say(text)
    say(str(Counts(failed=1)))
    raise SystemExit(1)


# --- building -------------------------------------------------------------------------------------------


def build(preset: str, targets: list[str] | None) -> Path:
    """Builds the targets, everything when there is no list; the preset's build directory."""
    directory = ROOT / "build" / preset
    if not (directory / "build.ninja").exists():
        configured = subprocess.run(["cmake", "--preset", preset], cwd=ROOT, text=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT)
        if configured.returncode != 0:
            fail(f"{configured.stdout}\nconfiguring the preset {preset} failed")
    if targets == []:
        return directory
    jobs = str(len(os.sched_getaffinity(0)))
    command = ["ninja", "-C", str(directory), "-j", jobs, "-k", "0", *(targets or [])]
    if sys.stdout.isatty():
        code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    else:
        code = build_unwatched(command, preset)
    if code != 0:
        fail(f"building the preset {preset} failed")
    return directory


def build_unwatched(command: list[str], preset: str) -> int:
    """Says how far the build is every few seconds, and in full what the compiler objects to."""
    started = said = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    for line in process.stdout:
        step = re.match(r"\[(\d+)/(\d+)\] ", line)
        if step is None:
            if not line.startswith(("-- ", "ninja: Entering directory", "ninja: no work")):
                say(line.rstrip())
        elif time.monotonic() - said >= SILENCE:
            said = time.monotonic()
            say(f"building {preset}: {step[1]} of {step[2]} steps, {said - started:.0f} s")
    return process.wait()


# --- finding the suites ---------------------------------------------------------------------------------


def declared_programs() -> list[str]:
    """The test programs that the tree asks for, whether or not CMake found anything to build them from."""
    names = []
    for file in sorted((ROOT / "tests").rglob("CMakeLists.txt")):
        names += re.findall(r"^\s*slipway_test\((\w+)", file.read_text(), flags=re.M)
    return names


def programs(directory: Path) -> list[Suite]:
    listed = subprocess.run(["ctest", "--test-dir", str(directory), "--show-only=json-v1"], check=True,
                            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    commands = {test["name"]: test.get("command") for test in json.loads(listed.stdout)["tests"]}
    for name in declared_programs():
        commands.setdefault(name, None)
    return [Suite(name, commands[name] or [str(directory / name)], False) for name in sorted(commands)]


def scripts() -> list[Suite]:
    there = {name: ROOT / script.path for name, script in SCRIPTS.items() if (ROOT / script.path).exists()}
    return [Suite(name, [str(path)], True) for name, path in there.items()]


def targets_of(words: list[str]) -> list[str] | None:
    """What the suites need that are named; None, which is everything, unless suites are all that is named."""
    named = [name for name in [*declared_programs(), *SCRIPTS] if is_called(name, words)]
    if not named or not all(any(is_called(name, [word]) for name in named) for word in words):
        return None
    programs = [name for name in named if name not in SCRIPTS]
    needs_program = any(SCRIPTS[name].needs_program for name in named if name in SCRIPTS)
    return programs + ["slipway"] * needs_program


def filter_argument(suite: Suite, words: list[str], fast: bool) -> list[str]:
    if suite.is_script:
        return words
    # A comma would end the pattern and a bracket would begin a tag.
    pattern = ["*" + re.sub(r"([,\[\]\\])", r"\\\1", word) + "*" for word in words]
    without_slow = f"~{SLOW_TAG}" if fast else ""
    return [",".join(without_slow + p for p in pattern)] if pattern else [without_slow] if fast else []


# --- running --------------------------------------------------------------------------------------------


running: set[subprocess.Popen] = set()
one_at_a_time = threading.Lock()  # guards `running` and the terminal


def kill(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run(suite: Suite, arguments: list[str], directory: Path, log: Path) -> tuple[Counts, str]:
    """Runs one suite in a process group of its own; returns what it counted and all it printed."""
    environment = os.environ | SANITIZER_OPTIONS | {"SLIPWAY_PROGRAM": str(directory / "slipway")}
    # Into a file and not a pipe: a grandchild that lives on must not keep us waiting for its output.
    with log.open("wb") as out:
        try:
            process = subprocess.Popen([*suite.command, *arguments], cwd=ROOT, env=environment,
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                       start_new_session=True)
        except OSError as error:
            missing = f"{suite.command[0]} could not be started: {error.strerror}\n"
            return Counts(failed=1), missing
    with one_at_a_time:
        running.add(process)
    note = ""
    try:
        process.wait(SUITE_TIME_LIMIT)
    except subprocess.TimeoutExpired:
        note = f"\nended after {SUITE_TIME_LIMIT} s, its time limit\n"
    kill(process)
    process.wait()
    with one_at_a_time:
        running.discard(process)

    output = log.read_text(errors="replace")
    counts = script_counts(output) if suite.is_script else catch_counts(output)
    if counts is None:
        counts = Counts(failed=1)
        note += f"\nended with {outcome(process)} and without counting its tests\n"
    elif process.returncode != 0 and counts.failed == 0:
        counts += Counts(failed=1)
        note += f"\nall passed, but it ended with {outcome(process)}\n"
    return counts, output + note


def outcome(process: subprocess.Popen) -> str:
    code = process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def script_counts(output: str) -> Counts | None:
    lines = output.strip().splitlines()
    last = re.fullmatch(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", lines[-1]) if lines else None
    return Counts(int(last[1]), int(last[2]), int(last[3] or 0)) if last else None


def catch_counts(output: str) -> Counts | None:
    """Reads the totals that Catch2's console reporter closes with."""
    for line in reversed(output.splitlines()):
        if all_passed := re.match(r"All tests passed \(.* in (\d+) test cases?\)", line):
            return Counts(passed=int(all_passed[1]))
        if line.startswith("test cases:"):
            found = re.findall(r"(\d+) (passed|failed as expected|failed)", line)
            number = {what: int(count) for count, what in found}
            # A case that is known to fail proves nothing, so it is not counted as passed.
            return Counts(*(number.get(what, 0) for what in ("passed", "failed", "failed as expected")))
        if line.strip() == "No tests ran":
            return Counts()
    return None


def report(suite: Suite, counts: Counts, output: str, seconds: float, log: Path) -> None:
    say(f"  {suite.name:<20} {counts}  ({seconds:.1f} s)")
    if counts.failed:
        lines = output.splitlines()
        if len(lines) > SHOWN_LINES:
            say(f"  … the last {SHOWN_LINES} of {len(lines)} lines; the rest is in {log.relative_to(ROOT)}")
        say("\n".join(lines[-SHOWN_LINES:]))
    elif counts.skipped:
        say("\n".join(line for line in output.splitlines() if line.startswith("SKIP")))


def is_called(name: str, words: list[str]) -> bool:
    return name in words or name.removesuffix("_test") in words


def select(suites: list[Suite], words: list[str], fast: bool) -> tuple[list[Suite], list[str]]:
    """Splits what was asked for into suites by name and words to look for in the names of test cases."""
    named = {suite.name for suite in suites if is_called(suite.name, words)}
    words = [word for word in words if word not in named and f"{word}_test" not in named]
    def wanted(suite: Suite) -> bool:
        if named:
            return suite.name in named
        if not suite.is_script:
            return True
        script = SCRIPTS[suite.name]
        return (script.takes_words or not words) and (script.is_fast or not fast)

    return [suite for suite in suites if wanted(suite)], words


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/run", description="Builds and runs the tests.")
    parser.add_argument("--fast", action="store_true", help=f"no scripts, and no test case tagged {SLOW_TAG}")
    parser.add_argument("--preset", default="dev", help="dev (default), or asan or tsan without the scripts")
    parser.add_argument("pattern", nargs="*", help="names of suites, or words in the names of test cases")
    asked = parser.parse_args()

    directory = build(asked.preset, targets_of(asked.pattern))
    found = programs(directory) + (scripts() if asked.preset == "dev" else [])
    suites, words = select(found, asked.pattern, asked.fast)
    logs = directory / "logs"
    logs.mkdir(exist_ok=True)

    def run_and_report(suite: Suite) -> Counts:
        started = time.monotonic()
        log = logs / f"{suite.name}.log"
        counts, output = run(suite, filter_argument(suite, words, asked.fast), directory, log)
        if counts == Counts():
            if words:
                return counts
            counts, output = Counts(failed=1), output + "\nit contains no test\n"
        with one_at_a_time:
            report(suite, counts, output, time.monotonic() - started, log)
        return counts

    with ThreadPoolExecutor(max_workers=max(2, len(os.sched_getaffinity(0)))) as pool:
        try:
            total = sum(pool.map(run_and_report, suites), Counts())
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            with one_at_a_time:
                for process in running:
                    kill(process)
            raise SystemExit(130) from None
    if total == Counts():
        fail(f"no test is called {' '.join(asked.pattern)!r}" if asked.pattern else "there are no tests")
    say(str(total))
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
