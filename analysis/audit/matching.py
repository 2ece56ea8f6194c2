"""Two lists of one bulletin, count by count: what agrees, what differs, what went elsewhere.

Plain values, no tables. Regions are slugs; a count given for several is keyed by all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from analysis.vocabulary import (
    AGREES,
    JOIN,
    MISATTRIBUTED,
    NOT_TOLD,
    OMITTED,
    ONLY_HERE,
    SUBSET_ADDED,
    WRONG_COUNT,
)

#: A part of a count: part, whole, number.
Part: TypeAlias = tuple[str, str, int]
#: Region -> its counts, as often as it is named.
Counts: TypeAlias = dict[str, Counter[int]]


@dataclass(frozen=True, slots=True)
class CountList:
    """The list of one version.

    Attributes
    ----------
    counts : mapping
        Region, or several joined -> the counts given for it; twice named, two counts.
    placeless : tuple of int
        Counts given for a place that is no unit.
    whole : bool
        Whether the list is complete: what it does not name has nothing.
    listed : bool
        Whether it ends where its author ended it; of a cut list one cannot say what it omits.
    """

    counts: Mapping[str, tuple[int, ...]]
    placeless: tuple[int, ...] = ()
    whole: bool = True
    listed: bool = True


class Line(NamedTuple):
    """One count as published and as told; None where there is none, "" for a place that is none."""

    kind: str
    region: str
    published: int | None
    told_region: str
    told: int | None


def match_lists(published: CountList, told: CountList, parts: Iterable[Part] = ()) -> list[Line]:
    """Match the counts of a telling with those published.

    Equal counts of a region agree. Of the rest,

    - a number told besides its whole, or added to it, is a *subset added*;
    - a number that left one region and appears in another is *misattributed*: the two may be
      swapped, the first be missing, or the second hold both; likewise a number of a region that is
      missing and of a place that is no unit. It is the likeliest reading, not a proof;
    - a region that has both has a *wrong count*; so has one that a complete list does not name
      (published 0). Joint counts are compared with the sum over their regions;
    - a published region that a finished list does not name is *omitted*.

    Parameters
    ----------
    published : CountList
        The version that counts.
    told : CountList
        Another version.
    parts : iterable of tuple
        Known parts of counts: part, whole and number.

    Returns
    -------
    list of Line
        Sorted by region; every number of either list stands in one line, alone or in the sum of
        its region. Published is 0 where a complete list does not name the region.

    Examples
    --------
    >>> published = CountList({"crimea": (7,), "tula": (2,)})
    >>> for line in match_lists(published, CountList({"komi": (7,), "tula": (3,)})):
    ...     print(*line)
    misattributed crimea 7 komi 7
    wrong count tula 2 tula 3
    """
    before, after = _comparable(published.counts, told.counts)
    lines = list(_added_parts(before, after, parts))
    lines += _moved(before, after)
    if told.listed:
        lines += _into_nowhere(before, after, told.placeless)
        lines += _merged(before, after)
    for region in sorted({*before, *after}):
        sides = before[region], after[region]
        lines += _remaining(region, *sides, whole=published.whole, listed=told.listed)
    return sorted(lines, key=lambda line: (line.region, line.told_region, line.kind))


def _comparable(
    published: Mapping[str, tuple[int, ...]], told: Mapping[str, tuple[int, ...]]
) -> tuple[Counts, Counts]:
    """Both lists under the same keys: joint counts and what overlaps them become one sum."""
    group = {key: set(key.split(JOIN)) for key in {*published, *told}}
    for key in sorted(group):
        if JOIN in key:
            met = [other for other in group if group[other] & group[key]]
            union = set().union(*(group[other] for other in met))
            group.update(dict.fromkeys(met, union))
    names = {key: JOIN.join(sorted(units)) for key, units in group.items()}
    keys_of = Counter(names.values())
    sides: list[Counts] = []
    for side in (published, told):
        counts: Counts = defaultdict(Counter)
        for key, given in side.items():
            if keys_of[names[key]] == 1:
                counts[key] = Counter(given)
            else:
                counts[names[key]] = Counter([_total(counts[names[key]]) + sum(given)])
        sides.append(counts)
    return sides[0], sides[1]


def _total(counts: Counter[int]) -> int:
    """Sum of the counts of a region."""
    return sum(counts.elements())


def _unmatched(before: Counts, after: Counts) -> tuple[Counts, Counts]:
    """Counts that only one side has, by region; none where the sums are equal."""
    gone: Counts = defaultdict(Counter)
    new: Counts = defaultdict(Counter)
    for region in {*before, *after}:
        p, t = before[region], after[region]
        if not (p and t and _total(p) == _total(t)):
            gone[region], new[region] = p - t, t - p
    return gone, new


def _added_parts(before: Counts, after: Counts, parts: Iterable[Part]) -> Iterator[Line]:
    """Parts of a count that are told as if they came on top of it."""
    for part, whole, number in sorted(set(parts)):
        holds = _total(before[whole])
        if after[part][number] and not before[part]:
            yield Line(SUBSET_ADDED, whole, holds, part, number)
            after[part] -= Counter([number])
        elif before[whole] and after[whole][holds + number]:
            yield Line(SUBSET_ADDED, whole, holds, whole, holds + number)
            before[whole], after[whole] = Counter(), Counter()


def _moved(before: Counts, after: Counts) -> Iterator[Line]:
    """Numbers that left a region for another: swapped, or the first has none any more."""
    gone, new = _unmatched(before, after)
    pairs = [
        (not gone[b] & new[a], -number, a, b)
        for a in sorted(gone)
        for number in gone[a]
        for b in sorted(new)
        if number in new[b]
    ]
    for alone, negative, a, b in sorted(pairs):
        number = -negative
        if gone[a][number] and new[b][number] and not (alone and new[a]):
            yield Line(MISATTRIBUTED, a, number, b, number)
            for counts in (gone[a], new[b], before[a], after[b]):
                _take(counts, number)


def _into_nowhere(before: Counts, after: Counts, placeless: Iterable[int]) -> Iterator[Line]:
    """Numbers of regions that are missing, told for a place that is no unit."""
    for number in sorted(placeless, reverse=True):
        for region in sorted(before):
            if before[region][number] and not after[region]:
                yield Line(MISATTRIBUTED, region, number, "", number)
                _take(before[region], number)
                break


def _merged(before: Counts, after: Counts) -> Iterator[Line]:
    """Numbers of regions that are missing, told as part of another region's number."""
    for b in sorted(after):
        own = _total(before[b])
        more = _total(after[b]) - own
        if not own or more <= 0:
            continue
        missing = [a for a in sorted(before) if before[a] == Counter([more]) and not after[a]]
        if missing:
            yield Line(MISATTRIBUTED, missing[0], more, b, more)
            before[missing[0]], after[b] = Counter(), Counter([own])


def _take(counts: Counter[int], number: int) -> None:
    """Use one count up."""
    counts.subtract([number])
    counts += Counter()


def _remaining(
    region: str, before: Counter[int], after: Counter[int], *, whole: bool, listed: bool
) -> Iterator[Line]:
    """Yield what is left of a region: both sides' numbers, or those of one."""
    published, told = _total(before), _total(after)
    if before and after:
        yield Line(AGREES if published == told else WRONG_COUNT, region, published, region, told)
    elif before:
        yield Line(OMITTED if listed else NOT_TOLD, region, published, "", None)
    elif after and whole:
        yield Line(WRONG_COUNT if told else AGREES, region, 0, region, told)
    elif after:
        yield Line(ONLY_HERE, region, None, region, told)
