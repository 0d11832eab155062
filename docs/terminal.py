#!/usr/bin/env python3
"""Draws what a command prints on a terminal of 80 columns, colours included, as an SVG: the pictures of README.

usage: docs/terminal.py [--shown TEXT] COMMAND... > PICTURE.svg

--shown is the command as the picture shows it, where that differs from what was run. Progress, on stderr, is left out.
"""

import argparse
import html
import os
import pty
import re
import shlex
import subprocess
import sys

COLUMNS = 80
CHARACTER, LINE, MARGIN, BAR = 8.4, 19, 18, 30  # pixels
NO_BREAK = "\u00a0"  # browsers fold plain spaces
PAPER, INK = "#16181b", "#e6e7e9"
COLOURS = {"31": "#ff8a80", "32": "#7fd19b", "33": "#f0b45c", "34": "#7cbcf2", "36": "#7cd3d8", "2": "#a2a8b0", "90": "#a2a8b0"}


def output_of(command):
    """What it writes to a terminal, and how it ends."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment)
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the end, on Linux
            part = b""
        if not part:
            break
        parts.append(part)
    os.close(ours)
    return b"".join(parts).decode(), process.wait()


def spans(line):
    """(column, text, style) of a line with escapes that choose a colour or weight; other escapes are a mistake."""
    column, style = 0, ()
    for piece in re.split(r"(\033\[[0-9;]*m)", line):
        if piece.startswith("\033"):
            codes = [code for code in piece[2:-1].split(";") if code not in ("", "0", "39", "22")]
            style = (*style, *codes) if codes else ()
        elif piece:
            assert piece.isprintable(), repr(piece)
            yield column, piece, style
            column += len(piece)


def attributes(style):
    colour = next((COLOURS[code] for code in style if code in COLOURS), None)
    return (f' fill="{colour}"' if colour else "") + (' font-weight="600"' if "1" in style else "")


def picture(shown, text):
    lines = [f"$ {shown}", *text.replace("\r\n", "\n").rstrip("\n").split("\n")]
    width, height = COLUMNS * CHARACTER + 2 * MARGIN, len(lines) * LINE + BAR + MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
           f'role="img" aria-label="{html.escape(shown)}">')
    yield f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{PAPER}"/>'
    for i, colour in enumerate(("#ff6058", "#ffbd2e", "#28c840")):
        yield f'<circle cx="{MARGIN + 4 + 18 * i}" cy="17" r="5.5" fill="{colour}"/>'
    yield f'<g font-family="ui-monospace, SF Mono, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" fill="{INK}">'
    for i, line in enumerate(lines):
        for column, words, style in spans(line):
            x, y = MARGIN + column * CHARACTER, BAR + (i + 0.8) * LINE
            yield (f'<text x="{x:.4g}" y="{y:.4g}" textLength="{len(words) * CHARACTER:.5g}" lengthAdjust="spacingAndGlyphs"'
                   f"{attributes(style)}>{html.escape(words).replace(' ', NO_BREAK)}</text>")
    yield "</g>\n</svg>"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shown")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    settings = parser.parse_args()
    text, status = output_of(settings.command)
    print("\n".join(picture(settings.shown or shlex.join(settings.command), text)))
    return status


if __name__ == "__main__":
    sys.exit(main())
