"""The catalogue: every mistake that the marker knows by name, its sentence and its credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A known mistake.

    Attributes
    ----------
    title : str
        How the statistics of a class call it.
    sentence : str
        What the student is told. Words in braces are filled in.
    share : float
        The part of the answer's points that is still given.
    """

    title: str
    sentence: str
    share: float = 0.0


def _table(**rows: tuple[str, str] | tuple[str, str, float]) -> dict[str, Mistake]:
    return {name.replace("_", "-"): Mistake(*row) for name, row in rows.items()}


CATALOGUE: dict[str, Mistake] = _table(
    # What was handed in
    missing=("answer missing", "It was not handed in."),
    not_numbers=("not numbers", "It should hold real numbers, and holds {what}."),
    not_names=("not a list of names", "It should be a list of texts, one for each function."),
    ragged=("shape unclear", "Its rows differ in length, or its shape is not what it says."),
    too_deep=("shape unclear", "It is nested more deeply than any answer."),
    packed=("array packed", "Arrays are read as lists of numbers, not packed into a text."),
    shape=("wrong shape", "Its shape is {got}, and {want} was asked for."),
    not_finite=("NaN or infinite", "Entry {step} is NaN or infinite: did the run diverge?"),
    other_seed=(
        "numbers of another variant",
        "These are the right numbers of seed 0, and your variant has another seed.",
    ),
    # How a history was logged
    logged_after=(
        "logged after the step",
        "This is logged after the step. Entry 0 belongs to the start: log first, then step.",
        0.5,
    ),
    one_too_many=(
        "one entry too many",
        "It has one entry too many: the point after the last step is not logged.",
        0.75,
    ),
    one_too_few=("one entry missing", "It lacks the last entry: log before each step.", 0.75),
    stopped_early=(
        "too few steps",
        "It is right as far as it goes, but has only {got} entries.",
        0.5,
    ),
    went_on=("too many steps", "It is right, but goes on after {want} entries.", 0.75),
    alias=(
        "the tensor itself was logged",
        "All entries are the same: the tensor itself was stored each time, not a copy. Store "
        "`X.detach().clone()`.",
        0.25,
    ),
    transposed=("transposed", "Rows and columns are exchanged: one row for each {row}.", 0.75),
    column=("a column for a list", "The numbers are right; the shape should be {want}.", 0.75),
    rounded=("rounded", "It was rounded: hand in all digits.", 0.75),
    departs=("another run", "It agrees up to entry {step} and differs from there on."),
    starts_elsewhere=("another start", "Entry 0 is not the start of your variant."),
    # What a step did
    not_zeroed=(
        "gradient not zeroed",
        "The gradients of all steps so far add up: zero `X.grad` before each `backward()`.",
        0.25,
    ),
    climbs=("climbs", "This goes up: a step subtracts the gradient.", 0.25),
    rate_ten=("learning rate ten times too large", "The learning rate is 0.01, not 0.001.", 0.5),
    rate_tenth=("learning rate ten times too small", "The learning rate is 0.0001.", 0.5),
    factor_missing=("factor missing", "The factor in front of the function is missing.", 0.25),
    halved=(
        "half the gradient",
        "The steps are half as long: is the 2 of the square missing, or a mean taken for a sum?",
        0.25,
    ),
    taken_symmetric=(
        "G taken for symmetric",
        "This steps along 2·10·Gv, which takes G for symmetric; the gradient is 10·(G + Gᵀ)v.",
        0.25,
    ),
    one_after_the_other=(
        "coordinates one after the other",
        "The second coordinate's step already uses the new first one: compute both first.",
        0.25,
    ),
    loss_factor=(
        "loss off by a factor",
        "The run is right, and its loss is {factor:g} times what it should be.",
        0.5,
    ),
    momentum=("momentum", "This is SGD with momentum 0.9; it should have none.", 0.25),
    adam=("Adam for AdamW", "This is Adam, without the decay that AdamW has by default.", 0.5),
    coupled=(
        "decay in the gradient",
        "This is Adam with `weight_decay=0.01`, which goes into the gradient; AdamW's does not.",
        0.5,
    ),
    adam_rate=("AdamW's default rate", "This ran with AdamW's default rate 0.001, not 1.", 0.5),
    no_correction=("no bias correction", "The bias correction of Adam is missing.", 0.25),
    # Gradients
    twice=(
        "twice too large",
        "It is twice too large: `backward()` twice without zeroing, or a factor ½ forgotten.",
        0.25,
    ),
    sign=("sign reversed", "The sign is reversed.", 0.25),
    swapped=("order exchanged", "The two numbers are in the other order.", 0.5),
    inner=(
        "inner derivative missing",
        "The inner derivative is missing: sin(bx) has the derivative b·cos(bx).",
        0.25,
    ),
    square_slope=("2 of the square missing", "The 2 of the square's derivative is missing.", 0.25),
    sine_kept=("sine for cosine", "The derivative of the sine is the cosine.", 0.25),
    value=("value for gradient", "This is the function's value, not its gradient."),
    mean_for_sum=("mean for sum", "This is the gradient of a mean; the function is a sum.", 0.25),
    sum_for_mean=(
        "1/N missing",
        "1/N is missing: this is the gradient of the sum; the loss is a mean.",
        0.25,
    ),
    both_missing=("½ and 1/N missing", "½ and 1/N are missing in front of the sum.", 0.25),
    x_missing=(
        "x missing",
        "In ∂/∂ω the inner derivative x is missing: ωx + t has the derivative x with respect to ω.",
        0.25,
    ),
    cosine_missing=("cosine missing", "The derivative of the sine, a cosine, is missing.", 0.25),
    t_sign=("minus sign lost", "The sign of ∂/∂t is reversed; ∂/∂ω is right.", 0.5),
    flat=("flattened", "The numbers are right; the shape should be {want}.", 0.75),
    # The graph
    reversed_=("walked forwards", "The order is reversed: start at the result.", 0.5),
    leaf_missing=("leaf missing", "The walk stops before the leaf, `AccumulateGrad`.", 0.75),
    output_missing=("first function missing", "The result's own `grad_fn` is missing.", 0.75),
    bare_names=(
        "names of operations",
        "Name the functions as torch does, as in MulBackward0.",
        0.5,
    ),
    other_graph=("another graph", "It differs from the graph at function {step}."),
    # Two numbers
    fastest=("1/λ for 2/λ", "This is 1/λ for the largest eigenvalue λ; the bound is 2/λ.", 0.5),
    best_rate=("best rate", "This is 2/(λmin + λmax), where descent is fastest.", 0.25),
    smallest=("smallest eigenvalue", "The largest eigenvalue decides, not the smallest.", 0.25),
    eigenvalue=("the eigenvalue itself", "This is λ; the bound on the rate is 2/λ."),
    half_hessian=(
        "Hessian too small by half",
        "The Hessian was taken half as large: it is 10·(G + Gᵀ), not half of it.",
        0.25,
    ),
    not_symmetric=(
        "eigenvalues of G",
        "This uses the eigenvalues of G, which is not symmetric. The Hessian is 10·(G + Gᵀ).",
        0.25,
    ),
    point_factor=(
        "factor of the distance",
        "This is the factor of the distance; the loss falls by its square.",
        0.5,
    ),
    fast_factor=(
        "factor of the steep direction",
        "This belongs to the steep direction, which has died out by the end of the run.",
        0.25,
    ),
    log_slope=(
        "slope for factor",
        "This is the slope of the semilog line; the factor is what it stands for.",
        0.5,
    ),
    upside_down=("factor upside down", "Divide each loss by the one before it.", 0.5),
    # Blind date
    near_minimum=(
        "not quite at the minimum",
        "It is near the lowest minimum: take more steps.",
        0.75,
    ),
    other_basin=(
        "another basin",
        "This is a minimum with loss {got:.3g}; there is one with {best:.3g}. Start elsewhere.",
        0.25,
    ),
    not_a_minimum=("not at a minimum", "The loss here is {got:.3g}, and it still has a slope."),
    half_missing=("½ missing", "It is twice the loss at your parameters: ½ is missing.", 0.5),
    loss_sum=("1/N missing", "It is N times the loss at your parameters: 1/N is missing.", 0.5),
    root=("root taken", "It is the root of the loss, or of twice the loss.", 0.5),
    not_this_loss=("another loss", "It is not the loss at the parameters that you handed in."),
    unknown=("not recognised", "It is not right, and not a mistake that is known here by name."),
)
CATALOGUE["reversed"] = CATALOGUE.pop("reversed-")


class Fault(Exception):  # noqa: N818 (it is the student's)
    """A mistake that was found: its name in the catalogue, and what its sentence needs."""

    def __init__(self, name: str, **facts: Any) -> None:
        super().__init__(name)
        self.name = name
        self.sentence = CATALOGUE[name].sentence.format(**facts)
        self.share = CATALOGUE[name].share
