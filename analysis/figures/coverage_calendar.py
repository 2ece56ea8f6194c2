"""A calendar of nights: which are known exactly, within bounds, or not at all."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import MONTHS, number
from analysis.plotting import BOUNDED, EXACT, INK, MUTED, new_figure
from analysis.vocabulary import STATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: A provisional night has the colour of its state, lighter.
COLOURS: Final = {
    "exact": EXACT,
    "bounded": BOUNDED,
    "silent": "#d9d9d9",
    "missing": "#ffffff",
}
WORDS: Final = {
    "exact": "exact",
    "bounded": "within bounds",
    "silent": "no bulletin, but other posts",
    "missing": "no post at all",
}
#: A dot that shows on every colour.
DOT: Final[dict[str, Any]] = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": INK}
#: States of a night with a bulletin.
TOLD: Final = ("exact", "bounded")
DAYS: Final = ("Mon", "", "Wed", "", "Fri", "", "Sun")


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Every night of the record: ``night, state, coverage, provisional``."""
    totals = inputs.panel[(inputs.panel["region"] == "all").to_numpy()]
    return totals[["night", "state", "coverage", "provisional"]].reset_index(drop=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """One row of squares per weekday and one block per year; a dot marks a provisional night."""
    del options
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    years = sorted(table["night"].dt.year.unique())
    fig = new_figure(
        10,
        1.5 + 1.25 * len(years),
        "What is known of each night",
        SOURCE,
        "How surely bulletins tell each night's total; one square a night, dated by its morning",
    )
    axes = fig.subplots(len(years), 1, squeeze=False).ravel()
    for ax, year in zip(axes, years, strict=True):
        _draw_year(ax, table[(table["night"].dt.year == year).to_numpy()], int(year))
    axes[-1].set_xlabel("Weeks from left to right; what is claimed of each night")
    dot = Line2D([], [], linestyle="", markersize=4, label="hours partly covered", **DOT)
    axes[0].legend(
        handles=[
            *(
                Patch(facecolor=COLOURS[state], edgecolor="#bbbbbb", label=WORDS[state])
                for state in STATES
            ),
            dot,
        ],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.02),
        ncols=5,
        handlelength=1.0,
        handleheight=1.0,
    )
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    counts = table["state"].value_counts()
    partly = table["provisional"] & table["state"].isin(TOLD)
    told = "; ".join(f"{WORDS[s]}: {number(counts.get(s, 0))}" for s in STATES)
    shares = "; ".join(f"{year}: {share:.0f} %" for year, share in _told_by_year(table))
    return (
        f"How surely the bulletins on record tell what the Russian Ministry of Defence says were "
        f"shot down in each of {number(len(table))} nights: {told}. With a bulletin, by year: "
        f"{shares}. Exact means that the bulletins leave no doubt about their sum, not that it is "
        f"true, and regions can be open all the same. Within bounds: a bulletin may repeat another "
        f"one, passes an edge of the night, or states no total. A dot marks the "
        f"{number(partly.sum())} nights with a bulletin of which less than 75 % of the hours lie "
        f"inside one: there the record may lack another. A night without a bulletin is no night "
        f"without claims for certain: the ministry posts nothing when it claims nothing, but the "
        f"record can have lost a bulletin, too."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    listed = ", ".join(f"{year} {share:.0f} %" for year, share in _told_by_year(table))
    return f"Calendar of squares by year, week and weekday; nights with a bulletin: {listed}."


def _told_by_year(table: pd.DataFrame) -> list[tuple[int, float]]:
    """Year and per cent of its nights with a bulletin."""
    told = table["state"].isin(TOLD).groupby(table["night"].dt.year).mean()
    return list(zip(told.index.tolist(), (100 * told).tolist(), strict=True))


def _draw_year(ax: "Axes", nights: pd.DataFrame, year: int) -> None:
    """One block: weeks across, weekdays down."""
    first = pd.Timestamp(year, 1, 1)
    days = (nights["night"] - first).dt.days.to_numpy() + first.day_of_week
    week, weekday = days // 7, days % 7
    colours = nights["state"].map(COLOURS).to_numpy()
    # Squares in data units, so that they stay square at any size of the figure.
    for state in STATES:
        here = colours == COLOURS[state]
        ax.scatter(
            week[here],
            weekday[here],
            marker="s",
            s=74,
            color=COLOURS[state],
            edgecolors="#bbbbbb",
            linewidths=0.5,
        )
    told = nights["state"].isin(TOLD).to_numpy()
    partly = nights["provisional"].to_numpy(dtype=bool) & told
    ax.plot(week[partly], weekday[partly], linestyle="", markersize=3, markeredgewidth=0.5, **DOT)
    months = sorted(nights["night"].dt.month.unique().tolist())
    starts = [pd.Timestamp(year, month, 1) for month in months]
    places = [((start - first).days + first.day_of_week) // 7 for start in starts]
    ax.set_xticks(places, [MONTHS[month - 1][:3] for month in months])
    ax.set_yticks(np.arange(7), DAYS)
    ax.tick_params(length=0, labelsize=7.5)
    ax.set_xlim(-1, 54)
    ax.set_ylim(6.7, -0.7)
    ax.set_ylabel(str(year), rotation=0, ha="right", va="center", weight="bold", color=MUTED)
    for spine in ax.spines.values():
        spine.set_visible(False)


SPEC: Final = FigureSpec(
    "coverage_calendar", "Calendar of what is known", table, draw, describe, alt
)
