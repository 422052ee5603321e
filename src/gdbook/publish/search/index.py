"""The index: all places of the book as one classic script."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from gdbook.publish.core.page_links import number_of
from gdbook.publish.search.places import PLACES, Place

#: What the index is called in the browser.
NAME = "gdbookPlaces"
_MARK = re.compile(r"\x02([^\x03]*)\x03")


def index(app: Sphinx) -> str:
    """Return the script with all places, in the order of the book.

    A place is a list: address, number and title of its page, number and title of its own, its
    kind, its keys and its text.
    """
    env = app.env
    numbers = Numbers(env)
    found = PLACES.of(env)
    names = [name for name in _order(env) if name in found]
    keys = _introduced(numbers, [place for name in names for place in found[name]])
    made = []
    for name in names:
        uri = app.builder.get_target_uri(name)
        page = env.titles[name].astext()
        for place in found[name]:
            known = [*place.keys, *keys.get((name, place.id), ())]
            made.append([
                f"{uri}#{place.id}" if place.id else uri,
                numbers.number(name, ""),
                page,
                numbers.number(name, place.id) if place.kind == "section" else "",
                numbers.resolve(place.title),
                place.kind,
                list(dict.fromkeys(known)),
                numbers.resolve(place.text),
            ])  # fmt: skip
    shown = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.{NAME}={shown};\n"


def _order(env: BuildEnvironment) -> list[str]:
    """Return the pages in the order of the book."""
    order = [env.config.root_doc]
    for name in order:
        order += [n for n in env.toctree_includes.get(name, ()) if n not in order]
    return [*order, *sorted(env.found_docs - set(order))]


def _introduced(where: Numbers, places: list[Place]) -> dict[tuple[str, str], list[str]]:
    """Return the terms and symbols that sections introduce, by page and anchor."""
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place in places:
        for label in place.introduced[:1]:
            made[where.where(label)] += place.keys
    return made


class Numbers:
    """Which place a label stands for, and its number, once all pages are read."""

    def __init__(self, env: BuildEnvironment) -> None:
        self._env = env
        self._std: Any = env.get_domain("std")
        self._places = {
            (page, anchor): place.id
            for page, places in PLACES.of(env).items()
            for place in places
            for anchor in place.also
        }

    def where(self, label: str) -> tuple[str, str]:
        """Return the page and the anchor that a label stands for."""
        page, anchor, *_ = self._std.anonlabels.get(label, ("", ""))
        return page, self._places.get((page, anchor), anchor)

    def number(self, page: str, anchor: str) -> str:
        """Return the number of a section, "" where it has none."""
        return number_of(self._env, page, f"#{anchor}" if anchor else "")

    def resolve(self, text: str) -> str:
        """Return a text in which references have their numbers."""
        return _MARK.sub(lambda mark: self._named(mark[1]), text)

    def _named(self, label: str) -> str:
        page, anchor = self.where(label)
        if number := self.number(page, anchor):
            return f"{'Section' if anchor else 'Chapter'} {number}"
        for kind, word in (("figure", "Fig."), ("exercise", "Problem")):
            figures = self._env.toc_fignumbers.get(page, {}).get(kind, {})
            if anchor in figures:
                return f"{word} {'.'.join(map(str, figures[anchor]))}"
        return "…"
