"""SVG figures in pages: what is kept, what is renamed, what is told; slides keep theirs."""

from __future__ import annotations

import base64
import io
import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from PIL import Image
from sphinx.testing.util import SphinxTestApp

from gdbook import plots, style
from gdbook.publish.figures import NEAR, SCRIPTS, STYLESHEET
from gdbook.publish.figures.paths import short
from gdbook.publish.figures.svg import CannotInlineError, inline

pytest_plugins = ("sphinx.testing.fixtures",)
mpl.use("agg")

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


def page(text: str, **changed: str) -> str:
    settings = {"prefix": "f0", "alt": "A picture", "images": "_images", **changed}
    return inline(text, **settings).html()


def drawing() -> str:
    ax = plots.show_contours(
        lambda p: (p**2).sum(-1), (-1, 1), (-1, 1), trajectory=[[1, 1], [0, 0]]
    )
    out = io.StringIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(out, format="svg", metadata={"Date": None})
    plt.close(figure)
    return out.getvalue()


@pytest.fixture(scope="module")
def contours() -> str:
    return drawing()


def test_colours_of_the_palette_become_variables_and_others_are_named() -> None:
    made = inline(
        SVG.format('<path fill="#BC5A29" style="stroke: #23272c; stroke-width: 2"/>'
                   '<circle fill="tomato" stroke="none"/><g color="#123456"/>'),
        prefix="f0", alt="", images="",
    )  # fmt: skip
    html = made.html()
    assert 'fill="var(--gd-orange)"' in html
    assert 'stroke="var(--gd-ink)" stroke-width="2"' in html
    assert "style" not in html
    assert made.foreign == ["#123456", "tomato"]


def test_every_colour_of_a_computed_figure_follows_the_theme(contours: str) -> None:
    made = inline(contours, prefix="f0", alt="", images="_images")
    assert made.foreign == []
    assert not re.search(r"#[0-9a-f]{6}", made.html())


def test_no_id_is_shared_and_no_reference_dangles(contours: str) -> None:
    both = BeautifulSoup(page(contours) + page(contours, prefix="f1"), "html.parser")
    ids = [tag["id"] for tag in both.find_all(id=True)]
    assert len(ids) == len(set(ids)) > 20
    used = {tag["href"][1:] for tag in both.find_all("use")}
    used |= set(re.findall(r"url\(#([^)]+)\)", str(both)))
    assert used == set(ids)


def points(data: str) -> list[tuple[str, np.ndarray]]:
    """Return what a path draws, as fontTools reads it."""
    pen = RecordingPen()
    parse_path(data, pen)
    return [(name, np.array(at, dtype=float)) for name, at in pen.value]


def test_coordinates_move_by_no_more_than_a_hundredth(contours: str) -> None:
    before = [
        p.get("d", "") for p in ET.fromstring(contours).iter("{http://www.w3.org/2000/svg}path")
    ]
    after = [
        p.get("d", "") for p in inline(contours, prefix="f", alt="", images="").root.iter("path")
    ]
    assert len(before) == len(after)
    assert len("".join(after)) < 0.75 * len("".join(before))
    for old, new in zip(before, after, strict=True):
        drawn = points(old)
        assert len(drawn) == len(points(new))
        for (name, a), (other, b) in zip(drawn, points(new), strict=True):
            assert name == other
            np.testing.assert_allclose(a, b, atol=0.0051)


@pytest.mark.parametrize(
    ("data", "shorter"),
    [
        (
            "M 1 2 L 3 2.5 L 3.25 -1 L 3 -1.125 z M 0 0 L -1 .004",
            "M1 2l2 .5 .25-3.5-.25-.12zm-1-2l-1 0",
        ),
        ("M 0 0 L 1 1 M 2 2 M 3 3 L 4 4", "M0 0l1 1m1 1m1 1l1 1"),
        ("M 0 0 Q 1 0 1 1 Q 1 2 2 2 C 3 3 4 4 5 5", "M0 0q1 0 1 1 0 1 1 1c1 1 2 2 3 3"),
        ("M 1e-05 100 L 1e2 0", "M0 100l100-100"),
        ("M0 0h1", "M0 0h1"),  # commands that Matplotlib does not write stay
        ("m0 0 5 5", "m0 0 5 5"),
        ("", ""),
    ],
)
def test_paths_are_written_in_steps(data: str, shorter: str) -> None:
    assert short(data) == shorter
    for (name, a), (other, b) in zip(points(data), points(short(data)), strict=True):
        assert name == other
        np.testing.assert_allclose(a, b, atol=0.0051)


def test_layers_of_pixels_become_files(contours: str) -> None:
    made = inline(contours, prefix="f0", alt="", images="../_images")
    ((name, content),) = made.rasters.items()
    assert f'href="../_images/{name}"' in made.html()
    (embedded,) = re.findall(r'data:image/png;base64,\s*([^"]+)', contours)
    original = base64.b64decode(re.sub(r"\s", "", embedded))
    assert len(content) < len(original)
    with Image.open(io.BytesIO(content)) as layer, Image.open(io.BytesIO(original)) as known:
        assert layer.format == "WEBP"
        assert layer.convert("RGBA").tobytes() == known.convert("RGBA").tobytes()


def test_the_root_says_what_is_seen() -> None:
    html = page(SVG.format("<path/>"), alt='5 < 6 & "so on"')
    svg = BeautifulSoup(html, "html.parser").svg
    assert svg is not None
    assert svg["role"] == "img"
    assert svg["aria-label"] == '5 < 6 & "so on"'


@pytest.mark.parametrize("content", ["<style>p{color:red}</style>", "<script>alert(1)</script>"])
def test_what_would_act_on_the_page_stays_outside(content: str) -> None:
    with pytest.raises(CannotInlineError, match="would act on the whole page"):
        page(SVG.format(content))


def test_of_two_values_of_one_property_the_last_counts() -> None:
    html = page(SVG.format('<g style="fill: none; stroke:red; fill: url(#a)" stroke="blue"/>'))
    assert '<g stroke="red" fill="url(#f0-0)" />' in html


def test_a_style_that_no_attribute_says_stays_outside() -> None:
    with pytest.raises(CannotInlineError, match="mix-blend-mode"):
        page(SVG.format('<g style="fill: none; mix-blend-mode: multiply"/>'))


def test_a_moving_figure_gets_its_controls() -> None:
    made = plots.slider(lambda ax, h: ax.plot([0, 1], [0, h]), [1.0, 0.5], label="h", start=1)
    done = inline(made.svg, prefix="f0", alt="", images="")
    assert done.frames is not None
    assert done.frames["texts"] == ["1", "0.5"]
    assert "data-gd-frames" not in done.html()
    assert 'data-frames="0" display="none"' in done.html()


# A document with drawings, built by Sphinx.

Make = Callable[..., SphinxTestApp]
CONF = """
extensions = ["gdbook.publish"]
gdbook_parts = ["figures"]
audit = "pages"
project = "Test"
html_theme = "basic"
numfig = True
"""


@pytest.fixture
def book(tmp_path: Path, make_app: Any) -> Make:
    def make(svg: str, builder: str = "html", **more: Any) -> SphinxTestApp:
        source = tmp_path / "source"
        (source / "part").mkdir(parents=True, exist_ok=True)
        files = {
            "conf.py": CONF,
            "index.rst": "Book\n====\n\n.. toctree::\n\n   part/one\n",
            "part/one.rst": "One\n===\n\n.. figure:: a.svg\n   :alt: Seen\n\n   A caption.\n\n"
            ".. image:: a.svg\n   :alt: Again\n",
            "part/a.svg": svg,
        }
        for name, text in files.items():
            path = source / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
        app: SphinxTestApp = make_app(builder, srcdir=source, **more)
        app.build()
        return app

    return make


def page_of(app: SphinxTestApp) -> BeautifulSoup:
    return BeautifulSoup((app.outdir / "part" / "one.html").read_text(), "html.parser")


def beside(app: SphinxTestApp, address: object) -> Path:
    """Return the file that the page in ``part`` means."""
    return (app.outdir / "part" / str(address)).resolve()


def test_pages_have_figures_beside_them_with_colours_and_layers(book: Make, contours: str) -> None:
    app = book(contours)
    assert app.warning.getvalue() == ""
    html = page_of(app)
    images = html.select(".gd-figure > img")
    assert [image["alt"] for image in images] == ["Seen", "Again"]
    assert [image["loading"] for image in images] == ["lazy", "lazy"]
    assert html.select_one("figure figcaption") is not None
    drawn = ET.parse(beside(app, images[0]["src"])).getroot()
    assert [images[0][key] for key in ("width", "height")] == [
        drawn.get("width"),
        drawn.get("height"),
    ]
    layer = drawn.find(".//{http://www.w3.org/2000/svg}image")
    assert layer is not None
    kind, _, data = str(layer.get("href")).partition(";base64,")
    assert kind == "data:image/webp"  # an image loads nothing itself
    original = re.search(r"data:image/png;base64,([^\"]*)", contours)
    assert original is not None
    with (
        Image.open(io.BytesIO(base64.b64decode(data))) as made,
        Image.open(io.BytesIO(base64.b64decode(original[1]))) as known,
    ):
        assert made.convert("RGBA").tobytes() == known.convert("RGBA").tobytes()
    text = beside(app, images[0]["src"]).read_text()
    for name in set(re.findall(r"var\(--gd-([a-z]+)\)", text)) - {"raster"}:
        for value in style.PALETTE[name]:
            assert f"--gd-{name}:{value};" in text
    assert (app.outdir / "_static" / STYLESHEET).read_text().startswith(style.css_variables())
    assert html.select_one(f'link[href^="../_static/{STYLESHEET}"]') is not None
    assert NEAR not in str(html)  # nothing moves here


def test_what_moves_has_a_still_and_a_drawing_with_ids_of_its_own(book: Make) -> None:
    def draw(ax: Any, h: float) -> None:
        ax.plot([0, 1], [0, h], "o-")

    app = book(plots.slider(draw, [1.0, 0.5], label="h", start=1).svg)
    movers = page_of(app).select("gd-frames")
    ids: list[str] = []
    for mover in movers:
        image = mover.select_one("img")
        assert image is not None
        picture = beside(app, image["src"]).read_text()
        assert "data-frames" not in picture
        assert 'display="none"' not in picture  # the other frames are left out
        name = Path(str(mover["data-drawing"])).name
        script = beside(app, mover["data-drawing"]).read_text()
        start = f'(self.gdDrawings??={{}})["{name}"]='
        assert script.startswith(start)
        svg = BeautifulSoup(
            json.loads(script.removeprefix(start).rstrip(";\n"))["svg"], "html.parser"
        )
        assert {part["data-frames"] for part in svg.select("[data-frames]")} == {"0", "1"}
        ids += [str(tag["id"]) for tag in svg.find_all(id=True)]
    assert len(movers) == 2
    assert ids
    assert len(ids) == len(set(ids))


def test_files_that_nothing_names_any_more_are_removed(
    book: Make, contours: str, tmp_path: Path
) -> None:
    def names(svg: str) -> set[str]:
        return {path.name for path in (book(svg).outdir / "_images").iterdir()}

    before = names(contours)
    assert len(before) == 1
    (tmp_path / "source" / "_build" / "html" / "_images" / "figure-one.svg").write_text("own")
    after = names(SVG.format('<path d="M0 0h1"/>'))
    assert before.isdisjoint(after)
    assert len(after) == 2
    assert "figure-one.svg" in after
    assert names(SVG.format('<path d="M0 0h1"/>')) == after  # no page was written anew


def test_the_shared_doctree_keeps_its_images(book: Make) -> None:
    app = book(SVG.format('<path d="M0 0h1"/>'))
    images = list(app.env.get_doctree("part/one").findall(nodes.image))
    assert [image["uri"] for image in images] == ["part/a.svg"] * 2
    text = book(SVG.format('<path d="M0 0h1"/>'), "text")
    assert "[image: Seen]" in (text.outdir / "part" / "one.txt").read_text()


def test_folders_for_pages_find_their_files(book: Make, contours: str) -> None:
    app = book(contours, "dirhtml")
    path = app.outdir / "part" / "one" / "index.html"
    image = BeautifulSoup(path.read_text(), "html.parser").select_one(".gd-figure > img")
    assert image is not None
    assert (path.parent / str(image["src"])).resolve().is_file()


def test_findings_are_told_until_they_are_mended(book: Make) -> None:
    bad, good = SVG.format('<path fill="#ff00ff"/>'), SVG.format('<path fill="#bc5a29"/>')
    first = book(bad)
    assert "a.svg uses #ff00ff, which would not follow the theme" in first.warning.getvalue()
    again = book(bad)  # nothing is read this time
    assert "#ff00ff" in again.warning.getvalue()
    assert "one.rst:4" in again.warning.getvalue()
    mended = book(good)
    assert "a.svg" not in mended.warning.getvalue()


def test_a_heavy_figure_is_an_error(book: Make) -> None:
    noise = random.Random(1)
    points = " ".join(f"{noise.random():.9f},{noise.random():.9f}" for _ in range(10_000))
    app = book(SVG.format(f'<polyline points="{points}"/>'))
    told = app.warning.getvalue()
    assert re.search(r"ERROR: the drawing a\.svg weighs \d+ KB compressed, at most 80", told)


def test_a_page_that_moves_loads_the_script(book: Make) -> None:
    made = plots.slider(lambda ax, h: ax.plot([0, 1], [0, h]), [1.0, 0.5], label="h")
    app = book(made.svg)
    html = BeautifulSoup((app.outdir / "part" / "one.html").read_text(), "html.parser")
    assert len(html.select("gd-frames input[type=range]")) == 2
    assert html.select_one(f'script[src^="../_static/{NEAR}"]') is not None
    assert (app.outdir / "_static" / SCRIPTS["gd-frames"]).stat().st_size < 5000
