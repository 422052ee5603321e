r"""Symbols of formulas: Greek letters, and letters with a star, hat, bar and the like.

Plain Latin letters come and go within a sentence, and no table could list them all.
"""

from __future__ import annotations

import re

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda "
    "mu nu xi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega ell"
)
_LETTER = rf"(?:[A-Za-z]|\\(?:{'|'.join(_GREEK.split())})(?![A-Za-z]))"
_ACCENT = re.compile(
    r"\\(hat|widehat|bar|overline|tilde|widetilde|check|dot|ddot|vec|mathbf|boldsymbol|bm|mathcal|"
    rf"mathfrak|mathscr)\s*(?:\{{\s*({_LETTER})\s*\}}|({_LETTER}))"
)
_SCRIPT = r"(?:\{[^{}]*\}|\\[A-Za-z]+|[^\s{}\\])"
_STAR = re.compile(
    rf"({_LETTER})(?:\s*_\s*{_SCRIPT})?\s*\^\s*(?:\{{\s*(\\star|\\ast|\*|\\dagger)\s*\}}|"
    r"(\\star|\\ast|\*|\\dagger))"
)
_PLAIN = re.compile(rf"\\(?:{'|'.join(_GREEK.split())})(?![A-Za-z])")
_SAME = {"widehat": "hat", "overline": "bar", "widetilde": "tilde", "bm": "boldsymbol"}


def symbols(latex: str) -> set[str]:
    r"""Return the symbols of a formula that a notation page should list.

    Parameters
    ----------
    latex : str
        Without dollars. A letter with a decoration is one symbol: in ``\hat\omega^\star`` and
        ``\hat{\omega}_0`` it is ``\hat\omega``.
    """
    latex = re.sub(r"\\(?:text|mathrm|operatorname\*?|label|begin|end)\{[^{}]*\}", " ", latex)
    found = set()

    def accented(match: re.Match[str]) -> str:
        name = _SAME.get(match[1], match[1])
        found.add(_named(name, match[2] or match[3]))
        return " "

    def starred(match: re.Match[str]) -> str:
        sign = match[2] or match[3]
        found.add(match[1] + "^" + (r"\star" if sign in ("*", r"\ast") else sign))
        return " "

    latex = _ACCENT.sub(accented, latex)
    latex = _STAR.sub(starred, latex)
    return found | set(_PLAIN.findall(latex))


def _named(accent: str, letter: str) -> str:
    return f"\\{accent}{letter}" if letter.startswith("\\") else f"\\{accent} {letter}"
