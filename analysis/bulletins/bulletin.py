"""What a bulletin says, as plain immutable values."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analysis.vocabulary import (
    DOWNED,
    Direction,
    ListKind,
    Measure,
    Precision,
    Relation,
    Severity,
    Weapon,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """The hours that a statement covers, half-open: ``start <= moment < end``.

    Attributes
    ----------
    start, end : datetime
        Aware, on the claimant's clock.
    precision : str
        ``stated`` hours, a ``point`` ("about 16:50", one minute long), hours ``assumed`` for
        undated words such as "overnight", or a whole ``day``.
    """

    start: datetime
    end: datetime
    precision: Precision

    def to_dict(self) -> Json:
        """Return the window with ISO 8601 moments that carry their offset."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "precision": self.precision,
        }


@dataclass(frozen=True, slots=True)
class Count:
    """One number and the units it was given for; no units means the whole country."""

    regions: tuple[str, ...]
    count: int
    relation: Relation
    measure: Measure

    def to_dict(self) -> Json:
        """Return the count as plain values."""
        return {
            "regions": list(self.regions),
            "count": self.count,
            "relation": self.relation,
            "measure": self.measure,
        }


@dataclass(frozen=True, slots=True)
class Subset:
    """A number that is part of another one, and never added to it."""

    regions: tuple[str, ...]
    of: tuple[str, ...]
    count: int
    note: str
    measure: Measure = "intercepted"

    def to_dict(self) -> Json:
        """Return the subset as plain values."""
        return {
            "regions": list(self.regions),
            "of": list(self.of),
            "count": self.count,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A figure that contains other bulletins: a check on them, never added."""

    window: Window | None
    total: int
    counts: tuple[Count, ...] = ()

    def to_dict(self) -> Json:
        """Return the figure as plain values."""
        return {
            "window": self.window.to_dict() if self.window else None,
            "total": self.total,
            "counts": [count.to_dict() for count in self.counts],
        }


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something about the text that its reader should know."""

    code: str
    severity: Severity
    message: str

    def to_dict(self) -> Json:
        """Return the finding as plain values."""
        return {"code": self.code, "severity": self.severity, "message": self.message}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One statement of a claimant about one window and one kind of weapon.

    Attributes
    ----------
    claimant : str
        ``ru_mod`` or ``ua_air_force``.
    direction : str
        ``on_russia`` or ``on_ukraine``: where the weapons flew to.
    weapon : str
        ``uav``, ``missile``, ``boat``, ``bomb`` or ``other``.
    posted_at : datetime or None
        When the text was published (UTC), if known.
    window : Window or None
        The hours covered; None when the text names none that can be dated.
    total : int or None
        The number intercepted (suppressed by electronic warfare included): as stated, else the sum
        of the parts; None when the text gives no number.
    list : str
        ``itemised``, ``joint``, ``cut`` or ``none``: how the regions are given.
    counts : tuple of Count
        Every number that may be added up; a repeated region stays two counts.
    subsets : tuple of Subset
        Numbers inside other numbers.
    cumulative : tuple of Cumulative
        Wider figures in the same text.
    findings : tuple of Finding
        What looks wrong, or was inferred.
    language : str
        ``ru``, ``en`` or ``uk``.
    """

    claimant: str
    direction: Direction
    weapon: Weapon
    posted_at: datetime | None
    window: Window | None
    total: int | None
    list: ListKind
    counts: tuple[Count, ...] = ()
    subsets: tuple[Subset, ...] = ()
    cumulative: tuple[Cumulative, ...] = ()
    findings: tuple[Finding, ...] = ()
    language: str = "ru"

    @property
    def accounted(self) -> int:
        """Number intercepted or suppressed that the regions account for."""
        return sum(c.count for c in self.counts if c.regions and c.measure in DOWNED)

    @property
    def unattributed(self) -> int:
        """Total minus everything that regions account for; never below 0."""
        return max((self.total or 0) - self.accounted, 0)

    @property
    def complete(self) -> bool:
        """Whether nothing is left out: no cut, and regions that account for the total."""
        return self.list != "cut" and self.total is not None and self.unattributed == 0

    def to_dict(self) -> Json:
        """Return the bulletin as plain values, ready for JSON.

        Examples
        --------
        >>> Bulletin("ru_mod", "on_russia", "uav", None, None, 3, "none").to_dict()["unattributed"]
        3
        """
        return {
            "claimant": self.claimant,
            "direction": self.direction,
            "weapon": self.weapon,
            "posted_at": _zulu(self.posted_at),
            "window": self.window.to_dict() if self.window else None,
            "total": self.total,
            "list": self.list,
            "complete": self.complete,
            "unattributed": self.unattributed,
            "counts": [count.to_dict() for count in self.counts],
            "subsets": [subset.to_dict() for subset in self.subsets],
            "cumulative": [figure.to_dict() for figure in self.cumulative],
            "findings": [finding.to_dict() for finding in self.findings],
        }


def _zulu(moment: datetime | None) -> str | None:
    """UTC moment as 2025-11-01T04:24:00Z."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
