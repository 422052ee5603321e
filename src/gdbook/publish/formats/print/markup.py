"""Typst source, written: strings, calls, content."""

from __future__ import annotations

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": ""}


def quoted(text: str) -> str:
    """Return a string literal."""
    return '"' + "".join(_ESCAPES.get(c, c) for c in text) + '"'


def call(function: str, *arguments: str, **named: str | None) -> str:
    """Return a call for markup, ``#function(a, name: b)``; arguments are Typst code.

    Parameters
    ----------
    function : str
        Its name.
    *arguments : str
        By position; content comes from `content`.
    **named : str or None
        By name, an underscore standing for a hyphen; those that are None are left out.
    """
    given = [*arguments]
    given += [f"{key.replace('_', '-')}: {v}" for key, v in named.items() if v is not None]
    return f"#{function}({', '.join(given)})"


def block(function: str, *arguments: str, **named: str | None) -> str:
    """Return a call that stands on a line of its own."""
    return f"\n{call(function, *arguments, **named)}\n"


def content(markup: str) -> str:
    """Return a content block with some markup inside."""
    return f"[{markup}]"


def array(items: list[str]) -> str:
    """Return an array of strings."""
    return "(" + "".join(f"{quoted(item)}, " for item in items) + ")"
