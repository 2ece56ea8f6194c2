"""A newer copy of the table of attacks: rows whose hours were corrected keep their bulletin.

The table is edited in place. A corrected number is a new revision of the same bulletin; a corrected
hour would make a bulletin of its own, and the attack would count twice. So an attack that the
ledger does not hold takes the name of one that the newer copy no longer holds, if both were read
from the same post and their hours overlap; of several, the one with the most hours in common.
"""

from collections.abc import Iterator

import pandas as pd

from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import ATTACKS, ATTACKS_URL


def follow_attacks(
    claims: pd.DataFrame, ledger: pd.DataFrame
) -> tuple[pd.DataFrame, list[ClaimFinding]]:
    """Give attacks whose hours changed the names that the ledger knows them by.

    Parameters
    ----------
    claims : pd.DataFrame
        What is to be appended; columns ``CLAIM_COLUMNS``.
    ledger : pd.DataFrame
        What is known.

    Returns
    -------
    claims : pd.DataFrame
        ``bulletin_id`` changed where an attack is known under other hours.
    findings : list of ClaimFinding
        Known attacks that the newer copy seems to tell as part of another one: the ledger keeps
        both, and both count.

    Examples
    --------
    >>> from analysis.ledger.claims_text import empty_claims
    >>> follow_attacks(empty_claims(), empty_claims())[1]
    []
    """
    new, known = _attacks(claims), _attacks(ledger)
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
    moved = claims["source"].eq(ATTACKS) & claims["bulletin_id"].isin(list(names))
    renamed = claims["bulletin_id"].mask(moved, claims["bulletin_id"].map(names))
    return claims.assign(bulletin_id=renamed.astype("str")), [_still_counted(old) for old in left]


def _attacks(claims: pd.DataFrame) -> pd.DataFrame:
    """The newest revision of each attack of the table: name, hours and address of the post."""
    rows = claims[(claims["source"] == ATTACKS).to_numpy()]
    newest = rows.sort_values("revision", kind="stable").drop_duplicates("bulletin_id", keep="last")
    return newest[["bulletin_id", "window_start", "window_end", "source_url"]]


def _pairs(strange: pd.DataFrame, gone: pd.DataFrame) -> Iterator[tuple[float, str, str]]:
    """Yield seconds in common, new and known name of attacks of one post whose hours overlap."""
    posts = strange[(strange["source_url"] != ATTACKS_URL).to_numpy()]
    pairs = posts.merge(gone, on="source_url", suffixes=("", "_known"))
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
    """Say that a known attack and the one that may hold it now both count."""
    message = "A newer copy of the table tells this attack together with another; both count."
    remedy = "Build the ledger anew from the newer copy."
    return ClaimFinding("warning", "attack-replaced", name, message, remedy)
