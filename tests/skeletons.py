"""Formulas without their looks: two programs' MathML, reduced to what must agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import typst

from gdbook.publish.formats.print import compiling
from gdbook.publish.formats.print.mathematics import convert
from gdbook.publish.math.temml import Typesetter

DESIGN = Path(compiling.__file__).parent / "design"
_LEAVES = {"mi", "mn", "mo", "mtext", "ms"}
_NOTHING = {"mspace", "annotation", "mphantom", "mprescripts", "none"}


def mathml_of_typst(formulas: Sequence[str], temml: Typesetter, folder: Path) -> list[str]:
    """Convert formulas and let Typst write each as MathML, all in one run."""
    lines = ['#import "/math.typ": *', *(f"#[$ {convert(tex, temml)} $]" for tex in formulas)]
    (folder / "math.typ").write_bytes((DESIGN / "math.typ").read_bytes())
    (folder / "formulas.typ").write_text("\n\n".join(lines), "utf-8")
    made = typst.Compiler(root=str(folder), ignore_system_fonts=True).compile(
        str(folder / "formulas.typ"), format="html"
    )
    assert isinstance(made, bytes)
    return re.findall(r"<math[^>]*>.*?</math>", made.decode("utf-8"), flags=re.DOTALL)


def skeleton(mathml: str) -> str:
    """Return a formula's characters in order, with its fractions, roots, scripts and rows."""
    text = re.sub(r'\sxmlns="[^"]*"', "", mathml).replace("&nbsp;", " ")
    made = _linear(ET.fromstring(text))
    # Of the same meaning: applying a function, spaces, a prime beside or above its letter.
    made = re.sub(r"[\u2061\u2062\u200b\ufe00-\ufe0f\s]", "", made).replace("[]", "")
    made = made.replace("\u20d7", "→").replace("\u20d6", "←")
    made = re.sub(r"\^\{(′+)([^{}]*)\}", r"\1^{\2}", made)
    return made.replace("^{}", "").replace("_{}", "")


def _linear(element: ET.Element) -> str:  # noqa: PLR0911
    tag = element.tag
    if tag in _LEAVES:
        text = unicodedata.normalize("NFKC", "".join(element.itertext()))
        return "".join(_ALIKE.get(part, part) for part in (text.strip(),))
    if tag in _NOTHING:
        return ""
    parts = [_linear(child) for child in element]
    if tag == "mtr":
        return "|".join(parts)
    if tag == "mtable":
        return "[" + ";".join(parts) + "]"
    if tag == "mfrac":
        return f"({parts[0]})//({parts[1]})"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "mroot":
        return f"√[{parts[1]}]({parts[0]})"
    if tag in ("msub", "munder"):
        return f"{parts[0]}_{{{parts[1]}}}"
    if tag in ("msup", "mover"):
        return f"{parts[0]}^{{{parts[1]}}}"
    if tag in ("msubsup", "munderover"):
        return f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}"
    return "".join(parts)


#: Signs that the two programs choose differently for the same command.
_ALIKE = {
    "|": "∣", "ˆ": "\u0302", "˜": "\u0303", "~": "\u0303", "\u0305": "\u0304", "...": "\u20db",
    "⃜": "....", "⃡": "↔", "⃐": "↼", "⃑": "⇀", "·": "⋅",
    "ˇ": "\u030c", "`": "\u0300", "´": "\u0301", "˘": "\u0306", "¯": "\u0304",
}  # fmt: skip
