"""Numbers of a claim about a whole country: launched, shot down, suppressed, lost, left, hit."""

from dataclasses import replace

from analysis.bulletins.mentions import Mention, outside
from analysis.bulletins.parts import Parts, counts_of, regions_of, times
from analysis.vocabulary import DOWNED, MEASURES

#: Places of these numbers are where the weapons came from or went to, not where it happened.
_ELSEWHERE = ("launched", "left")


def read_national(parts: Parts, mentions: list[Mention]) -> None:
    """Take each number with its own measure; the total is what was shot down or suppressed.

    A number told before in a heading counts once. A number that contains those after it gives way
    to them where they say more (regions, another measure), and they to it where they do not.

    Parameters
    ----------
    parts : Parts
        Gets the counts and the total.
    mentions : list of Mention
        Of one weapon, in the order of the text.
    """
    counted = [m for m in outside(mentions) if m.measure in MEASURES]
    heading = counted[0].sentence if counted else 0
    told = _told_once(counted, heading)
    told = [replace(m, place=None) if m.measure in _ELSEWHERE else m for m in told]
    downed = [m for m in told if m.measure in DOWNED]
    kept, parts.total = _settled(_without_sum(downed, told), heading)
    for measure in sorted(set(MEASURES) - set(DOWNED)):
        kept += _settled([m for m in told if m.measure == measure], heading)[0]
    chosen = {id(m) for m in kept}
    parts.counts = [c for m in told if id(m) in chosen for c in counts_of(m, each=m.each)]


def _told_once(mentions: list[Mention], heading: int) -> list[Mention]:
    """Leave out a number of the first sentence, a heading, that a later one tells again."""
    told: list[Mention] = []
    for mention in mentions:
        first = (m for m in told if m.sentence == heading != mention.sentence)
        before = next((m for m in first if _is_same(m, mention)), None)
        if before is None:
            told.append(mention)
        elif before.place is None:
            told[told.index(before)] = replace(mention, sentence=heading)
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


def _settled(mentions: list[Mention], heading: int) -> tuple[list[Mention], int | None]:
    """The numbers of one fate that may be added up, and their sum."""
    if not mentions:
        return [], None
    head, rest = mentions[0], mentions[1:]
    listed = [m for m in rest if not (m.more or m.also)]
    if head.place is not None or head.more or not listed or not _is_sum(head, listed, heading):
        return mentions, _sum(mentions)
    whole = _sum(rest) == head.count
    extras = [] if whole else [m for m in rest if m.more or m.also]
    items = rest if whole else listed
    telling = [m for m in items if regions_of(m) or m.measure != head.measure]
    kept = items if whole and telling else (telling or [head])
    return [*kept, *extras], head.count + _sum(extras)


def _is_sum(head: Mention, items: list[Mention], heading: int) -> bool:
    """Whether a number contains those after it, rather than standing beside them."""
    made = _sum(items)
    if head.sum or head.announces:
        return made <= head.count
    if all(m.place is not None for m in items):
        return made <= head.count
    elsewhere = items[0].sentence != head.sentence == heading
    return made == head.count and (elsewhere or any(m.measure != head.measure for m in items))


def _sum(mentions: list[Mention]) -> int:
    """What numbers make together."""
    return sum(m.count * times(m) for m in mentions)
