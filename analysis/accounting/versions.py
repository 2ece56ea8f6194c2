"""Which version of each bulletin counts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.accounting.nights import Bools, Ints
from analysis.accounting.ranking import order_versions, rank_versions, version_numbers
from analysis.errors import PanelError
from analysis.vocabulary import ADDED, CLAIM_COLUMNS, CLAIM_TIMES, DOWNED, OUTSIDE_ZONE, VERSION_KEY

#: Columns that say when a statement is about.
HOURS = ["window_start", "window_end", "window_precision"]


def select_versions(
    claims: pd.DataFrame, as_of: datetime | pd.Timestamp | str | None = None
) -> pd.DataFrame:
    """Keep one version of each bulletin: the claims that count.

    A complete primary counts before a completion, a completion before a report that adds up, and
    that before the primary as it stands; among equals the newest revision, then the one known
    last. A version is complete when its list is ``itemised`` or ``joint`` and its single, each and
    joint counts (intercepted and suppressed) make its total. A completion or report whose total is
    not the primary's, or a report that contradicts a count that the primary shows, completes
    nothing. Bulletins told only by reports are left out: they are unmatched; a figure that is never
    added to others (`cumulative`) stays, whoever tells it.

    What a chosen version leaves out and cannot contradict stays true: subsets, cumulative figures
    and other measures (launched, lost, left, hit) that only the primary or a completion tells are
    kept beside it, of each the best version. A report's claims get the hours of the bulletin.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``, any order of rows.
    as_of : datetime, Timestamp or str, optional
        Count only versions with ``known_at`` before this moment; without a zone it is UTC.

    Returns
    -------
    pd.DataFrame
        The rows that count, in the order given; ``list`` and, for claims of the statement itself,
        the window are one for all rows of a bulletin.

    Raises
    ------
    PanelError
        If columns are missing or ``as_of`` is no moment.

    Examples
    --------
    >>> from analysis.vocabulary import ADDED, CLAIM_COLUMNS
    >>> select_versions(pd.DataFrame(columns=list(CLAIM_COLUMNS))).empty
    True
    """
    known = known_claims(claims, as_of)
    table = rank_versions(known)
    number = version_numbers(known)
    chosen = table["chosen"].to_numpy(dtype=bool)[number]
    beside = _told_beside(known, table, number)
    rows = _as_one_statement(known[chosen | beside], known, table)
    rows.attrs = dict(claims.attrs)
    return rows


def known_claims(claims: pd.DataFrame, as_of: datetime | pd.Timestamp | str | None) -> pd.DataFrame:
    """Keep the claims with ``known_at`` before ``as_of`` (all when it is None), without ``attrs``.

    pandas copies ``attrs`` deeply at every step, which takes longer than the step.

    Raises
    ------
    PanelError
        If columns are missing, times have no zone or ``as_of`` is no moment.
    """
    require_columns(claims.columns)
    kinds = {name: claims[name].dtype for name in CLAIM_TIMES if len(claims)}
    require_moments({n: k for n, k in kinds.items() if not isinstance(k, pd.DatetimeTZDtype)})
    bare = pd.DataFrame(claims, columns=list(CLAIM_COLUMNS))
    bare.attrs = {}
    return bare if as_of is None else bare[(bare["known_at"] < read_moment(as_of)).to_numpy()]


def require_columns(columns: Iterable[str]) -> None:
    """Raise PanelError where columns of claims are missing."""
    found = set(columns)
    missing = [name for name in CLAIM_COLUMNS if name not in found]
    if missing:
        raise PanelError(
            f"The claims lack the columns {', '.join(missing[:5])}"
            + (f" and {len(missing) - 5} more." if len(missing) > 5 else "."),
            "Give claims as returned by load_claims or claims_from_posts.",
        )


def require_moments(others: Mapping[str, object]) -> None:
    """Raise PanelError where a time of claims, by name, is of a type that is no moment."""
    for name, kind in others.items():
        raise PanelError(
            f"{name} of the claims is {kind}, not moments with a time zone.",
            "Give claims as returned by load_claims or claims_from_posts.",
        )


def read_moment(as_of: datetime | pd.Timestamp | str) -> pd.Timestamp:
    """Read a moment; without a zone it is UTC.

    Raises
    ------
    PanelError
        If it cannot be read as one.

    Examples
    --------
    >>> str(read_moment("2025-11-01T09:00+03:00"))
    '2025-11-01 06:00:00+00:00'
    """
    try:
        moment = pd.Timestamp(as_of)
    except (ValueError, TypeError, OverflowError):
        moment = None
    if moment is None or pd.isna(moment):
        raise PanelError(
            f"as_of is {as_of!r}, which is not a moment.",
            'Give a date or time, e.g. as_of="2025-11-01T09:00Z".',
        )
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def _told_beside(claims: pd.DataFrame, table: pd.DataFrame, number: Ints) -> Bools:
    """Which rows of versions that lost are never added, and told by no better version."""
    relation = claims["relation"]
    never_added = relation.isin(("subset", "cumulative")) | ~claims["measure"].isin(DOWNED)
    several = table["bulletin_id"].duplicated(keep=False)
    trusted = (several & (table["chosen"] | _still_true(table))).to_numpy(dtype=bool)
    rows = np.flatnonzero(never_added.to_numpy() & trusted[number])
    told = claims.iloc[rows].reset_index(drop=True)
    told["place"] = _places(table)[number[rows]]
    # A figure that contains bulletins is known by its hours; a part of a bulletin has no others.
    part = told["relation"].eq("subset") & told["regions"].ne(OUTSIDE_ZONE)
    told[HOURS] = told[HOURS].mask(part)
    same = ["bulletin_id", "measure", "relation", "of", *HOURS[:2]]
    best = _is_best(told, [*same, "regions"])
    # A part under another name, but with the same number, is the same part.
    best[part.to_numpy()] &= _is_best(told[part], [*same, "count"])
    kept = np.zeros(len(claims), dtype=bool)
    kept[rows[best]] = True
    return kept


def _still_true(table: pd.DataFrame) -> "pd.Series[bool]":
    """Which versions are the claimant's own words, contradict no primary and were not corrected."""
    newest = table.groupby(list(VERSION_KEY[:3]))["revision"].transform("max")
    own = table["source_kind"].ne("report") & table["agrees"]
    found: pd.Series[bool] = own & (newest == table["revision"])
    return found


def _places(table: pd.DataFrame) -> Ints:
    """Place of each version among all; the one that counts is the last of its bulletin."""
    places = np.empty(len(table), dtype=np.int64)
    places[order_versions(table)] = np.arange(len(table))
    return places


def _is_best(told: pd.DataFrame, key: list[str]) -> Bools:
    """Which rows stand in the best version that has something under their key."""
    best = told.groupby(key, dropna=False)["place"].transform("max") == told["place"]
    return np.array(best, dtype=bool)


def _as_one_statement(rows: pd.DataFrame, known: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of a bulletin the list of its chosen version and the hours of its primary."""
    several = table["bulletin_id"].duplicated(keep=False)
    if not several.any():
        return rows
    chosen = table[several & table["chosen"]].set_index("bulletin_id")["list"]
    listing = rows["bulletin_id"].map(chosen)
    rows = rows.assign(list=listing.where(listing.notna(), rows["list"]).astype("str"))
    own = rows["relation"].ne("cumulative") & rows["regions"].ne(OUTSIDE_ZONE)
    told = own & rows["source_kind"].eq("report") & rows["bulletin_id"].isin(chosen.index)
    if told.any():
        hosts = known[known["bulletin_id"].isin(rows.loc[told, "bulletin_id"]).to_numpy()]
        hosts = hosts[hosts["source_kind"].ne("report") & hosts["relation"].isin((*ADDED, "total"))]
        hosts = hosts.sort_values(["source_kind", "revision"], kind="stable")
        hours = hosts.drop_duplicates("bulletin_id", keep="last").set_index("bulletin_id")[HOURS]
        for name in HOURS:
            rows[name] = rows[name].mask(told, rows["bulletin_id"].map(hours[name]))
    return rows
