"""Laws of estimates under a Bartlett variance, simulated for the design at hand.

`fixed_b.csv` holds the quantiles for a mean and for a linear trend, which do not depend on the
autocorrelation, since both move slowly. Other regressors (a level shift, a slope from a knot on,
weekdays) have others, which depend on where the shift lies and which nights were seen; and where
an estimate mixes slow and fast (the level on the first Monday), on the autocorrelation, which
makes the slow part outweigh the fast. Here they are simulated: normal errors, with the record's
autocorrelation, on the very design, weighted as in the fit (Kiefer & Vogelsang 2005,
doi:10.1017/S0266466605050565; Bester, Conley & Hansen 2011, doi:10.1016/j.jeconom.2011.01.007, on
critical values by simulation).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from analysis.errors import FitError
from analysis.inference.hac import MOST_AUTOCORRELATION, innovation_weights, innovations
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
    autocorrelation: float = 0.0,
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
    autocorrelation : float
        Of the errors of successive nights (AR(1)), within (-1, 1).
    prewhiten : bool
        Whether the variance is that of `innovation_weights`.

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
    parts = []
    for _ in range(DRAWS // CHUNK):
        errors = source.standard_normal((CHUNK, len(seen)))
        errors[:, 0] /= np.sqrt(1 - autocorrelation**2)  # as if there had been nights before
        errors = lfilter([1.0], [1.0, -autocorrelation], errors, axis=1)
        parts.append(_statistics(errors, seen, (root, weights), bandwidth, prewhiten))
    return tuple(SymmetricLaw.of_draws(column) for column in np.concatenate(parts).T)


def _statistics(
    errors: Floats,
    seen: NDArray[np.bool_],
    regression: tuple[Floats, Floats],
    bandwidth: int,
    prewhiten: bool,
) -> Floats:
    """Estimates over errors, shape (m, k), of noise (m, n) on the nights seen."""
    root, weights = regression
    estimates = errors @ weights
    residuals = (errors - estimates @ root.T) * seen
    rho = autocorrelations(residuals, seen) if prewhiten else np.zeros((len(errors), 1))
    fresh = innovations(residuals, rho, seen)
    moved = np.empty((root.shape[1], *errors.shape))
    for draw, memory in enumerate(rho[:, 0]):
        moved[:, draw] = innovation_weights(weights.T, memory)
    variances = [bartlett_variances(of_one * fresh, bandwidth) for of_one in moved]
    statistics: Floats = estimates / np.sqrt(variances).T
    return statistics


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
