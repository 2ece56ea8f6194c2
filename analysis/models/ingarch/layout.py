"""Counts, covariates and lags of an INGARCH model, laid out for its recursion."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.inference.nb2 import Floats
from analysis.models.ingarch.links import Link


@dataclass(frozen=True, slots=True, eq=False)
class Recursion:
    """Counts, covariates and lags, laid out for the recursion.

    Attributes
    ----------
    counts : Floats
        Shape (n,); NaN on nights without a number.
    covariates : Floats
        Shape (n, r).
    external : NDArray[np.bool_]
        Shape (r,): covariates that act on the current night only.
    past_obs, past_mean : tuple of int
        Lags of counts (p of them) and of means (q).
    link : Link
    init : str
        "marginal", "iid", "firstobs" or "zero": what stands before the first night.
    gaps : NDArray[np.bool_]
        Shape (n,): nights without a number.
    lagged : Floats
        Shape (n, p): regressors at the lags; 0 before the first night and at gaps.
    lagged_known : NDArray[np.bool_]
        Shape (n, p): where ``lagged`` holds a regressor.
    before_obs, before_mean : Floats
        Shapes (n, p), (n, q): 1 where a lag reaches before the first night.
    first : float
        The regressor of the first count known.
    """

    counts: Floats
    covariates: Floats
    external: NDArray[np.bool_]
    past_obs: tuple[int, ...]
    past_mean: tuple[int, ...]
    link: Link
    init: str
    gaps: NDArray[np.bool_]
    lagged: Floats
    lagged_known: NDArray[np.bool_]
    before_obs: Floats
    before_mean: Floats
    first: float

    @property
    def n_params(self) -> int:
        """Number of mean parameters: level, past counts, past means, covariates."""
        return 1 + len(self.past_obs) + len(self.past_mean) + len(self.external)

    @property
    def is_marginal(self) -> bool:
        """Whether the level is the stationary value instead of the intercept."""
        return self.init == "marginal"

    @property
    def presample_moves(self) -> bool:
        """Whether what stands before the first night is the level parameter."""
        return self.init in ("marginal", "iid")

    def split(self, x: Floats) -> tuple[float, Floats, Floats, Floats]:
        """Level, coefficients of past counts, of past means and of covariates."""
        p, q = len(self.past_obs), len(self.past_mean)
        return float(x[0]), x[1 : 1 + p], x[1 + p : 1 + p + q], x[1 + p + q :]

    def presample(self, level: float) -> float:
        """Value of nu and z before the first night."""
        if self.presample_moves:
            return level
        return self.first if self.init == "firstobs" else 0.0


def lay_out(
    counts: Floats,
    covariates: Floats,
    external: NDArray[np.bool_],
    lags: tuple[tuple[int, ...], tuple[int, ...]],
    link: Link,
    init: str,
) -> Recursion:
    """Lay out counts (n,), covariates (n, r) and lags for the recursion.

    Examples
    --------
    >>> from analysis.models.ingarch.links import IDENTITY
    >>> none = np.empty((4, 0)), np.empty(0, bool)
    >>> rec = lay_out(np.array([3.0, 5, 2, 4]), *none, ((1,), (1,)), IDENTITY, "marginal")
    >>> rec.lagged[:, 0].tolist(), rec.before_obs[:, 0].tolist()
    ([0.0, 3.0, 5.0, 2.0], [1.0, 0.0, 0.0, 0.0])
    """
    past_obs, past_mean = lags
    gaps = np.isnan(counts)
    regressor = np.where(gaps, 0.0, link.regressor(np.where(gaps, 0.0, counts)))
    return Recursion(
        counts=counts,
        covariates=covariates,
        external=external,
        past_obs=past_obs,
        past_mean=past_mean,
        link=link,
        init=init,
        gaps=gaps,
        lagged=_columns([shift(regressor, lag) for lag in past_obs], len(counts)),
        lagged_known=_columns([shift(1.0 - gaps, lag) for lag in past_obs], len(counts)) > 0,
        before_obs=_before(past_obs, len(counts)),
        before_mean=_before(past_mean, len(counts)),
        first=float(regressor[np.argmin(gaps)]),
    )


def shift(values: Floats, lag: int) -> Floats:
    """Values of ``lag`` nights before, 0 before the first."""
    moved = np.zeros_like(values)
    moved[lag:] = values[: max(len(values) - lag, 0)]
    return moved


def _before(lags: tuple[int, ...], n: int) -> Floats:
    """1 where a lag reaches before the first night, shape (n, number of lags)."""
    return _columns([(np.arange(n) < lag).astype(float) for lag in lags], n)


def _columns(columns: list[Floats], n: int) -> Floats:
    """Columns side by side, also when there are none."""
    return np.column_stack(columns) if columns else np.empty((n, 0))
