"""One SVG out of many frames: what all frames share is written once.

Elements that are not in every frame carry ``data-frames="3-7 9"``, and all but the
still's carry ``display="none"``: whatever shows the file without a script shows the still.
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from difflib import SequenceMatcher

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"

ET.register_namespace("", SVG[1:-1])
ET.register_namespace("xlink", XLINK[1:-1])


def merge(frames: Sequence[str], still: int, background: str | None = None) -> ET.Element:
    """Merge the SVGs of frames into one.

    Parameters
    ----------
    frames : sequence of str
        SVG documents of one size.
    still : int
        The frame that shows where no script runs.
    background : str, optional
        SVG document of what lies beneath all frames.

    Returns
    -------
    xml.etree.ElementTree.Element
        The root, ``<svg>``.
    """
    beneath = [] if background is None else [background]
    roots = [_clean(ET.fromstring(text)) for text in (*beneath, *frames)]
    merged = copy.copy(roots[0])
    merged[:] = []
    # What Matplotlib's style sheet said of every element; it would say it of the whole page.
    merged.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    definitions = _hoist(roots)
    if len(definitions):
        merged.append(definitions)
    for root in roots[: len(beneath)]:
        merged.extend(root)
    rows = [list(root) for root in roots[len(beneath) :]]
    merged.extend(_align(rows, range(len(rows)), still))
    return merged


def ranges(numbers: Sequence[int]) -> str:
    """Write sorted numbers as ranges: 3, 4, 5, 9 is ``3-5 9``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _clean(root: ET.Element) -> ET.Element:
    """Drop what says nothing, and the ids that nothing refers to (they count artists)."""
    for element in root.iter():
        element.tail = None
        for child in list(element):
            if child.tag in {f"{SVG}metadata", f"{SVG}style"}:
                element.remove(child)
        if element.text is not None and not element.text.strip():
            element.text = None
        if element.tag == f"{SVG}g":
            element.attrib.pop("id", None)
    return root


def _hoist(roots: Sequence[ET.Element]) -> ET.Element:
    """Take all definitions out; Matplotlib writes a glyph where a frame first needs it."""
    defs = ET.Element(f"{SVG}defs")
    known: set[str] = set()
    for root in roots:
        parents = [parent for parent in root.iter() if parent.find(f"{SVG}defs") is not None]
        for parent in parents:
            for found in parent.findall(f"{SVG}defs"):
                parent.remove(found)
                for item in found:
                    name = item.get("id", "")
                    if name not in known:
                        known.add(name)
                        defs.append(item)
    return defs


def _align(rows: list[list[ET.Element]], frames: Sequence[int], still: int) -> list[ET.Element]:
    """Merge lists of siblings, one list a frame."""
    keys = [[ET.tostring(element) for element in row] for row in rows]
    merged: list[ET.Element] = []
    at = [0] * len(rows)
    for anchor in [*_common(keys), None]:
        # What stands in front of the next element that all frames share, if there is one.
        to = [
            len(row) if anchor is None else row.index(anchor, start)
            for row, start in zip(keys, at, strict=True)
        ]
        gap = [row[a:b] for row, a, b in zip(rows, at, to, strict=True)]
        merged.extend(_differing(gap, frames, still))
        if anchor is not None:
            merged.append(rows[0][to[0]])
        at = [end + 1 for end in to]
    return merged


def _common(keys: list[list[bytes]]) -> list[bytes]:
    """Return a longest sequence of siblings that every frame has, in order."""
    shared = keys[0]
    for row in keys[1:]:
        if row == shared:
            continue
        matcher = SequenceMatcher(a=shared, b=row, autojunk=False)
        shared = [key for i, _, n in matcher.get_matching_blocks() for key in shared[i : i + n]]
    return shared


def _differing(gap: list[list[ET.Element]], frames: Sequence[int], still: int) -> list[ET.Element]:
    """Merge siblings that no frame shares whole: go deeper, or write each version."""
    if not any(gap):
        return []
    first = gap[0]
    if all(
        len(row) == len(first)
        and all(a.tag == b.tag and a.attrib == b.attrib for a, b in zip(row, first, strict=True))
        for row in gap
    ) and all(len(element) for row in gap for element in row):
        out = []
        for slot in zip(*gap, strict=True):
            shell = ET.Element(slot[0].tag, slot[0].attrib)
            shell.extend(_align([list(element) for element in slot], frames, still))
            out.append(shell)
        return out
    return _versions(gap, frames, still)


def _versions(gap: list[list[ET.Element]], frames: Sequence[int], still: int) -> list[ET.Element]:
    """Write each distinct version once, with the frames that show it."""
    seen: dict[bytes, tuple[list[ET.Element], list[int]]] = {}
    for row, frame in zip(gap, frames, strict=True):
        if row:
            key = b"".join(ET.tostring(element) for element in row)
            seen.setdefault(key, (row, []))[1].append(frame)
    out = []
    for row, shown in seen.values():
        marks = {"data-frames": ranges(shown)}
        if still not in shown:
            marks["display"] = "none"
        if len(row) == 1:
            only = copy.copy(row[0])
            only.attrib = {**only.attrib, **marks}
            out.append(only)
        else:
            group = ET.Element(f"{SVG}g", marks)
            group.extend(row)
            out.append(group)
    return out
