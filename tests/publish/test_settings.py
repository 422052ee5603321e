"""Settings: documented where they are defined, and refused with a sentence where they are wrong."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_book import SmallBook
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace

from gdbook.publish.core.settings import table

ROOT = Path(__file__).parents[2]


def load(folder: Path, **given: Any) -> Sphinx:
    """Return an application with some settings, before anything is built."""
    (folder / "conf.py").write_text("")
    with docutils_namespace():
        return Sphinx(
            folder, None, folder / "_build/html", folder / "_build/trees", "html",
            {"extensions": ["gdbook.publish"], "gdbook_parts": ["claims"], **given},
            status=None, warning=io.StringIO(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"audit": "chapter"}, "audit must be none, pages or chapters, got 'chapter'; did you mean "
         "chapters?"),
        ({"audit": True}, "audit must be none, pages or chapters, got True"),
        ({"audit_notation": ["book"]}, "audit_notation must be a text, got ['book']"),
        ({"also_build": {}}, "also_build must be a list of texts, got {}"),
        ({"print_leave_out": "book/index "}, None),  # a text of the command line is a list
        ({"print_leave_out": ("a",)}, None),
        ({"print_leave_out": [1]}, "print_leave_out must be a list of texts, got [1]"),
        ({"print_handouts": "0"}, None),
        ({"print_handouts": 2}, "print_handouts must be true or false, got 2"),
        ({"gdbook_macros": {"x": 1}}, "gdbook_macros must be a mapping of texts to texts, got "
         "{'x': 1}"),
        ({"audits": "pages"}, "has 'audits', which does not exist; did you mean audit?"),
        ({"audit_notatoin": "a"}, "'audit_notatoin', which does not exist; did you mean "
         "audit_notation?"),
        ({"alsobuild": []}, "'alsobuild', which does not exist; did you mean also_build?"),
        ({"gdbook_nothing": 1}, "'gdbook_nothing', which does not exist; "),
        ({"print_paper": "a4"}, "'print_paper', which does not exist; "),
        ({"also_build": ["text", "slide"]}, "also_build names 'slide', which does not exist; "),
        ({"gdbook_parts": ["claim"]}, "gdbook_parts names 'claim', which does not exist; did you "
         "mean claims?"),
        ({"gdbook_parts": "claims"}, "gdbook_parts must be a list of texts, got 'claims'"),
        ({"html_title": "Of Sphinx", "mine": 1}, None),
    ],
)  # fmt: skip
def test_a_wrong_setting_meets_one_sentence(
    tmp_path: Path, given: dict[str, Any], sentence: str | None
) -> None:
    if sentence is None:
        load(tmp_path, **given)
        return
    with pytest.raises(ConfigError) as error:
        load(tmp_path, **given)
    assert sentence in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_every_mistake_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, audit="all", print_subtilte="x", print_cover=3)
    assert len(str(error.value).splitlines()) == 3


@pytest.mark.book
def test_nothing_is_written_before(tmp_path: Path) -> None:
    book = SmallBook(tmp_path / "book")
    book.edit("_config.yml", "config:\n", "config:\n    audit: chapter\n")
    done = book.command(ok=False)
    assert (
        "audit must be none, pages or chapters, got 'chapter'; did you mean chapters?" in done.log
    )
    assert not list((book.root / "_build").rglob("*.html"))
    assert done.ran == []


def test_the_contributors_table_is_this_one() -> None:
    shown = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert shown == table()
    names = set(re.findall(r"^\| `(\w+)`", shown, re.MULTILINE))
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    ours = ("audit", "also_build", "gdbook_", "print_", "slides_")
    assert {name for name in config if name.startswith(ours)} <= names
