"""Blocks to slide types: what must hold for every page, over random ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdbook.publish.formats.slides.grouping import Grouped, group
from gdbook.publish.formats.slides.layout import arrange
from gdbook.publish.formats.slides.leads import SPARE, with_sentences
from gdbook.publish.formats.slides.placement import (
    AGAIN,
    FULL,
    GAP,
    UNSEEN,
    Block,
    Placed,
    Role,
)

HEADING = 100
TITLE = Block(Role.HEADING, 440, alone=True)


@st.composite
def pages(draw: st.DrawFn, *, marked: bool = False) -> list[Block]:
    """Return a title and some sections, each in the core or deeper."""
    made = [TITLE]
    for _ in range(draw(st.integers(0, 4))):
        deeper = draw(st.booleans())
        made.append(Block(Role.HEADING, HEADING, deeper))
        for _ in range(draw(st.integers(0, 7))):
            role = draw(st.sampled_from([Role.SHOWN, Role.SHOWN, Role.SPOKEN, Role.LEFT_OUT]))
            rows = tuple(draw(st.lists(st.integers(40, 150), max_size=12)))
            height = sum(rows) + draw(st.integers(50, 450))
            block = Block(role, height, deeper)
            if role is Role.SHOWN:
                alone = draw(st.booleans()) and draw(st.booleans())
                asks = not alone and draw(st.booleans())
                least = 0 if rows else draw(st.sampled_from([0, block.height // 2]))
                block = replace(block, least=least, rows=rows, asks=asks, alone=alone)
                if rows:
                    block = replace(block, height=sum(rows) + 60)
            made.append(block)
    if marked:
        kinds = st.sampled_from(["slide", "subslide", "fragment", "notes", "skip", "-"])
        made = [
            replace(block, mark=draw(kinds), opens=draw(st.booleans()))
            if draw(st.booleans())
            else block
            for block in made
        ]
    return made


def deck(placed: list[Placed]) -> list[Grouped]:
    return group([one.kind for one in placed])


def seen(slide: Grouped, placed: list[Placed]) -> list[Placed]:
    return [placed[place.cell] for place in slide.places if not place.notes]


def size(one: Placed, blocks: list[Block]) -> int:
    """Return the height of what is shown of a block."""
    block = blocks[one.block]
    if one.rows is None:
        return block.height
    return block.height - sum(block.rows) + sum(block.rows[slice(*one.rows)])


def total(shown: list[Placed], blocks: list[Block]) -> int:
    """Return the height of a slide: its heading, what is below it, and gaps between that."""
    below = [one for one in shown if blocks[one.block].role is Role.SHOWN]
    height = (
        (AGAIN if shown[0].again else HEADING)
        + sum(size(one, blocks) for one in below)
        + GAP * max(0, len(below) - 1)
    )
    for one, after in pairwise(below):
        asked, answer = blocks[one.block], blocks[after.block]
        if asked.asks and answer.least:
            height -= answer.height - answer.least
    return height


@given(pages())
def test_every_block_is_placed_once_and_whole(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    assert [one.block for one in placed] == sorted(one.block for one in placed)
    for number, block in enumerate(blocks):
        found = [one for one in placed if one.block == number]
        if found[0].rows is None:
            assert len(found) == 1
        else:  # its rows, one piece after the other
            edges = [one.rows for one in found if one.rows]
            assert [row for a, b in edges for row in range(a, b)] == list(range(len(block.rows)))
        shown = {one.kind in ("notes", "skip") for one in found}
        assert shown == {block.role is not Role.SHOWN} or block.role is Role.HEADING


@given(pages())
def test_no_slide_is_too_high_without_being_told(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    for slide in deck(placed)[1:]:  # the first is the title
        shown = seen(slide, placed)
        height = total(shown, blocks)
        assert max(one.over for one in shown) == max(0, height - FULL)
        if height > FULL:  # one block alone is too high: what doesn't fit begins a slide
            assert sum(blocks[one.block].role is Role.SHOWN for one in shown) == 1


@given(pages())
def test_a_slide_is_divided_only_where_the_next_block_did_not_fit(blocks: list[Block]) -> None:
    plain = [replace(block, least=0, asks=False, alone=False) for block in blocks]
    placed = arrange(plain)
    slides = deck(placed)
    for before, after in pairwise(slides[1:]):
        first = seen(after, placed)[0]
        if first.again:
            used = total(seen(before, placed), plain)
            assert used + GAP + plain[first.block].height > FULL


@given(pages(marked=True))
def test_the_core_runs_to_the_right_and_what_is_deeper_hangs_below(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    for number, slide in enumerate(deck(placed)):
        first = blocks[seen(slide, placed)[0].block]
        if number and first.deeper:
            assert not slide.opens_stack
        if not first.deeper and not first.mark:
            assert slide.opens_stack


@given(pages())
def test_answers_come_after_their_questions(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    for slide in deck(placed):
        places = [place for place in slide.places if not place.notes]
        for one, after in pairwise(places):
            asked, answer = blocks[placed[one.cell].block], blocks[placed[after.cell].block]
            if asked.role is Role.SHOWN and asked.asks and not answer.asks:
                assert after.fragment is not None
                assert after.fragment != one.fragment


@given(pages())
def test_each_further_block_of_a_slide_comes_at_the_next_key(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    for slide in deck(placed):
        places = [place for place in slide.places if not place.notes]
        steps = [place.fragment for place in places if not _heading(blocks, placed, place.cell)]
        assert steps[1:] == sorted({step for step in steps[1:] if step is not None})


def _heading(blocks: list[Block], placed: list[Placed], number: int) -> bool:
    return blocks[placed[number].block].role is Role.HEADING


@given(pages())
def test_a_question_of_two_minutes_has_its_slide_for_itself(blocks: list[Block]) -> None:
    placed = arrange(blocks)
    for slide in deck(placed):
        shown = [blocks[one.block] for one in seen(slide, placed)]
        if any(block.alone for block in shown):
            assert shown[-1].alone
            assert sum(block.role is Role.SHOWN for block in shown) <= 1


@given(st.lists(st.sampled_from(["slide", "subslide", "fragment", "notes", "skip", "-"])))
def test_marks_alone_mean_what_they_mean_to_nbconvert(kinds: list[str]) -> None:
    blocks = [Block(Role.SPOKEN, 300, mark=kind, opens=True) for kind in kinds]
    assert [one.kind for one in arrange(blocks)] == kinds


@pytest.mark.parametrize("mark", ["slide", "subslide", "fragment", "-"])
def test_a_mark_is_of_the_whole_cell(mark: str) -> None:
    first = Block(Role.SPOKEN, 50, mark=mark, opens=True)
    rest = [Block(role, 50, mark=mark) for role in (Role.SHOWN, Role.LEFT_OUT, Role.SPOKEN)]
    placed = arrange([TITLE, Block(Role.HEADING, HEADING), first, *rest])
    assert [one.kind for one in placed] == ["slide", "slide", mark, "-", "-", "-"]


def test_what_follows_a_marked_question_is_its_answer() -> None:
    question = Block(Role.SPOKEN, 70, mark="-", opens=True, asks=True)
    statement = replace(question, asks=False)
    for said, kind in ((question, "fragment"), (statement, "-")):
        placed = arrange([TITLE, Block(Role.HEADING, HEADING), said, Block(Role.SHOWN, 300)])
        assert placed[-1].kind == kind


def test_a_deeper_section_that_shows_nothing_is_left_out_and_a_core_one_is_not() -> None:
    for deeper, kinds in ((True, ["skip", "skip"]), (False, ["slide", "notes"])):
        section = [Block(Role.HEADING, HEADING, deeper), Block(Role.SPOKEN, 50, deeper)]
        placed = arrange([TITLE, *section, Block(Role.HEADING, HEADING)])
        assert [one.kind for one in placed] == ["slide", *kinds, "slide"]


def test_a_long_table_is_cut_into_pieces_of_about_the_same_height() -> None:
    table = Block(Role.SHOWN, 100 + 9 * 60, rows=(60,) * 9)
    placed = arrange([TITLE, Block(Role.HEADING, HEADING), table])
    assert [one.rows for one in placed[2:]] == [(0, 5), (5, 9)]
    assert [one.kind for one in placed[2:]] == ["-", "slide"]
    assert [one.again for one in placed[2:]] == [False, True]


@st.composite
def led(draw: st.DrawFn) -> list[Block]:
    """Return a page on which sentences lead to some of the blocks, and follow others."""
    made: list[Block] = []
    for block in draw(pages(marked=draw(st.booleans()))):
        shown = block.role is Role.SHOWN and block.mark not in UNSEEN
        if shown and draw(st.booleans()):
            height = draw(st.integers(40, 120))
            made.append(Block(Role.SPOKEN, deeper=block.deeper, lead=height))
        made.append(replace(block, says=draw(st.booleans())) if shown else block)
        if shown and draw(st.booleans()):
            made.append(Block(Role.SPOKEN, deeper=block.deeper, remark=50))
    return made


@given(led())
def test_what_is_shown_stays_where_it_is_and_sentences_stand_beside_it(blocks: list[Block]) -> None:
    before = arrange(blocks)
    after = with_sentences(blocks, before)
    assert [(one.block, one.rows) for one in after] == [(one.block, one.rows) for one in before]
    for spoken, shown in zip(deck(before), deck(after), strict=True):
        assert spoken.opens_stack == shown.opens_stack
        stood = [one.block for one in seen(spoken, before)]
        stands = seen(shown, after)
        beside = [one for one in stands if blocks[one.block].lead or blocks[one.block].remark]
        assert [one.block for one in stands if one not in beside] == stood
        for one in beside:
            place = stands.index(one)
            if blocks[one.block].lead:  # its block is next, at the same key
                assert stands[place + 1].kind == "-"
                between = after[after.index(one) + 1 : after.index(stands[place + 1])]
            else:  # its block is before, at another key
                assert one.kind == "fragment"
                assert not any(blocks[other.block].says for other in stands)
                between = after[after.index(stands[place - 1]) + 1 : after.index(one)]
            assert {each.kind for each in between} <= {"skip"}


@given(led())
def test_sentences_make_no_slide_too_high(blocks: list[Block]) -> None:
    after = with_sentences(blocks, arrange(blocks))
    for slide in deck(after):
        shown = seen(slide, after)
        marked = any(blocks[one.block].mark for one in shown)
        words = [blocks[one.block] for one in shown if blocks[one.block].role is Role.SPOKEN]
        if marked or not words or blocks[shown[0].block].alone:
            continue
        height = total(shown, blocks) + sum((w.lead or w.remark) + GAP for w in words)
        assert height <= FULL


def test_a_sentence_goes_to_the_next_slide_with_its_formula() -> None:
    spoken, formula = Block(Role.SPOKEN, lead=60), Block(Role.SHOWN, 220)
    made = [TITLE, Block(Role.HEADING, HEADING), spoken, formula, spoken, formula]
    placed = with_sentences(made, arrange(made))
    # Both formulas would fit on one slide, but not with a sentence above the first.
    assert HEADING + 220 + GAP + 220 <= FULL < HEADING + 60 + GAP + 220 + GAP + 220
    assert [(one.kind, one.again) for one in placed[1:]] == [
        ("slide", False),
        ("-", False),
        ("-", False),
        ("slide", True),
        ("-", False),
    ]


def test_no_room_is_kept_for_a_sentence_where_another_block_has_words() -> None:
    spoken, formula = Block(Role.SPOKEN, lead=60), Block(Role.SHOWN, 220)
    made = [TITLE, Block(Role.HEADING, HEADING), spoken, formula, replace(formula, says=True)]
    placed = with_sentences(made, arrange(made))
    assert [one.kind for one in placed[1:]] == ["slide", "notes", "-", "fragment"]


def test_a_sentence_opens_the_slide_of_its_block() -> None:
    formula, spoken = Block(Role.SHOWN, 290), Block(Role.SPOKEN, lead=68)
    heading = Block(Role.HEADING, 40)
    made = [TITLE, heading, spoken, formula] * 2
    placed = with_sentences(made, arrange(made))
    assert [one.kind for one in placed] == ["slide", "slide", "-", "-"] * 2
    high = [TITLE, Block(Role.HEADING, HEADING), spoken, Block(Role.SHOWN, FULL - HEADING)]
    assert with_sentences(high, arrange(high)) == arrange(high)


@pytest.mark.parametrize(
    ("height", "says", "shown"),
    [
        (200, False, True),
        (200, True, False),  # there are words
        (FULL - HEADING - GAP - 50 - SPARE, False, True),
        (FULL - HEADING - GAP - 50 - SPARE + 1, False, False),  # no room
    ],
)
def test_what_was_seen_is_said_at_the_next_key_on_a_slide_without_words(
    height: int, says: bool, shown: bool
) -> None:
    output = Block(Role.SHOWN, height, says=says)
    made = [TITLE, Block(Role.HEADING, HEADING), output, Block(Role.SPOKEN, remark=50)]
    placed = with_sentences(made, arrange(made))
    assert placed[-1].kind == ("fragment" if shown else "notes")


def test_what_leads_to_the_next_slide_is_not_said_before() -> None:
    both, formula = Block(Role.SPOKEN, lead=50, remark=50), Block(Role.SHOWN, 300)
    made = [TITLE, Block(Role.HEADING, HEADING), formula, both, formula]
    placed = with_sentences(made, arrange(made))
    assert [one.kind for one in placed[1:]] == ["slide", "-", "slide", "-"]
