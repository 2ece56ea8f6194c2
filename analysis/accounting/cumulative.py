"""Figures that contain other bulletins: never added, used as a check and as a bound."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.accounting.nights import EDGE, Bools, Floats, Ints, Slots
from analysis.accounting.tally import NEVER, Tally, Words, moments_of
from analysis.vocabulary import OUTSIDE_ZONE

#: Slot -> how many of the counts of its open entries belong there, and the entries' positions.
Fixed: TypeAlias = dict[int, tuple[int, Ints]]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """C cumulative figures.

    Attributes
    ----------
    ids : Words
        The bulletins that give them, shape (C,), sorted.
    start, end : Ints
        Their own windows, shape (C,); ``NEVER`` where none is given.
    stated : Bools
        Whether the hours are stated rather than assumed, shape (C,).
    total : Ints
        The figure, or the part of it outside the operation zone, shape (C,).
    """

    ids: Words
    start: Ints
    end: Ints
    stated: Bools
    total: Ints

    @property
    def dated(self) -> Bools:
        """Which figures have hours, shape (C,); the others are shown, not used."""
        found: Bools = (self.start != NEVER) & (self.start < self.end)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Counts of bulletins in slots; E entries.

    Attributes
    ----------
    bulletin, slot : Ints
        Positions, shape (E,).
    certain, possible : Bools
        Whether the entry adds all its counts to the lower bound of the slot (else 0), and to the
        upper bound (else 0), shape (E,).
    expected : Floats
        Share of the bulletin's counts that the slot is expected to hold, shape (E,).
    """

    bulletin: Ints
    slot: Ints
    certain: Bools
    possible: Bools
    expected: Floats


def read_figures(claims: pd.DataFrame) -> Figures:
    """Read the cumulative figures of chosen versions; several measures of one window are added.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``; other relations are left out.
    """
    whole = claims[(claims["relation"] == "cumulative") & (claims["regions"] == "")]
    outside = claims[(claims["relation"] == "subset") & (claims["regions"] == OUTSIDE_ZONE)]
    keys = ["bulletin_id", "window_start", "window_end", "window_precision"]
    sums = whole.groupby(keys, as_index=False, dropna=False)["count"].sum()
    # Nightly bulletins count no drones over the front, so only the part outside it compares.
    part = outside.groupby(keys[:3], as_index=False, dropna=False)["count"].sum()
    sums = sums.merge(part, how="left", on=keys[:3], suffixes=("", "_outside"))
    total = sums["count_outside"].fillna(sums["count"])
    return Figures(
        ids=sums["bulletin_id"].to_numpy(dtype=object),
        start=moments_of(sums["window_start"]),
        end=moments_of(sums["window_end"]),
        stated=(sums["window_precision"] == "stated").to_numpy(),
        total=total.to_numpy(dtype=np.int64),
    )


def leave_over(tally: Tally, entries: Entries, figures: Figures) -> Ints:
    """Return what each figure leaves beside the bulletins inside its window, shape (C,).

    Only bulletins wholly inside that count for certain are taken off; without hours nothing is.
    Below 0 the figure cannot be right, and bounds nothing.
    """
    sure = np.zeros(tally.ids.size, dtype=bool)
    sure[entries.bulletin[entries.certain]] = True
    after = tally.start >= figures.start[:, np.newaxis]
    inside = sure & after & (tally.end <= figures.end[:, np.newaxis])
    rest: Ints = figures.total - (inside * tally.total).sum(axis=1)
    return rest


def hold_slots(figures: Figures, slots: Slots) -> Bools:
    """Which slots lie wholly inside the hours of each figure, shape (C, slots)."""
    after = slots.edges[:-1] >= figures.start[:, np.newaxis]
    before = slots.edges[1:] <= figures.end[:, np.newaxis]
    held: Bools = after & before & figures.dated[:, np.newaxis]
    return held


def bound_slots(
    tally: Tally, entries: Entries, figures: Figures, slots: Slots, thin: Bools
) -> tuple[dict[int, int], dict[int, int]]:
    """Bound what the slots wholly inside a cumulative figure's hours can hold.

    What the figure leaves bounds the sum of those slots and so each of them; the least of several
    bounds holds. A figure that is less than its parts bounds nothing.

    Parameters
    ----------
    thin : Bools
        Slots of which so little is covered that the record may lack a bulletin, shape (slots,).

    Returns
    -------
    untold : dict
        Slot without a bulletin -> upper bound. Only stated hours make one.
    more : dict
        Thin slot with bulletins -> how many more than is certain there can be. Assumed hours do,
        too: they can only widen the bounds.
    """
    told = np.zeros(slots.night.size, dtype=bool)
    told[entries.slot] = True
    rest = leave_over(tally, entries, figures)
    held = hold_slots(figures, slots) & (rest >= 0)[:, np.newaxis]
    untold: dict[int, int] = {}
    more: dict[int, int] = {}
    for which, bounds in (
        (held & ~told & figures.stated[:, np.newaxis], untold),
        (held & told & thin, more),
    ):
        for c, slot in zip(*(place.tolist() for place in np.nonzero(which)), strict=True):
            bounds[slot] = min(bounds.get(slot, int(rest[c])), int(rest[c]))
    return untold, more


def fix_splits(
    tally: Tally, entries: Entries, figures: Figures, slots: Slots
) -> tuple[Entries, Fixed]:
    """Settle what is open in a slot where a cumulative figure covers exactly that slot.

    A figure covers a slot if both its edges lie within 60 minutes of the slot's. What it leaves
    after the certain counts inside its window goes to the open ones: all or nothing settles them,
    anything between scales their expected counts. A figure that the open counts cannot meet, or
    that is less than its parts, is left alone (the audit reports it).

    Returns
    -------
    entries : Entries
    fixed : dict
        Slot -> how many of the counts of its open entries belong there, and those entries.
    """
    settled = Entries(
        entries.bulletin,
        entries.slot,
        entries.certain.copy(),
        entries.possible.copy(),
        entries.expected.copy(),
    )
    total = tally.total[entries.bulletin]
    fixed: Fixed = {}
    sound = figures.dated & (leave_over(tally, entries, figures) >= 0)
    for c in np.flatnonzero(sound):
        slot = covered_slot(int(figures.start[c]), int(figures.end[c]), slots)
        inside = (entries.slot == slot) & (tally.start[entries.bulletin] < figures.end[c])
        still = np.flatnonzero(inside & ~settled.certain & settled.possible)
        left = int(figures.total[c] - total[inside & settled.certain].sum())
        if still.size and slot not in fixed and 0 <= left <= total[still].sum():
            fixed[slot] = (left, still)
            _settle(settled, still, total[still], left)
            _fix_rest(settled, still, total, fixed)
    return settled, fixed


def _fix_rest(entries: Entries, still: Ints, total: Ints, fixed: Fixed) -> None:
    """Fix what is left of a bulletin alone in one slot, when it reaches into just one other."""
    others = np.flatnonzero(entries.bulletin == entries.bulletin[still[0]])
    others = others[others != still[0]]
    slot = int(entries.slot[others[0]]) if others.size else -1
    if still.size == 1 and others.size == 1 and slot not in fixed:
        rest = int(total[still[0]]) - fixed[int(entries.slot[still[0]])][0]
        fixed[slot] = (rest, others)
        entries.possible[others], entries.certain[others] = rest > 0, rest == total[still[0]]


def covered_slot(start: int, end: int, slots: Slots) -> int:
    """Return the slot whose edges both lie within 60 minutes of a window's, or -1."""
    slot = int(np.searchsorted(slots.edges, (start + end) // 2, side="right")) - 1
    if not 0 <= slot < slots.night.size:
        return -1
    off = max(abs(start - int(slots.edges[slot])), abs(end - int(slots.edges[slot + 1])))
    return slot if off <= EDGE else -1


def _settle(entries: Entries, still: Ints, total: Ints, left: int) -> None:
    """Give `left` counts to the open entries of a slot, and the rest of each to its other slots."""
    expected, room = entries.expected[still], int(total.sum())
    held = float((expected * total).sum())
    if left <= held:
        wanted = expected * (left / held if held else 0.0)
    else:
        wanted = 1 - (1 - expected) * ((room - left) / (room - held))
    entries.certain[still], entries.possible[still] = left == room, left > 0
    for entry, share in zip(still.tolist(), wanted.tolist(), strict=True):
        others = np.flatnonzero(entries.bulletin == entries.bulletin[entry])
        others = others[others != entry]
        elsewhere = float(entries.expected[others].sum())
        if others.size:
            rest = float(entries.expected[entry]) + elsewhere - share
            entries.expected[others] *= max(rest, 0.0) / elsewhere if elsewhere else 0.0
            entries.possible[others] &= left < room
        entries.expected[entry] = share
