"""What a live cell costs a reader: bytes on first use, and the start of its Python.

    python tests/bench/live.py

The start is measured beside that of a worker which does nothing, in the same browser: from the
moment it is asked for until it answers. The numbers stand beside their limits, and nothing
fails: a machine may be slow.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from gdbook.publish.formats.slides.fit import FLAGS, chromium_path, served
from gdbook.publish.live.assets import SCRIPT, assets, write_assets

MOST_BYTES = 300_000
MOST_MILLISECONDS = 500
ROUNDS = 9
EMPTY = "onmessage = () => postMessage({ ready: true });"

STARTED = """async ([worker, places]) => {
  const began = performance.now();
  const started = new Worker(worker, { type: "module" });
  started.postMessage(places);
  await new Promise((resolve) => (started.onmessage = resolve));
  const took = performance.now() - began;
  started.terminate();
  return took;
}"""


def main() -> None:
    """Print bytes and times."""
    files = assets()
    found = re.search(r"JSON\.parse\((\".*?[^\\]\")\)", files[SCRIPT].decode())
    assert found is not None
    named = json.loads(json.loads(found[1]))
    sizes = {name: len(gzip.compress(content, 6)) for name, content in files.items()}
    # A page asks for the checkers of one module at a time.
    checkers = [sizes.pop(name) for name in sorted(sizes) if name.startswith("live/checks-")]
    size = sum(sizes.values()) + max(checkers)
    print(f"first use          {size / 1000:8.0f} KB   at most {MOST_BYTES / 1000:.0f}")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        served(Path(folder)) as address,
    ):
        write_assets(Path(folder))
        (Path(folder) / "empty.mjs").write_text(EMPTY)
        (Path(folder) / "index.html").write_text("<!doctype html><title>Start</title>")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        page = browser.new_page()
        page.goto(f"{address}/index.html")
        places = {name: f"{address}/{named[name]}" for name in ("micropython", "wasm", "engine")}
        times: dict[str, list[float]] = {"empty": [], "python": []}
        for _ in range(ROUNDS):  # in turn, so that both meet the same machine
            times["empty"].append(page.evaluate(STARTED, [f"{address}/empty.mjs", {}]))
            worker = f"{address}/{named['worker']}"
            times["python"].append(page.evaluate(STARTED, [worker, places]))
        browser.close()
    empty, python = median(times["empty"]), median(times["python"])
    print(f"start of Python    {python:8.0f} ms   at most {MOST_MILLISECONDS}")
    print(f"an empty worker    {empty:8.0f} ms")
    print(f"ratio              {python / empty:8.1f}")


if __name__ == "__main__":
    main()
