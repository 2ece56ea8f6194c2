"""The ledger of claims: read, append, never change.

``claims.csv`` holds one row per claim and ``channel_days.csv`` the number of posts per day. Rows
are only ever added. The sorted file is written beside itself, flushed and renamed under a lock, so
a killed process or two at once never lose, double or tear a row; and what is known already changes
nothing, not even the file.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import LedgerError, ReadError
from analysis.ledger.channel_days import DAY_COLUMNS, NO_DAYS, channel_days, check_days, merge_days
from analysis.ledger.claims import claims_from_posts
from analysis.ledger.claims_text import claims_as_text, empty_claims, typed_claims
from analysis.ledger.data_folder import DAYS, claims_file, data_folder, writable_claims_file
from analysis.ledger.identity import ClaimFinding
from analysis.ledger.joining import join_tellings
from analysis.ledger.schema import check_claims
from analysis.ledger.storage import locked, replace_file
from analysis.ledger.version_table import Version, read_versions
from analysis.readers.text_files import read_text
from analysis.vocabulary import CLAIM_COLUMNS, MEASURES, SEVERITIES, SOURCE_KINDS

#: Order of the rows of a version: totals, what regions account for, parts of it, wider figures.
_RELATION_ORDER: Final = {"total": 0, "subset": 2, "cumulative": 3}


@dataclass(frozen=True, slots=True)
class AppendReport:
    """What appending did.

    Attributes
    ----------
    path : Path
        The ledger's file.
    rows_added, versions_added : int
        What was new.
    already_known : int
        Versions that the ledger held, or that a post told again.
    left_out : int
        Completions that fit no post.
    findings : tuple of ClaimFinding
        What the reader should know; errors first.
    """

    path: Path
    rows_added: int
    versions_added: int
    already_known: int
    left_out: int
    findings: tuple[ClaimFinding, ...]


def load_claims(path: str | Path | None = None) -> pd.DataFrame:
    """Read the ledger.

    Parameters
    ----------
    path : str or Path, optional
        A folder or file; see `data_folder`.

    Returns
    -------
    pd.DataFrame
        One row per claim, columns ``CLAIM_COLUMNS``, sorted by bulletin and version. Times are
        datetime64[us, UTC] (NaT where unknown), ``count`` and ``revision`` int64, the rest ``str``
        ("" where empty). ``attrs["channel_days"]`` holds the days (Moscow, ISO) with any post in
        the record, sorted, from channel_days.csv beside it; without that file it is not set.

    Raises
    ------
    LedgerError
        If there is no ledger, or a cell, row or version breaks the schema; offenders are quoted
        by line, at most five.

    Examples
    --------
    >>> load_claims("no-such-folder")
    Traceback (most recent call last):
    analysis.errors.LedgerError: no-such-folder/claims.csv: there is no ledger. Ingest posts ...
    """
    file = claims_file(path)
    if not file.is_file():
        raise LedgerError(
            f"{file}: there is no ledger.",
            "Ingest posts first, or name another folder with --data.",
        )
    claims = typed_claims(_read_checked(file))
    days = file.with_name(DAYS)
    if days.is_file():
        claims.attrs["channel_days"] = tuple(load_channel_days(days)["day"])
    return claims


def load_channel_days(path: str | Path | None = None) -> pd.DataFrame:
    """Read how many posts the record holds on each day.

    Parameters
    ----------
    path : str or Path, optional
        A folder or the file itself; see `data_folder`.

    Returns
    -------
    pd.DataFrame
        ``day`` (str, ISO date in Moscow), ``posts`` (int64), sorted; empty if there is no file.

    Raises
    ------
    LedgerError
        If a line cannot be read.
    """
    file = data_folder(path) / DAYS
    if not file.is_file():
        return NO_DAYS.copy()
    return check_days(_read_csv(file), str(file))


def append_claims(claims: pd.DataFrame, path: str | Path | None = None) -> AppendReport:
    """Add claims to the ledger; what it holds already changes nothing.

    Later tellings are joined to their bulletins first (`join_tellings`), and statements of the
    same hours told apart (`settling`). The order in which whole versions arrive makes no
    difference to the file once their bulletins are certain; posts that share their hours, and
    completions or reports, are best ingested after the posts they follow.

    Parameters
    ----------
    claims : pd.DataFrame
        As returned by `claims_from_posts`, `claims_from_structured` or `load_claims`.
    path : str or Path, optional
        A folder or file; see `data_folder`. It is made if it does not exist.

    Returns
    -------
    AppendReport
        What was new, what was known, and what looks odd.

    Raises
    ------
    LedgerError
        If the claims or the ledger break the schema (nothing is written then), if the ledger is
        the packaged copy, or if it cannot be written.
    """
    check_claims(claims_as_text(claims), "The claims", lambda row: f"row {row}")
    file = writable_claims_file(path)
    with locked(file.parent):
        ledger = _read_checked(file) if file.exists() else claims_as_text(empty_claims())
        added, findings = join_tellings(claims, typed_claims(ledger))
        versions = read_versions(added)
        if versions:
            text = claims_as_text(added)
            check_claims(text, "The claims to add", lambda row: f"row {row}")
            replace_file(file, _as_csv(_sorted(pd.concat([ledger, text], ignore_index=True))))
    findings = [*claims.attrs.get("findings", ()), *findings, *_odd_sums(versions)]
    left_out = sum(finding.code == "unmatched-completion" for finding in findings)
    return AppendReport(
        path=file,
        rows_added=len(added),
        versions_added=len(versions),
        already_known=len(read_versions(claims)) - len(versions) - left_out,
        left_out=left_out,
        findings=tuple(sorted(set(findings), key=_by_weight)),
    )


def append_channel_days(days: pd.DataFrame, path: str | Path | None = None) -> int:
    """Add counts of posts by day to the record; the larger count of a day holds.

    Parameters
    ----------
    days : pd.DataFrame
        As returned by `channel_days`.
    path : str or Path, optional
        A folder; see `data_folder`.

    Returns
    -------
    int
        Number of days that are new or whose count rose; the file is untouched if it is 0.

    Raises
    ------
    LedgerError
        If the days are none, or the record is the packaged copy or cannot be written.
    """
    check_days(days[list(DAY_COLUMNS)].astype("str"), "The days")
    file = writable_claims_file(path).with_name(DAYS)
    with locked(file.parent):
        known = load_channel_days(file)
        merged = merge_days(known, days)
        changed = len(merged.merge(known, how="left", indicator=True).query("_merge != 'both'"))
        if changed:
            replace_file(file, _as_csv(merged))
    return changed


def ingest_posts(posts: pd.DataFrame, path: str | Path | None = None) -> AppendReport:
    """Add what posts claim to the ledger, and their days to the record.

    Parameters
    ----------
    posts : pd.DataFrame
        As returned by `read_posts`.
    path : str or Path, optional
        A folder; see `data_folder`.

    Returns
    -------
    AppendReport
        As `append_claims`.

    Raises
    ------
    LedgerError
        As `append_claims`.
    """
    report = append_claims(claims_from_posts(posts), path)
    append_channel_days(channel_days(posts), path)
    return report


def _read_csv(file: Path) -> pd.DataFrame:
    """Read a table of text; nothing is taken for missing."""
    try:
        text = read_text(file)
        return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False)
    except ReadError as unreadable:
        raise LedgerError(*unreadable.args) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as broken:
        raise LedgerError(
            f"{file} is no table ({str(broken).strip()}).", "Restore the file from a copy."
        ) from None


def _read_checked(file: Path) -> pd.DataFrame:
    """Read the text of the claims, checked; columns in their order."""
    text = _read_csv(file)
    check_claims(text, str(file), lambda row: f"line {row + 2}")
    return text[list(CLAIM_COLUMNS)]


def _as_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV, the same on every system."""
    return table.to_csv(index=False, lineterminator="\n")


def _sorted(text: pd.DataFrame) -> pd.DataFrame:
    """Sort claims by bulletin and version; inside one, totals first and large counts first."""
    keys: dict[str, Callable[[], pd.Series]] = {
        "kind": lambda: text["source_kind"].map(SOURCE_KINDS.index),
        "turn": lambda: text["revision"].astype("int64"),
        "rank": lambda: text["relation"].map(_RELATION_ORDER).fillna(1),
        "which": lambda: text["measure"].map(MEASURES.index),
        "size": lambda: -text["count"].astype("int64"),
    }
    order = pd.DataFrame({name: make() for name, make in keys.items()})
    table = pd.concat([text, order], axis=1)
    first = ["bulletin_id", "kind", "source", "turn", "rank", "which", "window_start", "size"]
    rest = [name for name in CLAIM_COLUMNS if name not in first]
    return table.sort_values([*first, *rest], ignore_index=True)[list(CLAIM_COLUMNS)]


def _by_weight(finding: ClaimFinding) -> tuple[int, ClaimFinding]:
    """Sort errors first, then by words."""
    return SEVERITIES.index(finding.severity), finding


def _odd_sums(versions: list[Version]) -> list[ClaimFinding]:
    """Find versions whose parts exceed their own total."""
    found = []
    for version in versions:
        parts = version.parts.total()
        if version.total is not None and parts > version.total:
            message = f"{version.source}: the parts make {parts}, the total says {version.total}."
            remedy = "Read the source: a subset may be counted twice, or a number misread."
            found.append(
                ClaimFinding("error", "parts-exceed-total", version.bulletin_id, message, remedy)
            )
    return found
