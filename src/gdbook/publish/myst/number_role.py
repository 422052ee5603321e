"""The role ``{n}``: a number in a sentence, computed by a cell of the chapter."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from myst_nb.ext.glue.roles import PasteTextRole
from sphinx.application import Sphinx

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"(?<=\d)e([+-]\d+)\b")
_MINUS = re.compile(r"(?<![\w.)⁻])-(?=[\d.])")


def typeset(text: str) -> str:
    """Set a formatted number as a book does: ``-3.2e-09`` becomes ``−3.2 × 10⁻⁹``.

    The spaces about the cross do not break.

    Parameters
    ----------
    text : str
        What Python's ``format`` made; text that holds no number stays as it is.
    """
    text = {"inf": "∞", "-inf": "−∞"}.get(text, text)
    text = _POWER.sub(lambda m: "\u00a0×\u00a010" + str(int(m[1])).translate(_SUPERSCRIPT), text)
    return _MINUS.sub("−", text)


class Number(PasteTextRole):
    """Paste what ``say`` said: `` {n}`steps` `` or, with a format, `` {n}`err:.1e` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as an inline node of class ``computed``."""
        made, messages = super().run()
        for node in made:
            if isinstance(node, nodes.inline):
                text = typeset(node.astext())
                node.clear()
                node.append(nodes.Text(text))
                node["classes"] = ["computed"]
        return made, messages


def setup(app: Sphinx) -> None:
    """Register the role."""
    role: Any = Number()
    app.add_role("n", role)
