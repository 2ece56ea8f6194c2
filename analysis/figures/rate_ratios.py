"""Regions against a reference: a forest of rate ratios."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.comparison.regions import MEASURED_RATIOS
from analysis.figures.region_rows import claimed_regions, only_in_table, rows_height
from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import held_by_intervals, in_words, interval_at
from analysis.plotting import BOUNDED, EXACT, INK, dress_rows, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A ratio counts as different from 1 below this p-value, adjusted by Holm's method.
SURE: Final = 0.05


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Ratios of the claimed regions to the reference, the highest first, with their period."""
    columns = [
        *("name", "reference", "claims", "reference_claims", "nights", "ratio", "lower", "upper"),
        *("level", "p_value", "p_holm", "p_bh", "least", "most", "share_exact"),
        *("allocation_share", "first_night", "last_night", "draws"),
    ]
    return claimed_regions(inputs.ratios, columns)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Dots and bars on a log scale, what the words allow behind them, the numbers at the right."""
    shown = table.head(options.rows)
    reference = shown["reference"].iloc[0]
    fig = new_figure(
        8,
        1.8 + rows_height(shown),
        f"Claims a night, as a multiple of those over {reference}",
        SOURCE,
        f"Dot and blue bar: ratio with {interval_at(shown['level'].iloc[0])} (filled: "
        "differs from 1 after Holm's correction); yellow: what the words allow",
    )
    ax = fig.add_subplot()
    places = np.arange(len(shown))
    left = _left_edge(shown)
    least, most, lower = (
        shown[name].fillna(shown["ratio"]).clip(lower=left) for name in ("least", "most", "lower")
    )
    ax.hlines(places, least, most, color=BOUNDED, linewidth=6, alpha=0.35)
    ax.hlines(places, lower, shown["upper"], color=EXACT, linewidth=2)
    sure = (shown["p_holm"] < SURE).to_numpy()
    for mask, face in ((sure, EXACT), (~sure, "white")):
        ax.plot(
            shown["ratio"][mask],
            places[mask],
            "o",
            color=EXACT,
            markerfacecolor=face,
            markersize=5,
            linestyle="none",
        )
    ax.axvline(1, color=INK, linewidth=0.9)
    dress_rows(
        ax,
        shown["region"],
        [_with_interval(row) for row in shown.itertuples()],
        head="ratio (interval)",
    )
    ax.set_xscale("log")
    ax.set_xlim(left=left)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_xlabel(f"Claimed interceptions a night, {reference} = 1 (log scale)")
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: what differs from the reference, and how sure that is."""
    top = table.iloc[0]
    sure = table["p_holm"] < SURE
    below, above = (sure & (table["ratio"] < 1)).sum(), (sure & (table["ratio"] > 1)).sum()
    turned = (sure & (table["least"] < 1) & (table["most"] > 1)).sum()
    return (
        f"Drones that the Russian Ministry of Defence says were shot down a night over each "
        f"region, as a multiple of those over {top['reference']}, in the {top['nights']} nights "
        f"with numbers from {in_words(top['first_night'])} to {in_words(top['last_night'])}. "
        f"{_finding(top)} Of {len(table)} regions {above or 'none'} {_lie(above)} above "
        f"{top['reference']} and {below or 'none'} below it beyond chance (all tests together at "
        f"5 %, Holm){_turned(turned)}; for {len(table) - above - below} the order is open. "
        f"{held_by_intervals(table)} {_bounds(table)}"
        f"{only_in_table(table, options, 'lower ratios')}"
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    listed = ", ".join(
        f"{row.region} {_with_interval(row)}"
        for row in table.head(min(options.rows, 8)).itertuples()
    )
    return (
        f"Forest of rate ratios to {table['reference'].iloc[0]}, a dot with a bar for each region: "
        f"{listed}."
    )


def _finding(top: pd.Series) -> str:
    """What is to be said of the region with the highest ratio."""
    reference, region = top["reference"], top["region"]
    limits = f"{interval_at(top['level'])} {top['lower']:.2f} to {top['upper']:.2f}"
    told = f"{region} stands highest with {top['ratio']:.2f} times as many ({limits})"
    if top["p_holm"] < SURE:
        return f"{told}."
    return (
        f"{told}; with all regions tested together chance is not ruled out as what makes "
        f"{region} and {reference} differ (p = {top['p_holm']:.2f})."
    )


def _lie(count: int) -> str:
    """The verb for so many regions."""
    return "lie" if count > 1 else "lies"


def _turned(count: int) -> str:
    """How many of these the words alone would let lie on the other side."""
    return f", though the words alone would allow {count} of these to change sides" if count else ""


def _bounds(table: pd.DataFrame) -> str:
    """What is to be said of the yellow bars, if there are any."""
    if table["most"].isna().all():
        return "What the words allow at most is unknown, as some nights have no upper bound."
    return (
        "Yellow bars hold what the published words allow, however open counts fell, without the "
        "chance of nights."
    )


def _in_figures(value: float) -> str:
    """Write a ratio so that rows can be compared."""
    if value < 0.001:
        return "<0.001" if value > 0 else "0"
    return f"{value:.2f}" if value >= 0.095 else f"{value:#.2g}"


def _with_interval(row: Any) -> str:  # noqa: ANN401
    """A row's ratio and interval."""
    return f"{_in_figures(row.ratio)} ({_in_figures(row.lower)} to {_in_figures(row.upper)})"


def _left_edge(shown: pd.DataFrame) -> float:
    """Where the axis begins: below every dot and most bars; a limit of 0 ends there."""
    ratios = shown["ratio"].to_numpy()
    return float(ratios[ratios > 0].min() / 10)


SPEC: Final = FigureSpec(
    "rate_ratios", "Regions compared", table, draw, describe, alt, MEASURED_RATIOS
)
