"""Describe nights and regions: totals with bounds, spread, runs, records, and what is unknown.

Missing is not zero: means, variances and shares of zero nights are over the nights that have a
number, and ``nights_counted`` says how many those are. Totals, too, are sums over those nights.
"""

from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from analysis.accounting import Scope, scope_claims
from analysis.errors import PanelError
from analysis.night_labels import read_night
from analysis.regions import regions
from analysis.vocabulary import ALL, JOIN, PANEL_COLUMNS, STATES

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


def summarize_nights(panel: pd.DataFrame, freq: Frequency | None = None) -> pd.DataFrame:
    """Describe the nights' totals, over the whole panel or by week, month or year.

    Parameters
    ----------
    panel : pd.DataFrame
        As `build_panel` returns it.
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
        - ``mean, median``: claims per counted night; ``variance_to_mean``: the variance has
          denominator n - 1; ``dispersion``: NB2 alpha by moments, ``max(0, (s2 - m) / m**2)``;
          ``zero_share``: share of the counted nights with 0;
        - ``longest_run``: most successive calendar nights with at least one claim for certain
          (lower bound above 0); nights without a number end a run;
        - ``record`` and ``record_night``: the highest expected number and its first night;
        - ``first_night, last_night``: the first and last night with a claim for certain.

        Statistics of no nights, or of nights without a claim, are NaN, <NA> or NaT.

    Raises
    ------
    PanelError
        If the frame is not a panel, holds several draws, or ``freq`` is another word.

    Examples
    --------
    >>> night = pd.date_range("2025-03-01", periods=3)
    >>> panel = pd.DataFrame({"night": night, "region": "all", "state": ["exact"] * 2 + ["silent"],
    ...     "count": [4, 0, None], "lower": [4, 0, 0], "upper": [4, 0, None],
    ...     "expected": [4.0, 0.0, np.nan], "coverage": 1.0, "provisional": False, "bulletins": ""})
    >>> summarize_nights(panel)[["nights", "nights_counted", "mean", "zero_share"]].to_dict("list")
    {'nights': [3], 'nights_counted': [2], 'mean': [2.0], 'zero_share': [0.5]}
    """
    _check(panel)
    totals = panel[(panel["region"] == ALL).to_numpy()]
    if freq is None:
        periods = pd.Series(totals["night"].min(), index=totals.index)
    else:
        periods = _period_start(totals["night"], freq)
    return _describe_groups(totals, periods.rename("period"), totals["expected"].sum())


def summarize_regions(panel: pd.DataFrame) -> pd.DataFrame:
    """Describe each region that was ever named, the most claimed first.

    Returns
    -------
    pd.DataFrame
        One row per region: ``region`` (slug), ``name`` (English, from the gazetteer) and the
        columns of `summarize_nights`. ``share`` is the region's part of the claims of all regions,
        so that shares sum to 1. ``lower`` and ``upper`` add up the nightly bounds, as if all joint
        and cut lists had gone against the region, or for it: they are certain, and wide.

    Raises
    ------
    PanelError
        If the frame is not a panel or holds several draws.
    """
    _check(panel)
    cells = panel[(panel["region"] != ALL).to_numpy()]
    table = _describe_groups(cells, cells["region"], cells["expected"].sum())
    table.insert(1, "name", region_names(table["region"]))
    order = ["expected", "region"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)


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
        If the frame is not a panel or holds several draws.
    """
    _check(panel)
    cells = panel[(panel["region"] != ALL).to_numpy()]
    counted = cells["expected"].notna()
    cells = cells.assign(week=_period_start(cells["night"], "W"), counted=counted)
    numbers = ["lower", "expected", "upper"]
    cells[numbers] = cells[numbers].where(counted)
    groups = cells.groupby(["week", "region"], sort=True)
    sums = groups[numbers].sum(min_count=1)
    # An upper bound that is unknown for one counted night is unknown for the week.
    unknown = groups.agg(unknown=("upper", lambda upper: upper.isna().sum()), n=("counted", "sum"))
    nights = groups.size()
    sums["upper"] = sums["upper"].where(unknown["unknown"] == nights - unknown["n"])
    sums.insert(0, "nights", nights)
    sums.insert(1, "nights_counted", unknown["n"].astype("int64"))
    return sums.reset_index()


def night_by_bulletin(claims: pd.DataFrame, panel: pd.DataFrame, night: str) -> pd.DataFrame:
    """Tell which bulletin claims how many where, for one night.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``; the versions that count are selected here.
    panel : pd.DataFrame
        Built from those claims; it says which bulletins belong to the night.
    night : str
        The date of the morning, as 2025-11-01.

    Returns
    -------
    pd.DataFrame
        One row per bulletin and region, or regions named together: ``window_start, window_end``
        (Moscow time), ``bulletin_id``, ``regions`` (slugs joined by "|", "" for what no region
        accounts for), ``name`` and ``count``. Sorted by window, then largest first. Whole
        bulletins: one that reaches beyond the night is not cut at its edge.

    Raises
    ------
    PanelError
        If the night is not in the panel.
    """
    _check(panel)
    label = read_night("night", night, PanelError)
    row = panel[(panel["region"] == ALL).to_numpy() & (panel["night"] == label)]
    if row.empty:
        raise PanelError(
            f"The panel has no night {night}; it runs from {panel['night'].min():%Y-%m-%d} "
            f"to {panel['night'].max():%Y-%m-%d}.",
            "Choose one of its nights.",
        )
    identities = row["bulletins"].iloc[0].split()
    chosen, _ = scope_claims(claims, Scope())
    chosen = chosen[chosen["bulletin_id"].isin(identities).to_numpy()]
    parts = chosen[chosen["relation"].isin(["single", "each", "joint"]).to_numpy()]
    keys = ["window_start", "window_end", "bulletin_id"]
    placed = parts.groupby([*keys, "regions"], dropna=False)["count"].sum().reset_index()
    whole = chosen[(chosen["relation"] == "total").to_numpy()].groupby(keys, dropna=False)["count"]
    left = whole.sum().sub(placed.groupby(keys, dropna=False)["count"].sum(), fill_value=0)
    rest = left[left > 0].astype("int64").rename("count").reset_index().assign(regions="")
    table: pd.DataFrame = pd.concat([placed, rest], ignore_index=True)
    table["name"] = region_names(table["regions"])
    for edge in ("window_start", "window_end"):
        table[edge] = table[edge].dt.tz_convert("Europe/Moscow").dt.tz_localize(None)
    table = table.sort_values([*keys, "count", "regions"], ascending=[True] * 3 + [False, True])
    return table[[*keys, "regions", "name", "count"]].reset_index(drop=True)


def region_names(slugs: pd.Series) -> pd.Series:
    """Name regions in short English; joint ones together, "" as not attributed.

    Examples
    --------
    >>> region_names(pd.Series(["kursk", "bryansk|kursk", ""])).tolist()
    ['Kursk', 'Bryansk and Kursk together', 'not attributed to a region']
    """
    return slugs.map(_name).astype("str")


def _name(slugs: str) -> str:
    """Name one region or several joined ones."""
    if not slugs:
        return "not attributed to a region"
    names = [_short_name(slug) for slug in slugs.split(JOIN)]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]} together"


def _short_name(slug: str) -> str:
    """Name a region as the papers do: Tula, Crimea, but Moscow Oblast beside Moscow (city)."""
    units = regions()
    if slug not in units:
        return slug
    name = units[slug].name_en
    for prefix in ("Autonomous Republic of ", "Republic of "):
        name = name.removeprefix(prefix)
    short = name.removesuffix(" Oblast")
    has_city = any(unit.name_en == f"{short} (city)" for unit in units.values())
    return name if has_city else short


def _describe_groups(cells: pd.DataFrame, by: pd.Series, whole: float) -> pd.DataFrame:
    """Describe each group of nights; ``whole`` is what shares are taken of."""
    cells = cells.sort_values("night", kind="stable")
    groups = cells.groupby(by.reindex(cells.index), sort=True)
    rows = [{by.name: key} | _describe(group, whole) for key, group in groups]
    table = pd.DataFrame(rows, columns=[by.name, *DESCRIPTION])
    whole_numbers = ["nights", *STATES, "nights_counted", "lower", "upper", "longest_run"]
    return table.astype(dict.fromkeys(whole_numbers, "Int64"))


def _describe(group: pd.DataFrame, whole: float) -> dict[str, Any]:
    """Describe the nights of one region or period, given in order."""
    states = group["state"].value_counts()
    counted = group[group["expected"].notna().to_numpy()]
    claims = counted["expected"].to_numpy(dtype=float)
    certain = group["night"][(group["lower"].fillna(0) > 0).to_numpy()]
    row: dict[str, Any] = {"nights": len(group), "nights_counted": len(claims)}
    row |= {state: int(states.get(state, 0)) for state in STATES}
    row |= {
        "lower": counted["lower"].sum(),
        "expected": float(claims.sum()),
        "upper": counted["upper"].sum(skipna=False) if len(claims) else 0,
        "share": float(claims.sum() / whole) if whole > 0 else np.nan,
        "longest_run": _longest_run(certain),
        "first_night": certain.min(),
        "last_night": certain.max(),
        "record_night": pd.NaT,
    }
    if not len(claims):
        return row
    mean = float(claims.mean())
    row |= {"mean": mean, "median": float(np.median(claims)), "zero_share": np.mean(claims == 0)}
    if mean > 0:
        top = int(claims.argmax())
        row |= {"record": float(claims[top]), "record_night": counted["night"].iloc[top]}
    if mean > 0 and len(claims) > 1:
        variance = float(claims.var(ddof=1))
        row["variance_to_mean"] = variance / mean
        row["dispersion"] = max(0.0, (variance - mean) / mean**2)
    return row


def _longest_run(nights: pd.Series) -> int:
    """Count the longest row of successive nights among sorted ones."""
    if nights.empty:
        return 0
    days = nights.to_numpy().astype("datetime64[D]").astype("int64")
    breaks = np.flatnonzero(np.diff(days) != 1)
    return int(np.diff(np.concatenate([[-1], breaks, [len(days) - 1]])).max())


def _period_start(nights: pd.Series, freq: str) -> pd.Series:
    """First day of the week (Monday), month or year of each night."""
    days_into = {
        "W": nights.dt.day_of_week,
        "MS": nights.dt.day - 1,
        "YS": nights.dt.day_of_year - 1,
    }
    if freq not in days_into:
        raise PanelError(
            f"freq is {freq!r}.", 'Choose "W" (weeks), "MS" (months), "YS" (years) or None.'
        )
    days_in = days_into[freq]
    start: pd.Series = nights - pd.to_timedelta(days_in, unit="D")
    return start


def _check(panel: pd.DataFrame) -> None:
    """Refuse frames that are no panel, or several panels on top of one another."""
    absent = [name for name in PANEL_COLUMNS if name not in panel.columns]
    if absent:
        raise PanelError(
            f"The frame lacks the panel's columns {', '.join(absent[:5])}.",
            "Give a frame as returned by build_panel.",
        )
    draws = len(panel["draw"].unique()) if "draw" in panel.columns else 1
    if draws > 1:
        raise PanelError(
            f"The panel holds {draws} draws.",
            "Summarise one of them, e.g. panel[panel.draw == 0].",
        )
