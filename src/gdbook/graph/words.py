"""A graph in plain words: what a reader hears who does not see the drawing."""

from __future__ import annotations

import re

from gdbook.graph.model import Node, Recording

_WORDS = (
    (r"\\(?:operatorname|mathrm|text)\{([^{}]*)\}", r"\1"),
    (r"_\{([^{}]*)\}|_(\w)", r"\1\2"),
    (r"\\partial ", "∂"),
    (r"\\delta(\w+)", r"δ(\1)"),
    (r"\^\{?\\top\}?", " transposed"),
    (r"e\^\{([^{}]*)\}", r"exp \1"),
    (r"\^\{?\(([\w.]+)\)\}?", r" \1"),
    (r"\^\{?(-?[\w/.]+)\}?", r" to the power \1"),
    (r"\\[tf]?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2"),
    (r"\\sqrt\{([^{}]*)\}", r"the root of \1"),
    (r"\\left\|(.*?)\\right\||\\lVert (.*?)\\rVert", r"the size of \1\2"),
    (r"\\cdot|\\times", "times"),
    (r"\{:\}", ":"),
    (r"\\[,;!]|\\quad", " "),
    (r"\\(?:left|right)(?![a-z])", ""),
    (r"\\dots", "..."),
    (r"\\([a-zA-Z]+)", r"\1"),
    (r"[{}$]", ""),
    (r"\s+", " "),
)


def plain(latex: str) -> str:
    r"""Return simple LaTeX as plain text: ``\tfrac{1}{2} \, v_1`` is "1/2 v1"."""
    for pattern, words in _WORDS:
        latex = re.sub(pattern, words, latex)
    return latex.strip()


def sentence(recording: Recording, node: Node) -> str:
    """Return what a node is: "v5 = v6 + v7"."""
    return f"{node.label} = {plain(recording.short(node))}"


def several(items: list[str]) -> str:
    """Return items in a row: "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def describe(recording: Recording) -> str:
    """Return the alt text of a drawing of the graph: its nodes, inputs and fan-out."""
    inputs = several([node.name for node in recording.inputs])
    kind = "input" if len(recording.inputs) == 1 else "inputs"
    parts = [
        f"Computation graph of {len(recording)} nodes, from the output v0 at the top down to "
        f"the {kind} {inputs}.",
        "; ".join(sentence(recording, node) for node in recording.nodes) + ".",
    ]
    shared = [fan_out(recording, n) for n in recording.nodes if recording.uses(n) > 1]
    parts += shared or ["No node is used more than once."]
    if recording.constants:
        names = several([constant.name for constant in recording.constants])
        parts.append(f"Constants: {names}.")
    return " ".join(parts)


def fan_out(recording: Recording, node: Node) -> str:
    """Return how a node that is used more than once is used."""
    users = recording.users(node)
    times = recording.uses(node)
    often = "twice" if times == 2 else f"{times} times"
    who = several([user.label for user in users])
    return f"{node.label} is used {often}, by {who}."
