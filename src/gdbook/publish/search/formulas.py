"""Formulas in one line of plain text, as they are read and searched: ``f(x) = x²/2``."""

from __future__ import annotations

import xml.etree.ElementTree as ET

_RAISED = str.maketrans("0123456789+−-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def plain(mathml: str) -> str:
    """Return the text of a formula.

    Parameters
    ----------
    mathml : str
        As Temml sets it.
    """
    return " ".join(_text(ET.fromstring(mathml)).split())


def _text(element: ET.Element) -> str:
    name = element.tag.removeprefix(_NAMESPACE)
    parts = [_text(child) for child in element]
    own = (element.text or "").strip(" ")
    match name:
        case "annotation":
            made = ""
        case "mfrac":
            made = "/".join(f"({p})" if len(p.split()) > 1 else p for p in parts)
        case "msqrt":
            made = f"√{''.join(parts)}"
        case "msup" if parts[1:] and set(parts[1]) <= set("0123456789+−-n"):
            made = parts[0] + parts[1].translate(_RAISED)
        case "mspace":
            made = " "
        case "mtr" | "mtd":
            made = " ".join([*parts, ""])
        case "mo" if own and own in "=<>≤≥≈→+−≠∈":
            made = f" {own} "
        case _:
            made = own + "".join(parts)
    return made
