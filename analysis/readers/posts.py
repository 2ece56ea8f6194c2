"""Files that people have -> posts; the formats are told apart by name.

A new format is one more reader (``Asked`` -> ``PostRows``) in ``_FORMATS`` and one more rule in
`_format_of`. Structured bulletins (JSON lines) are no posts; see `analysis.readers.structured`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import ReadError
from analysis.readers.post_rows import Asked, PostRows, post_frame, post_frames, posting_time
from analysis.readers.posts_csv import read_posts_csv
from analysis.readers.posts_text import post_row, read_folder, read_text_post
from analysis.readers.telegram import read_telegram
from analysis.readers.text_files import Progress, as_path

#: Posts in memory at once.
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class _Format:
    """How a format is read, and what a caller may say of its files."""

    read: Callable[[Asked], PostRows]
    takes_time: bool = False
    takes_channel: bool = False


_FORMATS: Final = {
    "csv": _Format(read_posts_csv),
    "telegram": _Format(read_telegram, takes_channel=True),
    "text": _Format(read_text_post, takes_time=True),
    "folder": _Format(read_folder, takes_time=True),
}


def read_posts(
    path: str | Path,
    format: str = "auto",
    *,
    posted_at: datetime | None = None,
    channel: str | int | None = None,
) -> pd.DataFrame:
    """Read the posts or the article that a file holds.

    Parameters
    ----------
    path : str or Path
        UTF-8 text, or a folder.
    format : {"auto", "csv", "telegram", "text", "folder"}
        ``auto`` goes by the name: .csv is a posts CSV, .json a Telegram export, a folder a folder
        of texts; .jsonl and .html are refused; everything else is text.

        - A *posts CSV* has the columns ``text`` and ``posted_utc`` or ``posted_at`` (ISO 8601; UTC
          where ``posted_utc`` names no offset; blank where unknown), and may have ``source``,
          ``source_url`` and ``edited_at`` or ``edited_utc``. Without ``source`` it is taken for an
          export of the ministry's channel, ``mod_russia``.
        - A *Telegram export* is the result.json of Telegram Desktop, of one chat or of an account.
          Only a public channel is read. Posts of a claimant's channel, told by its title
          (``vocabulary.CHANNEL_TITLES``), get that source and the address of the message; those of
          any other channel have its title as their source.
        - A *text* is one post. Its name may begin with the time of posting and its zone, as in
          ``2025-11-01T0424Z tass.com.txt`` or ``20251101T072400+0300_tass.com.txt``; the rest of
          the name without its ending is the source.
        - Of a *folder*, each .txt is a text, in the order of their names. Texts without a rest of
          the name have the folder's name as their source.
    posted_at : datetime, optional
        When a text was published, or those texts of a folder whose names do not say it; without a
        time zone it is UTC. It dates words such as "overnight" and dates without a year.
    channel : str or int, optional
        Number, title or public name of the channel, where a Telegram export holds several.

    Returns
    -------
    pd.DataFrame
        One row per post in the order of the file: ``posted_at`` (datetime64[us, UTC]; NaT where
        unknown), ``text`` ("" for a picture without words), ``source``, ``source_url`` ("" where
        unknown). A Telegram export, and a CSV that has it, adds ``edited_at`` (when the text got
        its present words; NaT where never changed), a Telegram export ``message_id`` (int64).
        ``attrs["findings"]`` is a tuple of what the file holds that is no post (`ReadFinding`).

    Raises
    ------
    ReadError
        If the file is missing, empty, no text, ends in the middle, lacks a column, or holds a time
        that cannot be read; all offending lines are found at once, at most five are quoted. If a
        text of a folder cannot be read or has no time. If an export holds no public channel, or
        several and none is named.

    See Also
    --------
    iter_posts : the same posts without holding them all in memory.

    Examples
    --------
    >>> read_posts("posts.jsonl")
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: posts.jsonl: JSON lines hold bulletins, not posts. ...
    """
    chunks = list(iter_posts(path, format, posted_at=posted_at, channel=channel))
    posts = pd.concat(chunks, ignore_index=True) if len(chunks) > 1 else chunks[0]
    posts.attrs = dict(chunks[-1].attrs)
    return posts


def iter_posts(
    path: str | Path,
    format: str = "auto",
    *,
    posted_at: datetime | None = None,
    channel: str | int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Iterator[pd.DataFrame]:
    """Read posts in frames of a limited size, so that a file may be larger than the memory.

    Parameters
    ----------
    path, format, posted_at, channel : optional
        As `read_posts`.
    chunk : int
        Posts in a frame, >= 1.
    progress : callable, optional
        Called with how much was read and how much there is: bytes, or the texts of a folder.

    Returns
    -------
    iterator of pd.DataFrame
        Together the frame of `read_posts`; none is empty, and the last has the findings.

    Raises
    ------
    ReadError
        As `read_posts`: wrong use at once, what is wrong deep in a file when it is reached, or
        after the last row. Use nothing of a file before its iterator has ended.

    Examples
    --------
    >>> iter_posts("posts.csv", chunk=0)
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: chunk is 0. Give a whole number >= 1.
    """
    if type(chunk) is not int or chunk < 1:
        raise ReadError(f"chunk is {chunk!r}.", "Give a whole number >= 1.")
    posted_at = posting_time(posted_at)
    file = as_path(path)
    chosen = _FORMATS.get(_format_of(file) if format == "auto" else str(format))
    if chosen is None:
        known = ", ".join(("auto", *_FORMATS))
        raise ReadError(f"The format {format!r} is not known.", f"Use one of {known}.")
    if posted_at is not None and not chosen.takes_time:
        raise ReadError(
            f"{file}: posted_at is given, but every post of this format has its own time.",
            "Leave posted_at out, or correct the file.",
        )
    if channel is not None and not chosen.takes_channel:
        problem = f"{file}: a channel is named, but this is no Telegram export."
        raise ReadError(problem, "Leave the channel out.")
    name = None if channel is None else str(channel)
    return post_frames(chosen.read, Asked(file, posted_at, name, progress), chunk)


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
    return post_frame([post_row(text, source, posting_time(posted_at))])


def _format_of(path: Path) -> str:
    """Return the format that a file's name promises."""
    if path.is_dir():
        return "folder"
    ending = path.suffix.lower()
    if ending == ".jsonl":
        raise ReadError(
            f"{path}: JSON lines hold bulletins, not posts.", "Ingest them, or use read_structured."
        )
    if ending in (".html", ".htm"):
        raise ReadError(
            f"{path}: this is a web page, not a text.",
            "Copy its text into a text file; Telegram Desktop exports machine-readable JSON, too.",
        )
    return {".csv": "csv", ".json": "telegram"}.get(ending, "text")
