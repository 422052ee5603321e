"""MathML without style attributes, which a strict Content-Security-Policy does not let act.

Temml writes them for what MathML Core has no attribute for. Each declaration that the book uses
has a class in the theme's ``60-math.css`` or an attribute of MathML.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

ATTRIBUTES: Final = {"color": "mathcolor"}
#: The class of ``math`` says these already; browsers take them from our style sheet.
_SAID: Final = {("math", "display", "block math")}
#: Values of padding: none, LaTeX's ``\\arraycolsep``, and Temml's rooms between columns.
_ROOMS: Final = {"0": "0", "5.9776pt": "array", "1em": "1", "0.4em": "4", "0.1389em": "14"}
#: Negative spaces, by the digits of their widths: ``\\!``, ``\\negmedspace``, ``\\negthickspace``.
_BACK: Final = ("1667", "2222", "2778")
_LINES: Final = {"0.06em solid": "line", "0.06em dashed": "dash"}
CLASSES: Final = {
    ("math-depth", "0"): "depth-0",
    ("math-depth", "2"): "depth-2",
    ("font-weight", "bold"): "tml-bold",
    ("text-align", "left"): "tml-left",
    **{("margin-left", f"-0.{digits}em"): f"back-{digits}" for digits in _BACK},
    ("padding", "3pt"): "tml-boxed",
    ("border", "1px solid"): "tml-boxed",
    **{
        (f"padding-{side}", value): f"pad-{side[0]}-{name}"
        for side in ("left", "right")
        for value, name in _ROOMS.items()
    },
    **{
        (f"border-{side}", value): f"{name}-{side[0]}"
        for side in ("left", "right", "top", "bottom")
        for value, name in _LINES.items()
    },
}
"""Property and value → class."""

_ZERO: Final = re.compile(r"0(?:[a-z]+|%)?")


class StyleError(ValueError):
    """A formula has a style that neither a class nor an attribute says."""


def unstyle(root: ET.Element) -> None:
    """Say in classes and attributes what style attributes say, in place.

    Parameters
    ----------
    root : xml.etree.ElementTree.Element
        A ``<math>`` element.

    Raises
    ------
    StyleError
        With a sentence, where that is not possible.
    """
    for element in root.iter():
        for rule in element.attrib.pop("style", "").split(";"):
            name, colon, value = (part.strip() for part in rule.partition(":"))
            if colon and (element.tag, name, value) not in _SAID:
                _say(element, name, "0" if _ZERO.fullmatch(value) else value)


def _say(element: ET.Element, name: str, value: str) -> None:
    if name in ATTRIBUTES:
        element.set(ATTRIBUTES[name], value)
    elif (name, value) in CLASSES:
        classes = dict.fromkeys([*element.get("class", "").split(), CLASSES[name, value]])
        element.set("class", " ".join(classes))
    else:
        raise StyleError(
            f"“{name}: {value}” would be an inline style, which the site's pages do not have: "
            "write the formula in another form"
        )
