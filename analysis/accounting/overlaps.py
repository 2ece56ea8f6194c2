"""Which windows contain or overlap which, and what cannot have been told twice. Arrays only."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.accounting.compatible import find_heaviest
from analysis.accounting.nights import EDGE, MINUTE, Bools, Ints, spread
from analysis.accounting.tally import Tally

#: Stated windows may overlap by this much and both count.
OVERLAP = 15 * MINUTE


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of bulletins whose windows overlap.

    Attributes
    ----------
    outer, inner : Ints
        Positions, shape (pairs,). For a containment the container and what lies in it.
    contains : Bools
        Whether the window of ``inner`` lies inside that of ``outer``.
    contradicted : Bools
        Whether ``inner`` has more, in a region or altogether, than ``outer`` leaves room for, by
        itself or with others that lie in there.
    start, end : Ints
        The time in common.
    """

    outer: Ints
    inner: Ints
    contains: Bools
    contradicted: Bools
    start: Ints
    end: Ints

    @property
    def length(self) -> Ints:
        """Microseconds in common, shape (pairs,)."""
        return self.end - self.start

    def assumed(self, tally: Tally) -> Bools:
        """Whether the hours of either bulletin are assumed, shape (pairs,)."""
        found: Bools = (tally.precision == "assumed")[np.stack([self.outer, self.inner])].any(
            axis=0
        )
        return found

    def beside(self, tally: Tally) -> Bools:
        """Which bulletins count beside each other whatever they say, shape (pairs,).

        Their windows overlap by at most 15 minutes, or an hour where one is assumed.
        """
        tolerance = np.where(self.assumed(tally), EDGE, OVERLAP)
        found: Bools = ~self.contains & (self.length <= tolerance)
        return found


def find_pairs(tally: Tally, dated: Bools) -> Pairs:
    """Find the bulletins whose windows overlap, and which of them contradict nesting.

    Parameters
    ----------
    tally : Tally
    dated : Bools
        Which bulletins have a window that can overlap others, shape (B,).
    """
    which = np.flatnonzero(dated)
    which = which[np.lexsort((which, -tally.end[which], tally.start[which]))]
    later = np.searchsorted(tally.start[which], tally.end[which], side="left")
    first, step = spread(np.maximum(later - np.arange(which.size) - 1, 0))
    a, b = which[first], which[first + 1 + step]
    a_holds_b = (tally.start[a] <= tally.start[b]) & (tally.end[b] <= tally.end[a])
    b_holds_a = (tally.start[b] <= tally.start[a]) & (tally.end[a] <= tally.end[b])
    a_first = _goes_before(tally, a, b)
    a_holds_b |= ~b_holds_a & _lies_mostly_in(tally, a, b)
    b_holds_a |= ~a_holds_b & _lies_mostly_in(tally, b, a)
    swap = np.where(a_holds_b | b_holds_a, ~a_holds_b | (b_holds_a & ~a_first), ~a_first)
    outer, inner = np.where(swap, b, a), np.where(swap, a, b)
    # A minute holds nothing but itself.
    contains = (a_holds_b | b_holds_a) & (tally.precision[outer] != "point")
    pairs = Pairs(
        outer=outer,
        inner=inner,
        contains=contains,
        contradicted=contains & contradict(tally, outer, inner),
        start=np.maximum(tally.start[a], tally.start[b]),
        end=np.minimum(tally.end[a], tally.end[b]),
    )
    pairs.contradicted[_contradict_together(tally, pairs)] = True
    return pairs


def contradict(tally: Tally, outer: Ints, inner: Ints) -> Bools:
    """Whether `inner` has more than `outer` leaves room for: in a region, jointly, or in all.

    Parameters
    ----------
    tally : Tally
    outer, inner : Ints
        Positions of bulletins, shape (pairs,).
    """
    lower, upper = tally.region_bounds()
    least, most = tally.total_bounds()
    found = (lower[inner] > upper[outer]).any(axis=1) | (least[inner] > most[outer])
    order = np.argsort(tally.joint_bulletin, kind="stable")
    owner = tally.joint_bulletin[order]
    first = np.searchsorted(owner, inner, side="left")
    pair, step = spread(np.searchsorted(owner, inner, side="right") - first)
    joint = order[first[pair] + step]
    room = (upper[outer[pair]] * tally.joint_members[joint]).sum(axis=1)
    np.logical_or.at(found, pair, tally.joint_count[joint] > room)
    return found


def list_rivals(first: Ints, second: Ints, size: int) -> list[set[int]]:
    """For each of ``size`` items those it is paired with.

    Examples
    --------
    >>> list_rivals(np.array([0]), np.array([2]), 3)
    [{2}, set(), {0}]
    """
    rivals: list[set[int]] = [set() for _ in range(size)]
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        rivals[a].add(b)
        rivals[b].add(a)
    return rivals


def prove_least(tally: Tally, pairs: Pairs, included: Bools) -> Ints:
    """Least number of each region that bulletins included in each one prove, shape (B, R).

    Of bulletins that may tell the same, those count that together tell the most.

    Parameters
    ----------
    tally : Tally
        Of B bulletins over R regions.
    pairs : Pairs
    included : Bools
        In which pairs ``inner`` is included in ``outer``, shape (pairs,).
    """
    lower = tally.region_bounds()[0]
    proven = np.zeros_like(lower)
    for outer, own, within in _contents(tally, pairs, included):
        counts = lower[pairs.inner[own]]
        for region in np.flatnonzero(counts.any(axis=0)):
            proven[outer, region] = counts[_most(counts[:, region], within), region].sum()
    return proven


def _contents(
    tally: Tally, pairs: Pairs, which: Bools
) -> Iterator[tuple[int, Ints, list[set[int]]]]:
    """Containers, their pairs by the start of what they hold, and which of it may be the same."""
    own = np.flatnonzero(which)
    own = own[np.lexsort((tally.start[pairs.inner[own]], pairs.outer[own]))]
    if own.size == 0:
        return
    rival = ~pairs.contradicted & ~pairs.beside(tally)
    rivals = list_rivals(pairs.outer[rival], pairs.inner[rival], tally.ids.size)
    for held in np.split(own, np.flatnonzero(np.diff(pairs.outer[own])) + 1):
        inner = pairs.inner[held].tolist()
        within = [{i for i, b in enumerate(inner) if b in rivals[a]} for a in inner]
        yield int(pairs.outer[held[0]]), held, within


def _most(counts: Ints, within: list[set[int]]) -> list[int]:
    """Positions of the counts that together are the most, of bulletins that may tell the same."""
    return find_heaviest([(count,) for count in counts.tolist()], within)


def _contradict_together(tally: Tally, pairs: Pairs) -> Ints:
    """Pairs that fit one by one, while several in one container have more than it leaves room for.

    Of bulletins in it that may tell the same, those count that together tell the most.
    """
    fits = pairs.contains & ~pairs.contradicted
    several = np.bincount(pairs.outer[fits], minlength=tally.ids.size) > 1
    fits &= several[pairs.outer]
    found: set[int] = set()
    if not fits.any():
        return np.empty(0, dtype=np.int64)
    least, most = (
        np.column_stack(bounds)
        for bounds in zip(tally.region_bounds(), tally.total_bounds(), strict=True)
    )
    for outer, own, within in _contents(tally, pairs, fits):
        told = least[pairs.inner[own]]
        for column in np.flatnonzero(told.sum(axis=0) > most[outer]).tolist():
            counts = told[:, column]
            chosen = _most(counts, within)
            if counts[chosen].sum() > most[outer, column]:
                found.update(int(own[i]) for i in chosen if counts[i])
    return np.array(sorted(found), dtype=np.int64)


def _lies_mostly_in(tally: Tally, outer: Ints, inner: Ints) -> Bools:
    """Whether `inner` lies in an assumed window but for 60 minutes, as it would lie in a night."""
    before = tally.start[outer] - tally.start[inner]
    after = tally.end[inner] - tally.end[outer]
    outside = np.maximum(before, 0) + np.maximum(after, 0)
    inside = tally.end[inner] - tally.start[inner] - outside
    # As with edges of the night, the later part of two equal ones is the larger.
    mostly = (inside > outside) | ((inside == outside) & (after <= 0))
    near = (tally.precision[outer] == "assumed") & (np.maximum(before, after) <= EDGE)
    found: Bools = near & mostly
    return found


def _goes_before(tally: Tally, a: Ints, b: Ints) -> Bools:
    """Whether `a` is the container of `b` when they have one window, or else is named first."""
    same = (tally.start[a] == tally.start[b]) & (tally.end[a] == tally.end[b])
    rank = np.where(tally.precision == "stated", 2, np.where(tally.precision == "point", 0, 1))
    by_kind = np.where(same, rank[a] - rank[b], 0)
    by_total = tally.total[a] - tally.total[b]
    before: Bools = np.where(
        by_kind != 0, by_kind > 0, np.where(by_total != 0, by_total > 0, a < b)
    )
    return before
