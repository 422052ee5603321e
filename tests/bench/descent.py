"""Ten thousand descents in one call of `descend`, against the plain loop over runs.

    python tests/bench/descent.py

Both take the same steps; the plain loop is timed on few runs and counted up.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from gdbook.descent import descend
from gdbook.functions import ravine
from gdbook.optimizers import adam, sgd

RUNS, STEPS, SAMPLE = 10_000, 100, 20


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Return the shortest of a few times."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def plain(name: str, starts: torch.Tensor, **options: float) -> None:
    """Run torch.optim on each start by itself."""
    for start in starts:
        x = start.clone().requires_grad_()
        optimizer = getattr(torch.optim, name)([x], lr=0.1, **options)
        for _ in range(STEPS):
            optimizer.zero_grad()
            torch.autograd.backward(ravine(x))
            optimizer.step()


def main() -> None:
    """Print the ratios, and the time of a diagram of 300 × 300 pairs (η, β)."""
    starts = torch.randn(RUNS, 2, generator=torch.Generator().manual_seed(0))
    print(f"{RUNS} runs of {STEPS} steps        one call    plain loop    ratio")
    for name, rule, options in (("SGD", sgd, {"momentum": 0.5}), ("Adam", adam, {})):
        together = seconds(
            lambda rule=rule, options=options: descend(  # type: ignore[misc]
                ravine, starts, 0.1, STEPS, rule=rule, keep="last", **options
            )
        )
        alone = seconds(
            lambda name=name, options=options: plain(name, starts[:SAMPLE], **options),  # type: ignore[misc]
            repeats=2,
        )
        alone *= RUNS / SAMPLE
        print(f"{name:<29} {together:8.3f} s {alone:11.0f} s {alone / together:8.0f}")
    eta = torch.linspace(0.01, 1.0, 300)[:, None]
    beta = torch.linspace(0, 0.99, 300)
    diagram = seconds(
        lambda: descend(ravine, starts[0], eta, 200, rule=sgd, momentum=beta, keep="last"), 1
    )
    print(f"300 × 300 pairs (η, β), 200 steps: {diagram:.1f} s")


if __name__ == "__main__":
    main()
