"""Numbers given by night beside the counts, covariates and offsets, laid out and checked."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.models.given_numbers import as_floats, frame_of_floats, usable


def by_night(name: str, given: Any, nights: pd.Index) -> pd.DataFrame:  # noqa: ANN401
    """Bring numbers by night onto the nights, a column each.

    Parameters
    ----------
    name : str
        What errors call them.
    given : pd.Series, pd.DataFrame or array
        Series and frames are taken by their index, rows of an array in the order of the nights;
        columns without a name are numbered from 1.
    nights : pd.Index
        Shape (n,).

    Raises
    ------
    FitError
        If they hold no numbers, name a night or column twice, or do not reach all of the nights.

    Examples
    --------
    >>> by_night("exog", [0.5, 2.0], pd.RangeIndex(2))
         1
    0  0.5
    1  2.0
    """
    if isinstance(given, pd.Series):
        given = given.to_frame(1 if given.name is None else given.name)
    if not isinstance(given, pd.DataFrame):
        values = as_floats(name, given)
        values = values[:, np.newaxis] if values.ndim == 1 else values
        if values.ndim != 2 or len(values) != len(nights):
            raise FitError(
                f"{name} has the shape {values.shape}, the counts have {len(nights)} nights.",
                "Give one row per night, or index it by night.",
            )
        given = pd.DataFrame(values, index=nights, columns=range(1, values.shape[1] + 1))
    if given.index.has_duplicates:
        raise FitError(f"{name} repeats a night.", "Give one row per night.")
    frame = frame_of_floats(name, given).reindex(nights)
    missing = ~usable(frame.to_numpy())
    if missing.any():
        wrong = nights[np.flatnonzero(missing.any(axis=1))].astype(str)
        columns = ", ".join(
            str(column) for column in frame.columns[np.flatnonzero(missing.any(axis=0))][:5]
        )
        raise FitError(
            f"{name} has no finite number (within 2**53) on {len(wrong)} of the {len(nights)} "
            f"nights, first on {wrong[0]} (columns: {columns}).",
            "Give one for each night, also for nights without a count.",
        )
    return frame
