"""Numbers of a claim about a whole country: launched, shot down, suppressed, lost, left, hit."""

from collections.abc import Iterable
from dataclasses import replace

from analysis.bulletins.mentions import Mention
from analysis.bulletins.parts import Parts, counts_of, regions_of, times
from analysis.vocabulary import DOWNED, MEASURES

#: Places of these numbers are where the weapons came from or went to, not where it happened.
_ELSEWHERE = ("launched", "left")


def read_national(parts: Parts, mentions: list[Mention]) -> None:
    """Take each number with its own measure; the total is what was shot down or suppressed.

    A number told before in a heading counts once. A number that those after it make up, or that a
    colon or "in all" puts before them, gives way to them where they say more (regions, another
    measure), and they to it where they do not.

    Parameters
    ----------
    parts : Parts
        Gets the counts and the total.
    mentions : list of Mention
        Of one weapon, in the order of the text.
    """
    told = _told_once(m for m in mentions if not m.inside and m.measure in MEASURES)
    told = [replace(m, place=None) if m.measure in _ELSEWHERE else m for m in told]
    downed = [m for m in told if m.measure in DOWNED]
    kept, parts.total = _settled(_without_sum(downed, told))
    for measure in sorted(set(MEASURES) - set(DOWNED)):
        kept += _settled([m for m in told if m.measure == measure])[0]
    chosen = {id(m) for m in kept}
    parts.counts = [c for m in told if id(m) in chosen for c in counts_of(m, each=m.each)]


def _told_once(mentions: Iterable[Mention]) -> list[Mention]:
    """Leave out a number of the first sentence, a heading, that a later one tells again."""
    told: list[Mention] = []
    for mention in mentions:
        heading = told[0].sentence if told else mention.sentence
        first = [m for m in told if m.sentence == heading != mention.sentence]
        before = next((m for m in first if _is_same(m, mention)), None)
        if before is None:
            told.append(mention)
        elif before.place is None:
            told = [m for m in told if m is not before] + [mention]
    return told


def _is_same(before: Mention, again: Mention) -> bool:
    """Whether two sentences tell one number."""
    here, there = before.place, again.place
    return (
        not (again.more or again.also)
        and (before.count, before.measure) == (again.count, again.measure)
        and (here is None or there is None or here.regions == there.regions)
    )


def _without_sum(downed: list[Mention], told: list[Mention]) -> list[Mention]:
    """Leave out a number that adds those lost to those shot down, where both follow it."""
    lost = sum(m.count for m in told if m.measure == "lost")
    if lost and len(downed) > 1 and _sum(downed[1:]) + lost == downed[0].count:
        return downed[1:]
    return downed


def _settled(mentions: list[Mention]) -> tuple[list[Mention], int | None]:
    """The numbers of one fate that may be added up, and their sum."""
    if not mentions:
        return [], None
    head, rest = mentions[0], mentions[1:]
    listed = [m for m in rest if not m.more]
    whole = _sum(rest) == head.count
    placed = bool(listed) and all(m.place is not None for m in listed)
    if head.place is not None or head.more or not rest:
        return mentions, _sum(mentions)
    if not (whole or head.sum or head.announces or placed):
        return mentions, _sum(mentions)
    extras = [] if whole else [m for m in rest if m.more]
    items = rest if whole else listed
    telling = [m for m in items if regions_of(m) or m.measure != head.measure]
    kept = items if whole and telling else (telling or [head])
    return [*kept, *extras], head.count + _sum(extras)


def _sum(mentions: list[Mention]) -> int:
    """What numbers make together."""
    return sum(m.count * times(m) for m in mentions)
