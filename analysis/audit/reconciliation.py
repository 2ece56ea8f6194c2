"""Every telling of a bulletin beside the one that counts, region by region."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from analysis.accounting.nights import Ints
from analysis.accounting.ranking import rank_versions, version_numbers
from analysis.accounting.versions import known_claims
from analysis.audit.matching import CountList, Line, Part, match_lists
from analysis.errors import PanelError
from analysis.ledger.version_table import UNKNOWN, minutes, moments
from analysis.vocabulary import (
    ADDED,
    AGREES,
    ALL,
    DOWNED,
    MISDATED,
    OUTSIDE_ZONE,
    TELLING_COLUMNS,
    WRONG_COUNT,
)

#: The lists that an author ended himself.
LISTED: Final = ("itemised", "joint")
#: Start and end in minutes since 1970 and precision; ``UNKNOWN`` and "" where there are none.
Hours: TypeAlias = tuple[int, int, str]
#: One version of the table of `rank_versions`.
Row: TypeAlias = dict[Any, Any]


class Telling(NamedTuple):
    """One version of a bulletin, and what it does to the one that counts.

    Attributes
    ----------
    bulletin_id, claimant, source_kind, source, revision
        What names it.
    counts, adds_up : bool
        Whether it is the version that counts, and whether its list makes its total.
    hours, published_hours : Hours
        The window that it tells, and the bulletin's.
    lines : tuple
        Measure and line of each count; "" and a line of its own where it is misdated.
    """

    bulletin_id: str
    claimant: str
    source_kind: str
    source: str
    revision: int
    counts: bool
    adds_up: bool
    hours: Hours
    published_hours: Hours
    lines: tuple[tuple[str, Line], ...]


@dataclass(slots=True)
class _Version:
    """What one version says, measure by measure; the downed are one measure."""

    hours: Hours
    totals: dict[str, int] = field(default_factory=dict)
    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    placeless: dict[str, list[int]] = field(default_factory=dict)
    parts: set[Part] = field(default_factory=set)

    def list_of(self, measure: str, *, whole: bool, listed: bool) -> CountList:
        """The list of one measure; only what was downed has a total that a list can make."""
        counts = {units: tuple(told) for units, told in self.counts.get(measure, {}).items()}
        placeless = tuple(self.placeless.get(measure, ()))
        return CountList(counts, placeless, whole and measure == DOWNED[0], listed)


def reconcile(claims: pd.DataFrame, bulletin_id: str | None = None) -> pd.DataFrame:
    """Compare the versions of each bulletin with the one that counts.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``.
    bulletin_id : str, optional
        Only this bulletin; else all that are told by more than one version.

    Returns
    -------
    pd.DataFrame
        One row per bulletin, version and count: ``bulletin_id, source_kind, source, revision``;
        ``counts`` (whether this version counts) and ``adds_up`` (its list makes its total);
        ``measure`` ("intercepted" holds what was suppressed as well); ``kind``; ``region`` and
        ``published``, the number of the version that counts (Int64; 0 where its complete list does
        not name the region, missing where it may hide it); ``told_region`` and ``told``, that of
        this version ("" for a place that is no unit; missing where it gives none); ``window_start``
        and ``window_end`` as this version tells them. The region of totals is ``all``.

        ``kind`` is "agrees"; one of `vocabulary.DISCREPANCIES`: "misattributed" (the number stands
        with another region), "wrong count", "omitted", "subset added" (a part of a number told
        beside it, or added to it), "misdated" (one row, region ``all``); or, where one of the lists
        is not complete, "only here" and "not told". See `analysis.audit.matching.match_lists`.
        Bulletins that only reports tell have no version that counts and are left out. Sorted by
        bulletin, the version that counts first.

    Raises
    ------
    PanelError
        If columns are missing, or no claim belongs to the bulletin.

    Examples
    --------
    >>> from analysis.vocabulary import CLAIM_COLUMNS
    >>> reconcile(pd.DataFrame(columns=list(CLAIM_COLUMNS))).empty
    True
    """
    claims = known_claims(claims, None)
    if bulletin_id is not None:
        claims = claims[(claims["bulletin_id"] == bulletin_id).to_numpy()]
        if claims.empty:
            raise PanelError(
                f"No claim belongs to the bulletin {bulletin_id!r}.",
                "Give a bulletin_id of the claims.",
            )
    table = rank_versions(claims) if len(claims) else None
    tellings = () if table is None else compare_versions(claims, table, bulletin_id is None)
    rows = [
        (
            *(told.bulletin_id, told.source_kind, told.source, told.revision),
            *(told.counts, told.adds_up, measure, *line, *told.hours[:2]),
        )
        for told in tellings
        for measure, line in told.lines
    ]
    frame = pd.DataFrame(rows, columns=list(TELLING_COLUMNS))
    for name in ("window_start", "window_end"):
        frame[name] = moments(frame[name].tolist())
    kinds = dict.fromkeys(TELLING_COLUMNS, "str") | {"revision": "int64"}
    kinds |= {"published": "Int64", "told": "Int64", "counts": "bool", "adds_up": "bool"}
    del kinds["window_start"], kinds["window_end"]
    return frame.astype(kinds)


def compare_versions(
    claims: pd.DataFrame, table: pd.DataFrame, several: bool = True
) -> Iterator[Telling]:
    """Compare the versions of bulletins with the one that counts.

    Parameters
    ----------
    claims : pd.DataFrame
        As `known_claims` returns them.
    table : pd.DataFrame
        `rank_versions` of these claims.
    several : bool
        Leave out bulletins of one version.
    """
    told = table[~table["never_added"]]
    if several:
        told = told[told["bulletin_id"].duplicated(keep=False)]
    versions = _read_versions(claims, version_numbers(claims), told.index)
    rows = told.assign(number=told.index)
    for _, group in groupby(rows.to_dict("records"), key=itemgetter("bulletin_id")):
        ordered = sorted(group, key=itemgetter("chosen"), reverse=True)
        if ordered[0]["chosen"]:
            yield from _compare(ordered, versions)


def _read_versions(claims: pd.DataFrame, number: Ints, wanted: pd.Index) -> dict[int, _Version]:
    """Read the versions wanted, by their number."""
    rows = np.isin(number, wanted)
    picked = claims[rows]
    columns = [picked[name].tolist() for name in ("measure", "relation", "regions", "of", "count")]
    hours = [minutes(picked[name]).tolist() for name in ("window_start", "window_end")]
    windows = zip(*hours, picked["window_precision"].tolist(), strict=True)
    versions: dict[int, _Version] = {}
    for v, window, *claim in zip(number[rows].tolist(), windows, *columns, strict=True):
        measure, relation, units, of, count = claim
        if relation == "cumulative" or units == OUTSIDE_ZONE:
            continue  # such figures have hours of their own
        version = versions.setdefault(v, _Version(window))
        what = DOWNED[0] if measure in DOWNED else measure
        if relation == "total":
            version.totals[what] = version.totals.get(what, 0) + count
        elif relation == "subset" and units and of:
            version.parts.add((units, of, count))
        elif relation in ADDED and units:
            version.counts.setdefault(what, {}).setdefault(units, []).append(count)
        elif relation in ADDED:
            version.placeless.setdefault(what, []).append(count)
    return versions


def _compare(rows: list[Row], versions: dict[int, _Version]) -> Iterator[Telling]:
    """Compare the versions of one bulletin with the one that counts, and that with itself first."""
    chosen = versions[rows[0]["number"]]
    parts = set().union(*(versions[row["number"]].parts for row in rows))
    own = [row for row in rows if row["source_kind"] != "report"]
    host = max(own, key=lambda row: (row["source_kind"], row["revision"]))
    published_hours = versions[host["number"]].hours
    for row in rows:
        version = versions[row["number"]]
        lines = _lines(chosen, version, rows[0], row, parts)
        if _misdated(version.hours, published_hours):
            lines.append(("", Line(MISDATED, ALL, None, ALL, None)))
        yield Telling(
            bulletin_id=row["bulletin_id"],
            claimant=row["claimant"],
            source_kind=row["source_kind"],
            source=row["source"],
            revision=row["revision"],
            counts=row["chosen"],
            adds_up=row["adds_up"],
            hours=version.hours,
            published_hours=published_hours,
            lines=tuple(lines),
        )


def _lines(
    reference: _Version, version: _Version, chosen: Row, row: Row, parts: set[Part]
) -> list[tuple[str, Line]]:
    """Lines of a version, each with its measure."""
    lines = []
    for measure in sorted({*reference.totals, *reference.counts, *version.totals, *version.counts}):
        published = reference.list_of(measure, whole=chosen["adds_up"], listed=True)
        named = sum(units in version.counts.get(measure, {}) for units in published.counts)
        # A list that names less than half the regions is an excerpt, and omits nothing.
        listed = row["list"] in LISTED and 2 * named >= len(published.counts)
        told = version.list_of(measure, whole=False, listed=listed)
        totals = _total(reference, chosen, measure), _total(version, row, measure)
        if None not in totals:
            kind = AGREES if totals[0] == totals[1] else WRONG_COUNT
            lines.append((measure, Line(kind, ALL, totals[0], ALL, totals[1])))
        lines += [(measure, line) for line in match_lists(published, told, parts)]
    return lines


def _total(version: _Version, row: Row, measure: str) -> int | None:
    """Total that a version states; of a cut list that makes its total, the text may state none."""
    if measure == DOWNED[0] and row["list"] == "cut" and row["total"] == row["parts"]:
        return None
    return version.totals.get(measure)


def _misdated(told: Hours, published: Hours) -> bool:
    """Whether a window is another: stated otherwise, or, where hours are no exact ones, apart."""
    if UNKNOWN in (told[0], published[0]):
        return False
    if told[2] == published[2] == "stated":
        return told[:2] != published[:2]
    return told[1] <= published[0] or published[1] <= told[0]
