"""Simulating INGARCH counts: night after night, all paths at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.links import Link

#: Means beyond this are an explosion: NumPy draws no Poisson counts from them.
EXPLODED: Final = 1e15
#: Below this a dispersion is Poisson to the last digit, and its gamma factor 1.
NO_DISPERSION: Final = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class Coefficients:
    """Parameters of m paths, and what the covariates add to their linear predictors.

    Attributes
    ----------
    intercept : Floats
        Shape (m,).
    beta, alpha : Floats
        Shapes (m, p), (m, q).
    added : Floats
        Shape (m, horizon): the part of the covariates.
    dispersion : Floats
        Shape (m,).
    """

    intercept: Floats
    beta: Floats
    alpha: Floats
    added: Floats
    dispersion: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Simulated paths, shape (m, horizon) each: counts, and the means they were drawn from."""

    counts: NDArray[np.int64]
    means: Floats


def simulate_paths(
    coefficients: Coefficients,
    lags: tuple[tuple[int, ...], tuple[int, ...]],
    link: Link,
    past: tuple[Floats, Floats],
    rng: np.random.Generator,
) -> Paths:
    """Simulate paths that go on from a common or an own past.

    Parameters
    ----------
    coefficients : Coefficients
    lags : tuple
        Lags of counts and of means.
    link : Link
    past : tuple of Floats
        Regressors z and linear predictors nu of the nights before, the latest last: shape
        (longest lag,) or (m, longest lag).
    rng : np.random.Generator

    Raises
    ------
    FitError
        If a path explodes.
    """
    m, horizon = coefficients.added.shape
    longest = max((*lags[0], *lags[1]), default=0)
    z, nu = (np.empty((m, longest + horizon)) for _ in range(2))
    z[:, :longest], nu[:, :longest] = past
    means = np.empty((m, horizon))
    counts = np.empty((m, horizon), dtype=np.int64)
    mixed = coefficients.dispersion > NO_DISPERSION
    size = 1 / np.where(mixed, coefficients.dispersion, 1.0)
    # A night's count decides the next night's mean, so nights come one by one; paths do not.
    for night in range(horizon):
        here = longest + night
        now = coefficients.intercept + coefficients.added[:, night]
        for column, lag in enumerate(lags[0]):
            now = now + coefficients.beta[:, column] * z[:, here - lag]
        for column, lag in enumerate(lags[1]):
            now = now + coefficients.alpha[:, column] * nu[:, here - lag]
        nu[:, here] = now
        with np.errstate(over="ignore"):
            mean = link.mean(now)
        _require_drawable(mean, night)
        means[:, night] = mean
        factor = np.where(mixed, rng.gamma(size) / size, 1.0)
        counts[:, night] = rng.poisson(mean * factor)
        z[:, here] = link.regressor(counts[:, night].astype(float))
    return Paths(counts, means)


def _require_drawable(mean: Floats, night: int) -> None:
    """Refuse means from which no count can be drawn."""
    if not ((mean >= 0) & (mean < EXPLODED)).all():
        raise FitError(
            f"A simulated path reaches a mean of {mean[~((mean >= 0) & (mean < EXPLODED))][0]:g} "
            f"on night {night + 1}.",
            "Choose a shorter horizon, or parameters whose past terms sum to less than 1.",
        )
