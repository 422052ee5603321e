"""What a PDF says of itself, for the tests of the printed book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdfium2 import PdfDocument

OUR_FONTS = re.compile(r"STIXTwo|SourceSans3|SourceCodePro")


@cache
def texts(pdf: PdfReader) -> tuple[str, ...]:
    """Return the text of each page, every run of spaces as one.

    PDFium reads it, twenty times as fast as pypdf does, and writes U+0002 for a hyphen at the
    end of a line.
    """
    pdf.stream.seek(0)
    document = PdfDocument(pdf.stream.read())
    read = (page.get_textpage().get_text_bounded() for page in document)
    return tuple(" ".join(text.replace("\x02", "-").split()) for text in read)


def words(pdf: PdfReader) -> str:
    """Return all text of a PDF, every run of spaces as one."""
    return " ".join(texts(pdf))


def outline(pdf: PdfReader) -> list[tuple[int, str, int]]:
    """Return the bookmarks: depth, title, page from 0."""

    def walk(items: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            else:
                yield depth, str(item.title), pdf.get_destination_page_number(item) or 0

    return list(walk(pdf.outline, 0))


def fonts(pdf: PdfReader) -> dict[str, bool]:
    """Return the fonts of all pages, and whether each is embedded."""
    found: dict[str, bool] = {}

    def visit(resources: Any) -> None:
        for font in (resources.get("/Font") or {}).values():
            plain = font.get_object()
            inner = plain.get("/DescendantFonts", [plain])[0].get_object()
            descriptor = inner.get("/FontDescriptor")
            files = descriptor.get_object() if descriptor is not None else {}
            name = str(plain["/BaseFont"])
            found[name] = any(str(key).startswith("/FontFile") for key in files)
        for form in (resources.get("/XObject") or {}).values():
            if (inside := form.get_object().get("/Resources")) is not None:
                visit(inside.get_object())

    for page in pdf.pages:
        visit(page["/Resources"].get_object())
    return found


def links(pdf: PdfReader) -> tuple[list[tuple[int, int, float]], list[str]]:
    """Return the links within a PDF (from page, to page, height there) and the web addresses."""
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(pdf.pages)
        if page.indirect_reference is not None
    }
    within, outside = [], []
    for number, page in enumerate(pdf.pages):
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            if link.get("/Subtype") != "/Link":
                continue
            action = link.get("/A")
            if action is not None and "/URI" in action.get_object():
                outside.append(str(action.get_object()["/URI"]))
                continue
            place = link.get("/Dest") or action.get_object()["/D"]
            if isinstance(place, str):
                place = pdf.named_destinations[place].dest_array
            target = place.get_object() if hasattr(place, "get_object") else place
            within.append((number, numbers[target[0].idnum], float(target[3])))
    return within, outside


def tags(pdf: PdfReader) -> list[tuple[str, str]]:
    """Return the structure of a tagged PDF: kinds of elements, with their alternative text."""
    found: list[tuple[str, str]] = []

    def walk(node: Any) -> None:
        element = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(element, list):
            for child in element:
                walk(child)
        elif isinstance(element, dict):
            if "/S" in element:
                found.append((str(element["/S"]).removeprefix("/"), str(element.get("/Alt", ""))))
            if "/K" in element:
                walk(element["/K"])

    walk(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"])  # type: ignore[index]
    return found


def read(path: Path) -> PdfReader:
    """Open a PDF."""
    return PdfReader(path)


def overlaps(pdf: PdfReader) -> list[tuple[int, str, str]]:
    """Return where letters or digits are set over others: page from 1, and both with neighbours."""
    pdf.stream.seek(0)
    found = []
    for number, page in enumerate(PdfDocument(pdf.stream.read()), 1):
        text = page.get_textpage()
        chars = [text.get_text_range(at, 1) for at in range(text.count_chars())]
        boxes = sorted(
            (text.get_charbox(at), at)
            for at, char in enumerate(chars)
            if char.isascii() and char.isalnum()
        )
        for first, ((_, bottom, right, top), at) in enumerate(boxes):
            for (left, under, end, over), other in boxes[first + 1 :]:
                if left > right - 1:
                    break
                # Neighbours may touch: a ligature's letters share one box.
                deep = min(top, over) - max(bottom, under)
                if abs(at - other) > 1 and deep > 1.5 and min(right, end) - left > 1:
                    here, there = ("".join(chars[max(0, a - 12) : a + 8]) for a in (at, other))
                    found.append((number, here, there))
    return found
