"""What every reader of posts gives: rows as they are met, and what was left out; rows as frames."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.errors import ReadError
from analysis.readers.moments import BadMoment, in_utc
from analysis.readers.text_files import Progress
from analysis.vocabulary import POST_COLUMNS, Severity

#: When the text was last changed, where a file says so; the text before is then not known.
EDITED: Final = "edited_at"
#: The number of a message in its channel, in a Telegram export.
MESSAGE: Final = "message_id"

_TIMES: Final = ("posted_at", EDITED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a reader: a file, and what the caller knows besides."""

    path: Path
    posted_at: datetime | None = None
    channel: str | None = None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True, order=True)
class ReadFinding:
    """Something that a file holds and no post tells; a file has one of each code."""

    severity: Severity
    code: str
    message: str
    remedy: str


@dataclass(slots=True)
class PostRows:
    """The posts of a file, one after the other.

    Attributes
    ----------
    columns : tuple of str
        ``POST_COLUMNS``, and ``edited_at``, ``message_id`` where the file has them.
    rows : iterator of tuple
        Cells in that order. It raises ReadError for what is wrong with the file, at the latest when
        the last row was taken.
    findings : list of ReadFinding
        Complete when the last row was taken.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    findings: list[ReadFinding] = field(default_factory=list)


def post_frames(
    read: Callable[[Asked], PostRows], asked: Asked, chunk: int
) -> Iterator[pd.DataFrame]:
    """Yield posts as frames of at most ``chunk`` rows; the last has ``attrs["findings"]``."""
    posts = read(asked)
    held: list[tuple[Any, ...]] = []
    for row in posts.rows:
        if len(held) == chunk:
            yield post_frame(held, posts.columns)
            held = []
        held.append(row)
    if held:
        last = post_frame(held, posts.columns)
        last.attrs["findings"] = tuple(sorted(posts.findings))
        yield last


def post_frame(
    rows: list[tuple[Any, ...]], columns: tuple[str, ...] = POST_COLUMNS
) -> pd.DataFrame:
    """Return rows as a frame: times datetime64[us, UTC], ``message_id`` int64, the rest ``str``."""
    posts = pd.DataFrame(rows, columns=list(columns))
    for name in columns:
        if name in _TIMES:
            posts[name] = pd.to_datetime(posts[name], utc=True).dt.as_unit("us")
        else:
            posts[name] = posts[name].astype("int64" if name == MESSAGE else "str")
    return posts


def posting_time(moment: datetime | None) -> datetime | None:
    """Return the time of posting that a caller gives, in UTC; one without a zone is UTC.

    Raises
    ------
    ReadError
        If it is no moment, or lies in another age.
    """
    if moment is None:
        return None
    if not isinstance(moment, datetime) or moment != moment:  # NaT is a datetime, but no moment
        problem = f"posted_at is {moment!r}, which is no datetime."
        raise ReadError(problem, "Use datetime.fromisoformat, with a time zone.")
    try:
        return in_utc(moment)
    except BadMoment as wrong:
        problem = f"posted_at {moment.isoformat()} {wrong}."
        raise ReadError(problem, "Give the time of posting.") from None
