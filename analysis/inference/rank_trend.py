"""Trends by ranks: Mann-Kendall's test and Theil-Sen's slope; arrays only.

References
----------
Mann (1945), Nonparametric tests against trend, Econometrica 13, 245-259. doi:10.2307/1907187
Sen (1968), Estimates of the regression coefficient based on Kendall's tau, Journal of the American
Statistical Association 63, 1379-1389. doi:10.1080/01621459.1968.10480934
Hamed & Rao (1998), A modified Mann-Kendall trend test for autocorrelated data, Journal of
Hydrology 204, 182-196. doi:10.1016/S0022-1694(97)00125-X
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from analysis.inference.nb2 import Floats

#: Two-sided level at which an autocorrelation of ranks counts, as Hamed & Rao have it.
COUNTED: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class MannKendall:
    """Mann-Kendall's statistic of n counts in time.

    Attributes
    ----------
    s : int
        Pairs of nights that rise, less pairs that fall.
    variance : float
        Of ``s`` for independent counts without a trend, ties heeded.
    tau : float
        Kendall's tau-b with time, in [-1, 1]; NaN where all counts are equal.
    """

    s: int
    variance: float
    tau: float

    def z(self, inflation: float = 1.0) -> float:
        """Normal score of ``s``, moved by one towards 0; the variance times ``inflation``."""
        if self.s == 0 or self.variance == 0:
            return 0.0
        return float((self.s - np.sign(self.s)) / np.sqrt(self.variance * inflation))


def mann_kendall(counts: Floats) -> MannKendall:
    """Compute the statistic of counts in the order of their nights, shape (n,), n >= 2.

    Examples
    --------
    >>> mann_kendall(np.array([1.0, 2.0, 2.0, 5.0])).s
    5
    """
    n = len(counts)
    # One row after the other: n squared signs would not fit for long records.
    s = int(sum(np.sign(counts[i + 1 :] - counts[i]).sum() for i in range(n - 1)))
    _, ties = np.unique(counts, return_counts=True)
    tied = float((ties * (ties - 1) * (2 * ties + 5)).sum())
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    pairs = n * (n - 1) / 2
    untied = pairs - float((ties * (ties - 1)).sum()) / 2
    tau = s / np.sqrt(pairs * untied) if untied > 0 else np.nan
    return MannKendall(s, variance, float(tau))


def theil_sen(
    nights: Floats, counts: Floats, level: float, inflation: float = 1.0
) -> tuple[float, float, float]:
    """Median slope over all pairs of nights, and its interval.

    Parameters
    ----------
    nights, counts : Floats
        Shape (n,): ascending nights without repetition, and their counts.
    level : float
    inflation : float
        Factor on the variance of Mann-Kendall's statistic, from `hamed_rao_inflation`.

    Returns
    -------
    tuple of float
        Slope, lower and upper limit, in counts per night. Ranks of the limits are those of Sen
        (1968), rounded to the nearest; ``trend::sens.slope`` of R has the same.

    Examples
    --------
    >>> theil_sen(np.arange(5.0), np.array([0.0, 1.0, 2.0, 3.0, 9.0]), 0.95)[0]
    1.0
    """
    n = len(counts)
    later, earlier = np.tril_indices(n, -1)
    slopes = np.sort((counts[later] - counts[earlier]) / (nights[later] - nights[earlier]))
    pairs = len(slopes)
    reach = norm.ppf(0.5 + level / 2) * np.sqrt(mann_kendall(counts).variance * inflation)
    # R rounds halves to even, as numpy does.
    low, high = np.round((pairs - reach) / 2), np.round((pairs + reach) / 2 + 1)
    limits = slopes[np.clip([low - 1, high - 1], 0, pairs - 1).astype(int)]
    return float(np.median(slopes)), float(limits[0]), float(limits[1])


def hamed_rao_inflation(counts: Floats, seen: NDArray[np.bool_], slope: float, lags: int) -> float:
    """Estimate by how much autocorrelation widens Mann-Kendall's statistic.

    Parameters
    ----------
    counts : Floats
        Shape (n,), by successive nights.
    seen : NDArray[np.bool_]
        Shape (n,): nights with a number.
    slope : float
        Taken out before ranks are formed, in counts per night.
    lags : int
        Autocorrelations up to this one, if they differ from 0 at the 10 % level.

    Returns
    -------
    float
        Factor on the variance, at least 1: that negative autocorrelation makes the test sharper
        is not made use of.
    """
    nights = np.flatnonzero(seen).astype(float)
    m = len(nights)
    ranks = rankdata(counts[seen] - slope * nights)
    centred = np.zeros(len(counts))
    centred[seen] = ranks - ranks.mean()
    variance = float(centred @ centred) / m
    if variance == 0 or m < 4:
        return 1.0
    total = 0.0
    for lag in range(1, min(lags, m - 3) + 1):
        pairs = int((seen[lag:] & seen[:-lag]).sum())
        if pairs < 2:
            continue
        correlation = float(centred[lag:] @ centred[:-lag]) / pairs / variance
        if abs(correlation) > norm.ppf(1 - COUNTED / 2) / np.sqrt(pairs):
            total += (m - lag) * (m - lag - 1) * (m - lag - 2) * correlation
    return max(1.0, 1 + 2 * total / (m * (m - 1) * (m - 2)))
