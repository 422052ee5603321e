"""SVG figures in pages: what is kept, what is renamed, what is told; slides keep theirs."""

from __future__ import annotations

import base64
import io
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
from sphinx.testing.util import SphinxTestApp

from gdbook import plots, style
from gdbook.publish.figures import SCRIPTS, STYLESHEET
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


def test_coordinates_move_by_no_more_than_a_hundredth(contours: str) -> None:
    number = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")
    before = [
        p.get("d", "") for p in ET.fromstring(contours).iter("{http://www.w3.org/2000/svg}path")
    ]
    after = [
        p.get("d", "") for p in inline(contours, prefix="f", alt="", images="").root.iter("path")
    ]
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        a, b = (np.array(number.findall(d), dtype=float) for d in (old, new))
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, atol=0.0051)


def test_layers_of_pixels_become_files(contours: str) -> None:
    made = inline(contours, prefix="f0", alt="", images="../_images")
    ((name, content),) = made.rasters.items()
    assert f'href="../_images/{name}"' in made.html()
    (embedded,) = re.findall(r'data:image/png;base64,\s*([^"]+)', contours)
    assert content == base64.b64decode(re.sub(r"\s", "", embedded))
    assert content.startswith(b"\x89PNG")


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


def test_pages_have_figures_inside_with_ids_of_their_own(book: Make, contours: str) -> None:
    app = book(contours)
    assert app.warning.getvalue() == ""
    html = BeautifulSoup((app.outdir / "part" / "one.html").read_text(), "html.parser")
    figures = html.select(".gd-figure > svg")
    assert [svg["aria-label"] for svg in figures] == ["Seen", "Again"]
    assert html.select_one("figure figcaption") is not None
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    image = figures[0].find("image")
    assert image is not None
    assert (app.outdir / "part" / str(image["href"])).resolve().is_file()
    assert (app.outdir / "_static" / STYLESHEET).read_text().startswith(style.css_variables())
    assert html.select_one(f'link[href^="../_static/{STYLESHEET}"]') is not None
    assert SCRIPTS["gd-frames"] not in str(html)  # nothing moves here


def test_the_shared_doctree_keeps_its_images(book: Make) -> None:
    app = book(SVG.format('<path d="M0 0h1"/>'))
    images = list(app.env.get_doctree("part/one").findall(nodes.image))
    assert [image["uri"] for image in images] == ["part/a.svg"] * 2
    text = book(SVG.format('<path d="M0 0h1"/>'), "text")
    assert "[image: Seen]" in (text.outdir / "part" / "one.txt").read_text()


def test_folders_for_pages_find_their_layers(book: Make, contours: str) -> None:
    app = book(contours, "dirhtml")
    path = app.outdir / "part" / "one" / "index.html"
    image = BeautifulSoup(path.read_text(), "html.parser").select_one("svg image")
    assert image is not None
    assert (path.parent / str(image["href"])).resolve().is_file()


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
    assert html.select_one(f'script[src^="../_static/{SCRIPTS["gd-frames"]}"]') is not None
    assert (app.outdir / "_static" / SCRIPTS["gd-frames"]).stat().st_size < 5000
