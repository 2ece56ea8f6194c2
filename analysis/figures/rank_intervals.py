"""Ranks of regions with the places that the nights do not contradict."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.comparison.ranks import MEASURED_RANKS
from analysis.figures.region_rows import claimed_regions, only_in_table, rows_height
from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import held_by_intervals, in_words
from analysis.plotting import EXACT, dress_rows, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Chances of the first place below this are not written.
HARDLY: Final = 0.005


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Claimed regions by rank, with their confidence sets and chance of the first place."""
    columns = [
        *("name", "claims", "nights", "rate", "rank", "rank_lower", "rank_upper", "p_first"),
        *("level", "block", "share_exact", "first_night", "last_night", "draws"),
    ]
    return claimed_regions(inputs.ranks, columns)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """A bar over the places each region may have, a dot at its own, chances at the right."""
    shown = table.head(options.rows)
    lower, upper = (shown[name].to_numpy(dtype=float) for name in ("rank_lower", "rank_upper"))
    fig = new_figure(
        8,
        1.8 + rows_height(shown),
        "How certain the ranks of regions are",
        SOURCE,
        f"Dot: rank by claims a night; bar: ranks that the nights do not contradict "
        f"({100 * shown['level'].iloc[0]:g} %); right: how often first",
    )
    ax = fig.add_subplot()
    places = np.arange(len(shown))
    ax.hlines(places, lower - 0.35, upper + 0.35, color=EXACT, linewidth=6, alpha=0.4)
    ax.plot(shown["rank"], places, "o", color=EXACT, markersize=5, linestyle="none")
    dress_rows(
        ax,
        shown["region"],
        [
            _chance(share).replace("more than", ">") if share >= HARDLY else ""
            for share in shown["p_first"]
        ],
        head="first",
    )
    ax.set_xlim(0.4, max(upper.max(), 2) + 0.8)
    ax.set_xticks([1, *range(5, int(max(upper.max(), 2)) + 1, 5)])
    ax.set_xlabel("Rank by claimed interceptions a night (1: most)")
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: who is first, how sure that is, how few ranks are certain."""
    top = table.iloc[0]
    certain = int((table["rank_lower"] == table["rank_upper"]).sum())
    return (
        f"Regions ranked by the drones that the Russian Ministry of Defence says were shot down a "
        f"night, over the {top['nights']} nights with numbers from {in_words(top['first_night'])} "
        f"to {in_words(top['last_night'])}. {top['region']} comes first, and does so in "
        f"{_chance(top['p_first'])} of resampled records; the nights do not contradict "
        f"{_places(top)} for it, which is the more careful statement. {_certain(certain)} Bars "
        f"come from a stationary bootstrap over nights in blocks of {top['block']:.1f} on average; "
        f"bars of neighbours overlap even where their order is likely. {held_by_intervals(table)}"
        f"{only_in_table(table, options, 'lower ranks')}"
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    listed = ", ".join(
        f"{row.region} {row.rank_lower} to {row.rank_upper}"
        for row in table.head(min(options.rows, 8)).itertuples()
    )
    return f"Ranks of regions, a dot with a bar of possible ranks for each: {listed}."


def _places(row: pd.Series) -> str:
    """The confidence set of a region in words."""
    if row["rank_lower"] == row["rank_upper"]:
        return f"rank {row['rank_lower']} alone"
    return f"ranks {row['rank_lower']} to {row['rank_upper']}"


def _chance(share: float) -> str:
    """A share of resamples in words; hardly ever is one of them all."""
    return "more than 99 %" if share > 0.99 else f"{100 * share:.0f} %"


def _certain(count: int) -> str:
    """How many regions have one possible rank."""
    if count == 0:
        return "No region's rank is certain."
    return f"Only one rank is possible for {count} region{'' if count == 1 else 's'}."


SPEC: Final = FigureSpec(
    "rank_intervals", "How certain ranks are", table, draw, describe, alt, MEASURED_RANKS
)
