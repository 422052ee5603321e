r"""Decimals in running text, as a book writes them: ``0.15``, ``−1.5``, ``3.2 × 10⁻⁹``, ``1e-3``.

Integers are free, and so are powers such as ``10^{-5}``. Versions, dates, DOIs and quantities
with a unit are no results, and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
_GAP = r"(?:\s|~|\\[,;: ])*"
_POWER = (
    r"(?:[eE](?P<e>[+\-−]?\d+)(?!\w)"
    rf"|{_GAP}(?:×|·|\\times|\\cdot){_GAP}10"
    r"(?:\^(?:\{\s*(?P<braced>[+\-−]?\d+)\s*\}|(?P<bare>[+\-−]?\d+))|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?"
)


def _number(comma: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}(?:{comma}\d{{3}})+(?!\d)(?:\.\d+)?"
    return re.compile(rf"(?P<mantissa>{grouped}|\d+(?:\.\d+)*|\.\d+){_POWER}")


_NUMBER = _number(",")
_IN_FORMULA = _number(r"\{,\}")  # a bare comma stands between two numbers
_PERCENT = re.compile(rf"{_GAP}(?:\\?%|per ?cent\b)")
_UNITS = (
    "seconds? minutes? min hours? days? weeks? months? years? ms ns µs μs bytes? bits? "
    "[kKMGT]i?B [kMGT]?Hz [kMGT]?FLOPS px pt em rem dpi mm cm km metres? kg grams? °C °"
)
_UNIT = re.compile(rf"[\s\u00a0\-]?(?:{'|'.join(_UNITS.split())}|[smhgJWVN])(?![\w$])|:1\b")
_UPRIGHT_UNIT = re.compile(rf"{_GAP}\\(?:text|mathrm|operatorname)\{{|(?:em|ex|mu|pt|px|cm|mm)\b")
_NAMED = re.compile(
    r"(?:Python|[Tt]orch|NumPy|SciPy|SymPy|Matplotlib|Sphinx|Jupyter(?: Book)?|CUDA|Typst|Node|"
    r"Ubuntu|macOS|Chrom\w+|Firefox|Safari|Unicode|HTML|CSS|WCAG|GPL|CC BY(?:-SA)?|Attribution|"
    r"[Vv]ersions?|[Rr]elease|"
    r"DOI|doi|arXiv|ISBN)(?:\s|:|≥|>=|==)*$"
)
_TYPED = re.compile(
    r"(?:Part|Chapter|Section|Figure|Fig\.|Table|Theorem|Lemma|Definition|Equation|Eq\.|"
    r"Problem|Exercise)s?[\s(]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Decimal:
    """A decimal in a text.

    Attributes
    ----------
    shown : str
        As it stands in the text, without its sign.
    digits : str
        Its first part, without a power of ten.
    values : tuple of float
        What it may stand for, 12 significant digits of it: 2.5 % is 0.025, or 2.5.
    start : int
        Where in the text it begins.
    reference : bool
        Whether it is the number of a figure, section or the like, typed by hand.
    """

    shown: str
    digits: str
    values: tuple[float, ...]
    start: int
    reference: bool = False


def rounded(value: float) -> float:
    """Return a number with twelve significant digits, without its sign: how inputs compare."""
    return abs(float(f"{value:.12g}"))


def find(text: str, in_math: str) -> Iterator[Decimal]:
    """Find the decimals of one block of text.

    Parameters
    ----------
    text : str
        Words and LaTeX, as they follow each other.
    in_math : str
        As long as `text`; ``$`` where a character belongs to a formula.

    Yields
    ------
    Decimal
        In order.
    """
    for match in _numbers(text, in_math):
        formula = in_math[match.start()] == "$"
        before, after = text[: match.start()], text[match.end() :]
        if not _is_decimal(match) or _is_name(match, before, after, formula):
            continue
        if (_UPRIGHT_UNIT if formula else _UNIT).match(after):
            continue
        value = float(f"{_mantissa(match)}e{_exponent(match)}")
        values = [rounded(value)]
        if _PERCENT.match(after):
            values.insert(0, rounded(value / 100))
        typed = not formula and _is_typed(match[0], before)
        yield Decimal(match[0], match["mantissa"], tuple(values), match.start(), typed)


def _numbers(text: str, in_math: str) -> Iterator[re.Match[str]]:
    at = 0
    while (first := _NUMBER.search(text, at)) is not None:
        pattern = _IN_FORMULA if in_math[first.start()] == "$" else _NUMBER
        match = pattern.match(text, first.start())
        assert match is not None
        yield match
        at = match.end()


def _mantissa(match: re.Match[str]) -> str:
    return match["mantissa"].replace("{,}", "").replace(",", "")


def _exponent(match: re.Match[str]) -> int:
    power = match["e"] or match["braced"] or match["bare"] or match["raised"] or "0"
    return int(power.translate(_RAISED))


def _is_decimal(match: re.Match[str]) -> bool:
    return "." in match["mantissa"] or _exponent(match) < 0


def _is_typed(shown: str, before: str) -> bool:
    """Whether digits are the number of a section, a figure or the like."""
    return re.match(r"[1-9]\d*\.\d+$", shown) is not None and _TYPED.search(before) is not None


def _is_name(match: re.Match[str], before: str, after: str, formula: bool) -> bool:
    """Whether the digits name something: a version, a date, a DOI, part of a word."""
    if match["mantissa"].count(".") > 1 or re.match(r"\.\d", after):
        return True
    if before and (before[-1] in "._/@" or (before[-1].isalnum() and not formula)):
        return True
    if re.match(r"10\.\d{4,9}$", match["mantissa"]) and after.startswith("/"):
        return True
    return not formula and _NAMED.search(before) is not None
