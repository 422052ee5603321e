"""Quick questions: the directive ``{quick}``, and what it becomes in HTML.

The answers stand in `gdbook.quick`, by the question's label; the doctree holds the question.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from gdbook import quick


class quick_question(nodes.General, nodes.Element):  # noqa: N801  (docutils names nodes so)
    """A quick question: ``label``, ``number``, ``answer`` in words, and ``script``, its answers."""


class quick_option(nodes.Inline, nodes.TextElement):  # noqa: N801
    """An option with its letter, in an entry of a list or in the first cell of a table's line."""


class QuickDirective(SphinxDirective):
    """A question of two minutes, answered on the page.

    ::

        :::{quick} quick-stable-rate
        What is the largest …?
        :::

    The answers stand in a file of `gdbook.quick` under this label. If they are letters, the
    question ends in a list or a table: its entries or lines are the options.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return the question's node, which can be referred to by its label."""
        label = self.arguments[0]
        try:
            question = quick.question(label)
        except ValueError as error:
            for path in quick.FOLDER.glob("*.toml"):
                self.env.note_dependency(str(path))
            raise self.error(str(error)) from None
        self.env.note_dependency(str(quick.FOLDER / f"{question.chapter}.toml"))
        known = self.state.document.ids
        if label in known:
            raise self.error(f"{label} is asked twice: each question has a label of its own")
        known[label] = node = quick_question("", ids=[label], label=label, minutes=2)
        self.set_source_info(node)
        node["number"] = self.env.new_serialno("quick") + 1
        node["answer"] = f"{question.answer.replace('-', '−')}: {question.right}"
        node["script"] = question.for_script()
        self.state.nested_parse(self.content, self.content_offset, node)
        if not node.children:
            raise self.error(f"{label} asks nothing: write the question between the colons")
        if question.options:
            places = _places(node)
            if len(places) != len(question.options):
                raise self.error(
                    f"{label} has {len(places)} options here and {len(question.options)} in its "
                    f"answers ({', '.join(question.options)}): end it in a list or table of these"
                )
            options = node.children[-1]
            assert isinstance(options, nodes.Element)
            options["classes"].append("quick-options")
            for place, letter in zip(places, question.options, strict=True):
                head = [nodes.strong("", letter), nodes.Text(" ")]
                option = quick_option("", "", *head, *place.children, letter=letter)
                place.clear()
                place.append(option)
        return [node]


def _places(question: quick_question) -> list[nodes.TextElement]:
    """Return the first paragraph of each option."""
    last = question.children[-1]
    entries: list[nodes.Node] = []
    if isinstance(last, nodes.bullet_list | nodes.enumerated_list):
        entries = last.children
    elif isinstance(last, nodes.table):
        body = next(iter(last.findall(nodes.tbody)))
        entries = [row[0] for row in body.children if isinstance(row, nodes.row)]
    found = [next(iter(entry.findall(nodes.paragraph)), None) for entry in entries]
    return [paragraph for paragraph in found if paragraph is not None]


def title(node: quick_question) -> str:
    """Return what a question is called in its chapter."""
    return f"Quick question {node['number']}"


def _visit_question(translator: HTML5Translator, node: quick_question) -> None:
    shown = json.dumps(node["script"], ensure_ascii=False, separators=(",", ":"))
    translator.body.append(
        f'<gd-quick class="quick" id="{escape(node["label"])}" data-answers="{escape(shown)}">'
        f'<form method="dialog" aria-label="{title(node)}"><p class="quick-title">{title(node)}</p>'
    )


def _depart_question(translator: HTML5Translator, node: quick_question) -> None:
    written = (
        "" if any(node.findall(quick_option)) else
        '<label>Your answer <input name="answer" autocomplete="off" autocapitalize="off" '
        'spellcheck="false"></label>'
    )  # fmt: skip
    translator.body.append(
        f'<div class="quick-given">{written}<button>Check</button></div>'
        '<p class="quick-said" role="status"></p></form>'
        '<details class="admonition quick-answer"><summary class="admonition-title">'
        f'Show the answer<span class="unseen"> to {title(node).lower()}</span></summary>'
        f"<p>{escape(node['answer'])}</p></details></gd-quick>\n"
    )


def _visit_option(translator: HTML5Translator, node: quick_option) -> None:
    translator.body.append(
        f'<label class="quick-option"><input type="radio" name="answer" value="{node["letter"]}">'
        "<span>"
    )


def _depart_option(translator: HTML5Translator, node: quick_option) -> None:
    translator.body.append("</span></label>")


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_directive("quick", QuickDirective)
    app.add_node(quick_question, html=(_visit_question, _depart_question))
    app.add_node(quick_option, html=(_visit_option, _depart_option))
