"""The parts of a deck that docutils has no nodes for."""

from __future__ import annotations

from docutils import nodes


class slide(nodes.General, nodes.Element):  # noqa: N801
    """One slide.

    Attributes: ``opens_stack`` and ``closes_stack``; ``cell`` (number from 1), ``line``
    and ``page`` (the section of the page that it belongs to), for messages and links.
    """


class slide_heading(nodes.General, nodes.TextElement):  # noqa: N801
    """The heading of a slide; attribute ``level`` from 1."""


class slide_body(nodes.General, nodes.Element):  # noqa: N801
    """All of a slide below its heading."""


class slide_fragment(nodes.General, nodes.Element):  # noqa: N801
    """What appears at the next key."""


class slide_notes(nodes.General, nodes.Element):  # noqa: N801
    """What the speaker says."""


class slide_footnotes(nodes.General, nodes.Element):  # noqa: N801
    """Footnotes, at the foot of the slide that refers to them."""
