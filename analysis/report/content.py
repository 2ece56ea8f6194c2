"""What the report says in words and tables; formats numbers, computes none."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import FigureInputs
from analysis.figures.wording import MONTHS, in_words, number
from analysis.models import TrendResults
from analysis.models.trend.growth_words import percent_words
from analysis.vocabulary import STATES

READINGS: Final = {"missing": "silent nights left out", "zero": "silent nights taken as zero"}


TREND_COLUMNS: Final = (
    "period",
    "silence",
    "start",
    "end",
    "nights",
    "left_out",
    "bounded",
    "growth",
    "growth_lower",
    "growth_upper",
    "doubling_nights",
    "doubling_lower",
    "doubling_upper",
    "level",
    "p_growth",
    "dispersion",
)


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """A number for the head of the report: what, how much, between which limits, counted how."""

    what: str
    value: str
    limits: str
    note: str


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text: column heads and rows of cells, and the CSV that holds its numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    csv: str


def key_numbers(inputs: FigureInputs) -> list[KeyNumber]:
    """Return the numbers that a reader wants first, each with bounds and denominator."""
    nights = inputs.nights.iloc[0]
    if pd.isna(nights["record_night"]):
        return []
    record = inputs.totals.set_index("night").loc[nights["record_night"]]
    return [
        KeyNumber(
            "Drones claimed shot down at night",
            number(round(nights["expected"])),
            _bounds(nights["lower"], nights["upper"]),
            f"sum over the {number(nights['nights_counted'])} nights with a number",
        ),
        KeyNumber(
            "Highest night",
            number(round(record["expected"])),
            _bounds(record["lower"], record["upper"]),
            f"the night to {in_words(nights['record_night'])}",
        ),
        *_recent(inputs),
        *_growth(inputs),
        *_top(inputs),
        KeyNumber(
            "Longest run of nights with claims",
            number(nights["longest_run"]),
            "",
            "successive nights with at least one drone claimed for certain",
        ),
    ]


def record_table(inputs: FigureInputs, csv: str) -> TextTable:
    """Return how well each year is known: nights by state, and claims with bounds."""
    years, total = inputs.years.iterrows(), inputs.nights.iloc[0]
    rows = [
        (name, *(number(row[state]) for state in ("nights", *STATES)), *_claims(row))
        for name, row in [*((str(row["period"].year), row) for _, row in years), ("all", total)]
    ]
    heads = (
        "Year",
        "Nights",
        "Exact",
        "Bounded",
        "Silent",
        "Missing",
        "Claimed: at least",
        "expected",
        "at most",
    )
    return TextTable(heads, tuple(rows), csv)


def trend_table(inputs: FigureInputs) -> pd.DataFrame:
    """Return both readings of silence over both periods: one row each, plain numbers."""
    rows = []
    for period, trends in _periods(inputs):
        for reading, fit in trends.items():
            table = fit.summary(inputs.options.level)
            growth, doubling = table.loc["growth_per_30_nights"], table.loc["doubling_nights"]
            rows.append(
                {
                    "period": period,
                    "silence": reading,
                    "start": fit.start,
                    "end": fit.end,
                    "nights": fit.nobs,
                    "left_out": fit.n_left_out,
                    "bounded": fit.n_bounded,
                    "growth": growth["estimate"],
                    "growth_lower": growth["lower"],
                    "growth_upper": growth["upper"],
                    "doubling_nights": doubling["estimate"],
                    "doubling_lower": doubling["lower"],
                    "doubling_upper": doubling["upper"],
                    "level": inputs.options.level,
                    "p_growth": fit.p_growth,
                    "dispersion": fit.dispersion,
                }
            )
    return pd.DataFrame(rows, columns=list(TREND_COLUMNS))


def trend_sentences(inputs: FigureInputs) -> list[tuple[str, str]]:
    """Return a lead and a sentence for each trend."""
    sentences = []
    for period, trends in _periods(inputs):
        for reading, fit in trends.items():
            lead = (
                f"{period[0].upper()}{period[1:]} ({in_words(fit.start)} to {in_words(fit.end)}), "
                f"{READINGS[reading]}"
            )
            sentences.append((lead, _sentence(fit, inputs.options.level)))
    return sentences


def region_rows(inputs: FigureInputs, csv: str) -> TextTable:
    """Return the regions shown as rows, ranked."""
    shown = inputs.regions.head(inputs.options.rows)
    rows = tuple(
        (
            str(place),
            row["name"],
            expected,
            least,
            most,
            "unknown" if pd.isna(row["share"]) else f"{100 * row['share']:.1f} %",
            number(row["nights_counted"]),
        )
        for place, (_, row) in enumerate(shown.iterrows(), start=1)
        for least, expected, most in [_claims(row)]
    )
    heads = ("", "Region", "Expected", "At least", "At most", "Share", "Nights counted")
    return TextTable(heads, rows, csv)


def spread_sentence(inputs: FigureInputs) -> str:
    """Say how uneven nights are."""
    row = inputs.nights.iloc[0]
    if pd.isna(row["dispersion"]):
        return "Too few nights have a number to say how uneven they are."
    return (
        f"Over the {number(row['nights_counted'])} nights with a number the mean is "
        f"{number(row['mean'])} and the median {number(row['median'])} claimed interceptions; the "
        f"variance is {row['variance_to_mean']:.0f} times the mean (NB2 dispersion "
        f"{row['dispersion']:.2f}, by moments), growth included."
    )


def _periods(inputs: FigureInputs) -> tuple[tuple[str, dict[str, TrendResults]], ...]:
    """Both periods by name."""
    return ("well-covered period", inputs.trends), ("whole record", inputs.whole_trends)


def _sentence(fit: TrendResults, level: float) -> str:
    """Tell one trend with its denominator."""
    chance = fit.p_growth
    if chance >= 0.999:
        sure = "above 0.999"
    elif chance <= 0.001:
        sure = "below 0.001"
    else:
        sure = f"{chance:.3f}"
    return (
        f"{fit.words(level)} P(growth > 0) is {sure}. {number(fit.nobs)} nights, of which "
        f"{number(fit.n_bounded)} are known within bounds only; {number(fit.n_left_out)} nights "
        f"without a number are left out."
    )


def _top(inputs: FigureInputs) -> list[KeyNumber]:
    """Tell the most claimed region, if any is named."""
    return [
        KeyNumber(
            f"Most claimed region: {row['name']}",
            number(round(row["expected"])),
            _bounds(row["lower"], row["upper"]),
            f"{100 * row['share']:.1f} % of what is claimed over all regions",
        )
        for _, row in inputs.regions.head(1).iterrows()
    ]


def _growth(inputs: FigureInputs) -> list[KeyNumber]:
    """Tell growth over the well-covered period, one reading with its interval beside the other."""
    level, fits = inputs.options.level, inputs.trends
    if not fits:
        return []
    table = fits["missing"].summary(level)
    estimate, lower, upper = table.loc["growth_per_30_nights"].to_numpy(dtype=float)[:3]
    return [
        KeyNumber(
            "Growth per 30 nights",
            percent_words(estimate),
            f"{level * 100:g} % interval: {percent_words(lower)} to {percent_words(upper)}",
            f"since {in_words(fits['missing'].start)}, silent nights left out; taken as zero: "
            f"{percent_words(fits['zero'].growth)}",
        )
    ]


def _recent(inputs: FigureInputs) -> list[KeyNumber]:
    """Compare the last full month that has a number with the same month a year before."""
    months = inputs.months.set_index("period")
    months = months[(months["nights_counted"] > 0).to_numpy()]
    full = months[(months["nights"] == pd.DatetimeIndex(months.index).days_in_month).to_numpy()]
    if full.empty:
        return []
    last = full.index[-1]
    row, before = full.loc[last], last - pd.DateOffset(years=1)
    note = f"over {row['nights_counted']} of {row['nights']} nights"
    if before in months.index:
        note += f"; {_name(before)}: {number(months.loc[before, 'mean'])}"
    return [
        KeyNumber(
            f"Mean per night in {_name(last)}",
            number(row["mean"]),
            _bounds(row["lower"] / row["nights_counted"], row["upper"] / row["nights_counted"]),
            note,
        )
    ]


def _name(month: pd.Timestamp) -> str:
    """Name a month."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def _bounds(lower: float, upper: float) -> str:
    """Write both bounds, or that there is nothing between them."""
    if not pd.isna(upper) and lower == upper:
        return "exact"
    return f"bounds: {_known(lower)} to {_known(upper)}"


def _claims(row: "pd.Series[Any]") -> tuple[str, str, str]:
    """Write what was claimed at least, is expected and was claimed at most."""
    return _known(row["lower"]), _known(np.round(row["expected"])), _known(row["upper"])


def _known(value: float) -> str:
    """Write a number that may be unknown: a bound, or a sum of no nights."""
    return "unknown" if pd.isna(value) else number(value)
