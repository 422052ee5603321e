r"""LaTeX as a list of tokens: what only spaces or sizes a formula is gone."""

from __future__ import annotations

import re
from dataclasses import dataclass


class Unreadable(ValueError):  # noqa: N818
    """A formula that the reader refuses, with the reason; it never guesses."""


@dataclass(frozen=True)
class Token:
    r"""One piece of a formula.

    Attributes
    ----------
    kind : str
        ``number``, ``letter`` (Latin or Greek), ``word`` (an upright word), ``text``,
        ``command``, ``open`` and ``close`` (of brackets and bars), ``bar`` (a bar of which
        only the context tells which it is), ``prime``, ``relation``, ``row``,
        ``column`` and ``gap``, or the character itself.
    text : str
        The number, the name, the command without its backslash, the bracket.
    """

    kind: str
    text: str


_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"""
GREEK = {name: name for name in _GREEK.split()} | {
    f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "kappa")
}
RELATIONS = {
    "=": "=", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "≈": "≈", "→": "→",
    "le": "≤", "leq": "≤", "leqslant": "≤", "lt": "<", "ge": "≥", "geq": "≥", "geqslant": "≥",
    "gt": ">", "approx": "≈", "ne": "≠", "neq": "≠", "≠": "≠", "in": "∈",
    "to": "→", "rightarrow": "→", "longrightarrow": "→",
}  # fmt: skip
SIZES = {
    size + side
    for size in ("big", "Big", "bigg", "Bigg")
    for side in ("", "l", "r", "m")
} | {"displaystyle", "textstyle", "limits", "nolimits", "mathstrut", "strut"}  # fmt: skip
SPACES = {",", ";", ":", "!", " ", ">", "thinspace", "medspace", "thickspace", "enspace"}
OPENING = {"lvert": "|", "lbrace": "{", "{": "{", "lfloor": "⌊", "lceil": "⌈", "lbrack": "["}
CLOSING = {"rvert": "|", "rbrace": "}", "}": "}", "rfloor": "⌋", "rceil": "⌉", "rbrack": "]"}
UPRIGHT = {
    "mathrm", "operatorname", "operatorname*", "mathit", "mathsf", "mathbb", "text", "textrm"
}  # fmt: skip
ROWS = ("aligned", "split", "align", "align*", "gathered", "alignedat")

SIMPLE = {
    **{name: Token("relation", sign) for name, sign in RELATIONS.items()},
    **{name: Token("letter", letter) for name, letter in GREEK.items()},
    **{name: Token("open", bracket) for name, bracket in OPENING.items()},
    **{name: Token("close", bracket) for name, bracket in CLOSING.items()},
    "quad": Token("gap", ""), "qquad": Token("gap", ""),
    "vert": Token("bar", "|"), "mid": Token("bar", "|"),
}  # fmt: skip

_PIECE = re.compile(
    r"\\(?P<command>operatorname\*|[A-Za-z]+|.)|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<space>\s+|~)"
    r"|(?P<comment>%[^\n]*)|(?P<letter>[A-Za-z])|(?P<other>.)",
    re.DOTALL,
)


def tokenise(latex: str) -> list[Token]:
    r"""Cut a formula into tokens.

    Parameters
    ----------
    latex : str
        What stands between the dollars.

    Returns
    -------
    list of Token
        Rows of ``aligned`` and ``split`` are parted by ``row`` tokens, ``\quad`` and
        ``\qquad`` are ``gap`` tokens.

    Raises
    ------
    Unreadable
        For an environment, a command or a character that is not in the book's notation.
    """
    made: list[Token] = []
    at = 0
    while at < len(latex):
        found = _PIECE.match(latex, at)
        assert found is not None  # the last alternative takes any character
        at = found.end()
        kind, text = found.lastgroup or "", found[found.lastgroup or 0]
        if kind == "command":
            at = _command(text, latex, at, made)
        elif kind in ("number", "letter"):
            made.append(Token(kind, text))
        elif kind == "other":
            made.append(_character(text))
    return made


def _character(text: str) -> Token:
    if text in RELATIONS:
        return Token("relation", RELATIONS[text])
    if text in "([{":
        return Token("group" if text == "{" else "open", text)
    if text in ")]}":
        return Token("endgroup" if text == "}" else "close", text)
    if text == "&":
        return Token("column", "")
    text = {"−": "-", "’": "'"}.get(text, text)
    kinds = {"'": "prime", "|": "bar"}
    if text in kinds or text in "+-*/^_!,;.:":
        return Token(kinds.get(text, text), text)
    raise Unreadable(f"the character {text} is not in the book's notation")


def _command(name: str, latex: str, at: int, made: list[Token]) -> int:
    """Add the tokens of one command; return where to read on."""
    if name in ("begin", "end"):
        environment = re.compile(r"\s*\{([a-z*]+)\}").match(latex, at)
        if environment is None or environment[1] not in ROWS:
            raise Unreadable(
                f"the environment {environment[1] if environment else '?'} is not read"
            )
        return environment.end()
    if name == "\\":
        made.append(Token("row", ""))
        spacing = re.compile(r"\s*\[[^\]]*\]").match(latex, at)
        return spacing.end() if spacing else at
    if name in ("left", "right"):
        return _stretched(name, latex, at, made)
    if name in UPRIGHT:
        argument = re.compile(r"\s*\{([^{}$]*)\}").match(latex, at)
        single = re.compile(r"\s*([A-Za-z])").match(latex, at)
        if argument is None and single is None:
            raise Unreadable(f"\\{name} needs plain words")
        found = argument or single
        assert found is not None
        kind = "text" if name in ("text", "textrm") else "word"
        made.append(Token(kind, found[1].strip()))
        return found.end()
    if name in SIMPLE:
        made.append(SIMPLE[name])
    elif name not in SIZES and name not in SPACES:
        made.append(Token("command", name))
    return at


def _stretched(name: str, latex: str, at: int, made: list[Token]) -> int:
    r"""Read what follows ``\left`` or ``\right``: there a bar says which it is."""
    found = re.compile(r"\s*(\\[A-Za-z]+|\\.|.)").match(latex, at)
    bracket = found[1].lstrip("\\") if found else ""
    kind = "open" if name == "left" else "close"
    bracket = {**OPENING, **CLOSING, "vert": "|"}.get(bracket, bracket)
    if found is None or bracket not in set("()[]{}|⌊⌋⌈⌉"):
        raise Unreadable(f"\\{name}{found[1] if found else ''} is not read")
    made.append(Token(kind, bracket))
    return found.end()


def show(tokens: list[Token]) -> str:
    """Return tokens as a short text for a message."""
    signs = {"prime": "'", "bar": "|", "gap": " ", "row": " "}
    text = "".join(
        f"\\{t.text} " if t.kind == "command" else t.text or signs.get(t.kind, "") for t in tokens
    )
    return text if len(text) < 30 else text[:29] + "…"
