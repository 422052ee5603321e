"""How long a chapter takes: minutes from words, formulas, code and problems.

Reading to learn is meant, not leafing through. Figures, and what cells print, are not counted.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

WORDS_A_MINUTE = 200
"""Reading to learn, as R. P. Carver measured it (*Reading Rate*, Academic Press 1990); reading
for pleasure is faster, 240 words a minute in M. Brysbaert's review of 190 studies (*Journal of
Memory and Language* 109, 2019). A formula within a sentence counts as a word."""

SECONDS_A_FORMULA = 40
"""A displayed formula is spoken once (ten to fifteen seconds for the book's), held against the
one before, and spoken again. No measurement of this is known to us."""

SECONDS_A_LINE = 7
"""Code of which the reader finds the mistakes is read at 500 lines an hour or slower
(J. Cohen, *Best Kept Secrets of Peer Code Review*, 2006)."""


@dataclass(frozen=True)
class Matter:
    """What is to be read and done.

    Attributes
    ----------
    words : int
    formulas : int
        The displayed ones.
    lines : int
        Lines of code that are shown and not empty.
    practice : int
        The minutes that problems and questions say.
    """

    words: int = 0
    formulas: int = 0
    lines: int = 0
    practice: int = 0

    def __add__(self, other: Matter) -> Matter:
        """Return both together."""
        return Matter(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def minutes(self) -> float:
        """How long it takes."""
        seconds = SECONDS_A_FORMULA * self.formulas + SECONDS_A_LINE * self.lines
        return self.words / WORDS_A_MINUTE + seconds / 60 + self.practice


def in_words(minutes: float) -> str:
    """Return a duration as a box says it: ``45 minutes``, or from two hours on ``5½ hours``.

    Parameters
    ----------
    minutes : float
        Rounded to five minutes, at least five, or to half hours.
    """
    fives = max(1, int(minutes / 5 + 0.5))
    if fives < 24:
        return f"{5 * fives} minutes"
    whole, half = divmod(int(minutes / 30 + 0.5), 2)
    return f"{whole}{'½' if half else ''} hours"
