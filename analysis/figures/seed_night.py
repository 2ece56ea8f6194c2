"""One night by region: which bulletin claims how many where."""

import textwrap
from typing import TYPE_CHECKING, Final

import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import in_words, number
from analysis.plotting import BOUNDED, EXACT, INK, LIGHT, MUTED, SECOND, TREND, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS: Final = (EXACT, BOUNDED, SECOND, TREND, LIGHT, MUTED)
WIDTH_OF_LABEL: Final = 32


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Claims of the night: ``region, window, count, region_total``, largest first, rest last."""
    claims = inputs.night
    start = claims["window_start"].dt.strftime("%H:%M")
    end = claims["window_end"].dt.strftime("%H:%M")
    shown = pd.DataFrame(
        {
            "region": claims["name"],
            "window": (start + " to " + end).fillna("hours not stated"),
            "count": claims["count"],
        }
    )
    shown = shown.groupby(["region", "window"], sort=False)["count"].sum().reset_index()
    shown["region_total"] = shown.groupby("region")["count"].transform("sum")
    shown["placed"] = shown["region"].isin(claims.loc[claims["regions"] != "", "name"])
    order = ["placed", "region_total", "region", "count"]
    shown = shown.sort_values(order, ascending=[False, False, True, False], ignore_index=True)
    return shown.drop(columns="placed")


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Horizontal bars, one a region, the bulletins stacked, the largest bulletin first."""
    regions = table["region"].unique()
    night = pd.Timestamp(options.night)
    fig = new_figure(
        8,
        1.6 + 0.32 * max(len(regions), 3),
        f"Drones claimed shot down by region, night to {in_words(night)}",
        SOURCE,
        f"{number(table['count'].sum())} claimed in {_bulletins(table)}; hours are Moscow time",
    )
    ax = fig.add_subplot()
    ends = dict.fromkeys(regions, 0)
    for colour, window in zip(COLOURS * 9, _windows(table), strict=False):
        part = table[(table["window"] == window).to_numpy()]
        left = [ends[region] for region in part["region"]]
        places = [list(regions).index(region) for region in part["region"]]
        ax.barh(places, part["count"], left=left, color=colour, height=0.72, label=window)
        for region, count in zip(part["region"], part["count"], strict=True):
            ends[region] += int(count)
    for place, region in enumerate(regions):
        ax.annotate(
            _parts(table, region),
            (ends[region], place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            color=INK,
        )
    ax.set_yticks(range(len(regions)), [textwrap.fill(name, WIDTH_OF_LABEL) for name in regions])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Claimed interceptions of drones")
    ax.set_xlim(0, max(ends.values()) * 1.18)
    ax.grid(axis="x")
    ax.legend(title="Bulletin about", alignment="left", loc="lower right")
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    night = in_words(pd.Timestamp(options.night))
    top = table.iloc[0]
    return (
        f"Drones that the Russian Ministry of Defence says were shot down in the night to {night}, "
        f"by region and by bulletin: {_by_window(table)}. The most were claimed over "
        f"{top['region']}: {_parts(table, top['region'])}. Bulletins about different hours of one "
        f"night are added up; subsets (such as drones on their way to a city) are not."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    rows = table.drop_duplicates("region")
    ranked = ", ".join(
        f"{name} {number(total)}"
        for name, total in zip(rows["region"], rows["region_total"], strict=True)
    )
    return (
        f"Horizontal stacked bars of drones claimed shot down in the night to "
        f"{in_words(pd.Timestamp(options.night))}: {ranked}."
    )


def _windows(table: pd.DataFrame) -> list[str]:
    """The bulletins' hours, the largest sum first."""
    sums = table.groupby("window", sort=True)["count"].sum()
    return sums.sort_values(ascending=False, kind="stable").index.to_list()


def _by_window(table: pd.DataFrame) -> str:
    """Write each bulletin's sum and hours."""
    sums = table.groupby("window")["count"].sum()
    return " and ".join(f"{number(sums[window])} ({window})" for window in _windows(table))


def _bulletins(table: pd.DataFrame) -> str:
    """Say how many bulletins, in words."""
    count = len(_windows(table))
    return "one bulletin" if count == 1 else f"{count} bulletins"


def _parts(table: pd.DataFrame, region: str) -> str:
    """Write a region's total and, when several bulletins name it, its parts."""
    counts = table.loc[(table["region"] == region).to_numpy(), ["window", "count"]]
    ordered = [counts.loc[counts["window"] == w, "count"].sum() for w in _windows(table)]
    parts = [number(count) for count in ordered if count]
    total = number(counts["count"].sum())
    return total if len(parts) == 1 else f"{total} = {' + '.join(parts)}"


SPEC: Final = FigureSpec("seed_night", "One night by region", table, draw, describe, alt)
