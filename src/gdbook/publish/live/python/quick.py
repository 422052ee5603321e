"""In the place of `gdbook.quick`: MicroPython's `re` can't read its grammar of numbers."""


class UnreadableError(ValueError):
    """What is written is no number; the sentence says why."""


#: Said of a number that is written as a text: in the page it is typed as code.
QUOTED = "in the page a number is written without quotes."


def read(text: str) -> float:
    """Refuse a text."""
    raise UnreadableError(QUOTED)
