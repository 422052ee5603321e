"""A page's figures as files beside it: pictures that follow the theme, and drawings that move.

A picture is an SVG that ``<img>`` shows, so it brings its colours and layers along. Browsers load
it when it comes near. A drawing that moves must stand in the page to be moved: until a script
brings it, its still is shown. It is a classic script that hands over strings, since nothing else
can be loaded from ``file://``.
"""

from __future__ import annotations

import base64
import copy
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx

from gdbook.publish.core import files
from gdbook.publish.core.cache import Memo, fingerprints, memo
from gdbook.publish.figures.live_controls import compact
from gdbook.publish.figures.svg import Inlined
from gdbook.style import theme_values

#: What this room writes into the folder of images; nothing else there has such a name.
NAMES = re.compile(r"(?:figure|drawing|layer)-[0-9a-f]{16}\.(?:svg|js|png|webp)")
_PREFIX = re.compile(r'(id="|="#|url\(#)f\d+-')
_USED = re.compile(r"var\(--gd-([a-z0-9-]+)\)")


class Shown(NamedTuple):
    """What a page shows of a figure, and the files that it needs, by their names.

    Attributes
    ----------
    html : str
        An image.
    drawing : str
        The file with the drawing that moves, ``""`` if nothing does.
    files : dict of str to bytes
        Without layers, which `Inlined.rasters` has.
    """

    html: str
    drawing: str
    files: dict[str, bytes]


def shown(made: Inlined, alt: str, images: str) -> Shown:
    """Return the image of a figure, and its files.

    Parameters
    ----------
    made : Inlined
        Its root has the size in CSS pixels.
    alt : str
        What the figure shows.
    images : str
        URI of the folder of images, as seen from the page.
    """
    picture = still(made).encode()
    name = f"figure-{files.fingerprint(picture)[:16]}.svg"
    written = {name: picture}
    drawing = ""
    if made.frames or made.live:
        handed = {"svg": made.html(), "spec": compact(made.live) if made.live else ""}
        text = compact(handed).encode()
        mark = files.fingerprint(text)[:16]
        drawing = f"drawing-{mark}.js"
        written[drawing] = b'(self.gdDrawings??={})["%s"]=%s;\n' % (drawing.encode(), text)
    size = "".join(f' {key}="{value}"' for key, value in _size(made.root))
    html = (
        f'<img src="{escape(images)}/{name}" alt="{escape(alt)}"{size} '
        'loading="lazy" decoding="async">'
    )
    return Shown(html, drawing, written)


def layers(made: Inlined, seen: Shown) -> dict[str, bytes]:
    """Return the files of the layers that a page or its drawing loads by itself."""
    if seen.files and not seen.drawing:
        return {}  # an image brings its layers along
    return made.rasters


def _size(root: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield width and height, which keep the room of an image that is not there yet."""
    box = root.get("viewBox", "").replace(",", " ").split()
    sized = root.get("class") == "sized"  # the author has said how wide
    for at, key in enumerate(("width", "height")):
        value = root.get(key) or (box[at + 2] if len(box) == 4 else "")
        if value and not (sized and key == "height"):
            yield key, value
    if sized:
        yield "class", "sized"


def still(made: Inlined) -> str:
    """Return a figure as an SVG file of its own: what the still shows, with colours and layers."""
    root = copy.deepcopy(made.root)
    for parent in list(root.iter()):
        for child in list(parent):
            if "data-frames" in child.attrib and child.get("display") == "none":
                parent.remove(child)
    for element in root.iter():
        for key in ("data-frames", "data-live"):
            element.attrib.pop(key, None)
        name = element.get("href", "").rpartition("/")[2]
        if element.tag == "image" and name in made.rasters:
            kind = name.rpartition(".")[2]
            data = base64.b64encode(made.rasters[name]).decode()
            element.set("href", f"data:image/{kind};base64,{data}")
    for key in ("role", "aria-label"):  # the image says it
        root.attrib.pop(key, None)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    style = ET.Element("style")
    style.text = sheet(ET.tostring(root, encoding="unicode"))
    root.insert(0, style)
    for theme in ("dark", "light"):
        root.insert(1, ET.Element("g", id=theme))
    # Here ids need no prefix, so the same figure is the same file on every page.
    return _PREFIX.sub(r"\1i", ET.tostring(root, encoding="unicode"))


def sheet(svg: str) -> str:
    """Return the style sheet of a picture: the colours that it uses, in both themes.

    The query is answered by the ``color-scheme`` of the page where the image stands; by that of
    the system in WebKit, where the page's script asks for ``figure.svg#dark`` (`scheme.mjs`).
    """
    used = {"ink", *_USED.findall(svg)}
    rules = [":root{color:var(--gd-ink);fill:var(--gd-ink)}"]
    for name, kind in (("raster", "gd-raster"), ("map", "gd-map")):
        if f'class="{kind}"' in svg:
            used.add(name)
            rules.append(f".{kind}{{filter:var(--gd-{name})}}")
    light, dark = (
        "".join(f"--gd-{name}:{value};" for name, value in values.items() if name in used)
        for values in theme_values()
    )
    return (
        f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f":root:has(#light:target){{{light}}}:root:has(#dark:target){{{dark}}}" + "".join(rules)
    )


def prune(app: Sphinx, exception: Exception | None) -> None:
    """Remove the files that no page, deck or drawing of the site names any more."""
    images = Path(app.outdir, getattr(app.builder, "imagedir", "") or "_images")
    if exception is not None or app.builder.format != "html" or not images.is_dir():
        return
    kept = memo(app, "figure files", lambda: fingerprints([Path(__file__)]))
    own = [path for path in sorted(images.iterdir()) if NAMES.fullmatch(path.name)]
    named: set[str] = set()
    for path in sorted(Path(app.outdir).rglob("*.html")):
        named |= _named(path, kept, Path(app.outdir))
    for path in own:
        if path.name in named and path.suffix == ".js":
            named |= _named(path, kept, Path(app.outdir))
    for path in own:
        if path.name not in named:
            path.unlink()


def _named(path: Path, kept: Memo, outdir: Path) -> set[str]:
    found: list[str] = kept.answer(
        path.relative_to(outdir).as_posix(),
        lambda: sorted(set(NAMES.findall(path.read_text("utf-8")))),
        at=files.stamp(path),
    )
    return set(found)
