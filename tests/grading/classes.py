"""A class of students: right answers, common mistakes, and those who try to do harm."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

from hostile import REFUSED
from wrong_answers import WRONG

import labs

SEEDS = range(1, 9)


def fill(folder: Path, students: int, hostile: int) -> dict[str, list[str]]:
    """Write submissions, a folder for each student, and return the mistakes of each id.

    Parameters
    ----------
    folder : Path
    students : int
        How many hand in answers that can be marked; a third make no mistake.
    hostile : int
        How many files there are beside them that cannot.
    """
    draw = random.Random(1)
    common = [  # one mistake each: other parameters have another loss than the one handed in
        one
        for one in WRONG
        if one[0] not in ("other-seed", "unknown", "starts-elsewhere", "rounded")
        and one[1] != "blind_w"
    ]
    whole = {
        seed: {k: json.dumps(labs.plain(v)) for k, v in labs.right(seed).items()} for seed in SEEDS
    }
    made: dict[tuple[str, str, int], str] = {}
    mistakes: dict[str, list[str]] = {}
    for number in range(students):
        student, seed = f"s{number:05d}", draw.choice(SEEDS)
        answers = dict(whole[seed])
        mistakes[student] = []
        if number % 3:
            name, answer, maker = draw.choice(common)
            key = (name, answer, seed)
            if key not in made:
                made[key] = json.dumps(labs.plain(maker(seed)))
            answers[answer] = made[key]
            mistakes[student] = [name]
        inner = ", ".join(f'"{name}": {text}' for name, text in answers.items())
        place = folder / f"{student}_assignment"
        place.mkdir(parents=True)
        head = f'"lab": "downhill-lab-1", "student": "{student}", "seed": {seed}'
        (place / "lab.json").write_text(f'{{{head}, "answers": {{{inner}}}}}', "utf-8")
    for number, (name, make, _) in zip(range(hostile), itertools.cycle(REFUSED)):
        make(folder / f"hostile-{number:03d}-{name}.json")
    return mistakes
