"""A formula that is not read, with the question that it raises."""

from __future__ import annotations

from gdbook.latex import Unreadable


class Refused(Unreadable):
    """A formula or a declaration that is refused: a reader never guesses.

    Parameters
    ----------
    reason : str
        One of `REASONS`.
    question : str
        What would have to be known, or changed, to read it.
    """

    def __init__(self, reason: str, question: str) -> None:
        super().__init__(f"{REASONS[reason]}: {question}")
        self.reason, self.question = reason, question


REASONS = {
    "two readings": "this can be read in two ways",
    "kinds": "the kinds don't fit",
    "undeclared": "a name is not declared",
    "notation": "this notation is not read",
    "index": "an index leaves its range",
    "declaration": "the declarations don't fit the formula",
    "undecided": "no draw decides it",
}


def two_readings(question: str) -> Refused:
    """Return the refusal of what has two readings."""
    return Refused("two readings", question)


def mistyped(question: str) -> Refused:
    """Return the refusal of an operation between things that it is not made for."""
    return Refused("kinds", question)


def notation(question: str) -> Refused:
    """Return the refusal of what is not in the book's notation."""
    return Refused("notation", question)
