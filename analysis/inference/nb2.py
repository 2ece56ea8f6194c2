"""Negative binomial (NB2) regression on the log scale: the kernel under the models, arrays only.

The variance is ``mu + alpha mu**2``; R's ``theta`` and ``size`` are ``1 / alpha``.
"""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from analysis.errors import FitError
from analysis.inference.negbin_law import dispersion_slope, log_prob

Floats: TypeAlias = NDArray[np.float64]

#: Dispersions are looked for between these; a maximum below the first is the Poisson limit.
DISPERSIONS = (1e-6, 1e3)
STEPS = 100
#: Newton's step in the linear predictor at which a fit counts as settled.
SETTLED = 1e-10
#: And below which the maximum is near.
NEAR = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Nb2Fit:
    """A maximum-likelihood NB2 fit.

    Attributes
    ----------
    coef : Floats
        Coefficients on the log scale, shape (k,).
    mean : Floats
        Fitted means, shape (n,), in the unit of the counts.
    information : Floats
        Expected information of ``coef``, shape (k, k).
    dispersion : float
        alpha >= 0; exactly 0.0 when the counts prefer Poisson.
    loglik : float
        The log-likelihood at the maximum with all constants.
    """

    coef: Floats
    mean: Floats
    information: Floats
    dispersion: float
    loglik: float


def fit_nb2(
    counts: Floats,
    design: Floats,
    offset: Floats | float = 0.0,
    dispersion: float | None = None,
) -> Nb2Fit:
    """Maximise the NB2 likelihood over coefficients and, unless it is given, dispersion.

    Parameters
    ----------
    counts : Floats
        Shape (n,), >= 0 and not all 0. Halves and other fractions are allowed (expected
        counts of nights with bounds): the likelihood is then that of its smooth continuation.
    design : Floats
        Shape (n, k), of full rank.
    offset : Floats or float
        Shape (n,): known part of the log mean, such as log exposure.
    dispersion : float, optional
        alpha, held; 0.0 is Poisson regression.

    Returns
    -------
    Nb2Fit

    Raises
    ------
    FitError
        If the iteration does not settle.

    Notes
    -----
    Coefficients and dispersion are maximised in turn; they are orthogonal in the expected
    information, so a few turns do. The Poisson limit is decided by the sign of the score of
    alpha beside it, not by a number that has become small enough.

    Examples
    --------
    >>> fit = fit_nb2(np.full(30, 5.0), np.ones((30, 1)))
    >>> fit.dispersion, round(float(fit.mean[0]), 6)
    (0.0, 5.0)
    """
    coef: Floats = np.linalg.lstsq(design, np.log(counts + 0.5) - offset, rcond=None)[0].astype(
        np.float64
    )
    alpha = 0.0 if dispersion is None else dispersion
    for _ in range(STEPS):
        coef = _fit_mean(counts, design, offset, coef, alpha)
        mean = np.exp(design @ coef + offset)
        before = alpha
        alpha = fit_dispersion(counts, mean) if dispersion is None else dispersion
        if abs(alpha - before) <= 1e-9 * (alpha + 1e-3):
            weight = mean / (1 + before * mean)
            information = design.T @ (weight[:, np.newaxis] * design)
            return Nb2Fit(coef, mean, information, before, nb2_loglik(counts, mean, before))
    raise FitError(
        f"The negative binomial fit did not settle in {STEPS} turns.",
        "Check the series for a few nights far above all others.",
    )


def fit_dispersion(counts: Floats, mean: Floats) -> float:
    """Maximise the NB2 likelihood over alpha, given the means; 0.0 is the Poisson limit."""

    @cache  # brentq asks again for both ends
    def score(log_alpha: float) -> float:
        """`dispersion_score` times alpha**2, which keeps it of one size."""
        alpha = float(np.exp(log_alpha))
        return alpha**2 * dispersion_score(counts, mean, alpha)

    low, high = np.log(DISPERSIONS)
    if score(low) <= 0:
        return 0.0
    if score(high) >= 0:
        raise FitError(
            f"The dispersion of the counts is above {DISPERSIONS[1]:g}.",
            "Check the series: almost all of its nights are zero.",
        )
    return float(np.exp(brentq(score, low, high, xtol=1e-11)))


def dispersion_score(counts: Floats, mean: Floats, dispersion: float) -> float:
    """Differentiate the log-likelihood in alpha, given the means; at 0.0 from the right.

    Examples
    --------
    >>> dispersion_score(np.array([0.0, 4.0]), np.array([2.0, 2.0]), 0.0)  # sum((y-m)^2 - y) / 2
    2.0
    """
    return float(dispersion_slope(counts, mean, dispersion).sum())


def nb2_loglik(counts: Floats, mean: Floats, dispersion: float) -> float:
    """Return the NB2 log-likelihood of ``counts`` with all constants; Poisson at 0."""
    return float(log_prob(counts, mean, dispersion).sum())


def _fit_mean(
    counts: Floats, design: Floats, offset: Floats | float, coef: Floats, alpha: float
) -> Floats:
    """Coefficients that solve the score equations at a given alpha.

    Far from them by the expected information, near them by the observed, without which counts far
    from the model settle slowly or never.
    """
    change = np.inf
    for _ in range(STEPS):
        mean = np.exp(np.clip(design @ coef + offset, -700.0, 700.0))
        spread = 1 + alpha * mean
        weighted = design / spread[:, np.newaxis]
        curvature = mean * ((1 + alpha * counts) / spread if change < NEAR else 1.0)
        information = (weighted * curvature[:, np.newaxis]).T @ design
        try:
            step = np.linalg.solve(information, weighted.T @ (counts - mean))
        except np.linalg.LinAlgError:
            break
        # A long first step from a poor start can overshoot where the mean is exponential.
        change = np.abs(design @ step).max()
        coef = coef + step * min(1.0, 2.0 / max(change, 1e-300))
        if change < SETTLED:
            return coef
    raise FitError(
        f"The log-linear mean did not settle in {STEPS} steps.",
        "Check that the series is not zero everywhere before or after one night.",
    )
