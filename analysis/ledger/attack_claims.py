"""The table of attacks on Ukraine -> rows of claims: one bulletin per attack.

Which rows make an attack: `attack_sorting`. Its numbers become whole-country claims of the
Ukrainian Air Force:

=================== ===========================================================================
``launched``        ``launched``. Where a post tells only what was shot down, the table repeats
                    that number here.
``destroyed``       ``intercepted``; from July 2025 on it holds what was suppressed as well.
``not_reach_goal``  ``lost``: lost on the way or suppressed. A zero is not a claim: since July 2025
                    the bulletins tell these drones together with those shot down.
``border_crossing`` ``left``, the sum over countries.
``destroyed_details`` counts of ``intercepted`` for the oblasts named with a number, several joined
                    by "and" together. The list is whole only where they make the number; else it
                    is ``cut``. Parts of the country ("south") are no reporting units and come from
                    regional commands that count other drones, too: they are left out.
=================== ===========================================================================

Nothing becomes ``hit``: the table counts places that were hit, not drones. The table has no time of
posting: ``posted_at`` is empty, and ``known_at`` is the end of the hours told, because a bulletin
states its numbers as of that moment; it is the earliest moment at which they can have been known.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final

import pandas as pd

from analysis.bulletins import Bulletin, Count
from analysis.errors import RegionError
from analysis.ledger.attack_sorting import (
    PERHAPS_TOLD,
    TOLD_TWICE,
    TOLD_WHOLE,
    LeftOut,
    sort_attacks,
)
from analysis.ledger.claim_rows import Origin, Row, claim_rows
from analysis.ledger.claims import settled_claims
from analysis.ledger.identity import ClaimFinding, name_bulletin
from analysis.readers.attack_words import AND, GROUPS
from analysis.readers.attacks import Attack, AttackFile
from analysis.regions import match_region
from analysis.vocabulary import ATTACKS, ATTACKS_URL, ListKind, Measure, Relation

Group = tuple[Attack, ...]

_POST: Final = re.compile(r"[\w.-]+/(?:posts|videos|photos)/\S+|watch/\?v=\d+")
_SITE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+/\S+")
_SEEN: Final = "Nothing to do: these are no claims about long-range drones."
_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "other-weapon": ("tell of missiles or bombs", _SEEN),
    "other-drone": ("tell of reconnaissance drones or drones for short ranges", _SEEN),
    "unknown-drone": (
        "tell of drones of unknown type",
        "Nothing to do: whether any of them flew far is not said.",
    ),
    "unknown": (
        "tell of a weapon whose name is not known",
        "Add the name to the words of the table of attacks.",
    ),
}


def claims_from_attacks(file: AttackFile) -> pd.DataFrame:
    """Write a table of attacks as claims about long-range drones over Ukraine.

    Parameters
    ----------
    file : AttackFile
        ``read_attacks(path)``.

    Returns
    -------
    pd.DataFrame
        As `claims_from_posts`, without ``channel_days``. ``source`` is ``vocabulary.ATTACKS``,
        ``source_url`` the post that a row was read from, else the table's page; ``source_kind`` is
        ``primary``, because a row stands for the claimant's own post. ``attrs["findings"]`` says
        for each kind of row, and each kind of cell, what was not used and why.

    Examples
    --------
    >>> claims_from_attacks(AttackFile((), ())).empty
    True
    """
    sorted_rows = sort_attacks(file.attacks)
    bulletins = {group: _bulletin(group) for group in sorted_rows.groups}
    names = {
        attack.line: name_bulletin(bulletin)
        for group, bulletin in bulletins.items()
        for attack in group
    }
    findings = [*_rows_left_out(sorted_rows.left_out, names), *_cells_left_out(bulletins)]
    if file.unknown_columns:
        message = f"Columns of unknown meaning: {', '.join(file.unknown_columns[:5])}."
        findings.append(ClaimFinding("warning", "columns-unknown", "", message, "Look at them."))
    statements: list[list[Row]] = []
    for group, bulletin in bulletins.items():
        findings += _doubts(group, names[group[0].line])
        origin = Origin(ATTACKS, "primary", _address(group[0].source), timedelta())
        statements.append(claim_rows(bulletin, origin, findings, Counter()))
    return settled_claims(statements, findings)


def _bulletin(group: Group) -> Bulletin:
    """Put the rows of one attack together."""
    destroyed = _sum(attack.destroyed for attack in group)
    wholes: tuple[tuple[Measure, int | None], ...] = (
        ("launched", _sum(attack.launched for attack in group)),
        ("lost", _sum(attack.lost for attack in group) or None),
        ("left", _sum(number for attack in group for _, number in attack.crossed) or None),
    )
    counts = [Count((), number, "total", name) for name, number in wholes if number is not None]
    units = [count for _, count in _details(group) if count is not None]
    named = sum(count.count for count in units)
    if destroyed is not None and named > destroyed:
        units = []
    kind: ListKind = "none"
    if units:
        joint = any(count.relation == "joint" for count in units)
        kind = "cut" if named != destroyed else "joint" if joint else "itemised"
    return Bulletin(
        claimant="ua_air_force",
        direction="on_ukraine",
        weapon="uav",
        posted_at=None,
        window=group[0].window,
        total=destroyed,
        list=kind,
        counts=(*counts, *units),
        language="",
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    """Sum of the numbers that are known, None if none is."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _details(group: Group) -> Iterator[tuple[str, Count | None]]:
    """Yield each place of an attack: "" and its count, or why it has none."""
    for attack in group:
        for name, number in attack.details:
            units = _units(name)
            if not GROUPS.isdisjoint(name.split(AND)):
                yield "part-of-country", None
            elif units is None:
                yield "unknown-place", None
            elif number is None:
                yield "without-number", None
            else:
                relation: Relation = "joint" if len(units) > 1 else "single"
                yield "", Count(units, number, relation, "intercepted")


@lru_cache(maxsize=1024)
def _units(name: str) -> tuple[str, ...] | None:
    """Return the reporting units of a name, sorted; None if one is none of Ukraine's."""
    try:
        found = [match_region(place) for place in name.split(AND)]
    except RegionError:
        return None
    if any(match.near or match.region.country == "RU" for match in found):
        return None
    return tuple(sorted({match.region.slug for match in found}))


def _rows_left_out(left_out: Sequence[LeftOut], names: Mapping[int, str]) -> Iterator[ClaimFinding]:
    """Yield what was not used: by kind of weapon, and each row about long-range drones."""
    kinds: dict[str, list[Attack]] = defaultdict(list)
    for out in left_out:
        if out.reason in _REASONS:
            kinds[out.reason].append(out.attack)
        else:
            yield _row_left_out(out, names)
    for kind, attacks in kinds.items():
        words, remedy = _REASONS[kind]
        models = Counter(AND.join(attack.models) for attack in attacks)
        most = ", ".join(f"{name} {n}" for name, n in models.most_common(5))
        message = f"{len(attacks)} rows {words} ({most}); they are not used."
        severity = "warning" if kind == "unknown" else "info"
        yield ClaimFinding(severity, f"row-{kind}", "", message, remedy)  # type: ignore[arg-type]


def _row_left_out(out: LeftOut, names: Mapping[int, str]) -> ClaimFinding:
    """Say why a row about long-range drones is not used."""
    attack, window = out.attack, out.attack.window
    day = window.start + (window.end - window.start) / 2
    what = (
        f"Line {attack.line} ({day:%Y-%m-%d}, {attack.target or 'no target'}: "
        f"{attack.destroyed} of {attack.launched})"
    )
    if out.other is None:
        models = AND.join(attack.models)
        message = f"{what} gives one number for {models}; it is not used."
        remedy = "Read the source for the long-range drones alone."
        return ClaimFinding("warning", "row-mixed", "", message, remedy)
    whole = f"{out.other.destroyed} of {out.other.launched} in line {out.other.line}"
    told = {
        TOLD_WHOLE: f"tells a part of the same hours' {whole}",
        TOLD_TWICE: f"tells the same hours and target as {whole}",
        PERHAPS_TOLD: f"is a regional command's and may be part of {whole}",
    }
    message = f"{what} {told[out.reason]}; it is not added."
    remedy = "Compare both posts; if they tell of different drones, both count."
    name = names.get(out.other.line, "")
    return ClaimFinding("warning", f"row-{out.reason}", name, message, remedy)


def _cells_left_out(bulletins: Mapping[Group, Bulletin]) -> Iterator[ClaimFinding]:
    """Yield what the cells of used rows say that no claim holds."""
    attacks = [attack for group in bulletins for attack in group]
    columns: Counter[str] = Counter(name for attack in attacks for name in attack.aside)
    for column, n in columns.items():
        message = f"{column}: {n} numbers above 0; no measure of a claim stands for them."
        yield ClaimFinding("info", "column-not-used", "", message, "Read them in the table itself.")
    places: Counter[str] = Counter(why for group in bulletins for why, _ in _details(group) if why)
    words = {
        "part-of-country": 'parts of the country such as "south", which are no reporting units',
        "unknown-place": "names that are no unit of Ukraine",
        "without-number": "oblasts without a number",
    }
    for why, n in places.items():
        message = f"destroyed_details: {n} times {words[why]}."
        yield ClaimFinding("info", f"place-{why}", "", message, "Nothing to do: no claim is made.")
    zeros = sum(attack.lost == 0 for attack in attacks)
    if zeros:
        message = f"not_reach_goal: {zeros} zeros; lost drones are told with those shot down."
        remedy = "Nothing to do: no claim is made."
        yield ClaimFinding("info", "zero-not-claimed", "", message, remedy)


def _doubts(group: Group, name: str) -> Iterator[ClaimFinding]:
    """Yield what looks odd about the numbers of one attack."""
    lines = ", ".join(str(attack.line) for attack in group)
    launched = _sum(attack.launched for attack in group)
    destroyed = _sum(attack.destroyed for attack in group)
    if len(group) > 1:
        message = f"Lines {lines} tell parts of one attack; they are added up."
        yield ClaimFinding("info", "rows-added", name, message, "Nothing to do.")
    if any(None in (attack.launched, attack.destroyed) for attack in group):
        message = f"Lines {lines} leave the number launched or destroyed blank."
        yield ClaimFinding("info", "number-blank", name, message, "Nothing to do.")
    gone = [destroyed, *(attack.lost for attack in group)]
    gone += [number for attack in group for _, number in attack.crossed]
    if launched is not None and (_sum(gone) or 0) > launched:
        message = f"Of {launched} launched {_sum(gone)} were shot down, lost or left."
        remedy = "Read the source: one of the numbers is wrong."
        yield ClaimFinding("warning", "more-than-launched", name, message, remedy)
    named = sum(count.count for _, count in _details(group) if count is not None)
    if destroyed is not None and named > destroyed:
        message = f"Oblasts make {named}, more than the {destroyed} shot down; they are left out."
        remedy = "Read the source for the list."
        yield ClaimFinding("warning", "details-exceed-total", name, message, remedy)


def _address(source: str) -> str:
    """Return the address of the post that a row names, else that of the table's page."""
    if re.fullmatch(r"https?://\S+", source):
        return source
    if _POST.fullmatch(source):
        return f"https://www.facebook.com/{source}"
    return f"https://{source}" if _SITE.fullmatch(source) else ATTACKS_URL
