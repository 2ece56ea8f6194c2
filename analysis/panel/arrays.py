"""A panel as arrays: draws x nights x regions, for the statistics above."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.accounting.nights import Bools, Floats
from analysis.errors import PanelError
from analysis.panel.selection import select_panel
from analysis.vocabulary import ALL, PANEL_COLUMNS


@dataclass(frozen=True, slots=True, eq=False)
class PanelArrays:
    """D draws (1 without a column ``draw``) of N successive nights of R regions.

    Attributes
    ----------
    nights : NDArray[np.datetime64]
        Shape (N,), every calendar night from the panel's first to its last.
    regions : tuple of str
        R slugs, sorted.
    counts : Floats
        Shape (D, N, R): expected or drawn claims; NaN where the panel has no number.
    lower, upper : Floats
        Shape (N, R): bounds; ``upper`` infinite where it is unknown. NaN where no number is.
    exact : Bools
        Shape (N, R): cells whose number is certain.
    """

    nights: NDArray[np.datetime64]
    regions: tuple[str, ...]
    counts: Floats
    lower: Floats
    upper: Floats
    exact: Bools

    @property
    def seen(self) -> Bools:
        """Shape (N,): nights on which every region has a number."""
        seen: Bools = ~np.isnan(self.counts[0]).any(axis=1)
        return seen

    @property
    def has_draws(self) -> bool:
        """Whether there are several draws: one says nothing about allocation."""
        return len(self.counts) > 1

    @property
    def expected(self) -> Floats:
        """Shape (N, R): counts, averaged over draws."""
        mean: Floats = self.counts.mean(axis=0)
        return mean

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Shape (R,) each: sums of lower and upper bounds over the nights with numbers."""
        return np.nansum(self.lower, axis=0), np.nansum(self.upper, axis=0)

    def on(self, nights: NDArray[np.datetime64]) -> "PanelArrays":
        """Keep the nights from the first to the last of some."""
        inside = (self.nights >= nights.min()) & (self.nights <= nights.max())
        return replace(
            self,
            nights=self.nights[inside],
            counts=self.counts[:, inside],
            lower=self.lower[inside],
            upper=self.upper[inside],
            exact=self.exact[inside],
        )

    def on_seen_nights(self) -> "PanelArrays":
        """Leave out the numbers of nights on which some region has none."""
        seen = self.seen[:, np.newaxis]
        return replace(
            self,
            counts=np.where(seen, self.counts, np.nan),
            lower=np.where(seen, self.lower, np.nan),
            upper=np.where(seen, self.upper, np.nan),
        )

    @property
    def share_exact(self) -> Floats:
        """Shape (R,): share of each region's claims that lies in exact cells; NaN without any."""
        return share_exact(self.expected, self.exact)


def share_exact(expected: Floats, exact: Bools) -> Floats:
    """Share of claims in exact cells, shape (N, R) -> (R,); NaN where there are no claims."""
    claims = np.nansum(expected, axis=0)
    certain = np.nansum(np.where(exact, expected, 0.0), axis=0)
    share: Floats = np.full(claims.shape, np.nan)
    np.divide(certain, claims, out=share, where=claims > 0)
    return share


def panel_arrays(panel: pd.DataFrame, regions: Sequence[str] | None = None) -> PanelArrays:
    """Lay a panel out as arrays.

    Parameters
    ----------
    panel : pd.DataFrame
        As returned by `build_panel`, with or without draws; the order of rows does not matter.
    regions : sequence of str, optional
        Slugs, or ``all`` for the total; by default every region without it.

    Raises
    ------
    PanelError
        If the frame is no panel, has no night or no region, names a region that it does not
        hold, repeats or lacks cells, or holds negative or infinite numbers.

    Examples
    --------
    >>> night = pd.to_datetime(["2025-03-01", "2025-03-03"])
    >>> panel = pd.DataFrame({"night": night, "region": "tula", "state": "exact",
    ...     "count": [4, 0], "lower": [4, 0], "upper": [4, 0], "expected": [4.0, 0.0],
    ...     "coverage": 1.0, "provisional": False, "bulletins": ""})
    >>> panel_arrays(panel).counts[0, :, 0]
    array([ 4., nan,  0.])
    """
    check_panel(panel)
    if regions is None:
        cells = panel[(panel["region"] != ALL).to_numpy()]
    else:
        cells = select_panel(panel, regions=regions)
    if cells.empty:
        held = "only the nights' totals" if len(panel) else "no night"
        raise PanelError(f"The panel holds {held}.", "Give a panel with nights and regions.")
    night = cells["night"].to_numpy().astype("datetime64[D]").astype(np.int64)
    first, size = int(night.min()), int(np.ptp(night)) + 1
    slug, names = pd.factorize(cells["region"], sort=True)
    draw = pd.factorize(cells["draw"], sort=True)[0] if "draw" in cells else np.zeros_like(slug)
    shape = (int(draw.max()) + 1, size, len(names))
    place = np.ravel_multi_index((draw, night - first, slug), shape)
    _require_whole(cells, place, shape)

    def filled(name: str) -> Floats:
        values = np.full(shape, np.nan)
        values.ravel()[place] = cells[name].to_numpy(dtype=float, na_value=np.nan)
        return values

    counts = filled("expected")
    seen = ~np.isnan(counts[0])
    upper = filled("upper")[0]
    exact = np.zeros(shape, dtype=bool)
    exact.ravel()[place] = (cells["state"] == "exact").to_numpy()
    return PanelArrays(
        nights=np.arange(first, first + size).astype("datetime64[D]"),
        regions=tuple(names),
        counts=counts,
        lower=np.where(seen, filled("lower")[0], np.nan),
        upper=np.where(seen, np.where(np.isnan(upper), np.inf, upper), np.nan),
        exact=exact[0],
    )


def check_panel(panel: pd.DataFrame) -> None:
    """Raise PanelError if columns of a panel are missing."""
    missing = [name for name in PANEL_COLUMNS if name not in panel.columns]
    if missing:
        raise PanelError(
            f"The frame lacks the panel's columns {', '.join(missing[:5])}.",
            "Give a frame as returned by build_panel.",
        )


def count_draws(panel: pd.DataFrame) -> int:
    """How many draws a panel holds; 1 without a column ``draw``."""
    return panel["draw"].nunique() if "draw" in panel.columns else 1


def _require_whole(cells: pd.DataFrame, place: NDArray[np.int64], shape: tuple[int, ...]) -> None:
    """Refuse cells that stand twice, numbers that are no counts, and draws unlike one another."""
    if np.bincount(place).max() > 1:  # np.unique would take ten times as long
        twice = cells[pd.Series(place).duplicated().to_numpy()].iloc[0]
        raise PanelError(
            f"The night {twice['night']:%Y-%m-%d} of {twice['region']} stands in the panel twice.",
            "Give each night, region and draw once.",
        )
    expected = cells["expected"].to_numpy(dtype=float, na_value=np.nan)
    wrong = int(((expected < 0) | np.isinf(expected)).sum())
    if wrong:
        raise PanelError(
            f"{wrong} expected numbers of the panel are negative or infinite.",
            "Give a frame as returned by build_panel.",
        )
    known = np.zeros(int(np.prod(shape)), dtype=bool)
    known[place[~np.isnan(expected)]] = True
    by_draw = known.reshape(shape[0], -1)
    if (by_draw != by_draw[0]).any():
        raise PanelError(
            "The draws of the panel do not have their numbers in the same cells.",
            "Give all draws of one build_panel, and the same nights of each.",
        )
