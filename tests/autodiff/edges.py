"""Programs at the edges: empty axes, single numbers, zeros in products, equal numbers.

Each is a program of `interpreter`. Its last step is a sine, so that not even the softmax,
whose sum is always 1, has a gradient of zero.
"""

from __future__ import annotations

from typing import Any

SQUARE = [[0.5, -1.25, 2.0], [1.5, 0.75, -0.5], [-2.0, 1.0, 3.0]]
CUBE = [SQUARE, [[1.0, 2.0, 4.0], [-1.0, 0.25, 8.0], [0.125, -3.0, 0.5]]]
ALONG = ("cumsum", "softmax", "log_softmax")
REDUCING = ("prod_dim", "std_dim", "var_dim")
NONE_OF_THREE = ["index", [["slice", 0, 0, None]]]


def edge(x: Any, *steps: list[Any]) -> dict[str, Any]:
    """Return a program of one input, in which each step takes up the one before."""
    chain = [[name, [at], constants] for at, (name, constants) in enumerate(steps)]
    return {
        "inputs": [x],
        "steps": [*chain, ["sin", [len(chain)], []]],
        "ends": [[len(chain) + 1, 0.75]],
    }


def edges() -> list[dict[str, Any]]:
    """Return the programs."""
    made = [
        edge(x, [name, [dim, *keep]])
        for x, dims in ((SQUARE, (0, 1, -1, -2)), (CUBE, (0, 1, 2, -2)), (SQUARE[0], (0, -1)))
        for dim in dims
        for name in (*ALONG, *REDUCING)
        for keep in ([[]] if name in ALONG else [[True], [False]])
    ]
    # No zero, one, two, all of them: alone, in a row, in a column.
    zeros = [[0.0, 2.0, 3.0], [0.0, 0.0, -4.0], [5.0, 0.5, 1.5]]
    inputs: list[Any] = [zeros, *zeros, [0.0, 0.0, 0.0], [0.0], 0.0, 3.0]
    made += [edge(x, ["prod", []]) for x in inputs]
    made += [edge(zeros, ["prod_dim", [dim, keep]]) for dim in (0, -1) for keep in (True, False)]
    # Nothing along an axis, or nothing but axes.
    alone: list[Any] = [2.5, [2.5], [[], []]]
    for name in ALONG:
        made += [edge(x, [name, [dim]]) for x in alone for dim in (0, -1)]
        made.append(edge(SQUARE, NONE_OF_THREE, [name, [0]]))
    made += [edge(x, ["prod_dim", [dim, True]]) for x in [*alone, []] for dim in (0, -1)]
    made += [edge(SQUARE, NONE_OF_THREE, ["prod_dim", [dim, False]]) for dim in (0, 1)]
    made += [edge([], ["prod", []]), edge(SQUARE, NONE_OF_THREE, ["prod", []])]
    # Equal numbers, in all rows and in one of them.
    made += [edge([2.0, 2.0, 2.0], [name, []]) for name in ("std", "var", "norm")]
    rows = [[0.5, 0.5, 0.5], [1.0, 2.0, 4.0], [0.0, 0.0, 0.0]]
    made += [edge(rows, [name, [1, keep]]) for name in REDUCING for keep in (True, False)]
    # Large numbers, whose exponentials are infinite.
    for name in ("softmax", "log_softmax"):
        made += [edge([[800.0, 799.0], [-900.0, 5.0]], [name, [dim]]) for dim in (0, 1)]
    # All combinations of signs, at and beside the jumps.
    numbers = [-7.0, -4.0, -0.5, 0.0, 0.5, 4.0, 7.0, 1e9]
    made += [edge(numbers, ["remainder_number", [c]]) for c in (2, -2, 2.5, -0.75, 1e12)]
    pairs = {"inputs": [[[v] for v in numbers], [3.0, -3.0, 0.125, -1e6]], "ends": [[2, 0.75]]}
    made.append({**pairs, "steps": [["remainder", [0, 1], []]]})
    made.append({**pairs, "steps": [["outer", [0, 1], []]]})
    return made
