"""A chapter entered in a part of `_toc.yml`, and in a list of `_config.yml`; all else stays as is.

A file is read with the positions of what is in it, and one line is put in between: comments,
quotes and indentation are the author's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml


class TocError(ValueError):
    """What is in the way of entering a chapter, in a sentence."""


@dataclass(frozen=True)
class Part:
    """A part of the book.

    Attributes
    ----------
    caption : str
        Its heading in the contents; may be empty.
    numbered : bool
        Whether its pages are chapters.
    folders : list of str
        The folders of its files.
    node : yaml.MappingNode
        Where it stands.
    """

    caption: str
    numbered: bool
    folders: list[str]
    node: yaml.MappingNode


def parts(text: str) -> list[Part]:
    """Return the parts of a table of contents.

    Raises
    ------
    TocError
        If it cannot be read, or has no parts.
    """
    root = _root(text)
    sequence = _value(root, "parts")
    nodes = sequence.value if isinstance(sequence, yaml.SequenceNode) else []
    if not nodes:
        raise TocError("_toc.yml has no parts, of which a new chapter would be in one")
    by_default = bool(_plain(text).get("defaults", {}).get("numbered", False))
    found = []
    for node, part in zip(nodes, _plain(text)["parts"], strict=True):
        folders = [str(PurePosixPath(name).parent) for name in _files(part)]
        caption = str(part.get("caption", ""))
        numbered = bool(part.get("numbered", by_default))
        found.append(Part(caption, numbered, list(dict.fromkeys(folders)), node))
    return found


def with_chapter(text: str, part: Part, docname: str) -> str:
    """Return a table of contents with a chapter at the end of a part of it."""
    chapters = _value(part.node, "chapters")
    if not isinstance(chapters, yaml.SequenceNode) or not chapters.value:
        raise TocError(f"the part {part.caption} of _toc.yml has no list of chapters")
    entry = f"{{file: {docname}}}" if chapters.flow_style else f"file: {docname}"
    return _entered(text, chapters, entry)


def with_standard(text: str, docname: str) -> str | None:
    """Return a `_config.yml` whose `audit_standard` names a page; None if it names none so far."""
    node: yaml.Node | None = _root(text, "_config.yml")
    for key in ("sphinx", "config", "audit_standard"):
        node = _value(node, key) if isinstance(node, yaml.MappingNode) else None
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        return None
    return _entered(text, node, docname)


def _entered(text: str, sequence: yaml.SequenceNode, entry: str) -> str:
    """Return a text with an entry at the end of a list."""
    if sequence.flow_style:
        end = _end(sequence.value[-1])
        return text[:end] + f", {entry}" + text[end:]
    return _below(text, sequence, [f"- {entry}"])


def with_part(text: str, caption: str, docname: str) -> str:
    """Return a table of contents with a new part, after the last whose pages are numbered."""
    sequence = _value(_root(text), "parts")
    there = parts(text)
    before = [one for one in there if one.numbered] or there
    by_default = bool(_plain(text).get("defaults", {}).get("numbered", False))
    if not isinstance(sequence, yaml.SequenceNode) or sequence.flow_style:
        raise TocError("the parts of _toc.yml stand on one line: write one below the other")
    plain = re.fullmatch(r"[A-Za-z][\w ,’-]*", caption) and yaml.safe_load(caption) == caption
    lines = [f"- caption: {caption if plain else json.dumps(caption, ensure_ascii=False)}"]
    lines += [] if by_default else ["  numbered: true"]
    lines += ["  chapters:", f"    - file: {docname}"]
    return _below(text, sequence, lines, after=before[-1].node)


def _below(
    text: str, sequence: yaml.SequenceNode, lines: list[str], after: yaml.Node | None = None
) -> str:
    """Return a text with lines below an item of a list, the last one unless said."""
    end = _end(after or sequence.value[-1])
    end = len(text[:end].rstrip())  # folded text ends, for YAML, where the next line begins
    newline = "\r\n" if "\r\n" in text else "\n"
    at = text.find("\n", end)
    head, tail = (text + newline, "") if at < 0 else (text[: at + 1], text[at + 1 :])
    indent = " " * sequence.start_mark.column
    return head + "".join(indent + line + newline for line in lines) + tail


def _end(node: yaml.Node) -> int:
    """Return where what is written in a node ends: a block's own end is at the next token."""
    if isinstance(node, yaml.ScalarNode) or getattr(node, "flow_style", False):
        return int(node.end_mark.index)
    inside = [
        child for pair in node.value for child in (pair if isinstance(pair, tuple) else [pair])
    ]
    return max((_end(child) for child in inside), default=int(node.end_mark.index))


def _root(text: str, file: str = "_toc.yml") -> yaml.MappingNode:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise TocError(f"{file}{line} is not YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(root, yaml.MappingNode):
        raise TocError(f"{file} has no keys")
    return root


def _plain(text: str) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(text)
    return made


def _value(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _files(part: Any) -> Iterator[str]:
    """Yield the files that a part names, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("file"), str):
            yield part["file"]
        part = list(part.values())
    if isinstance(part, list):
        for inside in part:
            yield from _files(inside)
