"""What a new chapter starts from: its page, its checkers, their tests, and reminders elsewhere.

A place that is still to be written is a comment with the mark that the editor names. Nothing
here is text that a reader could take for the book's.
"""

from __future__ import annotations

from gdbook.publish.core.unwritten import MARK

#: Where a page of the book needs an entry for the chapter, and which; added at the page's end.
REMINDERS = {
    "book/index.md": "a card under The chapters: its question, and the figure that it shows",
    "book/reference/notation.md": "a row for each symbol that is new; then take this line out",
    "book/reference/glossary.md": "an entry for each word that is new; then take this line out",
    "book/reference/references.bib": "an entry for each work cited; then take this line out",
}

_PAGE = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
slides: blocks
---

(sec-«name»)=
# «title»

:::{admonition} In this chapter
:class: objectives

% «mark» what the reader will be able to do: **You will be able to** …

% «mark» what the reader has to know before: **You need** …

**It takes** about {minutes}`core` to read the core, and {minutes}`text` with what is *deeper*. The
problems take {minutes}`problems`, text and problems together {minutes}`all`.
:::

% «mark» a section that asks the chapter's question, by a picture or a number

```{code-cell} ipython3
# «mark» compute what the question is about; end in the thing to look at
```

```{code-cell} ipython3
:tags: [remove-cell]
from gdbook.checks import say

# «mark» say(steps=17) for each number that a sentence has as {n}`steps`
```

% «mark» a figure: a cell with alt, caption and a name fig-…, drawn by gdbook.plots

% «mark» the sections, one idea each, a picture or an example before its formula

% «mark» claims as displayed equations (eq-…), each with a cell tagged check after it

% «mark» a quick question after each core idea

% «mark» what the core does not need, in sections that {.deeper} marks

:::{admonition} Watch out
:class: watch-out

% «mark» a mistake that is often made, and how to notice it
:::

:::{admonition} Watch out
:class: watch-out

% «mark» another such mistake; the boxes stand where the mistakes are made, not at the end
:::

## Summary

:::{admonition} To keep
:class: summary

% «mark» a table of the formulas and their conditions, and the answer to the question
:::

## Problems

«problems»
## Further reading

% «mark» what to read next and why, each work cited with {cite:p}`…`
"""

# The card is inside a comment: what is typed over has no value that could stay by mistake.
_CARD = """\
% :::{problem} Title
% :label: prob-…
% :tier: predict
% :difficulty: easy, moderate or demanding
% :minutes: …
% :answer: …
% What is to be done.
% :::
%
% :::{solution-start} prob-…
% :::
% Text and code cells, which run with the chapter.
% :::{solution-end}
% :::
"""

_PROBLEMS = (
    ("predict", "what will happen, said before it is run; its card and its solution:"),
    ("predict", "what will happen in a case that surprises"),
    ("derive", "a formula of the chapter in another case"),
    ("derive", "a statement whose proof is short"),
    ("implement", "a function that a checker can call"),
    ("implement", "a method or a variant of one, held against the package"),
    ("debug", "code with its symptoms; the mistake is asked for"),
    ("investigate", "a small experiment, with what to vary and what to look at"),
)

_EXERCISES = '''\
"""Checkers of the problems of «docname»."""

from __future__ import annotations

# «mark» a function with @checker("prob-…") for each answer that can be checked
'''

_TESTS = '''\
"""The checkers of «docname»: right answers in several forms, wrong ones told why."""

from __future__ import annotations

from typing import Any

import pytest

from judging import all_tested, judged_right, judged_wrong

# «mark» for each checker's label the right answers, in several forms
RIGHT: dict[str, list[Any]] = {}

# «mark» for each checker the well-known wrong answers, each with words that must be said
WRONG: list[tuple[str, Any, str]] = []


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "«module»")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
'''


_HINTS = """\
# Hints to the problems of «docname».

# «mark» for each problem's label one to three hints, with a checker three
"""

_QUICK = """\
# Answers to the quick questions of «docname».

# «mark» for each question's label the answer, why it is right, a hint, and wrong answers
"""


def page(name: str, title: str) -> str:
    """Return the chapter's page, in the order of a chapter, with cells that run."""
    problems = "".join(
        f"% {MARK} a problem of tier {tier}: {what}\n{_CARD if first else ''}\n"
        for first, (tier, what) in zip([True] + [False] * len(_PROBLEMS), _PROBLEMS, strict=False)
    )
    return _filled(_PAGE, name=name, title=title, problems=problems)


def exercises(docname: str) -> str:
    """Return the module of the chapter's checkers."""
    return _filled(_EXERCISES, docname=docname)


def tests(docname: str, module: str) -> str:
    """Return the tests of the chapter's checkers."""
    return _filled(_TESTS, docname=docname, module=module)


def hints(docname: str) -> str:
    """Return the file of the chapter's hints."""
    return _filled(_HINTS, docname=docname)


def quick_answers(docname: str) -> str:
    """Return the file of the answers to the chapter's quick questions."""
    return _filled(_QUICK, docname=docname)


def reminder(path: str, title: str) -> str:
    """Return the line, a comment in MyST and in BibTeX, that says what a page still needs."""
    return f"\n% {MARK} for the chapter {title}, {REMINDERS[path]}\n"


def changelog(title: str) -> str:
    """Return the changelog's line on the chapter."""
    return (
        f"- The chapter *{title}*. <!-- {MARK} what comes with it, for those who have the book -->"
    )


def _filled(text: str, **words: str) -> str:
    for key, word in {**words, "mark": MARK}.items():
        text = text.replace(f"«{key}»", word)
    return text
