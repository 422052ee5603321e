"""What stands around a figure that answers: sliders, values in words, a voice for readers' ears."""

from __future__ import annotations

import json
import math
from html import escape
from typing import Any


def live_controls(spec: dict[str, Any], svg: str, classes: str, drawing: str = "") -> str:
    """Return the element ``<gd-live>``: the still, its sliders, and the numbers that it says.

    Parameters
    ----------
    spec : dict
        What `gdbook.plots.live` wrote: ``inputs``, ``values``, and what the script needs.
    svg : str
        The figure's markup, with the still.
    classes : str
        Of the element.
    drawing : str, optional
        Address of the drawing that moves, if ``svg`` is only an image of the still. The script
        finds there what else it needs.
    """
    key, value = ("drawing", drawing) if drawing else ("spec", compact(spec))
    # All sliders are of one length.
    widest = max(dial["widest"] for dial in spec["inputs"])
    dials = "".join(_dial(dial, widest) for dial in spec["inputs"])
    answers = "".join(map(_answer, spec["values"]))
    return (
        f'<gd-live class="{escape(classes)}" data-{key}="{escape(value)}">{svg}'
        f'<div class="gd-dials" data-prevent-swipe>{dials}</div>'
        f'<div class="gd-answers">{answers}</div>'
        '<span class="gd-said" role="status"></span></gd-live>'
    )


def compact(value: Any) -> str:
    """Return JSON without what a machine needn't read."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _dial(dial: dict[str, Any], widest: int) -> str:
    ends = [dial["low"], dial["high"], dial["start"]]
    low, high, start = [math.log10(x) for x in ends] if dial["log"] else ends
    label, text = escape(dial["label"]), escape(dial["text"])
    return (
        f'<label class="gd-dial"><span class="gd-name">{label}</span>'
        f'<input type="range" min="{low!r}" max="{high!r}" step="any" value="{start!r}" '
        f'autocomplete="off" aria-label="{label}" aria-valuetext="{text}">'
        f'<span class="gd-value" data-room="{"0" * widest}" aria-hidden="true">{text}</span>'
        "</label>"
    )


def _answer(value: dict[str, Any]) -> str:
    return (
        f'<p class="gd-answer">{escape(value["label"])}: <span>{escape(value["text"])}</span></p>'
    )
