"""Growth and doubling times of a fitted trend, by segment, in tables and sentences."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.inference.nb2 import Floats
from analysis.models.trend.growth_words import change_words, doubling_words, percent_words
from analysis.models.trend.regression import UNIT

if TYPE_CHECKING:
    from analysis.models.trend.results import TrendResults


def doubling_time(growth: float) -> float:
    """Nights to double at a log growth per 30 nights; negative: to halve; infinite at none.

    Examples
    --------
    >>> doubling_time(float(np.log(2))), doubling_time(0.0)
    (30.0, inf)
    """
    return float(UNIT * np.log(2) / growth) if growth != 0 else float("inf")


def segment_table(results: "TrendResults", level: float) -> pd.DataFrame:
    """Do what `TrendResults.segments` says."""
    log = results.conf_int(level)
    starts = [results.start, *results.model.terms.knots]
    ends = [*(knot - pd.Timedelta(days=1) for knot in starts[1:]), results.end]
    rows = []
    for slope, start, end in zip(results.model.terms.slopes, starts, ends, strict=True):
        row = _ends(log, slope)
        growth, doubling = np.expm1(row), [doubling_time(g) for g in row[[0, 2, 1]]]
        rows.append([start, end, *growth, *doubling, results.slope_probability(slope), level])
    names = "start end growth lower upper doubling_nights doubling_lower doubling_upper"
    return pd.DataFrame(rows, columns=[*names.split(), "p_growth", "level"])


def people_table(results: "TrendResults", level: float) -> pd.DataFrame:
    """Do what `TrendResults.summary` says."""
    log = results.conf_int(level)
    rows = {}
    for slope in results.model.terms.slopes:
        number = slope.removeprefix("growth")
        row = _ends(log, slope)
        rows[f"growth_per_30_nights{number}"] = np.expm1(row)
        rows[f"doubling_nights{number}"] = np.array([doubling_time(g) for g in row[[0, 2, 1]]])
    rows["mean_first_night"] = np.exp(_ends(log, "intercept"))
    others = [n for n in log.index[1:] if not n.startswith(("growth", "sin_", "cos_"))]
    rows |= {f"ratio_{name}": np.exp(_ends(log, name)) for name in others}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "lower", "upper"])
    table["level"] = level
    return table.rename_axis("quantity")


def segment_sentences(results: "TrendResults", level: float) -> str:
    """Do what `TrendResults.words` says."""
    table = results.segments(level)
    sentences = []
    for row in table.to_dict("records"):
        growth = np.array([row["growth"], row["lower"], row["upper"]])
        doubling = np.array([row[f"doubling_{n}"] for n in ("nights", "lower", "upper")])
        interval = (
            f" ({level * 100:g} % interval {percent_words(growth[1])} to "
            f"{percent_words(growth[2])}); {doubling_words(doubling, growth)}"
        )
        when = f"From {row['start']:%Y-%m-%d}: " if len(table) > 1 else ""
        sentence = f"{when}{change_words(growth[0])} per {UNIT} nights"
        sentences.append(sentence + ("" if results.given else interval) + ".")
    return " ".join(sentences)


def _ends(table: pd.DataFrame, parameter: str) -> Floats:
    """Estimate, lower and upper of one parameter."""
    values: Floats = table.loc[parameter, ["estimate", "lower", "upper"]].to_numpy(dtype=float)
    return values
