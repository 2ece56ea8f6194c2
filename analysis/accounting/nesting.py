"""Which windows contain or overlap which, and what of them is told twice. Arrays only."""

from dataclasses import dataclass

import numpy as np

from analysis.accounting.nights import EDGE, MINUTE, Bools, Floats, Ints, spread
from analysis.accounting.tally import NEVER, Tally, Words

#: Stated windows may overlap by this much and both count.
OVERLAP = 15 * MINUTE
#: Bulletins of these claimants give one figure per attack: their windows contain no other figure.
PER_ATTACK = ("ua_air_force",)

COUNTED = "counted"
INCLUDED = "included"
CONTRADICTED = "contradicted"
DISJOINT = "disjoint"
DOUBTFUL = "doubtful"
OVERLAPPING = "overlapping"
ALONE = "alone"
UNDATED = "undated"


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of bulletins whose windows overlap.

    Attributes
    ----------
    outer, inner : Ints
        Positions, shape (pairs,). For a containment the container and what lies in it; else the
        bulletin that counts for certain and the other one.
    contains : Bools
        Whether the window of ``inner`` lies inside that of ``outer``.
    contradicted : Bools
        Whether ``inner`` has more, in a region or altogether, than ``outer`` leaves room for.
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


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How each of B bulletins stands to the others.

    Attributes
    ----------
    rule : Words
        ``counted`` (by itself), ``included`` (in a stated window, not added), ``contradicted``
        (in a stated window, yet added), ``disjoint`` (in an assumed window, yet added),
        ``doubtful`` (in an assumed window, perhaps included), ``overlapping`` (partly told twice),
        ``alone`` (a figure for one attack or date, whose window tells nothing about others) or
        ``undated``.
    partner : Ints
        The other bulletin of that rule, shape (B,); -1 where there is none.
    repeated : Floats
        Expected share of the time in common whose claims are told by the partner too, shape (B,).
    start, end : Ints
        The time in common with the partner, shape (B,).
    pairs : Pairs
        All overlapping pairs.
    nesting_rate : float
        Share of bulletins in assumed windows that do not contradict being included there.
    """

    rule: Words
    partner: Ints
    repeated: Floats
    start: Ints
    end: Ints
    pairs: Pairs
    nesting_rate: float

    @property
    def counted(self) -> Bools:
        """Whether a bulletin is added at all, shape (B,)."""
        included: Bools = self.rule == INCLUDED
        return ~included

    @property
    def certain(self) -> Bools:
        """Whether nothing of a bulletin can have been told by another one, shape (B,)."""
        return ~np.isin(self.rule, (INCLUDED, DOUBTFUL, OVERLAPPING))


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
    return Pairs(
        outer=outer,
        inner=inner,
        contains=contains,
        contradicted=contains & _contradicts(tally, outer, inner),
        start=np.maximum(tally.start[a], tally.start[b]),
        end=np.minimum(tally.end[a], tally.end[b]),
    )


def settle_overlaps(tally: Tally, dated: Bools) -> Standing:
    """Decide for each bulletin whether others have told its claims already.

    - Inside a stated window: included, unless contradicted (then both count).
    - Inside an assumed window (up to an hour past its ends, if its larger part lies inside: the
      hours are a convention): if contradicted, both count; else the container counts for certain
      and the inner one with probability 1 - ``nesting_rate``.
    - Overlapping in part by more than 15 minutes (an hour where a window is assumed): the larger
      counts for certain, or the assumed one (of two, the longer), as if it contained the other. Of
      the other, what it would have in the time in common at an even rate may be repeated, but no
      more than its partner has there; with an assumed window weighted by ``nesting_rate``.

    A bulletin with several partners follows the one that may repeat most of it. The nesting rate
    is estimated from the bulletins inside assumed windows as (n - contradicted + 1/2) / (n + 1).

    Parameters
    ----------
    tally : Tally
    dated : Bools
        Which bulletins have a window that can overlap others, shape (B,).
    """
    pairs = find_pairs(tally, dated)
    stated = tally.precision[pairs.outer] == "stated"
    included = pairs.contains & stated & ~pairs.contradicted
    assumed = pairs.contains & ~stated
    # A date alone tells no hours, and enters only some panels: it is no evidence of habits.
    evidence = assumed & (tally.precision != "day")[np.stack([pairs.outer, pairs.inner])].all(
        axis=0
    )
    rate = nesting_rate(int(evidence.sum()), int((evidence & pairs.contradicted).sum()))

    kind = _kinds(tally, pairs, stated)
    likely = np.where(pairs.contains, rate, _repeated_share(tally, pairs, rate))
    told_twice = likely * pairs.length / np.maximum(tally.end - tally.start, 1)[pairs.inner]
    strength = np.where(_doubted(kind), told_twice, np.where(included, 2.0, -1.0))
    # The strongest pair of each inner bulletin comes last and decides.
    order = np.lexsort((-pairs.outer, strength, pairs.inner))
    order = order[
        (kind != COUNTED)[order] & ~_gone(pairs, included, tally.ids.size)[pairs.outer][order]
    ]
    last = order[np.flatnonzero(np.diff(pairs.inner[order], append=-1))]

    size = tally.ids.size
    window = (tally.start != NEVER) & (tally.start < tally.end)
    rule = np.where(window, np.full(size, ALONE, dtype=object), UNDATED)
    rule[dated] = COUNTED
    partner = np.full(size, -1, dtype=np.int64)
    repeated = np.zeros(size)
    start, end = np.zeros((2, size), dtype=np.int64)
    inner = pairs.inner[last]
    rule[inner], partner[inner] = kind[last], pairs.outer[last]
    start[inner], end[inner] = pairs.start[last], pairs.end[last]
    repeated[inner] = np.where(_doubted(kind[last]), likely[last], rule[inner] == INCLUDED)
    return Standing(rule, partner, repeated, start, end, pairs, rate)


def nesting_rate(pairs: int, contradicted: int) -> float:
    """Return the share of bulletins inside assumed windows that may be included there.

    Half a pair is added either way, so that a few pairs prove nothing.

    Examples
    --------
    >>> nesting_rate(9, 4)
    0.55
    """
    return (pairs - contradicted + 0.5) / (pairs + 1)


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


def _kinds(tally: Tally, pairs: Pairs, stated: Bools) -> Words:
    """Rule that each pair would give its inner bulletin."""
    inside = np.where(
        stated,
        np.where(pairs.contradicted, CONTRADICTED, INCLUDED),
        np.where(pairs.contradicted, DISJOINT, DOUBTFUL),
    )
    assumed = (tally.precision == "assumed")[np.stack([pairs.outer, pairs.inner])].any(axis=0)
    tolerance = np.where(assumed, EDGE, OVERLAP)
    beside = np.where(pairs.length > tolerance, OVERLAPPING, COUNTED)
    return np.where(pairs.contains, inside, beside).astype(object)


def _doubted(kind: Words) -> Bools:
    """Whether a rule leaves open how much is told twice."""
    return np.isin(kind, (DOUBTFUL, OVERLAPPING))


def _gone(pairs: Pairs, included: Bools, size: int) -> Bools:
    """Which bulletins are included in one that is not itself included."""
    gone = np.zeros(size, dtype=bool)
    while True:
        next_gone = np.zeros(size, dtype=bool)
        next_gone[pairs.inner[included & ~gone[pairs.outer]]] = True
        if (next_gone == gone).all():
            return gone
        gone = next_gone


def _goes_before(tally: Tally, a: Ints, b: Ints) -> Bools:
    """Whether `a` is the container of `b` when they have one window, or else counts for certain."""
    same = (tally.start[a] == tally.start[b]) & (tally.end[a] == tally.end[b])
    rank = np.where(tally.precision == "stated", 2, np.where(tally.precision == "point", 0, 1))
    assumed = np.where(tally.precision == "assumed", tally.end - tally.start, 0)
    by_kind = np.where(same, rank[a] - rank[b], assumed[a] - assumed[b])
    by_total = tally.total[a] - tally.total[b]
    before: Bools = np.where(
        by_kind != 0, by_kind > 0, np.where(by_total != 0, by_total > 0, a < b)
    )
    return before


def _contradicts(tally: Tally, outer: Ints, inner: Ints) -> Bools:
    """Whether `inner` has more than `outer` leaves room for: in a region, jointly, or in all."""
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


def _repeated_share(tally: Tally, pairs: Pairs, rate: float) -> Floats:
    """Share of the inner bulletin's claims in the time in common that the outer may repeat."""
    hours = np.maximum(tally.end - tally.start, 1)
    there = tally.total / hours
    inner, outer = there[pairs.inner], there[pairs.outer]
    share = np.minimum(inner, outer) / np.where(inner > 0, inner, 1.0)
    assumed = (tally.precision == "assumed")[np.stack([pairs.outer, pairs.inner])].any(axis=0)
    repeated: Floats = np.where(assumed, rate * share, share)
    return repeated
