"""How long a text is where it is seen, and how much room there is for it."""

from __future__ import annotations

import re

from docutils import nodes

#: Of a slide of 1280 pixels, between its margins; and of what is in a box.
WIDTH, BOXED = 1136, 1074

_COMMAND = re.compile(r"\\[a-zA-Z]+\*?|[{}^_$&]")


def plain(node: nodes.Node) -> str:
    """Return a text as long as what is seen of it: a formula's commands are one sign each."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return _COMMAND.sub(lambda m: "x" if m[0][0] == "\\" else "", node.astext())
    return "".join(map(plain, node.children))
