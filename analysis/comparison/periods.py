"""Rate ratios of the same region between two periods."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.inputs import FEWEST_NIGHTS
from analysis.comparison.ratios import Series, fit_ratios
from analysis.comparison.regions import Law, bound_ratios, ratio_columns
from analysis.errors import ComparisonError
from analysis.inference.multiplicity import benjamini_hochberg, holm
from analysis.inference.nb2 import Floats
from analysis.night_labels import read_night
from analysis.panel import PanelArrays, check_panel, panel_arrays, share_exact
from analysis.summary import region_names
from analysis.vocabulary import ALL

Period = tuple[str | pd.Timestamp, str | pd.Timestamp]


def compare_periods(
    panel: pd.DataFrame,
    first: Period,
    second: Period,
    *,
    regions: Sequence[str] | None = None,
    law: Law = "nb2",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each region's claims per night between two periods.

    Parameters
    ----------
    panel, law, level
        As for `compare_regions`.
    first, second : pair of dates
        First and last night of each; they may not overlap.
    regions : sequence of str, optional
        Slugs; by default all regions of the panel and the total, if it has the rows ``all``.

    Returns
    -------
    pd.DataFrame
        One row per region, the most claimed first, and ``all`` above them: the columns of
        `compare_regions` with ``first_claims, second_claims, first_nights, second_nights,
        first_rate, second_rate`` in place of those of the reference. ``ratio`` is the second
        period's rate over the first's. ``p_holm`` and ``p_bh`` are over the regions; ``all`` is
        not one of them.

    Raises
    ------
    PanelError, ComparisonError
        If a period is none, lies outside the panel, overlaps the other or has fewer than 30
        counted nights; nothing is claimed; or an option is unknown.

    Notes
    -----
    As in `compare_regions`; growth within a period counts as noise here, which widens intervals:
    for growth itself use `fit_trend`. The 95 % interval covers the truth in 94.3 to 97.3 % of
    simulated runs (tests/studies/ratio_coverage.csv).
    """
    if not 0 < level < 1 or law not in ("nb2", "poisson"):
        raise ComparisonError(
            f"The level is {level!r}, the law {law!r}.",
            'Give a level between 0 and 1, and "nb2" or "poisson".',
        )
    if regions is None:
        check_panel(panel)
        regions = sorted(set(panel["region"]))
    arrays = panel_arrays(panel, regions).on_seen_nights()
    fewest = 1 if law == "poisson" else FEWEST_NIGHTS
    halves = [
        _within(arrays, period, name, fewest)
        for period, name in ((first, "first"), (second, "second"))
    ]
    if (halves[0] & halves[1]).any():
        raise ComparisonError("The two periods overlap.", "Let one end before the other begins.")
    if not np.nansum(arrays.counts[:, halves[0] | halves[1]]) > 0:
        raise ComparisonError("Nothing is claimed in either period.", "Choose other periods.")
    return _table(arrays, halves, law, level)


def _within(arrays: PanelArrays, period: Period, name: str, fewest: int) -> np.ndarray:
    """Nights of a period, shape (N,)."""
    since, until = (read_night(f"the {name} period", edge, ComparisonError) for edge in period)
    inside: np.ndarray = (arrays.nights >= since.to_datetime64()) & (
        arrays.nights <= until.to_datetime64()
    )
    counted = int((inside & arrays.seen).sum())
    if counted < fewest:
        raise ComparisonError(
            f"The {name} period, {since:%Y-%m-%d} to {until:%Y-%m-%d}, has {counted} nights with "
            f"numbers; a comparison needs {fewest}.",
            f"Choose it longer, or within {arrays.nights[0]} to {arrays.nights[-1]}.",
        )
    return inside


def _table(arrays: PanelArrays, halves: list[np.ndarray], law: Law, level: float) -> pd.DataFrame:
    """Second period over first, one row per region."""
    size = len(arrays.regions)

    def parted(values: Floats) -> Floats:
        parts = [np.where(half[:, np.newaxis], values, np.nan) for half in halves]
        return np.concatenate(parts, axis=-1)

    series = Series(parted(arrays.counts), np.ones(2 * size))
    place = np.arange(size)
    fit = fit_ratios(series, size + place, place, poisson=law == "poisson")
    numbers = ratio_columns(fit, level)
    slugs = pd.Series(arrays.regions, dtype="str")
    either = halves[0] | halves[1]
    least, most = (np.nansum(parted(side), axis=0) for side in (arrays.lower, arrays.upper))
    table = pd.DataFrame(
        {
            "region": slugs,
            "name": region_names(slugs).where(slugs != ALL, "all regions"),
            "first_claims": fit.claims[:size],
            "second_claims": fit.claims[size:],
            "first_nights": series.nights[:size].astype(np.int64),
            "second_nights": series.nights[size:].astype(np.int64),
            "first_rate": numbers.pop("reference_rate"),
            "second_rate": numbers.pop("rate"),
            **numbers,
            **dict.fromkeys(("p_holm", "p_bh"), np.nan),
            **bound_ratios(least, most, fit),
            "share_exact": share_exact(arrays.expected[either], arrays.exact[either]),
            "allocation_share": fit.allocation_share if arrays.has_draws else np.nan,
        }
    )
    own = np.where(slugs == ALL, np.nan, table["p_value"])
    table = table.assign(p_holm=holm(own), p_bh=benjamini_hochberg(own))
    most = np.lexsort((slugs, -fit.claims[:size] - fit.claims[size:], slugs != ALL))
    return table.iloc[most].reset_index(drop=True)
