r"""The chain rule of one expression, line by line, displayed and evaluated from one tree."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gdbook.graph.arithmetic import Array, Key, evaluate
from gdbook.graph.chain import Line, line, value_of
from gdbook.graph.closed import closed_form
from gdbook.graph.indices import fresh
from gdbook.graph.latex import Symbol, Writer, symbol_of
from gdbook.graph.model import Node, Recording
from gdbook.graph.numerals import NumberWriter, has_numbers_only, vector
from gdbook.graph.terms import Expression, Ref, all_indices

#: A closed formula of more characters than this is left out of the display.
WIDEST = 260

# A closed formula of more combinations of its indices is not evaluated before it is displayed.
CHECKED = 200_000


@dataclass(frozen=True)
class Derivation:
    """A derivation of the output's derivatives by some inputs.

    In a notebook and on the book's pages it shows itself as LaTeX.

    Attributes
    ----------
    recording : Recording
    targets : tuple of Node
        The inputs that it ends at.
    lines : tuple of Line
        The adjoints on the way, v₀ first.
    steps : bool
        Whether each rewriting has a line of its own.
    numbers : bool
        Whether numbers are put in.
    shown : slice
        Which lines are displayed: ``derivation[:4]`` is for a slide. The end is displayed
        with the last line.
    """

    recording: Recording
    targets: tuple[Node, ...]
    lines: tuple[Line, ...]
    steps: bool = False
    numbers: bool = False
    shown: slice = field(default_factory=lambda: slice(None))

    def __getitem__(self, lines: slice) -> Derivation:
        """Return the derivation with only some of its lines displayed."""
        if not isinstance(lines, slice):
            raise TypeError(f"take lines by a slice, as derivation[:4], got {lines!r}")
        return replace(self, shown=lines)

    # ------------------------------------------------------------ as mathematics

    def evaluate(self) -> dict[str, Array]:
        """Evaluate what is displayed by NumPy, from the numbers of inputs and constants alone.

        Returns
        -------
        dict of str to numpy.ndarray
            The derivative by each target, float64, of the input's shape.
        """
        known = self.numbers_of("result")
        return {node.name: known[node.uid, True] for node in self.targets}

    def numbers_of(self, stage: str = "result") -> dict[Key, Array]:
        """Return all values and adjoints, computed forward and back from inputs and constants.

        Parameters
        ----------
        stage : str
            By which column of the derivation: ``chain``, ``written`` or ``result``.
        """
        known: dict[Key, Array] = {(c.uid, False): c.value for c in self.recording.constants}
        for node in reversed(self.recording.nodes):
            if node.operation is None:
                known[node.uid, False] = node.value
            else:
                at = fresh(node.shape)
                known[node.uid, False] = evaluate(value_of(node, at), at, node.shape, known)
        for item in self.lines:
            adjoint = evaluate(getattr(item, stage), item.indices, item.node.shape, known)
            known[item.node.uid, True] = adjoint
        return known

    def closed(self, node: Node) -> Expression | None:
        """Return the derivative by an input as one formula, or None if that is too long."""
        return closed_form(self.recording, {item.node.uid: item for item in self.lines}, node)

    # ------------------------------------------------------------ as LaTeX

    @property
    def latex(self) -> str:
        """The derivation as one block, without delimiters."""
        # Two blocks: the long formulas at the end would push the rules off the page.
        chosen = self.lines[self.shown]
        blocks = [_aligned([row for item in chosen for row in self._rows(item)])]
        if self.lines[-1] in chosen:
            known = self.numbers_of()
            blocks.append(_aligned([self._final(node, known) for node in self.targets]))
        body = " \\\\\n".join(blocks)
        return f"\\begin{{array}}{{l}}\n{body}\n\\end{{array}}"

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"

    def __repr__(self) -> str:
        names = ", ".join(node.name for node in self.targets)
        return f"<Derivation of v0 by {names}, {len(self.lines)} lines>"

    def _writer(self, item: Line) -> Writer:
        taken = {symbol_of(c.symbol)[0] for c in self.recording.constants}
        return Writer(self.recording.symbol, item.indices, taken)

    def _rows(self, item: Line) -> list[str]:
        writer = self._writer(item)
        left = writer.ref(Ref(item.node.uid, item.indices, adjoint=True))
        stages = [writer.write(stage) for stage in self._stages(item)]
        if self.numbers:
            stages += self._numbers(item.result, item.node)
        said = _said(item)
        if self.steps:
            first, *more = stages
            return [f"{left} &= {first} && {said}", *(f"&= {stage} &&" for stage in more)]
        return [f"{left} &= {' = '.join(stages)} && {said}"]

    def _stages(self, item: Line) -> Sequence[Expression]:
        return item.stages if self.steps else tuple(dict.fromkeys((item.chain, item.result)))

    def _numbers(self, expression: Expression, node: Node) -> list[str]:
        found = []
        if has_numbers_only(expression, self._lookup):
            found.append(NumberWriter(self.recording.symbol, self._lookup).write(expression))
        value = vector(node.adjoint)
        return list(dict.fromkeys([*found, value])) if node.number else []

    def _lookup(self, ref: Ref) -> Array:
        item = self.recording.item(ref.node)
        if ref.adjoint:
            assert isinstance(item, Node)
            return item.adjoint
        return np.asarray(item.value)

    def _final(self, node: Node, known: Mapping[Key, Array]) -> str:
        item = next(item for item in self.lines if item.node is node)
        letters = self._letters()
        inputs = Writer(self._input_symbol, item.indices, letters)
        left = rf"\frac{{\partial v_0}}{{\partial {inputs.ref(Ref(node.uid, item.indices))}}}"
        adjoints = Writer(self.recording.symbol, item.indices, letters)
        row = f"{left} &= {adjoints.ref(Ref(node.uid, item.indices, adjoint=True))}"
        closed = self.closed(node)
        if closed is not None and closed != item.result and _worth(closed, item, known):
            text = inputs.write(closed)
            if len(text) <= WIDEST:
                row += f" = {text}"
        if self.numbers:
            row += f" = {vector(node.adjoint, 5)}"
        return row

    def _input_symbol(self, uid: int) -> Symbol:
        return symbol_of(self.recording.item(uid).symbol)

    def _letters(self) -> set[str]:
        inputs = {node.symbol for node in self.recording.inputs}
        constants = {constant.symbol for constant in self.recording.constants}
        return {symbol_of(symbol)[0] for symbol in inputs | constants}


def _worth(closed: Expression, item: Line, known: Mapping[Key, Array]) -> bool:
    """Say whether a closed formula has the value that the lines lead to.

    It has not where torch multiplies 0 by an infinite slope: the lines give NaN as torch does,
    and the formula in one piece, in which a bracket that is 0 ends the matter, gives 0.
    """
    lines_give = known[item.node.uid, True]
    if math.prod(index.extent for index in all_indices(closed)) > CHECKED:
        return bool(np.isfinite(lines_give).all())
    value = evaluate(closed, item.indices, item.node.shape, known)
    return np.allclose(value, lines_give, rtol=1e-6, atol=1e-9, equal_nan=True)


def derive(
    recording: Recording, targets: Sequence[Node], *, steps: bool = False, numbers: bool = False
) -> Derivation:
    """Return the derivation that ends at some inputs, with only the lines on the way."""
    wanted = set()
    stack = list(targets)
    while stack:
        node = stack.pop()
        if node not in wanted:
            wanted.add(node)
            stack.extend(recording.users(node))
    lines = tuple(line(recording, node) for node in recording.nodes if node in wanted)
    return Derivation(recording, tuple(targets), lines, steps, numbers)


def _aligned(rows: Sequence[str]) -> str:
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _said(item: Line) -> str:
    if not item.rules:
        return r"\text{the output by itself}"
    text = "; ".join(dict.fromkeys(item.rules))
    if len(item.rules) > 1:
        text = f"used {_times(len(item.rules))}, adjoints add: {text}"
    # A prime is raised in formulas, not in words.
    return rf"\text{{{text}}}".replace("′", r"}'\text{").removesuffix(r"\text{}")


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
