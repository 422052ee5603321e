"""What has two readings, or none, is refused by name, with the question that it raises."""

from __future__ import annotations

from typing import Any

import pytest

from gdbook.mathematics import (
    alias,
    function,
    integers,
    judge,
    matrix,
    permutation,
    random,
    real,
    sample,
    sequence,
    vector,
)

A, B = matrix("n", "n"), matrix("n", "n")
R = matrix("m", "n")
v, w = vector("n"), vector("n")
f, g = function(), function()
x, y, a, b, c, h, t = (real() for _ in range(7))

TWO_READINGS: list[tuple[str, dict[str, Any], str]] = [
    (r"v w = w v", {"v": v, "w": w}, "⊤ or ·"),
    (r"A \cdot B = A B", {"A": A, "B": B}, "a dot between"),
    (r"a / b c = a", {"a": a, "b": b, "c": c}, "is c below as well"),
    (r"a / b / c = a", {"a": a, "b": b, "c": c}, "a/b/c"),
    (r"f^2(x) = x", {"f": f, "x": x}, "applied again"),
    (r"f(x)' = x", {"f": f, "x": x}, "a prime after the argument"),
    (r"v^2 = v \cdot v", {"v": v}, "of the entries"),
    (r"|A| = 1", {"A": A}, "determinant"),
    (r"|v| = 1", {"v": v}, "its length"),
    (r"\lVert A \rVert = 1", {"A": A}, "‖·‖_F or ‖·‖_2"),
    (r"\sin^{-1} x = x", {"x": x}, "inverse function"),
    (r"\sin(x)^2 = x", {"x": x}, "of what"),
    (r"\sin a (b) = a", {"a": a, "b": b}, "where does the argument"),
    (r"\sum_i v_i + w_i = 0", {"v": v, "w": w}, "reach"),
    (r"\sum_i v_i = v_i", {"v": v}, "reach"),
    (r"\prod_i v_i a = a", {"v": v, "a": a}, "does ∏ reach"),
    (r"\sum v_i = 0", {"v": v}, "over what"),
    (r"\sum_i i v_i = 0", {"v": v}, "counted from 0 or from 1"),
    (r"\nabla^2 f(v) = A", {"f": function("n"), "v": v, "A": A}, "Hessian or the Laplacian"),
    (r"\nabla (v \cdot w) = v", {"v": v, "w": w}, "with respect to v or w"),
    (r"\nabla g(v) = A", {"g": function("n", to="n"), "v": v, "A": A}, "J or its transpose"),
    (r"f \nabla g(v) = v", {"f": f, "g": function("n"), "v": v}, "without its argument"),
    (r"\frac{d}{dx} (x) x = 1", {"x": x}, "what follows the bracket"),
    (r"\frac{d}{dx} (x)^2 = 1", {"x": x}, "reach the power"),
    (r"\frac{\partial f}{\partial y}(a, b) = 1", {"f": function("n"), "a": a, "b": b}, "called y"),
    (r"A_i = v_i", {"A": A, "v": v}, "a row, a column, an entry"),
    (r"v_{ij} = 1", {"v": v}, "a product, or two"),
    (r"(a, b) = c", {"a": a, "b": b, "c": c}, "commas after no function"),
    (r"|a|b|c| = 1", {"a": a, "b": b, "c": c}, "which pair up"),
    (r"a \pm b = c", {"a": a, "b": b, "c": c}, "which sign"),
    (r"X = x", {"X": random(real()), "x": x}, "outside of an expectation"),
    (r"\mathbb{E} X = 0", {"X": random(real())}, "Use brackets"),
    (r"x \approx y", {"x": x, "y": y}, "how near"),
    (r"f(x) \to y", {"f": f, "x": x, "y": y}, "as what tends where"),
    (r"x = y, \quad x \le 2", {"x": x, "y": y}, "a claim, or a condition"),
    (r"v \le w", {"v": v, "w": w}, "entry by entry"),
    (r"f(x+h) = f(x) - O(h)", {"f": f, "x": x, "h": h}, "has no sign"),
    (r"\max_i v_i a = 1", {"v": v, "a": a}, "how far does max reach"),
    (r"\operatorname{tr} A B = 1", {"A": A, "B": B}, "of how many factors"),
    (r"x' = y", {"x": x, "y": y}, "which is no function"),
    (r"\int_0^1 x^2 dx \sum_i v_i + v_i = 0", {"v": v}, "reach"),
    (r"2 3 x = 6 x", {"x": x}, "two numbers"),
    (r"v_1 + \cdots + w_k = 1", {"v": v, "w": w, "k": integers(1, 2)}, "what runs"),
    (r"2 v_1 + \cdots + 3 v_k = 1", {"v": v, "k": integers(1, 2)}, "what runs"),
    (r"v_k + \cdots + v_1 = 1", {"v": v, "k": integers(1, 2)}, "does k run"),
    (r"v_1 - \cdots - v_k = 1", {"v": v, "k": integers(1, 2)}, "plus on both sides"),
    (r"v_1 + \cdots = 1", {"v": v}, "plus on both sides"),
    (r"\sum_{i \in I} v_i = 1", {"v": v, "I": sample("n", 1)}, "outside of an expectation"),
]
OTHERS: list[tuple[str, dict[str, Any], str, str]] = [
    (r"A R = R", {"A": A, "R": R}, "kinds", "n is not m"),
    (r"R^\top R = R R^\top", {"R": R}, "kinds", "n × n"),
    (r"\lVert R x \rVert = 1", {"R": R, "x": vector("m")}, "kinds", "n is not m"),
    (r"v + a = w", {"v": v, "a": a, "w": w}, "kinds", "no sum"),
    (r"\det(R) = 1", {"R": R}, "kinds", "det of R"),
    (r"x_k = 1", {"x": sequence(real())}, "two readings", "runs over nothing known"),
    (r"x = z", {"x": x}, "undeclared", "what is z"),
    (r"x = x", {"x": x, "y": y}, "declaration", "y declared, but not in the formula"),
    (r"x = c", {"x": x, "c": 0}, "declaration", "would hide its sign"),
    (r"v_3 = v_3", {"v": v}, "index", "there is no entry 3"),
    (r"x \preceq y", {"x": x, "y": y}, "notation", "⪯"),
    (r"\begin{tabular} x \end{tabular} = y", {"x": x, "y": y}, "notation", "tabular"),
    (r"\sum_{i \text{ uses } j} v_i = 1", {"v": v}, "notation", "in words"),
    (
        r"\mathbb{E}[X \mid Y] = 0",
        {"X": random(real()), "Y": random(real())},
        "notation",
        "conditional",
    ),
    (r"x + y", {"x": x, "y": y}, "notation", "claims nothing"),
    (r"x = = y", {"x": x, "y": y}, "notation", "without a side"),
    (r"x^2^3 = y", {"x": x, "y": y}, "notation", "second exponent"),
    (r"(x] = y", {"x": x, "y": y}, "notation", "closed by"),
    (r"\sqrt{x", {"x": x}, "notation", "brace"),
    (r"x = x \quad \text{for } x > 5", {"x": x}, "declaration", "no draw meets"),
    (r"x = x \quad \text{for } x > -5", {"x": x}, "declaration", "it is not tried"),
    (r"q^k = q", {"q": real(), "k": lambda z: z}, "declaration", "k needs z"),
    (r"a v = A v", {"A": A, "a": alias("A"), "v": v}, "undeclared", "without its indices"),
    (r"\sum_{i=0}^{i} i = a", {"a": a}, "two readings", "whose ends have i in them"),
    (r"\sum_{2 i=0}^{3} i = a", {"a": a}, "two readings", "which letter runs"),
    (r"a_{ij} = 1", {"a": alias("A")}, "declaration", "alias"),
    (r"\binom{k}{2} = k", {"k": "many"}, "declaration", "declares nothing"),
    (r"A^{1/2} = A", {"A": A}, "notation", "whole number"),
    (r"x_{-1} = x", {"x": vector(3)}, "kinds", "a number"),
    (r"\sum_{i \in v} w_i = 1", {"v": v, "w": w}, "notation", "sample(…)"),
    (r"\mathbb{E}[\prod_{i \in I} v_i] = 1", {"v": v, "I": sample("n", 1)}, "notation", "∏ over i"),
    (
        r"\mathbb{E}[\sum_{i \in I} v_i] = 1",
        {"v": vector(3), "I": sample(4, 1)},
        "kinds",
        "counts 3 things",
    ),
    (
        r"\mathbb{E}[\sum_{i \in I} v_i] = 1",
        {"v": vector(3), "I": sample(3, 4)},
        "declaration",
        "a sample of 4 from 3",
    ),
    (
        r"\mathbb{E}[v_{\pi(3)}] = 1",
        {"v": vector(3), "pi": permutation(3, to=0)},
        "index",
        "has no place 3",
    ),
]


@pytest.mark.parametrize(("latex", "letters", "question"), TWO_READINGS)
def test_two_readings(latex: str, letters: dict[str, Any], question: str) -> None:
    found = judge(latex, **letters)
    assert found.outcome == "refused", found
    assert question in found.why


@pytest.mark.parametrize(("latex", "letters", "reason", "sentence"), OTHERS)
def test_other_refusals(latex: str, letters: dict[str, Any], reason: str, sentence: str) -> None:
    found = judge(latex, **letters)
    assert (found.outcome, found.reason) == ("refused", reason), found
    assert sentence in found.why


def test_integers_and_ranges_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="lower end"):
        integers(3, 2)
    with pytest.raises(ValueError, match="lower end"):
        real(1, 1)
    with pytest.raises(ValueError, match="square"):
        matrix("m", "n", symmetric=True)
    with pytest.raises(ValueError, match="one argument"):
        function("n", "m", convex=True)
