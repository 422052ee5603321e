"""Checkers of book/optimizers/momentum whose answers are optimizers: held against torch's."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.stepping import (
    STARTS,
    Rule,
    by_rule,
    compare_paths,
    drive,
    gradients,
    parameters,
    run_class,
    run_step,
    same,
)
from gdbook.exercises.verdict import Verdict, Wrong, checker, failure, function

LR, BETA = 0.3, 0.8
OTHER = (1.0, 0.5)  # of the object that a checkpoint is loaded into
_IN_PLACE = "change each parameter in place, under torch.no_grad(): p.add_(b, alpha=-lr)."


def _torch_path(rows: Any, **options: Any) -> Tensor:
    params = parameters()
    return drive(torch.optim.SGD(params, lr=LR, **options), params, rows)


def _mistakes(rows: Any) -> dict[str, Tensor]:
    """Return what the well-known wrong programs do with these gradients."""
    rules: dict[str, Rule] = {
        "this is descent without momentum: is the buffer kept from step to step?": (
            lambda b, g: (g, g)
        ),
        "the gradient is multiplied by 1 − β: that is the mean's convention, torch has the sum.": (
            lambda b, g: _twice(BETA * b + (1 - BETA) * g)
        ),
        "that climbs: the step goes against the buffer, −ηb.": (
            lambda b, g: (-(BETA * b + g), BETA * b + g)
        ),
        "the step uses the buffer as it was before this gradient: update b first, then step.": (
            lambda b, g: (b, BETA * b + g)
        ),
        "β multiplies the gradient too: b ← βb + g, not β(b + g).": (
            lambda b, g: _twice(BETA * (b + g))
        ),
        "this is Nesterov's form, with the step along g + βb. The step goes along b.": (
            lambda b, g: (g + BETA * (BETA * b + g), BETA * b + g)
        ),
        "this adds all gradients up, as with β = 1: the buffer must be multiplied by β.": (
            lambda b, g: _twice(b + g)
        ),
    }
    still = torch.cat([start.reshape(-1) for start in STARTS]).expand(len(rows), -1)
    return {
        f"the parameters have not moved: {_IN_PLACE}": still,
        **{sentence: by_rule(rule, rows, LR) for sentence, rule in rules.items()},
        "where a parameter has no gradient, torch leaves it and its buffer alone. Here it is "
        "moved on by its buffer.": _without_skipping(rows),
        "a parameter without gradient ends the whole step here, and those after it are left out: "
        "`continue` with the next one, no `break` or `return`.": _stopping(rows),
    }


def _twice(b: Tensor) -> tuple[Tensor, Tensor]:
    """Return a buffer along which the step goes."""
    return b, b


def _without_skipping(rows: Any) -> Tensor:
    whole = [
        [torch.zeros_like(s) if g is None else g for g, s in zip(row, STARTS, strict=True)]
        for row in rows
    ]
    return _torch_path(whole, momentum=BETA)


def _stopping(rows: Any) -> Tensor:
    """Return the path of a program that leaves its loop at the first None."""
    cut = []
    for row in rows:
        seen = [g is None for g in row]
        cut.append([None if any(seen[: i + 1]) else g for i, g in enumerate(row)])
    return _torch_path(cut, momentum=BETA)


@checker("prob-own-momentum")
def own_momentum(answer: Any) -> Verdict:
    """Judge a class Momentum(params, lr, momentum) by torch.optim.SGD, fed the same gradients."""
    whole = gradients(6, missing=False)
    want, mistakes = _torch_path(whole, momentum=BETA), _mistakes(whole)
    compare_paths(
        run_class(answer, (LR, BETA), whole), want, mistakes, "", "b ← βb + g, then w ← w − ηb."
    )
    rows = gradients(6)
    try:
        got = run_class(answer, (LR, BETA), rows)
    except Wrong as wrong:
        raise Wrong(f"a parameter's .grad may be None, and is skipped then: {wrong}") from None
    compare_paths(
        got,
        _torch_path(rows, momentum=BETA),
        _mistakes(rows),
        "",
        "there one parameter has no gradient. Each parameter needs its own buffer, and is "
        "skipped where .grad is None.",
    )
    _from_a_generator(answer)
    _zeroed_in_place(answer)
    return Verdict(
        True, "torch's to the last digits, step for step, also where a gradient is None."
    )


def _from_a_generator(answer: Any) -> None:
    """Refuse an optimizer that goes through the parameters it was given more than once."""
    rows = gradients(6, missing=False)
    try:
        got = run_class(answer, (LR, BETA), rows, generator=True)
        right = same(got, _torch_path(rows, momentum=BETA))
    except Wrong:
        right = False
    if not right:
        raise Wrong(
            "right for a list of parameters, but model.parameters() is a generator, which is empty "
            "after the first loop over it: keep list(params), and loop over that."
        )


def _zeroed_in_place(answer: Any) -> None:
    """Refuse an optimizer whose buffer is the gradient's own tensor."""
    rows = gradients(6, missing=False)
    got = run_class(answer, (LR, BETA), rows, in_place=True)
    if not same(got, _torch_path(rows, momentum=BETA)):
        raise Wrong(
            "after zero_grad(set_to_none=False) it is not torch's: .grad is then zeroed and filled "
            "in place. Is your buffer the same tensor as .grad? Keep a copy, .clone()."
        )


@checker("prob-aliased-buffer")
def aliased_buffer(answer: Any) -> Verdict:
    """Judge the repaired class: as that of prob-own-momentum, gradients zeroed in place."""
    rows = gradients(6, missing=False)
    told = compare_paths(
        run_class(answer, (LR, BETA), rows),
        _torch_path(rows, momentum=BETA),
        _mistakes(rows),
        "the buffer is a tensor of its own now, and both ways to zero give torch's steps.",
        "the class was right where .grad is a new tensor in each step; only the buffer's first "
        "value needs mending.",
    )
    _zeroed_in_place(answer)
    missing = gradients(6)
    try:
        skips = same(run_class(answer, (LR, BETA), missing), _torch_path(missing, momentum=BETA))
    except Wrong:
        skips = False
    if not skips:
        raise Wrong("mended; but a parameter whose .grad is None was left alone before: keep that.")
    return told


@checker("prob-own-nesterov")
def own_nesterov(answer: Any) -> Verdict:
    """Judge nesterov_step(w, g, b, lr, momentum) by torch.optim.SGD(nesterov=True)."""
    rows = [row[:1] for row in gradients(6, missing=False)]
    params = parameters(STARTS[:1])
    ahead = torch.optim.SGD(params, lr=LR, momentum=BETA, nesterov=True)
    rules: dict[str, Rule] = {
        "this is momentum without the look ahead: step along g + βb, with the b that contains g.": (
            lambda b, g: _twice(BETA * b + g)
        ),
        "the step goes along b + βb: it is g + βb, with this step's gradient.": (
            lambda b, g: ((1 + BETA) * (BETA * b + g), BETA * b + g)
        ),
        "the step goes along βb alone: this step's gradient is added once more, g + βb.": (
            lambda b, g: (BETA * (BETA * b + g), BETA * b + g)
        ),
        "that climbs: the step goes against g + βb.": (
            lambda b, g: (-(g + BETA * (BETA * b + g)), BETA * b + g)
        ),
        "this is descent without momentum.": lambda b, g: (g, g),
        "the buffer must be b ← βb + g. You keep g + βb, in which g is counted twice.": (
            lambda b, g: _twice(g + BETA * (BETA * b + g))
        ),
    }
    return compare_paths(
        run_step(answer, [g for (g,) in rows if g is not None], (LR, BETA), STARTS[0]),
        drive(ahead, params, rows),
        {sentence: by_rule(rule, rows, LR) for sentence, rule in rules.items()},
        "torch's to the last digits: what it calls the parameter is the point y that looks ahead.",
        "b ← βb + g, then w ← w − η(g + βb).",
    )


@checker("prob-own-checkpoint")
def own_checkpoint(answer: Any) -> Verdict:
    """Judge state_dict() and load_state_dict() of a class like Momentum."""
    make, rows = function(answer), gradients(9, missing=False)
    want = _torch_path(rows, momentum=BETA)
    try:
        begun, paths = _saved_and_resumed(make, rows, as_copy=False)
    except (Exception, SystemExit) as error:
        raise Wrong(f"saving and resuming stopped with {failure(error)}.") from None
    if not same(begun, want[:5]):
        raise Wrong(
            "the steps before the checkpoint are not torch's: begin with a Momentum that is."
        )
    if same(paths[0], want[5:]) and not same(paths[1], want[5:]):
        raise Wrong("loaded a second time, the state had changed: load_state_dict must copy.")
    if not same(paths[0], want[5:]) and _right_from_a_copy(make, rows, want):
        raise Wrong(
            "the saved state changed when training went on: state_dict must copy the buffers."
        )
    return compare_paths(
        paths[0],
        want[5:],
        _badly_resumed(rows),
        "the resumed run is the run: buffers and hyper-parameters are saved, as copies.",
        "the state is the buffers, lr and momentum, and each of the two methods must copy.",
    )


def _saved_and_resumed(make: Any, rows: Any, *, as_copy: bool) -> tuple[Tensor, list[Tensor]]:
    """Return the path up to the checkpoint, and that after it, from the same state twice.

    Between saving and loading the first object trains on; with `as_copy` what it saved is copied
    before that.
    """
    params = parameters()
    first = make(params, LR, BETA)
    begun = drive(first, params, rows[:5])
    values = [p.detach().clone() for p in params]
    saved = copy.deepcopy(first.state_dict()) if as_copy else first.state_dict()
    drive(first, params, rows[5:])
    paths = []
    for _ in range(2):
        again = parameters(values)
        resumed = make(again, *OTHER)
        resumed.load_state_dict(saved)
        paths.append(drive(resumed, again, rows[5:]))
    return begun, paths


def _right_from_a_copy(make: Any, rows: Any, want: Tensor) -> bool:
    try:
        _, paths = _saved_and_resumed(make, rows, as_copy=True)
    except (Exception, SystemExit):
        return False
    return same(paths[0], want[5:])


def _badly_resumed(rows: Any) -> dict[str, Tensor]:
    """Return the paths of runs from torch's checkpoint to which a part of the state is missing."""
    params = parameters()
    first = torch.optim.SGD(params, lr=LR, momentum=BETA)
    drive(first, params, rows[:5])
    state = first.state_dict()

    def resumed(lr: float, momentum: float, *, buffers: bool = True) -> Tensor:
        again = parameters([p.detach() for p in params])
        second = torch.optim.SGD(again, lr=lr, momentum=momentum)
        if buffers:
            second.load_state_dict(copy.deepcopy(state))
            second.param_groups[0].update(lr=lr, momentum=momentum)
        return drive(second, again, rows[5:])

    return {
        "the buffers are lost: the resumed run starts with b = 0.": resumed(
            LR, BETA, buffers=False
        ),
        "nothing was loaded: lr, momentum and the buffers are those of the new object.": resumed(
            *OTHER, buffers=False
        ),
        "lr and momentum were not loaded: those of the new object go on.": resumed(*OTHER),
        "lr was not loaded: that of the new object goes on.": resumed(OTHER[0], BETA),
        "momentum was not loaded: that of the new object goes on.": resumed(LR, OTHER[1]),
    }
