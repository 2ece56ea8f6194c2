"""The rhythm of claims: days of the week, and day against night."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.accounting.nights import Ints
from analysis.errors import PanelError
from analysis.inference.jackknife import BLOCKS
from analysis.inference.nb2 import Floats
from analysis.panel import PanelArrays, panel_arrays
from analysis.summary.description import Frequency
from analysis.summary.over_time import estimate, periods
from analysis.vocabulary import ALL

WEEKDAYS: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
#: Two weeks a block, so that no block lacks a weekday.
FEWEST_NIGHTS: Final = 14 * BLOCKS[0]


def weekly_profile(panel: pd.DataFrame, region: str = ALL, *, level: float = 0.95) -> pd.DataFrame:
    """Compare the days of the week, by the morning's date.

    Parameters
    ----------
    panel : pd.DataFrame
        As `build_panel` returns it.
    region : str
        A slug, or ``all`` for the nights' totals.
    level : float
        Of the intervals.

    Returns
    -------
    pd.DataFrame
        Seven rows, from Monday: ``weekday``, ``nights_counted``, ``mean`` (claims per counted
        night, mean of the draws), ``observed, estimate, lower, upper, level`` (of that mean over
        the mean of all counted nights; block jackknife on the log scale), ``allocation_share``.
        With fewer than 70 counted nights, or a weekday without a claim, nothing but what is
        observed.

    Raises
    ------
    PanelError
        If the frame is no panel, does not hold the region or has no claim of it.

    Notes
    -----
    Seven intervals at 95 % do not hold all at once. Growth is no weekday's, as weeks are whole.
    Measured coverage of the 95 % limits: 93.5 to 95.4 % (memory of nights up to phi = 0.3), 93.5
    to 94.8 % at 0.6.
    """
    arrays = panel_arrays(panel, [region])
    seen = arrays.seen
    weekday = pd.DatetimeIndex(arrays.nights[seen].astype("datetime64[us]")).day_of_week.to_numpy()
    counts = arrays.counts[:, seen]
    if not counts.sum() > 0:
        raise PanelError(f"The panel has no claim of {region}.", "Choose a region with claims.")

    found = estimate(by_weekday(counts, weekday), weekday_ratios, level, FEWEST_NIGHTS)
    with np.errstate(over="ignore"):
        observed, middle, lower, upper = np.exp(found.limits)
    sums = by_weekday(counts, weekday).mean(axis=0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = sums[:7] / sums[7:]
    return pd.DataFrame(
        {
            "weekday": pd.array(list(WEEKDAYS), dtype="str"),
            "nights_counted": sums[7:].astype(np.int64),
            "mean": mean,
            "observed": observed,
            "estimate": middle,
            "lower": lower,
            "upper": upper,
            "level": level,
            "allocation_share": found.allocation_share,
        }
    )


def daytime_share(
    nights: pd.DataFrame,
    days: pd.DataFrame,
    freq: Frequency | None = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure which share of the claims falls into daytime.

    Parameters
    ----------
    nights, days : pd.DataFrame
        Panels of the same claims, built with ``night=("20:00", "08:00")`` and with ``night=
        ("08:00", "20:00")``; both with as many draws, or without. A date's night ends on its
        morning, its day begins there.
    freq : {"W", "MS", "YS"}, optional
        As for `summarize_nights`; None takes all dates.
    level : float
        Of the intervals.

    Returns
    -------
    pd.DataFrame
        One row per period: ``period, dates`` (on which both parts have a number),
        ``night_claims, day_claims``, ``observed, estimate, lower, upper, level`` (of the daytime
        share; block jackknife on log odds), ``allocation_share``. With fewer than 15 dates
        nothing but what is observed.

    Raises
    ------
    PanelError
        If a frame is no panel or lacks the rows ``all``, or the two share no date.

    Notes
    -----
    The ministry tells of days less often than of nights, and says nothing where it claims
    nothing. With ``silence="missing"`` only days with a bulletin count, which makes the share too
    large; with ``silence="zero"`` in both panels it is too small if bulletins are missing. Give
    both readings. Measured coverage of the 95 % limits: 93.7 to 95.4 % (memory of nights up to
    phi = 0.3), 91.1 to 93.7 % at 0.6, 88.2 to 93.0 % with 15 dates.
    """
    night, day = _same_dates(panel_arrays(nights, [ALL]), panel_arrays(days, [ALL]))
    both = PanelArrays(
        nights=night.nights,
        regions=("night", "day"),
        counts=np.concatenate([night.counts, day.counts], axis=2),
        lower=np.hstack([night.lower, day.lower]),
        upper=np.hstack([night.upper, day.upper]),
        exact=np.hstack([night.exact, day.exact]),
    )

    rows = []
    for period in periods(both, freq):
        found = estimate(period.counts, log_odds, level)
        shares = expit(found.limits[:, 0])
        claims = period.counts.mean(axis=0).sum(axis=0)
        rows.append(
            {
                "period": period.start,
                "dates": period.counts.shape[1],
                "night_claims": float(claims[0]),
                "day_claims": float(claims[1]),
                **dict(zip(("observed", "estimate", "lower", "upper"), shares, strict=True)),
                "level": level,
                "allocation_share": float(found.allocation_share[0]),
            }
        )
    return pd.DataFrame(rows)


def by_weekday(counts: Floats, weekday: Ints) -> Floats:
    """Claims and nights in a column for each weekday: (D, n, 1) and (n,) -> (D, n, 14)."""
    on = (weekday[:, np.newaxis] == np.arange(7)).astype(np.float64)
    return np.concatenate([counts * on, np.broadcast_to(on, (len(counts), *on.shape))], axis=2)


def weekday_ratios(sums: Floats) -> Floats:
    """Logs of the weekdays' means over the mean of all nights, (..., 14) -> (..., 7)."""
    claims, nights = sums[..., :7], sums[..., 7:]
    whole = claims.sum(axis=-1, keepdims=True) / nights.sum(axis=-1, keepdims=True)
    ratios: Floats = np.log(claims / nights / whole)
    return ratios


def log_odds(sums: Floats) -> Floats:
    """Log of the second over the first, (..., 2) -> (..., 1)."""
    odds: Floats = np.log(sums[..., 1:] / sums[..., :1])
    return odds


def _same_dates(night: PanelArrays, day: PanelArrays) -> tuple[PanelArrays, PanelArrays]:
    """Both panels on the dates that they share."""
    shared = np.intersect1d(night.nights, day.nights)
    if not len(shared):
        raise PanelError("The two panels share no date.", "Build both from the same claims.")
    if len(night.counts) != len(day.counts):
        raise PanelError(
            f"One panel holds {len(night.counts)} draws, the other {len(day.counts)}.",
            "Build both with as many.",
        )
    return night.on(shared), day.on(shared)
