"""One bulletin as rows: which number stands in which relation to which region."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from analysis.bulletins import Bulletin, Window
from analysis.ledger.identity import ClaimFinding, family_of, member_of, name_bulletin, names_a_post
from analysis.vocabulary import DOWNED, JOIN, OUTSIDE_ZONE

#: When a telling became known that does not say when it was published.
LATER: Final = timedelta(hours=24)

Row = tuple[Any, ...]
Number = tuple[str, str, str, str, int]  # measure, relation, regions, of, count


@dataclass(frozen=True, slots=True)
class Origin:
    """Who tells a bulletin, and since when in these words.

    Attributes
    ----------
    source, source_url : str
        Who published it, and where.
    source_kind : str
        ``primary``, ``completion`` or ``report``.
    later : timedelta
        How long after the hours told the telling became known, if it does not say when.
    edited_at : datetime or None
        When the text was changed to what it says; None if it never was, or nothing tells.
    """

    source: str
    source_kind: str
    source_url: str = ""
    later: timedelta = LATER
    edited_at: datetime | None = None


def claim_rows(
    bulletin: Bulletin, origin: Origin, findings: list[ClaimFinding], order: Counter[str]
) -> list[Row]:
    """Write one bulletin as rows of claims.

    Parameters
    ----------
    bulletin : Bulletin
        What is claimed.
    origin : Origin
        Who tells it.
    findings : list of ClaimFinding
        A finding is added if the bulletin is left out.
    order : Counter
        How many bulletins of one minute and weapon were named by their post so far; raised here.

    Returns
    -------
    list of tuple
        Cells in the order of ``CLAIM_COLUMNS``; none if it cannot be dated or names no number.
    """
    first = name_bulletin(bulletin, kind=origin.source_kind, by=origin.source)
    name = member_of(family_of(first), 1 + order[first]) if names_a_post(first) else first
    if not name:
        findings.append(_undated(origin))
        return []
    known = _known_at(bulletin, origin)
    told = [(bulletin.window, number) for number in _numbers(bulletin)]
    wider = bulletin.cumulative[0].window if bulletin.cumulative else None
    for part in bulletin.subsets:
        window = wider if OUTSIDE_ZONE in part.regions and wider else bulletin.window
        number = (part.measure, "subset", _join(part.regions), _join(part.of), part.count)
        told.append((window, number))
    for figure in bulletin.cumulative:
        told.append((figure.window, ("intercepted", "cumulative", "", "", figure.total)))
        told += [
            (figure.window, (c.measure, "cumulative", _join(c.regions), "", c.count))
            for c in figure.counts
        ]
    order[first] += bool(told)
    if not told:
        findings.append(_without_number(name))
    return [
        (
            name,
            bulletin.claimant,
            bulletin.direction,
            bulletin.weapon,
            *_ends(window),
            bulletin.posted_at,
            origin.source,
            origin.source_kind,
            _revision(bulletin, origin),
            known,
            bulletin.list,
            *number,
            origin.source_url,
            bulletin.language,
        )
        for window, number in told
    ]


def _undated(origin: Origin) -> ClaimFinding:
    """Say that a bulletin is left out because nothing dates it."""
    message = f"A bulletin of {origin.source} names no hours that can be dated; it is left out."
    return ClaimFinding("warning", "undated", "", message, "Give the time of posting.")


def _without_number(name: str) -> ClaimFinding:
    """Say that a bulletin is left out because it claims no number."""
    message = "The bulletin names no number; it is left out."
    return ClaimFinding("info", "no-number", name, message, "Nothing to do.")


def _known_at(bulletin: Bulletin, origin: Origin) -> datetime:
    """When a telling became known; only posting times and windows tell, never a clock."""
    known = bulletin.posted_at
    if known is None:
        assert bulletin.window is not None  # name_bulletin saw to it
        known = bulletin.window.end + origin.later
    elif origin.source_kind == "completion":
        known += LATER
    return max(known, origin.edited_at or known)


def _revision(bulletin: Bulletin, origin: Origin) -> int:
    """Number a text: an edited one is the second, after the one before; the clock shows minutes."""
    posted, edited = bulletin.posted_at, origin.edited_at
    if posted is None or edited is None:
        return 1
    posted, edited = (m.replace(second=0, microsecond=0) for m in (posted, edited))
    return 2 if edited > posted else 1


def _ends(window: Window | None) -> tuple[datetime | None, datetime | None, str]:
    """The window's two ends and its precision; a table has one clock, so in UTC."""
    if window is None:
        return None, None, ""
    return window.start.astimezone(UTC), window.end.astimezone(UTC), window.precision


def _join(slugs: Iterable[str]) -> str:
    """Units of one number as a cell."""
    return JOIN.join(sorted(set(slugs)))


def _numbers(bulletin: Bulletin) -> Iterator[Number]:
    """Numbers of the statement itself: a total per measure, then what the regions account for.

    The bulletin's total holds what was suppressed as well, so the total row of ``intercepted`` is
    what is left of it. A number without a unit is in the total and gets no row of its own; but in
    a list of regions, or where the text was cut before any total, it is a part whose unit is lost.
    """
    listed = bulletin.total is None or bulletin.list in ("itemised", "joint")
    sums: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for count in bulletin.counts:
        sums[count.measure] += count.count
        if not count.regions:
            bare[count.measure] += count.count
    totals = {measure: bare[measure] or sums[measure] for measure in sums}
    for measure in DOWNED:
        totals.pop(measure, None)
    if bulletin.total is not None:
        suppressed = min(sums["suppressed"], bulletin.total)
        if suppressed:
            totals["suppressed"] = suppressed
        if bulletin.total > suppressed or not suppressed:
            totals["intercepted"] = bulletin.total - suppressed
    for measure, total in sorted(totals.items()):
        yield measure, "total", "", "", total
    for count in bulletin.counts:
        units = _join(count.regions)
        relation = "joint" if JOIN in units else "each" if count.relation == "each" else "single"
        if units or (listed and count.measure in DOWNED):
            yield count.measure, relation, units, "", count.count
