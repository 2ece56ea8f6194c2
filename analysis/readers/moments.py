"""Moments as files write them, in UTC; what is doubtful is refused."""

from datetime import UTC, date, datetime
from typing import Final

#: A time outside these years is a mistake.
YEARS: Final = range(2000, 2100)


class BadMoment(Exception):  # noqa: N818  (not an error that leaves the readers)
    """What is wrong with a time, as the end of a sentence that begins with the time."""


def read_moment(written: object, *, bare_is_utc: bool = False) -> datetime:
    """Read a moment in ISO 8601.

    Parameters
    ----------
    written : object
        What stands in the file.
    bare_is_utc : bool
        Take a time without a zone for UTC, instead of refusing it.

    Raises
    ------
    BadMoment
        If it is no time, names no time of day or no zone, or lies in another age.

    Examples
    --------
    >>> read_moment("2025-11-01T07:24+03:00").isoformat()
    '2025-11-01T04:24:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(written)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise BadMoment("is no time") from None
    if _is_date(str(written)):
        raise BadMoment("names no time of day")
    if moment.tzinfo is None and not bare_is_utc:
        raise BadMoment("names no time zone")
    return in_utc(moment)


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is UTC.

    Raises
    ------
    BadMoment
        If it lies in another age.
    """
    if moment.year not in YEARS:
        raise BadMoment(f"lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _is_date(written: str) -> bool:
    """Whether a text is a day without a time."""
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
