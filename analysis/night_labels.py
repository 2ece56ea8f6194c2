"""The date that labels a night, read from what people write."""

import pandas as pd

from analysis.errors import AnalysisError


def read_night(name: str, value: object, error: type[AnalysisError]) -> pd.Timestamp:
    """Return the midnight of a date; anything but a plain date is refused.

    Parameters
    ----------
    name : str
        What the date is for, as the reader of the message knows it.
    value : object
        A date such as "2025-11-01", or something pandas takes for one.
    error : type
        What is raised.

    Examples
    --------
    >>> read_night("since", "2025-11-01", AnalysisError)
    Timestamp('2025-11-01 00:00:00')
    >>> read_night("since", "soon", AnalysisError)
    Traceback (most recent call last):
    analysis.errors.AnalysisError: since is 'soon', which is not a date. Write it as 2025-11-01.
    """
    try:
        night = pd.Timestamp(value)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError):
        night = pd.NaT  # type: ignore[assignment]
    if pd.isna(night) or night.tzinfo is not None:
        problem = f"{name} is {value!r}, which is not a date."
        raise error(problem, "Write it as 2025-11-01.") from None
    return night.normalize()
