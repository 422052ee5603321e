"""The printed book's fonts: those of the pages, which npm brings as WOFF2, as Typst reads them."""

from __future__ import annotations

import os
from pathlib import Path

from gdbook.publish.core import npm
from gdbook.publish.core.files import fingerprint

# Part of a family: (npm package, file in it). Each is a variable font of a part of Unicode.
_VARIABLE = "@fontsource-variable"
FONTS = {
    f"{family} {style}{part}": (f"{_VARIABLE}/{package}", f"{package}-{file}-wght-{style}")
    for family, package in (
        ("STIX Two Text", "stix-two-text"),
        ("Source Sans 3", "source-sans-3"),
        ("Source Code Pro", "source-code-pro"),
    )
    for style in ("normal", "italic")
    for part, file in (("", "latin"), (" Greek", "greek"), (" Latin Ext", "latin-ext"))
} | {"STIX Two Math normal": ("@fontsource/stix-two-math", "stix-two-math-latin-400-normal")}
FOLDER = ".print"  # inside node_modules
_FAMILY, _FULL, _POSTSCRIPT, _TYPOGRAPHIC = 1, 4, 6, 16


def fetch() -> tuple[Path, str]:
    """Write the fonts beside the packages that they come from, those that are not there yet.

    Typst falls back from family to family, not from file to file of one family; so each
    part of a family gets a name of its own, ``STIX Two Text Greek``.

    Returns
    -------
    Path
        The folder that holds them.
    str
        The fingerprint of all fonts.
    """
    folder = npm.package("@fontsource").parent / FOLDER
    folder.mkdir(exist_ok=True)
    said = []
    for name, (package, file) in FONTS.items():
        source = npm.package(package) / "files" / f"{file}.woff2"
        data = source.read_bytes()
        digest = fingerprint(data)
        said.append(f"{name} {digest}")
        target = folder / f"{file}-{digest[:12]}.ttf"
        if not target.exists():
            _write(source, target, name)
    return folder, fingerprint("\n".join(said).encode())


def _write(source: Path, target: Path, name: str) -> None:
    from fontTools.ttLib import TTFont

    family, style = name.replace("normal", "|").replace("italic", "|italic").split("|", 1)
    part = style.removeprefix("italic")
    family = family.strip() + part
    with TTFont(source, recalcTimestamp=False) as font:
        font.flavor = None
        names = font["name"]
        italic = " Italic" if "italic" in style else ""
        for record in list(names.names):
            if record.nameID in (_FAMILY, _TYPOGRAPHIC):
                record.string = family
            elif record.nameID == _FULL:
                record.string = family + italic
            elif record.nameID == _POSTSCRIPT:
                record.string = (family + italic).replace(" ", "")
        # Written whole or not at all.
        part_file = target.with_suffix(f".{os.getpid()}.part")
        font.save(part_file)
        part_file.replace(target)
