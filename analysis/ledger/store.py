"""The ledger of claims: read, append, never change.

``claims.csv`` holds one row per claim, ``claims_ukraine.csv`` those read from a table that has
terms of its own, and ``channel_days.csv`` the number of posts per day. Rows are only ever added.
The sorted files are written beside themselves, flushed and renamed under a lock, so a killed
process or two at once never lose, double or tear a row; and what is known already changes nothing,
not even the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import LedgerError
from analysis.ledger.channel_days import DAY_COLUMNS, NO_DAYS, check_days, merge_days
from analysis.ledger.claims import claims_from_chunks
from analysis.ledger.claims_csv import as_csv, ledger_texts, read_csv, read_ledger
from analysis.ledger.claims_text import claims_as_text, typed_claims
from analysis.ledger.data_folder import (
    DAYS,
    data_folder,
    file_of,
    ledger_files,
    writable_claims_file,
)
from analysis.ledger.edited_hours import follow_edits
from analysis.ledger.identity import ClaimFinding
from analysis.ledger.joining import join_tellings
from analysis.ledger.schema import check_claims
from analysis.ledger.storage import locked, replace_files
from analysis.ledger.version_table import Version, read_versions
from analysis.vocabulary import SEVERITIES


@dataclass(frozen=True, slots=True)
class AppendReport:
    """What appending did.

    Attributes
    ----------
    path : Path
        The ledger's file for these claims; the first, if they belong into several.
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
        A folder or file; see `ledger_files`.

    Returns
    -------
    pd.DataFrame
        One row per claim, columns ``CLAIM_COLUMNS``, sorted by bulletin and version, both sides
        together: ``direction`` tells them apart. Without claims_ukraine.csv, as in an installed
        package, it is the Russian side alone. Times are
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
    files = ledger_files(path)
    if not any(file.is_file() for file in files):
        raise LedgerError(
            f"{files[0]}: there is no ledger.",
            "Ingest posts first, or name another folder with --data.",
        )
    claims = typed_claims(read_ledger(files))
    days = files[0].with_name(DAYS)
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
    return check_days(read_csv(file), str(file))


def append_claims(claims: pd.DataFrame, path: str | Path | None = None) -> AppendReport:
    """Add claims to the ledger; what it holds already changes nothing.

    Later tellings are joined to their bulletins first (`join_tellings`), and statements of the
    same hours told apart (`settling`). The order in which whole versions arrive makes no
    difference to the file once their bulletins are certain; posts that share their hours, and
    completions or reports, are best ingested after the posts they follow. Rows of a source with
    terms of its own go into its file, all others into claims.csv, under one lock: a process killed
    between two files leaves each whole, and the same append again adds what is lacking.

    Parameters
    ----------
    claims : pd.DataFrame
        As returned by `claims_from_posts`, `claims_from_structured`, `claims_from_attacks` or
        `load_claims`.
    path : str or Path, optional
        A folder or file; see `ledger_files`. It is made if it does not exist.

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
        ledger = read_ledger(ledger_files(file))
        known = typed_claims(ledger)
        named, replaced = follow_edits(claims, known)
        added, findings = join_tellings(named, known)
        versions = read_versions(added)
        if versions:
            text = claims_as_text(added)
            check_claims(text, "The claims to add", lambda row: f"row {row}")
            replace_files(ledger_texts(ledger, text, file))
    findings += [*claims.attrs.get("findings", ()), *replaced, *_odd_sums(versions)]
    left_out = sum(finding.code == "unmatched-completion" for finding in findings)
    return AppendReport(
        path=min((file_of(source, file) for source in claims["source"].unique()), default=file),
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
            replace_files({file: as_csv(merged)})
    return changed


def ingest_posts(
    posts: pd.DataFrame | Iterable[pd.DataFrame], path: str | Path | None = None
) -> AppendReport:
    """Add what posts claim to the ledger, and their days to the record.

    Parameters
    ----------
    posts : pd.DataFrame or iterable of pd.DataFrame
        As returned by `read_posts`, or by `iter_posts`: nothing is written before its end.
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
    claims, days = claims_from_chunks([posts] if isinstance(posts, pd.DataFrame) else posts)
    report = append_claims(claims, path)
    append_channel_days(days, path)
    return report


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
