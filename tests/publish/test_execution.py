from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from myst_nb.core.config import NbParserConfig
from small_book import HEAD, SmallBook

from gdbook.publish.core import files
from gdbook.publish.core.versions import version, versions
from gdbook.publish.execute import notebook
from gdbook.publish.execute.output_store import Store

pytestmark = pytest.mark.book

NOTEBOOK = "gdbook.publish.execute.notebook"

STRICT = ("-n", "-W", "--keep-going")
ALL = ["alone", "data", "helped"]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch)


def test_the_command_that_a_reader_types(book: SmallBook) -> None:
    first = book.command(*STRICT)
    assert first.ran == ALL
    assert "scaled 42" in book.page("helped")
    assert "sum 6" in book.page("data")
    progress = re.findall(r"executed book/(\w+) \((\d) of 3, \d+\.\d s\)", first.log)
    assert [int(n) for _, n in progress] == [1, 2, 3]
    assert sorted(name for name, _ in progress) == ALL
    site, times = book.site(), book.times()
    second = book.command(*STRICT)
    assert (second.ran, second.read) == ([], [])
    assert book.site() == site
    pages = {path: time for path, time in times.items() if path.endswith(".html")}
    assert pages.items() <= book.times().items()


METADATA_EDITS = {
    "prose": ("Prose of the", "Other words of the", "Other words of the"),
    "alt text": ('alt: "a number"', 'alt: "forty-two"', None),
    "tags": (":alt:", ":tags: [hide-input]\n:alt:", "Show code cell source"),
    "slide type": (":alt:", ":slideshow: {slide_type: subslide}\n:alt:", None),
    "metadata": (":alt:", ":eq: eq-scaled\n:mystnb: {code_prompt_show: Look}\n:alt:", None),
    "Markdown cell": ("Prose", '+++ {"slideshow": {"slide_type": "slide"}}\n\nProse', "Prose"),
    "front matter": (HEAD, HEAD.replace("file", "given: {1.618: golden}\nfile"), None),
}


@pytest.mark.parametrize("edit", METADATA_EDITS)
def test_editing_what_no_kernel_sees_executes_nothing(book: SmallBook, edit: str) -> None:
    old, new, shown = METADATA_EDITS[edit]
    book.build()
    book.edit("book/helped.md", old, new)
    again = book.build()
    assert (again.ran, again.read) == ([], ["helped"])
    assert "scaled 42" in book.page("helped")
    assert shown is None or shown in book.page("helped")


def test_outputs_come_with_the_metadata_that_cells_have_now(book: SmallBook) -> None:
    book.edit("book/alone.md", "import mat", ":mystnb: {image: {alt: growth}}\nimport mat")
    book.build()
    assert 'alt="growth"' in book.page("alone")
    figure = "image: {alt: doubling}, figure: {caption: Twice., name: fig-twice}"
    book.edit("book/alone.md", "image: {alt: growth}", figure)
    again = book.build()
    assert (again.ran, again.read) == ([], ["alone"])
    assert 'alt="doubling"' in book.page("alone")
    assert "Twice." in book.page("alone")


def test_editing_a_cell_executes_its_chapter_alone(book: SmallBook) -> None:
    book.build()
    book.edit("book/alone.md", "6 * 7", "6 * 8")
    again = book.build()
    assert (again.ran, again.read) == (["alone"], ["alone"])
    assert "alone 48" in book.page("alone")


def test_editing_a_tag_that_changes_execution_executes(book: SmallBook) -> None:
    book.build()
    book.edit("book/helped.md", ":alt:", ":tags: [skip-execution]\n:alt:")
    assert book.build().ran == ["helped"]
    assert "scaled 42" not in book.page("helped")


def test_editing_an_imported_file_executes_its_users_alone(book: SmallBook) -> None:
    book.write("book/kit/deep.py", "FACTOR = 2\n")
    book.write("book/kit/unused.py", "")
    book.write(
        "book/kit/helper.py",
        "def scale(x):\n    from kit.deep import FACTOR\n    return FACTOR * x\n",
    )
    book.build()
    book.write("book/kit/deep.py", "FACTOR = 3\n")
    again = book.build()
    assert (again.ran, again.read) == (["helped"], ["helped"])
    assert "scaled 63" in book.page("helped")
    book.write("book/kit/unused.py", "WORDS = 'nobody reads this'\n")
    assert book.build().ran == []


def test_two_savings_within_one_second_are_told_apart(book: SmallBook) -> None:
    helper = book.root / "book/kit/helper.py"
    os.utime(helper, (1_700_000_000, 1_700_000_000))
    book.build()
    book.edit("book/kit/helper.py", "2 * x", "9 * x")
    os.utime(helper, (1_700_000_000, 1_700_000_000))
    assert book.build().ran == ["helped"]
    assert "scaled 189" in book.page("helped")


def test_editing_a_data_file_executes_its_readers_alone(book: SmallBook) -> None:
    book.build()
    book.write("data/numbers.csv", "10\n20\n")
    again = book.build()
    assert (again.ran, again.read) == (["data"], ["data"])
    assert "sum 30" in book.page("data")


def test_a_file_that_was_missing_and_a_listed_folder_are_inputs(book: SmallBook) -> None:
    book.edit(
        "book/data.md",
        'numbers = Path("../data/numbers.csv").read_text().split()',
        "numbers = [path.stem for path in sorted(Path('../data').glob('*.txt'))]\n"
        "try:\n    numbers += open('../data/more').read().split()\n"
        "except FileNotFoundError:\n    pass",
    )
    book.build()
    assert "sum 0" in book.page("data")
    book.write("data/5.txt", "")
    assert book.build().ran == ["data"]
    assert "sum 5" in book.page("data")
    book.write("data/more", "7")
    assert book.build().ran == ["data"]
    assert "sum 12" in book.page("data")
    assert book.build().ran == []


def test_a_file_that_changed_while_its_reader_ran_is_not_trusted(book: SmallBook) -> None:
    # The chapter itself plays the author who saves in that moment.
    append = 'with Path("../data/numbers.csv").open("a") as file:\n    file.write("4\\n")\n'
    book.edit("book/data.md", 'print("sum"', f'{append}print("sum"')
    book.build()
    assert "sum 6" in book.page("data")
    assert book.build().ran == ["data"]
    assert "sum 10" in book.page("data")


@pytest.mark.parametrize("library", ["torch", "numpy", "matplotlib", "sympy", "mpmath", "python"])
def test_a_key_holds_the_versions(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = NbParserConfig()
    before = notebook.output_key("code", config)
    known = versions()
    assert known[library]
    monkeypatch.setattr(f"{NOTEBOOK}.versions", lambda: known | {library: "99.0"})
    assert notebook.output_key("code", config) != before


def test_another_version_executes_everything(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.build()
    # A build is a fork of this process, and believes what this process believes.
    known = versions()
    monkeypatch.setattr(f"{NOTEBOOK}.versions", lambda: known | {"torch": "99.0"})
    again = book.build()
    assert again.ran == ALL
    # The outputs came out the same, so no page had to be read again.
    assert again.read == []


def test_another_version_of_a_package_executes_the_chapters_that_import_it(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.edit("book/alone.md", "print(", "import contourpy\nprint(")
    book.build()
    known = version
    monkeypatch.setattr(
        "gdbook.publish.execute.staleness.version",
        lambda name: "99.0" if name == "contourpy" else known(name),
    )
    assert book.build().ran == ["alone"]


def test_a_removed_chapter_is_forgotten_and_its_pages_pruned(book: SmallBook) -> None:
    book.build()
    build = book.root / "_build"
    assert (build / ".gdbook/outputs/book/alone.json").exists()
    assert list((build / "html/_images").glob("*"))
    (book.root / "book/alone.md").unlink()
    book.names.remove("alone")
    book.write_toc()
    assert book.build(*STRICT).ran == []
    left = [path for path in build.rglob("*alone*") if path.is_file()]
    assert left == []
    assert list((build / "html/_images").glob("*")) == []
    assert "Alone" not in book.page("helped")
    shutil.rmtree(build / "html")
    incremental = book.build(*STRICT)
    assert incremental.ran == []


def test_what_is_left_of_a_site_is_what_a_build_from_nothing_makes(book: SmallBook) -> None:
    book.build()
    book.edit("book/alone.md", "[1, 2, 4]", "[1, 3, 9]")
    book.names.remove("data")
    book.write_toc()
    (book.root / "book/data.md").unlink()
    book.build()
    incremental = book.site()
    shutil.rmtree(book.root / "_build")
    book.build()
    assert incremental == book.site()


def test_a_new_title_is_shown_on_every_page(book: SmallBook) -> None:
    book.build()
    book.edit("book/data.md", "# Data", "# Numbers")
    again = book.build()
    assert (again.ran, again.read) == ([], ["data"])
    assert ">Numbers<" in book.page("alone")


def test_editing_prose_writes_one_chapter_and_what_lists_it(book: SmallBook) -> None:
    toc = book.read("_toc.yml").replace("chapters:", "defaults:\n  numbered: true\nchapters:")
    book.write("_toc.yml", toc)
    book.build()
    before = book.times()
    book.edit("book/data.md", "# Data", "# Data\n\nWords of this chapter, and of no other.\n")
    assert book.build().read == ["data"]
    assert "of no other" in book.page("data")
    written = {name for name, time in book.times().items() if before.get(name) != time}
    pages = {Path(name).name for name in written if "/html/book/" in name and ".html" in name}
    assert pages == {"data.html", "index.html"}


def test_a_failing_chapter_fails_the_build_and_leaves_the_site(book: SmallBook) -> None:
    book.build()
    before, times = book.site(), book.times()
    book.edit("book/kit/helper.py", "2 * x", "x / 0")
    book.edit("book/data.md", "# Data", "# Other data")
    book.edit("book/alone.md", "6 * 7", "6 * 9")
    failed = book.build(*STRICT, ok=False)
    line = book.read("book/helped.md").splitlines().index('print("scaled", scale(21))') + 1
    message = (
        f"{book.root}/book/helped.md:{line}: in cell 1, line 2: ZeroDivisionError: division by zero"
    )
    assert failed.log.count(message) == 1
    assert "Traceback" not in failed.log
    assert failed.ran == ["alone"]
    assert book.site() == before
    assert book.times() == times
    book.edit("book/kit/helper.py", "x / 0", "2 * x")
    mended = book.build(*STRICT)
    assert mended.ran == []  # the other chapter was kept, and this one's outputs are true again
    assert "alone 54" in book.page("alone")
    assert "Other data" in book.page("data")


def test_all_failing_chapters_are_told_at_once(book: SmallBook) -> None:
    book.edit("book/alone.md", "6 * 7", "6 *")
    book.edit("book/data.md", "numbers.csv", "missing.csv")
    failed = book.build(ok=False)
    assert re.search(r"book/alone\.md:9: in cell 1, line 1: SyntaxError: ", failed.log)
    assert re.search(r"book/data\.md:10: in cell 1, line 2: FileNotFoundError: ", failed.log)
    assert failed.ran == ["helped"]
    assert not (book.root / "_build/html/index.html").exists()


def test_a_kernel_that_dies_and_one_that_never_ends_are_told(book: SmallBook) -> None:
    book.edit("book/alone.md", "print(", "import os; os.kill(os.getpid(), 9)\nprint(")
    book.edit("book/data.md", "print(", "while True: pass\nprint(")
    book.edit("_config.yml", "timeout: 60", "timeout: 3")
    failed = book.build(ok=False)
    assert re.search(r"alone\.md:9: in cell 1: the kernel died", failed.log)
    assert re.search(r"data\.md:9: in cell 1: the cell ran longer than the 3 seconds", failed.log)
    assert failed.ran == ["helped"]


def test_the_longest_chapters_start_first(book: SmallBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdbook.publish.execute.runner.cores", lambda: 0)  # one at a time
    book.build()
    store = Store(book.root / "_build/.gdbook/outputs")
    for name, seconds in (("alone", 1.0), ("data", 3.0), ("helped", 2.0)):
        record = store.load(f"book/{name}")
        assert record is not None
        store.keep(f"book/{name}", replace(record, key="stale", seconds=seconds))
    book.chapter("new", "# New\n")
    book.names.append("new")
    book.write_toc()
    again = book.build()
    order = re.findall(r"executed book/(\w+) \(\d of 4", again.log)
    assert order == ["new", "data", "helped", "alone"]


def test_pages_are_read_while_a_chapter_runs(book: SmallBook) -> None:
    book.edit("book/alone.md", "print(", "import time; time.sleep(2)\nprint(")
    first = book.build()
    read, ran = first.log.index("[ 25%] book/index"), first.log.index("executed book/alone")
    assert read < first.log.index("executed book/data") < ran
    assert read < first.log.index("[ 50%] book/") < ran
    assert sorted(first.read) == ["alone", "data", "helped", "index"]
    site = book.site()
    # In the order of their names, since nothing is to be waited for.
    for folder in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(book.root / "_build" / folder)
    again = book.build()
    assert again.ran == []
    assert sorted(again.read) == again.read
    assert book.site() == site


def test_a_page_put_back_with_its_old_time_is_read_again(book: SmallBook) -> None:
    page = book.root / "book/helped.md"
    times = (page.stat().st_atime_ns, page.stat().st_mtime_ns)
    book.build()
    book.edit("book/helped.md", "Prose", "Poetry")
    os.utime(page, ns=times)
    assert book.build().read == ["helped"]
    assert "Poetry" in book.page("helped")


def test_warnings_are_told_again_until_they_are_mended(book: SmallBook) -> None:
    book.edit("book/helped.md", "Prose", "[nowhere](missing.md) Prose")
    assert "WARNING" in book.build().log
    for _ in range(2):
        assert "missing.md" in book.build(*STRICT, ok=False).log
    book.edit("book/helped.md", "[nowhere](missing.md) ", "")
    book.build(*STRICT)
    assert book.build(*STRICT).read == []


def test_other_publishing_code_reads_every_page_and_executes_none(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.build()
    monkeypatch.setattr(files, "digest", lambda *_: "edited")
    again = book.build()
    assert (again.ran, again.read) == ([], [*ALL, "index"])


def test_one_build_waits_for_another(book: SmallBook) -> None:
    from gdbook.publish.preview.build_process import Build

    book.edit("book/alone.md", "print(", "import time; time.sleep(2)\nprint(")
    book.ran_file.write_text("")
    first = Build(book.root)
    time.sleep(1)
    second = Build(book.root)
    done = [first.finish(), second.finish()]
    assert all(built.ok for built in done)
    assert "waiting for it" in done[0].log + done[1].log
    assert sorted(book.ran_file.read_text().split()) == ALL


def test_a_damaged_record_is_no_record(book: SmallBook) -> None:
    book.build()
    record = book.root / "_build/.gdbook/outputs/book/alone.json"
    record.write_text(record.read_text("utf8").replace("alone 42", "alone 43"), "utf8")
    assert book.build().ran == ["alone"]
    assert "alone 42" in book.page("alone")


def test_a_moved_book_keeps_its_outputs(book: SmallBook, tmp_path: Path) -> None:
    book.build()
    shutil.copytree(book.root, tmp_path / "copy")
    copy = SmallBook.__new__(SmallBook)
    copy.root, copy.ran_file = tmp_path / "copy", book.ran_file
    assert copy.build().ran == []
    assert "scaled 42" in copy.page("helped")


def test_memory_addresses_are_numbered(book: SmallBook) -> None:
    book.edit("book/alone.md", "print(", "a, b = object(), object()\nprint(a, b, a)\nprint(")
    book.build()
    found = re.findall(r"object at (0x\w+)", book.page("alone"))
    assert found == ["0x000000000001", "0x000000000002", "0x000000000001"]
