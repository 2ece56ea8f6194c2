"""Whether a fitted model of counts can be believed: what residuals show that should not be there.

Every check compares the counts with the one-step distributions of the results (`CountResults`), so
that it is the same for every model. A test that fails says what the model leaves out; one that
passes does not say that the model is right.

References
----------
Dunn & Smyth (1996), doi:10.1080/10618600.1996.10474708
Ljung & Box (1978), On a measure of lack of fit in time series models, Biometrika 65, 297-303.
doi:10.1093/biomet/65.2.297
Kwiatkowski, Phillips, Schmidt & Shin (1992), Testing the null hypothesis of stationarity against
the alternative of a unit root, Journal of Econometrics 54, 159-178.
doi:10.1016/0304-4076(92)90104-Y
Czado, Gneiting & Held (2009), Predictive model assessment for count data, Biometrics 65,
1254-1261. doi:10.1111/j.1541-0420.2009.01191.x
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import chi2, kstest, norm

from analysis.errors import FitError
from analysis.inference.hac import bartlett_covariance
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import whole_number
from analysis.models.pooled_results import PooledResults
from analysis.models.results import CountResults, normal_quantile
from analysis.random_source import random_source

#: Fewer counts than this are not checked.
FEWEST_COUNTS: Final = 30
#: Simulated sets of counts that the dispersion is compared with.
SIMULATIONS: Final = 999
#: Counts simulated at a time.
MEMORY: Final = 1_000_000
#: Quantiles of the KPSS statistic: about a level, and about a line in time.
KPSS_LEVELS: Final = (0.10, 0.05, 0.025, 0.01)
KPSS_ABOUT_LEVEL: Final = (0.347, 0.463, 0.574, 0.739)
KPSS_ABOUT_LINE: Final = (0.119, 0.146, 0.176, 0.216)
#: Score times standard error that counts as a maximum.
AT_MAXIMUM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table: see `checks`."""

    check: str
    statistic: float
    p_value: float
    limit: float
    passed: bool
    meaning: str


def checks(
    results: CountResults | PooledResults,
    *,
    lags: int = 14,
    level: float = 0.05,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Check the residuals of a model, whichever it is.

    Parameters
    ----------
    results : CountResults or PooledResults
        Fitted or with given parameters. Of fits to several draws every row is that of the draw in
        the middle by its statistic; of checks without a p-value, of the draw with the largest.
    lags : int
        Nights over which autocorrelation is looked for.
    level : float
        p-values below it fail.
    rng : Generator or int
        For the randomisation of residuals and the simulated counts.

    Returns
    -------
    pd.DataFrame
        One row per check: ``check``, ``statistic``, ``p_value`` (NaN where there is none),
        ``limit`` (of the statistic, where there is no p-value), ``passed``, ``meaning``.

        - ``autocorrelation``: Ljung-Box of the randomised quantile residuals over ``lags``; of
          several regions the one with the largest statistic, its p-value times their number.
        - ``pit``: Kolmogorov-Smirnov distance of the randomised probability integral transform
          from the uniform distribution. Fitted parameters make it cautious.
        - ``dispersion``: mean square of the Pearson residuals, against counts simulated from the
          one-step distributions; two-sided.
        - ``stationarity``: KPSS of the quantile residuals, averaged over regions; the p-value is
          interpolated between 0.01 and 0.1.
        - ``persistence``: what part of a night's counts carries over, which must stay below 1; only
          where the model has one.
        - ``maximum``: largest score times standard error, but for parameters at a bound; only
          for fits.

    Raises
    ------
    FitError
        If there are fewer than 30 counts or no lags.

    Notes
    -----
    Rejected at 5 % where the model is right (tests/studies/sizes_of_tests.csv, 300 nights, 400 runs
    a model): autocorrelation 4 to 7 %, stationarity 3.5 to 5 %. ``pit`` and ``dispersion`` reject
    5 % where the dispersion is not fitted (local level) and 0 % where it is: what they then notice
    is another shape of the law, not another size of its scatter.

    Examples
    --------
    >>> from analysis.models import fit_trend
    >>> nights = pd.date_range("2024-01-01", periods=200)
    >>> counts = pd.Series(np.random.default_rng(3).poisson(8.0, 200), nights)
    >>> checks(fit_trend(counts))[["check", "passed"]].to_numpy().tolist()
    [['autocorrelation', True], ['pit', True], ['dispersion', True], ['stationarity', True], \
['maximum', True]]
    """
    if not isinstance(results, CountResults | PooledResults):
        raise FitError(
            f"A {type(results).__name__} cannot be checked.", "Give what fit() or fix() returns."
        )
    source = random_source(rng, FitError)
    fits = results.fits if isinstance(results, PooledResults) else (results,)
    tables = [_one_fit(one, lags, level, source) for one in fits]
    return pd.DataFrame([_told(rows) for rows in zip(*tables, strict=True)])


def _told(rows: Sequence[Check]) -> Check:
    """The row of the draw that is told: the middle one, or the worst where there is no p-value."""
    ranked = sorted(rows, key=lambda row: row.statistic)
    return ranked[-1] if np.isnan(ranked[0].p_value) else ranked[len(ranked) // 2]


def _one_fit(
    results: CountResults, lags: int, level: float, source: np.random.Generator
) -> list[Check]:
    """The checks of one fit."""
    if results.nobs < FEWEST_COUNTS:
        raise FitError(
            f"{results.nobs} counts were foretold, checks need {FEWEST_COUNTS}.",
            "Fit a longer series.",
        )
    nights = len(results.endog)
    lags = whole_number("lags", lags, most=nights - 1)
    normal_quantile(level)  # refuses what is no level
    residuals = np.asarray(results.residuals("quantile", source), dtype=float)
    residuals = residuals.reshape(nights, -1)
    rows = [
        _autocorrelation(residuals, lags, _n_past(results), level),
        _uniformity(residuals, level),
        _dispersion(results, level, source),
        _stationarity(residuals, _has_line(results), level),
    ]
    if not np.isnan(results.persistence):
        rows.append(_persistence(results.persistence))
    criterion = _criterion(results)
    if not np.isnan(criterion):
        rows.append(_maximum(criterion))
    return rows


def ljung_box(residuals: Floats, lags: int) -> float:
    """Ljung-Box statistic of a series, shape (n,), NaN where there is none.

    An autocorrelation is taken over the pairs of nights that both have a residual, and weighted by
    their number; without gaps that is the usual statistic.

    Examples
    --------
    >>> round(ljung_box(np.tile([1.0, -1.0], 50), 1), 2)
    100.98
    """
    seen = ~np.isnan(residuals)
    centred = np.where(seen, residuals - residuals[seen].mean(), 0.0)
    n = int(seen.sum())
    variance = float(centred @ centred) / n
    if variance == 0:
        return 0.0
    total = 0.0
    for lag in range(1, lags + 1):
        pairs = int((seen[lag:] & seen[:-lag]).sum())
        if pairs:
            # The sum over pairs falls short of n - lag terms by the gaps.
            correlation = float(centred[lag:] @ centred[:-lag]) / variance / n * (n - lag) / pairs
            total += correlation**2 / (n - lag) * pairs / (n - lag)
    return float(n * (n + 2) * total)


def kpss(residuals: Floats) -> float:
    """KPSS statistic of a series, shape (n,), with the Bartlett window of 12 (n / 100)^(1/4) lags.

    Examples
    --------
    >>> kpss(np.arange(100.0)) > 0.739  # a line is not stationary about a level
    True
    """
    n = len(residuals)
    centred = residuals - residuals.mean()
    width = int(np.ceil(12 * (n / 100) ** 0.25)) + 1
    variance = bartlett_covariance(centred[:, np.newaxis], min(width, n))[0, 0]
    return float((np.cumsum(centred) ** 2).sum() / (n * variance)) if variance > 0 else 0.0


def _autocorrelation(residuals: Floats, lags: int, n_past: int, level: float) -> Check:
    """The region whose residuals lean on one another most."""
    enough = [column for column in residuals.T if (~np.isnan(column)).sum() > lags]
    found = [ljung_box(column, lags) for column in enough]
    worst = max(found, default=0.0)
    df = max(lags - n_past, 1)
    p_value = min(1.0, float(chi2.sf(worst, df)) * len(found)) if found else np.nan
    passed = not p_value < level
    says = "no more than chance" if passed else "nights lean on one another beyond the model"
    return Check("autocorrelation", worst, p_value, np.nan, passed, says)


def _uniformity(residuals: Floats, level: float) -> Check:
    """Whether counts fall where their distributions say."""
    scores = residuals[~np.isnan(residuals)]
    found = kstest(norm.cdf(scores), "uniform")
    passed = bool(found.pvalue >= level)
    says = "counts fall where foretold" if passed else "counts do not fall where foretold"
    return Check("pit", float(found.statistic), float(found.pvalue), np.nan, passed, says)


def _dispersion(results: CountResults, level: float, rng: np.random.Generator) -> Check:
    """Whether counts scatter as much as foretold."""
    predicted = results.predicted
    pearson = np.asarray(results.residuals("pearson"), dtype=float)[results.cells]
    found = float((pearson**2).mean())
    variance = np.where(predicted.variance > 0, predicted.variance, 1.0)
    at_once = max(1, MEMORY // len(pearson))
    parts = (
        predicted.sample(min(at_once, SIMULATIONS - done), rng)
        for done in range(0, SIMULATIONS, at_once)
    )
    drawn = np.concatenate(
        [((part - predicted.mean) ** 2 / variance).mean(axis=1) for part in parts]
    )
    beyond = min((drawn >= found).sum(), (drawn <= found).sum())
    p_value = min(1.0, 2 * (1 + int(beyond)) / (1 + SIMULATIONS))
    passed = p_value >= level
    more = "more" if found > drawn.mean() else "less"
    says = "counts scatter as foretold" if passed else f"counts scatter {more} than foretold"
    return Check("dispersion", found, p_value, np.nan, passed, says)


def _stationarity(residuals: Floats, has_line: bool, level: float) -> Check:
    """Whether the level of the residuals wanders."""
    counted = (~np.isnan(residuals)).sum(axis=1)
    sums = np.nansum(residuals, axis=1)
    statistic = kpss(sums[counted > 0] / counted[counted > 0])
    quantiles = KPSS_ABOUT_LINE if has_line else KPSS_ABOUT_LEVEL
    p_value = float(np.interp(statistic, quantiles, KPSS_LEVELS))
    passed = p_value >= level
    says = "the level stays" if passed else "the level wanders beyond the model"
    return Check("stationarity", statistic, p_value, np.nan, passed, says)


def _persistence(persistence: float) -> Check:
    """Whether what carries over dies out."""
    passed = persistence < 1
    says = "shocks die out" if passed else "shocks do not die out: the model has no stationary law"
    return Check("persistence", persistence, np.nan, 1.0, passed, says)


def _maximum(criterion: float) -> Check:
    """Whether the fit ended at the maximum of its likelihood."""
    passed = criterion < AT_MAXIMUM
    says = "the likelihood is at its maximum" if passed else "the fit did not reach a maximum"
    return Check("maximum", criterion, np.nan, AT_MAXIMUM, passed, says)


def _criterion(results: CountResults) -> float:
    """Largest score times standard error of free parameters; NaN without any."""
    if results.given:
        return np.nan
    products = (results.score * results.bse).abs().drop(list(results.at_bound), errors="ignore")
    own: float | None = getattr(results, "criterion", None)
    return float(products.max(skipna=True)) if own is None else own


def _n_past(results: CountResults) -> int:
    """Parameters that were fitted to the autocorrelation."""
    return 0 if results.given else sum(str(n).startswith("past_") for n in results.params.index)


def _has_line(results: CountResults) -> bool:
    """Whether a line in time was taken out."""
    return any(str(name).startswith("growth") for name in results.params.index)


class _Checks(ModuleType):
    """A module that has the name of what it does and can be called like it."""

    def __call__(
        self,
        results: CountResults | PooledResults,
        **options: Any,  # noqa: ANN401 - those of the function
    ) -> pd.DataFrame:
        """Do what the function `checks` does."""
        return checks(results, **options)


# ``analysis.checks`` is the module; ``analysis.checks(results)`` is what people write.
sys.modules[__name__].__class__ = _Checks
