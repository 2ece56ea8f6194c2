"""Files that people have -> posts; the formats are told apart by name and content.

A new format is one more function ``(path, text) -> posts`` in ``_READERS`` and one more rule in
`_format_of`. Structured bulletins (JSON lines) are no posts; see `analysis.readers.structured`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import ReadError
from analysis.readers.structured import read_structured
from analysis.readers.text_files import csv_lines, read_text, refuse_lines
from analysis.vocabulary import CHANNELS, POST_COLUMNS

__all__ = ["post_from_text", "read_posts", "read_structured"]

#: The source of a posts CSV without a column ``source``: the export of the ministry's channel.
_EXPORTED: Final = "mod_russia"
_TIMES: Final = ("posted_at", "posted_utc")


def read_posts(
    path: str | Path, format: str = "auto", *, posted_at: datetime | None = None
) -> pd.DataFrame:
    """Read the posts or the article that a file holds.

    Parameters
    ----------
    path : str or Path
        UTF-8 text. A *posts CSV* has the columns ``text`` and ``posted_utc`` or ``posted_at``
        (ISO 8601; UTC where ``posted_utc`` names no offset; blank where unknown), and may have
        ``source`` and ``source_url``. Without ``source`` it is taken for an export of the
        ministry's channel, ``mod_russia``. Any other *text* file is one post whose source is the
        file's name without its ending.
    format : {"auto", "csv", "text"}
        ``auto`` takes the name's ending: .csv is a posts CSV, .jsonl and .json are refused,
        everything else is text.
    posted_at : datetime, optional
        When the text of a text file was published; without a time zone it is UTC. It dates words
        such as "overnight" and dates without a year.

    Returns
    -------
    pd.DataFrame
        One row per post in the order of the file: ``posted_at`` (datetime64[us, UTC]; NaT where
        unknown), ``text``, ``source``, ``source_url`` ("" where unknown).

    Raises
    ------
    ReadError
        If the file is missing, a folder, empty, no text, lacks a column, or holds a time that
        cannot be read; all offending lines are found at once, at most five are quoted.

    Examples
    --------
    >>> read_posts("posts.jsonl")
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: posts.jsonl: JSON lines hold bulletins, ... read_structured...
    """
    chosen = _format_of(Path(path)) if format == "auto" else format
    if chosen == "text":
        return post_from_text(read_text(path), source=Path(path).stem, posted_at=posted_at)
    if chosen not in _READERS:
        known = ", ".join(("auto", *_READERS, "text"))
        raise ReadError(f"The format {format!r} is not known.", f"Use one of {known}.")
    if posted_at is not None:
        raise ReadError(
            f"{path}: posted_at is given, but every post of this format has its own time.",
            "Leave posted_at out, or correct the file.",
        )
    return _READERS[chosen](path, read_text(path))


def post_from_text(text: str, *, source: str, posted_at: datetime | None = None) -> pd.DataFrame:
    """Make one post of a text at hand, for instance of standard input.

    Parameters
    ----------
    text : str
        The post or article as published.
    source : str
        Who published it.
    posted_at : datetime, optional
        When; without a time zone it is UTC.

    Returns
    -------
    pd.DataFrame
        One row; the columns of `read_posts`.

    Examples
    --------
    >>> post_from_text("Two drones over Tula.", source="paper").loc[0, "source"]
    'paper'
    """
    if posted_at is not None and posted_at.tzinfo is None:
        posted_at = posted_at.replace(tzinfo=UTC)
    return _posts([(posted_at, text, source, CHANNELS.get(source, ""))])


def _posts(rows: Sequence[tuple[datetime | None, str, str, str]]) -> pd.DataFrame:
    """Posts as a table."""
    posts = pd.DataFrame(rows, columns=list(POST_COLUMNS))
    posts["posted_at"] = pd.to_datetime(posts["posted_at"], utc=True).dt.as_unit("us")
    return posts.astype(dict.fromkeys(POST_COLUMNS[1:], "str"))


def _format_of(path: Path) -> str:
    """Return the format that a file's name promises."""
    ending = path.suffix.lower()
    if ending in (".jsonl", ".json"):
        raise ReadError(
            f"{path}: JSON lines hold bulletins, not posts.", "Read them with read_structured."
        )
    return "csv" if ending == ".csv" else "text"


def _read_csv(path: str | Path, text: str) -> pd.DataFrame:
    """Read a posts CSV."""
    lines = csv_lines(path, text)
    head = next(lines)[1]
    columns = {name: head.index(name) for name in head}
    times = [name for name in _TIMES if name in columns]
    lacking = [
        *(() if times else (" or ".join(_TIMES),)),
        *(() if "text" in columns else ("text",)),
    ]
    if lacking:
        raise ReadError(
            f"{path}: no column {' and no column '.join(lacking)}; "
            f"the columns are {', '.join(name or '(blank)' for name in head[:10])}.",
            "Name the columns posted_utc or posted_at, text, and perhaps source, source_url.",
        )
    rows, found = [], []
    for line, cells in lines:
        if len(cells) != len(head):
            found.append((line, f"{len(cells)} cells where the header has {len(head)}"))
            continue
        source = cells[columns["source"]].strip() if "source" in columns else _EXPORTED
        url = cells[columns["source_url"]].strip() if "source_url" in columns else ""
        if not source:
            found.append((line, "the source is blank"))
        posted_at, problem = _read_time(cells[columns[times[0]]].strip(), times[0])
        if problem:
            found.append((line, problem))
        rows.append((posted_at, cells[columns["text"]], source, url or CHANNELS.get(source, "")))
    refuse_lines(path, found, "Correct these lines; times look like 2025-11-01T04:24Z.")
    if not rows:
        raise ReadError(f"{path}: a header but no posts.", "Give a file with at least one post.")
    return _posts(rows)


def _read_time(cell: str, column: str) -> tuple[datetime | None, str]:
    """Read a posting time, or say what is wrong with it; a blank one is unknown."""
    if not cell:
        return None, ""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None, f"{column}={cell[:40]!r} is no time"
    if moment.tzinfo is None:
        if column != "posted_utc":
            return None, f"{column}={cell!r} names no time zone"
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC), ""
    except OverflowError:
        return None, f"{column}={cell!r} is no time"


_READERS: Final[dict[str, Callable[[str | Path, str], pd.DataFrame]]] = {
    "csv": _read_csv,
}
