"""Colours of code: few, so that what is bold or coloured means something.

Each colour keeps a contrast of at least 4.5 against the panel that code stands on.
"""

from __future__ import annotations

from typing import ClassVar

from pygments.style import Style
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Token,
)


def _styles(
    *, ink: str, soft: str, keyword: str, string: str, number: str, name: str, error: str
) -> dict[object, str]:
    return {
        Token: ink,
        Text: ink,
        Comment: f"italic {soft}",
        Keyword: keyword,
        Keyword.Constant: number,
        Operator: ink,
        Operator.Word: keyword,
        Punctuation: soft,
        Number: number,
        String: string,
        String.Doc: f"italic {soft}",
        String.Interpol: ink,
        Name: ink,
        Name.Function: name,
        Name.Class: name,
        Name.Decorator: name,
        Name.Builtin: ink,
        Name.Builtin.Pseudo: ink,
        Name.Exception: error,
        Generic.Error: error,
        Generic.Traceback: error,
        Generic.Prompt: soft,
        Generic.Output: ink,
        Generic.Deleted: error,
        Generic.Inserted: string,
        Generic.Emph: "italic",
        Generic.Strong: "bold",
        Error: error,
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
