"""Repairs of the HTML that other extensions write: repeated ids, unused scripts."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from docutils import nodes
from pygments.token import STANDARD_TYPES, Token
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdbook.publish.theme import folding
from gdbook.publish.theme.highlighting import Light

# sphinx-proof and sphinx-exercise give the content of every box the same id.
REPEATED = {"proof-content", "exercise-content", "solution-content"}
_CITATION = re.compile(r'<div [^>]*class="citation(?:-list)?"[^>]*>')
_ROLE = re.compile(r' role="[^"]*"')
_EMPTY_HEADING = re.compile(r"<th\b([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>")
_NAME = re.compile(r'(?<=<span class="pre">)[^<>]{9,}(?=</span>)')
_PART = re.compile(r"(?<=[^\W_])([._(]+)(?=[^\W_])")
_BOX = '<input class="task-list-item-checkbox"'
WRAPPERS = {"table-wrapper", "math-wrapper"}
PROOF = "Proof. "
#: A cell of a table with more characters than this gets a width at which they can be read.
SENTENCE = 24
_SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<body>.*?)</script>\s*", re.DOTALL)


class Tidy(SphinxPostTransform):
    """Leave every id to one element; mark the word *Proof*, and cells without output."""

    default_priority = 510  # after Furo's wrappers, at 500
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Mend the document."""
        for node in self.document.findall(nodes.container):
            if WRAPPERS & set(node["classes"]) and len(node) == 1:
                inner = node[0]
                assert isinstance(inner, nodes.Element)
                if inner["ids"] == node["ids"]:
                    node["ids"] = []
            if node.get("nb_element") == "cell_code" and len(node) == 1:
                (only,) = node.children
                if isinstance(only, nodes.Element) and only.get("nb_element") == "cell_code_source":
                    node["classes"].append("silent")
        for table in self.document.findall(nodes.table):
            if "colwidths-given" in table["classes"]:  # which would be styles of each column
                table["classes"].remove("colwidths-given")
                table["classes"].append("colwidths-auto")
        for entry in self.document.findall(nodes.entry):
            if len(entry.astext()) > SENTENCE:
                entry["classes"].append("sentence")
        seen = set(REPEATED)
        for element in self.document.findall(nodes.Element):
            element["ids"] = [name for name in element["ids"] if name not in seen]
            seen.update(element["ids"])
        for box in self.document.findall(folding.is_box):
            if type(box).__name__ == "proof_node":
                assert isinstance(box, nodes.Element)
                _set_apart_proof(box)


def _set_apart_proof(box: nodes.Element) -> None:
    """Set sphinx-proof's word, which is plain text, in an element of its own."""
    text = next(iter(box.findall(nodes.Text)), None)
    if text is not None and text.startswith(PROOF):
        rest = nodes.Text(text.removeprefix(PROOF))
        text.parent.replace(text, [nodes.emphasis("", PROOF, classes=["proof-word"]), rest])


def without_thebe(body: str) -> str:
    """Return the body of a page or deck without the scripts of Thebe, which no page has."""

    def kept(match: re.Match[str]) -> str:
        thebe = "text/x-thebe-config" in match["attributes"] or match["body"].startswith(
            "kernelName"
        )
        return "" if thebe else match.group()

    return _SCRIPT.sub(kept, body)


def tidied(body: str) -> str:
    """Return a page's body without unused scripts, with names that may break and right roles.

    Parameters
    ----------
    body : str
        The HTML that Sphinx wrote for a document.
    """
    body = without_thebe(body)
    # Roles that are deprecated, or that ask for children the list does not have.
    body = _CITATION.sub(lambda tag: _ROLE.sub("", tag.group()), body)
    # A long name may be broken where a part of it ends, rather than anywhere.
    body = _NAME.sub(lambda name: _PART.sub(r"\1<wbr>", name.group()), body)
    body = _plain_spans().sub(r"\1", body)
    body = _EMPTY_HEADING.sub(r"<td\1></td>", body)  # the corner of a table heads nothing
    return body.replace(_BOX, f'{_BOX} aria-label="Done"')


@cache
def _plain_spans() -> re.Pattern[str]:
    """Return what finds pieces of code that look as code does anyway: a third of a page's tags."""
    plain = Light.style_for_token(Token)
    names = [
        name
        for kind, name in STANDARD_TYPES.items()
        if name and Light.style_for_token(kind) == plain
    ]
    return re.compile(rf'<span class="(?:{"|".join(sorted(names))})">([^<]*)</span>')


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(Tidy)
