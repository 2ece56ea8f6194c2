"""Which share of the claims last night's claims explain, month by month."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import interval_at
from analysis.plotting import BOUNDED, EXACT, PALE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Columns of the table.
COLUMNS: Final = (
    *("month", "component", "share", "lower", "upper", "level"),
    *("overall", "overall_lower", "overall_upper", "nights", "draws"),
)
#: Components from the bottom up: name for readers and colour.
PARTS: Final = {
    "ar": ("the region's own claims of the night before", EXACT),
    "ne": ("its neighbours' claims of the night before", BOUNDED),
    "end": ("background: region, weekday, movement over months", PALE),
}

#: Coverage measured in tests/studies/endemic_epidemic_coverage.csv.
MEASURED: Final = (
    "In simulations like the record (last night explains a tenth, backgrounds by unit that move) "
    "95 % intervals of shares hold the truth in 94.6 to 96.5 % of runs; where last night explains "
    "more than half, in 90.5 to 96.8 % (400 runs a case; "
    "tests/studies/endemic_epidemic_coverage.csv)."
)


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Shares by month and component with intervals, and those of the whole period."""
    return inputs.shares.reindex(columns=list(COLUMNS)) if inputs.shares.empty else inputs.shares


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Stacked bars of 100 %, a bar a month, the limits of last night's share on them."""
    del options
    level = interval_at(table["level"].iloc[0]) if len(table) else "limits"
    fig = new_figure(
        9,
        4.4,
        "How much of a night's claims the night before explains",
        SOURCE,
        f"Share of the fitted claims by month; whiskers: {level} of the region's own part",
    )
    ax = fig.subplots()
    bottom = np.zeros(1)
    for name, (label, colour) in PARTS.items():
        rows = table[(table["component"] == name).to_numpy()]
        if rows.empty:
            continue
        middle = rows["month"] + pd.Timedelta(days=15)
        share = 100 * rows["share"].to_numpy()
        ax.bar(middle, share, width=27, bottom=bottom, color=colour, label=label)
        if name == "ar":
            low, high = (100 * rows[end].to_numpy() for end in ("lower", "upper"))
            ax.vlines(middle, low, high, color="black", linewidth=1.0)
        bottom = bottom + share
    ax.set(ylabel="Share of the fitted claims, %", xlabel="Month", ylim=(0, 100))
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat: what last night explains, and how sure that is."""
    del options
    own, near, back = (_overall(table, name) for name in ("ar", "ne", "end"))
    level = interval_at(table["level"].iloc[0])
    several = int(table["draws"].iloc[0]) > 1
    held = (
        f"and how open counts fall on regions ({table['draws'].iloc[0]} draws)"
        if several
        else "not how open counts fall on regions"
    )
    return (
        f"An endemic-epidemic model of all regions (NB2, {table['nights'].iloc[0]} nights) splits "
        f"what the Russian Ministry of Defence says were shot down in a night into what follows "
        f"from the region's own claims of the night before "
        f"({own}; {level}), from its neighbours' ({near}), and a background for each "
        f"region that moves with weekdays and over months ({back}). Only as far as the first two "
        f"reach do last night's claims predict tonight's. Intervals hold the sampling uncertainty "
        f"of the estimates {held}; none holds false claims."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    months = table.loc[(table["component"] == "end").to_numpy()]
    least = months.iloc[int(months["share"].to_numpy().argmin())]
    return (
        f"Stacked bars by month. The background makes up {_overall(table, 'end')} over the whole "
        f"period; least in {least['month']:%Y-%m} with {100 * least['share']:.0f} %."
    )


def _overall(table: pd.DataFrame, component: str) -> str:
    """A component's share over the whole period with its interval."""
    rows = table[(table["component"] == component).to_numpy()]
    if rows.empty:
        return "not in the model"
    share, low, high = (
        100 * float(rows[name].iloc[0]) for name in ("overall", "overall_lower", "overall_upper")
    )
    return f"{share:.1f} %, {low:.1f} to {high:.1f}" if high > 0 else "the estimate is 0 %"


SPEC: Final = FigureSpec(
    "component_decomposition",
    "What last night's claims explain",
    table,
    draw,
    describe,
    alt,
    MEASURED,
)
