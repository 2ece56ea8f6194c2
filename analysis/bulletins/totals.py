"""The numbers of one statement: which is the total, which are its parts, and what looks wrong."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import cast

from analysis.bulletins.bulletin import Count, Subset
from analysis.bulletins.mentions import Mention
from analysis.bulletins.national import read_national
from analysis.bulletins.parts import Parts, counts_of, regions_of, times
from analysis.bulletins.places import Place
from analysis.regions import get_region
from analysis.vocabulary import DOWNED, ListKind, Measure

#: With more lists than this, reading some of them as "each" would be a guess.
_MOST_LISTS = 6


def read_parts(
    mentions: list[Mention], *, target: Place | None, cut: bool, shortened: bool, national: bool
) -> Parts:
    """Tell the total of a statement from its parts.

    Parameters
    ----------
    mentions : list of Mention
        Of one weapon, in the order of the text.
    target : Place or None
        Where the attack was aimed at: the place of numbers that have none.
    cut : bool
        Whether the end of the text may have taken part of the list with it.
    shortened : bool
        Whether the text is probably longer than what is at hand: then a list that falls short is
        cut, too.
    national : bool
        Whether the claim is about a whole country, each number with its own measure.
    """
    parts = Parts()
    mentions = _listed(mentions)
    if national:
        read_national(parts, mentions)
    else:
        _regional(parts, mentions, target, cut=cut)
    parts.subsets = _subsets(mentions)
    cut = cut and (not national or any(c.regions for c in parts.counts))
    placed = [c for c in parts.counts if c.regions and c.measure in DOWNED]
    parts.kind = _list_kind(parts, placed, cut=cut or (shortened and _falls_short(parts, placed)))
    _note_names(parts, mentions)
    _note_sums(parts, placed)
    return parts


def _listed(mentions: list[Mention]) -> list[Mention]:
    """Take "ten, including six over Tula" as the list of the ten, unless the ten have a place."""
    placed = False
    listed = []
    for mention in mentions:
        if mention.inside and mention.place is not None and not mention.towards and not placed:
            mention = replace(mention, inside=False)
        elif mention.place is not None and mention.measure in DOWNED:
            placed = True
        listed.append(mention)
    return listed


def _regional(parts: Parts, mentions: list[Mention], target: Place | None, *, cut: bool) -> None:
    """Total and parts of a claim that gives regions."""
    said, mentions = len(mentions), _without_torn(mentions)
    launched = [m for m in mentions if m.measure == "launched"]
    downed = [m for m in mentions if m.measure in DOWNED and not m.inside]
    head = _head(downed)
    parts.total = head.count if head is not None else None
    rest = _without_subtotals(downed, head)
    if target is not None and target.regions and all(m.place is None for m in rest):
        rest = [replace(m, place=target) for m in rest or downed]
        if rest:
            message = "The region is the one that the attack was aimed at."
            parts.note("place-from-attack", "info", message)
    parts.counts = [Count((), m.count, "single", "launched") for m in launched[:1]]
    parts.counts += _resolve_each(parts, rest, cut=cut)
    if any(m.whole_attack for m in downed):
        message = "The number is that of the attack: all are said to be down."
        parts.note("count-from-attack", "info", message)
    if parts.total is None and downed:
        alone = len(downed) == said == 1
        whole = not cut or (alone and (downed[0].implied or len(regions_of(downed[0])) > 1))
        _infer_total(parts, launched, whole=whole)


def _without_torn(mentions: list[Mention]) -> list[Mention]:
    """Drop a number in which the text ends, unless it makes the parts equal the total."""
    if not mentions or not mentions[-1].torn:
        return mentions
    parts = [m for m in mentions if m.measure in DOWNED and not m.inside]
    head = _head(parts)
    rest = sum(m.count * times(m) for m in parts if m is not head)
    whole = head is not None and head is not mentions[-1] and rest == head.count
    return mentions if whole else mentions[:-1]


def _infer_total(parts: Parts, launched: list[Mention], *, whole: bool) -> None:
    """Total of a statement that states none: the sum of its parts, unless some are cut off."""
    seen = sum(c.count for c in parts.counts if c.measure in DOWNED)
    if whole:
        parts.total = seen  # also of one number over a list, though the list may be cut
    elif launched and launched[0].count == seen:
        parts.total = seen
        message = "The text is cut, but the parts make the whole attack."
        parts.note("total-from-attack", "info", message)


def _head(downed: list[Mention]) -> Mention | None:
    """The total that the text states, if it states one."""
    for mention in downed:
        if mention.sum and mention.place is None:
            return mention
    if not downed or downed[0].place is not None or downed[0].more:
        return None
    others = downed[1:]
    if others and all(m.place is None for m in others):
        return None  # "ten were destroyed, three more jammed": parts without regions
    return downed[0]


def _without_subtotals(downed: list[Mention], head: Mention | None) -> list[Mention]:
    """Drop the total, and each number without a place that the parts behind it make exactly."""
    rest = []
    following = 0  # what the parts behind make, up to the next number without a place
    for mention in reversed(downed):
        if mention.place is not None:
            following += mention.count * times(mention)
            rest.append(mention)
        else:
            if mention is not head and mention.count != following:
                rest.append(mention)
            following = 0
    return rest[::-1]


def _resolve_each(parts: Parts, mentions: list[Mention], *, cut: bool) -> list[Count]:
    """Counts of the parts; a list is read as "each" where that, and only that, makes the total."""
    lists = [m for m in mentions if not m.each and len(regions_of(m)) > 1]
    chosen = None
    if lists and parts.total is not None and not cut:
        chosen = _only_each(lists, parts.total - sum(m.count * times(m) for m in mentions))
    if chosen is None:
        return [c for m in mentions for c in counts_of(m, each=m.each)]
    message = "A number before several regions is read as that many over each."
    parts.note("each-inferred", "info", f"{message} Only so the parts make the total.")
    inferred = {id(m) for m in chosen}
    return [c for m in mentions for c in counts_of(m, each=m.each or id(m) in inferred)]


def _only_each(lists: list[Mention], gap: int) -> tuple[Mention, ...] | None:
    """The lists whose reading as "each" makes up for a gap, if that holds of one choice alone."""
    if gap <= 0 or len(lists) > _MOST_LISTS:
        return None
    fits = [
        group
        for size in range(1, len(lists) + 1)
        for group in combinations(lists, size)
        if sum(m.count * (len(regions_of(m)) - 1) for m in group) == gap
    ]
    return fits[0] if len(fits) == 1 else None


def _subsets(mentions: list[Mention]) -> list[Subset]:
    """Numbers inside other numbers."""
    subsets = []
    parent: tuple[str, ...] = ()
    for mention in mentions:
        regions = regions_of(mention)
        if not mention.inside:
            parent = regions or parent
            continue
        note, of = "included", parent
        if mention.towards and regions:
            note = f"towards {' and '.join(_label(slug) for slug in regions)}"
            of = ("moscow_region",) if "moscow_region" in parent else parent[-1:]
        subsets.append(Subset(regions, of, mention.count, note, cast("Measure", mention.measure)))
    return subsets


def _falls_short(parts: Parts, placed: list[Count]) -> bool:
    """Whether regions are given and account for less than the total."""
    return bool(placed) and parts.total is not None and _sum(placed) < parts.total


def _sum(counts: list[Count]) -> int:
    """What some counts make together."""
    return sum([count.count for count in counts])


def _list_kind(parts: Parts, placed: list[Count], *, cut: bool) -> ListKind:
    """How the regions are given."""
    joint = any(c.relation == "joint" for c in placed)
    whole = parts.total is not None and _sum(placed) >= parts.total
    if cut and (not whole or (joint and len(placed) == 1)):
        return "cut"  # of one joint number, more regions may be cut off
    if not placed:
        return "none"
    return "joint" if joint else "itemised"


def _note_names(parts: Parts, mentions: list[Mention]) -> None:
    """Note inexact numbers, and words that name a unit only nearly, in part, or not at all."""
    for mention in mentions:
        if mention.about:
            message = f"The text does not say that {mention.count} is the exact number."
            parts.note("inexact-count", "info", message)
        if mention.place is None:
            continue
        for word, slug in mention.place.near:
            parts.note("near-name", "info", f'"{word}" is read as {_label(slug)}.')
        for word, slug in mention.place.begun:
            message = f'"{word}", where the text ends, can only be {_label(slug)}.'
            parts.note("cut-name", "info", message)
        for word in mention.place.groups:
            message = f'"{word}" is a group of regions; the count has no region.'
            parts.note("region-group", "info", message)
        for word in mention.place.unknown:
            message = f'"{word}" is no unit of the gazetteer; its count has no region.'
            parts.note("unknown-region", "warning", message)


def _note_sums(parts: Parts, placed: list[Count]) -> None:
    """Hold the parts against the total, and look for units named twice."""
    named = [slug for c in placed for slug in c.regions]
    repeated = Counter(named) if len(set(named)) < len(named) else {}
    for slug in sorted(slug for slug, times_named in repeated.items() if times_named > 1):
        message = f"{_label(slug)} is named more than once; both counts are kept."
        parts.note("region-repeated", "warning", message)
    if parts.kind == "cut":
        parts.note("cut", "info", "The text ends inside the list of regions.")
    if parts.total is None or not placed:
        return
    sums = _sum(placed)
    if sums > parts.total:
        message = f"The parts make {sums}, the total says {parts.total}."
        parts.note("parts-exceed-total", "error", message)
    elif sums < parts.total and parts.kind != "cut":
        message = f"The regions account for {sums} of {parts.total}."
        parts.note("parts-fall-short", "info", message)


def _label(slug: str) -> str:
    """A unit's English name."""
    return get_region(slug).name_en
