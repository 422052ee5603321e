"""Characters that no font of the book has are told at their line; those that it has are not."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from deckbooks import build_small, small
from gdbook.publish.theme import glyphs

PAGE = """\
# Words א

Drawn: naïve Dvořák, αβγ → ∞, ‘so’ 𝑥 and ½ ☃.

A snowman ✅, and `code ☂ 漢`.

```python
print("漢")
```

The formula $x + \\text{字}$ and
$\\alpha \\to \\infty$.

```{raw} html
<p>✅</p>
```
"""


@pytest.mark.book
def test_they_are_told_at_every_build_until_they_are_mended(tmp_path: Path) -> None:
    folder = small(tmp_path / "book", {"page": PAGE}, conf='exclude_patterns += ["x"]\n')
    cell = nbformat.v4.new_code_cell("print('no')", execution_count=1)
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m \x08\u6f22\n")
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Book"), cell]),
                   folder / "outputs.ipynb")  # fmt: skip
    index = (folder / "index.md").read_text("utf-8")
    (folder / "index.md").write_text(index.replace("\npage\n", "\npage\noutputs\n"), "utf-8")
    for _ in range(2):
        done = build_small(folder)
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)
        told = re.findall(r"(\w+)\.(?:md|ipynb):\d+: WARNING: no font of the book.* (U\+\w+)", said)
        assert sorted(told) == [
            ("outputs", "U+0008"),
            ("outputs", "U+6F22"),
            ("page", "U+05D0"),
            ("page", "U+2705"),
            ("page", "U+5B57"),
            ("page", "U+6F22"),
            ("page", "U+6F22"),
        ]
        assert "white heavy check mark, in: A snowman ✅, and" in said
    (folder / "outputs.ipynb").unlink()
    small(folder, {"page": "# Words\n\nDrawn: naïve.\n"})
    assert "no font of the book" not in build_small(folder).stderr


def test_the_fonts_have_what_a_western_book_needs() -> None:
    known = set(glyphs.characters())
    assert set("aZ09éßŁőαΩ→∞≤∑ℝ𝑥√“”–…·×") <= known
    assert not set("✅漢א") & known
