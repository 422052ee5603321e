"""Wrong checks made from right ones: does the book notice?

A mutation changes one sign, number, factor, function or relation in the code of a check: of one
that states a formula again, or code that computes a letter. Slips in what is displayed are made
by `slips`.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import slips
import sympy as sp
from IPython.core.inputtransformer2 import TransformerManager
from myst_parser.config.main import MdParserConfig

import gdbook.checks.common
from gdbook.publish.claims import pairing
from gdbook.publish.execute.notebook import read_notebook

RESTATED = "tensors"
SAMPLED = "holds"  # says nothing of the formula; code that computes its letters counts

PYTHON = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|'+|\*\*|<=|>=|.", re.DOTALL)
SWAPS = {
    "+": ["-"], "-": ["+", ""], "<": [">"], ">": ["<"], "<=": [">="], ">=": ["<="],
    "sin": ["cos"], "cos": ["sin"], "=": ["= -", "<="],
}  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """A changed text, and what was changed in it."""

    what: str
    text: str


def mutations(code: str) -> Iterator[Mutation]:
    """Yield every single change of a piece of code."""
    for piece in PYTHON.finditer(code):
        old = piece[0]
        if re.fullmatch(r"\d+(\.\d+)?", old):
            number = sp.Rational(old)
            new = [str(number + 1), str(2 * number)] if number else ["1"]
        else:
            new = list(SWAPS.get(old, []))
            if re.fullmatch(r"[A-Za-z_]\w*", old):
                new += [f"2*{old}", ""]  # a factor more, a factor less
        for changed in new:
            mutated = code[: piece.start()] + changed + code[piece.end() :]
            yield Mutation(f"{old} → {changed or 'nothing'} at {piece.start()}", mutated)
    yield Mutation("a sign in front", f"-{code}")


def regions(source: str) -> Iterator[tuple[int, int]]:
    """Yield where a check cell has code that states formulas, from where to where.

    That is the functions given to checks or defined for them, the code that computes letters,
    and numbers that the cell names. Shapes, ranges and labels are none.
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

    def formula(node: ast.expr) -> Iterator[tuple[int, int]]:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            yield span(node)
        elif isinstance(node, ast.Lambda):
            yield span(node.body)

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == RESTATED:
            for argument in node.args:
                yield from formula(argument)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == SAMPLED:
            for keyword in node.keywords:
                if isinstance(keyword.value, ast.Lambda):
                    yield from formula(keyword.value)
        elif isinstance(node, ast.FunctionDef) and f"{SAMPLED}(" not in source:
            yield span(node.body[-1])
        elif isinstance(node, ast.Assign):
            yield from formula(node.value)


def of_check(source: str) -> Iterator[Mutation]:
    """Yield the mutations of a check cell's formulas."""
    for start, end in regions(source):
        old = source[start:end]
        for mutation in mutations(old):
            whole = source[:start] + mutation.text + source[end:]
            try:
                ast.parse(whole)
            except SyntaxError:
                continue  # no formula at all: nothing that an author could overlook
            yield Mutation(f"{old!r}: {mutation.what}", whole)


class Chapter:
    """A chapter's doctree: its claims, its check cells, and the names its code defines."""

    def __init__(self, doctree: Any) -> None:
        self.items = list(pairing.items(doctree))
        self.claims = pairing.pair(self.items).by_label
        # From its file: doctrees lack the cells that pages leave out.
        file = Path(doctree["source"])
        notebook = read_notebook(file, file.read_text("utf-8"), MdParserConfig())
        assert notebook is not None, file
        self.cells = [
            ("check" in cell.metadata.get("tags", []), cell.source)
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]
        checks = [one.source for one in self.items if isinstance(one, pairing.Tried)]
        assert [source.strip() for is_check, source in self.cells if is_check] == checks

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

        Check cells run in order; of other cells what they define. If a check cell does not
        pass with that, all cells run, from the first on. Unchanged, each check cell must leave
        what it left in the chapter. Before, its mutants run on copies of the names defined so
        far. A mutant is noticed if it fails, or if what it checks is not what is displayed.
        Where the check has nothing but the display, slips are made in the display.
        """
        names: dict[str, Any] = {"__name__": "__main__"}
        whole = False
        tried = iter([item for item in self.items if isinstance(item, pairing.Tried)])
        for place, (is_check, source) in enumerate(self.cells):
            if not is_check:
                run(source if whole else definitions(source), names)
                continue
            item = next(tried)
            after = copy.copy(names)
            left = run(source, after)
            if left != item.records and not whole:
                whole, names = True, {"__name__": "__main__"}
                for _, earlier in self.cells[:place]:
                    run(earlier, names)
                after = copy.copy(names)
                left = run(source, after)
            assert left == item.records, f"line {item.line}: {source}"
            for mutation in of_check(source):
                left = run(mutation.text, copy.copy(names))
                if left is not None and not self.drifts(item, left):
                    yield item, mutation
            for label in slips.labels_of(source):
                for slip in slips.slips(self.claims[label].latex):
                    wrong = slips.with_slip(source, label, slip.latex)
                    if run(wrong, copy.copy(names)) is not None:
                        yield item, Mutation(f"{label}: {slip.what}", slip.latex)
            names = after

    def drifts(self, item: pairing.Tried, left: list[dict[str, Any]]) -> bool:
        """Whether the page would be found wrong if a check cell had left other records."""
        changed = [replace(one, records=left) if one is item else one for one in self.items]
        return bool(pairing.pair(changed).all_found())


def definitions(source: str) -> str:
    """Return the imports and definitions of a cell, without what it computes, draws or prints."""
    code = TransformerManager().transform_cell(source)  # type: ignore[no-untyped-call]
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return "\n".join(ast.unparse(one) for one in ast.parse(code).body if isinstance(one, kinds))


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
