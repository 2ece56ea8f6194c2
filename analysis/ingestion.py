"""Files that people have -> the ledger: which reader a file needs, and what came of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd

from analysis.bulletins import Bulletin
from analysis.errors import ReadError
from analysis.ledger import (
    AppendReport,
    append_claims,
    claims_from_attacks,
    claims_from_structured,
    ingest_posts,
)
from analysis.ledger.claims import tellings
from analysis.readers import (
    holds_attacks,
    iter_posts,
    post_from_text,
    read_attacks,
    read_structured,
)
from analysis.readers.post_rows import MESSAGE
from analysis.readers.telegram import UNKNOWN_CHANNEL, message_url
from analysis.readers.text_files import Progress, as_path
from analysis.vocabulary import CHANNELS

#: The ending of files that hold bulletins, not posts.
STRUCTURED = ".jsonl"


def ingest_file(
    path: str | Path,
    data: str | Path | None = None,
    *,
    posted_at: datetime | None = None,
    source: str | None = None,
    channel: str | int | None = None,
    progress: Progress | None = None,
) -> AppendReport:
    """Append what one file claims to the ledger; the file may be larger than the memory.

    Parameters
    ----------
    path : str or Path
        Posts CSV, Telegram export (.json), a text, or a folder of texts (see `read_posts`);
        structured bulletins (.jsonl); the table of attacks on Ukraine (.csv, known by its columns).
    data : str or Path, optional
        Folder of the ledger; see `analysis.ledger.data_folder`.
    posted_at : datetime, optional
        When a text was published.
    source : str, optional
        Who published the posts; else as `read_posts` says.
    channel : str or int, optional
        Which channel of a Telegram export.
    progress : callable, optional
        As in `iter_posts`.

    Returns
    -------
    AppendReport
        What was new, what was known, and what looks odd.

    Raises
    ------
    AnalysisError
        If the file cannot be read or the ledger cannot be written; nothing is written then.

    Examples
    --------
    >>> ingest_file("no-such.csv")
    Traceback (most recent call last):
    analysis.errors.ReadError: no-such.csv: there is no such file. Check the path.
    """
    read = _reader_of_claims(as_path(path))
    if read is None:
        posts = iter_posts(path, posted_at=posted_at, channel=channel, progress=progress)
        return ingest_posts((_from(chunk, source) for chunk in posts), data)
    if posted_at is not None or source is not None or channel is not None:
        problem = f"{path}: this file says itself who told what, and when."
        raise ReadError(problem, "Leave out the time of posting, the source and the channel.")
    return append_claims(read(path), data)


def ingest_text(
    text: str,
    data: str | Path | None = None,
    *,
    posted_at: datetime | None = None,
    source: str | None = None,
) -> AppendReport:
    """Append what one text claims to the ledger.

    Parameters
    ----------
    text : str
        A post or article as published.
    data, posted_at : optional
        As in `ingest_file`.
    source : str, optional
        Who published it; else "text".

    Returns
    -------
    AppendReport
        As `ingest_file`.
    """
    return ingest_posts(post_from_text(text, source=source or "text", posted_at=posted_at), data)


def parse_file(
    path: str | Path,
    *,
    posted_at: datetime | None = None,
    claimant: str | None = None,
    channel: str | int | None = None,
    progress: Progress | None = None,
) -> Iterator[Bulletin]:
    """Read what the posts of a file claim, without a ledger.

    Parameters
    ----------
    path, posted_at, channel, progress : optional
        As in `ingest_file`; structured bulletins are refused.
    claimant : str, optional
        Who claims it, where the text does not say; else whose channel the source is.

    Yields
    ------
    Bulletin
        In the order of the posts.

    Raises
    ------
    AnalysisError
        If the file cannot be read, or the claimant is not known.

    Examples
    --------
    >>> list(parse_file("no-such.csv"))
    Traceback (most recent call last):
    analysis.errors.ReadError: no-such.csv: there is no such file. Check the path.
    """
    for chunk in iter_posts(path, posted_at=posted_at, channel=channel, progress=progress):
        for telling in tellings(chunk, claimant):
            yield from telling.bulletins


def _reader_of_claims(path: Path) -> Callable[[str | Path], pd.DataFrame] | None:
    """Return what reads the claims of a file that holds no posts, or None."""
    ending = path.suffix.lower()
    if ending == STRUCTURED:
        return _structured_claims
    if ending == ".csv" and holds_attacks(path):
        return _attack_claims
    return None


def _structured_claims(path: str | Path) -> pd.DataFrame:
    """The claims of structured bulletins."""
    file = read_structured(path)
    return claims_from_structured(file.bulletins, file.skipped)


def _attack_claims(path: str | Path) -> pd.DataFrame:
    """The claims of a table of attacks."""
    return claims_from_attacks(read_attacks(path))


def _from(posts: pd.DataFrame, source: str | None) -> pd.DataFrame:
    """Posts under the name of their publisher, with its addresses."""
    if source is None:
        return posts
    named = posts.assign(source=source, source_url=CHANNELS.get(source, ""))
    if MESSAGE in posts.columns:
        named["source_url"] = [message_url(source, number) for number in posts[MESSAGE]]
    found = named.attrs.get("findings", ())
    named.attrs["findings"] = tuple(f for f in found if f.code != UNKNOWN_CHANNEL)
    return named
