"""Versions as small immutable values, read from a table of claims."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.vocabulary import ADDED, CLAIM_TIMES, DOWNED, JOIN, OUTSIDE_ZONE, VERSION_KEY

#: A time that is not known; compares below every other.
UNKNOWN: Final = int(np.iinfo(np.int64).min)
_WORDS: Final = ("list", "measure", "relation", "regions", "of")
_CONTENT: Final = (*_WORDS, "window_precision", "window_start", "window_end")


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One telling of a bulletin; times are minutes since 1970 in UTC, ``UNKNOWN`` if not known.

    Attributes
    ----------
    bulletin_id, source_kind, source, revision
        What names the version.
    claim : tuple
        Claimant, direction and weapon.
    posted, known, start, end : int
        When posted, when known, and the window of the statement itself.
    precision : str
        Of that window; "" without one.
    content : frozenset
        Everything it claims: two versions with equal content say the same. A completion's own
        window is left out: it takes that of the bulletin that it tells.
    total : int or None
        What it says was intercepted or suppressed; None if it states no total.
    parts : dict
        Units (one slug, or several joined) -> number, intercepted and suppressed.
    rows : tuple of int
        Positions of its rows in the table.
    has_own : bool
        Whether it claims anything besides figures that contain other bulletins.
    """

    bulletin_id: str
    source_kind: str
    source: str
    revision: int
    claim: tuple[str, str, str]
    posted: int
    known: int
    start: int
    end: int
    precision: str
    content: frozenset[Any]
    total: int | None
    parts: Counter[str] = field(default_factory=Counter)
    rows: tuple[int, ...] = ()
    has_own: bool = True

    @property
    def units(self) -> frozenset[str]:
        """Every unit it names."""
        return frozenset(slug for joined in self.parts for slug in joined.split(JOIN))

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What names it: the values of ``vocabulary.VERSION_KEY``."""
        return self.bulletin_id, self.source_kind, self.source, self.revision


def read_versions(claims: pd.DataFrame, statements: Sequence[int] | None = None) -> list[Version]:
    """Read the versions of a table of claims.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``CLAIM_COLUMNS``, typed.
    statements : sequence of int, optional
        The number of the statement that each row belongs to, where two statements may still have
        one name; otherwise ``VERSION_KEY`` tells rows apart.

    Returns
    -------
    list of Version
        In the order in which they first appear.
    """
    columns = {name: claims[name].tolist() for name in claims.columns if name not in CLAIM_TIMES}
    for name in CLAIM_TIMES:
        columns[name] = minutes(claims[name]).tolist()
    keys: Iterable[Any] = zip(*(columns[name] for name in VERSION_KEY), strict=True)
    rows: dict[Any, list[int]] = {}
    for row, key in enumerate(keys if statements is None else statements):
        rows.setdefault(key, []).append(row)
    return [_version(columns, of) for of in rows.values()]


def minutes(column: "pd.Series[pd.Timestamp]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Moments as minutes since 1970 in UTC; ``UNKNOWN`` where there is none."""
    micro = column.dt.as_unit("us").to_numpy(dtype="datetime64[us]").astype(np.int64)
    return np.where(column.isna(), UNKNOWN, micro // 60_000_000)


def _is_own(columns: dict[str, list[Any]], row: int) -> bool:
    """Whether a row has the window of its statement, not that of a figure with its own hours."""
    relation, units = columns["relation"][row], columns["regions"][row]
    return bool(relation != "cumulative" and units != OUTSIDE_ZONE)


def moments(column: Sequence[int]) -> "pd.Series[pd.Timestamp]":
    """Minutes since 1970 as moments, datetime64[us, UTC]: the inverse of `minutes`."""
    known = pd.Series([m if m != UNKNOWN else None for m in column], dtype="Int64")
    return pd.to_datetime(known * 60, unit="s", utc=True).dt.as_unit("us")


def _version(columns: dict[str, list[Any]], rows: list[int]) -> Version:
    """Put one version together from the columns."""
    first = rows[0]
    own = {row for row in rows if _is_own(columns, row)}
    head = min(own, default=first)
    completion = columns["source_kind"][first] == "completion"
    total: int | None = None
    parts: Counter[str] = Counter()
    content: Counter[Any] = Counter()
    for row in rows:
        count, relation = columns["count"][row], columns["relation"][row]
        names = _WORDS if completion and row in own else _CONTENT
        content[(count, *(columns[name][row] for name in names))] += 1
        if columns["measure"][row] not in DOWNED:
            continue
        if relation == "total":
            total = (total or 0) + count
        elif relation in ADDED and columns["regions"][row]:
            parts[columns["regions"][row]] += count
    return Version(
        bulletin_id=columns["bulletin_id"][first],
        source_kind=columns["source_kind"][first],
        source=columns["source"][first],
        revision=columns["revision"][first],
        claim=tuple(columns[name][first] for name in ("claimant", "direction", "weapon")),
        posted=columns["posted_at"][first],
        known=columns["known_at"][first],
        start=columns["window_start"][head],
        end=columns["window_end"][head],
        precision=columns["window_precision"][head],
        content=frozenset(content.items()),
        total=total,
        parts=parts,
        rows=tuple(rows),
        has_own=bool(own),
    )
