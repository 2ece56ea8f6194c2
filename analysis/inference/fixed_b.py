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
from scipy.stats import norm

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.inference.symmetric_law import SymmetricLaw


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
    return fixed_b_law(b, parameter).quantile(probability)


def fixed_b_probability(statistic: float, b: float, parameter: str) -> float:
    """Distribution function of a fixed-b t-statistic, kept within [0.0001, 0.9999].

    Examples
    --------
    >>> fixed_b_probability(0.0, 0.15, "growth")
    0.5
    """
    return fixed_b_law(b, parameter).probability(statistic)


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
    return fixed_b_law(b, parameter).equivalent_df


def fixed_b_law(b: float, parameter: str) -> SymmetricLaw:
    """The whole law at one b, linear between the simulated ones; parameters of `fixed_b_quantile`.

    Raises
    ------
    FitError
        If b is outside [0, 1].
    """
    shares, probabilities, tables = _table()
    if not 0 <= b <= 1:
        raise FitError(
            f"The bandwidth is {b:.3g} times the number of nights.",
            "Give a bandwidth of at least 1 night and at most the length of the series.",
        )
    at_b = [np.interp(b, shares, column) for column in tables[parameter].T]
    return SymmetricLaw(probabilities, np.array(at_b))


def linear_trend_laws(b: float, nights: int) -> tuple[SymmetricLaw, SymmetricLaw]:
    """Laws of level and growth over their errors, fitted to this many nights with a number.

    The tabulated laws are those of very many nights. Around two fitted coefficients residuals of
    n nights have lost 2 / n of their variance, and the laws are wider by as much.

    Examples
    --------
    >>> level, growth = linear_trend_laws(0.15, 30)
    >>> round(growth.quantile(0.975) / fixed_b_quantile(0.975, 0.15, "growth"), 4)
    1.0351
    """
    lost = float(np.sqrt(nights / (nights - 2)))
    return fixed_b_law(b, "intercept").scaled(lost), fixed_b_law(b, "growth").scaled(lost)


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
