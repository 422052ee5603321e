"""Checkers of the problems of book/losses/linear-regression."""

from __future__ import annotations

# UNWRITTEN: a function with @checker("prob-…") for each answer that can be checked
