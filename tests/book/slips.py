"""Slips in a display: signs, factors, exponents, indices, transposes, relations and terms."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gdbook.latex import CLOSE, OPEN, Token, tokenise, written

GREEK = [
    "alpha", "beta", "gamma", "delta", "eta", "epsilon", "varepsilon", "kappa", "lambda", "mu",
    "omega", "sigma", "theta",
]  # fmt: skip
SWAPS = {
    "+": ["-"], "-": ["+", " "], "<": [r"\le ", r"\ge "], r"\le": ["<", r"\ge"],
    r"\ge": [">", r"\le"], "=": ["= -"], r"\sin": [r"\cos"], r"\cos": [r"\sin"],
    r"\sum": [r"\prod"], r"\max": [r"\min"], r"\ln": [r"\log\log"],
}  # fmt: skip
RELATIONS = {"=", "<", ">", "le", "ge", "ne", "to", "in"}
NAMED = {"begin", "end", "operatorname", "mathrm", "mathbb", "text"}


@dataclass(frozen=True)
class Slip:
    """A changed formula, and what was changed in it."""

    what: str
    latex: str


def slips(latex: str) -> Iterator[Slip]:
    """Yield every formula that one slip makes of this one, each once."""
    latex = latex.strip()
    seen = {_plain(latex)}
    for slip in itertools.chain(_of_tokens(latex), _of_terms(latex)):
        if (plain := _plain(slip.latex)) not in seen:
            seen.add(plain)
            yield slip


def _plain(latex: str) -> str:
    return "".join(latex.split())


def _of_tokens(latex: str) -> Iterator[Slip]:
    tokens = tokenise(latex)
    named = _in_names(tokens)
    shown = [t for i, t in enumerate(tokens) if i not in named and _is_letter(t)]
    letters = list(dict.fromkeys(t.text for t in shown))
    for i, token in enumerate(tokens):
        if i in named:
            continue
        old = "\\" * (token.kind == "command") + token.text
        for new in _changes(token, old, letters):
            yield Slip(f"{old} → {new or 'nothing'} at {token.at}", _put(tokens, i, i + 1, new))
        if token.text == "^" and i + 1 < len(tokens) and tokens[i + 1].text == "top":
            yield Slip(f"no transpose at {token.at}", _put(tokens, i, i + 2, ""))
    yield Slip("a sign in front", f"-{latex}")


def _changes(token: Token, old: str, letters: list[str]) -> list[str]:
    if token.kind == "number":
        number = float(token.text)
        whole = number == int(number)
        return [f"{(int(number) if whole else number) + 1}", f"{2 * number:g}"] if number else ["1"]
    if token.text == "'":
        return ["''", ""]
    if _is_letter(token):
        others = [name for name in letters if name != token.text][:2]
        swapped = [f"\\{o} " if o in GREEK else o for o in others]
        return [f"2 {old} ", "", *swapped]
    return SWAPS.get(old, [])


def _is_letter(token: Token) -> bool:
    return token.kind == "letter" or (token.kind == "command" and token.text in GREEK)


def _in_names(tokens: list[Token]) -> set[int]:
    r"""Return the places inside of \text{…}, \operatorname{…} and the like, and of remarks."""
    found: set[int] = set()
    for i, token in enumerate(tokens):
        if token.kind == "command" and token.text in NAMED:
            found |= set(range(i + 1, _group_end(tokens, i + 1)))
        if token.kind == "command" and token.text == "text":
            ends = (j for j in range(i, len(tokens)) if tokens[j].text in {"\\", "end", ","})
            end = next(ends, len(tokens))
            if not any(t.text in RELATIONS for t in tokens[i:end]):
                found |= set(range(i, end))  # \text{put in } c: no claim, and no condition
    return found


def _group_end(tokens: list[Token], start: int) -> int:
    depth = 0
    for j in range(start, len(tokens)):
        depth += (tokens[j] == OPEN) - (tokens[j] == CLOSE)
        if depth == 0:
            return j + 1
    return len(tokens)


def _put(tokens: list[Token], start: int, end: int, new: str) -> str:
    return f"{written(tokens[:start])} {new} {written(tokens[end:])}"


def _of_terms(latex: str) -> Iterator[Slip]:
    """Leave out one term of a sum, wherever it stands."""
    tokens = tokenise(latex)
    named = _in_names(tokens)
    signs = [i for i, t in enumerate(tokens) if t.text in ("+", "-") and t.kind == "char"]
    starts = [i for i in signs if i not in named]
    for i in starts:
        depth, j = 0, i + 1
        while j < len(tokens):
            text = tokens[j].text
            deeper = text in ("{", "(", "[", "left", "lVert", "begin")
            out = text in ("}", ")", "]", "right", "rVert", "end")
            if depth == 0 and (out or text in ("+", "-", "=", "le", "ge", "<", ">", "\\", "&")):
                break
            depth += deeper - out
            if text in {"left", "right"}:
                j += 1  # its bracket is no other
            j += 1
        yield Slip(f"without the term at {tokens[i].at}", _put(tokens, i, j, ""))


def with_slip(source: str, label: str, latex: str) -> str:
    """Return a cell whose check of that label gets another formula, and that has no other check."""
    lines = source.splitlines(keepends=True)

    def span(node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        ends = ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
        first, last = (
            sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())
            for line, column in ends
        )
        return first, last

    changes: list[tuple[int, int, str]] = []
    found = False
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "holds":
            name, *shown = node.args
            assert isinstance(name, ast.Constant), source
            if name.value != label:
                changes.append((*span(node), "None"))
            elif not found:
                changes.append((*span(shown[0]), repr(latex)))
                found = True
    assert found, f"no check of {label} in {source}"
    for start, end, new in sorted(changes, reverse=True):
        source = source[:start] + new + source[end:]
    return source


def labels_of(source: str) -> list[str]:
    """Return the labels that a cell checks from what is displayed."""
    return re.findall(r"\bholds\(\s*[\"'](eq-[\w-]+)", source)
