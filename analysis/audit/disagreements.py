"""What tellings that disagree say otherwise, in sentences."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from analysis.audit.matching import Line
from analysis.audit.reconciliation import Hours, Telling, compare_versions
from analysis.audit.sums import LOOK, who
from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import (
    AGREES,
    ALL,
    CLOCKS,
    DISCREPANCIES,
    DOWNED,
    MISATTRIBUTED,
    MISDATED,
    MOSCOW,
    OMITTED,
    SUBSET_ADDED,
    WRONG_COUNT,
    Severity,
)

#: Kind of discrepancy -> code of the finding; a wrong count may be one of the total.
CODES: Final = {
    MISATTRIBUTED: "count-misattributed",
    OMITTED: "region-omitted",
    SUBSET_ADDED: "subset-added",
    MISDATED: "misdated",
}
QUOTE: Final = "Quote the version that counts; the panel does not use this one."


def audit_disagreements(claims: pd.DataFrame, table: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Say where the versions of a bulletin differ, and which of them counts.

    Parameters
    ----------
    claims : pd.DataFrame
        As `known_claims` returns them.
    table : pd.DataFrame
        `rank_versions` of these claims.
    """
    for _, group in groupby(compare_versions(claims, table), key=attrgetter("bulletin_id")):
        tellings = list(group)
        for telling in tellings:
            found = [(m, line) for m, line in telling.lines if line.kind in DISCREPANCIES]
            if found:
                severity = _severity(telling, tellings)
                yield _summary(telling, tellings[0], severity)
                yield from _details(telling, found, "info" if severity == "info" else "warning")


def _severity(telling: Telling, tellings: list[Telling]) -> Severity:
    """How serious it is that a version disagrees with the first of all, which counts."""
    told_by = (telling.source_kind, telling.source)
    same = [one.revision for one in tellings if (one.source_kind, one.source) == told_by]
    if telling.revision < max(same):
        return "info"  # its own source corrected it
    return "error" if telling.source_kind == "primary" else "warning"


def _summary(telling: Telling, counted: Telling, severity: Severity) -> ClaimFinding:
    """Say how far a version agrees, whether it adds up, and which one counts."""
    lines = [line for _, line in telling.lines if line.region != ALL]
    differ = {line.region for line in lines if line.kind in DISCREPANCIES}
    agree = len({line.region for line in lines if line.kind == AGREES} - differ)
    sums = "makes" if telling.adds_up else "does not make"
    counts = "it counts" if telling.counts else f"{_lower(_who(counted))} counts"
    message = (
        f"{_who(telling)} agrees on {agree} of {agree + len(differ)} regions; "
        f"its list {sums} its total; {counts}."
    )
    return ClaimFinding(
        severity, "versions-disagree", telling.bulletin_id, message, _remedy(telling)
    )


def _details(
    telling: Telling, found: list[tuple[str, Line]], severity: Severity
) -> Iterator[ClaimFinding]:
    """Say each thing that a version tells otherwise."""
    moves = {(line.region, line.told_region) for _, line in found if line.kind == MISATTRIBUTED}
    for measure, line in found:
        if line.kind == MISDATED:
            message = _other_hours(telling)
        elif line.kind == MISATTRIBUTED and (line.told_region, line.region) in moves:
            message = f"{_sentence(line)}, and the other way round"
        else:
            message = _sentence(line)
        what = "" if measure in ("", DOWNED[0]) else f" ({measure})"
        sentence = f"{_who(telling)} {message}{what}."
        yield ClaimFinding(severity, _code(line), telling.bulletin_id, sentence, _remedy(telling))


def _code(line: Line) -> str:
    """Code of a discrepancy."""
    if line.kind == WRONG_COUNT:
        return "total-differs" if line.region == ALL else "count-differs"
    return CODES[line.kind]


def _sentence(line: Line) -> str:
    """What to say about a discrepancy of counts."""
    kind, region, published, told_region, told = line
    if kind == OMITTED:
        return f"leaves out {region}, for which {published} were published"
    if kind == MISATTRIBUTED:
        return f"tells the {told} of {region} for {told_region or 'a place that is no unit'}"
    if kind == SUBSET_ADDED and told_region == region:
        return f"tells {told} for {region}: a part is added to its {published}"
    if kind == SUBSET_ADDED:
        return f"tells {told} for {told_region} besides the {published} of {region} that hold them"
    if region == ALL:
        return f"has a total of {told} where {published} were published"
    if published == 0:
        return f"tells {told} for {region}, which the published list does not name"
    return f"tells {told} for {region} where {published} were published"


def _remedy(telling: Telling) -> str:
    """What to do about a version that disagrees."""
    return QUOTE if telling.source_kind == "report" else LOOK


def _who(telling: Telling) -> str:
    """Name a version at the head of a sentence."""
    return who(telling._asdict())


def _other_hours(telling: Telling) -> str:
    """Say from when to when a version tells its bulletin, and what the bulletin says."""
    clock = ZoneInfo(CLOCKS.get(telling.claimant, MOSCOW))
    told, published = (_hours(one, clock) for one in (telling.hours, telling.published_hours))
    return f"tells it for {told} where {published} was published"


def _hours(hours: Hours, clock: ZoneInfo) -> str:
    """A window on a clock."""
    ends = (datetime.fromtimestamp(60 * moment, clock) for moment in hours[:2])
    return " to ".join(f"{end:%Y-%m-%d %H:%M}" for end in ends)


def _lower(sentence: str) -> str:
    """A sentence's first word as it stands inside another."""
    return sentence[0].lower() + sentence[1:]
