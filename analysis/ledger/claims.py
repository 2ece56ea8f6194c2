"""Bulletins -> rows of claims: who said it when, in which words' shape, and which number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import pandas as pd

from analysis.bulletins import Bulletin, parse_bulletins
from analysis.errors import LedgerError
from analysis.ledger.channel_days import days_table, posts_by_day
from analysis.ledger.claim_rows import Origin, Row, claim_rows
from analysis.ledger.claims_text import empty_claims
from analysis.ledger.identity import ClaimFinding
from analysis.ledger.settling import settle_statements
from analysis.readers.post_rows import EDITED, ReadFinding
from analysis.readers.structured import Skipped, Structured
from analysis.vocabulary import (
    CHANNEL_CLAIMANTS,
    CHANNELS,
    CLAIM_COLUMNS,
    CLAIM_TIMES,
    POST_COLUMNS,
    SOURCE_KINDS,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What one post claims, and who posted it when; it holds no text."""

    posted_at: datetime | None
    origin: Origin
    bulletins: tuple[Bulletin, ...]


def claims_from_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Read what posts claim, one row per number.

    Posts of a claimant's own channel (``vocabulary.CHANNELS``) are primary; any other text is a
    report, which gets a bulletin of its own until `append_claims` joins it to the one it tells.

    Parameters
    ----------
    posts : pd.DataFrame
        Columns ``posted_at, text, source, source_url``, as returned by `read_posts`, and perhaps
        ``edited_at``: an edited post was known in its present words from then on.

    Returns
    -------
    pd.DataFrame
        Columns ``CLAIM_COLUMNS``; ``revision`` is 1 but for a post that was edited, and a statement
        that its source corrected later (see `settle_statements` for posts that share a window).
        Times are cut to the minute.
        ``attrs["channel_days"]`` holds the days (Moscow, ISO) with any post of a channel, and
        ``attrs["findings"]`` what was left out or settled, as a tuple of `ClaimFinding`.

    Raises
    ------
    LedgerError
        If columns are missing or times are no moments with a time zone.

    Examples
    --------
    >>> posts = pd.DataFrame({"posted_at": pd.to_datetime(["2025-01-02T21:00Z"]),
    ...     "text": ["From 20:00 to 23:00 Russian air defenses downed five drones: "
    ...              "three over Tula, two over Oryol."], "source": "paper", "source_url": ""})
    >>> claims_from_posts(posts)[["relation", "regions", "count"]].to_numpy().tolist()
    [['total', '', 5], ['single', 'tula', 3], ['single', 'oryol', 2]]
    """
    return claims_from_chunks([posts])[0]


def claims_from_chunks(chunks: Iterable[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read what the posts of a file claim, a frame at a time; only what they claim is kept.

    Parameters
    ----------
    chunks : iterable of pd.DataFrame
        As returned by `iter_posts`: it makes no difference where one ends and the next begins.

    Returns
    -------
    claims : pd.DataFrame
        As `claims_from_posts`.
    days : pd.DataFrame
        As `channel_days`.

    Raises
    ------
    LedgerError
        As `claims_from_posts`.
    """
    told: list[Telling] = []
    days: Counter[str] = Counter()
    findings: list[ClaimFinding] = []
    for chunk in chunks:
        told += (telling for telling in tellings(chunk) if telling.bulletins)
        days += posts_by_day(chunk)
        findings += map(_of_the_file, chunk.attrs.get("findings", ()))
    # Statements of one minute are numbered in the order of the file; undated posts come last.
    told.sort(key=lambda telling: (telling.posted_at is None, telling.posted_at))
    order: Counter[str] = Counter()
    statements = [
        claim_rows(bulletin, telling.origin, findings, order)
        for telling in told
        for bulletin in telling.bulletins
    ]
    claims = settled_claims(statements, findings)
    counted = days_table(days)
    claims.attrs["channel_days"] = tuple(counted["day"])
    return claims, counted


def tellings(posts: pd.DataFrame, claimant: str | None = None) -> Iterator[Telling]:
    """Parse posts one after the other.

    Parameters
    ----------
    posts : pd.DataFrame
        As for `claims_from_posts`.
    claimant : str, optional
        Who claims it, where the text does not say; else whose channel the source is.

    Yields
    ------
    Telling
        One for each post, in their order; most claim nothing.

    Raises
    ------
    LedgerError
        As `claims_from_posts`.
    """
    _check_posts(posts)
    edits = posts[EDITED] if EDITED in posts.columns else [None] * len(posts)
    for posted_at, text, source, url, edited in zip(
        *(posts[name] for name in POST_COLUMNS), edits, strict=True
    ):
        posted = _moment(posted_at)
        kind = "primary" if source in CHANNELS else "report"
        bulletins = parse_bulletins(
            text, posted, claimant=claimant or CHANNEL_CLAIMANTS.get(source)
        )
        origin = Origin(source, kind, url, edited_at=_moment(edited))
        yield Telling(posted, origin, tuple(bulletins))


def claims_from_bulletins(
    bulletins: Iterable[Bulletin],
    *,
    source: str,
    source_kind: str = "primary",
    source_url: str = "",
) -> pd.DataFrame:
    """Write the bulletins of one text as claims, one row per number.

    Parameters
    ----------
    bulletins : iterable of Bulletin
        As returned by `parse_bulletins`, in the order of the text.
    source : str
        Who published the text.
    source_kind : {"primary", "completion", "report"}
        What it is to the statement.
    source_url : str
        Where the text stands.

    Returns
    -------
    pd.DataFrame
        As `claims_from_posts`, without ``channel_days``.

    Raises
    ------
    LedgerError
        If the kind of source is unknown.

    Examples
    --------
    >>> claims_from_bulletins([], source="tass.com", source_kind="report").empty
    True
    """
    if source_kind not in SOURCE_KINDS:
        raise LedgerError(
            f"source_kind is {source_kind!r}.", f"Use one of {', '.join(SOURCE_KINDS)}."
        )
    findings: list[ClaimFinding] = []
    order: Counter[str] = Counter()
    origin = Origin(source, source_kind, source_url)
    statements = [claim_rows(bulletin, origin, findings, order) for bulletin in bulletins]
    return settled_claims(statements, findings)


def claims_from_structured(
    bulletins: Iterable[Structured], skipped: Iterable[Skipped] = ()
) -> pd.DataFrame:
    """Write structured bulletins as claims: completions of posts, reports, cumulative figures.

    A completion has no window: it gets that of its post when `append_claims` joins it. A figure
    that contains other bulletins is one row ``cumulative`` with ``regions`` "" (and one for each
    unit it names), and its part outside the operation zone a row ``subset`` with ``regions``
    ``outside_operation_zone`` and ``of`` "": part of the whole of the same window.

    Parameters
    ----------
    bulletins : iterable of Structured
        ``read_structured(path).bulletins``.
    skipped : iterable of Skipped
        ``read_structured(path).skipped``: each becomes a finding.

    Returns
    -------
    pd.DataFrame
        As `claims_from_posts`, without ``channel_days``. ``source`` is the host of the address.
        ``known_at`` is 24 hours after posting, or after the window's end where no time of posting
        is known: nothing says when the number was published.

    Examples
    --------
    >>> claims_from_structured([]).empty
    True
    """
    statements: list[list[Row]] = []
    findings = [_skipped(line) for line in skipped]
    order: Counter[str] = Counter()
    for telling in bulletins:
        bulletin = telling.bulletin
        kind = "completion" if bulletin.window is None else "report"
        origin = Origin(_host(telling.source_url) or "structured", kind, telling.source_url)
        statements.append(claim_rows(bulletin, origin, findings, order))
    return settled_claims(statements, findings)


def settled_claims(
    statements: Sequence[list[Row]], findings: Iterable[ClaimFinding]
) -> pd.DataFrame:
    """Write statements as a table of claims, each column of its type and each statement named.

    Parameters
    ----------
    statements : sequence of list
        The rows of each statement, as returned by `claim_rows`, in the order of posting.
    findings : iterable of ClaimFinding
        What was found so far.

    Returns
    -------
    pd.DataFrame
        Columns ``CLAIM_COLUMNS``; all findings are in ``attrs["findings"]``.
    """
    rows = [row for statement in statements for row in statement]
    numbers = [number for number, statement in enumerate(statements) for _ in statement]
    claims = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    for name in CLAIM_TIMES:
        claims[name] = pd.to_datetime(claims[name], utc=True).dt.as_unit("us").dt.floor("min")
    claims, settled = settle_statements(claims.astype(dict(empty_claims().dtypes)), numbers)
    claims.attrs["findings"] = tuple(sorted({*findings, *settled}))
    return claims


def _check_posts(posts: pd.DataFrame) -> None:
    """Refuse a frame that holds no posts."""
    missing = [name for name in POST_COLUMNS if name not in posts.columns]
    if missing:
        raise LedgerError(
            f"The posts lack {', '.join(missing)}.", "Give a frame as returned by read_posts."
        )
    for name in ("posted_at", EDITED):
        if name in posts.columns and not isinstance(posts[name].dtype, pd.DatetimeTZDtype):
            raise LedgerError(
                f"{name} of the posts is {posts[name].dtype}, not moments with a time zone.",
                f'Convert it with pd.to_datetime(posts["{name}"], utc=True).',
            )


def _moment(cell: pd.Timestamp | None) -> datetime | None:
    """A cell of a column of times as a moment."""
    return None if cell is None or pd.isna(cell) else cell.to_pydatetime()


def _of_the_file(found: ReadFinding) -> ClaimFinding:
    """What a reader found, among what is found in claims."""
    return ClaimFinding(found.severity, found.code, "", found.message, found.remedy)


def _host(url: str) -> str:
    """Return the host of an address without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _skipped(line: Skipped) -> ClaimFinding:
    """Say that a line of a structured file is not used."""
    message = f"Line {line.line} (post of {line.posted_utc or 'unknown time'}): {line.reason}."
    return ClaimFinding("info", "line-skipped", "", message, "Complete the line to use it.")
