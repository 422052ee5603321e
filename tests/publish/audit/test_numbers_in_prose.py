"""Which decimals the editor sees, what vouches for them, and what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pages import page

from gdbook.publish.audit.decimals import find
from gdbook.publish.audit.prose_numbers import literals
from gdbook.publish.audit.prose_numbers import numbers as rule
from gdbook.publish.myst.number_role import typeset

QUICK = settings(max_examples=30, deadline=None)

TEMPLATES = (
    "The loss is {} in the end.",
    "The loss is **{}**.",
    "It falls (by {}, say) at once",
    "* an item with {}\n* another",
    "# A heading with {}\n",
    "| a | b |\n| --- | --- |\n| {} | words |\n",
    "> quoted: {}",
    "![The curve touches the axis at {} and then it rises](curve.svg)",
    ":::{{note}} A title\nInside of a box: {}.\n:::",
)
FORMULAS = ("$x_0 = {}$", "$\\eta={}$", "$(0,{})$", "$$ f(x) = {} \\, x $$", "$[{}, 2]$", "${}x^2$")


def told(text: str, code: str = "", **options: object) -> list[tuple[int, str]]:
    made = page(text, [code] if code else [], **options)  # type: ignore[arg-type]
    return [(found.line, found.text) for found in rule(made)]


def decimals() -> st.SearchStrategy[str]:
    """Numbers with a point, as an author would type them."""
    return st.builds(
        lambda whole, part: f"{whole}.{part}",
        st.integers(0, 999),
        st.text("0123456789", min_size=1, max_size=6),
    )


@QUICK
@given(decimals(), st.sampled_from(TEMPLATES + FORMULAS))
def test_a_decimal_is_computed_or_an_input_or_given_or_else_told(number: str, where: str) -> None:
    text = where.format(number)
    assert [n for _, n in told(text) if n.startswith(f"{number} is neither computed")] != []
    assert told(text, f"learning_rate = {number}") == []
    assert told(text, f"f(-{number}, x)") == []
    assert told(text, given={number: "the golden ratio"}) == []
    assert told(text, f"learning_rate = {number}1") != []
    assert told(text, f"print('{number}')  # {number}") != []
    assert told(text, f'holds("eq-a", "{number} x = y")', tags=["check"]) == []


@QUICK
@given(decimals(), st.integers(-12, -1))
@example("3.2", -9)
def test_a_power_of_ten_belongs_to_its_number(mantissa: str, power: int) -> None:
    shown = typeset(f"{mantissa}e{power}")  # as the role {n} would set it
    texts = (
        f"about {shown} here",
        f"about {mantissa} × 10^{power} here",
        f"about {mantissa}e{power} here",
        rf"about ${mantissa} \times 10^{{{power}}}$ here",
        rf"about ${mantissa}\cdot10^{{{power}}}$ here",
    )
    paragraphs = "\n\n".join(texts)
    assert told(paragraphs, f"tolerance = {mantissa}e{power}") == []
    assert [line for line, _ in told(paragraphs)] == [1, 3, 5, 7, 9]
    other = told(paragraphs, f"tolerance = {mantissa}e{power - 1}")
    assert len(other) == (0 if float(mantissa) == 0 else 5)


@QUICK
@given(st.floats(0.001, 99, allow_nan=False))
def test_a_percentage_may_be_a_fraction_in_the_code(fraction: float) -> None:
    shown = f"{fraction:.1f}"
    text = rf"{shown} % or {shown}% or ${shown}\,\%$ or {shown} per cent"
    assert told(text, f"x = {float(shown) / 100!r}") == []
    assert told(text, f"x = {shown}") == []
    assert len(told(text)) == 4
    without = told(f"{shown} of it", f"x = {float(shown) / 100!r}")
    assert len(without) == (float(shown) != 0)


@QUICK
@given(st.integers(0, 10**6))
def test_integers_are_free(number: int) -> None:
    texts = ("{}", "$x = {}$", "$10^{{-{}}}$", "$2^{{-{}}}$", "{}.", "in {}, and", "({})", "{:,}")
    assert told("; ".join(text.format(number) for text in texts)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Python 3.11, torch 2.13.0, NumPy 1.26 and v1.0.4; version 3.9",
        "DOI 10.1007/978-0-387-40065-5, https://doi.org/10.1145/103162.103163, arXiv:1412.6980",
        "CC BY 4.0 and 22.12.2015",
        "It takes 2.5 minutes, 0.1 s and 1.2 GB; 0.5-second steps; a contrast of 4.5:1",
        r"$2.5\,\text{ms}$ and $a \\[0.5em] b$",
        "The code `lr=0.1` and ⟦0.15⟧ were computed",
        "    x = 0.25\n",
        "```python\nx = 0.25\n```\nwith 0.25",
        "[v0.5](https://example.org/0.5) and <https://example.org/1.5>",
        "powers like $10^{-5}$ and 10⁻⁵",
        "1/2 and $\\frac12$ and 3,000",
        "$$\nx = 0.5\n$$ (eq-half)",
    ],
)
def test_what_is_no_result_is_left_alone(text: str) -> None:
    assert told(text.replace("v0.5", "this")) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("−1.5 is less", "1.5"),
        ("1.5x faster", "1.5"),
        (".5 of it", ".5"),
        ("3,000.5 of them", "3,000.5"),
        ("5 × 10⁻⁴", "5 × 10⁻⁴"),
        ("$(0.1,0.3)$ and 0.1", "0.3"),
        ("1.5 version of it", "1.5"),
        ("the torch burns 1.5 of it", "1.5"),
        ("$0.5 m$ is half of $m$", "0.5"),
        ("0.9. Then 2", "0.9"),
        ("1.414…", "1.414"),
        ("$$ \\eta = 0.5 $$ (def-rate)", "0.5"),
        ("\\begin{align*}\n\\eta = 0.5\n\\end{align*}", "0.5"),
    ],
)
def test_what_is_a_result_is_told(text: str, shown: str) -> None:
    assert f"{shown} is neither computed" in " ".join(n for _, n in told(text, "0.1"))


def test_each_is_told_at_its_line() -> None:
    text = "A page\n\nof words with\n10.25 and then\n0.25, and $a = 0.75$\n"
    text += "\n| a |\n| - |\n| 0.5 |\n| 0.5 |\n"
    lines = [(line, text.split(" ")[0]) for line, text in told(text)]
    assert lines == [(4, "10.25"), (5, "0.25"), (5, "0.75"), (9, "0.5"), (10, "0.5")]


def test_numbers_of_things_are_references() -> None:
    for text in ("see Section 2.3", "in figure 4.1", "(Theorem 3.2)", "Problems 1.10"):
        (found,) = told(text, "2.3 4.1")
        assert "typed by hand" in found[1]


def test_a_reason_is_given_for_what_is_needed_and_for_nothing_else() -> None:
    text = "The golden ratio is 1.618."
    assert told(text, given={"1.618": "golden ratio"}) == []
    for given_, sentence in (
        ({"1.618": " "}, "without a reason"),
        ({"1.618": "golden", "2.5": "why"}, "given is 2.5, which this page does not state"),
        ({"1.618": "golden", "phi": "why"}, "'phi' is no number"),
    ):
        (found,) = told(text, given=given_)
        assert sentence in found[1]
    (found,) = told(text, "1.618", given={"1.618": "golden ratio"})
    assert "take it out" in found[1]


@QUICK
@given(st.lists(st.floats(1e-9, 1e9, allow_nan=False), min_size=1, max_size=5))
def test_the_numbers_of_a_program_are_its_literals(numbers: list[float]) -> None:
    code = "\n".join(f"x{k} = -({number!r} + y{k}[3])" for k, number in enumerate(numbers))
    assert literals(code) >= {float(f"{n:.12g}") for n in numbers} | {3.0}
    assert literals(code + "\nif (") >= {float(f"{n:.12g}") for n in numbers}


def test_what_python_cannot_read_is_passed_over() -> None:
    assert literals("%config x = 0.25\ny = 'unfinished") >= {0.25}
    assert literals("x = 0x1F + 2.5j + 1_000.5") == {2.5, 1000.5}


@QUICK
@example("", ".0E310")
@given(st.text(max_size=80), st.text("0123456789.,eE-×⁻ {}\\", max_size=40))
def test_any_text_can_be_searched(words: str, digits: str) -> None:
    text = words + digits
    for mark in " $":
        for decimal in find(text, mark * len(text)):
            assert text[decimal.start :].startswith(decimal.shown)
            assert all(value >= 0 for value in decimal.values)
