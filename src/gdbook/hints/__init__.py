"""Hints to problems, from general to specific, and never the solution.

Each chapter's hints stand in a TOML file of this folder, by the problem's label. The card on the
page shows the first; `gdbook.exercises.check` and `hint` go on with the others.
"""

from __future__ import annotations

from gdbook.hints.catalogue import FOLDER, Hints, catalogue
from gdbook.hints.plain import plain

__all__ = ["FOLDER", "Hints", "catalogue", "plain"]
