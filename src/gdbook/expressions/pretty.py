"""A check's text, set for reading: ``x**2*h`` as x²·h."""

from __future__ import annotations

import re

_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi
rho varsigma sigma tau upsilon phi chi psi omega"""
GREEK = {name: chr(ord("α") + i) for i, name in enumerate(_NAMES.split())}
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def pretty(text: str) -> str:
    """Return a text of the language with signs, powers and Greek letters as in print."""
    text = " ".join(text.split())
    for name, letter in GREEK.items():
        text = re.sub(rf"(?<![^\W_]){name}(?![A-Za-z])", letter, text)
    text = re.sub(r"\boo\b", "∞", text)
    text = re.sub(r"\bI\b", "i", text)
    text = re.sub(r"\bsqrt\(", "√(", text)
    text = re.sub(r"\babs\(([^()]*)\)", r"|\1|", text)
    text = re.sub(r"\*\*(\d+)(?![\d.])", lambda m: m[1].translate(_SUPERSCRIPT), text)
    text = text.replace("**", "^")
    text = re.sub(r"(?<=[^\W_])_(\d)\b", lambda m: m[1].translate(_SUBSCRIPT), text)
    text = re.sub(r"(?<![\w./])(\d+)\s*\*\s*(?=[^\W\d]|[(|√])", r"\1", text)
    text = re.sub(r"\s*\*\s*", "·", text)
    return (
        text.replace("<=", "≤")
        .replace(">=", "≥")
        .replace("==", "=")
        .replace("-", "−")
        .replace("_star", "*")
    )
