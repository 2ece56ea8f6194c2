"""An edit that changes hours: the statement keeps the bulletin that the ledger knows.

A bulletin is named by its hours. A corrected number is a new revision of it; a corrected hour would
make a bulletin of its own, and the drones would count twice. So a statement that the ledger does
not hold takes the name of one that the same post no longer makes, if their hours overlap; of
several, the one with the most hours in common. The post is known by its address: that of a message
in a claimant's channel, or the one that a row of the table of attacks names, which is edited in
place.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import ATTACKS, ATTACKS_URL, CHANNELS

#: What an edit leaves as it is.
_SAME: Final = ["source", "source_url", "claimant", "direction", "weapon"]


def follow_edits(
    claims: pd.DataFrame, ledger: pd.DataFrame
) -> tuple[pd.DataFrame, list[ClaimFinding]]:
    """Give statements whose hours changed the names that the ledger knows them by.

    Parameters
    ----------
    claims : pd.DataFrame
        What is to be appended; columns ``CLAIM_COLUMNS``.
    ledger : pd.DataFrame
        What is known.

    Returns
    -------
    claims : pd.DataFrame
        ``bulletin_id`` changed where a statement is known under other hours.
    findings : list of ClaimFinding
        Known statements that the newer text seems to tell as part of another one: the ledger keeps
        both, and both count.

    Examples
    --------
    >>> from analysis.ledger.claims_text import empty_claims
    >>> follow_edits(empty_claims(), empty_claims())[1]
    []
    """
    new, known = _statements(claims), _statements(ledger)
    strange = new[~new["bulletin_id"].isin(known["bulletin_id"])]
    gone = known[~known["bulletin_id"].isin(new["bulletin_id"])]
    pairs = list(_pairs(strange, gone))
    names: dict[str, str] = {}
    for _, name, old in sorted(pairs, key=lambda pair: (-pair[0], *pair[1:])):
        if name not in names and old not in names.values():
            names[name] = old
    left = sorted({old for _, _, old in pairs} - set(names.values()))
    if not names:
        return claims, []
    moved = _is_of_one_post(claims) & claims["bulletin_id"].isin(list(names))
    renamed = claims["bulletin_id"].mask(moved, claims["bulletin_id"].map(names))
    return claims.assign(bulletin_id=renamed.astype("str")), [_still_counted(old) for old in left]


def _statements(claims: pd.DataFrame) -> pd.DataFrame:
    """The newest revision of each statement of a post with an address: name, hours, address."""
    own = _is_of_one_post(claims) & claims["relation"].ne("cumulative")
    rows = claims[(own & claims["window_start"].notna()).to_numpy()]
    newest = rows.sort_values("revision", kind="stable").drop_duplicates("bulletin_id", keep="last")
    return newest[["bulletin_id", "window_start", "window_end", *_SAME]]


def _is_of_one_post(claims: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows name the one post that they were read from."""
    told = claims["source"].eq(ATTACKS) & claims["source_url"].ne(ATTACKS_URL)
    for source, address in CHANNELS.items():
        told |= claims["source"].eq(source) & claims["source_url"].str.startswith(f"{address}/")
    return told


def _pairs(strange: pd.DataFrame, gone: pd.DataFrame) -> Iterator[tuple[float, str, str]]:
    """Yield seconds in common, new and known name of statements of one post whose hours overlap."""
    pairs = strange.merge(gone, on=_SAME, suffixes=("", "_known"))
    end = pairs["window_end"].where(
        pairs["window_end"] < pairs["window_end_known"], pairs["window_end_known"]
    )
    start = pairs["window_start"].where(
        pairs["window_start"] > pairs["window_start_known"], pairs["window_start_known"]
    )
    seconds = (end - start).dt.total_seconds()
    columns = (seconds, pairs["bulletin_id"], pairs["bulletin_id_known"])
    for common, name, old in zip(*columns, strict=True):
        if common > 0:
            yield common, name, old


def _still_counted(name: str) -> ClaimFinding:
    """Say that a known statement and the one that may hold it now both count."""
    message = "A newer text tells this statement together with another; both count."
    remedy = "Build the ledger anew from the newer text."
    return ClaimFinding("warning", "statement-replaced", name, message, remedy)
