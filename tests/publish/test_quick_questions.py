"""Quick questions on page, deck, paper and in the notebook of a small book; mistakes in them."""

from __future__ import annotations

import json
import pickle
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from deckbooks import build_small, small
from gdbook import quick
from printed import words

pytestmark = pytest.mark.book

CONF = """
extensions += ["sphinx_exercise"]
gdbook_parts += ["notebooks", "print", "site"]
also_build = ["slides", "notebooks", "typst"]
author = "Someone"
"""

NUMBER = """\
:::{quick} quick-stable-rate
Up to which $\\eta$ does it converge?
:::
"""
CHOICE = """\
:::{quick} quick-which-valley
Where does it end?

- On the *right*.
- On the left.
- Nowhere.
- Anywhere.
:::
"""
TABLE = """\
::::{quick} quick-which-valley
Which line is true?

| valley | from 5 |
| --- | --- |
| right | $x > 0$ |
| left | $x < 0$ |
| none | inf |
| all | nan |
::::
"""
CHAPTER = f"""\
# One

+++ {{"slideshow": {{"slide_type": "slide"}}}}

Words.

{NUMBER}

+++ {{"slideshow": {{"slide_type": "slide"}}}}

{CHOICE}

+++ {{"slideshow": {{"slide_type": "notes"}}}}

"""
CODE = "\n```{code-cell}\n1 + 1\n```\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chapters = {
        "one": CHAPTER + NUMBER.replace("stable-rate", "how-far") + CODE,
        "two": f"# Two\n\n{TABLE}",
        "three": "# Three\n\nNo question.\n",
    }
    folder = small(tmp_path_factory.mktemp("site") / "book", chapters, CONF)
    done = build_small(folder, "-n", "-W", "--keep-going")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def soup(path: Path) -> Any:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_the_page_asks_and_carries_the_answers_as_data(site: Path) -> None:
    page = soup(site / "one.html")
    boxes = page.find_all("gd-quick")
    titles = [box.find(class_="quick-title").get_text() for box in boxes]
    assert titles == ["Quick question 1", "Quick question 2", "Quick question 3"]
    data = json.loads(boxes[0]["data-answers"])
    assert data["right"] == [0.2, quick.question("quick-stable-rate").right]
    assert [answer for answer, _ in data["wrong"]] == [0.1, 0.4, 1, 10]
    folded = boxes[0].find("details")
    assert not folded.has_attr("open")
    assert folded.find("p").get_text().startswith("1/5: λ = 10")
    assert "1/5" not in boxes[0].find("form").get_text()
    radios = boxes[1].find_all("input", type="radio")
    assert [radio["value"] for radio in radios] == [*"abcd"]
    assert boxes[1].find("label").get_text() == "a On the right."


def test_lines_of_a_table_are_options(site: Path) -> None:
    labels = soup(site / "two.html").find("gd-quick").find_all("label")
    assert [label.get_text() for label in labels] == ["a right", "b left", "c none", "d all"]
    assert all(label.find_parent("td") for label in labels)


def test_the_script_is_there_where_something_can_be_answered(site: Path) -> None:
    def scripts(name: str) -> str:
        found = [
            str(script["src"]).partition("?")[0] for script in soup(site / f"{name}.html")("script")
        ]
        return "".join((site / path).read_text("utf-8") for path in found)

    loaded = {name: '"gd-quick"' in scripts(name) for name in ("one", "two", "three")}
    assert loaded == {"one": True, "two": True, "three": False}
    assert (site / "_static" / "answers.mjs").is_file()


def test_on_a_slide_the_answer_is_a_fragment_and_in_notes_plain(site: Path) -> None:
    deck = soup(site / "slides" / "one.html")
    assert not deck.find("form")
    assert not deck.find("input")
    first = deck.find(id="quick-stable-rate").parent
    assert "Up to which" in first.find(class_="quick").get_text()
    assert first.find(class_="fragment").get_text().strip().startswith("Answer 1/5: λ = 10")
    notes = deck.find("aside", class_="notes")
    assert "Answer 1/100" in notes.get_text()
    assert not notes.find(class_="fragment")


def test_the_notebook_has_a_cell_for_the_answer(site: Path) -> None:
    cells = json.loads((site / "notebooks" / "one.ipynb").read_text("utf-8"))["cells"]
    at = next(n for n, cell in enumerate(cells) if "quick-which" in "".join(cell["source"]))
    assert "- **a** On the *right*.\n- **b** On the left." in "".join(cells[at - 1]["source"])
    assert cells[at]["cell_type"] == "code"
    code = "".join(cells[at]["source"])
    said: dict[str, object] = {}
    exec(code.replace("check(", "verdict = check("), said)
    assert repr(said["verdict"]) == "Not yet: write your answer in place of the three dots."
    told = "".join("".join(cell["source"]) for cell in cells)
    assert quick.question("quick-stable-rate").right not in told


def test_on_paper_the_answers_stand_at_the_end(site: Path) -> None:
    (short,) = site.glob("*-without-solutions.pdf")
    (long,) = set(site.glob("*.pdf")) - {short}
    whole, without = words(PdfReader(long)), words(PdfReader(short))
    text, _, answers = whole.rpartition("Solutions")
    assert "Up to which" in text
    assert "λ = 10" not in text
    assert "Quick question 1 1/5: λ = 10" in answers
    assert "Question on page" in answers
    assert "Answer on page" in text
    assert "λ = 10" not in without


def test_a_page_is_read_again_when_its_answers_change(site: Path) -> None:
    environment = pickle.loads((site / ".doctrees" / "environment.pickle").read_bytes())
    answers = str(quick.FOLDER / "descent_in_one_dimension.toml")
    on = {
        name: answers in environment.dependencies.get(name, ()) for name in ("one", "two", "three")
    }
    assert on == {"one": True, "two": True, "three": False}


def refused(folder: Path, text: str) -> str:
    done: subprocess.CompletedProcess[str] = build_small(
        small(folder / "book", {"one": f"# One\n\n{text}"}), "-n", "-W", "--keep-going"
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (NUMBER.replace("stable", "table"), "did you mean 'quick-stable-rate'?"),
        (CHOICE.replace("- Anywhere.\n", ""), "quick-which-valley has 3 options here and 4 in its"),
        (NUMBER.replace("Up to which $\\eta$ does it converge?\n", ""), "asks nothing"),
        (NUMBER + "\n" + NUMBER, "quick-stable-rate is asked twice"),
    ],
)
def test_a_question_without_its_answers_fails(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in refused(tmp_path, text)
