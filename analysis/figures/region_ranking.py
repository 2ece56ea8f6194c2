"""Regions ranked by claims, with bounds and shares."""

from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.figures.region_rows import claimed_regions, only_in_table, rows_height
from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import number
from analysis.plotting import BOUNDED, EXACT, dress_rows, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Claimed regions, ranked: totals, bounds, shares, nights counted and nights by state."""
    columns = ["name", "lower", "expected", "upper", "share", "nights_counted", "exact", "bounded"]
    return claimed_regions(inputs.regions, columns, "expected")


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Dots for expected totals, bars for bounds, shares written at the right; log scale."""
    shown = table.head(options.rows)
    fig = new_figure(
        8,
        1.7 + rows_height(shown),
        "Drones claimed shot down since the record begins, by region",
        SOURCE,
        f"Dot: expected total; bar: {_bar_shows(shown)}; right: share of all claims",
    )
    ax = fig.add_subplot()
    places = range(len(shown))
    ax.hlines(
        places,
        shown["lower"].astype(float).clip(lower=0.5),
        shown["upper"].astype("Float64").fillna(shown["expected"]).astype(float),
        color=BOUNDED,
        linewidth=5,
        alpha=0.55,
    )
    ax.plot(shown["expected"], places, "o", color=EXACT, markersize=5, linestyle="none")
    dress_rows(
        ax, shown["region"], [f"{100 * share:.1f} %" for share in shown["share"]], head="share"
    )
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: number(value))
    ax.set_xlabel("Claimed interceptions of drones (log scale)")
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    top = table.iloc[0]
    return (
        f"Drones that the Russian Ministry of Defence says were shot down over each region at "
        f"night. First is {top['region']} with {number(round(top['expected']))} "
        f"({100 * top['share']:.1f} % of all; bounds {number(top['lower'])} to "
        f"{_known(top['upper'])}). Bars add up each night's bounds as if every list given "
        f"jointly, cut or withheld had gone for or against the region, so they are certain and "
        f"wide; dots share such counts out by expectation.{_open_ends(table, options)}"
        f"{only_in_table(table, options, 'fewer claims')}"
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    shown = table.head(min(options.rows, 10))
    listed = ", ".join(
        f"{name} {number(round(total))}"
        for name, total in zip(shown["region"], shown["expected"], strict=True)
    )
    return f"Ranking of regions by claimed interceptions, dots with bars for bounds: {listed}."


def _bar_shows(shown: pd.DataFrame) -> str:
    """What a bar is, in the subtitle: where nothing bounds a total from above, it has one end."""
    if shown["upper"].isna().all():
        return "down to what is certain (nothing bounds totals from above)"
    return "what the published words allow"


def _open_ends(table: pd.DataFrame, options: FigureOptions) -> str:
    """Say that bars stop at the dot where nothing bounds the total from above."""
    endless = int(table.head(options.rows)["upper"].isna().sum())
    if not endless:
        return ""
    return (
        f" {number(endless)} of the bars end at the dot: on silent nights nothing published bounds "
        f"what was claimed from above."
    )


def _known(upper: float) -> str:
    """Write an upper bound that may be unknown."""
    return "unknown" if pd.isna(upper) else number(upper)


SPEC: Final = FigureSpec("region_ranking", "Regions ranked", table, draw, describe, alt)
