r"""A formula as tokens of the book's notation: what only spaces or sizes it is gone.

Besides those of `gdbook.latex` the kinds are ``word`` (an upright word), ``text``, ``open`` and
``close`` (of brackets and bars), ``bar`` (a bar of which only the context tells which it is),
``prime``, ``relation``, ``row``, ``column``, ``gap``, and the character itself: ``+``, ``^``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gdbook import latex as tex
from gdbook.latex import Token, Unreadable

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau
upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"""
GREEK = {name: name for name in _GREEK.split()} | {
    f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "kappa", "sigma")
}
RELATIONS = {
    "=": "=", "<": "<", ">": ">", "≤": "≤", "≥": "≥", "≈": "≈", "→": "→",
    "le": "≤", "leq": "≤", "leqslant": "≤", "lt": "<", "ge": "≥", "geq": "≥", "geqslant": "≥",
    "gt": ">", "approx": "≈", "ne": "≠", "neq": "≠", "≠": "≠", "in": "∈",
    "to": "→", "rightarrow": "→", "longrightarrow": "→",
    "preceq": "⪯", "succeq": "⪰", "prec": "≺", "succ": "≻", "sim": "~", "leftarrow": "←",
    "gets": "←", "equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫",
}  # fmt: skip
SIZES = {
    size + side
    for size in ("big", "Big", "bigg", "Bigg")
    for side in ("", "l", "r", "m")
} | {"displaystyle", "textstyle", "limits", "nolimits", "mathstrut", "strut"}  # fmt: skip
SPACES = {",", ";", ":", "!", " ", ">", "thinspace", "medspace", "thickspace", "enspace"}
OPENING = {
    "lvert": "|", "lVert": "‖", "lbrace": "{", "{": "{", "lfloor": "⌊", "lceil": "⌈",
    "lbrack": "[", "langle": "⟨",
}  # fmt: skip
CLOSING = {
    "rvert": "|", "rVert": "‖", "rbrace": "}", "}": "}", "rfloor": "⌋", "rceil": "⌉",
    "rbrack": "]", "rangle": "⟩",
}  # fmt: skip
UPRIGHT = {
    "mathrm", "operatorname", "operatorname*", "mathit", "mathsf", "mathbb", "text", "textrm"
}  # fmt: skip
ROWS = ("aligned", "split", "align", "align*", "gathered", "alignedat")
#: Environments that are brackets around rows and columns.
ARRAYS = ("pmatrix", "bmatrix", "vmatrix", "cases")

SIMPLE = {
    **{name: Token("relation", sign) for name, sign in RELATIONS.items()},
    **{name: Token("letter", letter) for name, letter in GREEK.items()},
    **{name: Token("open", bracket) for name, bracket in OPENING.items()},
    **{name: Token("close", bracket) for name, bracket in CLOSING.items()},
    "quad": Token("gap", ""), "qquad": Token("gap", ""),
    "vert": Token("bar", "|"), "mid": Token("bar", "|"),
    "|": Token("bar", "‖"), "Vert": Token("bar", "‖"),
}  # fmt: skip

_KINDS = {
    **dict.fromkeys("([", "open"), **dict.fromkeys(")]", "close"), "|": "bar", "'": "prime",
    **{sign: sign for sign in "+-*/^_!,;.:"},
}  # fmt: skip


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
    at = tex.Cursor(tex.tokenise(latex))
    while not at.is_("end"):
        token = at.take()
        if token.kind == "command":
            made += _command(token.text, at)
        elif token.kind == "char":
            made += _character({"−": "-", "’": "'"}.get(token.text, token.text))
        else:
            made.append(token)
    return made


def _character(text: str) -> list[Token]:
    if text in RELATIONS:
        return [Token("relation", RELATIONS[text])]
    if text == "&":
        return [Token("column", "")]
    if text in _KINDS:
        return [Token(_KINDS[text], text)]
    if text == "~":
        return []
    raise Unreadable(f"the character {text} is not in the book's notation")


def _command(name: str, at: tex.Cursor) -> list[Token]:  # noqa: PLR0911
    """Return the tokens of a command, with the arguments that it takes from the cursor."""
    if name in ("begin", "end"):
        environment = at.plain()
        if environment in ARRAYS:
            return [Token("open" if name == "begin" else "close", environment)]
        if environment not in ROWS:
            raise Unreadable(f"the environment {environment} is not read")
        return []
    if name == "\\":
        at.option()
        return [Token("row", "")]
    if name in ("left", "right"):  # a bar says here which it is
        found = tex.written([at.single()])
        bracket = "‖" if found == "\\|" else found.lstrip("\\")
        bracket = {**OPENING, **CLOSING, "vert": "|", "Vert": "‖"}.get(bracket, bracket)
        if bracket not in set("()[]{}|‖⟨⟩⌊⌋⌈⌉"):
            raise Unreadable(f"\\{name}{found} is not read")
        return [Token("open" if name == "left" else "close", bracket)]
    if name in UPRIGHT:
        words = at.group()
        if any(t.kind in ("group", "endgroup") or t.text == "$" for t in words):
            raise Unreadable(f"\\{name} needs plain words")
        return [Token("text" if name in ("text", "textrm") else "word", tex.written(words).strip())]
    if name in SIMPLE:
        return [SIMPLE[name]]
    return [] if name in SIZES or name in SPACES else [Token("command", name)]


def levels(tokens: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Yield tokens, each with how many brackets and groups are open after it."""
    depth = 0
    for token in tokens:
        depth += (token.kind in ("open", "group")) - (token.kind in ("close", "endgroup"))
        yield token, depth


def cut(tokens: Iterable[Token], *kinds: str) -> list[list[Token]]:
    """Split at tokens of these kinds that are in no bracket."""
    parts: list[list[Token]] = [[]]
    for token, depth in levels(tokens):
        if depth == 0 and token.kind in kinds:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def show(tokens: list[Token]) -> str:
    """Return tokens as a short text for a message."""
    signs = {"prime": "'", "bar": "|", "gap": " ", "row": " "}
    text = "".join(
        f"\\{t.text} " if t.kind == "command" else t.text or signs.get(t.kind, "") for t in tokens
    )
    return text if len(text) < 30 else text[:29] + "…"
