"""Bulletins -> rows of claims: who said it when, in which words' shape, and which number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

import pandas as pd

from analysis.bulletins import Bulletin, parse_bulletins
from analysis.errors import LedgerError
from analysis.ledger.channel_days import channel_dates
from analysis.ledger.claim_rows import Origin, Row, claim_rows
from analysis.ledger.claims_text import empty_claims
from analysis.ledger.identity import ClaimFinding
from analysis.ledger.settling import settle_statements
from analysis.readers.structured import Skipped, Structured
from analysis.vocabulary import (
    CHANNELS,
    CLAIM_COLUMNS,
    CLAIM_TIMES,
    POST_COLUMNS,
    SOURCE_KINDS,
)

#: Whose channel a source is.
CLAIMANT_OF: Final = {"mod_russia": "ru_mod"}


def claims_from_posts(posts: pd.DataFrame) -> pd.DataFrame:
    """Read what posts claim, one row per number.

    Posts of a claimant's own channel (``vocabulary.CHANNELS``) are primary; any other text is a
    report, which gets a bulletin of its own until `append_claims` joins it to the one it tells.

    Parameters
    ----------
    posts : pd.DataFrame
        Columns ``posted_at, text, source, source_url``, as returned by `read_posts`.

    Returns
    -------
    pd.DataFrame
        Columns ``CLAIM_COLUMNS``; ``revision`` is 1 but for a statement that its source corrected
        later (see `settle_statements` for posts that share a window). Times are cut to the minute.
        ``attrs["channel_days"]`` holds the days (Moscow, ISO) with any post of a channel, and
        ``attrs["findings"]`` what was left out or settled, as a tuple of `ClaimFinding`.

    Raises
    ------
    LedgerError
        If columns are missing or ``posted_at`` are no moments with a time zone.

    Examples
    --------
    >>> posts = pd.DataFrame({"posted_at": pd.to_datetime(["2025-01-02T21:00Z"]),
    ...     "text": ["From 20:00 to 23:00 Russian air defenses downed five drones: "
    ...              "three over Tula, two over Oryol."], "source": "paper", "source_url": ""})
    >>> claims_from_posts(posts)[["relation", "regions", "count"]].to_numpy().tolist()
    [['total', '', 5], ['single', 'tula', 3], ['single', 'oryol', 2]]
    """
    _check_posts(posts)
    statements: list[list[Row]] = []
    findings: list[ClaimFinding] = []
    order: Counter[str] = Counter()
    ordered = posts.sort_values("posted_at", kind="stable", na_position="last")
    for posted_at, text, source, url in zip(*(ordered[name] for name in POST_COLUMNS), strict=True):
        posted = None if pd.isna(posted_at) else posted_at.to_pydatetime()
        origin = Origin(source, "primary" if source in CHANNELS else "report", url)
        for bulletin in parse_bulletins(text, posted, claimant=CLAIMANT_OF.get(source)):
            statements.append(claim_rows(bulletin, origin, findings, order))
    claims = settled_claims(statements, findings)
    claims.attrs["channel_days"] = channel_dates(posts)
    return claims


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
    if not isinstance(posts["posted_at"].dtype, pd.DatetimeTZDtype):
        raise LedgerError(
            f"posted_at of the posts is {posts['posted_at'].dtype}, not moments with a time zone.",
            'Convert it with pd.to_datetime(posts["posted_at"], utc=True).',
        )


def _host(url: str) -> str:
    """Return the host of an address without www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _skipped(line: Skipped) -> ClaimFinding:
    """Say that a line of a structured file is not used."""
    message = f"Line {line.line} (post of {line.posted_utc or 'unknown time'}): {line.reason}."
    return ClaimFinding("info", "line-skipped", "", message, "Complete the line to use it.")
