"""Intervals for a linear trend in autocorrelated counts: Bartlett variance, fixed-b quantiles.

A Newey-West error with normal quantiles pretends that the long-run variance is known. Under
fixed-b asymptotics (Kiefer & Vogelsang 2005) the bandwidth stays a share ``b`` of the sample
and the quantiles carry the noise of the variance estimate. They depend on the regressors;
those shipped in ``fixed_b_trend.csv`` belong to an intercept and a linear trend and were
simulated by ``tests/studies/fixed_b_quantiles.py``.

References
----------
Kiefer & Vogelsang (2005), A new asymptotic theory for heteroskedasticity-autocorrelation
robust tests, Econometric Theory 21, 1130-1164. doi:10.1017/S0266466605050565
Andrews & Monahan (1992), An improved heteroskedasticity and autocorrelation consistent
covariance matrix estimator, Econometrica 60, 953-966. doi:10.2307/2951574
Parzen (1963), On spectral analysis with missing observations and amplitude modulation,
Sankhya A 25, 383-392 (missing nights enter the sums as zeros in their place).
"""

import csv
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from scipy.stats import norm

from analysis.errors import FitError
from analysis.models.nb2 import Floats

#: An estimated autocorrelation nearer to 1 than this would make the variance explode.
MOST_AUTOCORRELATION: Final = 0.97


def bartlett_covariance(influence: Floats, bandwidth: int) -> Floats:
    """Sum autocovariances with Bartlett weights ``1 - lag / bandwidth``.

    Parameters
    ----------
    influence : Floats
        Shape (n, k): what each night contributes to the estimate, 0 on nights left out.
    bandwidth : int
        In nights; lags below it count, so ``bandwidth - 1`` is the ``maxlags`` of statsmodels.

    Returns
    -------
    Floats
        Shape (k, k), positive semi-definite: the covariance of the sum over nights.

    Examples
    --------
    >>> bartlett_covariance(np.array([[1.0], [2.0]]), 1)  # white: the sum of squares
    array([[5.]])
    """
    # The weights are those of the mean square of all overlapping sums over `bandwidth` nights.
    padded = np.pad(influence, ((bandwidth, bandwidth), (0, 0)))
    cumulated = np.cumsum(padded, axis=0)
    sums = cumulated[bandwidth:] - cumulated[:-bandwidth]
    return (sums.T @ sums) / bandwidth


def whitened_covariance(influence: Floats, autocorrelation: float, bandwidth: int) -> Floats:
    """Bartlett covariance of the series after an AR(1) filter, coloured back.

    ``autocorrelation`` is that of the residuals of successive nights; 0 gives
    `bartlett_covariance`. Shapes as there.
    """
    filtered = influence.copy()
    filtered[1:] -= autocorrelation * influence[:-1]
    return bartlett_covariance(filtered, bandwidth) / (1 - autocorrelation) ** 2


def residual_autocorrelation(residuals: Floats, seen: np.ndarray) -> float:
    """First autocorrelation over pairs of successive nights that were both seen, in (-1, 1)."""
    pairs = seen[1:] & seen[:-1]
    before, after = residuals[:-1][pairs], residuals[1:][pairs]
    power = float(before @ before)
    if power == 0:
        return 0.0
    return float(np.clip(before @ after / power, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION))


def fixed_b_quantile(probability: float, b: float, parameter: str) -> float:
    """Quantile of a fixed-b t-statistic for a linear trend, 0.5 <= probability <= 0.9999.

    Parameters
    ----------
    probability : float
        0.975 gives the critical value of a 95 % interval.
    b : float
        Bandwidth over nights, in [0, 1]; 0 is the normal distribution.
    parameter : str
        ``intercept`` (the level at the first night) or ``growth``.

    Raises
    ------
    FitError
        If the probability lies outside the simulated table.

    Examples
    --------
    >>> round(fixed_b_quantile(0.975, 0.0, "growth"), 3)
    1.96
    """
    probabilities, quantiles = _reference(b, parameter)
    if not 0.5 <= probability <= probabilities[-1]:
        raise FitError(
            f"Quantiles are known between 0.5 and {probabilities[-1]:g}, not at {probability:g}.",
            f"Ask for a level between 0 and {2 * probabilities[-1] - 1:.4g}.",
        )
    return float(np.interp(norm.ppf(probability), norm.ppf(probabilities), quantiles))


def fixed_b_probability(statistic: float, b: float, parameter: str) -> float:
    """Distribution function of a fixed-b t-statistic, kept within [0.0001, 0.9999].

    Examples
    --------
    >>> fixed_b_probability(0.0, 0.15, "growth")
    0.5
    """
    probabilities, quantiles = _reference(b, parameter)
    upper = float(norm.cdf(np.interp(abs(statistic), quantiles, norm.ppf(probabilities))))
    return upper if statistic >= 0 else 1 - upper


def _reference(b: float, parameter: str) -> tuple[Floats, Floats]:
    """Probabilities and quantiles at one b, linear between the simulated ones."""
    shares, probabilities, tables = _table()
    if not 0 <= b <= 1:
        raise FitError(
            f"The bandwidth is {b:.3g} times the number of nights.",
            "Give a bandwidth of at least 1 night and at most the length of the series.",
        )
    table = tables[parameter]
    at_b = [np.interp(b, shares, column) for column in table.T]
    return probabilities, np.array(at_b)


@cache
def _table() -> tuple[Floats, Floats, dict[str, Floats]]:
    """Read the simulated quantiles: b (i,), probability (j,), per parameter (i, j)."""
    text = files("analysis.models").joinpath("fixed_b_trend.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    probabilities = np.array([float(name) for name in rows[0] if name not in ("parameter", "b")])
    names = sorted({row["parameter"] for row in rows})
    shares = np.array([float(row["b"]) for row in rows if row["parameter"] == names[0]])
    columns = [name for name in rows[0] if name not in ("parameter", "b")]
    tables = {
        name: np.array(
            [[float(row[p]) for p in columns] for row in rows if row["parameter"] == name]
        )
        for name in names
    }
    normal = norm.ppf(probabilities)
    with_zero = {name: np.vstack([normal, table]) for name, table in tables.items()}
    return np.concatenate([[0.0], shares]), probabilities, with_zero
