"""What a comparison starts from: nights that count, and what claims are measured by."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from analysis.accounting.nights import Bools
from analysis.errors import ComparisonError
from analysis.inference.nb2 import Floats
from analysis.panel import PanelArrays, panel_arrays
from analysis.regions import regions as units

Per = Literal["capita", "area"] | Mapping[str, float] | pd.Series | None

#: Long-run variances of fewer nights are worth nothing.
FEWEST_NIGHTS: Final = 30
#: Rates per capita and per area are claims a night in so many residents or square kilometres.
RESIDENTS: Final = 1e6
KM2: Final = 1e4


def comparable(
    panel: pd.DataFrame,
    level: float = 0.95,
    *,
    regions: Sequence[str] | None = None,
    fewest: int = FEWEST_NIGHTS,
) -> PanelArrays:
    """Lay out the nights that count for every region, or say why nothing can be compared.

    Raises
    ------
    PanelError, ComparisonError
        If the frame is no panel or holds fewer than two regions or than ``fewest`` nights with
        numbers, all of them are zero, or the level is none.
    """
    if not 0 < level < 1:
        raise ComparisonError(f"The level is {level!r}.", "Give a number between 0 and 1, as 0.95.")
    arrays = panel_arrays(panel, regions)
    if len(arrays.regions) < 2:
        raise ComparisonError(
            f"The panel holds one region, {arrays.regions[0]}.", "Give a panel of two or more."
        )
    counted = int(arrays.seen.sum())
    if counted < fewest:
        raise ComparisonError(
            f"A comparison needs {fewest} nights with numbers, the panel has {counted}.",
            "Choose a longer period.",
        )
    if not np.nansum(arrays.counts) > 0:
        raise ComparisonError(
            f"All {counted} nights with numbers are zero in every region.",
            "Choose a period with claims.",
        )
    return arrays.on_seen_nights()


def exposures(regions: Sequence[str], per: Per) -> Floats:
    """Give each region its exposure, shape (R,); NaN where the gazetteer or the mapping has none.

    Parameters
    ----------
    regions : sequence of str
        R slugs.
    per : {"capita", "area"}, mapping, Series or None
        Millions of residents, tens of thousands of square kilometres, numbers > 0 by slug, or 1.

    Raises
    ------
    ComparisonError
        If ``per`` is another word, an exposure is not above 0, or fewer than two regions have one.

    Examples
    --------
    >>> exposures(["tula", "black_sea", "oryol"], "capita").tolist()
    [1.466025, nan, 0.733682]
    """
    if per is None:
        return np.ones(len(regions))
    if isinstance(per, Mapping | pd.Series):
        found = np.array([float(per.get(slug, np.nan)) for slug in regions])
    elif per in ("capita", "area"):
        found = np.array([_of_gazetteer(slug, per) for slug in regions])
    else:
        raise ComparisonError(
            f"per is {per!r}.", 'Choose "capita", "area", None, or give an exposure by region.'
        )
    wrong = [
        slug for slug, value in zip(regions, found, strict=True) if value <= 0 or value == np.inf
    ]
    if wrong:
        raise ComparisonError(
            f"The exposure of {', '.join(wrong[:5])} is not a finite number above 0.",
            "Correct it, or leave the region out of the mapping.",
        )
    known = [slug for slug, value in zip(regions, found, strict=True) if not np.isnan(value)]
    if len(known) < 2:
        raise ComparisonError(
            f"Of the regions of the panel {' and '.join(known) or 'none'} has an exposure, a "
            "comparison needs two.",
            "Key the mapping by their slugs.",
        )
    return found


def require_claims(arrays: PanelArrays, known: Bools) -> None:
    """Raise ComparisonError where the regions with an exposure, shape (R,), have no claim."""
    if not np.nansum(arrays.counts[:, :, known]) > 0:
        raise ComparisonError(
            "The regions that have an exposure have no claim in these nights.",
            "Give others an exposure too, or choose a longer period.",
        )


def _of_gazetteer(slug: str, per: str) -> float:
    """Exposure of one unit; NaN for strangers and for units without residents."""
    unit = units().get(slug)
    if unit is None:
        return np.nan
    if per == "area":
        return unit.area_km2 / KM2
    return unit.population / RESIDENTS if unit.population else np.nan
