"""What a model of nightly counts starts from: one number or none for every calendar night."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import read_numbers, require_dates
from analysis.night_labels import read_night

#: Coverage that the default period keeps: share of its nights with a bulletin.
COVERED_SHARE: Final = 0.95
#: Coverage is judged over at least this many nights; over fewer it is a matter of luck.
JUDGED_FROM: Final = 30
#: Nights with a certain claim that a trend needs.
FEWEST_CERTAIN: Final = 10
#: States of a night on which the claimant published a number.
PUBLISHED: Final = ("exact", "bounded")


@dataclass(frozen=True, slots=True, eq=False)
class NightCounts:
    """Counts of a period, one entry for every calendar night.

    Attributes
    ----------
    nights : pd.DatetimeIndex
        Successive nights, shape (n,).
    values : Floats
        Counts, shape (n,); NaN on nights without a number.
    bounded : NDArray[np.bool_]
        Nights whose number is an expectation within bounds, shape (n,).
    """

    nights: pd.DatetimeIndex
    values: Floats
    bounded: NDArray[np.bool_]


def night_counts(
    series: pd.Series | pd.DataFrame,
    start: str | pd.Timestamp | None,
    end: str | pd.Timestamp | None,
    silence: str | None,
) -> NightCounts:
    """Check a series or a frame of nightly totals and cut it to its period.

    Raises
    ------
    FitError
        If the argument is neither, repeats a night, has no plain dates, or holds what no count can
        be.
    """
    frame = _frame(series, silence)
    calendar = pd.date_range(frame.index.min(), frame.index.max(), freq="D", name="night")
    frame = frame.reindex(calendar)
    published = frame["state"].isin(PUBLISHED).to_numpy()
    given = _first_night(calendar, published, frame["expected"]) if start is None else start
    first = read_night("start", given, FitError)
    last = calendar[-1] if end is None else read_night("end", end, FitError)
    frame = frame.loc[first:last]
    if frame.empty:
        raise FitError(
            f"No night lies between {first:%Y-%m-%d} and {last:%Y-%m-%d}; the series runs from "
            f"{calendar[0]:%Y-%m-%d} to {calendar[-1]:%Y-%m-%d}.",
            "Choose start and end within it.",
        )
    return NightCounts(
        pd.DatetimeIndex(frame.index),
        frame["expected"].to_numpy(dtype=float),
        (frame["state"] == "bounded").to_numpy(),
    )


def split_draws(series: pd.Series | pd.DataFrame) -> list[pd.Series | pd.DataFrame]:
    """Return each draw of a frame with a column ``draw``, in their order; else what was given."""
    if not isinstance(series, pd.DataFrame) or "draw" not in series or series.empty:
        return [series]
    return [one for _, one in series.groupby("draw", sort=True)]


def first_covered(published: NDArray[np.bool_]) -> int | None:
    """Find the first night from which bulletins are the rule.

    Parameters
    ----------
    published : NDArray[np.bool_]
        Shape (n,): whether each successive night has a bulletin.

    Returns
    -------
    int or None
        The earliest published night from which more than 95 % of the next 30 nights and more
        than 95 % of all nights to the end have a bulletin; None without one. So neither a bad
        start nor a bad rest can hide in a good average, and one gap of a few nights much later
        does not throw away what lies before it.

    Examples
    --------
    >>> first_covered(np.array([True, False, False] + 40 * [True]))
    3
    """
    n = len(published)
    if n < JUDGED_FROM:
        return None
    cumulated = np.concatenate([[0], np.cumsum(published)])
    starts = np.arange(n - JUDGED_FROM + 1)
    soon = (cumulated[starts + JUDGED_FROM] - cumulated[starts]) / JUDGED_FROM
    to_the_end = (cumulated[-1] - cumulated[starts]) / (n - starts)
    covered = published[starts] & (soon > COVERED_SHARE) & (to_the_end > COVERED_SHARE)
    return int(covered.argmax()) if covered.any() else None


def _frame(series: pd.Series | pd.DataFrame, silence: str | None) -> pd.DataFrame:
    """Take ``expected`` and ``state`` by night, silence read as asked."""
    if silence not in (None, "missing", "zero"):
        raise FitError(
            f"silence is {silence!r}.", 'Choose "missing", "zero" or None (as the series has it).'
        )
    if isinstance(series, pd.Series):
        frame = _from_series(series, silence)
    elif isinstance(series, pd.DataFrame) and {"night", "state", "expected"} <= set(series):
        _require_certain(series)
        frame = series.set_index("night")[["expected", "state"]]
    else:
        raise FitError(
            "The model needs counts per night.",
            "Give a Series indexed by night, or the frame of nightly_totals "
            "(columns night, state, expected).",
        )
    if not isinstance(frame.index, pd.DatetimeIndex) or frame.empty:
        raise FitError(
            "The series is empty or not indexed by dates.",
            "Index it by night, as datetime64.",
        )
    repeated = frame.index[frame.index.duplicated()].unique()
    if len(repeated):
        raise FitError(
            f"{len(repeated)} nights occur more than once: {_quote(repeated)}.",
            "Give one count per night.",
        )
    require_dates(frame.index)
    timed = frame.index[frame.index != frame.index.normalize()]
    if len(timed):
        raise FitError(
            f"{len(timed)} nights carry a time of day, as {timed[0]:%Y-%m-%d %H:%M}.",
            "Label each night by the date of its morning.",
        )
    frame = frame.assign(expected=read_numbers(frame["expected"])).sort_index()
    if silence is not None:
        value = 0.0 if silence == "zero" else np.nan
        frame.loc[frame["state"] == "silent", "expected"] = value
    return frame


def _require_certain(frame: pd.DataFrame) -> None:
    """Refuse nights whose numbers are mere shares of lists that may name other regions."""
    if "lower" not in frame:
        return
    certain = int((pd.to_numeric(frame["lower"]) > 0).sum())
    claimed = int((pd.to_numeric(frame["expected"]) > 0).sum())
    if claimed >= JUDGED_FROM and certain < FEWEST_CERTAIN:
        raise FitError(
            f"A model needs {FEWEST_CERTAIN} nights on which a claim is certain, these have "
            f"{certain}.",
            "Choose a region that bulletins name more often, or a longer period.",
        )


def _from_series(series: pd.Series, silence: str | None) -> pd.DataFrame:
    """Make a frame from a plain series, whose numbers count as published."""
    if silence is not None:
        raise FitError(
            f'silence="{silence}" was asked of a Series, which does not say which of its '
            "nights were silent.",
            "Give the frame of nightly_totals, or leave silence out.",
        )
    state = np.where(series.isna(), "missing", "exact")
    return pd.DataFrame({"expected": series, "state": state}, index=series.index)


def _first_night(
    calendar: pd.DatetimeIndex, published: NDArray[np.bool_], expected: pd.Series
) -> pd.Timestamp:
    """Where the default period begins."""
    covered = first_covered(published)
    if covered is not None:
        return pd.Timestamp(calendar[covered])
    with_number = pd.DatetimeIndex(expected.dropna().index)
    if with_number.empty:
        raise FitError(
            f"None of the {len(calendar)} nights from {calendar[0]:%Y-%m-%d} to "
            f"{calendar[-1]:%Y-%m-%d} has a number.",
            "Give a series with counts.",
        )
    return with_number[0]


def _quote(nights: pd.DatetimeIndex) -> str:
    """At most five nights, and how many more."""
    shown = ", ".join(f"{night:%Y-%m-%d}" for night in nights[:5])
    return shown + (f" and {len(nights) - 5} more" if len(nights) > 5 else "")
