"""Regions by week: where and when claims were made."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import in_words, number
from analysis.plotting import EMPTY, SEQUENTIAL, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


#: Expected numbers below this come from shares in lists that do not name the region.
TRACE: Final = 0.5
TRACE_COLOUR: Final = "#fbf3e4"


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Weeks of the most claimed regions: ``region, week, nights_counted, expected``."""
    claimed = inputs.regions[(inputs.regions["expected"] > 0).to_numpy()]
    shown = claimed.head(inputs.options.rows)[["region", "name"]]
    rank = {slug: place for place, slug in enumerate(shown["region"])}
    weeks = inputs.weeks[inputs.weeks["region"].isin(list(rank)).to_numpy()]
    weeks = weeks.assign(rank=weeks["region"].map(rank)).sort_values(["rank", "week"])
    weeks["region"] = weeks["region"].map(shown.set_index("region")["name"])
    return weeks[["region", "week", "nights_counted", "expected"]].reset_index(drop=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """A heat map on a log scale; white is a week with 0, grey a week without any number."""
    del options
    from matplotlib.colors import ListedColormap, LogNorm
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
    from matplotlib.patches import Patch

    regions = table["region"].unique()
    fig = new_figure(
        10,
        1.9 + 0.2 * max(len(regions), 6),
        "Where and when: drones claimed shot down, by region and week",
        SOURCE,
        "Regions ordered by their total; weeks from Monday to Sunday",
    )
    ax = fig.add_subplot()
    # The table is complete: every region has every week, in order.
    values = table["expected"].to_numpy(dtype=float).reshape(len(regions), -1)
    first, last = (float(date2num(week)) for week in table["week"].iloc[[0, -1]])
    extent = (first, last + 7, len(regions), 0)
    ax.set_facecolor(EMPTY)
    zero = np.where(values == 0, 1.0, np.nan)
    shared: dict[str, Any] = {"aspect": "auto", "interpolation": "nearest", "extent": extent}
    ax.imshow(zero, cmap="gray", vmin=0, vmax=1, **shared)
    top = max(float(np.nanmax(values, initial=1.0)), 10.0)
    ax.imshow(
        np.where((values > 0) & (values < TRACE), 1.0, np.nan),
        cmap=ListedColormap([TRACE_COLOUR]),
        **shared,
    )
    seen = np.where(values >= TRACE, values, np.nan)
    image = ax.imshow(seen, cmap=SEQUENTIAL, norm=LogNorm(TRACE, top), **shared)
    bar = fig.colorbar(image, ax=ax, pad=0.01, aspect=40, fraction=0.03)
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000) if tick <= top]
    bar.set_ticks(ticks, labels=[number(tick) for tick in ticks])
    bar.minorticks_off()
    bar.set_label("Claimed interceptions per week (log scale)")
    bar.outline.set_visible(False)
    ax.set_yticks(np.arange(len(regions)) + 0.5, regions)
    ax.tick_params(axis="y", length=0)
    locator = AutoDateLocator(minticks=4, maxticks=12)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    ax.set_xlabel("Week (its Monday)")
    ax.legend(
        handles=[
            Patch(facecolor="white", edgecolor="#bbbbbb", label="none claimed"),
            Patch(facecolor=TRACE_COLOUR, edgecolor="#bbbbbb", label="incomplete lists only"),
            Patch(facecolor=EMPTY, edgecolor="#bbbbbb", label="no number for any night"),
        ],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=3,
        borderaxespad=0.2,
    )
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    top = table.iloc[int(np.nanargmax(table["expected"].to_numpy()))]
    return (
        f"Drones that the Russian Ministry of Defence says were shot down, by region and week, for "
        f"the {len(table['region'].unique())} regions with most claims. Counts given for several "
        f"regions at once are shared out by expectation. White: none claimed on the nights with a "
        f"number; cream: not named, but lists of that week are incomplete (less than half a drone "
        f"expected); grey: no night of the week has a number. The darkest cell is "
        f"{top['region']} in the week of {in_words(top['week'])}: {number(top['expected'])}."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    names = table["region"].unique()
    return (
        f"Heat map of {len(names)} regions by week; the rows with most claims are "
        f"{', '.join(names[:5])}."
    )


SPEC: Final = FigureSpec("region_weeks", "Regions by week", table, draw, describe, alt)
