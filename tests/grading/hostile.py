"""Files that are no submissions, or that try to do harm, and what must be said of each."""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labs

Make = Callable[[Path], Any]


def _text(text: str, encoding: str = "utf-8") -> Make:
    return lambda path: path.write_bytes(text.encode(encoding, "surrogatepass"))


def _of(student: Any, seed: Any = 1, answers: Any = None) -> Make:
    whole = labs.file(student, seed, {"sine": [1.0, 2.0]} if answers is None else answers)
    return _text(json.dumps(whole))


def _without(key: str) -> Make:
    whole = labs.file("someone", 1, {})
    del whole[key]
    return _text(json.dumps(whole))


class Bomb:
    """Runs a command if a reader unpickles it."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch unpickled",)


def _gigabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"lab": "downhill-lab-1", "student": "big", "seed": 1, "answers": {')
        file.truncate(3 * 2**30)  # sparse: no disk is filled


#: (what it is, how it is made, a part of the sentence about it).
REFUSED: list[tuple[str, Make, str]] = [
    ("empty", _text(""), "is no JSON"),
    ("broken", _text('{"lab": "downhill-lab-1", "answers": {'), "is no JSON"),
    ("code", _text("__import__('os').system('touch evaluated')"), "is no JSON"),
    ("pickle", lambda path: path.write_bytes(pickle.dumps(Bomb())), "is not text in UTF-8"),
    ("latin", _text('{"student": "Zoë"}', "latin-1"), "is not text in UTF-8"),
    ("zeros", lambda path: path.write_bytes(bytes(1000)), "is no"),
    ("gigabytes", _gigabytes, "is larger than 2 MB"),
    ("deep", _text("[" * 100_000), "is nested too deeply"),
    ("deep-whole", _text('{"a":' * 50_000 + "1" + "}" * 50_000), "is nested too deeply"),
    ("many", _text("[" + "{}," * 600_000 + "{}]"), "is no submission of this lab"),
    ("list", _text("[1, 2, 3]"), "is no submission of this lab"),
    ("other-lab", _text('{"lab": "chemistry", "student": "a"}'), "is no submission of this lab"),
    ("no-answers", _without("answers"), 'has no dictionary "answers"'),
    ("answer-list", _of("someone", answers=[1, 2]), 'has no dictionary "answers"'),
    ("no-id", _without("student"), 'has no text "student"'),
    ("id-list", _of(["a", "b"]), 'has no text "student"'),
    ("id-true", _of(True), 'has no text "student"'),
    ("id-empty", _of(""), "has the id “”"),
    ("id-path", _of("../../../tmp/owned"), "has the id “../../../tmp/owned”"),
    ("id-absolute", _of("/etc/passwd"), "has the id “/etc/passwd”"),
    ("id-windows", _of("..\\..\\owned"), "has the id"),
    ("id-formula", _of("=HYPERLINK('x')"), "has the id"),
    ("id-plus", _of("+1234"), "has the id"),
    ("id-lines", _of("a\nb,100"), "has the id “a\\nb,100”"),
    ("id-escape", _of("a\x1b[2Jb"), "has the id “a\\x1b[2Jb”"),
    ("id-turned", _of("a\u202egpj"), "has the id “a\\u202egpj”"),
    ("id-surrogate", _of("\ud800"), "has the id “\\ud800”"),
    ("id-long", _of("x" * 5000), "has the id"),
    ("id-null", _of("a\x00b"), "has the id"),
    ("no-seed", _without("seed"), 'has no "seed"'),
    ("seed-negative", _of("someone", -1), 'has no "seed"'),
    ("seed-text", _of("someone", "1"), 'has no "seed"'),
    ("seed-half", _of("someone", 1.5), 'has no "seed"'),
    ("seed-huge", _text('{"lab": "downhill-lab-1", "student": "a", "seed": ' + "9" * 9999
                        + ', "answers": {}}'), 'has no "seed"'),
]  # fmt: skip

if sys.platform != "win32":  # where links need a privilege, and there are no pipes
    REFUSED += [
        ("link", lambda path: path.symlink_to("/etc/hostname"), "is a link"),
        ("link-nowhere", lambda path: path.symlink_to(path.parent / "gone"), "is a link"),
        ("pipe", os.mkfifo, "is not a regular file"),
    ]

#: Odd, but marked: (what it is, its text, what the mark's notes or findings say).
ODD: list[tuple[str, bytes, str]] = [
    ("utf-16", json.dumps(labs.file("wide", 1, {})).encode("utf-16"), "written in UTF-16"),
    ("bom", json.dumps(labs.file("bom", 1, {})).encode("utf-8-sig"), "It was not handed in."),
    ("twice", b'{"lab":"downhill-lab-1","student":"twice","seed":1,"answers":{"a":1,"a":2}}',
     "a key stands twice"),
    ("nan", b'{"lab":"downhill-lab-1","student":"nan","seed":1,"answers":{"sine":[NaN,1]}}',
     "Entry 0 is NaN or infinite"),
    ("infinite", b'{"lab":"downhill-lab-1","student":"inf","seed":1,"answers":{"sine":[1,1e999]}}',
     "Entry 1 is NaN or infinite"),
    ("large", b'{"lab":"downhill-lab-1","student":"large","seed":1,"answers":{"skewed_loss":['
     + b",".join([b"1e300", b"-1e308"] * 250) + b"]}}", "Entry 0 is not the start"),
    ("digits", b'{"lab":"downhill-lab-1","student":"digits","seed":1,"answers":{"sine":['
     + b"7" * 20000 + b",1]}}", "Entry 0 is NaN or infinite"),
    ("extra", json.dumps(labs.file("extra", 1, {f"=cmd|{i}": i for i in range(5000)})).encode(),
     "and 4995 more"),
    ("nested", b'{"lab":"downhill-lab-1","student":"nested","seed":1,"answers":{"sine":'
     + b"[" * 500 + b"]" * 500 + b"}}", "nested more deeply"),
    ("class", b'{"lab":"downhill-lab-1","student":"class","seed":1,"answers":{"sine":'
     b'{"__instance_type__":["os","system"],"attributes":{}}}}', "holds an object"),
    ("numeric-id", b'{"lab":"downhill-lab-1","student":1234567,"seed":1,"answers":{}}',
     "It was not handed in."),
]  # fmt: skip
