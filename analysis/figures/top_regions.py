"""The most claimed regions over time, one small panel each."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import number
from analysis.plotting import BOUNDED, EXACT, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS: Final = 3


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Weeks of the top regions: ``region, total, week, lower, expected, upper``."""
    claimed = inputs.regions[(inputs.regions["expected"] > 0).to_numpy()]
    shown = claimed.head(inputs.options.panels)
    rank = {slug: place for place, slug in enumerate(shown["region"])}
    weeks = inputs.weeks[inputs.weeks["region"].isin(list(rank)).to_numpy()]
    weeks = weeks.merge(
        shown[["region", "name", "expected"]].rename(columns={"expected": "total"}), on="region"
    )
    weeks = weeks.assign(rank=weeks["region"].map(rank)).sort_values(["rank", "week"])
    columns = ["name", "total", "week", "nights_counted", "lower", "expected", "upper"]
    return weeks[columns].rename(columns={"name": "region"}).reset_index(drop=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Weekly claims as steps, bounds as a band; each panel has its own scale."""
    del options
    regions = table["region"].unique()
    rows = int(np.ceil(len(regions) / COLUMNS))
    fig = new_figure(
        10,
        1.2 + 1.75 * rows,
        f"The {len(regions)} regions with most claims, week by week",
        SOURCE,
        "Claimed interceptions of drones per week; shaded: from lower to upper bound; "
        "scales differ",
    )
    axes = fig.subplots(rows, COLUMNS, sharex=True, squeeze=False).ravel()
    for ax, region in zip(axes, regions, strict=False):
        _draw_region(ax, table[(table["region"] == region).to_numpy()])
    for ax in axes[len(regions) :]:
        ax.set_visible(False)
    for place, ax in enumerate(axes[: len(regions)]):
        if place % COLUMNS == 0:
            ax.set_ylabel("Claimed per week")
        if place + COLUMNS >= len(regions):
            ax.tick_params(axis="x", labelbottom=True)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    top = table.iloc[0]
    return (
        f"Drones that the Russian Ministry of Defence says were shot down per week over each of "
        f"the {len(table['region'].unique())} regions with most claims, {top['region']} first "
        f"({number(top['total'])} in all). Lines: expected numbers; shaded: between the lower and "
        f"the upper bound that lists given jointly, cut or withheld leave open. Weeks without any "
        f"number are gaps. Each panel has its own scale."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    totals = table.drop_duplicates("region")
    listed = ", ".join(
        f"{name} {number(round(total))}"
        for name, total in zip(totals["region"], totals["total"], strict=True)
    )
    return f"Small panels of weekly claims over time; totals: {listed}."


def _draw_region(ax: "Axes", weeks: pd.DataFrame) -> None:
    """One panel."""
    from matplotlib.dates import YearLocator

    upper = weeks["upper"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    lower = weeks["lower"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    ax.fill_between(
        weeks["week"], lower, upper, step="post", color=BOUNDED, alpha=0.45, linewidth=0
    )
    ax.step(weeks["week"], weeks["expected"], where="post", color=EXACT, linewidth=1.0)
    name, total = weeks["region"].iloc[0], weeks["total"].iloc[0]
    ax.set_title(f"{name}: {number(round(total))} in all", weight="bold")
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(YearLocator())
    ax.grid(axis="y")


SPEC: Final = FigureSpec(
    "top_regions", "The regions with most claims, week by week", table, draw, describe, alt
)
