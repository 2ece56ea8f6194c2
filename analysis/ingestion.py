"""Files that people have -> the ledger: which reader a file needs, and what came of it."""

from datetime import datetime
from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.ledger import AppendReport, append_claims, claims_from_structured, ingest_posts
from analysis.readers import post_from_text, read_posts, read_structured
from analysis.vocabulary import CHANNELS

#: Endings of files that hold bulletins, not posts.
STRUCTURED = (".jsonl", ".json")


def ingest_file(
    path: str | Path,
    data: str | Path | None = None,
    *,
    posted_at: datetime | None = None,
    source: str | None = None,
) -> AppendReport:
    """Append what one file claims to the ledger.

    Parameters
    ----------
    path : str or Path
        Posts CSV, structured bulletins (.jsonl), or a text.
    data : str or Path, optional
        Folder of the ledger; see `analysis.ledger.data_folder`.
    posted_at : datetime, optional
        When a text was published.
    source : str, optional
        Who published a text; else the file's name.

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
    if Path(path).suffix.lower() in STRUCTURED:
        if posted_at is not None or source is not None:
            problem = f"{path}: bulletins in JSON lines say themselves who told them, and when."
            raise ReadError(problem, "Leave out the time of posting and the source.")
        file = read_structured(path)
        return append_claims(claims_from_structured(file.bulletins, file.skipped), data)
    return ingest_posts(_from(read_posts(path, posted_at=posted_at), source), data)


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


def _from(posts: pd.DataFrame, source: str | None) -> pd.DataFrame:
    """Posts under the name of their publisher."""
    if source is None:
        return posts
    return posts.assign(source=source, source_url=CHANNELS.get(source, ""))
