"""Which version of each bulletin counts."""

from datetime import datetime

import numpy as np
import pandas as pd

from analysis.accounting.nights import Bools, Ints
from analysis.errors import PanelError
from analysis.vocabulary import ADDED, CLAIM_COLUMNS, CLAIM_TIMES, DOWNED, JOIN, VERSION_KEY

#: Ranks of a version; a bulletin that has only reports stays out whatever they say.
RANKS = {
    ("primary", True): 5,
    ("completion", True): 4,
    ("report", True): 3,
    ("primary", False): 2,
    ("completion", False): 1,
    ("report", False): 0,
}
ITEMS = ["bulletin_id", "measure", "regions"]


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

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``, any order of rows.
    as_of : datetime, Timestamp or str, optional
        Count only versions with ``known_at`` before this moment; without a zone it is UTC.

    Returns
    -------
    pd.DataFrame
        The rows of the chosen versions, in the order given.

    Raises
    ------
    PanelError
        If columns are missing or ``as_of`` is no moment.

    Examples
    --------
    >>> from analysis.vocabulary import CLAIM_COLUMNS
    >>> select_versions(pd.DataFrame(columns=list(CLAIM_COLUMNS))).empty
    True
    """
    known = known_claims(claims, as_of)
    table = rank_versions(known)
    chosen = known[table["chosen"].to_numpy(dtype=bool)[version_numbers(known)]]
    chosen.attrs = dict(claims.attrs)
    return chosen


def known_claims(claims: pd.DataFrame, as_of: datetime | pd.Timestamp | str | None) -> pd.DataFrame:
    """Keep the claims with ``known_at`` before ``as_of`` (all when it is None), without ``attrs``.

    pandas copies ``attrs`` deeply at every step, which takes longer than the step.

    Raises
    ------
    PanelError
        If columns are missing, times have no zone or ``as_of`` is no moment.
    """
    missing = [name for name in CLAIM_COLUMNS if name not in claims.columns]
    if missing:
        raise PanelError(
            f"The claims lack the columns {', '.join(missing[:5])}"
            + (f" and {len(missing) - 5} more." if len(missing) > 5 else "."),
            "Give a frame as returned by load_claims or claims_from_posts.",
        )
    naive = [name for name in CLAIM_TIMES if not isinstance(claims[name].dtype, pd.DatetimeTZDtype)]
    if naive and len(claims):
        raise PanelError(
            f"{naive[0]} of the claims is {claims[naive[0]].dtype}, not moments with a time zone.",
            "Give a frame as returned by load_claims or claims_from_posts.",
        )
    bare = pd.DataFrame({name: claims[name].array for name in CLAIM_COLUMNS}, index=claims.index)
    return bare if as_of is None else bare[(bare["known_at"] < read_moment(as_of)).to_numpy()]


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


def version_numbers(claims: pd.DataFrame) -> Ints:
    """Return the number of each row's version, from 0 in the order of the key, shape (rows,)."""
    number = claims.groupby(list(VERSION_KEY), sort=True).ngroup().to_numpy(dtype=np.int64)
    return np.asarray(number, dtype=np.int64)


def rank_versions(claims: pd.DataFrame) -> pd.DataFrame:
    """Describe the versions of a frame of claims, one row each, in the order of their number.

    Returns
    -------
    pd.DataFrame
        ``bulletin_id, source_kind, source, revision, known_at, list, total, parts, never_added``
        (nothing but cumulative figures and subsets), and the verdicts ``adds_up`` (by itself),
        ``same_counts`` (has every count that the newest primary shows), ``agrees`` (with that
        primary), ``rank`` (of ``RANKS``), ``chosen``.
    """
    number = version_numbers(claims)
    _, first = np.unique(number, return_index=True)
    columns = [*VERSION_KEY, "known_at", "list"]
    table = claims.iloc[first][columns].reset_index(drop=True)
    relation = claims["relation"].to_numpy(dtype=object)
    downed = claims["measure"].isin(DOWNED).to_numpy()
    parts = np.isin(relation, ADDED) & (claims["regions"] != "").to_numpy()
    totals = relation == "total"
    count = claims["count"].to_numpy(dtype=np.int64)
    table["total"] = _sum(number, count, downed & totals, len(table))
    table["parts"] = _sum(number, count, downed & parts, len(table))
    added = parts | totals
    table["never_added"] = _sum(number, np.ones_like(count), added, len(table)) == 0
    stated = _sum(number, np.ones_like(count), downed & totals, len(table)) > 0
    listed = table["list"].isin(("itemised", "joint")).to_numpy()
    table["adds_up"] = listed & (~stated | (table["total"] == table["parts"]).to_numpy())
    table.loc[~stated, "total"] = table["parts"]
    same_total, same_counts = _compare_tellings(
        claims[downed & parts], number[downed & parts], table
    )
    table["same_counts"] = same_counts
    # A completion was read by hand against the post; a newspaper garbles one list in ten.
    table["agrees"] = same_total & (same_counts | (table["source_kind"] != "report").to_numpy())
    complete = table["adds_up"] & table["agrees"]
    kinds = zip(table["source_kind"], complete, strict=True)
    table["rank"] = [RANKS[kind, bool(whole)] for kind, whole in kinds]
    table["chosen"] = _choose(table)
    return table


def _sum(number: Ints, count: Ints, rows: Bools, size: int) -> Ints:
    """Sum of the counts of some rows by version."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, number[rows], count[rows])
    return sums


def _choose(table: pd.DataFrame) -> Bools:
    """Which version of each bulletin counts; none where only reports tell it."""
    by = ["bulletin_id", "rank", "revision", "known_at", "source"]
    # Of several sources known at one moment the first name counts, so names are sorted downwards.
    order = table.sort_values(by, ascending=[True, True, True, True, False])
    last = order.drop_duplicates("bulletin_id", keep="last").index
    told = table["source_kind"].ne("report") | table["never_added"]
    told = told.groupby(table["bulletin_id"]).transform("any")
    chosen: Bools = table.index.isin(last) & told.to_numpy()
    return chosen


def _compare_tellings(
    parts: pd.DataFrame, number: Ints, table: pd.DataFrame
) -> tuple[Bools, Bools]:
    """Which tellings have the newest primary's total, and which have every count that it shows."""
    primary = table[table["source_kind"] == "primary"].sort_values(["bulletin_id", "revision"])
    primary = primary.drop_duplicates("bulletin_id", keep="last")
    other = (table["source_kind"] != "primary").to_numpy()
    # Where a cut list already makes the total, the text may have stated none.
    firm = primary[(primary["list"] != "cut") | (primary["total"] != primary["parts"])]
    total = table["bulletin_id"].map(firm.set_index("bulletin_id")["total"])
    same_total = ~other | (total.isna() | (total == table["total"])).to_numpy()

    single = ~parts["regions"].str.contains(JOIN, regex=False).to_numpy()
    items = parts[single].assign(version=number[single])
    sums = items.groupby(["version", *ITEMS], as_index=False)["count"].sum()
    shown = sums[sums["version"].isin(primary.index)].drop(columns="version")
    told = sums[other[sums["version"].to_numpy()]]
    # A region that the primary shows and the telling leaves out is a contradiction, too.
    both = shown.merge(table.loc[other, ["bulletin_id"]].reset_index(names="version"))
    both = both.merge(told, how="left", on=["version", *ITEMS], suffixes=("", "_told"))
    same_counts = np.ones(len(table), dtype=bool)
    same_counts[both.loc[both["count"] != both["count_told"], "version"].unique()] = False
    return same_total, same_counts
