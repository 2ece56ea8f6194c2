"""Describe nights and regions: totals with bounds, spread, runs, records, and what is unknown.

Missing is not zero: means, variances and shares of zero nights are over the nights that have a
number, and ``nights_counted`` says how many those are. Totals, too, are sums over those nights.
"""

from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.errors import PanelError
from analysis.panel import check_panel
from analysis.summary.names import region_names
from analysis.vocabulary import ALL, STATES

Frequency = Literal["W", "MS", "YS"]

#: Columns that describe any set of nights, in the order of the tables.
DESCRIPTION: Final = (
    "nights",
    *STATES,
    "nights_counted",
    "lower",
    "expected",
    "upper",
    "share",
    "share_exact",
    "mean",
    "median",
    "variance_to_mean",
    "dispersion",
    "zero_share",
    "longest_run",
    "record",
    "record_night",
    "first_night",
    "last_night",
)
_WHOLE: Final = ("nights", *STATES, "nights_counted", "lower", "upper", "longest_run")


def summarize_nights(panel: pd.DataFrame, freq: Frequency | None = None) -> pd.DataFrame:
    """Describe the nights' totals, over the whole panel or by week, month or year.

    Parameters
    ----------
    panel : pd.DataFrame
        As `build_panel` returns it. With draws, numbers that depend on them are means over draws,
        and ``record_night`` is the one in most draws.
    freq : {"W", "MS", "YS"}, optional
        ``"W"``: weeks, Monday to Sunday; ``"MS"``: months; ``"YS"``: years. A night belongs to the
        date of its morning. None describes all nights in one row.

    Returns
    -------
    pd.DataFrame
        One row per period, sorted, with ``period`` (its first day) and

        - ``nights`` and of these ``exact, bounded, silent, missing``; ``nights_counted``: those
          with an expected number, over which everything below is taken;
        - ``lower, expected, upper``: sums of claims; ``upper`` <NA> if it is unknown for one of
          the counted nights; ``share``: of all claims of the panel (NaN if there are none);
          ``share_exact``: share of these claims in exact cells, the rest being allocated;
        - ``mean, median``: claims per counted night; ``variance_to_mean``: the variance has
          denominator n - 1; ``dispersion``: NB2 alpha by moments, ``max(0, (s2 - m) / m**2)``;
          ``zero_share``: share of the counted nights with 0;
        - ``longest_run``: most successive calendar nights with at least one claim for certain
          (lower bound above 0); nights without a number end a run;
        - ``record`` and ``record_night``: the highest expected number and its first night;
        - ``first_night, last_night``: the first and last night with a claim for certain.

        Sums and statistics of no counted nights, and statistics of nights without a claim, are
        NaN, <NA> or NaT: a period of silent and missing nights has no claims, not 0. Expected
        numbers of bounded cells vary less than counts do, so without draws the spread of a region
        whose ``share_exact`` is low comes out too small.

    Raises
    ------
    PanelError
        If the frame is not a panel, lacks the rows ``all``, or ``freq`` is another word.

    Examples
    --------
    >>> night = pd.date_range("2025-03-01", periods=3)
    >>> panel = pd.DataFrame({"night": night, "region": "all", "state": ["exact"] * 2 + ["silent"],
    ...     "count": [4, 0, None], "lower": [4, 0, 0], "upper": [4, 0, None],
    ...     "expected": [4.0, 0.0, np.nan], "coverage": 1.0, "provisional": False, "bulletins": ""})
    >>> summarize_nights(panel)[["nights", "nights_counted", "mean", "zero_share"]].to_dict("list")
    {'nights': [3], 'nights_counted': [2], 'mean': [2.0], 'zero_share': [0.5]}
    """
    check_panel(panel)
    totals = panel[(panel["region"] == ALL).to_numpy()]
    if totals.empty and len(panel):
        raise PanelError(
            'The panel has no rows "all", the nights\' totals.',
            "Give the whole panel, or use summarize_regions.",
        )
    return _describe(totals.assign(period=period_start(totals["night"], freq)), ["period"])


def summarize_regions(panel: pd.DataFrame, freq: Frequency | None = None) -> pd.DataFrame:
    """Describe each region that was ever named, the most claimed first.

    Parameters
    ----------
    panel, freq
        As for `summarize_nights`.

    Returns
    -------
    pd.DataFrame
        One row per region: ``region`` (slug), ``name`` (English, from the gazetteer) and the
        columns of `summarize_nights`. ``share`` is the region's part of the claims of all regions,
        so that shares sum to 1. ``lower`` and ``upper`` add up the nightly bounds, as if all joint
        and cut lists had gone against the region, or for it: they are certain, and wide. With
        ``freq``, one row per ``period`` and region, sorted by period; ``share`` stays that of the
        claims of the whole panel.

    Raises
    ------
    PanelError
        If the frame is not a panel or ``freq`` is another word.
    """
    check_panel(panel)
    cells = panel[(panel["region"] != ALL).to_numpy()]
    if freq is None:
        table = _describe(cells, ["region"])
        order, ascending = ["expected", "region"], [False, True]
    else:
        cells = cells.assign(period=period_start(cells["night"], freq))
        table = _describe(cells, ["period", "region"])
        order, ascending = ["period", "expected", "region"], [True, False, True]
    table.insert(len(order) - 1, "name", region_names(table["region"]))
    return table.sort_values(order, ascending=ascending, ignore_index=True)


def weekly_regions(panel: pd.DataFrame) -> pd.DataFrame:
    """Add up the claims of each region by week (Monday to Sunday).

    Returns
    -------
    pd.DataFrame
        One row per week and region, sorted: ``week`` (its Monday), ``region``, ``nights`` in the
        panel, ``nights_counted`` (with an expected number), ``lower, expected, upper`` over those.
        A week without a counted night has NaN and <NA>, not 0.

    Raises
    ------
    PanelError
        If the frame is not a panel.
    """
    weeks = summarize_regions(panel, "W").rename(columns={"period": "week"})
    weeks = weeks.astype({"nights": "int64", "nights_counted": "int64"})
    columns = ["week", "region", "nights", "nights_counted", "lower", "expected", "upper"]
    return weeks[columns].sort_values(["week", "region"], ignore_index=True)


def period_start(nights: pd.Series, freq: str | None) -> pd.Series:
    """First day of the week (Monday), month or year of each night; the first night for None.

    Raises
    ------
    PanelError
        If ``freq`` is another word than "W", "MS" and "YS".
    """
    if freq is None:
        return pd.Series(nights.min(), index=nights.index, dtype=nights.dtype)
    days_into = {
        "W": nights.dt.day_of_week,
        "MS": nights.dt.day - 1,
        "YS": nights.dt.day_of_year - 1,
    }
    if freq not in days_into:
        raise PanelError(
            f"freq is {freq!r}.", 'Choose "W" (weeks), "MS" (months), "YS" (years) or None.'
        )
    start: pd.Series = nights - pd.to_timedelta(days_into[freq], unit="D")
    return start


def _describe(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Describe each group of nights; shares are of all claims of the cells."""
    cells = cells.sort_values("night", kind="stable", ignore_index=True)
    if "draw" not in cells.columns:
        cells = cells.assign(draw=0)
    # Nights, states and bounds are the same in every draw.
    first = cells[(cells["draw"] == cells["draw"].min()).to_numpy()] if len(cells) else cells
    told = _describe_record(first, by)
    claims = _describe_claims(cells[cells["expected"].notna().to_numpy()], by)
    table = told.join(claims)
    whole = table["expected"].sum()
    table["share"] = table["expected"] / whole if whole > 0 else np.nan
    table = table.reset_index()[[*by, *DESCRIPTION]]
    return table.astype(dict.fromkeys(_WHOLE, "Int64"))


def _describe_record(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Nights, states, bounds and runs of each group, which no draw changes."""
    counted = cells["expected"].notna()
    certain = cells["lower"].fillna(0) > 0
    nights = cells.assign(
        nights=1,
        nights_counted=counted.astype("int64"),
        lower=cells["lower"].where(counted),
        upper=cells["upper"].where(counted),
        unknown=(counted & cells["upper"].isna()).astype("int64"),
        certain=cells["night"].where(certain),
        **{state: (cells["state"] == state).astype("int64") for state in STATES},
    )
    groups = nights.groupby(by, sort=True)
    names = ["nights", *STATES, "nights_counted", "lower", "upper", "unknown"]
    table = groups[names].sum(min_count=1)  # no counted night is no sum, not 0
    table["upper"] = table["upper"].where(table["unknown"] == 0)
    table["first_night"] = groups["certain"].min()
    table["last_night"] = groups["certain"].max()
    table["longest_run"] = _longest_runs(cells[certain.to_numpy()], by)
    table["longest_run"] = table["longest_run"].fillna(0)
    return table.drop(columns="unknown")


def _longest_runs(certain: pd.DataFrame, by: list[str]) -> pd.Series:
    """Longest row of successive nights of each group, given the nights in order."""
    broken = certain.groupby(by)["night"].diff() != pd.Timedelta(days=1)
    run = broken.groupby([certain[name] for name in by]).cumsum()
    runs: pd.Series = certain.groupby([*by, run.rename("run")]).size().groupby(level=by).max()
    return runs


def _describe_claims(cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sums, spread and records of each group of nights with a number, averaged over draws."""
    keys = [*by, "draw"]
    cells = cells.assign(
        zero=cells["expected"] == 0, certain=cells["expected"].where(cells["state"] == "exact", 0.0)
    )
    groups = cells.groupby(keys, sort=True)
    claims = groups["expected"]
    draws = claims.agg(["sum", "mean", "median", "var", "max"]).rename(
        columns={"sum": "expected", "max": "record"}
    )
    some = draws["mean"] > 0
    mean = draws["mean"].where(some)
    draws["variance_to_mean"] = draws["var"] / mean
    draws["dispersion"] = ((draws["var"] - mean) / mean**2).clip(lower=0.0)
    draws["zero_share"] = groups["zero"].mean()
    draws["record"] = draws["record"].where(some)
    draws["share_exact"] = groups["certain"].sum() / draws["expected"].where(some)
    table = draws.groupby(level=by).mean().drop(columns="var")
    # The first night that holds the record in each draw, then the night of most draws.
    records = cells.loc[claims.idxmax()].set_index(keys)["night"][some]
    votes = records.reset_index().groupby([*by, "night"]).size().rename("votes").reset_index()
    votes = votes.sort_values("votes", ascending=False, kind="stable").drop_duplicates(by)
    table["record_night"] = votes.set_index(by)["night"]
    return table
