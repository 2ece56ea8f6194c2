"""Posts as CSV, read row by row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from analysis.errors import ReadError
from analysis.readers.moments import BadMoment, read_moment
from analysis.readers.post_rows import EDITED, Asked, PostRows
from analysis.readers.text_files import csv_lines, refuse_lines, text_lines
from analysis.vocabulary import CHANNELS, POST_COLUMNS

#: The source of a posts CSV without a column ``source``: the export of the ministry's channel.
_EXPORTED: Final = "mod_russia"
_POSTED: Final = ("posted_at", "posted_utc")
_EDITED: Final = (EDITED, "edited_utc")

Line = tuple[int, list[str]]


def read_posts_csv(asked: Asked) -> PostRows:
    """Read a posts CSV; see `analysis.readers.read_posts` for its columns."""
    lines = csv_lines(asked.path, text_lines(asked.path, asked.progress))
    head = next(lines)[1]
    times = [name for name in _POSTED if name in head]
    lacking = [
        *(() if times else (" or ".join(_POSTED),)),
        *(() if "text" in head else ("text",)),
    ]
    if lacking:
        raise ReadError(
            f"{asked.path}: no column {' and no column '.join(lacking)}; "
            f"the columns are {', '.join(name or '(blank)' for name in head[:10])}.",
            "Name the columns posted_utc or posted_at, text, and perhaps source, source_url.",
        )
    edits = [name for name in _EDITED if name in head]
    columns = (*POST_COLUMNS, EDITED) if edits else POST_COLUMNS
    return PostRows(columns, _rows(asked, head, [*times[:1], *edits[:1]], lines))


def _rows(
    asked: Asked, head: list[str], times: list[str], lines: Iterator[Line]
) -> Iterator[tuple[Any, ...]]:
    """Yield the posts; once a line is wrong, only look for others that are."""
    column = {name: head.index(name) for name in head}
    found: list[tuple[int, str]] = []
    empty = True
    for line, cells in lines:
        if len(cells) != len(head):
            found.append((line, f"{len(cells)} cells where the header has {len(head)}"))
            continue
        source = cells[column["source"]].strip() if "source" in column else _EXPORTED
        url = cells[column["source_url"]].strip() if "source_url" in column else ""
        if not source:
            found.append((line, "the source is blank"))
        read = [_read_time(cells[column[name]].strip(), name) for name in times]
        found += [(line, problem) for _, problem in read if problem]
        empty = False
        if not found:
            text = cells[column["text"]]
            posted, *edited = (moment for moment, _ in read)
            yield posted, text, source, url or CHANNELS.get(source, ""), *edited
    refuse_lines(asked.path, found, "Correct these lines; times look like 2025-11-01T04:24Z.")
    if empty:
        problem = f"{asked.path}: a header but no posts."
        raise ReadError(problem, "Give a file with at least one post.")


def _read_time(cell: str, column: str) -> tuple[datetime | None, str]:
    """Read a time, or say what is wrong with it; a blank one is unknown."""
    if not cell:
        return None, ""
    try:
        return read_moment(cell, bare_is_utc=column.endswith("_utc")), ""
    except BadMoment as wrong:
        return None, f"{column}={cell[:40]!r} {wrong}"
