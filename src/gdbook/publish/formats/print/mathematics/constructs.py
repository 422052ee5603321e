r"""Commands that build: fractions, roots, braces, words, labelled arrows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gdbook.publish.formats.print.markup import quoted
from gdbook.publish.formats.print.mathematics.tokens import (
    Token,
    UnknownMathError,
    tokenise,
    written,
)

if TYPE_CHECKING:
    from gdbook.publish.formats.print.mathematics.converter import Converter

_FRACTIONS = {"frac": "%s", "cfrac": "display(%s)", "dfrac": "display(%s)", "tfrac": "inline(%s)"}
_WORDS = {
    "text": "%s", "textrm": "%s", "textnormal": "%s", "mbox": "%s", "hbox": "%s",
    "textit": "italic(%s)", "textbf": "bold(%s)", "texttt": "mono(%s)", "textsf": "sans(%s)",
    "emph": "italic(%s)",
}  # fmt: skip
_LENGTH = re.compile(r"(-?[\d.]+)\s*(em|ex|pt|mu|cm|mm)")


def construct(at: Converter, name: str) -> str | None:  # noqa: PLR0911
    """Return a command with its arguments, None if there is no such command.

    Parameters
    ----------
    at : Converter
        Its place is right after the command.
    name : str
        The command, without its backslash.
    """
    if name in _FRACTIONS:
        return _FRACTIONS[name] % f"frac({at.argument()}, {at.argument()})"
    if name in ("binom", "dbinom", "tbinom"):
        return f"binom({at.argument()}, {at.argument()})"
    if name in _WORDS:
        return words(at, at.group(), _WORDS[name])
    if name in ("operatorname", "operatorname*"):
        spelled = re.sub(r"\\[,; ]\s*", " ", at.name()).replace("\\", "")
        return at.operator(spelled, limits=name.endswith("*"))
    if name in ("underbrace", "overbrace"):
        body = at.argument()
        note = at.skip(Token("char", "_" if name == "underbrace" else "^"))
        return f"{name}({body}, {at.argument()})" if note else f"{name}({body})"
    if name in ("xrightarrow", "xleftarrow"):
        return _arrow(at, "→" if name == "xrightarrow" else "←")
    reader = _READERS.get(name)
    return None if reader is None else reader(at)


def words(at: Converter, tokens: list[Token], around: str) -> str:
    r"""Return the words of a ``\text{…}``, in which formulas may stand between dollars."""
    text = written(tokens)
    parts = re.split(r"(?<!\\)\$(.*?)(?<!\\)\$", text)
    made = ""
    for number, part in enumerate(parts):
        if number % 2:
            made += at.inner(tokenise(part))
        elif part:
            plain = re.sub(r"\\([&%$#_{} ])\s?", r"\1", part).replace("~", "\u00a0")
            plain = re.sub(r"\s+", " ", plain.replace("---", "—").replace("--", "–"))
            plain = plain.replace("``", "“").replace("''", "”").replace("'", "’")
            if unknown := re.search(r"\\[A-Za-z]+", plain):
                raise UnknownMathError(f"{unknown[0]} among words")
            made += around % quoted(plain)
    return made or '""'


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
    found = _LENGTH.fullmatch(at.name())
    if found is None:
        raise UnknownMathError("a space needs a length such as 1em")
    number, unit = float(found[1]), found[2]
    per = {"mu": ("em", 1 / 18), "ex": ("em", 0.45)}.get(unit, (unit, 1.0))
    return f"#h({number * per[1]:.4g}{per[0]})"


def _hidden(at: Converter) -> str:
    return f"#hide($inline({at.argument()})$)"


def _stack(at: Converter) -> str:
    rows: list[list[Token]] = [[]]
    for token in at.group():
        if token == Token("command", "\\"):
            rows.append([])
        else:
            rows[-1].append(token)
    return f"mat(delim: #none, row-gap: #0.25em, {'; '.join(at.inner(row) for row in rows)})"


def _nothing(at: Converter) -> str:
    at.group()
    return ""


def _tag(at: Converter) -> str:
    raise UnknownMathError("\\tag is not known: the book numbers its equations itself")


_READERS: dict[str, Callable[[Converter], str]] = {
    "sqrt": _root,
    "overset": _over,
    "stackrel": _over,
    "underset": _under,
    "phantom": _hidden,
    "hphantom": _hidden,
    "vphantom": lambda at: f"#box(width: 0pt, {_hidden(at)[1:]})",
    "smash": lambda at: at.argument(),
    "boxed": lambda at: f"#box(stroke: 0.5pt, inset: 4pt, $display({at.argument()})$)",
    "cancel": lambda at: f"cancel({at.argument()})",
    "bcancel": lambda at: f"cancel(inverted: #true, {at.argument()})",
    "xcancel": lambda at: f"cancel(cross: #true, {at.argument()})",
    "middle": lambda at: f"mid({at.delimiter()})",
    "substack": _stack,
    "hspace": _space,
    "mspace": _space,
    "label": _nothing,
    "tag": _tag,
    "bmod": lambda at: '#h(0.22em) upright("mod") #h(0.22em)',
    "mod": lambda at: f'#h(0.66em) upright("mod") #h(0.33em) {at.argument()}',
    "pmod": lambda at: f'#h(0.66em) \\( upright("mod") #h(0.33em) {at.argument()} \\)',
    "ensuremath": lambda at: at.argument(),
}
