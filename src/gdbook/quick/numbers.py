"""Numbers as readers write them: ``.5``, ``0,5``, ``1/2``, ``5e-1``, ``2^-1`` and ``50 %`` are one.

The grammar, with blanks allowed between its signs::

    number  = [+ or -] product [%]
    product = factor, then any of: * factor, / factor
    factor  = decimal, decimal ^ [+ or -] digits, sqrt(product), √decimal
    decimal = digits with a point or a comma, and e with an exponent

The page's script, ``publish/myst/quick.mjs``, reads the same grammar in the same order of
operations, each rounded once; so both find the same float. Change the two together.
"""

from __future__ import annotations

import math
import re

_MOST = 60  # characters
_LARGEST_POWER = 999
_BLANKS = " \t\n\r\u00a0\u2009\u202f"
_ALIKE = str.maketrans("−–·×⋅∕⁄÷", "--***///")
_DECIMAL = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_TOKEN = re.compile(rf"[{_BLANKS}]*({_DECIMAL}|\*\*|[Ss]qrt|[-+*/^%()√])")

EMPTY = "write a number, as 0.5, 1/2, 5e-1, 2^-1, sqrt(2) or 50 %."
UNREAD = "this can't be read as one number. Write it as 0.5, 1/2, 5e-1, 2^-1, sqrt(2) or 50 %."
TWO_MEANINGS = "1,000 may mean one or a thousand: write 1.000 or 1000."
BY_ZERO = "a number can't be divided by 0."
TOO_LARGE = "this number is too large."


class UnreadableError(ValueError):
    """What is written is no number; the sentence says why."""


def read(text: str) -> float:
    """Return the number that a text says.

    Parameters
    ----------
    text : str
        As in the grammar above. ``·`` and ``×`` are ``*``, ``÷`` is ``/``, ``**`` is ``^``.

    Raises
    ------
    UnreadableError
        If it says none, or not clearly which one.
    """
    return _Reader(_tokens(text)).number()


def _tokens(text: str) -> list[str]:
    text = text.translate(_ALIKE).strip(_BLANKS)
    if not text:
        raise UnreadableError(EMPTY)
    if len(text) > _MOST:
        raise UnreadableError(UNREAD)
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise UnreadableError(UNREAD)
        tokens.append(match[1])
        at = match.end()
    return tokens


class _Reader:
    """Goes through the tokens of one number."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [*tokens, ""]
        self.at = 0

    def takes(self, *wanted: str) -> str:
        """Return the next token and go on if it is one of these, else ""."""
        token = self.tokens[self.at]
        if token not in wanted:
            return ""
        self.at += 1
        return token

    def number(self) -> float:
        sign = self.takes("+", "-")
        value = self.product()
        if self.takes("%"):
            value = value / 100
        if self.tokens[self.at]:
            raise UnreadableError(UNREAD)
        return -value if sign == "-" else value

    def product(self) -> float:
        value = self.factor()
        while operation := self.takes("*", "/"):
            factor = self.factor()
            if operation == "/" and factor == 0:
                raise UnreadableError(BY_ZERO)
            value = _finite(value * factor if operation == "*" else value / factor)
        return value

    def factor(self) -> float:
        if self.takes("sqrt", "Sqrt"):
            if not self.takes("("):
                raise UnreadableError(UNREAD)
            value = self.product()
            if not self.takes(")"):
                raise UnreadableError(UNREAD)
            return math.sqrt(value)
        if self.takes("√"):
            return math.sqrt(self.decimal())
        value = self.decimal()
        if not self.takes("^", "**"):
            return value
        sign, digits = self.takes("+", "-"), self.tokens[self.at]
        if not re.fullmatch("[0-9]+", digits):
            raise UnreadableError(UNREAD)
        self.at += 1
        exponent = int(digits)
        if exponent > _LARGEST_POWER:
            raise UnreadableError(TOO_LARGE)
        power = 1.0
        for _ in range(exponent):
            power = _finite(power * value)
        if sign != "-":
            return power
        if power == 0:
            raise UnreadableError(BY_ZERO)
        return _finite(1 / power)

    def decimal(self) -> float:
        token = self.tokens[self.at]
        if not re.fullmatch(_DECIMAL, token):
            raise UnreadableError(UNREAD)
        self.at += 1
        if re.fullmatch("[1-9][0-9]{0,2},[0-9]{3}", token):
            raise UnreadableError(TWO_MEANINGS)
        return _finite(float(token.replace(",", ".")))


def _finite(value: float) -> float:
    if math.isinf(value):
        raise UnreadableError(TOO_LARGE)
    return value
