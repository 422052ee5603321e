"""The checks pass on what is true, fail on what is not, and say why in one sentence."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from gdbook import checks
from gdbook.checks import (
    CheckFailed,
    bound,
    derivative,
    identity,
    limit,
    minimiser,
    near,
    numeric,
    rate,
    say,
)

Call = tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]


def call(check: Callable[..., None], /, *args: Any, **options: Any) -> Call:
    return check, args, options


POSITIVE = {"u": (1e-3, 1), "M_0": (0.5, 2), "M_2": (0.5, 2)}
TRUE = [
    call(identity, "((x+h)**2 - x**2)/h", "(2*x*h + h**2)/h", "2*x + h"),
    call(identity, "((x+h)**2 - x**2)/h = 2*x + h"),
    call(identity, "f'(x)", "2*x", f="x**2"),
    call(identity, "(f(x+h) - f(x))/h", "f'(x) + h/2*f''(x) + O(h**2)"),
    call(identity, "log(x*y)", "log(x) + log(y)", x=(0.1, 2), y=(0.1, 2)),
    call(identity, "(1 + 1/n)**n", "e + O(1/n)"),
    call(derivative, "x**2*sin(1/x)", "2*x*sin(1/x) - cos(1/x)"),
    call(limit, "sin(x)/x", 1, x="x"),
    call(limit, "(1 + 1/n)**n", "e", "n", "oo"),
    call(limit, "abs(h)/h", -1, side="-"),
    call(limit, "1/h", "oo", side="+"),
    call(limit, "-1/h**2", "-oo"),
    call(limit, "(f(a+h) - f(a))/h", "f'(a)"),
    call(rate, "(f(x+h) - f(x))/h", "f'(x)", 1),
    call(rate, "(f(x+h) - f(x-h))/(2*h)", "f'(x) + h**2/6*f'''(x)", 4, f="exp(x)", at={"x": 1}),
    call(rate, "(4*D(h/2) - D(h))/3", "f'(x)", 4, D="h: (f(x+h) - f(x-h))/(2*h)"),
    call(rate, lambda h: (math.sin(1 + h) - math.sin(1 - h)) / (2 * h), math.cos(1), 2),
    call(bound, "abs(x**2 - 9)", "7*abs(x - 3)", x=(2, 4)),
    call(bound, "abs(x**2 - 9) = abs(x - 3)*abs(x + 3) <= 7*abs(x - 3)", x=(2, 4)),
    call(bound, "abs(y) >= s*y", s=(-1, 1)),
    call(bound, lambda x: abs(math.sin(x)), abs),
    call(bound, "abs((f(x+h) - f(x))/h - f'(x))", "h/2*M_2", f="sin(x)", M_2="1", h=(0.01, 1)),
    call(near, "sqrt(eps)", "1.49e-8", 0.01, eps=[2.0**-52]),
    call(near, "pi", "22/7", 0.001),
    call(bound, "223/71 < pi < 22/7"),
    call(minimiser, "h/2*M_2 + 2*u*M_0/h", "2*sqrt(u*M_0/M_2)", **POSITIVE),
    call(numeric, lambda x: math.sin(2 * x), lambda x: 2 * math.sin(x) * math.cos(x)),
]
FALSE = [
    call(identity, "((x+h)**2 - x**2)/h", "2*x - h"),
    call(identity, "((x+h)**2 - x**2)/h", "(2*x*h + h)/h", "2*x + h"),
    call(identity, "f'(x)", "3*x", f="x**2"),
    call(identity, "(f(x+h) - f(x))/h", "f'(x) - h/2*f''(x) + O(h**2)"),
    call(identity, "(f(x+h) - f(x))/h", "f'(x) + O(h**2)"),
    call(identity, "log(x*y)", "log(x) + log(y)"),
    call(derivative, "x**2*sin(1/x)", "2*x*sin(1/x) + cos(1/x)"),
    call(limit, "sin(x)/x", 2, x="x"),
    call(limit, "sin(1/x)", 0, x="x"),
    call(limit, "abs(h)/h", 1),
    call(limit, "1/h", "oo"),
    call(limit, "1/h", "-oo", side="+"),
    call(rate, "(f(x+h) - f(x))/h", "f'(x)", 2),
    call(rate, "(f(x+h) - f(x-h))/(2*h)", "f'(x) + h**2/3*f'''(x)", 4),
    call(rate, "x + h", "x + h", 1),
    call(rate, lambda h: (math.sin(1 + h) - math.sin(1)) / h, math.cos(1), 2),
    call(bound, "abs(x**2 - 9)", "6*abs(x - 3)", x=(2, 4)),
    call(bound, "abs(x**2 - 9)", "14*abs(x - 3)", x=(2, 4)),
    call(bound, "abs(x**2 - 9) = abs(x - 3)*abs(x + 2) <= 7*abs(x - 3)", x=(2, 4)),
    call(bound, "abs(y) > s*y", s=(-1, 1)),
    call(bound, lambda x: 0.4 * abs(math.sin(x)), abs),
    call(near, "sqrt(eps)", "3e-8", 0.1, eps=[2.0**-52]),
    call(near, "pi", "3", 0.01),
    call(bound, "pi < 3"),
    call(minimiser, "h/2*M_2 + 2*u*M_0/h", "sqrt(u*M_0/M_2)", **POSITIVE),
    call(minimiser, "-h**2", "0*h"),
    call(minimiser, "u", "2*sqrt(u)"),
    call(numeric, lambda x: math.sin(2 * x), lambda x: math.sin(x) * math.cos(x)),
]
BAD = [
    (call(identity, "x"), "at least two sides"),
    (call(identity, "x <= y"), "use bound"),
    (call(identity, "2x", "x"), "a product is written with"),
    (call(identity, "x", "x", y=(0, 1)), "no side contains y"),
    (call(identity, "x", "x", x=(1, 0)), "low < high"),
    (call(identity, "x", "x", x=3), "a range"),
    (call(identity, "x + h*O(h)", "x"), "stand alone"),
    (call(limit, "h", 0, side="up"), "side must be"),
    (call(rate, "h", 0, 1, steps=(1e-4, 1e-3)), "falling"),
    (call(rate, 3, 0, 1), "text or a function"),
    (call(rate, "h", "h**2", 1, at={"z": 1}), "neither side contains z"),
    (call(bound, "x", "y", tight=2), "between 0 and 1"),
    (call(bound, "x = y"), "use identity"),
    (call(bound, "x", abs), "two functions, or texts"),
    (call(near, "x", "y", 0.7), "between 0 and 0.5"),
    (call(numeric, abs), "at least two functions"),
]


def name(one: Any) -> str | None:
    check, args, _ = one[0] if isinstance(one[0], tuple) else one
    return f"{check.__name__}-{args[0]}" if args and isinstance(args[0], str) else None


@pytest.mark.parametrize("one", TRUE, ids=name)
def test_the_true_passes_with_one_line(one: Call, capsys: pytest.CaptureFixture[str]) -> None:
    check, args, options = one
    check(*args, **options)
    shown = capsys.readouterr().out
    assert shown.startswith("✓ ")
    assert shown.count("\n") == 1


@pytest.mark.parametrize("one", FALSE, ids=name)
def test_the_false_fails_with_one_sentence(one: Call, capsys: pytest.CaptureFixture[str]) -> None:
    check, args, options = one
    with pytest.raises(CheckFailed) as caught:
        check(*args, **options)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 30
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("one", BAD, ids=name)
def test_bad_input_meets_a_sentence(one: tuple[Call, str]) -> None:
    (check, args, options), says = one
    with pytest.raises(ValueError, match=says) as caught:
        check(*args, **options)
    assert not isinstance(caught.value, AssertionError)


def test_the_message_says_where_and_by_how_much() -> None:
    says = r"at h = .*, x = .* the sides are .* and .*, a difference of 2\.75537"
    with pytest.raises(CheckFailed, match=says):
        identity("((x+h)**2 - x**2)/h", "2*x - h")


def test_each_term_of_a_bound_is_needed() -> None:
    """A factor too much in one term hides behind the other, unless terms are looked at."""
    where: dict[str, Any] = {"h": (0.01, 1.0), "u": (1e-5, 1e-3)}
    bound("max(h, u/h)", "h + u/h", **where)
    for wrong in ("3*h + u/h", "h + 3*u/h"):
        with pytest.raises(CheckFailed, match=r"could be .* smaller"):
            bound("max(h, u/h)", wrong, **where)


def test_records_hold_what_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr("gdbook.checks.common.report", lambda _line, record: kept.append(record))
    identity("x + x", "2*x", of="eq-a", x=(0, 1), latex="x + x = 2x")
    limit("sin(x)/x", 1, x="x", side="+")
    rate("(f(x+h) - f(x))/h", "f'(x)", 1)
    bound("a*a >= 0 - b*b", tight=0)
    assert kept == [
        {
            "kind": "identity", "sides": ["x + x", "2*x"], "relations": ["="], "of": "eq-a",
            "latex": "x + x = 2x", "where": {"x": [0, 1]},
        },
        {"kind": "limit", "sides": ["lim(sin(x)/x, x, 0, right)", "1"], "relations": ["="]},
        {"kind": "rate", "sides": ["(f(x+h) - f(x))/h", "f'(x) + O(h)"], "relations": ["="]},
        {"kind": "bound", "sides": ["a*a", "0 - b*b"], "relations": ["≥"]},
    ]  # fmt: skip


def test_every_check_is_public() -> None:
    assert all(callable(getattr(checks, n)) for n in checks.__all__)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "at least one value"),
        ({"a": True}, "a is True"),
        ({"a": None}, "number or a text"),
        ({"_a": 1}, "the name _a"),
        ({"a-b": 1}, "the name a-b"),
    ],
)
def test_say_refuses_what_no_sentence_could_hold(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        say(**values)
