"""The controls of a figure that moves: real buttons and a range, written at build time."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_ICONS = {
    "play": '<path class="gd-when-paused" d="M5 3v14l12-7z"/>'
    '<path class="gd-when-playing" d="M4 3h4v14H4zM12 3h4v14h-4z"/>',
    "back": '<path d="M4 3h3v14H4zM17 3v14L8 10z"/>',
    "forward": '<path d="M13 3h3v14h-3zM3 3v14l9-7z"/>',
}


def controls(frames: dict[str, Any], svg: str, classes: str, drawing: str = "") -> str:
    """Return the element ``<gd-frames>``: the still, and controls that a script brings to life.

    Parameters
    ----------
    frames : dict
        ``kind``, ``label``, ``texts``, ``still`` and, for animations, ``interval``.
    svg : str
        The figure's markup, in which the still shows.
    classes : str
        Of the element.
    drawing : str, optional
        Address of the drawing that moves, if ``svg`` is only an image of the still.
    """
    animated = frames["kind"] == "animation"
    label, texts, still = frames["label"], frames["texts"], frames["still"]
    joint = " " if animated else " = "
    shown = [f"{label}{joint}{text}" for text in texts]
    value = shown[still]
    data = {
        "texts": json.dumps(shown, ensure_ascii=False, separators=(",", ":")),
        "interval": f"{1000 * frames.get('interval', 0):.0f}",
    }
    if drawing:
        data["drawing"] = drawing
    attributes = " ".join(f'data-{key}="{escape(text)}"' for key, text in data.items())
    buttons = (
        _button("play", "Play")
        + _button("back", f"Previous {label}")
        + _button("forward", f"Next {label}")
        if animated
        else ""
    )
    return (
        f'<gd-frames class="{escape(classes)}" {attributes}>{svg}'
        f'<div class="gd-controls" data-prevent-swipe>{buttons}'
        f'<input type="range" min="0" max="{len(texts) - 1}" value="{still}" autocomplete="off" '
        f'aria-label="{escape(label)}" aria-valuetext="{escape(value)}">'
        f'<span class="gd-value" data-room="{"0" * max(map(len, shown))}" aria-hidden="true">'
        f"{escape(value)}</span></div></gd-frames>"
    )


def _button(name: str, label: str) -> str:
    return (
        f'<button type="button" class="gd-{name}" aria-label="{escape(label)}">'
        f'<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{_ICONS[name]}</svg>'
        "</button>"
    )
