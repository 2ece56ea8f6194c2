"""The table of attacks on Ukraine as a CSV: one row per weapon model, attack and source.

"Massive Missile Attacks on Ukraine" by Petro Ivaniuk (piterfm, Kaggle) tells what the Ukrainian Air
Force claimed. What its cells mean, as far as they are used:

- *Times* stand on Kyiv's clock. Both with hours: the hours are ``stated`` (equal ones: a
  ``point``). Only a date on both sides: that whole ``day``. A date, then a date with an hour, is
  the table's way to write "on the night to that date": ``assumed`` from 20:00 of the evening
  before to the hour given. An hour, then a later date, ends at 08:00 of that date, ``assumed``.
- *Numbers* are written "600.0"; blank and NaN are not known. ``destroyed`` holds what was shot down
  and, from July 2025 on, what electronic warfare suppressed as well; ``not_reach_goal`` what got
  lost on the way or was suppressed before that.
- ``border_crossing`` (older copies: ``cross_border_belarus``, ``back_russia``) is a number or a
  dictionary of countries; ``destroyed_details`` a dictionary of oblasts, of several oblasts
  together, or of parts of the country, NaN where a place is named without its number.
- The columns of ``ASIDE`` count something that no measure of a claim stands for: drones still in
  the air, an estimate of how many were of one type, and *places* that were hit or where fragments
  fell, which are no drones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from analysis.bulletins import Window
from analysis.errors import ReadError
from analysis.readers.attack_words import AND, Kind, kind_of
from analysis.readers.text_files import csv_lines, read_text, refuse_lines
from analysis.vocabulary import KYIV, Precision

#: Columns that a table of attacks cannot be without.
REQUIRED: Final = ("time_start", "time_end", "model", "launched", "destroyed")
#: Columns that count something else than drones of a measure, or a part of them.
ASIDE: Final = (
    "still_attacking",
    "is_shahed",
    "num_hit_location",
    "num_fall_fragment_location",
    "turbojet",
    "turbojet_destroyed",
)
#: Older copies have one column per border instead of ``border_crossing``.
BORDERS: Final = {"cross_border_belarus": "belarus", "back_russia": "russia"}
_OTHERS: Final = (
    "target",
    "not_reach_goal",
    "border_crossing",
    "destroyed_details",
    "source",
    # Where weapons started, what carried them, what was aimed at and where something fell.
    "launch_place",
    "target_main",
    "carrier",
    "affected region",
    "launched_details",
    "launch_place_details",
)

_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d{1,2}):(\d\d)(?::\d\d)?)?")
_NUMBER: Final = re.compile(r"([0-9]{1,9})(?:\.0*)?")
_PAIR: Final = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)")\s*:\s*([\w.+-]+)\s*(?:,|$)\s*""")
_UNKNOWN: Final = frozenset(("", "nan", "none", "null"))
_CLOCK: Final = ZoneInfo(KYIV)
#: Characters among which the header of a table is looked for.
_BEGINNING: Final = 10_000
_DAY: Final = timedelta(days=1)
_EVENING, _MORNING = time(20), time(8)

#: Names of places with the number told for each; None where only the name is told.
Parts = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Attack:
    """One row of the table.

    Attributes
    ----------
    line : int
        Its line in the file.
    window : Window
        When, on Kyiv's clock.
    models : tuple of str
        Which weapons share its numbers.
    target : str
        What was aimed at; it does not say where anything was shot down.
    launched, destroyed, lost : int or None
        Numbers of weapons; None where the cell is blank.
    crossed, details : Parts
        By country, how many left; by place, how many were shot down.
    aside : tuple of str
        The columns of ``ASIDE`` that hold a number above 0.
    source : str
        The page and post it was read from, as the table writes it.
    """

    line: int
    window: Window
    models: tuple[str, ...]
    target: str
    launched: int | None
    destroyed: int | None
    lost: int | None
    crossed: Parts
    details: Parts
    aside: tuple[str, ...]
    source: str

    @property
    def kind(self) -> Kind:
        """What its weapons are; see `kind_of`."""
        return kind_of(self.models)


@dataclass(frozen=True, slots=True)
class AttackFile:
    """What a table of attacks holds: its rows, and columns whose meaning is not known."""

    attacks: tuple[Attack, ...]
    unknown_columns: tuple[str, ...]


class _BadCell(Exception):  # noqa: N818  (not an error that leaves this module)
    """What is wrong with one cell."""


def read_attacks(path: str | Path) -> AttackFile:
    """Read a table of attacks on Ukraine.

    Parameters
    ----------
    path : str or Path
        A CSV in UTF-8 with the columns ``REQUIRED``, in any order; others are optional.

    Returns
    -------
    AttackFile
        Every row, in the order of the file.

    Raises
    ------
    ReadError
        If the file is no text or CSV, lacks a column or has no row, or a time, number or
        dictionary cannot be read. All offending lines are found at once, at most five are quoted.

    Examples
    --------
    >>> read_attacks("no-such.csv")
    Traceback (most recent call last):
    analysis.errors.ReadError: no-such.csv: there is no such file. Check the path.
    """
    lines = csv_lines(path, read_text(path))
    head = [name.strip() for name in next(lines)[1]]
    lacking = [name for name in REQUIRED if name not in head]
    if lacking:
        raise ReadError(
            f"{path}: no column {' and no column '.join(lacking)}.",
            f"A table of attacks has {', '.join(REQUIRED)}.",
        )
    attacks, found = [], []
    for line, cells in lines:
        if len(cells) != len(head):
            found.append((line, f"{len(cells)} cells where the header has {len(head)}"))
            continue
        try:
            attacks.append(_attack(line, dict(zip(head, map(str.strip, cells), strict=True))))
        except _BadCell as wrong:
            found.append((line, str(wrong)))
    refuse_lines(path, found, "Correct these lines; nothing was read.")
    if not attacks:
        raise ReadError(f"{path}: a header but no attacks.", "Give a table with at least one row.")
    known = {*REQUIRED, *ASIDE, *BORDERS, *_OTHERS}
    return AttackFile(tuple(attacks), tuple(name for name in head if name not in known))


def holds_attacks(path: str | Path) -> bool:
    """Whether a file is a table of attacks: a CSV whose header has the columns ``REQUIRED``.

    Only its beginning is read. False for what cannot be opened or is no CSV: the reader that the
    file is given to says why.

    Examples
    --------
    >>> holds_attacks("no-such.csv")
    False
    """
    try:
        with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
            begin = file.read(_BEGINNING).lstrip().partition("\n")[0]
        head = next(csv_lines(path, begin), (1, []))[1]
    except (OSError, ReadError):
        return False
    return set(REQUIRED) <= {name.strip() for name in head}


def _attack(line: int, row: dict[str, str]) -> Attack:
    """Read one row."""
    models = tuple(part.strip() for part in row["model"].split(AND))
    if not all(models):
        raise _BadCell(f"model={row['model']!r} names no weapon")
    counts = {name: _count(row, name) for name in ("launched", "destroyed", "not_reach_goal")}
    return Attack(
        line=line,
        window=_window(row),
        models=models,
        target=row.get("target", ""),
        launched=counts["launched"],
        destroyed=counts["destroyed"],
        lost=counts["not_reach_goal"],
        crossed=(*_parts(row, "border_crossing"), *_borders(row)),
        details=_parts(row, "destroyed_details"),
        aside=tuple(name for name in ASIDE if _count(row, name)),
        source=row.get("source", ""),
    )


def _borders(row: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Yield what left by the columns of older copies."""
    for column, country in BORDERS.items():
        number = _count(row, column)
        if number is not None:
            yield country, number


def _window(row: dict[str, str]) -> Window:
    """Return the hours of a row."""
    first, begin = _time(row, "time_start")
    last, finish = _time(row, "time_end")
    start = datetime.combine(first, time()) if begin is None else begin
    end = datetime.combine(last, time()) + _DAY if finish is None else finish
    precision: Precision = "stated"
    if begin is None and finish is None:
        if first != last:
            raise _BadCell(f"from {first} to {last} without hours is no attack")
        precision = "day"
    elif begin is None:
        start, precision = datetime.combine(first - _DAY, _EVENING), "assumed"
    elif finish is None:
        precision = "assumed"
        end = datetime.combine(last, _MORNING) if last > first else end
    elif start == end:
        end, precision = end + timedelta(minutes=1), "point"
    window = Window(start.replace(tzinfo=_CLOCK), end.replace(tzinfo=_CLOCK), precision)
    if first > last or window.start.timestamp() >= window.end.timestamp():
        raise _BadCell(f"time_end={row['time_end']!r} is before time_start={row['time_start']!r}")
    return window


def _time(row: dict[str, str], column: str) -> tuple[date, datetime | None]:
    """Return the date of a cell, and the moment if it names an hour."""
    found = _TIME.fullmatch(row[column])
    try:
        if found is None:
            raise ValueError
        day = date(*(int(part) for part in found.groups()[:3]))
        if found[4] is None:
            return day, None
        midnight = found[4] == "24" and found[5] == "00"
        clock = time() if midnight else time(int(found[4]), int(found[5]))
        return day, datetime.combine(day, clock) + _DAY * midnight
    except (ValueError, OverflowError):
        raise _BadCell(f"{column}={row[column][:40]!r} is no time") from None


def _count(row: dict[str, str], column: str) -> int | None:
    """Return a whole number >= 0, None where the cell is blank or lacking."""
    return _whole(row.get(column, ""), column)


def _whole(cell: str, what: str) -> int | None:
    """Read "600.0" or "600" as 600; NaN is not known."""
    if cell.lower() in _UNKNOWN:
        return None
    found = _NUMBER.fullmatch(cell)
    if found is None:
        raise _BadCell(f"{what}={cell[:40]!r} is not a whole number >= 0")
    return int(found[1])


def _parts(row: dict[str, str], column: str) -> Parts:
    """Read a dictionary of places and numbers as Python or JSON write it, or a bare number."""
    cell = row.get(column, "")
    if not (cell.startswith("{") and cell.endswith("}")):
        number = _whole(cell, column)
        return () if number is None else (("", number),)
    return tuple(_pairs(cell[1:-1].strip(), column))


def _pairs(inside: str, column: str) -> Iterator[tuple[str, int | None]]:
    """Yield the places of a dictionary with their numbers; a place told twice is two."""
    at = 0
    while at < len(inside):
        found = _PAIR.match(inside, at)
        if found is None:
            rest = inside[at : at + 40].strip()
            raise _BadCell(f"{column} holds {rest!r}, not a place and a number")
        name = (found[1] if found[1] is not None else found[2]).strip()
        yield name, _whole(found[3], f"{column} {name!r}")
        at = found.end()
