"""Checkers of chapter 13: networks that the reader writes down, and a module that is mended."""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from gdbook.exercises.relu_network import parts_of_network
from gdbook.exercises.relu_network_code import random
from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    close,
    coarse,
    compare,
    failure,
    function,
    kind,
    run,
    several,
)


@checker("prob-xor")
def xor(answer: Any) -> Verdict:
    """Judge [W, b, u, c]: a network with two units that is the exclusive or."""
    parts = several(answer, 4, "the answer should be [W, b, u, c]")
    W, b, u, c = (parts_of_network(part, "W, b, u and c should be numbers") for part in parts)
    if W.shape != (2, 2) or b.numel() != 2 or u.numel() != 2 or c.numel() != 1:
        raise Wrong("W should be 2 × 2, b and u should have two numbers each, and c is one number.")
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)

    def network(W: Tensor) -> Tensor:
        return torch.relu(x @ W.T + b.reshape(-1)) @ u.reshape(-1) + c.reshape(())

    right = torch.tensor([0.0, 1, 1, 0], dtype=torch.float64)
    if not close(network(W), right, 1e-6) and close(network(W.T), right, 1e-6):
        raise Wrong("it is right with W transposed: give W a row for each unit, as nn.Linear does.")
    out = ", ".join(f"{value:g}" for value in network(W).tolist())
    return compare(
        network(W),
        right,
        tol=1e-6,
        praise="two hinges and four right values.",
        mistakes={
            "this is 1 where the inputs are equal: it is the opposite.": 1 - right,
            "this is the or: at (1, 1) it should be 0.": torch.tensor([0.0, 1, 1, 1]),
            "this is the and.": torch.tensor([0.0, 0, 0, 1]),
            "this is the sum of the inputs: the second hinge must bring it down by 2 at (1, 1).": (
                torch.tensor([0.0, 1, 1, 2])
            ),
        },
        hint=f"at (0, 0), (0, 1), (1, 0), (1, 1) it should be 0, 1, 1, 0; it is {out}.",
    )


@checker("prob-through-points")
def through_points(answer: Any) -> Verdict:
    """Judge through_points(x, y): a network with N − 1 units through all points."""
    make = function(answer)
    x = torch.tensor([0.5, -2.0, 3.0, 1.0, -0.25], dtype=torch.float64)
    y = torch.tensor([1.0, 0.5, -2.0, 4.0, 1.5], dtype=torch.float64)
    order = x.argsort()
    if not close(_through(make, x[order], y[order]), y[order], 1e-9):
        raise Wrong(_not_through(make, x[order], y[order]))
    if not close(_through(make, x, y), y, 1e-9):
        raise Wrong("right for sorted x. Here they come in another order: sort both, x and y.")
    between = (x[order][1:] + x[order][:-1]) / 2
    middle = (y[order][1:] + y[order][:-1]) / 2
    if not close(_through(make, x, y, between), middle, 1e-9):
        raise Wrong("it passes through the points, and is not straight between neighbours.")
    two = torch.tensor([1.0, -1.0], dtype=torch.float64)
    if not close(_through(make, two, 3 * two), 3 * two, 1e-9):
        raise Wrong("right for five points, and wrong for two.")
    return Verdict(True, "N − 1 units and a constant pass through all points, in any order.")


def _through(make: Any, x: Tensor, y: Tensor, at: Tensor | None = None) -> Tensor:
    """Return the reader's network at the points, or elsewhere."""
    made = several(run(make, x, y), 4, "the function should return w, b, u and c")
    w, b, u, c = (parts_of_network(part, "w, b, u and c should be numbers") for part in made)
    if not w.shape == b.shape == u.shape == (len(x) - 1,) or c.numel() != 1:
        raise Wrong(
            f"for {len(x)} points w, b and u should have {len(x) - 1} numbers each and c one; got "
            f"shapes {tuple(w.shape)}, {tuple(b.shape)}, {tuple(u.shape)} and {tuple(c.shape)}."
        )
    place = x if at is None else at
    return torch.relu(place[:, None] * w + b) @ u + c.reshape(())


def _not_through(make: Any, x: Tensor, y: Tensor) -> str:
    got = _through(make, x, y)
    s = y.diff() / x.diff()
    bent = torch.relu(x[:, None] - x[:-1])
    jumps = torch.cat([s[:1], s.diff()])
    known = {
        "the weights u are the slopes. A hinge stays active to the right, so each must add only "
        "the difference to the slope before.": bent @ s + y[0],
        "the constant is missing: left of all kinks the network should be y₁.": bent @ jumps,
        "the biases have the wrong sign: max(0, x − xⱼ) has the bias −xⱼ.": (
            torch.relu(x[:, None] + x[:-1]) @ jumps + y[0]
        ),
        "the kinks are one point too far to the right.": torch.relu(x[:, None] - x[1:]) @ jumps
        + y[0],
        "the jumps are differences of the y, not of the slopes: divide by the distances of the "
        "x.": bent @ torch.cat([y.diff()[:1], y.diff().diff()]) + y[0],
    }
    for sentence, values in known.items():
        if close(got, values, 1e-9):
            return sentence
    coarse(got, y, 1e-9)
    first = int((~torch.isclose(got, y, rtol=1e-9, atol=0.0)).nonzero()[0])
    before = " The points before it are right." if first else ""
    return (
        f"at x = {x[first].item():g} the network is {got[first].item():g}, where "
        f"{y[first].item():g} is wanted.{before}"
    )


@checker("prob-unregistered")
def unregistered(answer: Any) -> Verdict:
    """Judge a class Network(H): its parameters are found, and its output is not rectified."""
    if not isinstance(answer, type) or not issubclass(answer, nn.Module):
        raise Wrong(f"hand in the class itself, a subclass of nn.Module; got {kind(answer)}.")
    try:
        network = answer(8)
    except Exception as error:
        raise Wrong(f"Network(8) stopped with {failure(error)}.") from None
    count = sum(p.numel() for p in network.parameters())
    if count == 9:
        raise Wrong(
            "the hidden layer's 16 parameters are still not found: a plain list registers nothing. "
            "Make it an attribute, or use nn.ModuleList or nn.Sequential."
        )
    if count != 25:
        raise Wrong(f"Network(8) has {count} parameters, where 25 are expected.")
    if sum(p.numel() for p in answer(5).parameters()) != 16:
        raise Wrong("Network(8) is right. Network(5) should have 16 parameters: is H used?")
    W1, b1, W2, b2 = _by_shape(network)
    x = torch.linspace(-3, 3, 41, dtype=torch.float64)[:, None]
    for seed in range(3):
        values = [random(*s, seed=60 + 4 * seed + i) for i, s in enumerate([(8, 1), (8,)])]
        values += [random(1, 8, seed=80 + seed), random(1, seed=90 + seed)]
        trial = copy.deepcopy(network).double()
        with torch.no_grad():
            for name, value in zip((W1, b1, W2, b2), values, strict=True):
                trial.get_parameter(name).copy_(value)
        try:
            out = trial(x).detach()
        except Exception as error:
            raise Wrong(f"calling the network stopped with {failure(error)}.") from None
        _judge_output(out, x, values)
    return Verdict(True, "all 25 parameters are found, and the output may be negative.")


def _by_shape(network: nn.Module) -> tuple[str, ...]:
    """Return the names of W1, b1, W2, b2, told by their shapes."""
    names = {tuple(p.shape): name for name, p in network.named_parameters()}
    try:
        return tuple(names[shape] for shape in ((8, 1), (8,), (1, 8), (1,)))
    except KeyError:
        raise Wrong("the layers should be nn.Linear(1, H) and nn.Linear(H, 1).") from None


def _judge_output(out: Tensor, x: Tensor, values: list[Tensor]) -> None:
    W1, b1, W2, b2 = values
    z = x @ W1.T + b1
    right = torch.relu(z) @ W2.T + b2
    if out.shape != right.shape:
        raise Wrong(f"41 rows give an output of shape {tuple(out.shape)}, not (41, 1).")
    if close(out, right, 1e-9):
        return
    if close(out, torch.relu(right), 1e-9):
        raise Wrong("the parameters are found. The output is still rectified: never negative.")
    if close(out, z @ W2.T + b2, 1e-9):
        raise Wrong("now no ReLU is left, and the network is a straight line.")
    raise Wrong("the output should be the last layer's, of the rectified first layer's.")
