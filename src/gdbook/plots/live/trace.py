"""Numbers that remember how they were computed, so that a browser can compute them again.

A `Live` stands for a number in the code that draws a figure. It has a value, with which the
still is drawn, and a node: the operation and the nodes that it came from. Arithmetic and
torch's functions take and return `Live` numbers, so ordinary code for tensors is recorded
while it runs: ``torch.sin(omega * x + t)``.

Nodes are numbered in the order in which they are made, and the graph is a list of
``[operation, *arguments]``, which is JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

UNARY: Mapping[str, Callable[[Tensor], Tensor]] = {
    "neg": torch.neg,
    "abs": torch.abs,
    "sqrt": torch.sqrt,
    "exp": torch.exp,
    "log": torch.log,
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "atan": torch.atan,
    "tanh": torch.tanh,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "sign": torch.sign,
    "floor": torch.floor,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
}
BINARY: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "lt": torch.lt,
    "le": torch.le,
    "gt": torch.gt,
    "ge": torch.ge,
}
REDUCTIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "mean": lambda t: t.mean(-1, keepdim=True),
    "sum": lambda t: t.sum(-1, keepdim=True),
    "max": lambda t: t.amax(-1, keepdim=True),
    "min": lambda t: t.amin(-1, keepdim=True),
}
_NAMES = {
    **{function: name for name, function in (*UNARY.items(), *BINARY.items())},
    torch.multiply: "mul",
    torch.divide: "div",
    torch.true_divide: "div",
    torch.square: "square",
    torch.nn.functional.relu: "relu",
    torch.where: "where",
    torch.mean: "mean",
    torch.sum: "sum",
    torch.amax: "max",
    torch.amin: "min",
}


class Graph:
    """The nodes of one figure."""

    def __init__(self) -> None:
        self.nodes: list[list[Any]] = []
        #: Of each node, the variables of curves, steps and data that it depends on.
        self.bound: list[frozenset[str]] = []
        #: Of each node, whether it changes when the reader moves a number.
        self.moves: list[bool] = []
        self.data: list[list[float]] = []
        #: What is computed while a step is recorded: operation, arguments and result.
        self.tape: list[tuple[str, list[Live], Live]] | None = None
        self._known: dict[str, int] = {}
        self._names = 0

    def add(self, node: Sequence[Any], bound: frozenset[str], *, moves: bool = False) -> int:
        """Return the number of a node, which is made if there is none like it."""
        key = repr(node)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(list(node))
            self.bound.append(bound)
            self.moves.append(moves)
        return self._known[key]

    def number(self, value: float) -> Live:
        """Return a constant."""
        node = self.add(["number", float(value)], frozenset())
        return Live(self, node, _tensor(value))

    def variable(self, value: Tensor, *, moves: bool = False) -> Live:
        """Return a new variable, such as the x of a curve, with the values that it takes."""
        self._names += 1
        name = f"v{self._names}"
        return Live(self, self.add(["variable", name], frozenset([name]), moves=moves), value)

    def column(self, values: Tensor) -> Live:
        """Return data: a vector, of which `mean` and `sum` make a number."""
        numbers = values.double().tolist()
        if numbers not in self.data:
            self.data.append(numbers)
        axis = f"n{len(numbers)}"
        node = self.add(["data", self.data.index(numbers), axis], frozenset([axis]))
        return Live(self, node, values.double())


class Live:
    """A number, or a column of data, that knows how it came about.

    Parameters
    ----------
    graph : Graph
    node : int
    value : Tensor of float64
        What it is worth where the still is drawn: of shape (1,), of a variable of G values
        (G, 1), of data (n,), of both (G, n).
    """

    def __init__(self, graph: Graph, node: int, value: Tensor) -> None:
        self.graph, self.node, self.value = graph, node, value

    @property
    def bound(self) -> frozenset[str]:
        """The variables that it depends on, besides the figure's own numbers."""
        return self.graph.bound[self.node]

    def __repr__(self) -> str:
        return f"Live({self.value.squeeze().tolist()})"

    def __bool__(self) -> bool:
        raise TypeError(
            "a live number has no one truth value: write torch.where(condition, a, b), not if"
        )

    def __float__(self) -> float:
        raise TypeError(
            "a live number changes with the reader's hand, so it can't become a float: "
            "compute with torch's functions"
        )

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Live:
        name = _NAMES.get(function) or getattr(function, "__name__", "").strip("_")
        if kwargs or name not in _OPERATIONS:
            raise TypeError(
                f"live numbers have no {name or function}; they have "
                f"{', '.join(sorted(_OPERATIONS))}, without further arguments"
            )
        return apply(name, *args)

    def __getattr__(self, name: str) -> Callable[..., Live]:
        # The methods of tensors: x.sin(), r.mean(), x.pow(2).
        if name not in _OPERATIONS:
            raise AttributeError(f"live numbers have no {name}")
        return lambda *args: apply(name, self, *args)

    def __add__(self, other: Any) -> Live:
        return apply("add", self, other)

    def __sub__(self, other: Any) -> Live:
        return apply("sub", self, other)

    def __mul__(self, other: Any) -> Live:
        return apply("mul", self, other)

    def __truediv__(self, other: Any) -> Live:
        return apply("div", self, other)

    def __pow__(self, other: Any) -> Live:
        return apply("pow", self, other)

    def __radd__(self, other: Any) -> Live:
        return apply("add", other, self)

    def __rsub__(self, other: Any) -> Live:
        return apply("sub", other, self)

    def __rmul__(self, other: Any) -> Live:
        return apply("mul", other, self)

    def __rtruediv__(self, other: Any) -> Live:
        return apply("div", other, self)

    def __rpow__(self, other: Any) -> Live:
        return apply("pow", other, self)

    def __neg__(self) -> Live:
        return apply("neg", self)

    def __abs__(self) -> Live:
        return apply("abs", self)

    def __lt__(self, other: Any) -> Live:
        return apply("lt", self, other)

    def __le__(self, other: Any) -> Live:
        return apply("le", self, other)

    def __gt__(self, other: Any) -> Live:
        return apply("gt", self, other)

    def __ge__(self, other: Any) -> Live:
        return apply("ge", self, other)


def apply(name: str, *args: Any) -> Live:
    """Return the result of an operation, recorded.

    Raises
    ------
    TypeError
        If an argument is no number, or the numbers of arguments are wrong.
    ValueError
        If something that is not data is to be reduced, or columns differ in length.
    """
    graph = next(a.graph for a in args if isinstance(a, Live))
    given = [lift(graph, a) for a in args]
    if name == "square":
        return apply("mul", given[0], given[0])
    bound = frozenset[str]().union(*(a.bound for a in given))
    if name in REDUCTIONS:
        axes = [b for b in given[0].bound if b.startswith("n")]
        if len(given) != 1 or len(axes) != 1:
            raise ValueError(f"{name} takes one column of data")
        moves = graph.moves[given[0].node]
        node = graph.add([name, given[0].node, axes[0]], bound - {axes[0]}, moves=moves)
        return _noted(name, given, Live(graph, node, REDUCTIONS[name](given[0].value)))
    if len({b for b in bound if b.startswith("n")}) > 1:
        raise ValueError("columns of different lengths cannot be combined")
    values = [a.value for a in given]
    value = _compute(name, values)
    moves = any(graph.moves[a.node] for a in given)
    node = graph.add([name, *(a.node for a in given)], bound, moves=moves)
    return _noted(name, given, Live(graph, node, value))


def _noted(name: str, given: list[Live], made: Live) -> Live:
    if made.graph.tape is not None:
        made.graph.tape.append((name, given, made))
    return made


def repeated(
    graph: Graph, step: Callable[..., Any], variables: Sequence[Live], times: int
) -> tuple[list[Live], list[Tensor]]:
    """Call a step once, and compute what it recorded as often as it is to be taken.

    Parameters
    ----------
    graph : Graph
    step : callable
        Takes the variables, returns the next state: a number, or a tuple of them.
    variables : sequence of Live
        The state, with the values at the start.
    times : int
        How many steps, at least one.

    Returns
    -------
    following : list of Live
        The state after the first step.
    rows : list of Tensor
        The values of the state at the start and after each step.

    Raises
    ------
    ValueError
        If the step returns another number of numbers.
    """
    graph.tape = []
    try:
        made = step(*variables)
        following = [lift(graph, x) for x in (made if isinstance(made, tuple) else (made,))]
        tape = graph.tape
    finally:
        graph.tape = None
    if len(following) != len(variables):
        raise ValueError(f"the state has {len(variables)} numbers, the step {len(following)}")
    own = frozenset[str]().union(*(v.bound for v in variables))
    worth = {x.node: x.value for _, given, made in tape for x in (*given, made)}
    worth |= {x.node: x.value for x in (*variables, *following)}
    # Each node once, and those alone that change from step to step.
    moving = {
        x.node: (_FUNCTIONS[name], [a.node for a in given])
        for name, given, x in tape
        if x.bound & own
    }
    rows = [torch.cat([x.value for x in variables])]
    for count in range(times):
        if count:
            for variable, value in zip(variables, rows[-1], strict=True):
                worth[variable.node] = value.reshape(1)
            for node, (function, given) in moving.items():
                worth[node] = function(*[worth[one] for one in given]).double()
        rows.append(torch.cat([worth[x.node].reshape(1) for x in following]))
    return following, rows


def lift(graph: Graph, value: Any) -> Live:
    """Return a number, or a tensor of one number or one column, as a `Live`."""
    if isinstance(value, Live):
        return value
    if isinstance(value, Tensor) and value.ndim == 1 and len(value) > 1:
        return graph.column(value)
    if isinstance(value, Tensor) and value.numel() == 1:
        return graph.number(value.item())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return graph.number(value)
    raise TypeError(f"a live number goes with numbers and columns of data, got {value!r}")


def _compute(name: str, values: Sequence[Tensor]) -> Tensor:
    try:
        return _FUNCTIONS[name](*values).double()
    except TypeError:
        raise TypeError(f"{name} does not take {len(values)} numbers") from None


def _where(condition: Tensor, here: Tensor, elsewhere: Tensor) -> Tensor:
    return torch.where(condition != 0, here, elsewhere)


def _tensor(value: float) -> Tensor:
    return torch.tensor([float(value)], dtype=torch.float64)


_FUNCTIONS: Mapping[str, Callable[..., Tensor]] = {
    **UNARY,
    **BINARY,
    **REDUCTIONS,
    "where": _where,
}
_OPERATIONS = {*_FUNCTIONS, "square"}
