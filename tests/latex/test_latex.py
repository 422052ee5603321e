r"""Tokens and arguments of LaTeX: what TeX would take, and where it stands."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdbook.latex import Cursor, Unreadable, breaks_lines, expanded, tokenise, written


@given(st.text(alphabet="\\{}[]^_%&$ \nax1.2é∑'", max_size=30))
@example("\\aé")
@example("\\éa")
def test_tokens_are_the_formula_cut_where_they_say(latex: str) -> None:
    tokens = tokenise(latex)
    for token in tokens:
        begins = "\\" if token.kind == "command" else token.text
        assert latex.startswith(begins, token.at)
    if "%" not in latex:
        assert written(tokens).split() == latex.split()
        assert [t.at for t in tokens] == sorted({t.at for t in tokens})


@pytest.mark.parametrize(
    ("latex", "tokens"),
    [
        (r"\alpha x1", ["command alpha", "space  ", "letter x", "number 1"]),
        (r"\\\%\,\{", ["command \\", "command %", "command ,", "command {"]),
        ("12.5a .5", ["number 12.5", "letter a", "space  ", "number .5"]),
        (r"\operatorname*{x}", ["command operatorname*", "group {", "letter x", "endgroup }"]),
        (r"\operatorname *", ["command operatorname", "space  ", "char *"]),
        ("a % b {\nc", ["letter a", "space  ", "letter c"]),
        ("a\\", ["letter a", "command "]),
    ],
)
def test_what_is_a_token(latex: str, tokens: list[str]) -> None:
    assert [f"{t.kind} {t.text}" for t in tokenise(latex)] == tokens


@pytest.mark.parametrize(
    ("latex", "first", "second"),
    [
        (r"12", "1", "2"),
        (r"{a}{b}", "a", "b"),
        (r" a b", "a", "b"),
        (r"{a{b}c}\pi", "a{b}c", r"\pi"),
        (r"\alpha{}", r"\alpha", ""),
        (r"{\}}\}", r"\}", r"\}"),
    ],
)
def test_an_argument_is_a_group_or_one_token(latex: str, first: str, second: str) -> None:
    at = Cursor(tokenise(latex))
    assert (written(at.group()), written(at.group())) == (first, second)
    with pytest.raises(Unreadable, match="an argument is missing"):
        at.group()


def test_an_option_may_hold_brackets_in_braces() -> None:
    at = Cursor(tokenise(r"[{]}a] b"))
    option = at.option()
    assert option is not None
    assert written(option) == "{]}a"
    assert at.option() is None
    assert at.take().text == "b"
    with pytest.raises(Unreadable, match="a square bracket is not closed"):
        Cursor(tokenise("[{]")).option()


def test_words_that_a_comment_parted_stay_apart() -> None:
    assert written(tokenise("\\alpha%\nx")) == r"\alpha x"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\norm{x} \in \R^n", r"\|x\| \in \mathbb{R}^n"),
        (r"\norm\R", r"\|\mathbb{R}\|"),
        (r"\swap{\#2}b", r"b\#2"),
        (r"\swap12", "21"),
    ],
)
def test_macros_are_replaced_by_their_texts(latex: str, text: str) -> None:
    macros = {r"\R": r"\mathbb{R}", r"\norm": r"\|#1\|", "swap": "#2#1"}
    assert written(expanded(latex, macros)) == text


def test_a_macro_must_end_and_have_its_arguments() -> None:
    with pytest.raises(Unreadable, match=r"the macro \\a expands without end"):
        expanded(r"\a", {"a": r"x\b", "b": r"\a"})
    with pytest.raises(Unreadable, match="an argument is missing"):
        expanded(r"\a", {"a": "#1"})


def test_a_line_breaks_outside_groups() -> None:
    assert breaks_lines(tokenise(r"a \\ b"))
    assert breaks_lines(tokenise(r"\begin{x} a \\ b \end{x} \cr c"))
    assert not breaks_lines(tokenise(r"{a \\ b} \begin{x} \\ \end{x} \, \{"))
