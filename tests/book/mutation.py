"""Wrong formulas made from right ones: does the book notice?

A mutation changes one sign, number, factor, prime, function or relation, in the LaTeX that a
page displays or in the text of its check. Which of them leave the mathematics as it was is
decided by `gdbook.expressions` on the sides themselves.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import slips
import sympy as sp
from IPython.core.inputtransformer2 import TransformerManager

import gdbook.checks.common
from gdbook import expressions as ex
from gdbook.expressions import latex_reader
from gdbook.publish.claims import comparison, pairing
from gdbook.publish.myst import cells

CHECKS = {"identity", "derivative", "limit", "rate", "bound", "near", "minimiser", "tensors"}
SAMPLED = "holds"  # says nothing of the formula; code that computes its letters counts
NO_FORMULA = {"of", "latex", "x", "side", "name", "at", "within", "tight", "steps"}

LATEX = re.compile(
    r"\\(?:text|begin|end|mathrm|operatorname)\*?\{[^}]*\}|\\\\(?:\[[^\]]*\])?|\\[A-Za-z]+|\\."
    r"|\d+(?:\.\d+)?|[A-Za-z]|'+|."
)
PYTHON = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|'+|\*\*|<=|>=|.", re.DOTALL)
SWAPS = {
    "+": ["-"], "-": ["+", ""], "<": [">"], ">": ["<"], "<=": [">="], ">=": ["<="],
    r"\le": [r"\ge", "="], r"\ge": [r"\le", "="], r"\leq": [r"\geq"], r"\geq": [r"\leq"],
    r"\sin": [r"\cos"], r"\cos": [r"\sin"], "sin": ["cos"], "cos": ["sin"],
    "=": ["= -", r"\le"],
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """A changed text, and what was changed in it."""

    what: str
    text: str


def mutations(text: str, pattern: re.Pattern[str], twice: str) -> Iterator[Mutation]:
    """Yield every single change of a formula.

    Parameters
    ----------
    text : str
        LaTeX, or a text of the language of checks.
    pattern : re.Pattern
        Cuts it into pieces: `LATEX` or `PYTHON`.
    twice : str
        What put before a name doubles it: ``"2"`` or ``"2*"``.
    """
    for piece in pattern.finditer(text):
        old = piece[0]
        if re.fullmatch(r"\d+(\.\d+)?", old):
            number = sp.Rational(old)
            new = [str(number + 1), str(2 * number)] if number else ["1"]
        elif re.fullmatch(r"'+", old):
            new = [old + "'", old[1:]]
        else:
            new = list(SWAPS.get(old, []))
            if pattern is PYTHON and old == "=":
                new = ["= -", "<="]
            if re.fullmatch(r"[A-Za-z_]\w*", old):
                new += [twice + old, ""]  # a factor more, a factor less
        for changed in new:
            mutated = text[: piece.start()] + changed + text[piece.end() :]
            yield Mutation(f"{old} → {changed or 'nothing'} at {piece.start()}", mutated)
    yield Mutation("a sign in front", f"-{text}")


def of_display(claim: pairing.Claim) -> Iterator[Mutation]:
    """Yield the mutations of a displayed claim that change what it says."""
    checked = comparison.Checked.of(claim.records)
    for mutation in mutations(claim.latex, LATEX, "2"):
        if not _same_display(claim.latex, mutation.text, checked):
            yield mutation


def _same_display(latex: str, other: str, checked: comparison.Checked) -> bool:
    if latex_reader.normalise(latex) == latex_reader.normalise(other):
        return True
    try:
        a = latex_reader.read(latex, checked.functions, checked.names)
        b = latex_reader.read(other, checked.functions, checked.names)
    except latex_reader.Unreadable:
        return False
    return _same_chains(a.chains, b.chains, checked.where) and _same_chains(
        a.conditions, b.conditions, checked.where
    )


def _same_chains(
    a: Sequence[latex_reader.Chain], b: Sequence[latex_reader.Chain], where: Mapping[str, Any]
) -> bool:
    return [c.relations for c in a] == [c.relations for c in b] and all(
        ex.same(s.value, t.value, where) is None
        for c, d in zip(a, b, strict=True)
        for s, t in zip(c.sides, d.sides, strict=True)
    )


@dataclass(frozen=True)
class Region:
    """A part of a cell that states a formula: where it is, and if it is a whole text."""

    start: int
    end: int
    text: bool
    sample: bool = False  # the definition of a function, such as f="sin(x)"


def regions(source: str) -> Iterator[Region]:
    """Yield the parts of a check cell that state formulas.

    Those are the texts and numbers given to checks, functions given to checks or defined in
    the cell, and texts that the cell puts together. Ranges, labels and steps are none.
    """
    lines = [0]
    for row in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(row.encode()))

    def span(node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        ends = (
            lines[node.lineno - 1] + node.col_offset,
            lines[node.end_lineno - 1] + (node.end_col_offset),
        )
        first, last = (len(source.encode()[:e].decode()) for e in ends)
        return first, last

    def formula(node: ast.expr) -> Iterator[Region]:
        start, end = span(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Region(start + 1, end - 1, text=True)
        elif isinstance(node, ast.JoinedStr):
            yield Region(start + 2, end - 1, text=False)
        elif isinstance(node, ast.Constant) and not isinstance(node.value, bool):
            yield Region(start, end, text=False)
        elif isinstance(node, ast.Lambda):
            yield Region(*span(node.body), text=False)
        elif isinstance(node, ast.Tuple):
            for part in node.elts:
                if not isinstance(part, ast.Constant) or isinstance(part.value, str):
                    yield from formula(part)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CHECKS:
            for argument in node.args:
                yield from formula(argument)
            for keyword in node.keywords:
                shape = getattr(node.func, "id", "") == "tensors"
                if keyword.arg not in NO_FORMULA and not (shape or _sample(node, keyword.value)):
                    for region in formula(keyword.value):
                        yield replace(region, sample=region.text)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == SAMPLED:
            for keyword in node.keywords:
                if isinstance(keyword.value, ast.Lambda):
                    yield from formula(keyword.value)
        elif isinstance(node, ast.FunctionDef) and f"{SAMPLED}(" not in source:
            yield Region(*span(node.body[-1]), text=False)
        elif isinstance(node, ast.Assign):
            yield from formula(node.value)


def _sample(call: ast.Call, value: ast.expr) -> bool:
    """Whether an option is the example that a rate or a bound is tried on.

    The claim is true of every f, or for every M that bounds it: f="sin(x)", M="1". What
    varies by name, ``D="h: …"``, is what the check itself calls D, and does count.
    """
    if getattr(call.func, "id", "") not in ("rate", "bound"):
        return False
    text = value.value if isinstance(value, ast.Constant) else None
    return isinstance(text, str) and ":" not in text


def of_check(source: str, where: Mapping[str, Any]) -> Iterator[Mutation]:
    """Yield the mutations of a check cell's formulas that change what they say."""
    for region in regions(source):
        old = source[region.start : region.end]
        for mutation in mutations(old, PYTHON, "2*"):
            if region.text and _same_text(old, mutation.text, where):
                continue
            if region.sample and mutation.what.startswith("abs →"):
                continue  # a bound can't tell: the larger half of the values is the same
            whole = source[: region.start] + mutation.text + source[region.end :]
            try:
                ast.parse(whole)
            except SyntaxError:
                continue  # no formula at all: nothing that an author could overlook
            yield Mutation(f"{old!r}: {mutation.what}", whole)


def _same_text(old: str, new: str, where: Mapping[str, Any]) -> bool:
    """Whether two texts say the same, as far as the ranges can tell.

    Where a range is symmetric, as that of a rounding error is, so is what a bound says:
    1 + r and 1 − r take the same values.
    """
    before, after = old.split(":"), new.split(":")
    if before[:-1] != after[:-1]:
        return False
    turned = [n for n, v in where.items() if len(v) == 2 and v[0] == -v[1]]
    try:
        (a, relations), (b, others) = ex.read_chain(before[-1]), ex.read_chain(after[-1])
        flips: list[dict[Any, Any]] = [{}]
        if len(before) > 1:
            flips += [{ex.symbol(n): -ex.symbol(n)} for n in turned]
        return relations == others and any(
            all(ex.same(s, t.subs(f), where) is None for s, t in zip(a, b, strict=True))
            for f in flips
        )
    except ValueError:
        return False


class Chapter:
    """A chapter's doctree: its claims, its check cells, and the names its code defines."""

    def __init__(self, doctree: Any) -> None:
        self.items = list(pairing.items(doctree))
        self.claims = pairing.pair(self.items).by_label
        self.cells = [
            (cells.is_check(cell), pairing.source(cell)) for cell in doctree.findall(cells.is_cell)
        ]
        self._known: dict[tuple[str, str], list[str]] = {}

    def claims_of(self, item: pairing.Tried) -> list[str]:
        """Return the labels of the claims that a check cell is about."""
        left = {id(record) for record in item.records}
        return [
            label
            for label, claim in self.claims.items()
            if any(id(record) in left for record in claim.records)
        ]

    def survivors_of_checks(self) -> Iterator[tuple[pairing.Tried, Mutation]]:
        """Yield what could be changed in a check without being noticed.

        The chapter's cells run in order; before a check cell has its turn, its mutants run
        on copies of the names defined so far. A mutant is noticed if it fails, or if what it
        checks is not what is displayed. Where the check has nothing but the display, slips are
        made in the display.
        """
        names: dict[str, Any] = {"__name__": "__main__"}
        tried = iter([item for item in self.items if isinstance(item, pairing.Tried)])
        for is_check, source in self.cells:
            if is_check:
                item = next(tried)
                where = {k: tuple(v) for r in item.records for k, v in r.get("where", {}).items()}
                for mutation in of_check(source, where):
                    left = run(mutation.text, copy.copy(names))
                    if left is not None and not self.drifts(item, left):
                        yield item, mutation
                for label in slips.labels_of(source):
                    for slip in slips.slips(self.claims[label].latex):
                        wrong = slips.with_slip(source, label, slip.latex)
                        if run(wrong, copy.copy(names)) is not None:
                            yield item, Mutation(f"{label}: {slip.what}", slip.latex)
            run(source, names)

    def drifts(self, item: pairing.Tried, left: list[dict[str, Any]]) -> bool:
        """Whether the page would be found wrong if a check cell had left other records."""
        changed = [replace(one, records=left) if one is item else one for one in self.items]
        return bool(pairing.pair(changed).all_found(self.differences))

    def differences(self, latex: str, records: list[dict[str, Any]]) -> list[str]:
        """Compare a claim with its checks; what most mutants leave as it was is known already."""
        key = latex, repr(records)
        if key not in self._known:
            self._known[key] = comparison.drift(latex, records)
        return self._known[key]


def run(source: str, names: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Run a cell and return the records of its checks, or None if it fails."""
    left: list[dict[str, Any]] = []
    code = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            mock.patch.object(
                gdbook.checks.common, "report", lambda _line, record: left.append(record)
            ),
        ):
            exec(compile(code, "<cell>", "exec"), names)
    except Exception:  # whatever goes wrong in a cell stops the build
        return None
    return left
