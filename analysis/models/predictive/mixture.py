"""Mixtures of forecasts: drawn parameters, simulated paths, imputations, models."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.predictive.closed_form import (
    TABULATED,
    NegBinForecast,
    PointForecast,
    small_quantiles,
)
from analysis.models.predictive.forecast import CountForecast
from analysis.random_source import random_source

#: Components whose probabilities are tabulated at once.
AT_ONCE: Final = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class MixtureForecast(CountForecast):
    """A weighted mixture of distributions.

    Attributes
    ----------
    components : CountForecast
        Shape (m, ...): the first axis is mixed.
    weights : array of shape (m,), optional
        >= 0, of any sum > 0; by default equal.

    Raises
    ------
    FitError
        If the weights do not fit.

    Notes
    -----
    `sample` draws a component once for all nights, so that a path or a drawn parameter stays the
    same over the horizon.

    Examples
    --------
    >>> forecast = MixtureForecast(NegBinForecast([[1.0, 2.0], [3.0, 6.0]]), [3.0, 1.0])
    >>> forecast.mean.tolist(), forecast.variance.tolist()
    ([1.5, 3.0], [2.25, 6.0])
    """

    components: CountForecast
    weights: ArrayLike | None = None

    def __post_init__(self) -> None:
        if not self.components.shape or not self.components.shape[0]:
            raise FitError("A mixture has no components.", "Stack them along the first axis.")
        size = self.components.shape[0]
        weights = np.ones(size) if self.weights is None else np.array(self.weights, dtype=float)
        sound = weights.shape == (size,) and np.isfinite(weights).all() and (weights >= 0).all()
        if not sound or weights.sum() == 0:
            raise FitError(
                f"The {size} components of a mixture do not get {size} weights >= 0.",
                "Give one finite weight for each, not all 0.",
            )
        object.__setattr__(self, "weights", weights / weights.sum())

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the distributions."""
        return self.components.shape[1:]

    @property
    def mean(self) -> Floats:
        """Weighted mean of the components."""
        return self._average(self.components.mean)

    @property
    def variance(self) -> Floats:
        """Within the components and between their means."""
        between = (self.components.mean - self.mean) ** 2
        return self._average(self.components.variance + between)

    def logprob(self, k: ArrayLike) -> Floats:
        """Log probability of the count ``k``; -inf where it is impossible or no whole number."""
        terms = self.components.logprob(self._beside_components(k))
        weights = self._shares.reshape(-1, *(1,) * len(self.shape))
        with np.errstate(divide="ignore"):  # log 0 of what no component can give
            found = logsumexp(terms, axis=-1 - len(self.shape), b=weights)
        return np.asarray(found, dtype=float)

    def cdf(self, k: ArrayLike) -> Floats:
        """Probability of at most ``k``; 0 below 0."""
        terms = self.components.cdf(self._beside_components(k))
        weights = self._shares.reshape(-1, *(1,) * len(self.shape))
        # Rounding must not lift a sum of certainties above 1.
        total: Floats = (terms * weights).sum(axis=-1 - len(self.shape))
        return np.minimum(total, 1.0)

    def sample(self, n: int, rng: np.random.Generator | int) -> NDArray[np.int64]:
        """Draw ``n`` components and from each a count for every night, shape (n, *shape)."""
        source = random_source(rng, FitError)
        chosen = source.choice(self._shares.size, size=n, p=self._shares)
        drawn: NDArray[np.int64] = self.components[chosen].sample(1, source)[0]
        return drawn

    def _bracket(self, asked: Floats) -> tuple[Floats, Floats]:
        """As for any forecast; small quantiles of negative binomials are read off a table."""
        low, high = CountForecast._bracket(self, asked)
        laws = self.components
        if not isinstance(laws, NegBinForecast):
            return low, high
        size = len(self._shares)
        mean, alpha = (a.reshape(size, -1) for a in (laws.mean, laws.alpha))
        found = np.concatenate(
            [
                small_quantiles(mean[:, at], alpha[:, at], self._shares, asked.ravel())
                for at in np.array_split(np.arange(mean.shape[1]), 1 + mean.size // AT_ONCE)
            ],
            axis=1,
        ).reshape(high.shape)
        known = found >= 0
        return (
            np.where(known, found - 1, TABULATED - 1.0),
            np.where(known, found, np.maximum(high, TABULATED + 1.0)),
        )

    def _part(self, key: Any) -> Self:  # noqa: ANN401 - whatever indexes an array
        """The distributions at ``key``, without labels."""
        inner = key if isinstance(key, tuple) else (key,)
        return type(self)(self.components[(slice(None), *inner)], self.weights)

    @property
    def _shares(self) -> Floats:
        """Weights that sum to 1, shape (m,)."""
        return np.asarray(self.weights, dtype=float)

    def _average(self, values: Floats) -> Floats:
        """Weighted mean over the first axis."""
        return np.asarray(np.tensordot(self._shares, values, axes=1), dtype=float)

    def _beside_components(self, k: ArrayLike) -> Floats:
        """Give ``k`` an axis for the components where it has axes of its own."""
        asked = np.asarray(k, dtype=float)
        own = asked.ndim - len(self.shape)
        return np.expand_dims(asked, own) if own > 0 else asked


def sampled_forecast(paths: ArrayLike) -> MixtureForecast:
    """Make a forecast from simulated paths of counts.

    Parameters
    ----------
    paths : array of shape (n, horizon) or (n, horizon, regions)
        Whole numbers >= 0; each path counts the same.

    Notes
    -----
    Counts that no path holds have probability 0, so the log score can be infinite. A model that
    knows the law of the next night should mix that law over paths instead.

    Examples
    --------
    >>> sampled_forecast([[1, 2], [3, 2], [3, 9]]).quantile(0.5).tolist()
    [3, 2]
    """
    return MixtureForecast(PointForecast(paths))


def pool_forecasts(
    forecasts: Sequence[CountForecast], weights: ArrayLike | None = None
) -> MixtureForecast:
    """Mix forecasts of the same nights: of imputations, parameter draws or models.

    Parameters
    ----------
    forecasts : sequence of CountForecast
        Of one shape, all closed-form or all of paths.
    weights : array of shape (len(forecasts),), optional
        By default equal, whatever the number of paths in each.

    Raises
    ------
    FitError
        If there are none, or they do not go together.

    Examples
    --------
    >>> pool_forecasts([NegBinForecast([2.0]), NegBinForecast([4.0])]).mean.tolist()
    [3.0]
    """
    mixtures = [f if isinstance(f, MixtureForecast) else _alone(f) for f in forecasts]
    kinds = {(type(m.components), m.shape) for m in mixtures}
    if len(kinds) != 1:
        found = ", ".join(sorted(f"{kind.__name__} {shape}" for kind, shape in kinds)) or "none"
        raise FitError(
            f"Forecasts to pool must be of one kind and shape; these are: {found}.",
            "Forecast the same nights and regions with each, all in closed form or all by paths.",
        )
    outer = MixtureForecast(PointForecast(np.zeros(len(mixtures))), weights)._shares
    shares = [share * m._shares for share, m in zip(outer, mixtures, strict=True)]
    first = mixtures[0]
    return MixtureForecast(
        _stack([m.components for m in mixtures]),
        np.concatenate(shares),
        nights=first.nights,
        regions=first.regions,
    )


def _alone(forecast: CountForecast) -> MixtureForecast:
    """A mixture of one component."""
    return MixtureForecast(forecast[np.newaxis], nights=forecast.nights, regions=forecast.regions)


def _stack(parts: list[CountForecast]) -> CountForecast:
    """Join components along the first axis."""
    means = np.concatenate([part.mean for part in parts])
    closed = [part.alpha for part in parts if isinstance(part, NegBinForecast)]
    return NegBinForecast(means, np.concatenate(closed)) if closed else PointForecast(means)
