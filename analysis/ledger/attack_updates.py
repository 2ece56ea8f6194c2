"""A newer copy of the table of attacks: rows whose hours were corrected keep their bulletin.

The table is edited in place. A corrected number is a new revision of the same bulletin; a corrected
hour would make a bulletin of its own, and the attack would count twice. So an attack that the
ledger does not hold takes the name of one that the newer copy no longer holds, if both were read
from the same post and their hours overlap.
"""

import pandas as pd

from analysis.vocabulary import ATTACKS, ATTACKS_URL


def follow_attacks(claims: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Give attacks whose hours changed the names that the ledger knows them by.

    Parameters
    ----------
    claims : pd.DataFrame
        What is to be appended; columns ``CLAIM_COLUMNS``.
    ledger : pd.DataFrame
        What is known.

    Returns
    -------
    pd.DataFrame
        The claims, ``bulletin_id`` changed where an attack is known under other hours.

    Examples
    --------
    >>> from analysis.ledger.claims_text import empty_claims
    >>> follow_attacks(empty_claims(), empty_claims()).empty
    True
    """
    new, known = _attacks(claims), _attacks(ledger)
    strange = new[~new["bulletin_id"].isin(known["bulletin_id"])]
    gone = known[~known["bulletin_id"].isin(new["bulletin_id"])]
    pairs = strange.merge(gone, on="source_url", suffixes=("", "_known"))
    overlap = (pairs["window_start"] < pairs["window_end_known"]) & (
        pairs["window_start_known"] < pairs["window_end"]
    )
    pairs = pairs[overlap & pairs["source_url"].ne(ATTACKS_URL)]
    once = ~pairs["bulletin_id"].duplicated(keep=False)
    once &= ~pairs["bulletin_id_known"].duplicated(keep=False)
    names = pairs[once].set_index("bulletin_id")["bulletin_id_known"]
    if names.empty:
        return claims
    moved = claims["source"].eq(ATTACKS) & claims["bulletin_id"].isin(names.index)
    renamed = claims["bulletin_id"].mask(moved, claims["bulletin_id"].map(names))
    return claims.assign(bulletin_id=renamed.astype("str"))


def _attacks(claims: pd.DataFrame) -> pd.DataFrame:
    """The newest revision of each attack of the table: name, hours and address of the post."""
    rows = claims[(claims["source"] == ATTACKS).to_numpy()]
    newest = rows.sort_values("revision", kind="stable").drop_duplicates("bulletin_id", keep="last")
    return newest[["bulletin_id", "window_start", "window_end", "source_url"]]
