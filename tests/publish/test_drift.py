"""Does the guard see what a page shows and no check says?"""

from typing import Any

import pytest

from gdbook.publish.claims.comparison import drift


def record(*sides: str, relation: str = "=", **more: Any) -> dict[str, Any]:
    relations = [relation] * (len(sides) - 1)
    return {"kind": "identity", "sides": list(sides), "relations": relations, **more}


QUOTIENT = record("((x + h)**2 - x**2)/h", "2*x + h")
NEAR = record("abs(x - 3)*abs(x + 3)", "7*abs(x - 3)", relation="≤", where={"x": [2, 4]})
FACTORS = record("abs(x**2 - 9)", "abs(x - 3)*abs(x + 3)")
SIGN = record("lim(abs(h)/h, h, 0, right)", "1", kind="limit")
FORWARD = record("(f(x + h) - f(x))/h", "f'(x) + h/2*f''(x) + O(h**2)")

SAME = [
    (r"\frac{(x+h)^2 - x^2}{h} = 2x + h", [QUOTIENT]),
    (r"2x + h = \frac{(x+h)^2 - x^2}{h}", [QUOTIENT]),
    (r"\frac{(x+h)^2 - x^2}{h} = \frac{2xh + h^2}{h} = h + 2x", [QUOTIENT]),
    (r"|x^2 - 9| = |x-3||x+3| \le 7|x-3| \quad\text{for } |x-3| \le 1", [FACTORS, NEAR]),
    (r"7|x-3| \ge |x-3|\,|x+3| \qquad x \in [2, 4]", [NEAR]),
    (r"\lim_{h \to 0^+} \frac{|h|}{h} = 1", [SIGN]),
    (r"\frac{|h|}{h} \to 1 \quad (h \to 0)", [SIGN]),
    (r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(x) + O(h^2) \quad (h \to 0)", [FORWARD]),
    (r"\heartsuit = 1", [record("x", "x", latex=r" \heartsuit  = 1.")]),
    (r"\frac{\sin x}{x} = y \quad (x \ne 0)", [record("sin(x)/x", "y")]),
]
APART = [
    (r"\frac{(x+h)^2 - x^2}{h} = 2x - h", [QUOTIENT], "the check ((x + h)**2"),
    (r"\frac{(x-h)^2 - x^2}{h} = 2x + h", [QUOTIENT], "the page shows"),
    (r"\frac{(x+h)^2 - x^2}{h} \le 2x + h", [QUOTIENT], "no check has that relation"),
    (r"\frac{(x+h)^2 - x^2}{h} = \frac{2xh + h}{h} = 2x + h", [QUOTIENT], "page shows"),
    (r"|x-3||x+3| \le 8|x-3|", [NEAR], "the page shows"),
    (r"|x-3||x+3| \ge 7|x-3|", [NEAR], "no check is about"),
    (r"|x-3||x+3| < 7|x-3|", [NEAR], "no check has that relation"),
    (r"|x-3||x+3| \le 7|x-3| \quad\text{for } |x-3| \le 2", [NEAR], "tried only x in"),
    (r"|x-3||x+3| \le 7|x-3| \quad\text{for } |x-2| \le 1", [NEAR], "also tried x in"),
    (r"|x-3||x+3| \le 7|x-3| \quad\text{for } |y| \le 1", [NEAR], "no range for y"),
    (r"|x-3||x+3| \le 7|x-3| \qquad x \in [2, 5]", [NEAR], "tried only"),
    (r"\lim_{h \to 0} \frac{|h|}{h} = 1", [SIGN], "limits"),
    (r"\lim_{h \to 1^+} \frac{|h|}{h} = 1", [SIGN], "limits"),
    (r"\lim_{x \to 0^+} \frac{|h|}{h} = 1", [SIGN], "limits"),
    (r"\frac{|h|}{h} \to 1 \quad (h \to 1)", [SIGN], "which the check does not"),
    (r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{3} f''(x) + O(h^2)", [FORWARD], "page shows"),
    (r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(x) + O(h^3)", [FORWARD], "order terms"),
    (r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(x)", [FORWARD], "order term"),
    (r"\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f'(x) + O(h^2)", [FORWARD], "page shows"),
    (r"\heartsuit = 1", [QUOTIENT], "can't be read, because"),
    (r"\heartsuit = 1", [record("x", "x", latex=r"\heartsuit = 2")], "restates it as"),
    (r"2x + h", [QUOTIENT], "is no relation"),
    (r"a = b", [{"kind": "numeric", "sides": [], "relations": []}], "no text to compare"),
    (r"x = x \quad (x \ne 0)", [record("x", "x")], "defined there as well"),
]


@pytest.mark.parametrize(("latex", "records"), SAME, ids=[s[0] for s in SAME])
def test_what_was_checked_may_be_shown(latex: str, records: list[dict[str, Any]]) -> None:
    assert drift(latex, records) == []


@pytest.mark.parametrize(("latex", "records", "says"), APART, ids=[s[0] for s in APART])
def test_what_was_not_checked_is_found(
    latex: str, records: list[dict[str, Any]], says: str
) -> None:
    found = drift(latex, records)
    assert found
    assert says in found[0]
    assert all("\n" not in reason for reason in found)
