"""Mends in MathML: what TeX does and neither Temml nor the browsers do."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from gdbook.publish.math.unstyled import unstyle

# A radical as high as a bracket and as deep: without it, that of a small letter sinks
# below the line, since fonts have no smaller one. TeX puts the same in by hand (\\mathstrut).
_STRUT = {"width": "0", "height": "0.72em", "depth": "0.2em"}
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
# Chromium may paint a single letter with mathvariant="normal" in italics at first.
_UPRIGHT = re.compile(r'<mi mathvariant="normal">(.)</mi>')


def mended(mathml: str) -> str:
    """Return a ``<math>`` element as the pages should have it.

    Parameters
    ----------
    mathml : str
        A well-formed ``<math>`` element, as Temml writes it.

    Raises
    ------
    StyleError
        If it has a style that only a style attribute can say.
    """
    root = ET.fromstring(_UPRIGHT.sub(r"<mtext>\1</mtext>", mathml))
    unstyle(root)
    _join_lone(root)
    for element in root.iter():
        if element.tag in SCRIPTS:
            for script in list(element)[1:]:
                _tighten(script)
        elif element.tag == "mrow" and any(c.get("class") == "tml-prime" for c in element):
            element.attrib.pop("class", None)  # an italic letter's room, which the prime has
        elif element.tag == "msqrt":
            element.insert(0, ET.Element("mspace", _STRUT))
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def closed(mathml: str, stop: str) -> str | None:
    """Return a formula that may break, with the stop after it in its last part.

    Outside, the stop of a broken formula would stand at the end of the first line.

    Returns
    -------
    str or None
        None for a formula of one part.
    """
    root = ET.fromstring(mathml)
    if len(root) < 2 or any(part.tag != "mrow" for part in root):
        return None
    ET.SubElement(root[-1], "mtext").text = stop
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _join_lone(root: ET.Element) -> None:
    """Join an operator that Temml leaves alone between two places to break to what is before it.

    Alone it would have no space around it, and might begin a line: the second comma of
    x₁, …, xₙ does.
    """
    before: ET.Element | None = None
    for part in list(root):
        if before is not None and part.tag == "mrow" and [c.tag for c in part] == ["mo"]:
            before.append(part[0])
            root.remove(part)
        else:
            before = part if part.tag == "mrow" else None


def _tighten(script: ET.Element) -> None:
    """Take the space around operators away, as TeX does in subscripts and limits."""
    for operator in script.iter("mo"):
        if operator.get("stretchy") != "true" and operator.get("fence") != "true":
            operator.attrib.setdefault("lspace", "0em")
            operator.attrib.setdefault("rspace", "0em")
