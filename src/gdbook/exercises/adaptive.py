"""Checkers of the problems of book/optimizers/adaptive."""

from __future__ import annotations

# UNWRITTEN: a function with @checker("prob-…") for each answer that can be checked
