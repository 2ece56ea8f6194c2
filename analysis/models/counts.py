"""The counts a model starts from: a series by night, or a table night x region."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import every_night, read_numbers
from analysis.models.period import night_counts


def read_counts(endog: pd.Series | pd.DataFrame | ArrayLike) -> pd.Series:
    """Counts of successive nights as floats, NaN on nights without a number.

    Raises
    ------
    FitError
        If they are no such counts.
    """
    if isinstance(endog, pd.DataFrame):
        counts = night_counts(endog, None, None, None)
        return pd.Series(counts.values, index=counts.nights, name="observed")
    given = endog if isinstance(endog, pd.Series) else pd.Series(_one_row(endog))
    return every_night(read_numbers(given).rename("observed"))


def read_count_table(counts: pd.DataFrame | Floats) -> pd.DataFrame:
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
        If the table is empty or without counts, names a unit or row twice, has rows that make no
        calendar, or holds what no count can be.
    """
    if not isinstance(counts, pd.DataFrame):
        array = np.asarray(counts)
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
    twice = counts.columns[counts.columns.duplicated()].unique()
    if len(twice):
        raise FitError(
            f"The counts hold {len(twice)} labels of a unit twice: "
            f"{', '.join(map(str, twice[:5]))}.",
            "Add them up, or give one of them.",
        )
    counts = every_night(read_numbers(counts))
    values = counts.to_numpy()
    if np.isnan(values).all():
        raise FitError("All counts are missing.", "Choose a period with bulletins.")
    if not np.nansum(values) > 0:
        raise FitError(
            f"All {int((~np.isnan(values)).sum())} counts are zero.",
            "Choose a period or regions with claims.",
        )
    return counts


def _one_row(values: ArrayLike) -> NDArray[np.generic]:
    """An array of one dimension."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise FitError(
            f"The counts have {array.ndim} dimensions.", "Give one count per night, shape (n,)."
        )
    return array
