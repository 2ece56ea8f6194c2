"""Which bulletins of a ledger can be added up as they stand, and which nights they fill.

A bulletin is plain if one complete version of it gives every count of one measure for one region,
its window lies in one slot of time and overlaps no other bulletin's. A slot is settled if all its
bulletins are plain and no figure that contains others reaches into it; the bulletins of all other
slots need the whole of `analysis.accounting`.
"""

from dataclasses import dataclass

import numpy as np

from analysis.accounting import cut_slots
from analysis.accounting.nights import EDGE, Bools, Floats, Ints, Slots
from analysis.accounting.tally import NEVER
from analysis.panel.claims_files import ClaimFiles, Columns
from analysis.panel.claims_sql import (
    COUNTS,
    DIRECTION,
    HARD,
    MEASURE,
    OTHER_DIRECTION,
    OTHER_MEASURE,
    OTHER_WEAPON,
    PART,
    TOTAL,
    WEAPON,
)

#: Kinds of source from this on tell what others said.
REPORT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """S nights that plain bulletins fill over R regions.

    Attributes
    ----------
    night : Ints
        Labels in days since 1970-01-01, shape (S,), increasing.
    counts : Ints
        Shape (S, R + 1): the regions, and last all together.
    coverage : Floats
        Share of each night inside the windows, shape (S,).
    bulletins : tuple of str
        Identities of the bulletins of each night, joined by a space.
    """

    night: Ints
    counts: Ints
    coverage: Floats
    bulletins: tuple[str, ...]

    @classmethod
    def none(cls, regions: int) -> "Settled":
        """No nights of so many regions."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, np.zeros((0, regions + 1), dtype=np.int64), np.zeros(0), ())


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """How the versions of a ledger's bulletins are to be counted; they are known by position.

    Attributes
    ----------
    plain : Ints
        Those that are added up as they stand, shape (P,).
    slot, start, end : Ints
        Of each of them the slot and the window, shape (P,).
    counts : Bools
        Whether it claims more than 0, shape (P,).
    beside : bool
        Whether there are claims of the direction that are not in scope.
    picked : Ints
        Those of the plain ones whose bulletin has other versions, too.
    others : Ints
        Those whose bulletins are to be accounted for, or looked at for the regions they name.
    slots : Slots
        Around all of them.
    """

    plain: Ints
    slot: Ints
    start: Ints
    end: Ints
    counts: Bools
    beside: bool
    picked: Ints
    others: Ints
    slots: Slots

    @property
    def coverage(self) -> Floats:
        """Share of each slot inside the windows of its plain bulletins, which do not overlap."""
        length = (self.end - self.start).astype(float)
        covered = np.bincount(self.slot, weights=length, minlength=self.slots.night.size)
        return np.clip(covered / self.slots.length, 0.0, 1.0)


def survey_bulletins(ledger: ClaimFiles, claimant: str) -> Survey:
    """Tell the bulletins that can be added up from those that need the accounting.

    Whatever is in doubt needs it.
    """
    told = ledger.versions()
    bits, rival = told["bits"], told["number"] > 0
    in_direction = bits & DIRECTION > 0
    in_scope = in_direction & (bits & WEAPON > 0) & (bits >= MEASURE)
    decided = np.zeros(int(told["number"].max(initial=0)) + 1, dtype=bool)
    decided[told["number"][told["counts"]]] = True
    certain = np.where(rival, told["counts"], told["kind"] < REPORT)
    # A version that lost stands beside the one that counts, whose window it must not touch.
    lost = rival & decided[told["number"]] & ~told["counts"]
    inside = np.flatnonzero(in_scope & ~lost)
    start, end = told["first_begin"][inside], told["last_end"][inside]
    timeless = start == NEVER
    figures = ledger.figure_hours()
    moments = np.concatenate([start[~timeless], end[~timeless], *figures])
    slots = cut_slots(moments, claimant, ledger.scope)
    # What has no time at all waits at the beginning: it is not plain, and fills nothing.
    start[timeless] = end[timeless] = slots.edges[1]
    simple = (certain & is_simple(told))[inside]
    slot = find_plain(simple, start, end, figures, slots)
    plain = slot >= 0
    # Of the direction's other claims only the names of regions are wanted.
    beside = in_direction & ~in_scope
    beside &= rival | (told["kind"] == REPORT) | (bits & OTHER_DIRECTION > 0)
    return Survey(
        plain=inside[plain],
        slot=slot[plain],
        start=start[plain],
        end=end[plain],
        counts=(bits & COUNTS > 0)[inside[plain]],
        beside=bool((in_direction & (bits & (OTHER_WEAPON | OTHER_MEASURE) > 0)).any()),
        picked=inside[plain & rival[inside]],
        others=np.concatenate([inside[~plain], np.flatnonzero(beside)]),
        slots=slots,
    )


def is_simple(told: Columns) -> Bools:
    """Which versions give each count, all of one measure, for one region and in one window.

    Parameters
    ----------
    told : dict of arrays
        ``bits``, ``balance`` and hours, as from `claims_sql.versions`.
    """
    bits = told["bits"]
    measure = bits // MEASURE
    sound = (bits & HARD == 0) & (bits & (TOTAL | PART) > 0)
    whole = (bits & TOTAL == 0) | (told["balance"] == 0)
    steady = told["first_begin"] == told["last_begin"]
    steady &= told["first_end"] == told["last_end"]
    simple: Bools = sound & (measure & (measure - 1) == 0) & whole & steady
    return simple


def find_plain(
    simple: Bools, start: Ints, end: Ints, figures: tuple[Ints, Ints], slots: Slots
) -> Ints:
    """Find the slot of each plain bulletin.

    Parameters
    ----------
    simple : Bools
        Which of B bulletins have a version that counts and gives each count for one region.
    start, end : Ints
        Moments between which each can count, shape (B,); its window, if it is simple.
    figures : tuple of Ints
        Start and end of the windows of C figures that contain others.
    slots : Slots
        Around all of them.

    Returns
    -------
    Ints
        Shape (B,); -1 for a bulletin that is not plain, or lies in a slot that is not settled.

    Examples
    --------
    >>> slots = Slots(np.array([0, 10, 20, 30]), np.array([1, 2, 3]))
    >>> start, end, none = np.array([2, 5, 21]), np.array([6, 8, 29]), np.zeros(0, int)
    >>> find_plain(np.ones(3, bool), start, end, (none, none), slots).tolist()
    [-1, -1, 2]
    """
    first = np.searchsorted(slots.edges, start, side="right") - 1
    last = np.searchsorted(slots.edges, end, side="left") - 1
    plain = simple & (first == last) & ~overlapping(start, end)
    # Every slot that one of the others, or a figure, may touch is left to the accounting.
    begins = np.searchsorted(slots.edges, figures[0] - EDGE, side="right") - 1
    ends = np.searchsorted(slots.edges, figures[1] + EDGE, side="left") - 1
    steps = np.zeros(slots.night.size + 1, dtype=np.int64)
    np.add.at(steps, np.concatenate([first[~plain], begins]), 1)
    np.add.at(steps, np.concatenate([last[~plain], ends]) + 1, -1)
    touched = np.cumsum(steps[:-1]) > 0
    found: Ints = np.where(plain & ~touched[first], first, -1)
    return found


def overlapping(start: Ints, end: Ints) -> Bools:
    """Which windows have time in common with another one, shape (B,)."""
    order = np.lexsort((end, start))
    start, end = start[order], end[order]
    found = np.zeros(start.size, dtype=bool)
    found[1:] |= start[1:] < np.maximum.accumulate(end)[:-1]
    found[:-1] |= start[1:] < end[:-1]
    shared = np.empty_like(found)
    shared[order] = found
    return shared
