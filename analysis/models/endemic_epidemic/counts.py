"""The counts a model of several regions starts from."""

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats


def check_counts(counts: pd.DataFrame | Floats) -> pd.DataFrame:
    """Check a table of counts and give it one row for every night.

    Parameters
    ----------
    counts : pd.DataFrame or array
        Row (night) x unit. With dates as index, calendar nights that it skips become rows without
        numbers; other indices, and dates further apart than a day, are taken as successive.

    Returns
    -------
    pd.DataFrame
        Floats, NaN where there is no number.

    Raises
    ------
    FitError
        If the table is empty, names a unit or row twice, or holds negative, infinite or no counts.
    """
    if not isinstance(counts, pd.DataFrame):
        array = np.asarray(counts, dtype=float)
        if array.ndim != 2:
            raise FitError(
                f"The counts have {array.ndim} dimensions.", "Give them as night x region."
            )
        counts = pd.DataFrame(array)
    if counts.shape[0] < 2 or counts.shape[1] < 1:
        raise FitError(
            f"The counts have {counts.shape[0]} rows and {counts.shape[1]} units.",
            "Give at least two nights and one unit; a night is explained by the one before.",
        )
    for what, labels in (("unit", counts.columns), ("night", counts.index)):
        twice = labels[labels.duplicated()].unique()
        if len(twice):
            raise FitError(
                f"The counts hold {len(twice)} labels of a {what} twice: "
                f"{', '.join(map(str, twice[:5]))}.",
                "Add them up, or give one of them.",
            )
    try:
        counts = counts.astype(float)
    except (TypeError, ValueError):
        raise FitError("The counts hold text.", "Give numbers, NaN where there is none.") from None
    counts = _every_night(counts.sort_index())
    values = counts.to_numpy()
    wrong = int(((values < 0) | np.isinf(values)).sum())
    if wrong:
        raise FitError(
            f"{wrong} counts are negative or infinite.", "Give numbers >= 0, NaN where missing."
        )
    if np.isnan(values).all():
        raise FitError("All counts are missing.", "Choose a period with bulletins.")
    if not np.nansum(values) > 0:
        raise FitError(
            f"All {int((~np.isnan(values)).sum())} counts are zero.",
            "Choose a period or regions with claims.",
        )
    return counts


def _every_night(counts: pd.DataFrame) -> pd.DataFrame:
    """Fill up the calendar of a nightly table."""
    index = counts.index
    if not isinstance(index, pd.DatetimeIndex):
        return counts
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
