"""One region over time: what is certain, what is possible, what is expected."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import number
from analysis.plotting import BOUNDED, EXACT, MUTED, dress_nights, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


#: So many nights with a bulletin at the end of the record are spoken of by themselves.
RECENT: Final = 60


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Nights of the most claimed region: ``region, night, state, lower, expected, upper``."""
    claimed = inputs.regions[(inputs.regions["expected"] > 0).to_numpy()].head(1)
    nights = inputs.panel.merge(claimed[["region", "name"]], on="region")
    nights = nights.assign(region=nights["name"])
    columns = ["region", "night", "state", "lower", "expected", "upper"]
    return nights[columns].reset_index(drop=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Exact nights as points; bounds as bars with the expected number on them."""
    del options
    region = table["region"].iloc[0]
    fig = new_figure(
        10,
        4.6,
        f"{region}: what is certain and what is shared out",
        SOURCE,
        "Claimed interceptions per night; bars reach from the lower to the upper bound",
    )
    ax = fig.add_subplot()
    lower, upper = (_floats(table[name]) for name in ("lower", "upper"))
    expected = table["expected"].to_numpy(dtype=float)
    state = table["state"].to_numpy()
    exact, bounded = state == "exact", state == "bounded"
    top = float(np.nanmax(np.where(bounded & np.isfinite(expected), expected, 0), initial=1.0))
    top = max(top, float(np.nanmax(np.where(exact, expected, 0), initial=1.0))) * 1.35
    night = table["night"].to_numpy()
    endless = bounded & np.isnan(upper)
    above = bounded & (upper > top)
    known = bounded & ~endless
    ax.vlines(
        night[known],
        lower[known],
        np.minimum(upper, top)[known],
        color=BOUNDED,
        alpha=0.6,
        linewidth=1.1,
        label="between bounds",
    )
    ax.vlines(
        night[endless],
        lower[endless],
        top,
        color=MUTED,
        alpha=0.5,
        linewidth=0.6,
        linestyle=":",
        label="no upper bound",
    )
    ax.plot(
        night[above],
        np.full(int(above.sum()), top),
        "^",
        color=BOUNDED,
        markersize=4,
        label="upper bound higher",
    )
    ax.plot(
        night[bounded], expected[bounded], ".", color="#b36b00", markersize=3.2, label="expected"
    )
    ax.plot(night[exact], expected[exact], ".", color=EXACT, markersize=3.2, label="exact")
    dress_nights(ax)
    ax.set_ylim(0, top * 1.03)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, borderaxespad=0.2)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    known = table[table["state"].isin(("exact", "bounded"))]
    exact = int((known["state"] == "exact").sum())
    last = known.tail(RECENT)
    open_now = int((last["state"] == "bounded").sum())
    return (
        f"Drones that the Russian Ministry of Defence says were shot down over "
        f"{table['region'].iloc[0]} each night. Blue: the {number(exact)} of "
        f"{number(len(known))} nights with a bulletin for which the number is exact, also where it "
        f"is 0. Bars: the others, where a list was cut, withheld or given for several regions "
        f"together, or a bulletin may repeat another; {number(open_now)} of the last "
        f"{number(len(last))}. Whatever the shares, the number lies on the bar; dotted where a cut "
        f"list without a total leaves the upper bound unknown. Dots on bars: what is expected from "
        f"lists near in time, a guess of which only the bar is certain. In all at least "
        f"{number(_floats(known['lower']).sum())} and "
        f"{number(round(float(known['expected'].sum())))} expected."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    known = table[table["state"].isin(("exact", "bounded"))]
    top = known.iloc[int(np.nanargmax(known["expected"].to_numpy(dtype=float)))]
    return (
        f"Dots and bars over nights for {table['region'].iloc[0]}; the highest night expects "
        f"{number(round(float(top['expected'])))} on {top['night']:%Y-%m-%d}."
    )


def _floats(column: pd.Series) -> np.ndarray:
    """Counts as floats, NaN where unknown."""
    return column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


SPEC: Final = FigureSpec(
    "region_bounds", "One region: certain, possible, expected", table, draw, describe, alt
)
