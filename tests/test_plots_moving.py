"""Figures that move: each frame of the merged file is the frame that was drawn."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from gdbook import plots
from gdbook.plots.merge import merge, ranges

mpl.use("agg")

LEAF = st.sampled_from(["a", "b", "c", "d"])
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4), max_leaves=8)
FRAMES = st.lists(st.lists(TREE, max_size=5), min_size=1, max_size=5)


def document(tree: list[Any]) -> str:
    def write(node: Any) -> str:
        if isinstance(node, str):
            return f'<path d="{node}"/>'
        return f"<g>{''.join(map(write, node))}</g>"

    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(map(write, tree))}</svg>'


def shows(element: ET.Element, frame: int) -> bool:
    runs = element.get("data-frames")
    if runs is None:
        return True
    ends = [[int(end) for end in run.split("-")] for run in runs.split()]
    return any(run[0] <= frame <= run[-1] for run in ends)


def drawn(element: ET.Element, frame: int) -> list[str]:
    """What a frame draws, in order: groups draw nothing themselves."""
    if not shows(element, frame):
        return []
    if element.tag.endswith("path"):
        return [element.get("d", "")]
    return [d for child in element for d in drawn(child, frame)]


@settings(deadline=None)
@given(FRAMES, st.integers(0, 4))
def test_each_frame_draws_what_it_drew_alone(frames: list[list[Any]], still: int) -> None:
    texts = [document(tree) for tree in frames]
    still %= len(frames)
    merged = merge(texts, still)
    for k, text in enumerate(texts):
        assert drawn(merged, k) == drawn(ET.fromstring(text), 0)
    for element in merged.iter():
        hidden = element.get("display") == "none"
        assert hidden == (not shows(element, still))


@settings(deadline=None)
@given(st.sets(st.integers(0, 40), min_size=1))
def test_ranges_name_exactly_their_frames(numbers: set[int]) -> None:
    element = ET.Element("g", {"data-frames": ranges(sorted(numbers))})
    assert {k for k in range(60) if shows(element, k)} == numbers


def test_what_all_frames_share_is_written_once() -> None:
    texts = [document(["a", ["b", str(k)], "c"]) for k in range(9)]
    merged = merge(texts, 0)
    written = [e.get("d") for e in merged.iter() if e.tag.endswith("path")]
    assert written == ["a", "b", *map(str, range(9)), "c"]


def run(k: int) -> torch.Tensor:
    steps = torch.arange(k + 1)
    return torch.stack([8 * 0.91**steps, 1.5 * (-0.8) ** steps], dim=1)


def ravine(p: torch.Tensor) -> torch.Tensor:
    return 0.1 * p[..., 0] ** 2 + 2 * p[..., 1] ** 2


def test_an_animation_over_contours_is_light() -> None:
    made = plots.animate(
        lambda ax, k: plots.show_trajectory(run(k), ax=ax),
        40,
        background=lambda ax: plots.show_contours(ravine, (-10, 10), (-3, 3), ax=ax),
    )
    assert made.count == 40
    assert len(gzip.compress(made.svg.encode())) < 150_000
    assert made.svg.count("<image") == 1


def test_frames_with_and_without_background_draw_the_same_changes() -> None:
    def still_life(ax: Axes) -> None:
        plots.show_function(torch.sin, 0, 3, ylim=(-1, 1.5), ax=ax)

    def point(ax: Axes, x: float) -> None:
        ax.plot([x], [0.5], "o", color="#bc5a29")

    def both(ax: Axes, x: float) -> None:
        still_life(ax)
        point(ax, x)

    xs = [0.5, 1.0, 2.0]
    whole = plots.slider(both, xs, label="x")
    parts = plots.slider(point, xs, label="x", background=still_life)

    def marks(made: plots.Frames, k: int) -> set[tuple[str | None, str | None]]:
        out = set()

        def walk(element: ET.Element) -> None:
            if shows(element, k):
                if element.tag.endswith("use") and "bc5a29" in element.get("style", ""):
                    out.add((element.get("x"), element.get("y")))
                for child in element:
                    walk(child)

        walk(ET.fromstring(made.svg))
        return out

    for k in range(3):
        assert marks(whole, k) == marks(parts, k)
        assert len(marks(whole, k)) == 1


def test_a_frame_over_a_background_may_write_its_title() -> None:
    def ground(ax: Axes) -> None:
        ax.set(xlim=(0, 1), ylim=(0, 1), title=" ")

    def frame(ax: Axes, k: int) -> None:
        ax.plot([0, 1], [0, k / 3])
        if k != 2:
            ax.set_title(f"frame {k} says so")

    with mpl.rc_context({"svg.fonttype": "none"}):  # letters as letters, no outlines
        root = ET.fromstring(plots.animate(frame, 3, background=ground).svg)

    def words(element: ET.Element, k: int) -> list[str]:
        if not shows(element, k):
            return []
        said = [element.text or ""] if element.tag.endswith("text") else []
        return said + [w for child in element for w in words(child, k)]

    told = [[w for w in words(root, k) if "says" in w] for k in range(3)]
    assert told == [["frame 0 says so"], ["frame 1 says so"], []]


def test_the_file_says_what_it_is() -> None:
    made = plots.slider(
        lambda ax, h: plots.secants(torch.sin, 1, [h], ax=ax),
        [1.0, 0.5],
        label="h",
        format=lambda h: f"{h:g}, half is {h / 2:g}",
        start=-1,
    )
    config = json.loads(ET.fromstring(made.svg).attrib["data-gd-frames"])
    assert config == {
        "kind": "slider",
        "label": "h",
        "texts": ["1, half is 0.5", "0.5, half is 0.25"],
        "still": 1,
    }
    assert set(made._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_bad_input_gets_a_sentence_and_leaves_no_figure_open() -> None:
    import matplotlib.pyplot as plt

    with pytest.raises(ValueError, match="1 to 400 frames, got 0"):
        plots.animate(lambda ax, k: None, 0)
    with pytest.raises(ValueError, match="one of 3 frames, got 3"):
        plots.animate(lambda ax, k: None, 3, still=3)

    def fail(ax: Axes, k: int) -> None:
        raise KeyError(k)

    with pytest.raises(KeyError):
        plots.animate(fail, 3)
    assert plt.get_fignums() == []
