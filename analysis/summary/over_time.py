"""Statistics of the nights' claims with intervals: concentration and reach by period.

The interval is for what the statistic would be of the nights' expected claims, had the nights no
chance in them. It comes from a block jackknife over the counted nights, which also takes off the
bias that chance gives to every measure of concentration; draws are combined by Rubin's rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import t

from analysis.accounting.nights import Bools
from analysis.errors import PanelError
from analysis.inference.imputations import pool_imputations
from analysis.inference.jackknife import BLOCKS, block_jackknife
from analysis.inference.nb2 import Floats
from analysis.panel import PanelArrays, panel_arrays, share_exact
from analysis.regions import regions as units
from analysis.summary.description import Frequency, period_start

#: Three nights a block.
FEWEST_NIGHTS: Final = 3 * BLOCKS[0]
COLUMNS: Final = (
    "period",
    "measure",
    "observed",
    "estimate",
    "lower",
    "upper",
    "level",
    "nights",
    "nights_counted",
    "claims",
    "share_exact",
    "allocation_share",
)
#: Measured by tests/studies/over_time_coverage.py, to which tests hold it.
MEASURED_OVER_TIME: Final = (
    "In simulations of thirty unequal regions with a memory of nights of up to phi = 0.3 the 95 % "
    "intervals covered the truth, from a month to a year of nights, in 92.8 to 95.5 % of runs "
    "(Herfindahl and effective number), 92.1 to 94.8 % (Gini), 93.5 to 95.7 % (reach), 93.7 to "
    "95.4 % (daytime) and 93.5 to 95.4 % (a weekday). At phi = 0.6: 93.2 to 93.8 %, 85.9 to "
    "94.3 %, 89.5 to 93.5 %, 91.1 to 93.7 % and 93.5 to 94.8 %. With 15 nights: 94.6 to 95.1 %, "
    "77.6 to 92.2 %, 88.3 to 94.3 % and 88.2 to 93.0 %. With three nights in ten allocated over "
    "regions, from one and three months: 98.3 to 99.8 %, 93.3 to 99.4 % and 96.5 to 99.6 % (reach)."
)


def concentration(
    panel: pd.DataFrame, freq: Frequency | None = "MS", *, level: float = 0.95
) -> pd.DataFrame:
    """Measure how few regions hold how much of the claims, over time.

    Parameters
    ----------
    panel : pd.DataFrame
        As `build_panel` returns it. With draws, intervals also hold the uncertainty of allocation.
    freq : {"W", "MS", "YS"}, optional
        Weeks, months or years, as for `summarize_nights`; None takes the whole panel.
    level : float
        Of the intervals.

    Returns
    -------
    pd.DataFrame
        Three rows per period, sorted by period: ``period`` (its first day), ``measure``
        (``herfindahl``: sum of squared shares; ``effective_regions``: its inverse, the number of
        equal regions that would be as concentrated; ``gini``: 0 for equal regions), ``observed``
        (of the claims as counted, means of the draws), ``estimate, lower, upper, level`` (of the
        expected claims, without the bias of chance), ``nights``, ``nights_counted``, ``claims``,
        ``share_exact``, ``allocation_share`` (of the variance between draws; NaN without draws).
        All regions of the panel take part, also where a period has nothing of them. Without a
        claim everything is NaN (``claims`` too, if no night counts); with fewer than 15 counted
        nights there is nothing but what is observed; limits are NaN where the blocks of nights do
        not differ.

    Raises
    ------
    PanelError
        If the frame is no panel, holds one region, or an option is unknown.

    Notes
    -----
    Measured coverage of the 95 % limits (tests/studies/over_time_coverage.csv), from a month to a
    year: Herfindahl's index and the effective number 92.8 to 95.5 % with a memory of nights up to
    phi = 0.3 and 93.2 to 93.8 % at 0.6; Gini's index 92.1 to 94.8 % and 85.9 to 94.3 %. With 15
    nights 94.6 to 95.1 % and 77.6 to 92.2 %: leave Gini's limits there alone. With three nights in
    ten allocated 98.3 to 99.8 % and 93.3 to 99.4 %: Barnard and Rubin's degrees of freedom, few
    where blocks are few, make such limits wide.

    References
    ----------
    Hirschman (1964), The paternity of an index, American Economic Review 54, 761-762.
    """
    arrays = panel_arrays(panel)
    size = len(arrays.regions)
    if size < 2:
        raise PanelError(
            f"The panel holds one region, {arrays.regions[0]}.", "Give a panel of two or more."
        )

    rows = []
    for period in periods(arrays, freq):
        found = estimate(period.counts, concentration_measures, level)
        herfindahl = np.clip(found.limits[:, 0], 1 / size, 1.0)
        gini = expit(found.limits[:, 1])
        values = {
            "herfindahl": herfindahl,
            "effective_regions": (1 / herfindahl)[[0, 1, 3, 2]],
            "gini": gini,
        }
        shares = dict(zip(values, found.allocation_share[[0, 0, 1]], strict=True))
        rows += [_row(period, name, values[name], shares[name], level) for name in values]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def reach(
    panel: pd.DataFrame, freq: Frequency | None = "MS", *, level: float = 0.95
) -> pd.DataFrame:
    """Measure how far from the other country the claims lie, over time.

    Parameters
    ----------
    panel, freq, level
        As for `concentration`.

    Returns
    -------
    pd.DataFrame
        One row per period: the columns of `concentration` with ``measure`` ``reach_km``, the mean
        of the regions' ``border_km`` weighted by claims: kilometres from the middle of the region
        that a claim names to the nearest unit of the other country, not of any flight. ``least``
        and ``most`` are the reach if all open counts of each night had gone as near, or as far, as
        the bounds of the regions allow, the night's total being as expected.

    Raises
    ------
    PanelError
        If the frame is no panel, a region is not in the gazetteer, or an option is unknown.

    Notes
    -----
    Measured coverage of the 95 % limits: 93.5 to 95.7 % with a memory of nights up to phi = 0.3,
    89.5 to 93.5 % at 0.6, 88.3 to 94.3 % with 15 nights, 96.5 to 99.6 % with three nights in ten
    allocated.
    """
    arrays = panel_arrays(panel)
    known = units()
    strangers = [slug for slug in arrays.regions if slug not in known]
    if strangers:
        raise PanelError(
            f"{len(strangers)} regions of the panel are not in the gazetteer: "
            f"{', '.join(strangers[:5])}.",
            "Leave them out, or correct their slugs.",
        )
    km = np.array([float(known[slug].border_km) for slug in arrays.regions])

    rows = []
    for period in periods(arrays, freq):
        found = estimate(period.counts, partial(log_reach, km), level)
        with np.errstate(over="ignore"):  # with hardly a degree of freedom a limit is infinite
            km_by_claim = np.exp(found.limits[:, 0])
        row = _row(period, "reach_km", km_by_claim, found.allocation_share[0], level)
        rows.append(row | dict(zip(("least", "most"), _extremes(period, km), strict=True)))
    return pd.DataFrame(rows, columns=[*COLUMNS, "least", "most"])


def concentration_measures(sums: Floats) -> Floats:
    """Herfindahl's index and the log odds of Gini's, (..., R) -> (..., 2)."""
    size = sums.shape[-1]
    shares = sums / sums.sum(axis=-1, keepdims=True)
    place = np.arange(1 - size, size, 2) / size
    gini = (np.sort(shares, axis=-1) * place).sum(axis=-1)
    return np.stack([(shares**2).sum(axis=-1), np.log(gini / (1 - gini))], axis=-1)


def log_reach(km: Floats, sums: Floats) -> Floats:
    """Log of the mean distance, (R,) and (..., R) -> (..., 1)."""
    distance: Floats = np.log(sums @ km / sums.sum(axis=-1))
    return distance[..., np.newaxis]


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The counted nights of a period: counts (D, n, R), bounds and certainty (n, R)."""

    start: pd.Timestamp
    nights: int
    counts: Floats
    lower: Floats
    upper: Floats
    exact: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Observed, estimate, lower and upper of q values, (4, q), and their draws' part, (q,)."""

    limits: Floats
    allocation_share: Floats


def periods(arrays: PanelArrays, freq: Frequency | None) -> Iterator[Period]:
    """Cut the panel into periods."""
    nights = pd.Series(arrays.nights.astype("datetime64[us]"))
    starts = period_start(nights, freq)
    for start in starts.unique():
        inside = (starts == start).to_numpy()
        seen = inside & arrays.seen
        yield Period(
            start=start,
            nights=int(inside.sum()),
            counts=arrays.counts[:, seen],
            lower=arrays.lower[seen],
            upper=arrays.upper[seen],
            exact=arrays.exact[seen],
        )


def estimate(
    counts: Floats,
    statistic: Callable[[Floats], Floats],
    level: float,
    fewest: int = FEWEST_NIGHTS,
) -> Estimate:
    """Estimate a statistic of sums over nights with limits, over all draws."""
    if not 0 < level < 1:
        raise PanelError(f"The level is {level!r}.", "Give a number between 0 and 1, as 0.95.")
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = np.array([statistic(draw.sum(axis=0)) for draw in counts]).mean(axis=0)
        if counts.shape[1] < fewest:
            nothing = np.full_like(observed, np.nan)
            return Estimate(np.array([observed, nothing, nothing, nothing]), nothing)
        parts = [block_jackknife(draw, statistic) for draw in counts]
        pooled = pool_imputations(
            np.array([part.estimate for part in parts]),
            np.array([part.variance for part in parts]),
            parts[0].df,
        )
        error = np.where(pooled.variance > 0, np.sqrt(pooled.variance), np.nan)
    half = t.ppf((1 + level) / 2, pooled.df) * error
    values = np.array([observed, pooled.estimate, pooled.estimate - half, pooled.estimate + half])
    share = pooled.allocation_share if len(counts) > 1 else np.full_like(observed, np.nan)
    return Estimate(values, share)


def _row(
    period: Period, measure: str, values: Floats, allocation_share: float, level: float
) -> dict[str, object]:
    """One row of a table."""
    expected = period.counts.mean(axis=0)
    certain = share_exact(expected.reshape(-1, 1), period.exact.reshape(-1, 1))
    return {
        "period": period.start,
        "measure": measure,
        **dict(zip(("observed", "estimate", "lower", "upper"), values.tolist(), strict=True)),
        "level": level,
        "nights": period.nights,
        "nights_counted": len(expected),
        "claims": float(expected.sum()) if len(expected) else np.nan,
        "share_exact": float(certain[0]),
        "allocation_share": float(allocation_share),
    }


def _extremes(period: Period, km: Floats) -> tuple[float, float]:
    """Reach with each night's open counts in the nearest, and in the farthest, regions allowed."""
    totals = period.counts.mean(axis=0).sum(axis=1)
    if not totals.sum() > 0:
        return np.nan, np.nan
    ends = []
    for order in (np.argsort(km, kind="stable"), np.argsort(-km, kind="stable")):
        lower, room = period.lower[:, order], (period.upper - period.lower)[:, order]
        left = totals - lower.sum(axis=1)
        before = np.cumsum(np.minimum(room, totals[:, np.newaxis]), axis=1)
        before = np.hstack([np.zeros((len(room), 1)), before[:, :-1]])
        placed = lower + np.clip(left[:, np.newaxis] - before, 0.0, room)
        ends.append(float((placed @ km[order]).sum() / totals.sum()))
    return ends[0], ends[1]
