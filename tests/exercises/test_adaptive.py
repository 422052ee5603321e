"""The checkers of the chapter on adaptive methods: right answers, wrong ones told why."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim import lr_scheduler

from judging import all_tested, judged_right, judged_wrong


def rms(w: Any, g: Any, s: Any, *rest: float) -> Any:
    lr, alpha, eps = rest
    s = alpha * s + (1 - alpha) * g**2
    return w - lr * g / (s**0.5 + eps), s


def rms_in_place(w: Tensor, g: Tensor, s: Tensor, *rest: float) -> Any:
    lr, alpha, eps = rest
    s.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    w.addcdiv_(g, s.sqrt().add_(eps), value=-lr)
    return w, s


def rms_numbers(w: float, g: float, s: float, *rest: float) -> Any:
    lr, alpha, eps = rest
    s = math.fsum([alpha * s, (1 - alpha) * g * g])
    return w - lr * g / (math.sqrt(s) + eps), s


def rms_by_torch(w: Tensor, g: Tensor, s: Tensor, *rest: float) -> Any:
    """torch's own optimizer, its state put in by hand: it shares no line with the checker's."""
    lr, alpha, eps = rest
    p = torch.nn.Parameter(w.clone())
    optimizer = torch.optim.RMSprop([p], lr=lr, alpha=alpha, eps=eps)
    p.grad = torch.zeros_like(w)
    optimizer.step()
    optimizer.state[p]["square_avg"].copy_(s)
    p.grad = g.clone()
    optimizer.step()
    return p.detach(), optimizer.state[p]["square_avg"]


def rms_lists(w: Any, g: Any, s: Any, *rest: float) -> Any:
    made = [rms_numbers(*each, *rest) for each in zip(w, g, s, strict=True)]
    return [float(a) for a, _ in made], [float(b) for _, b in made]


def rms_of_one_setting(w: Any, g: Any, s: Any, *rest: float) -> Any:
    """Take α from the problem's text, not from the argument."""
    s = 0.9 * s + 0.1 * g**2
    return w - rest[0] * g / (s**0.5 + rest[2]), s


def counted_outside() -> Callable[..., Any]:
    """Return the step of Adam with its count beside the function."""
    count = [0]

    def step(w: Any, g: Any, state: Any, lr: float) -> Any:
        count[0] += 1
        return adam(w, g, {**state, "k": count[0] - 1}, lr)

    return step


def rms_wrong(name: str) -> Callable[..., Any]:
    def step(w: Any, g: Any, s: Any, *rest: float) -> Any:
        lr, alpha, eps = rest
        square = g @ g if name == "norm" else g**2
        kept = 1.0 if name == "adagrad" else alpha
        share = 1.0 if name in ("adagrad", "no share") else 1 - alpha
        new = kept * s + share * square
        divisors = {
            "inside": (new + eps) ** 0.5,
            "old": s**0.5 + eps,
            "no root": new + eps,
            "uphill": -(new**0.5) - eps,
            "no eps": new**0.5,
        }
        return w - lr * g / divisors.get(name, new**0.5 + eps), new

    return step


def rms_exchanged(w: Any, g: Any, s: Any, *rest: float) -> Any:
    return rms(w, g, s, rest[0], 1 - rest[1], rest[2])


def rms_in_float32(w: Any, g: Any, s: Any, *rest: float) -> Any:
    return rms(w.float(), g.float(), s.float(), *rest)


def rms_point_only(w: Any, g: Any, s: Any, *rest: float) -> Any:
    return rms(w, g, s, *rest)[0]


def rms_swapped(w: Any, g: Any, s: Any, *rest: float) -> Any:
    return rms(w, g, s, *rest)[::-1]


def rms_swapped_numbers(w: float, g: float, s: float, *rest: float) -> Any:
    return rms_numbers(w, g, s, *rest)[::-1]


def optimizer(wrong: str = "", *, dtype: torch.dtype | None = None) -> Callable[..., Any]:
    """Return a class of AdamW, written out once more, with a mistake that has a name."""

    class Mine:
        def __init__(
            self, params: Any, lr: float, betas: Any, eps: float, weight_decay: float
        ) -> None:
            self.params, self.lr, self.eps, self.decay = list(params), lr, eps, weight_decay
            self.b1, self.b2 = reversed(betas) if wrong == "betas" else betas
            self.k = 0
            self.state: dict[int, Any] = {}

        @torch.no_grad()
        def step(self) -> None:
            self.k = 1 if wrong == "stuck" else self.k + (wrong not in ("each", "all"))
            for p in self.params:
                self.k += wrong == "all" or (wrong == "each" and p.grad is not None)
                if p.grad is not None:
                    self.move(p, p.grad)
                elif wrong == "idle":
                    p.sub_(0.1)

        def move(self, p: Any, g: Tensor) -> None:
            k = self.k
            zero = torch.zeros_like(p) if dtype is None else torch.zeros_like(p, dtype=dtype)
            m, v = self.state.setdefault(id(p), (zero, zero.clone()))
            if wrong == "coupled":
                g = g + self.decay * p
            if wrong == "spoils":
                g = g.mul_(1.5).div_(1.5).add_(1e-12)
            m.mul_(self.b1).add_((1 - self.b1) * g)
            v.mul_(self.b2).add_((1 - self.b2) * g * g)
            c1, c2 = (1.0, 1.0) if wrong == "uncorrected" else (1 - self.b1**k, 1 - self.b2**k)
            change = (m / c1) / (
                (v / c2 + self.eps).sqrt() if wrong == "inside" else (v / c2).sqrt() + self.eps
            )
            rate = {"coupled": 0.0, "no decay": 0.0, "without lr": 1.0}.get(wrong, self.lr)
            if wrong == "rebound":
                p = p - self.lr * change
                return
            if wrong == "after":
                p -= self.lr * change
            p.mul_(1 - rate * self.decay)
            if wrong != "after":
                p -= self.lr * change

    return Mine


class WithTorch:
    """An answer that asks torch itself."""

    def __init__(self, *arguments: Any) -> None:
        params, lr, betas, eps, decay = arguments
        self.inner = torch.optim.AdamW(params, lr, betas, eps, decay)

    def step(self) -> None:
        self.inner.step()


def from_a_function(*arguments: Any) -> Any:
    """No class, but what makes an object with step()."""
    return optimizer()(*arguments)


class WithoutStep:
    def __init__(self, *arguments: Any) -> None: ...


def adam(w: Any, g: Any, state: Any, lr: float) -> Any:
    k = state.get("k", 0) + 1
    m = 0.9 * state.get("m", 0.0) + 0.1 * g
    v = 0.999 * state.get("v", 0.0) + 0.001 * g * g
    w = w - lr * (m / (1 - 0.9**k)) / ((v / (1 - 0.999**k)) ** 0.5 + 1e-8)
    return w, {"k": k, "m": m, "v": v}


def adam_changed_state(w: Any, g: Any, state: Any, lr: float) -> Any:
    w, made = adam(w, g, state, lr)
    state.update(made)
    return w, state


def adam_numbers(w: float, g: float, state: Any, lr: float) -> Any:
    w, made = adam(w, g, state, lr)
    return float(math.fsum([w])), made


def adam_stuck(w: Any, g: Any, state: Any, lr: float) -> Any:
    w, made = adam(w, g, {**state, "k": 0}, lr)
    return w, made


def adam_late(w: Any, g: Any, state: Any, lr: float) -> Any:
    k = max(state.get("k", 0), 1)
    made = adam(w, g, state, lr)[1]
    step = (made["m"] / (1 - 0.9**k)) / ((made["v"] / (1 - 0.999**k)) ** 0.5 + 1e-8)
    return w - lr * step, made


def adam_ahead(w: Any, g: Any, state: Any, lr: float) -> Any:
    return adam(w, g, state or {"k": 1}, lr)


def adam_kept(w: Any, g: Any, state: Any, lr: float) -> Any:
    w, made = adam(w, g, state, lr)
    k = made["k"]
    return w, {"k": k, "m": made["m"] / (1 - 0.9**k), "v": made["v"] / (1 - 0.999**k)}


def adam_uncorrected(w: Any, g: Any, state: Any, lr: float) -> Any:
    made = adam(w, g, state, lr)[1]
    return w - lr * made["m"] / (made["v"] ** 0.5 + 1e-8), made


def plan(k: int, top: float, warmup: int, total: int) -> float:
    if k < warmup:
        return top * (k + 1) / warmup
    return top * math.cos(math.pi / 2 * (k - warmup) / (total - warmup)) ** 2


def plan_of_torch(k: int, top: float, warmup: int, total: int) -> float:
    """torch's own schedulers, stepped k times."""
    inner = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=top)
    parts = [
        lr_scheduler.LinearLR(inner, 1 / warmup, 1, max(warmup - 1, 1)),
        lr_scheduler.CosineAnnealingLR(inner, total - warmup),
    ]
    scheduler = lr_scheduler.SequentialLR(inner, parts, [warmup])
    for _ in range(k):
        inner.step()
        scheduler.step()
    return float(inner.param_groups[0]["lr"])


def plan_of_tensors(k: int, top: float, warmup: int, total: int) -> Tensor:
    return torch.tensor(plan(k, top, warmup, total))


def plan_from_zero(k: int, top: float, warmup: int, total: int) -> float:
    return top * k / warmup if k < warmup else plan(k, top, warmup, total)


def plan_from_start(k: int, top: float, warmup: int, total: int) -> float:
    return plan(k, top, warmup, total) if k < warmup else plan(k, top, 0, total)


def plan_falling(shape: Callable[[float], float]) -> Callable[..., float]:
    """Return a plan that falls in another shape."""

    def answer(k: int, top: float, warmup: int, total: int) -> float:
        share = (k - warmup) / (total - warmup)
        return plan(k, top, warmup, total) if k < warmup else top * shape(share)

    return answer


def plan_with(share: Callable[[float, int, int, int], float]) -> Callable[..., float]:
    """Return a plan whose cosine runs over another share of half a wave."""

    def answer(k: int, top: float, warmup: int, total: int) -> float:
        if k < warmup:
            return plan(k, top, warmup, total)
        s = share((k - warmup) / (total - warmup), k, warmup, total)
        return top / 2 * (1 + math.cos(math.pi * s))

    return answer


def left_over(H: Any) -> float:
    r = abs(H[0][1]) / (H[0][0] * H[1][1]) ** 0.5
    return float((1 + r) / (1 - r))


def left_over_scaled(H: Tensor) -> Any:
    """No formula: scale, then ask for the eigenvalues."""
    root = H.diagonal().sqrt()
    ends = torch.linalg.eigvalsh(H / root / root[:, None])
    return ends[1] / ends[0]


def left_over_by_singular_values(H: Tensor) -> Any:
    return torch.linalg.cond(torch.diag(1 / H.diagonal()) @ H)


def left_over_by_search(H: Tensor) -> float:
    """The least of many scalings, each with its eigenvalues."""
    found = math.inf
    for power in range(-60, 61):
        D = torch.diag(torch.tensor([1.0, 10 ** (power / 30)], dtype=H.dtype))
        ends = torch.linalg.eigvals(D @ H).real
        found = min(found, float(ends.max() / ends.min()))
    return found


RIGHT: dict[str, list[Any]] = {
    "prob-degrees": [-0.1 * math.pi / 180, math.radians(0.1), 0.001745, torch.tensor(0.0017453)],
    "prob-hover": [0.01, torch.tensor(0.01)],
    "prob-rare": [math.sqrt(10), 3.162, -3.1623],
    "prob-felt": [next(k for k in range(1, 9999) if (1 - 0.999**k) ** -0.5 <= 1.01)],
    "prob-diagonal": [left_over, left_over_scaled],
    "prob-rmsprop": [rms, rms_in_place, rms_numbers, rms_by_torch, rms_lists],
    "prob-adamw": [optimizer(), WithTorch, from_a_function],
    "prob-warm-cosine": [plan, plan_of_torch, plan_of_tensors],
    "prob-a-third": [adam, adam_changed_state, adam_numbers],
    "prob-left": [6525, 6526, 6541],
}

WRONG: list[tuple[str, Any, str]] = [
    ("prob-rmsprop", rms_of_one_setting, "written as a number"),
    ("prob-a-third", counted_outside(), "kept in the state"),
    ("prob-adamw", optimizer("spoils"), r"changes \.grad"),
    ("prob-degrees", 0.1, "in degrees"),
    ("prob-degrees", 0.1 * (math.pi / 180) ** 2, "twice"),
    ("prob-degrees", (math.pi / 180) ** 2, "second question"),
    ("prob-hover", 0.02, "distance between"),
    ("prob-hover", 0, "does not shrink"),
    ("prob-degrees", 0.1 * math.pi, "half a turn"),
    ("prob-degrees", 18, "multiplies by 180"),
    ("prob-felt", 1000, "remembers"),
    ("prob-felt", 693, "half of the way"),
    ("prob-rare", 3, "to four digits"),
    ("prob-diagonal", lambda H: 1 / left_over(H), "upside down"),
    ("prob-diagonal", lambda H: left_over(H) ** 0.5, "root of the condition"),
    ("prob-hover", 0.04, "twice η"),
    ("prob-hover", 1e-4, "curvature 100 cancels"),
    ("prob-hover", 2e-4, "so does the 50"),
    ("prob-hover", 0.5, "from one side"),
    ("prob-rare", 100, "root of 1 − β₂"),
    ("prob-rare", 31.6, "factor 1 − β₁"),
    ("prob-rare", 0.1, "factor 1 − β₂"),
    ("prob-rare", 1, "start of a run"),
    ("prob-rare", 0.316, "upside down"),
    ("prob-felt", 4603, "within 1 % of g²"),
    ("prob-felt", math.ceil(math.log(1 - 1 / 1.01) / math.log(0.999)), "Its root is what"),
    ("prob-felt", 44, "v takes longer"),
    ("prob-felt", "soon", "one number"),
    ("prob-felt", math.ceil(math.log(0.02) / math.log(0.999)), "solve for q"),
    ("prob-diagonal", torch.linalg.cond, "itself"),
    ("prob-diagonal", lambda H: abs(H[0, 1]) / (H[0, 0] * H[1, 1]) ** 0.5, "factor of a step"),
    ("prob-diagonal", left_over_by_singular_values, "singular values"),
    ("prob-diagonal", left_over_by_search, "near"),
    ("prob-diagonal", 3.0, "function"),
    ("prob-rmsprop", rms_wrong("inside"), "inside"),
    ("prob-rmsprop", rms_wrong("old"), "old average"),
    ("prob-rmsprop", rms_wrong("no eps"), "ε is missing"),
    ("prob-rmsprop", rms_wrong("no share"), "1 − α"),
    ("prob-rmsprop", rms_swapped, "point first"),
    ("prob-rmsprop", rms_swapped_numbers, "point first"),
    ("prob-rmsprop", rms_exchanged, "exchanged"),
    ("prob-rmsprop", rms_wrong("adagrad"), "AdaGrad"),
    ("prob-rmsprop", rms_wrong("no root"), "root is missing"),
    ("prob-rmsprop", rms_wrong("norm"), "one length"),
    ("prob-rmsprop", rms_in_float32, "six digits"),
    ("prob-rmsprop", rms_point_only, "two things"),
    ("prob-rmsprop", rms_wrong("uphill"), "part at step 1"),
    ("prob-adamw", optimizer("stuck"), "stays at 1"),
    ("prob-adamw", optimizer("each"), "for each parameter"),
    ("prob-adamw", optimizer("all"), "also for those"),
    ("prob-adamw", optimizer("uncorrected"), "missing"),
    ("prob-adamw", optimizer("inside"), "inside"),
    ("prob-adamw", optimizer("betas"), "exchanged"),
    ("prob-adamw", optimizer("coupled"), "coupled"),
    ("prob-adamw", optimizer("without lr"), "not multiplied by the rate"),
    ("prob-adamw", optimizer("no decay"), "decay is missing"),
    ("prob-adamw", optimizer("after"), "new point"),
    ("prob-adamw", optimizer("rebound"), "did not move"),
    ("prob-adamw", optimizer("idle"), "without a gradient"),
    ("prob-adamw", optimizer(dtype=torch.float32), "six digits"),
    ("prob-adamw", WithoutStep, "method step"),
    ("prob-warm-cosine", plan_from_zero, "first step is lost"),
    ("prob-warm-cosine", plan_from_start, "jumps"),
    ("prob-warm-cosine", plan_with(lambda s, k, warmup, total: (k - warmup) / total), "reach 0"),
    ("prob-warm-cosine", plan_with(lambda s, k, warmup, total: 2 * s), "whole wave"),
    ("prob-warm-cosine", plan_falling(lambda s: 1 - s), "straight line"),
    ("prob-warm-cosine", plan_falling(lambda s: math.cos(math.pi * s / 2)), "quarter of a wave"),
    ("prob-warm-cosine", plan_falling(lambda s: math.cos(math.pi * s) / 2), "below 0"),
    ("prob-warm-cosine", plan_with(lambda s, k, warmup, total: s**2), "at k = total it is 0"),
    ("prob-a-third", adam_stuck, "stays at 1"),
    ("prob-a-third", adam_late, "lags behind"),
    ("prob-a-third", adam_uncorrected, "missing"),
    ("prob-a-third", adam_ahead, "begins at 2"),
    ("prob-a-third", adam_kept, "averages are kept"),
    ("prob-left", 1000, "goes on shrinking"),
    ("prob-left", 1072, "38"),
    ("prob-left", 8000, "left already"),
    ("prob-left", 6480, "some other step"),
]


def test_every_checker_is_tested() -> None:
    all_tested(RIGHT, WRONG, "adaptive", "adaptive_steps")


@pytest.mark.parametrize("label", RIGHT)
def test_right_answers_are_right(label: str) -> None:
    judged_right(label, RIGHT[label])


@pytest.mark.parametrize(("label", "answer", "named"), WRONG)
def test_wrong_answers_are_told_why(label: str, answer: Any, named: str) -> None:
    judged_wrong(label, answer, named)
