"""Answers to the problems of book/losses/linear-regression, as readers write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

Function = Callable[..., Any]
Wrongs = list[tuple[Function, str]]

# --- formulas ---------------------------------------------------------------------------------


def origin_in_a_loop(x: Tensor, y: Tensor) -> float:
    """Return the slope with Python's floats."""
    top = bottom = 0.0
    for a, b in zip(x.tolist(), y.tolist(), strict=True):
        top, bottom = top + a * b, bottom + a * a
    return top / bottom


origin_right: list[Function] = [
    lambda x, y: (x * y).sum() / (x * x).sum(),
    lambda x, y: torch.linalg.lstsq(x[:, None], y[:, None]).solution,
    lambda x, y: np.dot(x.numpy(), y.numpy()) / np.dot(x.numpy(), x.numpy()),
    origin_in_a_loop,
]
origin_wrong: Wrongs = [
    (lambda x, y: torch.cov(torch.stack([x, y]))[0, 1] / x.var(), "with an intercept"),
    (lambda x, y: y.mean() / x.mean(), "quotient of the means"),
    (lambda x, y: (y / x).mean(), "mean of the quotients"),
    (lambda x, y: (x @ x) / (x @ y), "upside down"),
    (lambda x, y: (x @ y) / (y @ y), "distances in x"),
    (lambda x, y: x @ y, "not divided"),
    (lambda x, y: x, "should return one number"),
]


def rows_times_roots(X: Tensor, y: Tensor, v: Tensor) -> Any:
    """Return the weighted fit by least squares on rows multiplied by √v."""
    root = v.sqrt()
    return torch.linalg.lstsq(root[:, None] * X, (root * y)[:, None]).solution[:, 0]


def in_numpy(X: Tensor, y: Tensor, v: Tensor) -> Any:
    """Return the weighted fit with NumPy."""
    A, V = X.numpy(), np.diag(v.numpy())
    return np.linalg.solve(A.T @ V @ A, A.T @ V @ y.numpy())


def by_power(power: float) -> Function:
    """Return a fit whose rows are multiplied by a power of the weights."""
    return lambda X, y, v: rows_times_roots(X, y, v ** (2 * power))


weighted_right: list[Function] = [
    lambda X, y, v: torch.linalg.solve(X.T @ torch.diag(v) @ X, X.T @ (v * y)),
    rows_times_roots,
    in_numpy,
    lambda X, y, v: rows_times_roots(X, y, v).tolist(),
]
weighted_wrong: Wrongs = [
    (by_power(0), "ignores the weights"),
    (by_power(1), "squared"),
    (by_power(0.25), "roots"),
    (by_power(-0.5), "large weight"),
    (lambda X, y, v: torch.linalg.solve(X.T @ torch.diag(v) @ X, X.T @ y), "side of y"),
    (lambda X, y, v: torch.linalg.solve(X.T @ X, X.T @ (v * y)), "side of X"),
    (lambda X, y, v: rows_times_roots(X, y, v)[:, None], r"\(3, 1\)"),
]


def fitted(X: Tensor, y: Tensor) -> Tensor:
    """Return residuals and leverages."""
    H = X @ torch.linalg.pinv(X)
    return torch.stack([H @ y - y, H.diagonal()])


def refitted(X: Tensor, y: Tensor) -> list[float]:
    """Return what is asked for, one fit for each row."""
    found = []
    for i in range(len(y)):
        others = [j for j in range(len(y)) if j != i]
        w = np.linalg.lstsq(X[others].numpy(), y[others].numpy(), rcond=None)[0]
        found.append(float(X[i].numpy() @ w - y[i].item()))
    return found


def from_both(f: Callable[[Tensor, Tensor], Any]) -> Function:
    """Return a function of X and y from one of residuals and leverages."""
    return lambda X, y: f(*fitted(X, y))


left_out_right: list[Function] = [from_both(lambda r, h: r / (1 - h)), refitted]
left_out_wrong: Wrongs = [
    (from_both(lambda r, h: r), "all rows"),
    (from_both(lambda r, h: -r / (1 - h)), "sign"),
    (from_both(lambda r, h: r * (1 - h)), "larger"),
    (from_both(lambda r, h: r / (1 - h).sqrt()), "root"),
    (from_both(lambda r, h: r / h), "leverage h itself"),
    (from_both(lambda r, h: (r / (1 - h)) ** 2), "squares"),
    (from_both(lambda r, h: ((r / (1 - h)) ** 2).mean()), "one number for each row"),
]

# --- runs -------------------------------------------------------------------------------------


def descend(factor: Callable[[int], float], eta_sign: float = 1.0) -> Function:
    """Return a run along Xᵀr times a factor that depends on the number of rows."""

    def points(X: Tensor, y: Tensor, eta: float, steps: int) -> Tensor:
        w = torch.zeros(X.shape[1], dtype=X.dtype)
        path = [w]
        for _ in range(steps):
            w = w - eta_sign * eta * factor(len(y)) * X.T @ (X @ w - y)
            path.append(w)
        return torch.stack(path)

    return points


def fit_in_place(X: Tensor, y: Tensor, eta: float, steps: int) -> list[Tensor]:
    """Return the right points as a list, from one tensor that is changed in place."""
    w = torch.zeros_like(X[0])
    path = [w.clone()]
    for _ in range(steps):
        w -= eta * 2 / len(y) * X.T @ (X @ w - y)
        path.append(w.clone())
    return path


def fit_in_floats(X: Tensor, y: Tensor, eta: float, steps: int) -> list[list[float]]:
    """Return the right points with Python's floats."""
    rows, targets = X.tolist(), y.tolist()
    w = [0.0] * len(rows[0])
    path = [w]
    for _ in range(steps):
        r = [
            sum(a * b for a, b in zip(row, w, strict=True)) - t
            for row, t in zip(rows, targets, strict=True)
        ]
        slope = [2 / len(r) * sum(e * row[j] for e, row in zip(r, rows, strict=True)) for j in
                 range(len(w))]  # fmt: skip
        w = [b - eta * s for b, s in zip(w, slope, strict=True)]
        path.append(w)
    return path


class Run:
    """The right points, by an object that is called."""

    def __call__(self, X: Tensor, y: Tensor, eta: float, steps: int) -> Any:
        """Return the points as NumPy's array."""
        A, b = X.numpy(), y.numpy()
        w = np.zeros(A.shape[1])
        path = [w]
        for _ in range(steps):
            w = w - eta * 2 * A.T @ (A @ w - b) / len(b)
            path.append(w)
        return np.array(path)


def fit_without_clone(X: Tensor, y: Tensor, eta: float, steps: int) -> list[Tensor]:
    """Return one tensor many times."""
    w = torch.zeros_like(X[0])
    path = [w]
    for _ in range(steps):
        w -= eta * 2 / len(y) * X.T @ (X @ w - y)
        path.append(w)
    return path


def fit_by_autograd(X: Tensor, y: Tensor, eta: float, steps: int) -> Tensor:
    """Return the right points, with autograd."""
    w: Any = nn.Parameter(torch.zeros_like(X[0]))
    path = [w.detach().clone()]
    for _ in range(steps):
        w.grad = None
        loss: Any = (X @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= eta * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


def fit_single(X: Tensor, y: Tensor, eta: float, steps: int) -> Any:
    """Return the points of a run in float32."""
    return descend(lambda n: 2 / n)(X.float(), y.float(), eta, steps)


right_fit = descend(lambda n: 2 / n)
fit_right: list[Function] = [right_fit, fit_in_place, fit_in_floats, Run()]
fit_wrong: Wrongs = [
    (descend(lambda n: 1 / n), "half the mean"),
    (descend(lambda n: 2), "descends the sum"),
    (descend(lambda n: 1), "half the sum"),
    (descend(lambda n: 2 / n, -1), "climbs"),
    (lambda X, *rest: descend(lambda n: 2 / X.shape[1])(X, *rest), "number of coefficients"),
    (lambda *a: right_fit(*a)[1:], "one point too few"),
    (lambda *a: right_fit(*a)[-1], "last point only"),
    (lambda *a: right_fit(*a)[:2], "make the shape"),
    (lambda *a: 1 + right_fit(*a), "should be the start"),
    (fit_without_clone, "clone"),
    (fit_by_autograd, "lets autograd"),
    (fit_single, "six digits"),
    (lambda X, y, eta, steps: torch.cat([right_fit(X, y, eta, 2), 0 * X[: steps - 2] + 1]), "2 st"),
    (lambda X, y, eta: X, "stopped"),
]


def standardised(
    back: Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Any, Any]],
    correction: int = 0,
    shift: float = 1.0,
) -> Function:
    """Return a run over z whose points are brought back by a function of w₀, w₁, x̄ and s."""

    def run(x: Tensor, y: Tensor, eta: float, steps: int) -> Any:
        m, s = x.mean(), x.std(correction=correction)
        z = (x - shift * m) / s
        path = right_fit(torch.stack([torch.ones_like(z), z], 1), y, eta, steps)
        return torch.stack(list(back(path[:, 0], path[:, 1], m, s)), 1)

    return run


def preconditioned(x: Tensor, y: Tensor, eta: float, steps: int) -> list[list[float]]:
    """Return the right points as descent over x with another metric, in Python's floats."""
    m, s = x.mean().item(), x.std(correction=0).item()
    a = b = 0.0
    path = [[a, b]]
    for _ in range(steps):
        r = a + b * x - y
        over_z = 2 * (r * (x - m)).mean().item() / s
        b = b - eta * over_z / s
        a = a - eta * 2 * r.mean().item() + eta * over_z / s * m
        path.append([a, b])
    return path


def with_torch(x: Tensor, y: Tensor, eta: float, steps: int) -> Tensor:
    """Return the right points with autograd and torch's optimizer."""
    m, s = x.mean(), x.std(correction=0)
    Z = torch.stack([torch.ones_like(x), (x - m) / s], 1)
    w = nn.Parameter(torch.zeros(2, dtype=x.dtype))
    optimizer = torch.optim.SGD([w], lr=eta)
    path = [torch.zeros(2, dtype=x.dtype)]
    for _ in range(steps):
        optimizer.zero_grad()
        nn.MSELoss()(Z @ w, y).backward()
        optimizer.step()
        slope = w[1].detach() / s
        path.append(torch.stack([w[0].detach() - slope * m, slope]))
    return torch.stack(path)


right_standardised = standardised(lambda a, b, m, s: (a - b / s * m, b / s))
standardised_right: list[Function] = [right_standardised, preconditioned, with_torch]
standardised_wrong: Wrongs = [
    (standardised(lambda a, b, m, s: (a, b)), "over z"),
    (standardised(lambda a, b, m, s: (a, b / s)), "height at the mean"),
    (standardised(lambda a, b, m, s: (a + b / s * m, b / s)), "wrong sign"),
    (standardised(lambda a, b, m, s: (a - b * s * m, b * s)), "multiplied by s"),
    (standardised(lambda a, b, m, s: (a - b * m, b / s)), "Divide it by s"),
    (standardised(lambda a, b, m, s: (a - b / s * m, b / s), correction=1), "correction=0"),
    (standardised(lambda a, b, m, s: (a, b / s), shift=0.0), "not subtracted"),
    (lambda *a: right_standardised(*a)[1:], "too few"),
    (lambda *a: right_standardised(*a)[-1], "last point only"),
]


def ridge(on_slopes: Function, on_intercept: Function = lambda n, p: 0.0, sign: float = 1) -> Any:
    """Return a step whose penalty has these gradients, from rows and penalty."""

    def step(w: Tensor, X: Tensor, y: Tensor, eta: float, penalty: float) -> Tensor:
        n = len(y)
        shrink = torch.full_like(w, on_slopes(n, penalty))
        shrink[0] = on_intercept(n, penalty)
        return w - eta * (sign * 2 / n * X.T @ (X @ w - y) + shrink * w)

    return step


def ridge_in_place(w: Tensor, X: Tensor, y: Tensor, eta: float, penalty: float) -> Tensor:
    """Return the next w in the tensor that was given."""
    slope = 2 / len(y) * X.T @ (X @ w - y)
    slope[1:] += 2 * penalty / len(y) * w[1:]
    w -= eta * slope
    return w


def ridge_by_autograd(w: Tensor, X: Tensor, y: Tensor, eta: float, penalty: float) -> Any:
    """Return the next w by autograd, as a list."""
    v = w.clone().requires_grad_()
    loss = (X @ v - y).square().mean() + penalty / len(y) * v[1:].square().sum()
    (g,) = torch.autograd.grad(loss, v)
    return (w - eta * g).tolist()


def half(n: int, p: float) -> float:
    """Return λ/N."""
    return p / n


ridge_right: list[Function] = [
    ridge(lambda n, p: 2 * p / n),
    ridge_in_place,
    ridge_by_autograd,
]


def ridge_shrunk_first(w: Tensor, X: Tensor, y: Tensor, eta: float, penalty: float) -> Tensor:
    """Take the gradient of the fit where w is shrunk already."""
    shrunk = w.clone()
    shrunk[1:] *= 1 - 2 * eta * penalty / len(y)
    return shrunk - eta * 2 / len(y) * X.T @ (X @ shrunk - y)


ridge_wrong: Wrongs = [
    (ridge_shrunk_first, "from the shrunk w"),
    (ridge(lambda n, p: 2 * p / n, lambda n, p: 2 * p / n), "intercept"),
    (ridge(half), "derivative of w²"),
    (ridge(lambda n, p: 2 * p), "not divided by N: the sum"),
    (ridge(lambda n, p: p), "its 2 is missing"),
    (ridge(lambda n, p: 0.0), "no penalty"),
    (ridge(lambda n, p: -2 * p / n), "wrong sign"),
    (ridge(lambda n, p: -2 * p / n, sign=-1), "climbs"),
    (lambda w, *rest: w[1:], r"shape \(3,\)"),
]


def scaled(mean: Function, deviation: Function) -> Function:
    """Return predictions over z, whose mean and deviation are functions of x and the fitted x."""
    return lambda w, x, fitted: w[0] + w[1] * (x - mean(x, fitted)) / deviation(x, fitted)


def scaled_in_numpy(w: Tensor, x: Tensor, fitted: Tensor) -> Any:
    """Return the right predictions with NumPy."""
    a, b = w.tolist()
    return a + b * (x.numpy() - np.mean(fitted.numpy())) / np.std(fitted.numpy())


scale_right: list[Function] = [
    scaled(lambda x, f: f.mean(), lambda x, f: f.std(correction=0)),
    scaled_in_numpy,
    lambda w, x, fitted: [
        (w[0] + w[1] * (a - fitted.mean()) / fitted.std(correction=0)).item() for a in x
    ],
]
scale_wrong: Wrongs = [
    (scaled(lambda x, f: x.mean(), lambda x, f: x.std(correction=0)), "nan"),
    (scaled(lambda x, f: f.mean(), lambda x, f: x.std()), "nan"),
    (scaled(lambda x, f: x.mean(), lambda x, f: f.std(correction=0)), "mean is still"),
    (scaled(lambda x, f: f.mean(), lambda x, f: f.std()), "N − 1"),
    (
        scaled(
            lambda x, f: torch.cat([f, x]).mean(), lambda x, f: torch.cat([f, x]).std(correction=0)
        ),
        "together",
    ),
    (lambda w, x, fitted: w[0] + w[1] * x, "nothing is standardised"),
]
