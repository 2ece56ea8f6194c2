"""Which rows of the table of attacks are one attack, and which tell no attack of their own.

The rules, in order; every row has exactly one fate:

1. Rows of other weapons, and rows whose numbers long-range drones share with another weapon, are
   left out: a number that cannot be split is no number of long-range drones.
2. What a regional air command tells of its own area may be part of the Air Force's figure for the
   night. It is left out if a row that covers its target holds its middle, or, where its own hours
   are not stated, touches its hours at all: then nothing tells the two apart. Where no such row
   exists it is the only telling of that attack, and counts.
3. Rows of the same hours are one attack. A row that is aimed at a part of what another of them
   covers ("Khmelnytskyi oblast" beside "Ukraine") tells a part of that one's number, and a row that
   tells the same weapon and target again adds nothing; what is left is added up.

The Air Force's own rows with other hours are attacks of their own, also where hours overlap: its
figures are one per attack.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analysis.readers.attack_words import AND, COMMANDS, WHOLE_COUNTRY
from analysis.readers.attacks import Attack

#: Why a row is left out that tells of long-range drones.
TOLD_WHOLE: Final = "told-whole"
TOLD_TWICE: Final = "told-twice"
PERHAPS_TOLD: Final = "perhaps-told"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not used: why, and the row whose number holds or may hold its own."""

    attack: Attack
    reason: str
    other: Attack | None = None


@dataclass(frozen=True, slots=True)
class SortedAttacks:
    """Rows that count, those of one attack together, by time; and rows that are left out."""

    groups: tuple[tuple[Attack, ...], ...]
    left_out: tuple[LeftOut, ...]


def sort_attacks(attacks: Iterable[Attack]) -> SortedAttacks:
    """Sort the rows of the table into attacks and rows that are not used.

    Parameters
    ----------
    attacks : iterable of Attack
        ``read_attacks(path).attacks``.

    Returns
    -------
    SortedAttacks
        Each row stands in exactly one group or is left out once.

    Examples
    --------
    >>> sort_attacks([])
    SortedAttacks(groups=(), left_out=())
    """
    counted: list[Attack] = []
    left_out: list[LeftOut] = []
    for attack in attacks:
        if attack.kind == "long-range":
            counted.append(attack)
        else:
            left_out.append(LeftOut(attack, attack.kind))
    counted.sort(key=lambda a: (a.window.start, a.window.end, a.line))
    own: list[Attack] = []
    for attack in counted:
        _put(attack, _perhaps_told(attack, counted), own, left_out)
    groups = []
    for group in _by_hours(own):
        kept: list[Attack] = []
        for attack in group:
            _put(attack, _part_of(attack, group), kept, left_out)
        groups.append(tuple(kept))
    left_out.sort(key=lambda out: out.attack.line)
    return SortedAttacks(tuple(groups), tuple(left_out))


def _put(attack: Attack, out: LeftOut | None, kept: list[Attack], left: list[LeftOut]) -> None:
    """Keep a row unless there is a reason to leave it out."""
    if out is None:
        kept.append(attack)
    else:
        left.append(out)


def _by_hours(attacks: Sequence[Attack]) -> Iterator[list[Attack]]:
    """Yield the rows of the same hours together; they are sorted by time."""
    group: list[Attack] = []
    for attack in attacks:
        if group and _hours(group[0]) != _hours(attack):
            yield group
            group = []
        group.append(attack)
    if group:
        yield group


def _hours(attack: Attack) -> tuple[datetime, datetime]:
    """When an attack was."""
    return attack.window.start, attack.window.end


def _part_of(attack: Attack, group: Sequence[Attack]) -> LeftOut | None:
    """Whether a row tells a part of another row of the same hours, or tells it again."""
    for other in group:
        if other is attack or other.models != attack.models or not _covers(other, attack):
            continue
        if not _covers(attack, other):
            return LeftOut(attack, TOLD_WHOLE, other)
        if other.line < attack.line:
            return LeftOut(attack, TOLD_TWICE, other)
    return None


def _perhaps_told(attack: Attack, counted: Sequence[Attack]) -> LeftOut | None:
    """Whether what a regional command tells may be in the Air Force's figure."""
    if not _is_regional(attack):
        return None
    start, end = _hours(attack)
    middle = start + (end - start) / 2
    vague = attack.window.precision in ("assumed", "day")
    for other in counted:
        begin, finish = _hours(other)
        touches = begin < end and start < finish if vague else begin <= middle < finish
        if touches and not _is_regional(other) and _covers(other, attack):
            return LeftOut(attack, PERHAPS_TOLD, other)
    return None


def _is_regional(attack: Attack) -> bool:
    """Whether a regional command tells of a part of the country."""
    pages = set(attack.source.split("/"))
    return attack.target not in WHOLE_COUNTRY and not pages.isdisjoint(COMMANDS)


def _covers(one: Attack, other: Attack) -> bool:
    """Whether the target of one row holds that of another."""
    if one.target in WHOLE_COUNTRY:
        return True
    return other.target not in WHOLE_COUNTRY and _places(other.target) <= _places(one.target)


def _places(target: str) -> set[str]:
    """Oblasts or parts of the country that a target names; a district stands for its oblast."""
    return {place.partition(",")[0].strip() for place in target.split(AND)}
