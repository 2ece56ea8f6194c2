"""Numbers, dates and intervals as captions and the report write them."""

from typing import Final

import pandas as pd

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def held_by_intervals(table: pd.DataFrame) -> str:
    """Say which uncertainty the intervals of a table hold; its column ``draws`` knows."""
    draws = table["draws"].iloc[0]
    if draws > 1:
        return (
            f"Intervals hold the chance of nights that lean on one another and, by {draws} draws, "
            f"how open counts fall on regions; they do not hold false claims."
        )
    return (
        "Intervals hold the chance of nights that lean on one another, not how open counts fall on "
        "regions, and not false claims."
    )


def in_words(night: pd.Timestamp) -> str:
    """Write a date as people do, whatever the locale.

    Examples
    --------
    >>> in_words(pd.Timestamp("2025-11-01"))
    '1 November 2025'
    """
    return f"{night.day} {MONTHS[night.month - 1]} {night.year}"


def interval_at(level: float) -> str:
    """Name an interval by its level.

    Examples
    --------
    >>> interval_at(0.95)
    '95 % interval'
    """
    return f"{100 * level:g} % interval"


def number(value: float) -> str:
    """Write a count for reading: thousands apart, one decimal only where there is one.

    Examples
    --------
    >>> number(12345.0), number(3.25)
    ('12,345', '3.2')
    """
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"
