"""Nights on a clock: which hours are a night, where a window falls, how much of a night is covered.

Arrays only. Moments are int64 microseconds since 1970-01-01 UTC, windows half-open.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from analysis.errors import PanelError

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

MINUTE = 60_000_000
DAY = 1440 * MINUTE
#: A stated window may pass an edge of the night by this much and still count whole.
EDGE = 60 * MINUTE
#: The number of the night in the slots between the nights.
BETWEEN = -(2**62)

_CLOCK_TIME = re.compile(r"(\d{1,2}):([0-5]\d)")


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Time cut into nights and the hours between them.

    Attributes
    ----------
    edges : Ints
        Moments, shape (n + 1,), increasing; slot i is ``edges[i] <= moment < edges[i + 1]``.
    night : Ints
        Shape (n,): the date that labels the night, in days since 1970-01-01; ``BETWEEN`` for the
        hours between two nights.
    """

    edges: Ints
    night: Ints

    @property
    def length(self) -> Ints:
        """Microseconds in each slot, shape (n,)."""
        return np.diff(self.edges)


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Which slots each window falls into; one entry per window and slot, sorted by both.

    Attributes
    ----------
    window, slot : Ints
        Positions of the window and the slot, shape (entries,).
    share : Floats
        Share of the window that the slot gets, shape (entries,); sums to 1 over each window.
    whole : Bools
        Shape (windows,): whether one slot gets all of it.
    edge : Bools
        Shape (windows,): whole although the window passes an edge.
    """

    window: Ints
    slot: Ints
    share: Floats
    whole: Bools
    edge: Bools


def read_hours(night: tuple[str, str]) -> tuple[int, int]:
    """Read the two times of day between which a night lies, as minutes after midnight.

    An end that is not after the start lies on the next day; equal times mean 24 hours.

    Raises
    ------
    PanelError
        If ``night`` is not two times of day, or longer than 24 hours.

    Examples
    --------
    >>> read_hours(("20:00", "08:00")), read_hours(("00:00", "24:00"))
    ((1200, 480), (0, 0))
    """
    times = list(night) if isinstance(night, list | tuple) else []
    found = [_CLOCK_TIME.fullmatch(t) if isinstance(t, str) else None for t in times]
    minutes = [60 * int(m[1]) + int(m[2]) for m in found if m]
    if len(times) != 2 or len(minutes) != 2 or max(minutes) > 1440:
        told = len(times) == len(minutes) == 2
        long = told and minutes[1] - minutes[0] > 1440
        why = "is longer than 24 hours" if long else "is not two times of day"
        raise PanelError(
            f"night is {night!r}, which {why}.",
            'Give start and end between "00:00" and "24:00", e.g. night=("20:00", "08:00").',
        )
    return minutes[0] % 1440, minutes[1] % 1440


def read_clock(tz: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises
    ------
    PanelError
        If no zone has that name.

    Examples
    --------
    >>> read_clock("Europe/Kyiv").key
    'Europe/Kyiv'
    """
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise PanelError(
            f"tz is {tz!r}, which no time zone is called.",
            'Give an IANA name, e.g. tz="Europe/Moscow".',
        ) from None


def build_slots(hours: tuple[int, int], clock: ZoneInfo, first: int, last: int) -> Slots:
    """Cut the time around ``first`` to ``last`` (moments) into nights and the hours between.

    A night is labelled by the date of its last minute, on the clock given: the morning's date for
    20:00 to 08:00, the day's own date for 08:00 to 20:00 and 00:00 to 24:00.

    Examples
    --------
    >>> slots = build_slots((1200, 480), ZoneInfo("Europe/Moscow"), 0, 0)
    >>> (slots.length // (60 * MINUTE)).tolist()[:3]
    [12, 12, 12]
    """
    start, end = hours[0], hours[1] or 1440
    opens = 0 if end > start else -1
    days = range(first // DAY - 3, last // DAY + 4)
    starts = np.array([_moment(day + opens, start, clock) for day in days], dtype=np.int64)
    if start == end % 1440:
        nights = np.array(days[:-1], dtype=np.int64)
        return Slots(starts, nights)
    ends = np.array([_moment(day, end, clock) for day in days], dtype=np.int64)
    edges = np.column_stack([starts, ends]).ravel()
    labels = np.full(edges.size - 1, BETWEEN, dtype=np.int64)
    labels[::2] = days
    return Slots(edges, labels)


def place_windows(start: Ints, end: Ints, tolerance: Ints, slots: Slots) -> Placement:
    """Share windows out over the slots that they touch.

    A window that passes the edges of the slot with its largest part (tie: the later) by at most
    ``tolerance`` on either side goes there whole, any other by its share of hours.

    Parameters
    ----------
    start, end, tolerance : Ints
        Shape (windows,), in microseconds; every window must lie inside ``slots``.
    slots : Slots

    Examples
    --------
    >>> slots = build_slots((1200, 480), ZoneInfo("UTC"), 0, 0)
    >>> at = lambda hour: np.array([hour * 60 * MINUTE])
    >>> place_windows(at(16), at(22), at(1), slots).share.round(3).tolist()
    [0.667, 0.333]
    """
    first = np.searchsorted(slots.edges, start, side="right") - 1
    last = np.searchsorted(slots.edges, end, side="left") - 1
    touched = last - first + 1
    window, step = spread(touched)
    slot = first[window] + step
    part = np.minimum(end[window], slots.edges[slot + 1]) - np.maximum(
        start[window], slots.edges[slot]
    )
    by_part = np.lexsort((slot, part, window))
    main = slot[by_part[np.cumsum(touched) - 1]]
    before = slots.edges[main] - start
    after = end - slots.edges[main + 1]
    whole = np.maximum(before, after) <= np.maximum(tolerance, 0)
    keep = ~whole[window] | (slot == main[window])
    share = np.where(whole[window], 1.0, part / (end - start)[window])
    return Placement(window[keep], slot[keep], share[keep], whole, whole & (touched > 1))


def spread(repeats: Ints) -> tuple[Ints, Ints]:
    """Repeat each position ``repeats[i]`` times and number the repeats from 0.

    Examples
    --------
    >>> [a.tolist() for a in spread(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    owner = np.repeat(np.arange(repeats.size), repeats)
    return owner, np.arange(owner.size) - np.repeat(np.cumsum(repeats) - repeats, repeats)


def cover_slots(start: Ints, end: Ints, slots: Slots) -> Floats:
    """Return the share of each slot that lies inside at least one window, shape (slots,)."""
    covered = np.zeros(slots.night.size)
    if start.size == 0:
        return covered
    order = np.lexsort((end, start))
    start, end = start[order], end[order]
    # What lies before the furthest end so far is covered already.
    reached = np.concatenate([start[:1], np.maximum.accumulate(end)[:-1]])
    start = np.maximum(start, reached)
    fresh = start < end
    apart = np.zeros(int(fresh.sum()), dtype=np.int64)
    placed = place_windows(start[fresh], end[fresh], apart, slots)
    length = (end - start)[fresh][placed.window] * placed.share
    np.add.at(covered, placed.slot, length)
    return np.clip(covered / slots.length, 0.0, 1.0)


def _moment(day: int, minutes: int, clock: ZoneInfo) -> int:
    """Moment at which the clock shows ``minutes`` after midnight of ``day``."""
    date = datetime.fromordinal(day + _EPOCH.toordinal()) + timedelta(days=minutes // 1440)
    local = datetime.combine(date, time(minutes % 1440 // 60, minutes % 60), tzinfo=clock)
    return (local - _EPOCH) // timedelta(microseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
