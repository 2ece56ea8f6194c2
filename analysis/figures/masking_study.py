"""How near hidden counts of regions are met: known lists, hidden and shared out again."""

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import number
from analysis.plotting import (
    EXACT,
    INK,
    LIGHT,
    MUTED,
    PALE,
    SECOND,
    TREND,
    new_figure,
    write_beside,
)
from analysis.vocabulary import HIDINGS, PATTERNS, SHARINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Heights of rows.
Places: TypeAlias = NDArray[np.int64]
COLUMNS: Final = (
    *("hiding", "pattern", "method", "lists", "cells", "error", "error_above"),
    *("error_above_lower", "error_above_upper", "excess", "excess_lower", "excess_upper"),
    *("misplaced", "tilt", "width", "coverage", "coverage_lower", "coverage_upper"),
)
#: The pattern that is drawn: the harder one, and that of March 2026.
DRAWN: Final = "run"
#: What intervals of 95 % are asked to hold.
ASKED: Final = (92.0, 98.0)
HEADS: Final = dict(
    zip(
        HIDINGS,
        (
            "Counts hidden, the regions' names left",
            "Counts hidden, three quarters of the names left",
            "Hidden what a cut post did not show",
            "All but the total hidden",
        ),
        strict=True,
    )
)
LABELS: Final = dict(
    zip(
        SHARINGS,
        ("as in the panel", "equal shares", "shares of all time", "shares of near lists"),
        strict=True,
    )
)
COLOURS: Final = dict(zip(SHARINGS, (EXACT, TREND, SECOND, LIGHT), strict=True))


def table(inputs: FigureInputs) -> pd.DataFrame:
    """The study over all nights, by way of hiding, pattern and method, in the order drawn."""
    if inputs.masking.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    whole = inputs.masking[(inputs.masking["period"] == "all").to_numpy()]
    order = np.lexsort(
        [
            pd.Index(words).get_indexer(pd.Index(whole[name]))
            for name, words in (("method", SHARINGS), ("pattern", PATTERNS), ("hiding", HIDINGS))
        ]
    )
    return whole.iloc[order][list(COLUMNS)].reset_index(drop=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Three columns of rows: drones misplaced, how much worse others are, what intervals hold."""
    del options
    shown = table[(table["pattern"] == DRAWN).to_numpy()].reset_index(drop=True)
    # One row above each way of hiding is for its name.
    heads = pd.Index(HIDINGS).get_indexer(pd.Index(shown["hiding"]))
    place = np.arange(len(shown)) + heads + 1
    fig = new_figure(
        9,
        1.75 + 0.215 * (place.max() + 1),
        "Known lists of regions, hidden and shared out again",
        SOURCE,
        "Three weeks hidden at a time, each list once. Bars: 95 % intervals over blocks of nights; "
        "grey: as often as meant, 92 to 98 %",
    )
    axes = fig.subplots(1, 3, sharey=True, width_ratios=(1.0, 1.15, 1.0))
    colours = shown["method"].map(COLOURS).tolist()
    _draw_dots(axes[0], shown["misplaced"], place, colours)
    axes[0].set(
        xlabel="Claimed drones per list that are\nexpected in a wrong region", xlim=(0, None)
    )
    for ax, name in ((axes[1], "excess"), (axes[2], "coverage")):
        ends = [100 * shown[f"{name}_{end}"] for end in ("lower", "upper")]
        ax.hlines(place, *ends, color=colours, linewidth=2)
        _draw_dots(ax, 100 * shown[name].fillna(0.0), place, colours)
    axes[1].axvline(0, color=INK, linewidth=0.9)
    axes[1].set_xlabel("Error above that of the panel's way, %")
    axes[2].axvspan(*ASKED, color=PALE, alpha=0.6, linewidth=0)
    axes[2].set_xlabel("Intervals of 95 % that hold\nthe known number, %")
    for at, width in zip(place, shown["width"], strict=True):
        write_beside(axes[2], at, f"{width:.1f}", gap=8)
    write_beside(axes[2], 0, "mean width\n(drones)", colour=MUTED, gap=8)
    _name_rows(axes[0], shown, place)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: what was found, and how sure it is."""
    del options
    ours = (table["method"] == SHARINGS[0]).to_numpy()
    better = int((table["error_above_lower"] > 0).sum())
    held = 100 * table.loc[ours, "coverage"]
    names = {row["method"]: row for row in _rows(table, HIDINGS[0], DRAWN)}
    own, equal, all_time = (names[method] for method in SHARINGS[:3])
    return (
        f"How well the panel shares out counts given for several regions at once, measured on "
        f"{number(own['lists'])} lists that tell how many drones the Russian Ministry of Defence "
        f"says were shot down over each region. Each list was hidden as others are hidden in the "
        f"record, and shared out by those left. Where only the names are left, "
        f"{own['misplaced']:.1f} drones of a list are expected in a wrong region; the error of "
        f"equal shares is {_more(equal)} larger, that of the shares of all time {_more(all_time)}. "
        f"In {better} of {(~ours).sum()} comparisons with simpler ways, those of lists hidden at "
        f"random among them, the panel's has the smaller error beyond chance (interval above 0). "
        f"Its 95 % intervals hold {held.min():.1f} to {held.max():.1f} % of the known numbers; "
        f"those of simpler ways are mostly narrower and hold too few. They are wide because one "
        f"list tells little of the next. The form of the method was chosen on the same record, so "
        f"that new lists may be met less well."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    told = []
    for hiding in HIDINGS:
        rows = _rows(table, hiding, DRAWN)
        listed = ", ".join(
            f"{LABELS[row['method']]} {row['misplaced']:.1f} "
            f"(intervals hold {100 * row['coverage']:.0f} %)"
            for row in rows
        )
        told.append(f"{HEADS[hiding]}: {listed}")
    return f"Dots for drones per list expected in a wrong region. {'; '.join(told)}."


def _draw_dots(ax: "Axes", values: pd.Series, place: Places, colours: list[str]) -> None:
    """One dot a row."""
    ax.scatter(values, place, c=colours, s=26, zorder=3)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)


def _name_rows(ax: "Axes", shown: pd.DataFrame, place: Places) -> None:
    """Methods at the left, the way of hiding above each group."""
    ax.set_yticks(place, shown["method"].map(LABELS).tolist())
    ax.set_ylim(place.max() + 0.6, -0.8)
    ax.set_zorder(1)  # the names of groups reach into the next axes
    for at, (hiding, lists) in enumerate(
        shown.groupby("hiding", sort=False)["lists"].max().items()
    ):
        head = ax.annotate(
            f"{HEADS[str(hiding)]} ({number(lists)} lists)",
            (0.0, at * (len(SHARINGS) + 1)),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
            weight="bold",
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            annotation_clip=False,
        )
        head.set_in_layout(False)


def _rows(table: pd.DataFrame, hiding: str, pattern: str) -> list[dict[Any, Any]]:
    """The methods of one way of hiding."""
    held = (table["hiding"] == hiding) & (table["pattern"] == pattern)
    return table[held.to_numpy()].to_dict("records")


def _more(row: dict[Any, Any]) -> str:
    """How much larger an error is, with its interval."""
    return (
        f"{100 * row['excess']:.0f} % ({100 * row['excess_lower']:.0f} to "
        f"{100 * row['excess_upper']:.0f} %)"
    )


SPEC: Final = FigureSpec("masking_study", "Hidden lists shared out", table, draw, describe, alt)
