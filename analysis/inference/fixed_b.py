"""Quantiles for t-statistics under a Bartlett variance whose noise is not ignored.

A Newey-West error with normal quantiles pretends that the long-run variance is known. Under
fixed-b asymptotics (Kiefer & Vogelsang 2005) the bandwidth stays a share ``b`` of the sample
and the quantiles carry the noise of the variance estimate. They depend on the regressors; those
shipped in ``fixed_b.csv`` belong to a mean, and to an intercept and a linear trend, and were
simulated by ``tests/studies/fixed_b_quantiles.py``.

References
----------
Kiefer & Vogelsang (2005), A new asymptotic theory for heteroskedasticity-autocorrelation
robust tests, Econometric Theory 21, 1130-1164. doi:10.1017/S0266466605050565
"""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.inference.nb2 import Floats


def fixed_b_quantile(probability: float, b: float, parameter: str) -> float:
    """Quantile of a fixed-b t-statistic, 0.5 <= probability <= 0.9999.

    Parameters
    ----------
    probability : float
        0.975 gives the critical value of a 95 % interval.
    b : float
        Bandwidth over nights, in [0, 1]; 0 is the normal distribution.
    parameter : str
        ``mean``, or of a linear trend ``intercept`` (the level at the first night) or ``growth``.

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


@cache
def equivalent_df(b: float, parameter: str = "mean") -> float:
    """Degrees of freedom of the Student t that has the fixed-b quantile at 97.5 %.

    It carries fixed-b inference to where degrees of freedom are asked for. For a mean and b = 0.15
    it has 6.7 of them; its 95 % quantile is 2 % below the fixed-b one, its 99 % quantile 3 % above.

    Examples
    --------
    >>> round(equivalent_df(0.15), 1), equivalent_df(0.0)
    (6.7, inf)
    """
    quantile = fixed_b_quantile(0.975, b, parameter)
    if quantile - norm.ppf(0.975) < 1e-6:
        return np.inf
    return float(np.exp(brentq(lambda log_df: t.ppf(0.975, np.exp(log_df)) - quantile, -1.0, 20.0)))


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
    text = files("analysis.inference").joinpath("fixed_b.csv").read_text("utf-8")
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
