"""Every night's claimed total, how well it is known, and the trend under both readings."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import READINGS, SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import in_words, number
from analysis.plotting import BOUNDED, EXACT, INK, MUTED, PALE, TREND, dress_nights, new_figure
from analysis.vocabulary import STATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STATE_COLOURS: Final = dict(zip(STATES, (EXACT, BOUNDED, PALE, "#b2182b"), strict=True))
READ_AS: Final = {"missing": "left out", "zero": "taken as 0"}
STATE_WORDS: Final = {
    "exact": "number published",
    "bounded": "known within bounds",
    "silent": "no bulletin (silent)",
    "missing": "no post in the record (missing)",
}


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Nights: ``night, state, lower, expected, upper``, the trends, ``incident`` ("" if none).

    ``trend_missing, trend_zero``: fitted over the well-covered period with silent nights left out
    and taken as zero; ``whole_missing, whole_zero``: over the whole record.
    """
    shown = inputs.totals[["night", "state", "lower", "expected", "upper"]].copy()
    for period, trends in (("trend", inputs.trends), ("whole", inputs.whole_trends)):
        for reading in READINGS:
            fitted = trends[reading].fittedvalues if trends else pd.Series(dtype=float)
            shown[f"{period}_{reading}"] = fitted.reindex(shown["night"]).to_numpy()
    titles = inputs.incidents.set_index("date")["title"]
    shown["incident"] = shown["night"].map(titles).fillna("").astype("str")
    return shown if shown["expected"].notna().any() else shown.head(0)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Dots for nights, bars for bounds, lines for trends, and a strip that shows every state."""
    del options
    fig = new_figure(
        10,
        5.4,
        "Drones claimed shot down over Russia, occupied territory and the seas",
        SOURCE,
        "One dot a night; bars run from the lowest to the highest number that the words allow",
    )
    ax, strip = fig.subplots(2, 1, sharex=True, height_ratios=[1, 0.05])
    _draw_nights(ax, table)
    _draw_trends(ax, table)
    dress_nights(ax)
    _draw_incidents(ax, table)
    ax.set_xlabel("")
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 1.0), markerscale=2.5)
    _draw_strip(strip, table)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    states = table["state"].value_counts()
    top = table.iloc[int(np.nanargmax(table["expected"].to_numpy()))]
    fitted = table.loc[table["trend_missing"].notna(), "night"]
    return (
        f"Drones that the Russian Ministry of Defence says were shot down, night by night from "
        f"{in_words(table['night'].min())} to {in_words(table['night'].max())}: "
        f"{states.get('exact', 0)} nights with an exact number, {states.get('bounded', 0)} known "
        f"within bounds, {states.get('silent', 0)} without a bulletin although the record holds "
        f"posts, {states.get('missing', 0)} without any post; the last two have no dot. The "
        f"highest number is {number(top['expected'])}, for the night to {in_words(top['night'])}. "
        f"{_lines(fitted)}"
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    fitted = table["trend_missing"].dropna()
    curve = "without a fitted curve"
    if len(fitted):
        ends = [number(round(fitted.iloc[place])) for place in (0, -1)]
        curve = f"with a fitted curve from {ends[0]} to {ends[1]} claimed interceptions a night"
    return (
        f"Dots for nightly totals over time {curve}; a strip below shows by colour which nights "
        f"are exact, bounded, silent or missing."
    )


def _lines(fitted: pd.Series) -> str:
    """Say what the lines are, or that there are none."""
    if fitted.empty:
        return "No trend is drawn: too few nights have a number."
    return (
        f"Lines: log-linear negative binomial trend from {in_words(fitted.min())}, the first night "
        f"from which more than 95 % of nights have a bulletin, and over the whole record, each "
        f"with silent nights left out and taken as zero. Dotted: strikes that news media reported."
    )


def _draw_nights(ax: "Axes", table: pd.DataFrame) -> None:
    """Bounds as bars where they differ, expected numbers as dots."""
    bounded = table[(table["state"] == "bounded").to_numpy() & table["upper"].notna().to_numpy()]
    ax.vlines(
        bounded["night"],
        bounded["lower"].astype(float),
        bounded["upper"].astype(float),
        color=BOUNDED,
        linewidth=1.0,
        alpha=0.75,
    )
    for state in ("exact", "bounded"):
        part = table[(table["state"] == state).to_numpy()]
        ax.plot(
            part["night"],
            part["expected"],
            ".",
            markersize=4,
            markeredgewidth=0,
            color=STATE_COLOURS[state],
            label=STATE_WORDS[state],
        )


def _draw_trends(ax: "Axes", table: pd.DataFrame) -> None:
    """Both readings of silence, for the well-covered period and for the whole record."""
    if table["trend_missing"].isna().all():
        return
    styles = (
        ("trend", TREND, 2.0, "trend while well covered"),
        ("whole", INK, 1.1, "whole record"),
    )
    for period, colour, width, words in styles:
        for reading, line in zip(READINGS, ("-", (0, (3, 1.5))), strict=True):
            ax.plot(
                table["night"],
                table[f"{period}_{reading}"],
                color=colour,
                linewidth=width,
                linestyle=line,
                label=f"{words}, silent nights {READ_AS[reading]}",
            )


def _draw_incidents(ax: "Axes", table: pd.DataFrame) -> None:
    """Thin lines with the event's name, written upwards beside them."""
    row: Any
    for row in table[(table["incident"] != "").to_numpy()].itertuples():
        ax.axvline(row.night, color=MUTED, linewidth=0.8, linestyle=":")
        ax.annotate(
            row.incident,
            (row.night, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(-3, -2),
            textcoords="offset points",
            rotation=90,
            ha="right",
            va="top",
            size=8,
            color=MUTED,
        )


def _draw_strip(ax: "Axes", table: pd.DataFrame) -> None:
    """One cell a night, coloured by state, with a legend of its own."""
    from matplotlib.colors import ListedColormap
    from matplotlib.dates import date2num
    from matplotlib.patches import Patch

    codes = table["state"].map({state: code for code, state in enumerate(STATES)})
    first, last = (float(date2num(night)) for night in table["night"].iloc[[0, -1]])
    ax.imshow(
        codes.to_numpy(dtype=float)[np.newaxis, :],
        aspect="auto",
        interpolation="nearest",
        extent=(first - 0.5, last + 0.5, 0, 1),
        cmap=ListedColormap([STATE_COLOURS[state] for state in STATES]),
        vmin=-0.5,
        vmax=len(STATES) - 0.5,
    )
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.set_xlabel("Night (date of its morning)")
    ax.legend(
        handles=[Patch(color=STATE_COLOURS[s], label=STATE_WORDS[s]) for s in STATES],
        loc="upper left",
        bbox_to_anchor=(0.0, -2.6),
        ncols=4,
        borderaxespad=0,
        handlelength=1.2,
    )


SPEC: Final = FigureSpec("nightly_totals", "Every night and the trend", table, draw, describe, alt)
