"""Where package and repository are: the only module that depends on its own place."""

from __future__ import annotations

from pathlib import Path

PUBLISH = Path(__file__).resolve().parents[1]
"""The publishing wing, whose code is part of every page's source."""

PACKAGE = PUBLISH.parent
"""The package that chapters import."""

LATEX = PACKAGE / "latex"
"""What reads formulas, for the publishing wing and for the chapters."""

ROOT = PACKAGE.parents[1]
"""The checkout of the repository, with ``package-lock.json``."""
