"""Colours of code: few, so that what is bold or coloured means something.

Each colour keeps a contrast of at least 4.5 against the panel that code stands on.
"""

from __future__ import annotations

from typing import ClassVar

from pygments import token
from pygments.style import Style


def _styles(
    *, ink: str, soft: str, keyword: str, string: str, number: str, name: str, error: str
) -> dict[object, str]:
    # A kind of token that is not listed looks as the kind above it.
    return {
        token.Token: ink,
        token.Comment: f"italic {soft}",
        token.Keyword: keyword,
        token.Keyword.Constant: number,
        token.Operator.Word: keyword,
        token.Punctuation: soft,
        token.Number: number,
        token.String: string,
        token.String.Doc: f"italic {soft}",
        token.String.Interpol: ink,
        token.Name.Function: name,
        token.Name.Class: name,
        token.Name.Decorator: name,
        token.Name.Exception: error,
        token.Generic.Error: error,
        token.Generic.Traceback: error,
        token.Generic.Prompt: soft,
        token.Generic.Deleted: error,
        token.Generic.Inserted: string,
        token.Generic.Emph: "italic",
        token.Generic.Strong: "bold",
        token.Error: error,
    }


class Light(Style):  # type: ignore[misc]
    """Code on light paper."""

    name = "downhill-light"
    background_color = "#f5f2ea"
    styles: ClassVar = _styles(
        ink="#23272c",
        soft="#5d636a",
        keyword="#1d5c8a",
        string="#2a6a4d",
        number="#a83d0b",
        name="#6a3f8f",
        error="#b3261e",
    )


class Dark(Style):  # type: ignore[misc]
    """Code on dark paper."""

    name = "downhill-dark"
    background_color = "#1b2025"
    styles: ClassVar = _styles(
        ink="#dcd9d2",
        soft="#9aa1a8",
        keyword="#86bfe8",
        string="#83c9a6",
        number="#f59a64",
        name="#c9a6e6",
        error="#ff9a90",
    )
