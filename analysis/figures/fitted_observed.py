"""Every night's total beside what the nights before it foretold."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.checks import FEWEST_COUNTS, checks
from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import in_words, number
from analysis.plotting import EXACT, TREND, dress_nights, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: Final = ("night", "observed", "mean", "lower", "upper", "level", "failed")


def table(inputs: FigureInputs) -> pd.DataFrame:
    """Nights: ``night, observed, mean, lower, upper, level``, and the checks ``failed`` by all."""
    results = inputs.ingarch
    if results is None or results.nobs < FEWEST_COUNTS:
        return pd.DataFrame(columns=list(COLUMNS))
    level = inputs.options.level
    foretold = results.predicted.table([level])
    observed = results.endog.dropna()
    made = checks(results)
    failed = made.loc[~made["passed"].to_numpy(dtype=bool), "meaning"]
    shown: pd.DataFrame = foretold.assign(
        night=observed.index,
        observed=observed.to_numpy(dtype=float),
        failed="; ".join(failed),
    )
    return shown.reindex(columns=list(COLUMNS))


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Dots for nights; a line and a band for what was foretold of each."""
    del options
    fig = new_figure(
        10,
        4.6,
        "Does one night's number foretell the next?",
        SOURCE,
        f"Dots: claimed; line and band: mean and {_percent(table)} of what past nights foretell",
    )
    ax = fig.add_subplot()
    night = table["night"].to_numpy()
    ax.fill_between(
        night,
        table["lower"].to_numpy(dtype=float),
        table["upper"].to_numpy(dtype=float),
        color=TREND,
        alpha=0.18,
        linewidth=0,
        label="foretold range",
    )
    ax.plot(night, table["mean"], color=TREND, linewidth=1.3, label="foretold mean")
    ax.plot(night, table["observed"], ".", color=EXACT, markersize=3.5, label="claimed")
    dress_nights(ax)
    ax.set_ylabel("Claimed interceptions per night")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper left", ncols=3)
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    inside = table["observed"].between(table["lower"], table["upper"])
    failed = table["failed"].iloc[0]
    doubt = (
        f"Of the checks of the model some fail ({failed}), so the band says how nights scatter "
        f"around a level, not why the level moves."
        if failed
        else "The model passes its checks."
    )
    return (
        f"Drones that the Russian Ministry of Defence says were shot down each night from "
        f"{in_words(table['night'].min())} to {in_words(table['night'].max())}, and what the "
        f"nights before foretell of each, by a log-linear INGARCH model with negative binomial "
        f"counts fitted to the same nights: last night's claims predict tonight's level, but not "
        f"the single night. The {_percent(table)} band holds {number(int(inside.sum()))} of "
        f"{number(len(table))} nights ({100 * inside.mean():.1f} %); it starts from the model's "
        f"long-run mean. {doubt} It holds the scatter of counts, not the uncertainty of the "
        f"parameters and not false claims."
    )


def picture(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    last = table.iloc[-1]
    return (
        f"Dots over nights with a line that rises from {number(round(table['mean'].iloc[0]))} to "
        f"{number(round(float(np.asarray(last['mean']))))} a night, inside a wide band."
    )


def _percent(table: pd.DataFrame) -> str:
    """The level of the band."""
    return f"{100 * table['level'].iloc[0]:g} %"


SPEC: Final = FigureSpec(
    "fitted_observed", "One night foretold by those before", table, draw, describe, picture
)
