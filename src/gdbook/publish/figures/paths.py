"""The data of a path in fewer letters: hundredths, each point counted from the one before."""

from __future__ import annotations

import functools
import re

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
#: How many numbers each command of Matplotlib's takes: points, and nothing for the end of a loop.
_TAKES = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


@functools.lru_cache(4096)  # a figure is shown on its page, on its deck, and to be checked
def short(data: str) -> str:
    """Return a path that draws the same to a hundredth; one with other commands as it is.

    Rounding errors don't add up: what is rounded is the place of each point.

    Parameters
    ----------
    data : str
        The attribute ``d``, with absolute commands, each of them spelt.
    """
    tokens = _TOKEN.findall(data)
    made: list[str] = []
    here = start = (0, 0)
    last = ""
    at = 0
    while at < len(tokens):
        command = tokens[at]
        count = _TAKES.get(command.upper())
        if command not in ("z", *_TAKES) or count is None:
            return data
        numbers = [round(100 * float(token)) for token in tokens[at + 1 : at + 1 + count]]
        at += 1 + count
        if not count:
            made.append("z")
            here, last = start, "z"
            continue
        steps = [number - here[i % 2] for i, number in enumerate(numbers)]
        here = (numbers[-2], numbers[-1])
        if command == "M":
            start = here
            steps = numbers if not made else steps
        # A command that is repeated need not be spelt, but after a move it would be a line.
        name = ("M" if not made else "m") if command == "M" else command.lower()
        if name != last or command == "M":
            made.append(name)
        last = name
        made.append(_joined(steps))
    return _together(made)


def _together(parts: list[str]) -> str:
    text = ""
    for part in parts:
        # Between two numbers a sign is enough, or else a space.
        text += f" {part}" if text[-1:].isdigit() and part[0] not in "-Mmlqcz" else part
    return text


def _joined(hundredths: list[int]) -> str:
    text = ""
    for number in hundredths:
        written = _decimal(number)
        text += written if not text or written[0] == "-" else f" {written}"
    return text


def _decimal(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    fraction = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{sign}{whole or ('' if fraction else '0')}{fraction}"
