"""Bulletins as JSON lines: numbers read by hand from news reports, each with its address."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from analysis.bulletins import Bulletin, Count, Cumulative, Subset, Window
from analysis.errors import RegionError
from analysis.readers.moments import BadMoment, read_moment
from analysis.readers.text_files import as_path, refuse_lines, text_lines
from analysis.regions import get_region, match_region, regions
from analysis.vocabulary import CLAIMANTS, CLOCKS, OUTSIDE_ZONE, ListKind

#: Every field that a line may have; the last two are read by people only.
FIELDS: Final = (
    "claimant",
    "posted_utc",
    "status",
    "window_start",
    "window_end",
    "day",
    "total",
    "counts",
    "subsets",
    "cumulative",
    "source_url",
    "note",
    "other_sources",
)
#: Joins the units of a count that was given for several together.
_TOGETHER: Final = " + "
_NOON: Final = time(12)
#: The ledger holds numbers of nine digits.
_MOST: Final = 10**9 - 1

Json = dict[str, Any]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Structured:
    """One bulletin of a structured file.

    Attributes
    ----------
    line : int
        Its line in the file.
    bulletin : Bulletin
        What is claimed. A completion has no window: that is the completed post's.
    source_url : str
        Where it was read, "" if not said.
    """

    line: int
    bulletin: Bulletin
    source_url: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is not used, and why."""

    line: int
    posted_utc: str
    reason: str


@dataclass(frozen=True, slots=True)
class StructuredFile:
    """What a structured file holds: bulletins, and the lines that were left out."""

    bulletins: tuple[Structured, ...]
    skipped: tuple[Skipped, ...]


class _BadLine(Exception):  # noqa: N818  (not an error that leaves this module)
    """What is wrong with one line."""


def read_structured(path: str | Path) -> StructuredFile:
    """Read bulletins from a file with one JSON object per line.

    A line has ``total`` (a whole number) and ``counts`` (name of a unit in any form that
    `find_region` knows exactly, or "A + B" for a joint count -> number), and may have ``claimant``
    (default ru_mod), ``subsets`` (name -> number inside the total), ``status``, ``source_url``,
    ``note`` and ``other_sources``. Besides,

    - a *completion* of a cut post has ``posted_utc``, the post's time, and no window;
    - a *report* has ``window_start`` and ``window_end`` (with offset);
    - with ``cumulative: true`` it is a figure that contains other bulletins. If it has no window
      but a ``day``, it is the daily report of the ministry, which covers the 24 hours to noon of
      that day on the claimant's clock: that window is ``assumed``.

    The subset "Moscow" means drones towards Moscow and is part of ``moscow_region``, as in the
    ministry's sentences; "outside operation zone" is the part of a figure that does not lie over
    the front; any other subset is part of the whole.

    Parameters
    ----------
    path : str or Path
        UTF-8 text; blank lines are passed over.

    Returns
    -------
    StructuredFile
        Lines with ``status`` other than "complete" are in ``skipped``, with the reason; a line
        without ``status`` counts as complete.

    Raises
    ------
    ReadError
        If the file is no text, a line no JSON object, a field unknown or lacking, a number
        negative or not whole, a time or a unit unknown. All offending lines are found at once.

    Examples
    --------
    >>> read_structured("no-such.jsonl")
    Traceback (most recent call last):
    analysis.errors.ReadError: no-such.jsonl: there is no such file. Check the path.
    """
    bulletins, skipped = [], []
    found: list[tuple[int, str]] = []
    for line, row in _rows(text_lines(as_path(path)), found):
        status = row.get("status", "complete")
        if status != "complete":
            note = f": {row['note']}" if row.get("note") else ""
            skipped.append(Skipped(line, str(row.get("posted_utc") or ""), f"{status}{note}"))
            continue
        try:
            bulletins.append(Structured(line, _bulletin(row), _text(row, "source_url")))
        except _BadLine as wrong:
            found.append((line, str(wrong)))
    refuse_lines(path, sorted(found), "Correct these lines; nothing was read.")
    return StructuredFile(tuple(bulletins), tuple(skipped))


def _rows(lines: Iterable[str], found: list[tuple[int, str]]) -> Iterator[tuple[int, Json]]:
    """Yield line number and object of each line; what is no object goes into ``found``."""
    for line, written in enumerate(lines, start=1):
        if not written.strip():
            continue
        try:
            row = json.loads(written)
        except json.JSONDecodeError as broken:
            found.append((line, f"no JSON ({broken.msg} at column {broken.colno})"))
            continue
        except (ValueError, RecursionError):
            found.append((line, "no JSON (a number too long, or lists too deep)"))
            continue
        if not isinstance(row, dict):
            found.append((line, "no JSON object"))
        elif unknown := [name for name in row if name not in FIELDS]:
            found.append((line, f"unknown field {', '.join(map(repr, unknown[:5]))}"))
        else:
            yield line, row


def _bulletin(row: Json) -> Bulletin:
    """Make the bulletin of a line."""
    claimant = row.get("claimant", "ru_mod")
    if claimant not in CLAIMANTS:
        raise _BadLine(f"claimant {claimant!r} is none of {', '.join(CLAIMANTS)}")
    counts = tuple(
        Count(units, number, "joint" if len(units) > 1 else "single", "intercepted")
        for units, number in _numbers(row, "counts", _units)
    )
    make = partial(
        Bulletin,
        claimant=claimant,
        direction="on_russia" if claimant == "ru_mod" else "on_ukraine",
        weapon="uav",
        posted_at=_moment(row, "posted_utc"),
        subsets=tuple(
            Subset(units, of, number, "")
            for (units, of), number in _numbers(row, "subsets", _part_and_whole)
        ),
        language="",
    )
    total = _whole(row.get("total"), "total")
    window = _window(row, claimant)
    if row.get("cumulative"):
        if window is None:
            raise _BadLine("a cumulative figure without window_start and window_end, or day")
        figure = Cumulative(window, total, counts)
        return make(window=window, total=None, list="none", cumulative=(figure,))
    if window is None and row.get("posted_utc") is None:
        raise _BadLine("neither posted_utc nor window_start and window_end")
    joint = any(count.relation == "joint" for count in counts)
    kind: ListKind = "joint" if joint else "itemised" if counts else "none"
    return make(window=window, total=total, list=kind, counts=counts)


def _window(row: Json, claimant: str) -> Window | None:
    """Return the hours that a line covers, on the claimant's clock."""
    clock = ZoneInfo(CLOCKS[claimant])
    start, end = (_moment(row, name) for name in ("window_start", "window_end"))
    if (start is None) != (end is None):
        raise _BadLine("window_start and window_end go together")
    if start is not None and end is not None:
        if start >= end:
            raise _BadLine("the window does not end after its start")
        return Window(start.astimezone(clock), end.astimezone(clock), "stated")
    day = _text(row, "day")
    if not row.get("cumulative") or not day:
        return None
    try:
        noon = datetime.combine(date.fromisoformat(day), _NOON, clock)
    except ValueError:
        raise _BadLine(f"day={day!r} is no date") from None
    return Window(noon - timedelta(days=1), noon, "assumed")


def _numbers(row: Json, field: str, read: Callable[[str], Key]) -> Iterator[tuple[Key, int]]:
    """Yield the numbers of an object, each with what its name means."""
    numbers = row.get(field) or {}
    if not isinstance(numbers, dict):
        raise _BadLine(f"{field} is no object of names and numbers")
    for name, number in numbers.items():
        yield read(name), _whole(number, f"{field} {name!r}")


def _units(name: str) -> tuple[str, ...]:
    """Return the units that a name means, sorted."""
    slugs = sorted(_unit(part) for part in name.split(_TOGETHER))
    if len(set(slugs)) < len(slugs):
        raise _BadLine(f"{name!r} names one unit twice")
    return tuple(slugs)


def _part_and_whole(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the part that a subset's name means, and what it is part of (() = the whole)."""
    if name.replace(" ", "_").lower() == OUTSIDE_ZONE:
        return (OUTSIDE_ZONE,), ()
    units = _units(name)
    return units, ("moscow_region",) if units == ("moscow_city",) else ()


def _unit(name: str) -> str:
    """Return the slug of a name; a name one letter off is refused: a person can correct it."""
    if name in regions():
        return get_region(name).slug
    try:
        match = match_region(name)
    except RegionError as unknown:
        raise _BadLine(str(unknown.args[0]).rstrip(".")) from None
    if match.near:
        raise _BadLine(f"{name!r} is not quite {match.region.name_en}")
    return match.region.slug


def _whole(number: object, what: str) -> int:
    """Return a whole number >= 0, as large as the ledger holds."""
    if type(number) is not int or number < 0:
        raise _BadLine(f"{what} is {number!r}, not a whole number >= 0")
    if number > _MOST:
        raise _BadLine(f"{what} is larger than {_MOST}")
    return number


def _moment(row: Json, field: str) -> datetime | None:
    """Return a moment in UTC, or None where the field is null or lacking."""
    written = row.get(field)
    if written is None:
        return None
    try:
        return read_moment(written, bare_is_utc=field == "posted_utc")
    except BadMoment as wrong:
        raise _BadLine(f"{field}={written!r} {wrong}") from None


def _text(row: Json, field: str) -> str:
    """Return a text field, "" where it is null or lacking."""
    value = row.get(field) or ""
    if not isinstance(value, str):
        raise _BadLine(f"{field} is {value!r}, not text")
    return value.strip()
