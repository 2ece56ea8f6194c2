"""How few regions hold the claims, and how far from the other country they lie, over time."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import held_by_intervals, interval_at
from analysis.plotting import BOUNDED, EXACT, MUTED, PALE, new_figure
from analysis.summary.over_time import MEASURED_OVER_TIME

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Measures drawn, one panel each: title and label of the axis.
PANELS: Final = {
    "effective_regions": (
        "Effective number of regions: so many equal ones would be as concentrated",
        "Claimed regions",
    ),
    "reach_km": (
        "Reach: mean distance of the claimed regions from the other country",
        "km, claimed regions",
    ),
}
#: The axis leaves so much room, as a factor, below and above all estimates.
ROOM: Final = 2.5
#: Years with fewer counted nights are no year to compare.
FEWEST_OF_A_YEAR: Final = 180


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Measures by month and by year: observed, estimate, interval; reach with its bounds."""
    months, years = inputs.over_time("MS"), inputs.over_time("YS")
    rows = pd.concat([months.assign(span="month"), years.assign(span="year")], ignore_index=True)
    rows = rows[rows["observed"].notna().to_numpy()]
    columns = [
        *("span", "period", "measure", "observed", "estimate", "lower", "upper", "level"),
        *("nights", "nights_counted", "claims", "least", "most", "share_exact"),
        *("allocation_share", "draws"),
    ]
    return rows[columns].sort_values(["measure", "span", "period"], ignore_index=True)


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Months as dots with bars, years as lines with a band, one panel a measure."""
    del options
    level = interval_at(table["level"].iloc[0])
    fig = new_figure(
        9,
        6.4,
        "How concentrated the claims are, and how far they reach",
        SOURCE,
        f"Dots with bars: months with {level}; lines with bands: years; hollow: too few "
        "nights for an interval; grey: what the words allow",
    )
    told = [measure for measure in PANELS if (table["measure"] == measure).any()]
    axes = fig.subplots(len(told), 1, sharex=True, squeeze=False).ravel()
    for ax, measure in zip(axes, told, strict=True):
        title, label = PANELS[measure]
        rows = table[(table["measure"] == measure).to_numpy()]
        _draw_years(ax, rows[(rows["span"] == "year").to_numpy()])
        _draw_months(ax, rows[(rows["span"] == "month").to_numpy()])
        ax.set_title(title, weight="bold")
        _dress(ax, rows)
        ax.set_ylabel(f"{label} (log scale)")
    axes[-1].set_xlabel("Month (dates of the mornings)")
    axes[-1].set_xlim(*_edges(table))
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: what changed from the first well-told year to the last."""
    del options
    return (
        f"How many regions share the drones that the Russian Ministry of Defence says were shot "
        f"down, and how far those regions lie from the other country (from the middle of a region "
        f"to the nearest unit there: no drone's way). "
        f"{_finding(table, 'effective_regions', 'The effective number of regions', '')} "
        f"{_finding(table, 'reach_km', 'Reach', ' km')} Estimates are for the nights' expected "
        f"claims, without the bias that chance gives to concentration; bars that run out of the "
        f"picture are longer than it. {held_by_intervals(table)}"
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    told = []
    for measure, name in (("effective_regions", "effective number"), ("reach_km", "reach in km")):
        years = _years(table, measure)
        pairs = zip(years["period"].dt.year, years["observed"], strict=True)
        listed = ", ".join(f"{year} {observed:.3g}" for year, observed in pairs)
        told.append(f"{name} by year {listed or 'not known'}")
    return f"Two panels over months with intervals; {'; '.join(told)}."


def _finding(table: pd.DataFrame, measure: str, name: str, unit: str) -> str:
    """Compare the first year that has enough nights with the last."""
    years = _years(table, measure)
    years = years[(years["nights_counted"] >= FEWEST_OF_A_YEAR).to_numpy()]
    years = years[years["lower"].notna().to_numpy()]
    if years.empty:
        return f"{name} cannot be told for a whole year."
    first, last = years.iloc[0], years.iloc[-1]
    if len(years) == 1:
        return f"{name} was {_told(last, unit)} in {last['period'].year}."
    apart = first["upper"] < last["lower"] or last["upper"] < first["lower"]
    verdict = "the intervals lie apart" if apart else "the intervals overlap, so no change is shown"
    if apart and first["least"] <= last["most"] and last["least"] <= first["most"]:
        verdict += (
            f", but what the words alone allow does not ({first['least']:.0f} to "
            f"{first['most']:.0f}{unit} and {last['least']:.0f} to {last['most']:.0f}{unit})"
        )
    return (
        f"{name} was {_told(first, unit)} in {first['period'].year} and {_told(last, unit)} in "
        f"{last['period'].year}: {verdict}."
    )


def _told(row: pd.Series, unit: str) -> str:
    """An estimate with its interval."""
    digits = 0 if row["estimate"] >= 100 else 1
    estimate, lower, upper = (f"{row[name]:.{digits}f}" for name in ("estimate", "lower", "upper"))
    return f"{estimate}{unit} ({interval_at(row['level'])} {lower} to {upper})"


def _years(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Rows of a measure by year."""
    return table[((table["measure"] == measure) & (table["span"] == "year")).to_numpy()]


def _draw_months(ax: "Axes", months: pd.DataFrame) -> None:
    """Estimates in the middle of their months; hollow where only the observed number is known."""
    middle = months["period"] + pd.Timedelta(days=15)
    known = months["lower"].notna().to_numpy()
    ax.vlines(middle, months["least"], months["most"], color=PALE, linewidth=5, zorder=0.8)
    ax.vlines(
        middle[known], months["lower"][known], months["upper"][known], color=EXACT, linewidth=1.2
    )
    for mask, column, face in ((known, "estimate", EXACT), (~known, "observed", "white")):
        ax.plot(
            middle[mask],
            months[column][mask],
            "o",
            color=EXACT,
            markerfacecolor=face,
            markersize=4,
            linestyle="none",
        )


def _draw_years(ax: "Axes", years: pd.DataFrame) -> None:
    """Estimates as lines over their years, intervals as bands."""
    known = years[years["lower"].notna().to_numpy()]
    first = known["period"].to_numpy()
    ends = np.array([first, first + known["nights"].to_numpy().astype("timedelta64[D]")])
    low, middle, high = (known[name].to_numpy() for name in ("lower", "estimate", "upper"))
    for year in range(len(known)):
        span = ends[:, year]
        ax.fill_between(span, low[year], high[year], color=BOUNDED, alpha=0.25, linewidth=0)
        ax.plot(span, [middle[year]] * 2, color=BOUNDED, linewidth=1.6)
    ax.vlines(ends[0], 0, 1, transform=ax.get_xaxis_transform(), color=MUTED, linewidth=0.4)


def _dress(ax: "Axes", rows: pd.DataFrame) -> None:
    """A log scale around the numbers, with lines at 1, 2 and 5; longer bars run out of it."""
    from matplotlib.ticker import LogLocator, NullLocator

    ax.set_yscale("log")
    drawn = rows["estimate"].fillna(rows["observed"])
    ax.set_ylim(drawn.min() / ROOM, drawn.max() * ROOM)
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.grid(axis="y")


def _edges(table: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From the first month with a number to the end of the last."""
    months = table.loc[(table["span"] == "month").to_numpy(), "period"]
    return months.min(), months.max() + pd.Timedelta(days=31)


SPEC: Final = FigureSpec(
    "concentration_reach",
    "Concentration and reach over time",
    table,
    draw,
    describe,
    alt,
    MEASURED_OVER_TIME,
)
