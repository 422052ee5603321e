r"""Hints without LaTeX, for a terminal: ``$\eta^2$`` becomes ``η²``.

This reads the LaTeX that hints are written in, not all of it: a test sees to it that no hint
keeps a backslash.
"""

from __future__ import annotations

import re

_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "eta": "η",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "varphi": "φ", "omega": "ω", "nabla": "∇", "partial": "∂", "infty": "∞", "ell": "ℓ",
    "cdot": "·", "times": "×", "le": "≤", "ge": "≥", "neq": "≠", "leftarrow": "←",
    "rightarrow": "→", "sum": "Σ", "ldots": "…", "star": "*", "top": "ᵀ",
    "left": "", "right": "",
}  # fmt: skip
_FUNCTIONS = ("sin", "cos", "tan", "tanh", "cosh", "log", "ln", "max", "min", "exp")
_ACCENTS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303"}
_RAISED = str.maketrans("0123456789+−-ijknTᵀ*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁱʲᵏⁿᵀᵀ*")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ATOM = r"(\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|[^\s\\{}])"
_ROLE = re.compile(r"\{(eq|numref|ref|prf:ref)\}`([^`]+)`")
_PLACES = {
    "eq": "the formula", "def": "the formula", "fig": "the figure", "sec": "the section",
    "thm": "the theorem", "prob": "the problem",
}  # fmt: skip


def plain(text: str) -> str:
    """Return a hint as one line without LaTeX and without MyST's roles.

    Parameters
    ----------
    text : str
        Markdown, with LaTeX between dollar signs.
    """
    parts = re.split(r"\$([^$]*)\$", _ROLE.sub(_place, text))
    parts[::2] = [re.sub(r"\*(\w+)\*", r"\1", words) for words in parts[::2]]
    parts[1::2] = map(_formula, parts[1::2])
    return " ".join("".join(parts).split())


def _place(role: re.Match[str]) -> str:
    kind = _PLACES[role[2].partition("-")[0]]
    begins = role.string[: role.start()].rstrip()[-1:] in ("", ".", "?", ":")
    return f"{kind.capitalize() if begins else kind} `{role[2]}` of the book"


def _formula(tex: str) -> str:
    tex = re.sub(r"\\[,;! ]", " ", tex).replace("-", "−").replace("<", " < ")
    tex = re.sub(rf"\\(bar|hat|tilde)\s*{_ATOM}", lambda m: _bare(m[2]) + _ACCENTS[m[1]], tex)
    for _ in range(3):  # fractions and roots stand in each other
        tex = re.sub(rf"\\[dt]?frac\s*{_ATOM}\s*{_ATOM}", _fraction, tex)
        tex = re.sub(rf"\\sqrt\s*{_ATOM}", lambda m: "√" + _grouped(m[1]), tex)
    tex = re.sub(r"\\([A-Za-z]+)", _sign, tex)
    tex = re.sub(rf"\s*\^\s*{_ATOM}", _power, tex)
    tex = re.sub(rf"_\s*{_ATOM}", _index, tex)
    tex = re.sub(r"(?<=[∇∂])\s+|(?<=[a-z]) (?=\()", "", tex)
    return re.sub(r"[{}]", "", tex)


def _sign(command: re.Match[str]) -> str:
    name = command[1]
    if name in _FUNCTIONS:
        return f"{name} "
    return _SIGNS.get(name, command[0])


def _fraction(found: re.Match[str]) -> str:
    return f"{_grouped(found[1])}/{_grouped(found[2])}"


def _bare(atom: str) -> str:
    return atom[1:-1] if atom.startswith("{") else atom


def _grouped(atom: str) -> str:
    """Return the inside of braces, in brackets if it is more than one letter or number."""
    inside = _bare(atom).strip()
    single = re.fullmatch(r"\\?[A-Za-z]+|[0-9.]+|\w[\u0300-\u036f]?", inside)
    return inside if single else f"({inside})"


def _power(found: re.Match[str]) -> str:
    inside = _bare(found[1]).strip()
    raised = inside.translate(_RAISED)
    known = all(letter in _RAISED.values() for letter in map(ord, raised))
    return raised if known else f"^{_grouped(found[1])}"


def _index(found: re.Match[str]) -> str:
    inside = _bare(found[1])
    if inside.isdigit():
        return inside.translate(_LOWERED)
    return f"_{inside}" if inside.isalnum() or inside == "∞" else f"_({inside})"
