"""How much the versions of each bulletin can be trusted, and which of them goes first."""

import numpy as np
import pandas as pd

from analysis.accounting.nights import Bools, Ints
from analysis.vocabulary import ADDED, DOWNED, JOIN, VERSION_KEY

#: Ranks of a version; a bulletin that has only reports stays out whatever they say.
RANKS = {
    ("primary", True): 5,
    ("completion", True): 4,
    ("report", True): 3,
    ("primary", False): 2,
    ("completion", False): 1,
    ("report", False): 0,
}
ITEMS = ["bulletin_id", "regions"]


def version_numbers(claims: pd.DataFrame) -> Ints:
    """Return the number of each row's version, from 0 in the order of the key, shape (rows,)."""
    number = claims.groupby(list(VERSION_KEY), sort=True).ngroup().to_numpy(dtype=np.int64)
    return np.asarray(number, dtype=np.int64)


def rank_versions(claims: pd.DataFrame) -> pd.DataFrame:
    """Describe the versions of a frame of claims, one row each, in the order of their number.

    Returns
    -------
    pd.DataFrame
        ``bulletin_id, source_kind, source, revision, claimant, known_at, list``; ``total`` and
        ``parts`` of what was downed, ``stated`` (the total; else it is the sum of what it tells),
        ``never_added`` (it tells nothing but cumulative figures and subsets); and the verdicts
        ``adds_up`` (by itself), ``same_counts`` (has every count that the newest primary shows),
        ``agrees`` (with that primary), ``rank`` (of ``RANKS``), ``chosen``.
    """
    number = version_numbers(claims)
    _, first = np.unique(number, return_index=True)
    columns = [*VERSION_KEY, "claimant", "known_at", "list"]
    table = claims.iloc[first][columns].reset_index(drop=True)
    relation = claims["relation"].to_numpy(dtype=object)
    downed = claims["measure"].isin(DOWNED).to_numpy()
    added = np.isin(relation, ADDED)
    parts = added & (claims["regions"] != "").to_numpy()
    totals = relation == "total"
    count = claims["count"].to_numpy(dtype=np.int64)
    table["total"] = _sum(number, count, downed & totals, len(table))
    table["parts"] = _sum(number, count, downed & parts, len(table))
    told = _sum(number, count, downed & added, len(table))  # with parts whose place is not known
    table["never_added"] = _sum(number, np.ones_like(count), added | totals, len(table)) == 0
    stated = _sum(number, np.ones_like(count), downed & totals, len(table)) > 0
    listed = table["list"].isin(("itemised", "joint")).to_numpy()
    table["adds_up"] = listed & (~stated | (table["total"] == table["parts"]).to_numpy())
    table["stated"] = stated
    table["total"] = np.where(stated, table["total"], told)
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


def order_versions(table: pd.DataFrame) -> Ints:
    """Return the versions, the one that goes first in its bulletin last, shape (versions,)."""
    by = ["bulletin_id", "rank", "revision", "known_at", "source"]
    # Of several sources known at one moment the first name counts, so names are sorted downwards.
    order = table.sort_values(by, ascending=[True, True, True, True, False]).index
    return order.to_numpy(dtype=np.int64)


def _choose(table: pd.DataFrame) -> Bools:
    """Which version of each bulletin counts; none where only reports tell it."""
    order = order_versions(table)
    last = table.loc[order].drop_duplicates("bulletin_id", keep="last").index
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
    short = primary["stated"] & (primary["total"] != primary["parts"])
    firm = primary[(primary["list"] != "cut") | short]
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
