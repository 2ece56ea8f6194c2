"""What people give to models, checked once for all: counts, nights, whole numbers, levels."""

from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats

#: Above this floating point skips whole numbers.
LARGEST_COUNT: Final = 2.0**53
#: A record that spans more nights than these hundred years has a mistyped date.
LONGEST_RECORD: Final = 36_525
#: Nights ahead: nothing is foretold beyond ten years.
FARTHEST: Final = 3_653
#: Numbers that a forecast or simulation holds at once: 0.8 GB an array.
ROOM: Final = 100_000_000

Table = TypeVar("Table", pd.Series, pd.DataFrame)


def as_floats(what: str, given: Any) -> Floats:  # noqa: ANN401 - whatever people give
    """Whatever array was given as floats; ``what`` it is begins the sentence of the error.

    Raises
    ------
    FitError
        If it is not made of real numbers.

    Examples
    --------
    >>> as_floats("exog", ["x"])
    Traceback (most recent call last):
    analysis.errors.FitError: exog is no array of numbers. Give numbers.
    """
    try:
        if np.iscomplexobj(given):
            raise TypeError("complex numbers")
        return np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise FitError(f"{what} is no array of numbers.", "Give numbers.") from None


def frame_of_floats(what: str, given: pd.DataFrame) -> pd.DataFrame:
    """Give a frame of covariates back as floats.

    Raises
    ------
    FitError
        If it names a column twice or is not made of real numbers.
    """
    twice = given.columns[given.columns.duplicated()]
    if len(twice):
        raise FitError(f"{what} has two columns {twice[0]}.", "Give each column its own name.")
    try:
        if any(pd.api.types.is_complex_dtype(kind) for kind in given.dtypes):
            raise TypeError("complex numbers")
        return given.astype(float)
    except (TypeError, ValueError):
        raise FitError(f"{what} is no table of numbers.", "Give numbers.") from None


def usable(values: Floats) -> NDArray[np.bool_]:
    """Whether numbers are there, finite and within 2**53, beyond which no model reckons."""
    return np.asarray(np.abs(np.nan_to_num(values, nan=np.inf)) <= LARGEST_COUNT)


def read_numbers(counts: Table) -> Table:
    """Counts as floats, NaN where there is none.

    Raises
    ------
    FitError
        If they are text, dates or complex, or some are negative, infinite or above 2**53.
    """
    kinds = counts.dtypes if isinstance(counts, pd.DataFrame) else [counts.dtype]
    try:
        if any(pd.api.types.is_complex_dtype(kind) for kind in kinds):
            raise TypeError("complex numbers")
        found = counts.astype(float)
    except (TypeError, ValueError):
        raise FitError(
            "The counts are not numbers.", "Give one number per night, NaN where there is none."
        ) from None
    for what, wrong in (
        ("negative or infinite", (found < 0) | np.isinf(found)),
        ("above 2**53, where floating point skips whole numbers", found > LARGEST_COUNT),
    ):
        _refuse(found, what, np.asarray(wrong, dtype=bool))
    return found


def every_night(counts: Table) -> Table:
    """Sort counts by night; a nightly record gets a row for every night of its calendar.

    Rows that are equally far apart otherwise, and labels that are no dates, are taken as
    successive.

    Raises
    ------
    FitError
        If a label occurs twice, dates are text, periods, missing or carry a time zone, lie parts of
        a day or more than a century apart, or are not equally far apart.
    """
    index = counts.index
    twice = index[index.duplicated()].unique()
    if len(twice):
        raise FitError(
            f"{len(twice)} nights occur more than once: {_labels(twice)}.",
            "Give one count per night.",
        )
    require_dates(index)
    if not isinstance(index, pd.DatetimeIndex) or len(index) < 2:
        return counts
    counts = counts.sort_index()
    index = counts.index
    steps = np.diff(index.to_numpy()) / np.timedelta64(1, "D")
    if steps.min() == 1 and steps.max() > 1:
        if (steps % 1).any():
            raise FitError(
                "The nights of the counts lie parts of a day apart.", "Label them by date alone."
            )
        return counts.reindex(pd.date_range(index[0], index[-1], freq="D", name=index.name))
    if steps.max() > 1.001 * steps.min():
        raise FitError(
            "The rows of the counts are neither nightly nor equally far apart.",
            "Give every row of a regular calendar, NaN where there is no number.",
        )
    return counts


def require_dates(index: pd.Index) -> None:
    """Refuse labels that mean dates and are none, or none of one record.

    Raises
    ------
    FitError
        See `every_night`.
    """
    if index.inferred_type in ("string", "date", "datetime", "period"):
        raise FitError(
            f"The nights are labelled by text or periods, as {index[0]!r}.",
            "Convert the labels to dates (pd.to_datetime, or to_timestamp of periods).",
        )
    if not isinstance(index, pd.DatetimeIndex) or index.empty:
        return
    if index.tz is not None:
        raise FitError(
            f"The nights carry the time zone {index.tz}.",
            "Label them by date alone (tz_localize(None)).",
        )
    if index.hasnans:
        raise FitError(
            f"{np.count_nonzero(index.isna())} of {len(index)} nights have no date.",
            "Give each count its night, or leave it out.",
        )
    if (index.max() - index.min()).days > LONGEST_RECORD:
        raise FitError(
            f"The nights run from {index.min():%Y-%m-%d} to {index.max():%Y-%m-%d}, more than a "
            "century.",
            "Correct the date that is mistyped, or give a part of the record.",
        )


def whole_number(name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """Return a whole number within its range.

    Raises
    ------
    FitError
        If it is none.

    Examples
    --------
    >>> whole_number("horizon", np.int64(3))
    3
    >>> whole_number("horizon", 1.5)
    Traceback (most recent call last):
    analysis.errors.FitError: horizon is 1.5. Give a whole number of at least 1.
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        found = int(value)
        if least <= found and (most is None or found <= most):
            return found
    upto = "" if most is None else f" and at most {most}"
    raise FitError(f"{name} is {value!r}.", f"Give a whole number of at least {least}{upto}.")


def nights_ahead(horizon: object) -> int:
    """Return the length of a forecast in nights, at most ten years.

    Raises
    ------
    FitError
        If it is no such number.
    """
    return whole_number("horizon", horizon, most=FARTHEST)


def require_room(nights: int, paths: int, regions: int = 1) -> None:
    """Refuse more simulated numbers than fit into memory.

    Raises
    ------
    FitError
        If they are more than 100 million.

    Examples
    --------
    >>> require_room(1000, 1_000_000)
    Traceback (most recent call last):
    analysis.errors.FitError: 1000 nights of 1 regions along 1000000 paths are more than 100000000 \
numbers. Ask for fewer nights or paths.
    """
    if nights * paths * regions > ROOM:
        raise FitError(
            f"{nights} nights of {regions} regions along {paths} paths are more than {ROOM} "
            "numbers.",
            "Ask for fewer nights or paths.",
        )


def _refuse(counts: pd.Series | pd.DataFrame, what: str, wrong: NDArray[np.bool_]) -> None:
    """Raise for the counts marked, at most five by label."""
    if not wrong.any():
        return
    values = counts.to_numpy(dtype=float)
    quoted = []
    for at in np.argwhere(wrong)[:5]:
        label = _label(counts.index[at[0]])
        unit = f", {counts.columns[at[1]]}" if isinstance(counts, pd.DataFrame) else ""
        quoted.append(f"{values[tuple(at)]:g} at {label}{unit}")
    number = int(wrong.sum())
    more = f" and {number - 5} more" if number > 5 else ""
    raise FitError(
        f"{number} counts are {what} ({'; '.join(quoted)}{more}).",
        "Correct them at their source.",
    )


def _label(label: object) -> str:
    """A night by its date, any other label as it is."""
    return f"{label:%Y-%m-%d}" if isinstance(label, pd.Timestamp) else str(label)


def _labels(labels: pd.Index) -> str:
    """At most five labels, and how many more."""
    more = f" and {len(labels) - 5} more" if len(labels) > 5 else ""
    return ", ".join(_label(label) for label in labels[:5]) + more
