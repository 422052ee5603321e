"""Features brought to mean 0 and standard deviation 1, and coefficients brought back."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gdbook._expect import shape
from gdbook.models._data import features


@dataclass(frozen=True, eq=False)
class Standardisation:
    """How features were standardised, and the way back.

    Attributes
    ----------
    mean : Tensor, shape (d,)
        Each column's mean.
    deviation : Tensor, shape (d,)
        Each column's standard deviation, with divisor N.
    """

    mean: Tensor
    deviation: Tensor

    def apply(self, x: Tensor) -> Tensor:
        """Return (x − mean)/deviation, for features of the fit or new ones, in their shape."""
        X = self._fitting(x)
        return ((X - self.mean) / self.deviation).reshape(x.shape)

    def undo(self, z: Tensor) -> Tensor:
        """Return the features from standardised ones: the inverse of `apply`."""
        Z = self._fitting(z)
        return (self.mean + self.deviation * Z).reshape(z.shape)

    def original(self, w: Tensor) -> Tensor:
        """Return the coefficients for the features themselves.

        Parameters
        ----------
        w : Tensor, shape (..., d + 1)
            Coefficients for the standardised features, the intercept first.

        Returns
        -------
        Tensor, shape (..., d + 1)
            v with v₀ + Σvⱼxⱼ = w₀ + Σwⱼzⱼ: vⱼ = wⱼ/deviationⱼ and v₀ = w₀ − Σvⱼ·meanⱼ.

        Raises
        ------
        ValueError
            If there are not d + 1 coefficients.
        """
        slopes = self._slopes(w) / self.deviation
        return torch.cat([w[..., :1] - (slopes * self.mean).sum(-1, keepdim=True), slopes], dim=-1)

    def standardised(self, w: Tensor) -> Tensor:
        """Return the coefficients for the standardised features: the inverse of `original`."""
        slopes = self._slopes(w)
        intercept = w[..., :1] + (slopes * self.mean).sum(-1, keepdim=True)
        return torch.cat([intercept, slopes * self.deviation], dim=-1)

    def _fitting(self, x: Tensor) -> Tensor:
        X = features(x)
        if X.shape[1] != len(self.mean):
            raise ValueError(f"{len(self.mean)} features were standardised, got {X.shape[1]}")
        return X

    def _slopes(self, w: Tensor) -> Tensor:
        d = len(self.mean)
        if not w.ndim or w.shape[-1] != d + 1:
            raise ValueError(
                f"w must hold an intercept and {d} slopes: shape (..., {d + 1}), got {shape(w)}"
            )
        return w[..., 1:]


def standardise(x: Tensor) -> tuple[Tensor, Standardisation]:
    """Return each feature with mean 0 and standard deviation 1, and the way back.

    Standardise before `with_intercept`: the column of ones does not vary.

    Parameters
    ----------
    x : Tensor, shape (N,) or (N, d)

    Returns
    -------
    z : Tensor, of the same shape
    scaling : Standardisation
        ``scaling.original(w)`` are the coefficients for `x`, ``scaling.apply(new)``
        standardises further samples as these were.

    Raises
    ------
    TypeError
        If `x` is no tensor of float32 or float64.
    ValueError
        If it has another shape, a number that is not finite, or a column that does not vary.

    Notes
    -----
    Derived in *Standardised features*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import standardise
    >>> Z, scale = standardise(torch.tensor([[1.0], [3.0]], dtype=torch.float64))
    >>> Z
    tensor([[-1.],
            [ 1.]], dtype=torch.float64)
    """
    X = features(x)
    mean = X.mean(0)
    away = X - mean
    largest = away.abs().amax(0)
    # Squares of numbers beyond 1e±154 leave float64; those of quotients do not.
    deviation = largest * ((away / largest) ** 2).mean(0).sqrt()
    constant = X.amax(0) == X.amin(0)
    if bool(constant.any()):
        column = int(constant.nonzero()[0, 0])
        raise ValueError(
            f"column {column} of x is {X[0, column].item():g} in every row, so its standard "
            "deviation is 0; leave it out"
        )
    scaling = Standardisation(mean, deviation)
    return scaling.apply(x), scaling
