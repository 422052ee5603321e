"""What a landscape is: a function to go downhill on, with what is known about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from gdbook.functions.describing import described

Rule = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Minimum:
    """A local minimum.

    Attributes
    ----------
    point : tuple of float
        Where it lies, one number for each variable.
    value : float
        The value there.
    is_global : bool
        Whether no value anywhere is lower.
    """

    point: tuple[float, ...]
    value: float
    is_global: bool = True


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Landscape:
    """A function of one or more real variables, with what is known about it.

    A landscape is called like a function, on whole batches. In one dimension it acts on
    each number of a tensor of any shape. In d > 1 dimensions it takes points of shape
    ``(..., d)`` and returns values of shape ``(...)``. It takes float32 and float64 (and,
    where its formula is analytic, complex numbers, for the complex step), and works under
    autograd and `torch.func`.

    Attributes
    ----------
    name : str
        What `landscape` finds it by.
    title : str
        What it is, in a few words.
    formula : str
        The right-hand side in LaTeX, in the variables named by `variables`.
    variables : tuple of str
        The variables' names in LaTeX; their number is the dimension.
    value_rule, gradient_rule, hessian_rule : callable
        The formulas themselves, without any check of what they are given.
    domain : tuple of (float, float)
        For each variable the interval in which the book draws the landscape. The function
        itself is defined everywhere.
    minima : tuple of Minimum
        The local minima, the deepest first.
    minima_note : str
        What there is to say where the list is empty or not the whole story.
    smoothness : float or None
        L, the smallest number with ‖∇f(u) − ∇f(v)‖ ≤ L‖u − v‖ everywhere, or a bound on
        it where `source` says so.
    not_smooth : str
        Why there is no such number.
    strong_convexity : float or None
        μ, the largest positive number such that f − ½μ‖·‖² is convex.
    not_strongly_convex : str
        Why there is no such number.
    subgradient_rule : callable or None
        At a kink, the step that descent takes instead of the gradient that is missing.
    source : str
        Where the function comes from.
    """

    name: str
    title: str
    formula: str
    variables: tuple[str, ...]
    value_rule: Rule
    gradient_rule: Rule
    hessian_rule: Rule
    domain: tuple[tuple[float, float], ...]
    minima: tuple[Minimum, ...] = ()
    minima_note: str = ""
    smoothness: float | None = None
    not_smooth: str = ""
    strong_convexity: float | None = None
    not_strongly_convex: str = ""
    subgradient_rule: Rule | None = None
    source: str = "this book"

    def __post_init__(self) -> None:
        for constant, reason in (
            (self.smoothness, self.not_smooth),
            (self.strong_convexity, self.not_strongly_convex),
        ):
            if (constant is None) != bool(reason):
                raise ValueError(
                    f"{self.name}: a constant that is missing needs its reason, and only that one"
                )
        if len(self.domain) != self.dimension:
            raise ValueError(f"{self.name}: domain needs one interval for each variable")
        object.__setattr__(self, "__doc__", described(self))  # what help(…) shows of it

    def __repr__(self) -> str:
        return f"<Landscape {self.name}({', '.join(self.variables)}) = {self.formula}>"

    @property
    def dimension(self) -> int:
        """How many variables the landscape has."""
        return len(self.variables)

    @property
    def condition_number(self) -> float | None:
        """κ = L/μ, or None where one of the two is missing."""
        if self.smoothness is None or self.strong_convexity is None:
            return None
        return self.smoothness / self.strong_convexity

    def __call__(self, points: Tensor) -> Tensor:
        """Return the values at `points`.

        Parameters
        ----------
        points : Tensor
            Any shape in one dimension, ``(..., d)`` in d > 1; floating-point or complex.

        Returns
        -------
        Tensor
            The values: the same shape in one dimension, ``(...)`` in more.

        Raises
        ------
        TypeError
            If `points` is no tensor, or holds integers.
        ValueError
            If the last dimension is not d.
        """
        return self.value_rule(self._fitting(points))

    def gradient(self, points: Tensor) -> Tensor:
        """Return the gradient at `points`, of the same shape; nan where there is none.

        Takes and raises what calling the landscape does.
        """
        return self.gradient_rule(self._fitting(points))

    def subgradient(self, points: Tensor) -> Tensor:
        """Return the gradient, and at a kink torch's choice among the subgradients.

        This is what descent follows. It differs from `gradient` only where that one is
        nan and a convention exists, as for |x| at 0.
        """
        return (self.subgradient_rule or self.gradient_rule)(self._fitting(points))

    def hessian(self, points: Tensor) -> Tensor:
        """Return the second derivatives at `points`; nan where there are none.

        The shape is that of `points` in one dimension, and ``(..., d, d)`` in d > 1.
        Takes and raises what calling the landscape does.
        """
        return self.hessian_rule(self._fitting(points))

    def minimum_points(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """Return where the minima lie: shape ``(m,)`` in one dimension, ``(m, d)`` in more."""
        points = torch.tensor([m.point for m in self.minima], dtype=dtype)
        points = points.reshape(len(self.minima), self.dimension)
        return points[:, 0] if self.dimension == 1 else points

    def _fitting(self, points: Tensor) -> Tensor:
        if not isinstance(points, Tensor):
            raise TypeError(f"{self.name} takes a torch.Tensor, got {type(points).__name__}")
        if not (points.is_floating_point() or points.is_complex()):
            kind = str(points.dtype).removeprefix("torch.")
            raise TypeError(
                f"{self.name} takes floating-point numbers, got {kind}; "
                "convert them, for example with .double()"
            )
        d = self.dimension
        if d > 1 and (points.ndim == 0 or points.shape[-1] != d):
            raise ValueError(
                f"{self.name} takes points of shape (..., {d}), got {tuple(points.shape)}"
            )
        return points
