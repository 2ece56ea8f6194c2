"""Laws of estimates under a Bartlett variance, simulated for the design at hand.

`fixed_b.csv` holds the quantiles for a mean and for a linear trend. Other regressors (a level
shift, a slope from a knot on, a season) have others, which depend on where the shift lies and
which nights were seen; here they are simulated: independent normal errors on the very design,
weighted as in the fit (Kiefer & Vogelsang 2005, doi:10.1017/S0266466605050565; Bester, Conley &
Hansen 2011, doi:10.1016/j.jeconom.2011.01.007, on critical values by simulation).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.hac import MOST_AUTOCORRELATION
from analysis.inference.nb2 import Floats
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.random_source import random_source

#: Draws of the errors: a 95 % interval is off by 0.2 points of coverage (a standard error).
DRAWS: Final = 10_000
#: Draws at a time, for the memory's sake.
CHUNK: Final = 50


def simulated_laws(
    design: Floats,
    seen: NDArray[np.bool_],
    bandwidth: int,
    rng: np.random.Generator | int,
    prewhiten: bool = True,
) -> tuple[SymmetricLaw, ...]:
    """Simulate the law of each estimate over its error.

    Parameters
    ----------
    design : Floats
        Shape (n, k): regressors by night, times the root of the night's weight.
    seen : NDArray[np.bool_]
        Shape (n,): nights with a number; at least k of them, of full rank.
    bandwidth : int
        Nights, of the Bartlett variance.
    rng : Generator or int
    prewhiten : bool
        Whether the variance is that of `whitened_covariance`.

    Returns
    -------
    tuple of SymmetricLaw
        k laws.

    Examples
    --------
    >>> design = np.ones((200, 1))
    >>> [law] = simulated_laws(design, np.ones(200, bool), 30, 0, prewhiten=False)
    >>> round(law.quantile(0.975), 1)  # fixed_b.csv has 2.4 for a mean
    2.4
    """
    source = random_source(rng, FitError)
    root = np.where(seen[:, np.newaxis], design, 0.0)
    weights = root @ np.linalg.inv(root.T @ root)
    parts = [
        _statistics(source.standard_normal((CHUNK, len(seen))), (root, weights), bandwidth, white)
        for white in [seen if prewhiten else None] * (DRAWS // CHUNK)
    ]
    return tuple(SymmetricLaw.of_draws(column) for column in np.concatenate(parts).T)


def _statistics(
    errors: Floats,
    regression: tuple[Floats, Floats],
    bandwidth: int,
    seen: NDArray[np.bool_] | None,
) -> Floats:
    """Estimates over errors, shape (m, k), of noise (m, n); prewhitened over the nights seen."""
    root, weights = regression
    estimates = errors @ weights
    residuals = errors - estimates @ root.T
    rho = np.zeros((len(errors), 1)) if seen is None else autocorrelations(residuals * seen, seen)
    found = np.empty_like(estimates)
    for column in range(root.shape[1]):
        influence = residuals * weights[:, column]
        influence[:, 1:] -= rho * influence[:, :-1]
        variance = bartlett_variances(influence, bandwidth) / (1 - rho[:, 0]) ** 2
        found[:, column] = estimates[:, column] / np.sqrt(variance)
    return found


def bartlett_variances(influence: Floats, bandwidth: int) -> Floats:
    """Bartlett variance of each of m series, shape (m, n) -> (m,); see `bartlett_covariance`."""
    cumulated = np.cumsum(np.pad(influence, ((0, 0), (bandwidth, bandwidth))), axis=1)
    sums = cumulated[:, bandwidth:] - cumulated[:, :-bandwidth]
    variances: Floats = np.einsum("ij,ij->i", sums, sums) / bandwidth
    return variances


def autocorrelations(residuals: Floats, seen: NDArray[np.bool_]) -> Floats:
    """`residual_autocorrelation` of each series, shape (m, n) -> (m, 1)."""
    pairs = seen[1:] & seen[:-1]
    before, after = residuals[:, :-1][:, pairs], residuals[:, 1:][:, pairs]
    power = np.einsum("ij,ij->i", before, before)
    product = np.einsum("ij,ij->i", before, after)
    rho = np.divide(product, power, out=np.zeros_like(power), where=power > 0)
    kept: Floats = np.clip(rho, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION)
    return kept[:, np.newaxis]
