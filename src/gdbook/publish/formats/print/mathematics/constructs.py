r"""Commands that build: fractions, roots, braces, words, labelled arrows."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gdbook.latex import Token, Unreadable, written
from gdbook.publish.formats.print.markup import quoted
from gdbook.publish.formats.print.mathematics.environments import nested
from gdbook.publish.formats.print.mathematics.symbols import (
    ACCENTS,
    ALPHABETS,
    BARS,
    DELIMITERS,
    ENDINGS,
    NOTHING,
    OPERATORS,
    SIZES,
    SPELLED,
    SYMBOLS,
)

if TYPE_CHECKING:
    from gdbook.publish.formats.print.mathematics.converter import Converter

_NO_OUTPUT = ("allowbreak", "mathstrut", "nobreak", "nonumber", "notag", "null", "relax", "strut")
_CLASSES = {
    "mathord": "normal", "mathop": "large", "mathbin": "binary", "mathrel": "relation",
    "mathopen": "opening", "mathclose": "closing", "mathpunct": "punctuation",
    "mathinner": "normal",
}  # fmt: skip
_NEGATED = {
    "∈": "∉", r"\=": "≠", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "≡": "≢", "∼": "≁", "≤": "≰", "≥": "≱",
    r"\<": "≮", r"\>": "≯", "∣": "∤", "∥": "∦", "→": "↛", "≈": "≉", "≅": "≇", "∋": "∌",
}  # fmt: skip
_WORDS = {
    "text": "%s", "textrm": "%s", "textnormal": "%s", "mbox": "%s", "hbox": "%s", "textup": "%s",
    "textmd": "%s", "textit": "italic(%s)", "textbf": "bold(%s)", "texttt": "mono(%s)",
    "textsf": "sans(%s)", "emph": "italic(%s)",
}  # fmt: skip
_BRACES = [way + kind for way in ("under", "over") for kind in ("brace", "bracket", "paren")]
_ARROWS = {
    "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒",
    "xLeftarrow": "⇐", "xLeftrightarrow": "⇔", "xmapsto": "↦", "xhookrightarrow": "↪",
    "xhookleftarrow": "↩", "xlongequal": "=",
}  # fmt: skip
_BRACKETS = """{ } lbrace rbrace langle rangle lfloor rfloor lceil rceil lbrack rbrack"""
_OF_WORDS = ("mathrm", "mathsf", "mathtt", "mathit", "mathbf")
_LENGTH = re.compile(r"(-?[\d.]+)\s*(em|ex|pt|mu|cm|mm)")


def _operator(words: str, *, limits: bool) -> str:
    """Return the name of a function, upright."""
    return f"op({quoted(words)}{', limits: #true' * limits})"


def _words(at: Converter, around: str) -> str:
    r"""Return the words of a ``\text{…}``, in which formulas may stand between dollars."""
    runs: list[list[Token]] = [[]]
    for token in at.group():
        if token == Token("char", "$"):
            runs.append([])
        else:
            runs[-1].append(token)
    if len(runs) % 2 == 0:
        raise Unreadable("a formula among words is not closed")
    made = (at.inner(run) if n % 2 else _plain(run, around) for n, run in enumerate(runs))
    return "".join(made) or NOTHING


def _plain(run: list[Token], around: str) -> str:
    text = ""
    for token in run:
        if token.kind == "command" and token.text not in "&%$#_{} ":
            raise Unreadable(f"\\{token.text} among words")
        text += token.text if token.kind not in ("group", "endgroup") else ""
    text = re.sub(r"\s+", " ", text).replace("~", "\u00a0")
    for typed, shown in (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("'", "’")):
        text = text.replace(typed, shown)
    return around % quoted(text) if text else ""


def _alphabet(at: Converter, name: str) -> str:
    """Return letters of another alphabet; several upright letters are one word."""
    if at.is_("command"):
        return ALPHABETS[name] % at.argument()
    tokens = at.group()
    text = written(tokens)
    if name in _OF_WORDS and re.fullmatch(r"[A-Za-z][A-Za-z0-9 \-]+", text):
        made = quoted(text.replace(" ", ""))
        return made if name == "mathrm" else ALPHABETS[name] % made
    return ALPHABETS[name] % at.inner(tokens)


def _named(at: Converter, limits: bool) -> str:
    spelled = re.sub(r"\\[,; ]\s*", " ", at.plain()).replace("\\", "")
    return _operator(spelled, limits=limits)


def _brace(at: Converter, name: str) -> str:
    body = at.argument()
    note = at.skip("char", "_" if name.startswith("under") else "^")
    return f"{name}({body}, {at.argument()})" if note else f"{name}({body})"


def _bracket(at: Converter, size: str, end: str) -> str:
    return f'class("{ENDINGS[end]}", lr(size: #{SIZES[size]}, {at.delimiter()}))'


def _not(at: Converter) -> str:
    negated = at.atom()
    return _NEGATED.get(negated) or f"cancel({negated})"


def _arrow(at: Converter, arrow: str) -> str:
    below, above = at.option(), at.argument()
    made = f"limits(stretch({arrow}, size: #(100% + 1em)))^({above})"
    return made + (f"_({at.inner(below)})" if below else "")


def _root(at: Converter) -> str:
    degree = at.option()
    body = at.argument()
    return f"root({at.inner(degree)}, {body})" if degree else f"sqrt({body})"


def _over(at: Converter) -> str:
    above = at.argument()
    return f"limits({at.argument()})^({above})"


def _under(at: Converter) -> str:
    below = at.argument()
    return f"limits({at.argument()})_({below})"


def _space(at: Converter) -> str:
    found = _LENGTH.fullmatch(at.plain())
    if found is None:
        raise Unreadable("a space needs a length such as 1em")
    number, unit = float(found[1]), found[2]
    per = {"mu": ("em", 1 / 18), "ex": ("em", 0.45)}.get(unit, (unit, 1.0))
    return f"#h({number * per[1]:.4g}{per[0]})"


def _stack(at: Converter) -> str:
    rows: list[list[Token]] = [[]]
    for token in at.group():
        if token == Token("command", "\\"):
            rows.append([])
        else:
            rows[-1].append(token)
    return f"mat(delim: #none, row-gap: #0.25em, {'; '.join(at.inner(row) for row in rows)})"


def _smash(at: Converter) -> str:
    at.option()
    return at.argument()


def _pattern(at: Converter, pattern: str) -> str:
    return pattern % tuple(at.argument() for _ in range(pattern.count("%s")))


#: Commands whose arguments, if they have any, stand in a pattern.
_PATTERNS = {
    **SYMBOLS, **BARS, **dict.fromkeys(_NO_OUTPUT, ""),
    **{name: DELIMITERS[name] for name in _BRACKETS.split()},
    **{n: _operator(SPELLED.get(n, n), limits=limits) for n, limits in OPERATORS.items()},
    **{name: f"{accent}(%s)" for name, accent in ACCENTS.items()},
    **{name: f'class("{of}", %s)' for name, of in _CLASSES.items()},
    "frac": "frac(%s, %s)", "cfrac": "display(frac(%s, %s))", "dfrac": "display(frac(%s, %s))",
    "tfrac": "inline(frac(%s, %s))", "binom": "binom(%s, %s)", "dbinom": "binom(%s, %s)",
    "tbinom": "binom(%s, %s)", "cancel": "cancel(%s)", "bcancel": "cancel(inverted: #true, %s)",
    "xcancel": "cancel(cross: #true, %s)", "phantom": "#hide($inline(%s)$)",
    "hphantom": "#hide($inline(%s)$)", "vphantom": "#box(width: 0pt, hide($inline(%s)$))",
    "boxed": "#box(stroke: 0.5pt, inset: 4pt, $display(%s)$)", "ensuremath": "%s",
    "bmod": '#h(0.22em) upright("mod") #h(0.22em)',
    "mod": '#h(0.66em) upright("mod") #h(0.33em) %s',
    "pmod": '#h(0.66em) \\( upright("mod") #h(0.33em) %s \\)',
}  # fmt: skip

#: Every command that print sets, besides those that stand for a sign.
COMMANDS: dict[str, Callable[[Converter], str]] = {
    **{name: partial(_pattern, pattern=p) for name, p in _PATTERNS.items()},
    **{name: partial(_alphabet, name=name) for name in ALPHABETS},
    **{name: partial(_words, around=around) for name, around in _WORDS.items()},
    **{name: partial(_brace, name=name) for name in _BRACES},
    **{name: partial(_arrow, arrow=sign) for name, sign in _ARROWS.items()},
    **{size + end: partial(_bracket, size=size, end=end) for size in SIZES for end in ENDINGS},
    "operatorname": partial(_named, limits=False),
    "operatorname*": partial(_named, limits=True),
    "operatornamewithlimits": partial(_named, limits=True),
    "sqrt": _root,
    "overset": _over,
    "stackrel": _over,
    "underset": _under,
    "smash": _smash,
    "not": _not,
    "left": lambda at: at.stretched(),
    "middle": lambda at: f"mid({at.delimiter()})",
    "begin": lambda at: nested(at, at.plain()),
    "substack": _stack,
    "hspace": _space,
    "mspace": _space,
}
