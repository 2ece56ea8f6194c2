"""Texts as posts: one file, or every text of a folder.

A name may begin with the time of posting, as in ``2025-11-01T0424Z tass.com.txt``: date and time
with or without their hyphens and colons, joined by ``T``, ``_`` or a blank, seconds or not, and
then ``Z`` or an offset such as ``+0300``. The rest of the name is the source.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from analysis.errors import ReadError
from analysis.readers.moments import BadMoment, read_moment
from analysis.readers.post_rows import Asked, PostRows, ReadFinding
from analysis.readers.text_files import quote_some, read_text, reason_of
from analysis.vocabulary import CHANNELS, POST_COLUMNS

_NAME_TIME: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T_ ](\d\d)[:.-]?(\d\d)(?:[:.-]?(\d\d))?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BETWEEN: Final = " _.-"
_HOW: Final = "Begin its name with a time such as 2025-11-01T0424Z"


class _BadName(Exception):  # noqa: N818  (not an error that leaves this module)
    """What is wrong with a file's name."""


def read_text_post(asked: Asked) -> PostRows:
    """Read a text file as one post; the caller's time of posting counts before the name's."""
    posted, source = asked.posted_at, asked.path.stem
    try:
        named, source = time_and_source(source)
    except _BadName as wrong:
        if posted is None:
            raise ReadError(f"{asked.path}: its name {wrong}.", f"{_HOW}, or give one.") from None
        named = None
    if posted is not None and named is not None and named != posted:
        raise ReadError(
            f"{asked.path}: its name says {named:%Y-%m-%dT%H:%MZ}, but posted_at is "
            f"{posted:%Y-%m-%dT%H:%MZ}.",
            "Leave one of them out.",
        )
    rows = [post_row(read_text(asked.path), source or asked.path.stem, posted or named)]
    return PostRows(POST_COLUMNS, iter(rows))


def read_folder(asked: Asked) -> PostRows:
    """Read every .txt of a folder as a post, in the order of their names."""
    try:
        inside = sorted(p for p in asked.path.iterdir() if not p.name.startswith("."))
    except NotADirectoryError:
        raise ReadError(f"{asked.path}: this is no folder.", "Name a folder.") from None
    except FileNotFoundError:
        raise ReadError(f"{asked.path}: there is no such folder.", "Check the path.") from None
    except OSError as refused:
        reason = reason_of(refused)
        problem = f"{asked.path}: cannot be opened ({reason})."
        raise ReadError(problem, "Check its permissions.") from None
    texts = [p for p in inside if p.suffix.lower() == ".txt" and not p.is_dir()]
    if not texts:
        exported = asked.path / "result.json"
        remedy = f"Give {exported}." if exported.is_file() else "Give a folder of texts."
        raise ReadError(f"{asked.path}: no .txt file lies in this folder.", remedy)
    if asked.posted_at is not None and all(_NAME_TIME.match(path.stem) for path in texts):
        raise ReadError(
            f"{asked.path}: posted_at is given, but the name of every text begins with its time.",
            "Leave posted_at out.",
        )
    posts = PostRows(POST_COLUMNS, _rows(asked, texts))
    if others := len(inside) - len(texts):
        message = f"{asked.path}: {others} of {len(inside)} entries are no .txt and are not read."
        remedy = "Ingest them by their names, if they hold posts."
        posts.findings.append(ReadFinding("info", "files-skipped", message, remedy))
    return posts


def time_and_source(stem: str) -> tuple[datetime | None, str]:
    """Split a file's name into the time that it begins with, if any, and the rest.

    Raises
    ------
    _BadName
        If it begins with a time that does not exist or names no zone.

    Examples
    --------
    >>> time_and_source("20251101T0724+0300_paper")
    (datetime.datetime(2025, 11, 1, 4, 24, tzinfo=datetime.timezone.utc), 'paper')
    >>> time_and_source("2025-11-01 paper")
    (None, '2025-11-01 paper')
    """
    found = _NAME_TIME.match(stem)
    if found is None:
        return None, stem
    *numbers, zone = found.groups()
    if zone is None:
        raise _BadName("begins with a time that names no zone")
    date, time = "-".join(numbers[:3]), ":".join(number or "00" for number in numbers[3:])
    try:
        moment = read_moment(f"{date}T{time}{zone.upper()}")
    except BadMoment:
        raise _BadName("begins with a time that does not exist") from None
    return moment, stem[found.end() :].strip(_BETWEEN)


def post_row(text: str, source: str, posted_at: datetime | None) -> tuple[Any, ...]:
    """Return a text as a row of ``POST_COLUMNS``."""
    return posted_at, text, source, CHANNELS.get(source, "")


def _rows(asked: Asked, texts: list[Path]) -> Iterator[tuple[Any, ...]]:
    """Yield the posts; once a file cannot be read, only look for others that cannot."""
    found: list[str] = []
    for done, path in enumerate(texts, start=1):
        try:
            named, source = time_and_source(path.stem)
            posted = named or asked.posted_at
            if posted is None:
                raise _BadName("begins with no time of posting")
            row = post_row(read_text(path), source or asked.path.resolve().name, posted)
        except _BadName as wrong:
            found.append(f"{path}: its name {wrong}")
        except ReadError as wrong:
            found.append(wrong.args[0].rstrip("."))
        else:
            if not found:
                yield row
        if asked.progress is not None:
            asked.progress(done, len(texts))
    if found:
        remedy = f"{_HOW}, or give one time for all; nothing was read."
        unnamed = any(": its name " in problem for problem in found)
        raise ReadError(
            f"{quote_some(found, 'files')}.",
            remedy if unnamed else "Correct or remove these files; nothing was read.",
        )
