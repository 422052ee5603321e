"""The look, as far as it can be told without a browser."""

from __future__ import annotations

import base64
import importlib.util
import re
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from docutils import nodes
from pygments.style import StyleMeta

from gdbook.publish import theme
from gdbook.publish.core.places import ROOT
from gdbook.publish.theme import folding, highlighting, tidying
from gdbook.publish.theme.data_images import filed


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    channels = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def tokens() -> dict[str, tuple[str, str]]:
    """The stylesheet's colours: name to (light, dark)."""
    found = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", theme.stylesheet())
    return {name: (light, dark) for name, light, dark in found}


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


INK = ("ink", "ink-strong", "ink-soft", "link", "accent")
GROUND = ("paper", "panel", "panel-deep", "accent-wash", "blue-wash")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(scheme: int) -> None:
    colour = {name: pair[scheme] for name, pair in tokens().items()}
    poor = {
        (ink, ground): round(contrast(colour[ink], colour[ground]), 2)
        for ink, ground in [*product(INK, GROUND), ("green", "paper"), ("ink-strong", "mark")]
        if contrast(colour[ink], colour[ground]) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize(("style", "scheme"), [(highlighting.Light, 0), (highlighting.Dark, 1)])
def test_code_can_be_read_on_its_panel(style: StyleMeta, scheme: int) -> None:
    panel = tokens()["panel"][scheme]
    assert style.background_color == panel
    colours = {f"#{entry['color']}" for _, entry in style if entry["color"]}
    assert {c: contrast(c, panel) for c in colours if contrast(c, panel) < 4.5} == {}
    assert len(colours) <= 7


def test_the_stylesheet_names_no_other_site() -> None:
    sheet = theme.stylesheet()
    addresses = re.findall(r"url\((.*?)\)", sheet)
    assert addresses
    assert [a for a in addresses if not a.startswith('"fonts/')] == []
    assert "//" not in sheet
    assert "@import" not in sheet


def test_pictures_of_a_style_sheet_become_files() -> None:
    svg = b'<svg viewBox="0 0 1 1"><path d="M0 0(1)"/></svg>'
    coded = base64.b64encode(svg).decode()
    css = (
        f"""a {{ --x: url('data:image/svg+xml;charset=utf-8,{svg.decode()}') }}"""
        f"b {{ background: url(data:image/svg+xml;base64,{coded}) }}"
        """i { content: url("data:image/svg+xml,%3Csvg xmlns='a'/%3E") } u { src: url(x.png) }"""
    )
    made, pictures = filed(css)
    assert sorted(pictures.values()) == [svg, b"<svg xmlns='a'/>"]
    assert "data:" not in made
    first, second, third, other = re.findall(r"""url\("?([^")]*)"?\)""", made)
    assert first == second
    assert (pictures[first], pictures[third], other) == (svg, b"<svg xmlns='a'/>", "x.png")


def test_no_rule_of_a_page_asks_what_an_element_holds() -> None:
    # `:has()` makes a browser style all of a long page anew for each piece that arrives: a
    # chapter took three times as long to open.
    folder = Path(theme.__file__).parents[1]
    sheets = {*folder.rglob("*.css")} - {*(folder / "formats" / "slides").rglob("*.css")}
    assert {"60-math.css", "figures.css", "landing.css"} <= {sheet.name for sheet in sheets}
    assert [sheet.name for sheet in sheets if ":has(" in sheet.read_text("utf8")] == []


def test_every_font_of_the_stylesheet_is_written() -> None:
    from gdbook.publish.theme import fonts

    named = set(re.findall(r'url\("fonts/([^"]+)"\)', theme.stylesheet()))
    assert named == {*fonts.TEXT, fonts.MATH}


NAVIGATION = """
<p class="caption"><span class="caption-text">One</span></p><ul><li class="toctree-l1">a</li></ul>
<p class="caption"><span class="caption-text">Two</span></p><ul><li class="current-page">b</li></ul>
<p class="caption"><span class="caption-text">Three</span></p><ul><li>c</li></ul>
"""


def test_part_of_the_current_page() -> None:
    assert theme.part_of(NAVIGATION) == "Two"
    assert theme.part_of(NAVIGATION.replace("current-page", "")) == ""
    assert theme.part_of("") == ""


def test_settings_of_thebe_go_and_other_scripts_stay() -> None:
    ours = '<script type="application/json" id="run">{"a": 1}</script>'
    body = (
        f'<p>a</p><script type="text/x-thebe-config">{{}}</script>{ours}'
        "<script>kernelName = 'python3'</script>"
    )
    assert tidying.tidied(body) == f"<p>a</p>{ours}"


def test_long_names_in_code_may_break_between_their_parts() -> None:
    code = '<code><span class="pre">{}</span></code>'
    long = code.format("torch.<wbr>finfo(<wbr>dtype).eps")
    assert tidying.tidied(code.format("torch.finfo(dtype).eps")) == long
    assert tidying.tidied(code.format("x.grad")) == code.format("x.grad")
    assert tidying.tidied(code.format("__init__()")) == code.format("__init__()")


def test_the_empty_corner_of_a_table_is_no_heading() -> None:
    row = '<tr><th class="head"><p></p></th><th class="head"><p>formula</p></th></tr>'
    kept = '<tr><td class="head"></td><th class="head"><p>formula</p></th></tr>'
    assert tidying.tidied(row) == kept


def test_a_titled_box_folds_with_its_title() -> None:
    box = nodes.admonition(
        "",
        nodes.title("", "Checked"),
        nodes.paragraph("", "Yes."),
        classes=["note", "dropdown"],
        ids=["c"],
    )
    folded = folding.fold(box)
    assert isinstance(folded[0], folding.summary)
    assert folded[0].astext() == "Checked"
    assert [child.astext() for child in folded.children[1:]] == ["Yes."]
    assert folded["ids"] == ["c"]
    assert folded["classes"] == ["note", "dropdown"]


def test_an_untitled_box_folds_with_the_name_of_its_kind() -> None:
    folded = folding.fold(nodes.hint("", nodes.paragraph("", "Think."), classes=["dropdown"]))
    assert folded[0].astext() == "Hint"
    assert folded[1].astext() == "Think."
    assert "hint" in folded["classes"]


# ---------------------------------------------------------------- the cover


@pytest.fixture(scope="module")
def cover() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cover", ROOT / "figures" / "cover.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_cover_is_what_its_script_draws(cover: ModuleType) -> None:
    drawn = (ROOT / "figures" / "cover.svg").read_text()
    assert cover.drawing() == drawn
    assert len(drawn) < 40_000


def test_the_covers_descents_follow_the_gradient(cover: ModuleType) -> None:
    import torch

    x, y = torch.tensor(cover.X), torch.tensor(cover.Y)
    for start in cover.STARTS:
        place = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        for _ in range(400):
            loss = 0.5 * ((y - torch.sin(place[0] * x + place[1])) ** 2).mean()
            (gradient,) = torch.autograd.grad(loss, place)
            place = (place - cover.LEARNING_RATE * gradient).detach().requires_grad_()
        np.testing.assert_allclose(cover.descend(*start)[-1], place.detach().numpy(), atol=1e-9)


def test_thinning_keeps_close_to_the_line(cover: ModuleType) -> None:
    angle = np.linspace(0, 2, 200)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 100
    few = cover.thinned(arc, 0.3)
    assert len(few) < 30
    np.testing.assert_array_equal(few[[0, -1]], arc[[0, -1]])
    gaps = few[:-1] + np.diff(few, axis=0) / 2
    assert np.abs(np.hypot(gaps[:, 0], gaps[:, 1]) - 100).max() < 0.31
