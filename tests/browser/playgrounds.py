"""A page with playgrounds, as the builder writes them, for tests and the bench."""

from __future__ import annotations

from pathlib import Path

from gdbook.plots import playground
from gdbook.plots.play import Playground
from gdbook.publish.figures import scripts, write_assets
from gdbook.publish.figures.play import play_host
from gdbook.publish.figures.svg import inline

#: The playgrounds of the page, by name.
EXAMPLES = {
    "whole": {"f": "ravine", "full": True, "sgd": 0.45, "momentum": 0.2, "adam": 0.3, "beta": 0.7},
    "small": {"f": "wave", "dials": ("beta",), "sgd": 0.5, "nesterov": 0.2, "steps": 40},
    "data": {"f": "sine", "starts": ((2.1, -1.42), (2.25, -1.74)), "sgd": 0.1, "steps": 200},
}


def example(name: str) -> Playground:
    """Return one of the examples."""
    made: Playground = playground(**EXAMPLES[name])  # type: ignore[arg-type]
    return made


def write_page(folder: Path) -> None:
    """Write ``index.html`` with all examples, and its assets."""
    write_assets(folder)
    body = ""
    for number, name in enumerate(EXAMPLES):
        made = inline(example(name).svg, prefix=f"f{number}", alt=f"The {name} one.", images="")
        assert made.play is not None
        for file, content in made.rasters.items():
            (folder / file).write_bytes(content)
        still = made.html().replace('href="/layer', 'href="layer')
        body += f'<section id="{name}"><h2>The {name} one</h2>'
        body += f"{play_host(made.play, still, 'gd-figure')}</section>"
    link = '<a class="gd-try" href="?f=skewed&amp;start=-8,6&amp;sgd=0.02&amp;steps=80">Try</a>'
    needed = "".join(f'<script defer src="{name}"></script>' for name in scripts(body))
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Play</title>'
        f'<meta name="viewport" content="width=device-width">'
        f'<link rel="stylesheet" href="figures.css">{needed}<style>'
        f"body{{margin:0 auto;max-width:42rem;padding:0 1rem;font:17px sans-serif;"
        f"background:var(--gd-paper);color:var(--gd-ink)}}a{{color:inherit}}</style></head>"
        f'<body data-theme="auto"><main><h1>Play</h1><p>{link}</p>{body}</main></body></html>'
    )
