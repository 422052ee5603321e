"""What several folders of tests share: books and sites built once, one Chromium, one chapter."""

from __future__ import annotations

import gc
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error, sync_playwright
from xdist.remote import Producer

import builds
from builds import ROOT
from chromium import launch
from deckbooks import example
from gdbook.publish.core import user_cache
from shared import Shared
from sharing_out import SharingOut, turn, values
from sites import Site, Watch, sample_config, served

# Workers side by side make times vary: how long one example takes says nothing of the code.
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")

SAMPLE = ROOT / "tests" / "browser" / "book"
STRICT = ("-n", "-W", "--keep-going")


@pytest.fixture(autouse=True)
def no_figure_stays_open() -> Iterator[None]:
    """Close what a test has drawn: Matplotlib warns of the twenty-first figure of a process."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chapter", help="only what this chapter needs, as calculus/gradients")


def pytest_configure(config: pytest.Config) -> None:
    # Else all that the tests start ignores Ctrl-C, too, where they run in a script's background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Torch and SymPy bring objects by the hundred thousand: looking for cycles among them as often
    # as Python does by itself takes a twelfth of the unit tests' time.
    gc.set_threshold(100_000, 20, 20)
    chapter = named(config)
    if chapter is not None and not (ROOT / f"{chapter}.md").is_file():
        raise pytest.UsageError(f"no chapter {config.getoption('chapter')!r}: no {chapter}.md")


def named(config: pytest.Config) -> str | None:
    """Return the chapter that was asked for, as ``book/calculus/gradients``."""
    asked = config.getoption("chapter")
    if not asked:
        return None
    name = str(asked).removesuffix(".md").strip("/")
    return name if name.startswith("book/") else f"book/{name}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what the chapter needs, if one was asked for, in the order of their turns."""
    chapter = named(config)
    if chapter is not None:
        kept = [item for item in items if belongs(item, chapter)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    items.sort(key=turn)


def belongs(item: pytest.Item, chapter: str) -> bool:
    """Whether a chapter needs a test: of its pages, claims, deck or exercises, or by the editor."""
    exercises = f"test_{chapter.rpartition('/')[2].replace('-', '_')}.py"
    return (
        chapter in values(item)
        or item.get_closest_marker("each_chapter") is not None
        or (item.path.name == exercises and item.path.parent.name == "exercises")
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharingOut:
    """Share tests out among workers in our way, and in the order in which they stand."""
    config.option.loadscopereorder = False
    return SharingOut(config, log)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Folders that are made once for all workers."""
    return Shared.of(tmp_path_factory)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_session(shared: Shared) -> Iterator[None]:
    """Keep what builds make for all books of a user in a folder that is empty at first."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(user_cache.FOLDER, str(shared.root / "user-cache"))
        yield


@pytest.fixture(scope="session")
def whole_book(shared: Shared, pytestconfig: pytest.Config) -> Path:
    """The book as a new reader builds it, warnings as errors; the folder that holds ``_build``.

    For a single chapter it is built where its author builds it: what did not change is kept.
    """
    one = named(pytestconfig) is not None

    def make(folder: Path) -> str | None:
        done = builds.jupyter_book(
            ROOT,
            *STRICT,
            output=ROOT if one else folder,
            env=builds.environment(PYTHONHASHSEED="1"),
        )
        return builds.plain(done.stdout + done.stderr) if done.returncode else None

    folder = shared("whole", make)
    return ROOT if one else folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker: Playwright can be started once in a process."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        with suppress(Error):
            chromium.close()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """Open pages that note what they should not do, as `sites.Watch` says."""
    watching = Watch(browser)
    yield watching
    watching.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], Site]]:
    """Serve folders as long as the tests run."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(served(folder))


@pytest.fixture(scope="session")
def book_site(whole_book: Path, serve: Callable[[Path], Site]) -> Site:
    """The book itself, served."""
    return serve(whole_book / "_build" / "html")


@pytest.fixture(scope="session")
def sample_site(shared: Shared, serve: Callable[[Path], Site]) -> Site:
    """The sample of a book's forms, built with warnings as errors and served."""

    def make(folder: Path) -> str | None:
        source = folder / "book"
        shutil.copytree(SAMPLE, source, ignore=shutil.ignore_patterns("_build"))
        shutil.copytree(ROOT / "figures", source / "figures", ignore=shutil.ignore_patterns("*.py"))
        (source / "_config.yml").write_text(sample_config(), "utf-8")
        done = builds.jupyter_book(source, *STRICT, output=folder)
        return done.stdout + done.stderr if done.returncode else None

    return serve(shared("sample", make) / "_build" / "html")


@pytest.fixture(scope="session")
def deck_book(shared: Shared) -> Path:
    """The example of decks, built with warnings as errors: the folder of the book."""

    def make(folder: Path) -> str | None:
        done = builds.jupyter_book(example(folder / "book"), *STRICT)
        return done.stdout + done.stderr if done.returncode else None

    return shared("decks", make) / "book"
