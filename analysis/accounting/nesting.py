"""How bulletins in overlapping windows stand to each other: what is told twice. Arrays only."""

from dataclasses import dataclass

import numpy as np

from analysis.accounting.compatible import find_heaviest
from analysis.accounting.habits import Habits, learn_habits
from analysis.accounting.nights import Bools, Floats, Ints
from analysis.accounting.overlaps import Pairs, find_pairs, list_rivals, prove_least
from analysis.accounting.tally import Tally, Words

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
class Repeats:
    """What some bulletins are expected to have in common with one that counts for certain; K.

    Attributes
    ----------
    bulletin, partner : Ints
        The bulletin, and the one that counts for certain, shape (K,).
    share : Floats
        Share of the bulletin's claims between ``start`` and ``end`` that are told there, too.
    start, end : Ints
        Part of the bulletin's window, shape (K,).
    """

    bulletin: Ints
    partner: Ints
    share: Floats
    start: Ints
    end: Ints


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
        ``undated`` (neither hours nor a posting time).
    partner : Ints
        The other bulletin of that rule, shape (B,); -1 where there is none.
    start, end : Ints
        The time in common with the partner, shape (B,).
    repeats : Repeats
        What of the doubtful and overlapping ones is told twice.
    pairs : Pairs
        All overlapping pairs.
    habits : Habits
        How often what fits into an assumed window is told there.
    proven : Ints
        Least number of each region that the included ones prove of their containers, shape (B, R).
    """

    rule: Words
    partner: Ints
    start: Ints
    end: Ints
    repeats: Repeats
    pairs: Pairs
    habits: Habits
    proven: Ints

    @property
    def counted(self) -> Bools:
        """Whether a bulletin is added at all, shape (B,)."""
        included: Bools = self.rule == INCLUDED
        return ~included

    @property
    def certain(self) -> Bools:
        """Whether nothing of a bulletin can have been told by another one, shape (B,)."""
        return ~np.isin(self.rule, (INCLUDED, DOUBTFUL, OVERLAPPING))


def settle_overlaps(tally: Tally, dated: Bools, certain: Ints) -> Standing:
    """Decide for each bulletin whether others have told its claims already.

    - Inside a stated window: included, unless contradicted (then both count).
    - Inside an assumed window (up to an hour past its ends, if its larger part lies inside: the
      hours are a convention): if contradicted, both count; else perhaps included.
    - Overlapping in part by more than 15 minutes (an hour where a window is assumed): perhaps
      partly told twice.

    Of those that may tell the same, the bulletins count for certain that tell the most without
    doubt: the heaviest set in which no two may (`find_heaviest`). So the lower bound of a night
    is the largest that any such set proves. What another one is expected to share with one that
    counts for certain: inside an assumed window all of the inner one, with the probability that
    the record's habits give; in part, what the two would have in the time in common at an even
    rate, whichever is less, with an assumed window times that probability.

    Parameters
    ----------
    tally : Tally
    dated : Bools
        Which bulletins have a window that can overlap others, shape (B,).
    certain : Ints
        How many of each bulletin's claims belong to one slot without doubt, shape (B,).
    """
    pairs = find_pairs(tally, dated)
    kind = _kinds(tally, pairs)
    gone = _gone(pairs, kind == INCLUDED, tally.ids.size)
    kind[gone[pairs.outer] | (gone[pairs.inner] & (kind != INCLUDED))] = COUNTED
    habits = learn_habits(tally, pairs)
    open_pairs = np.flatnonzero(np.isin(kind, (DOUBTFUL, OVERLAPPING)))
    kept = _keep_heaviest(tally, certain, pairs.outer[open_pairs], pairs.inner[open_pairs])
    repeats, by_repeat = _repeat(tally, pairs, open_pairs, kept, habits.of(tally, pairs))

    # The pair that decides over each bulletin: the one that repeats most of it, if any does, else
    # one that includes it, else one that cannot.
    by = np.full(tally.ids.size, -1, dtype=np.int64)
    plain = np.flatnonzero(np.isin(kind, (INCLUDED, CONTRADICTED, DISJOINT)))
    plain = plain[np.lexsort((-pairs.outer[plain], kind[plain] == INCLUDED))]
    by[pairs.inner[plain]] = plain
    length = tally.end[repeats.bulletin] - tally.start[repeats.bulletin]
    strength = repeats.share * (repeats.end - repeats.start) / length
    order = np.lexsort((-repeats.partner, strength))
    by[repeats.bulletin[order]] = by_repeat[order]

    rule = np.where(tally.usable, np.full(by.size, ALONE, dtype=object), UNDATED)
    rule[dated] = COUNTED
    has = np.flatnonzero(by >= 0)
    pair = by[has]
    is_outer = pairs.outer[pair] == has
    rule[has] = np.where(is_outer, OVERLAPPING, kind[pair])
    partner = np.full(by.size, -1, dtype=np.int64)
    partner[has] = np.where(is_outer, pairs.inner[pair], pairs.outer[pair])
    start, end = np.zeros((2, by.size), dtype=np.int64)
    start[has], end[has] = pairs.start[pair], pairs.end[pair]
    proven = prove_least(tally, pairs, kind == INCLUDED)
    return Standing(rule, partner, start, end, repeats, pairs, habits, proven)


def _kinds(tally: Tally, pairs: Pairs) -> Words:
    """Rule that each pair would give its inner bulletin."""
    inside = np.where(
        tally.precision[pairs.outer] == "stated",
        np.where(pairs.contradicted, CONTRADICTED, INCLUDED),
        np.where(pairs.contradicted, DISJOINT, DOUBTFUL),
    )
    partly = np.where(pairs.beside(tally), COUNTED, OVERLAPPING)
    return np.where(pairs.contains, inside, partly).astype(object)


def _gone(pairs: Pairs, included: Bools, size: int) -> Bools:
    """Which bulletins are included in one that is not itself included."""
    gone = np.zeros(size, dtype=bool)
    while True:
        next_gone = np.zeros(size, dtype=bool)
        next_gone[pairs.inner[included & ~gone[pairs.outer]]] = True
        if (next_gone == gone).all():
            return gone
        gone = next_gone


def _keep_heaviest(tally: Tally, certain: Ints, first: Ints, second: Ints) -> Bools:
    """Which bulletins count for certain, where those of a pair may tell the same, shape (B,)."""
    which = np.unique(np.concatenate([first, second]))
    which = which[np.lexsort((which, -tally.end[which], tally.start[which]))]
    place = np.full(tally.ids.size, -1, dtype=np.int64)
    place[which] = np.arange(which.size)
    # Between equals those go first that cover most hours: containers before what they hold.
    hours = tally.end[which] - tally.start[which]
    weights = list(zip(certain[which].tolist(), hours.tolist(), strict=True))
    kept = np.zeros(tally.ids.size, dtype=bool)
    kept[which[find_heaviest(weights, list_rivals(place[first], place[second], which.size))]] = True
    return kept


def _repeat(
    tally: Tally, pairs: Pairs, which: Ints, kept: Bools, rate: Floats
) -> tuple[Repeats, Ints]:
    """What the bulletins that are not kept share with those that are, and by which pairs."""
    which = which[kept[pairs.outer[which]] | kept[pairs.inner[which]]]
    outer, inner = pairs.outer[which], pairs.inner[which]
    held = pairs.contains[which]
    loser, partner = np.where(kept[outer], [inner, outer], [outer, inner])
    hours = np.maximum(tally.end - tally.start, 1)
    density = tally.total / hours
    least = np.minimum(density[outer], density[inner])
    partly = least / np.where(density[loser] > 0, density[loser], 1.0)
    partly *= np.where(pairs.assumed(tally)[which], rate[which], 1.0)
    # All of what lies inside may be told again; of a container, as many as lie inside.
    whole = np.minimum(tally.total[inner], tally.total[outer])
    inside = rate[which] * whole / np.maximum(tally.total[loser], 1)
    repeats = Repeats(
        bulletin=loser,
        partner=partner,
        share=np.where(held, inside, partly),
        start=np.where(held, tally.start[loser], pairs.start[which]),
        end=np.where(held, tally.end[loser], pairs.end[which]),
    )
    return repeats, which
