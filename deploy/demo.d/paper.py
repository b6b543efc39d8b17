"""What the demonstration prints: 80 columns wide, in colours only on a terminal."""

import os
import re
import sys
import textwrap

WIDTH = 80
COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ
BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
SIGNS = {"+": GREEN, "-": RED, "!": YELLOW, "~": YELLOW}
last_was_blank = False


def in_colour(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if COLOURS else text


def say(text: str) -> None:
    global last_was_blank
    print(text, flush=True)
    last_was_blank = not text


def gap() -> None:
    if not last_was_blank:
        say("")


def scene(title: str) -> None:
    gap()
    say(in_colour(BOLD, f"── {title} ".ljust(WIDTH, "─")))
    gap()


def prose(text: str) -> None:
    gap()
    say(textwrap.fill(" ".join(text.split()), WIDTH))


def command(text: str) -> None:
    gap()
    say(in_colour(BOLD, f"  $ {text}"))


def boxed(lines: list[str], colour_of=lambda line: None) -> None:
    """Lines with a bar at their left. What is too long goes on below; a preformatted line, which begins with
    spaces, deeper than it began."""
    gap()
    for line in lines:
        began = " " * len(re.match(r"(  [-+!~]? *)?", line)[0])
        broken = textwrap.wrap(line, WIDTH - 4, subsequent_indent=began and began + "    ")
        code = colour_of(line)
        for part in broken or [""]:
            bar = in_colour(DIM, "  │")
            say(f"{bar} {in_colour(code, part) if code else part}" if part else bar)
    gap()


def comment(markdown: str) -> None:
    """A comment as a reader sees it, without the markup that only forges draw."""
    lines = []
    fenced = False
    for line in markdown.split("\n"):
        if line.startswith("<!--"):
            continue
        if re.match(r"`{3,}", line):
            fenced = not fenced
            continue
        lines.append(f"  {line}" if fenced else plain(line))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    boxed(text.split("\n"), lambda line: SIGNS.get(line[2:3]) if line.startswith("  ") else None)


def plain(line: str) -> str:
    line = re.sub(r"^> \[!(\w+)\]$", r"\1:", line)
    line = re.sub(r"^> ", "", line)
    line = re.sub(r"</?(details|summary|sub|b)\b[^>]*>", "", line)
    line = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", line)
    line = re.sub(r"^#+ ", "", line)
    return line.replace("**", "").replace("\\", "")

