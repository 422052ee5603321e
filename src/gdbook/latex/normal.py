r"""A formula without what doesn't show."""

from __future__ import annotations

import re


def normalise(latex: str) -> str:
    r"""Return a formula without what doesn't show: spaces, comments, a last full stop."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", latex)
    text = re.sub(r"\s+", " ", text).strip()
    # A space shows only between words, or where it ends a command before a letter.
    text = re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", text)
    return text.rstrip(".,;")
