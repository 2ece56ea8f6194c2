"""Rate ratios between regions: each against a reference, or all pairs."""

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.comparison.inputs import FEWEST_NIGHTS, Per, comparable, exposures
from analysis.comparison.ratios import RatioFit, Series, fit_ratios
from analysis.errors import ComparisonError
from analysis.inference.multiplicity import benjamini_hochberg, holm
from analysis.inference.nb2 import Floats
from analysis.panel import PanelArrays
from analysis.summary import region_names

Law = Literal["nb2", "poisson"]

#: Stands in the column ``reference`` where each region is compared with all others together.
OTHERS: Final = "others"
#: Measured by tests/studies/ratio_coverage.py, to which tests hold it.
MEASURED_RATIOS: Final = (
    "In simulations with swarms (NB2 alpha 2.5 to 15), noise that regions share and a memory of "
    "nights of up to phi = 0.6, the 95 % interval covered the true ratio in 93.2 to 95.5 % of "
    "runs of 200 and 600 nights, in 89.7 to 94.3 % of 60 nights and in 85.9 to 93.5 % of 30; for "
    "regions with one claim in twenty nights in 93.9 to 98.8 %; between two periods in 94.3 to "
    "97.3 %; with three nights in ten allocated in 95.4 to 98.1 %. The Poisson law covered 24.0 "
    "to 93.2 %."
)


def compare_regions(
    panel: pd.DataFrame,
    reference: str | None = None,
    *,
    per: Per = None,
    law: Law = "nb2",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare each region's rate of claims with a reference region's, or with all others'.

    Parameters
    ----------
    panel : pd.DataFrame
        As `build_panel` returns it. With draws (``allocate="draws"``) intervals also hold the
        uncertainty of allocation; without, they hold sampling alone, and ``share_exact`` says how
        much of a region's number is certain.
    reference : str, optional
        Slug of a region; None compares each region with all the others together.
    per : {"capita", "area"}, mapping or Series, optional
        Rates per million residents or 10,000 km2 (gazetteer), or per exposure by slug. None
        compares claims per night.
    law : {"nb2", "poisson"}
        ``"nb2"``: overdispersed nights that remember one another. ``"poisson"``: every drone an
        independent event, which gives the exact conditional interval and is far too narrow for
        drones that come in swarms.
    level : float
        Of the intervals.

    Returns
    -------
    pd.DataFrame
        One row per region but the reference, the highest ratio first:

        - ``region, name, reference``;
        - ``claims, reference_claims``: expected claims over the counted ``nights``, means of the
          draws; ``rate, reference_rate``: per night (and exposure);
        - ``ratio, lower, upper, level``: of the rates; ``std_error`` of its logarithm;
        - ``p_value`` of ratio 1, two-sided, and ``p_holm``, `p_bh`` over the rows;
        - ``least, most``: the ratio if every open count had gone against the region, or for it,
          whatever the shares; NaN where a bound is unknown;
        - ``share_exact``: share of the region's claims in exact cells; ``allocation_share``: share
          of the variance that lies between draws (NaN without draws).

        A region without exposure has NaN. Nights without a number are left out.

    Raises
    ------
    PanelError, ComparisonError
        If the frame is no panel or has fewer than 30 counted nights or two regions, the reference
        is not in it, has no exposure or no claim, fewer than two regions have an exposure,
        nothing is claimed, or an option is unknown.

    Notes
    -----
    The ratio of mean counts is the maximum-likelihood estimate under NB2 with a level and a
    dispersion for each region. Its variance is the AR(1)-prewhitened Bartlett variance of the two
    series' influences night by night, so what both share drops out; it stands in the exact
    conditional interval as so many Poisson events (`analysis.comparison.conditional`), which is
    the exact one where the counts are Poisson. The estimand is the ratio of expected claims over
    these nights, of claims as published: it is no ratio of attacks.

    Measured (tests/studies/ratio_coverage.csv; latent AR(1) phi 0, 0.3 and 0.6): the 95 % interval
    covers the truth in 93.2 to 95.5 % of runs of 200 and 600 nights, in 89.7 to 94.3 % of 60 and
    in 85.9 to 93.5 % of 30 nights (the lowest at phi = 0.6; the record has 0 to 0.25); for regions
    with one claim in twenty nights in 93.9 to 98.8 %; with three nights in ten allocated in 95.4
    to 98.1 %. ``law="poisson"`` covers 24.0 to 93.2 %.
    """
    arrays = _comparable(panel, None, law, level)
    exposure = exposures(arrays.regions, per)
    if reference is None:
        return _against_others(arrays, exposure, law, level)
    where = _place(reference, arrays, exposure)
    others = np.array([i for i in range(len(arrays.regions)) if i != where])
    below = np.full(len(others), where)
    fit = fit_ratios(Series(arrays.counts, exposure), others, below, poisson=law == "poisson")
    return _sorted(_ratio_table(arrays, fit, arrays.bounds, level))


def compare_pairs(
    panel: pd.DataFrame,
    regions: Sequence[str] | None = None,
    *,
    per: Per = None,
    law: Law = "nb2",
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare every region with every other one.

    Parameters
    ----------
    panel, per, law, level
        As for `compare_regions`.
    regions : sequence of str, optional
        Slugs of the regions to compare; all of them by default.

    Returns
    -------
    pd.DataFrame
        The columns of `compare_regions`, one row for each ordered pair, sorted by ``region`` and
        ``reference``. ``p_holm`` and ``p_bh`` count each pair once. Spread it out with
        ``table.pivot_table(index="region", columns="reference", values="ratio")``.

    Raises
    ------
    PanelError, ComparisonError
        As `compare_regions`.
    """
    arrays = _comparable(panel, regions, law, level)
    exposure = exposures(arrays.regions, per)
    size = len(arrays.regions)
    above, below = (side.ravel() for side in np.indices((size, size)))
    above, below = above[above != below], below[above != below]
    fit = fit_ratios(Series(arrays.counts, exposure), above, below, poisson=law == "poisson")
    table = _ratio_table(arrays, fit, arrays.bounds, level)
    once = above < below
    mirror = np.lexsort((above, below))  # the row of the same pair turned round
    for name, adjust in (("p_holm", holm), ("p_bh", benjamini_hochberg)):
        adjusted = adjust(np.where(once, table["p_value"], np.nan))
        table[name] = np.where(once, adjusted, adjusted[mirror])
    return table


def ratio_columns(fit: RatioFit, level: float) -> dict[str, Floats | float]:
    """What every table of ratios holds of its fit, by column."""
    rate = fit.claims / fit.scale
    lower, upper = fit.intervals(level)
    return {
        "rate": rate[fit.above],
        "reference_rate": rate[fit.below],
        "ratio": fit.ratio,
        "lower": lower,
        "upper": upper,
        "level": level,
        "std_error": fit.std_error,
        "p_value": fit.p_values(),
    }


def bound_ratios(least: Floats, most: Floats, fit: RatioFit) -> dict[str, Floats]:
    """Ratios that the bounds of the sums allow; NaN where one is unknown.

    ``least`` and ``most``, shape (k,), are the bounds of the k sums of claims.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low = least[fit.above] / most[fit.below]
        high = most[fit.above] / least[fit.below]
        unit = fit.scale[fit.below] / fit.scale[fit.above]
    low, high = (
        np.where(np.isinf(most[fit.below]), np.nan, low),
        np.where(np.isinf(high), np.nan, high),
    )
    return {"least": low * unit, "most": high * unit}


def _comparable(
    panel: pd.DataFrame, regions: Sequence[str] | None, law: str, level: float
) -> PanelArrays:
    """The same for rate ratios, of which the Poisson law needs no more than a night."""
    if law not in ("nb2", "poisson"):
        raise ComparisonError(f"law is {law!r}.", 'Choose "nb2" or "poisson".')
    fewest = 1 if law == "poisson" else FEWEST_NIGHTS
    return comparable(panel, level, regions=regions, fewest=fewest)


def _place(reference: str, arrays: PanelArrays, exposure: Floats) -> int:
    """Where the reference stands; it must be something to compare with."""
    if reference not in arrays.regions:
        raise ComparisonError(
            f"The reference {reference!r} is no region of this panel.",
            f"Choose one of {', '.join(arrays.regions[:5])} and the others.",
        )
    where = arrays.regions.index(reference)
    if np.isnan(exposure[where]):
        raise ComparisonError(
            f"The reference {reference} has no exposure.",
            "Choose a region that has one, or give exposures by region, as "
            f"per={{'{reference}': 1.5, ...}}.",
        )
    if not np.nansum(arrays.counts[:, :, where]) > 0:
        raise ComparisonError(
            f"The reference {reference} has no claim in these nights.",
            "Choose another region, or a longer period.",
        )
    return where


def _against_others(arrays: PanelArrays, exposure: Floats, law: Law, level: float) -> pd.DataFrame:
    """Each region against the sum of all others that have an exposure."""
    size = len(arrays.regions)
    known = ~np.isnan(exposure)
    other = ~np.eye(size, dtype=bool) & known
    sum_of_others = other.T.astype(np.float64)
    counts = np.concatenate([arrays.counts, arrays.counts @ sum_of_others], axis=2)
    scale = np.concatenate([exposure, np.nan_to_num(exposure) @ sum_of_others])
    place = np.arange(size)
    fit = fit_ratios(Series(counts, scale), place, size + place, poisson=law == "poisson")
    least, most = arrays.bounds
    least = np.concatenate([least, np.where(other, least, 0.0).sum(axis=1)])
    most = np.concatenate([most, np.where(other, most, 0.0).sum(axis=1)])
    return _sorted(_ratio_table(arrays, fit, (least, most), level).assign(reference=OTHERS))


def _ratio_table(
    arrays: PanelArrays, fit: RatioFit, bounds: tuple[Floats, Floats], level: float
) -> pd.DataFrame:
    """One row per ratio, without adjusted p-values."""
    regions = pd.array(np.array(arrays.regions, dtype=object), dtype="str")
    above = fit.above
    return pd.DataFrame(
        {
            "region": regions[above],
            "name": region_names(pd.Series(regions[above])),
            "reference": regions[fit.below % len(regions)],
            "claims": fit.claims[above],
            "reference_claims": fit.claims[fit.below],
            "nights": int(arrays.seen.sum()),
            **ratio_columns(fit, level),
            "p_holm": np.nan,
            "p_bh": np.nan,
            **bound_ratios(*bounds, fit),
            "share_exact": arrays.share_exact[above],
            "allocation_share": fit.allocation_share if arrays.has_draws else np.nan,
        }
    )


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Adjust the p-values of all rows and put the highest ratio first."""
    p_values = table["p_value"].to_numpy()
    table = table.assign(p_holm=holm(p_values), p_bh=benjamini_hochberg(p_values))
    return table.sort_values(["ratio", "region"], ascending=[False, True], ignore_index=True)
