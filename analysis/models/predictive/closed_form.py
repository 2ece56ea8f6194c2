"""Forecasts in closed form: negative binomial, Poisson, a single count."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincc, pdtr

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.inference.negbin_law import log_prob
from analysis.models.predictive.forecast import CountForecast
from analysis.random_source import random_source

#: Counts below this have quantiles of mixtures from a table of all probabilities.
TABULATED: Final = 512
#: Dispersions up to this are Poisson to the last digit.
NO_DISPERSION: Final = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class NegBinForecast(CountForecast):
    """Negative binomial (NB2) distributions: variance ``mean + dispersion mean**2``.

    Attributes
    ----------
    means : array of shape (...)
        Expected counts >= 0.
    dispersion : array broadcast to it
        alpha >= 0; 0 is Poisson.

    Raises
    ------
    FitError
        If a mean or a dispersion is negative or not finite.

    Examples
    --------
    >>> forecast = NegBinForecast([2.0, 20.0], 0.5)
    >>> forecast.quantile([0.025, 0.975]).tolist()
    [[0, 2], [7, 57]]
    >>> forecast.prob(0).round(4).tolist()
    [0.25, 0.0083]
    """

    means: ArrayLike
    dispersion: ArrayLike = 0.0

    def __post_init__(self) -> None:
        means = np.array(self.means, dtype=float)
        dispersion = np.array(self.dispersion, dtype=float)
        shape = np.broadcast_shapes(means.shape, dispersion.shape)
        for name, values in (("mean", means), ("dispersion", dispersion)):
            wrong = values[~(np.isfinite(values) & (values >= 0))]
            if wrong.size:
                raise FitError(
                    f"A forecast has the {name} {wrong[0]:g}.",
                    "Forecast from a series that holds counts, with finite parameters.",
                )
        object.__setattr__(self, "means", np.broadcast_to(means, shape))
        object.__setattr__(self, "dispersion", np.broadcast_to(dispersion, shape))

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the distributions."""
        return self.mean.shape

    @property
    def mean(self) -> Floats:
        """Expected counts."""
        return np.asarray(self.means, dtype=float)

    @property
    def alpha(self) -> Floats:
        """The dispersion of each distribution, of the forecast's shape."""
        return np.asarray(self.dispersion, dtype=float)

    @property
    def variance(self) -> Floats:
        """``mean + dispersion mean**2``."""
        return self.mean + self.alpha * self.mean**2

    def logprob(self, k: ArrayLike) -> Floats:
        """Log probability of the count ``k``; -inf where it is impossible or no whole number."""
        asked = np.asarray(k, dtype=float)
        whole = (asked >= 0) & (asked == np.floor(asked)) & np.isfinite(asked)
        return np.where(whole, self.continuation(np.where(whole, asked, 0.0)), -np.inf)

    def continuation(self, counts: ArrayLike) -> Floats:
        """`logprob`, continued smoothly between whole numbers >= 0.

        Likelihoods take it where an expected count with a fraction stands for a bounded night.
        """
        return log_prob(np.asarray(counts, dtype=float), self.mean, self.alpha)

    def cdf(self, k: ArrayLike) -> Floats:
        """Probability of at most ``k``; 0 below 0."""
        asked = np.floor(np.asarray(k, dtype=float))
        y = np.maximum(asked, 0.0)
        alpha, mean = self.alpha, self.mean
        mixed = alpha > NO_DISPERSION
        # The complement is passed on as such: 1 - p loses its digits near the Poisson limit.
        failure = alpha * mean / (1 + alpha * mean)
        below = betaincc(y + 1, 1 / np.where(mixed, alpha, 1.0), failure)
        return np.where(asked < 0, 0.0, np.where(mixed, below, pdtr(y, mean)))

    def sample(self, n: int, rng: np.random.Generator | int) -> NDArray[np.int64]:
        """Draw ``n`` counts from each distribution, independently; shape (n, *shape)."""
        source = random_source(rng, FitError)
        alpha = np.broadcast_to(self.alpha, (n, *self.shape))
        mixed = alpha > NO_DISPERSION
        size = 1 / np.where(mixed, alpha, 1.0)
        rate = self.mean * np.where(mixed, source.gamma(size) / size, 1.0)
        return source.poisson(rate).astype(np.int64)

    def _part(self, key: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """The distributions at ``key``, without labels."""
        return type(self)(self.mean[key], self.alpha[key])


@dataclass(frozen=True, slots=True, eq=False)
class PointForecast(CountForecast):
    """Single counts foretold with certainty, such as the nights of one simulated path.

    Attributes
    ----------
    counts : array of shape (...)
        Whole numbers >= 0.

    Raises
    ------
    FitError
        If one is no such number.
    """

    counts: ArrayLike

    def __post_init__(self) -> None:
        counts = np.array(self.counts, dtype=float)
        wrong = counts[~((counts >= 0) & (counts == np.floor(counts)) & np.isfinite(counts))]
        if wrong.size:
            raise FitError(f"A forecast foretells {wrong[0]:g}.", "Give whole numbers >= 0.")
        object.__setattr__(self, "counts", counts)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the distributions."""
        return self.mean.shape

    @property
    def mean(self) -> Floats:
        """The counts."""
        return np.asarray(self.counts, dtype=float)

    @property
    def variance(self) -> Floats:
        """Zero everywhere."""
        return np.zeros(self.shape)

    def logprob(self, k: ArrayLike) -> Floats:
        """0 for the count itself, else -inf."""
        return np.where(np.asarray(k, dtype=float) == self.mean, 0.0, -np.inf)

    def cdf(self, k: ArrayLike) -> Floats:
        """1 from the count on, else 0."""
        return np.where(np.asarray(k, dtype=float) >= self.mean, 1.0, 0.0)

    def sample(self, n: int, rng: np.random.Generator | int) -> NDArray[np.int64]:  # noqa: ARG002
        """The counts, ``n`` times."""
        return np.broadcast_to(self.mean, (n, *self.shape)).astype(np.int64)

    def _part(self, key: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """The distributions at ``key``, without labels."""
        return type(self)(self.mean[key])


def small_quantiles(mean: Floats, alpha: Floats, weights: Floats, q: Floats) -> Floats:
    """Quantiles of mixtures of negative binomials, as far as they are below `TABULATED`.

    Parameters
    ----------
    mean, alpha : Floats
        Shape (m, cells); 0 is Poisson.
    weights : Floats
        Shape (m,), summing to 1.
    q : Floats
        Shape (k,).

    Returns
    -------
    Floats
        Shape (k, cells); -1 for those that are not that small.

    Notes
    -----
    Probabilities of successive counts by their ratio. One whose first underflows has next to none
    below the end of the table.
    """
    found = np.full((len(q), mean.shape[1]), -1.0)
    grown = np.log1p(alpha * mean)
    zero = np.divide(grown, alpha, out=mean.copy(), where=alpha > NO_DISPERSION)
    share = weights[:, np.newaxis] * np.exp(-zero)
    ratio, bend = mean / (1 + alpha * mean), alpha * mean / (1 + alpha * mean)
    total = np.zeros(mean.shape[1])
    for k in range(TABULATED):
        total += share.sum(axis=0)
        found[(found < 0) & (total >= q[:, np.newaxis])] = k
        if (found >= 0).all():
            break
        share *= (ratio + k * bend) / (k + 1)
    return found
