"""The time that stands for each bulletin when it is placed into nights."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.accounting.nights import BETWEEN, EDGE, MINUTE, Bools, Ints, Slots
from analysis.accounting.tally import NEVER, Tally

#: A bulletin without hours tells of the time since so long before its posting.
DELAY = 180 * MINUTE


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """The time that stands for each of B bulletins when it is placed; arrays of shape (B,).

    Attributes
    ----------
    start, end : Ints
        The window, or the moment at which a bulletin counts whole.
    tolerance : Ints
        By how much it may pass an edge and still count whole.
    dated : Bools
        Whether the window can contain or overlap others.
    entered : Bools
        Whether the bulletin enters the panel; most date-only rows do not enter a part of the day.
    certain : Bools
        Whether its slot is certain where it has but one; that of a date is not.
    undated : Bools
        Whether it names no usable hours, so that some before its posting are assumed.
    """

    start: Ints
    end: Ints
    tolerance: Ints
    dated: Bools
    entered: Bools
    certain: Bools
    undated: Bools


def suppose_hours(tally: Tally) -> Tally:
    """Give bulletins without usable hours those before they were posted, as assumed ones.

    They tell of what just happened: of the claims about an hour 99 % were posted within three.
    """
    bare = ~tally.usable & (tally.posted != NEVER)
    return replace(
        tally,
        start=np.where(bare, tally.posted - DELAY, tally.start),
        end=np.where(bare, tally.posted, tally.end),
        precision=np.where(bare, "assumed", tally.precision),
    )


def span_bulletins(tally: Tally, slots: Slots, per_attack: bool, undated: Bools) -> Spans:
    """Choose the time that stands for each bulletin."""
    window = tally.usable
    date_only = window & (tally.precision == "day")
    at_midpoint = date_only | (window & per_attack)
    # Halved before they are added: NEVER is the smallest of all numbers.
    start = np.where(at_midpoint, tally.start // 2 + tally.end // 2, tally.start)
    start = np.where(window, start, tally.posted)
    end = np.where(window & ~at_midpoint, tally.end, start + 1)
    tolerance = np.where(tally.precision == "stated", EDGE, 0)
    whole_days = bool((slots.night != BETWEEN).all())
    slot = np.searchsorted(slots.edges, tally.start, side="right")
    one_slot = slot == np.searchsorted(slots.edges, tally.end, side="left")
    entered = (~date_only | whole_days | one_slot) & (window | (tally.posted != NEVER))
    return Spans(
        start=start,
        end=end,
        tolerance=np.where(tally.precision == "point", end - start, tolerance),
        dated=window & entered & (not per_attack),
        entered=entered,
        certain=~date_only | whole_days,
        undated=undated,
    )
