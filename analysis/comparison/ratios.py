"""Ratios of mean counts under autocorrelation, overdispersion and allocation. Arrays only.

Under NB2 with a level of its own for each series the maximum-likelihood ratio is the ratio of the
mean counts, whatever the dispersions; so it is under Poisson. What the law decides is the
variance. Under ``nb2`` it is the Bartlett long-run variance of the log ratio's influences, night
by night, which holds overdispersion, the memory of nights and what the two series share; noise in
that variance is paid for with Student's t (`fixed_b.equivalent_df`).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, t

from analysis.comparison.conditional import ratio_interval, ratio_tails
from analysis.inference.fixed_b import equivalent_df
from analysis.inference.hac import LongRun, default_bandwidth
from analysis.inference.imputations import pool_imputations
from analysis.inference.nb2 import Floats

Pairs = NDArray[np.int64]

#: Halvings of the logarithm of a p-value between 1e-300 and 1.
_HALVINGS: Final = 60


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """k series of counts on N successive nights, D draws of each.

    Attributes
    ----------
    counts : Floats
        Shape (D, N, k); NaN on nights that do not count.
    exposure : Floats
        Shape (k,), > 0: what a night of each is measured by.
    """

    counts: Floats
    exposure: Floats

    @property
    def claims(self) -> Floats:
        """Shape (k,): sums over nights, averaged over draws."""
        claims: Floats = self.sums.mean(axis=0)
        return claims

    @property
    def sums(self) -> Floats:
        """Shape (D, k): sums over nights."""
        sums: Floats = np.nansum(self.counts, axis=1)
        return sums

    @property
    def nights(self) -> Floats:
        """Shape (k,): nights with a number."""
        nights: Floats = (~np.isnan(self.counts[0])).sum(axis=0).astype(np.float64)
        return nights

    @property
    def shortest_span(self) -> int:
        """Calendar nights from the first to the last number of the shortest series."""
        seen = ~np.isnan(self.counts[0])
        span = len(seen) - seen.argmax(axis=0) - seen[::-1].argmax(axis=0)
        return int(span.min())

    @property
    def scale(self) -> Floats:
        """Shape (k,): exposure times nights, what claims are divided by to give a rate."""
        return self.exposure * self.nights


@dataclass(frozen=True, slots=True, eq=False)
class RatioFit:
    """m ratios of the rates of two series each.

    Attributes
    ----------
    above, below : Pairs
        Shape (m,): which of the k series stand above and below the line.
    claims, scale : Floats
        Shape (k,): see `Series`.
    variance, df, allocation_share : Floats
        Shape (m,): of the log ratios, see `imputations.Pooled`. A series without a claim adds
        nothing to the variance.
    own : Floats
        Shape (k,): variance of the log of each sum alone.
    """

    above: Pairs
    below: Pairs
    claims: Floats
    scale: Floats
    variance: Floats
    df: Floats
    allocation_share: Floats
    own: Floats

    @property
    def ratio(self) -> Floats:
        """Ratios of the rates, shape (m,); NaN where both are 0."""
        rate = self.claims / self.scale
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio: Floats = rate[self.above] / rate[self.below]
        return ratio

    @property
    def std_error(self) -> Floats:
        """Standard errors of the log ratios, shape (m,); NaN where there is no logarithm."""
        ratio = self.ratio
        return np.where(np.isfinite(ratio) & (ratio > 0), np.sqrt(self.variance), np.nan)

    def intervals(self, level: float) -> tuple[Floats, Floats]:
        """Lower and upper limits of the ratios, shape (m,) each."""
        x, y, unit = self._events(np.full(len(self.above), 1 - level))
        lower, upper = ratio_interval(x, y, level)
        with np.errstate(over="ignore"):  # with hardly a degree of freedom a limit is infinite
            return lower * unit, upper * unit

    def p_values(self) -> Floats:
        """Two-sided p-values of ratio 1: the level at which an interval begins to exclude it."""
        lowest, highest = np.full(len(self.above), np.log(1e-300)), np.zeros(len(self.above))
        for _ in range(_HALVINGS):
            middle = (lowest + highest) / 2
            excluded = self._excludes_one(np.exp(middle))
            highest = np.where(excluded, middle, highest)
            lowest = np.where(excluded, lowest, middle)
        x, y, unit = self._events(np.ones(len(self.above)))
        return np.where(np.isnan(x + y + unit), np.nan, np.exp(highest))

    def _excludes_one(self, alpha: Floats) -> NDArray[np.bool_]:
        """Whether the intervals at levels 1 - alpha leave out a ratio of 1."""
        x, y, unit = self._events(alpha)
        at_least, at_most = ratio_tails(x, y, 1 / unit)
        excluded: NDArray[np.bool_] = 2 * np.minimum(at_least, at_most) < alpha
        return excluded

    def _events(self, alpha: Floats) -> tuple[Floats, Floats, Floats]:
        """Poisson events that are as uncertain as the sums, and the ratio that one of each makes.

        The variance of a log ratio is never less than that of drones as independent events; it is
        parted between the two sums as their own variances are. A sum of 0 is no event, and one
        event then is as many drones as in the middle one of the series that have claims.
        """
        widening = t.isf(np.minimum(alpha, 0.999999) / 2, self.df)
        widening = (widening / norm.isf(np.minimum(alpha, 0.999999) / 2)) ** 2
        above, below = self.claims[self.above], self.claims[self.below]
        claimed = self.claims > 0
        floor = np.divide(1.0, self.claims, out=np.zeros_like(self.claims), where=claimed)
        own = np.maximum(self.own, floor)
        variance = np.maximum(self.variance * widening, floor[self.above] + floor[self.below])
        both = own[self.above] + own[self.below]
        usual = np.median((self.claims * own)[claimed]) * widening if claimed.any() else widening
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.where(above > 0, both / (variance * own[self.above]), 0.0)
            y = np.where(below > 0, both / (variance * own[self.below]), 0.0)
            drones = np.where(above > 0, above / x, usual) / np.where(below > 0, below / y, usual)
        empty = (above == 0) & (below == 0)
        unit = drones * self.scale[self.below] / self.scale[self.above]
        return np.where(empty, np.nan, x), np.where(empty, np.nan, y), unit


def fit_ratios(series: Series, above: Pairs, below: Pairs, *, poisson: bool = False) -> RatioFit:
    """Estimate ratios of the rates of series, with variances over nights and draws.

    Parameters
    ----------
    series : Series
        Of k series; every night of any of them keeps its place in time.
    above, below : Pairs
        Shape (m,): the series of each ratio.
    poisson : bool
        Take every drone for an independent event: the exact conditional law.

    Returns
    -------
    RatioFit

    Notes
    -----
    Draws are combined by Rubin's rules on the linearised log ratio, ``log(A / B) + (A_d - A) / A -
    (B_d - B) / B`` with A, B the means over draws: to first order the log ratio of each draw, and
    finite where a draw gives a rare region nothing.
    """
    sums, claims = series.sums, series.claims
    m, k = len(above), len(claims)
    divisor = np.where(claims > 0, claims, np.inf)
    contrasts = np.zeros((m + k, k))
    contrasts[np.arange(m), above] += 1
    contrasts[np.arange(m), below] -= 1
    contrasts[m:] = np.eye(k)  # and each series alone
    if poisson:
        variances = np.tile((1 / divisor) @ np.abs(contrasts).T, (len(sums), 1))
        df = np.inf
    else:
        span = series.shortest_span
        bandwidth = default_bandwidth(span)
        variances = np.array(
            [_variances(counts, divisor, contrasts, bandwidth) for counts in series.counts]
        )
        df = equivalent_df(bandwidth / span)
    pooled = pool_imputations((sums - claims) / divisor @ contrasts.T, variances, df)
    return RatioFit(
        above=above,
        below=below,
        claims=claims,
        scale=series.scale,
        variance=pooled.variance[:m],
        df=pooled.df[:m],
        allocation_share=pooled.allocation_share[:m],
        own=pooled.variance[m:],
    )


def _variances(counts: Floats, divisor: Floats, contrasts: Floats, bandwidth: int) -> Floats:
    """Long-run variances of contrasts of log sums over nights, for one draw (N, k)."""
    seen = ~np.isnan(counts)
    influence = np.where(seen, counts - np.nanmean(counts, axis=0), 0.0) / divisor
    any_seen = np.asarray(seen.any(axis=1))
    return LongRun.of(influence, any_seen, bandwidth).variances(contrasts)
