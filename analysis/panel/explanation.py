"""The versions behind one cell of the panel, and the rule applied to each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.accounting import Account, Scope, account_claims
from analysis.accounting.nesting import (
    ALONE,
    CONTRADICTED,
    COUNTED,
    DISJOINT,
    DOUBTFUL,
    INCLUDED,
    OVERLAPPING,
    UNDATED,
)
from analysis.accounting.nights import Bools, Ints
from analysis.accounting.ranking import rank_versions
from analysis.accounting.tally import NEVER, moments_of
from analysis.accounting.versions import known_claims, select_versions
from analysis.allocation import Allocation, learn_allocation
from analysis.errors import PanelError
from analysis.night_labels import read_night
from analysis.panel.grid import night_range
from analysis.panel.record import days_of_record
from analysis.vocabulary import ADDED, ALL, JOIN, VERSION_KEY

#: What the reader of a cell gets.
EXPLAINED = (
    "bulletin_id",
    "window_start",
    "window_end",
    "source",
    "source_kind",
    "revision",
    "counted",
    "measure",
    "relation",
    "regions",
    "count",
    "rule",
)

#: Why a bulletin stands in its slot as it does; {partner} is the other bulletin.
SENTENCES = {
    COUNTED: "Counted whole: its window lies in this night.",
    INCLUDED: "Not added: it lies inside the stated window of {partner}.",
    CONTRADICTED: "Counted: it lies inside the stated window of {partner}, "
    "but has more than that leaves room for.",
    DISJOINT: "Counted: it lies inside the assumed window of {partner}, "
    "but has more than that leaves room for.",
    DOUBTFUL: "Counted with lower 0 and expected {share:.3g} of n: "
    "it may be included in {partner}, whose hours are assumed.",
    OVERLAPPING: "Counted with lower 0 and expected {share:.3g} of n: "
    "its hours overlap those of {partner}, which counts for certain.",
    ALONE: "Counted whole: it tells of one attack, the middle of which lies in this night.",
    UNDATED: "Not counted: it names neither hours nor when it was posted.",
}
EDGE_HERE = (
    "Counted whole: its window passes an edge of the night by at most 60 minutes, "
    "and its larger part lies here."
)
EDGE_ELSEWHERE = (
    "Not counted here: its window reaches into this night by at most 60 minutes, "
    "and counts whole where its larger part lies."
)
ELSEWHERE = "Not counted here: it counts where it was placed, outside this night."
SPLIT = (
    "Counted with lower 0 and expected {share:.3g} of n: its window passes an edge of the night."
)


def explain_cell(  # noqa: PLR0913  the same arguments as build_panel
    claims: pd.DataFrame,
    night: date | str | pd.Timestamp,
    region: str,
    *,
    direction: str = "on_russia",
    weapon: str = "uav",
    measure: str | tuple[str, ...] = ("intercepted", "suppressed"),
    hours: tuple[str, str] = ("20:00", "08:00"),
    tz: str | None = None,
    as_of: datetime | pd.Timestamp | str | None = None,
    channel_days: Iterable[date | str] | None = None,
) -> pd.DataFrame:
    """List the claims behind one cell of the panel, and what became of each.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``.
    night : date
        The night's label.
    region : str
        A slug, or ``all`` for the night's total.
    direction, weapon, measure, tz, as_of, channel_days
        As in ``build_panel``.
    hours : tuple of str
        What ``build_panel`` calls ``night``: the times of day between which a night lies.

    Returns
    -------
    pd.DataFrame
        One row for the total of each version whose window touches the night, for each of its claims
        that names the region, and for each cumulative figure over the night: ``bulletin_id,
        window_start, window_end, source, source_kind, revision, counted`` (whether any of the count
        can enter this cell), ``measure, relation, regions, count, rule`` (one sentence). Empty when
        no bulletin touches the night.

    Raises
    ------
    PanelError
        If the night or region is not in the panel, or an argument is unknown.
    """
    scope = Scope(
        direction=direction, weapon=weapon, measure=measure, night=hours, tz=tz, as_of=as_of
    )
    account = account_claims(claims, scope)
    day = _find_night(account, days_of_record(claims, account.claimant, channel_days, as_of), night)
    if region != ALL and region not in account.tally.regions:
        raise PanelError(
            f"region is {region!r}, which no claim {direction} names.",
            f"Use all, or one of {', '.join(account.tally.regions[:5])} and the others "
            "in the panel's column region.",
        )
    slot = int(np.flatnonzero(account.slots.night == day)[0]) if day in account.slots.night else -1
    known = known_claims(claims, as_of).reset_index(drop=True)
    rows = known.assign(counts=known.index.isin(select_versions(known).index))
    wanted = (rows["direction"] == direction) & (rows["weapon"] == weapon)
    rows = rows[(wanted & rows["measure"].isin(scope.measures)).to_numpy()]
    rows = rows[_touches(rows, account, slot) & _speaks_of(rows, region)]
    return _explain(rows, known, account, slot, region)


def _find_night(account: Account, days: Ints, night: date | str | pd.Timestamp) -> int:
    """Number of a night of the panel."""
    first, size = night_range(account, days)
    label = read_night("night", night, PanelError)
    day = int(label.to_datetime64().astype("datetime64[D]").astype(np.int64))
    if not first <= day < first + size:
        ends = [str(np.datetime64(first + i, "D")) for i in (0, size - 1)]
        raise PanelError(
            f"The night {night} is not in the panel.",
            f"Give one from {ends[0]} to {ends[1]}.",
        )
    return day


def _touches(rows: pd.DataFrame, account: Account, slot: int) -> Bools:
    """Which claims have to do with a slot: by their hours, their posting time, or their entry."""
    if slot < 0:
        return np.zeros(len(rows), dtype=bool)
    low, high = int(account.slots.edges[slot]), int(account.slots.edges[slot + 1])
    start, end = moments_of(rows["window_start"]), moments_of(rows["window_end"])
    posted = moments_of(rows["posted_at"])
    undated = (start == NEVER) | (end == NEVER)
    inside = np.where(undated, (low <= posted) & (posted < high), (start < high) & (end > low))
    entered = account.tally.ids[account.entries.bulletin[account.entries.slot == slot]]
    # A report may name other hours than the bulletin it tells: it stands where that stands.
    report, name = rows["source_kind"].eq("report").to_numpy(), rows["bulletin_id"]
    joined = report & name.isin(name[~report]).to_numpy()
    own = inside & ~joined
    hosts = name[own & rows["relation"].ne("cumulative").to_numpy()]
    touched = own | name.isin(entered).to_numpy() | (joined & name.isin(hosts).to_numpy())
    return np.asarray(touched, dtype=bool)


def _speaks_of(rows: pd.DataFrame, region: str) -> Bools:
    """Which claims say something of a region: its own, the totals and the cumulative figures."""
    whole = rows["relation"].isin(("total", "cumulative")) & (rows["regions"] == "")
    if region == ALL:
        # Where no total is stated, the parts make it.
        version = rows[list(VERSION_KEY)].apply(tuple, axis=1)
        stated = set(version[rows["relation"].eq("total")])
        parts = rows["relation"].isin(ADDED) & ~version.isin(stated)
        return np.asarray(whole | parts, dtype=bool)
    names = (rows["regions"] + JOIN + rows["of"]).str.split(JOIN)
    named = np.array([region in slugs for slugs in names], dtype=bool)
    own = named & (rows["relation"] != "cumulative").to_numpy()
    return np.asarray(whole.to_numpy() | own, dtype=bool)


def _explain(
    rows: pd.DataFrame, known: pd.DataFrame, account: Account, slot: int, region: str
) -> pd.DataFrame:
    """Rows of the explanation, sorted by window, version and claim."""
    rows = rows.reset_index(drop=True)
    known = known[known["bulletin_id"].isin(rows["bulletin_id"].unique()).to_numpy()]
    versions = rank_versions(known) if len(known) else pd.DataFrame()
    names = versions.set_index(list(VERSION_KEY)) if len(known) else versions
    allocation = learn_allocation(account.tally, account.moments)
    verdicts = []
    for _, claim in rows.iterrows():
        version = names.loc[tuple(claim[list(VERSION_KEY)])]
        told = versions[versions["bulletin_id"] == claim["bulletin_id"]]
        out = "" if claim["counts"] else _version_rule(version, told)
        verdicts.append(
            (False, out) if out else _claim_rule(claim, account, allocation, slot, region)
        )
    rows = rows.assign(
        counted=np.array([counted for counted, _ in verdicts], dtype=bool),
        rule=pd.array([rule for _, rule in verdicts], dtype="str"),
    )
    order = ["window_start", "bulletin_id", "source_kind", "source", "revision", "measure"]
    rows = rows.sort_values([*order, "relation", "regions", "count"], kind="stable")
    return rows.loc[:, list(EXPLAINED)].reset_index(drop=True)


def _version_rule(version: "pd.Series[Any]", told: pd.DataFrame) -> str:
    """Why a version does not count."""
    if (told["source_kind"] == "report").all():
        return "Not counted: only a report tells it, which matches no bulletin."
    other = told[told["chosen"]].iloc[0]
    name = f"revision {other['revision']} of the {other['source_kind']} from {other['source']}"
    if not version["agrees"]:
        return f"Not counted: it contradicts the primary; {name} counts."
    if version["adds_up"]:
        return f"Not counted: {name} goes before it."
    return f"Not counted: its list does not make its total; {name} counts."


def _claim_rule(
    claim: "pd.Series[Any]", account: Account, allocation: Allocation, slot: int, region: str
) -> tuple[bool, str]:
    """Whether a claim of a chosen version enters a cell, and by which rule."""
    if claim["relation"] == "cumulative":
        return False, _figure_rule(account, slot)
    if claim["relation"] == "subset":
        return False, "Not added: it is part of another count of the same bulletin."
    b = int(np.searchsorted(account.tally.ids, claim["bulletin_id"]))
    entries = account.entries
    here = np.flatnonzero((entries.bulletin == b) & (entries.slot == slot))
    entered = bool(here.size and entries.possible[here].any())
    rule = _slot_rule(account, b, slot, here)
    if region == ALL:
        return entered, rule
    if claim["relation"] != "total":
        together = len(claim["regions"].split(JOIN))
        if together == 1 or claim["count"] == 0:
            return entered, rule
        shared = f"It was given for {together} regions together"
        return entered, f"{rule} {shared}{_basis(allocation, b)}."
    left = int(account.tally.remainder[b])
    r = account.tally.regions.index(region)
    if left > 0 and account.tally.open[b, r]:
        over = f"Of the total, {left} are left over for this region and others"
        return entered, f"{rule} {over}{_basis(allocation, b)}."
    return False, f"{rule} The list leaves nothing of the total over for this region."


def _basis(allocation: Allocation, b: int) -> str:
    """By what the hidden counts of a bulletin are shared out."""
    hidden = allocation.hidden
    own = hidden.bulletin == b
    if allocation.alone[own].any():
        return ", shared out nearly evenly: hardly any itemised list like it stands near"
    if not allocation.doubtful[own].any():
        return ""
    return f", shared out as in {allocation.support[own].max():.2g} itemised lists like it nearby"


def _slot_rule(account: Account, b: int, slot: int, here: Ints) -> str:
    """Why a bulletin enters a slot as it does."""
    standing = account.standing
    if not account.spans.entered[b]:
        return (
            "Not counted here: it names a date without hours, which only a panel of 24 hours holds."
        )
    if here.size == 0 and standing.counted[b]:
        return EDGE_ELSEWHERE if account.edge[b] else ELSEWHERE
    share = float(account.entries.expected[here].sum())
    if here.size and slot in account.fixed and here[0] in account.fixed[slot][1]:
        return f"Counted with expected {share:.3g} of n: a cumulative figure settles the night."
    if standing.rule[b] == COUNTED and (account.edge[b] or account.split[b]):
        return EDGE_HERE if account.edge[b] else SPLIT.format(share=share)
    partner = str(account.tally.ids[standing.partner[b]]) if standing.partner[b] >= 0 else ""
    return SENTENCES[str(standing.rule[b])].format(partner=partner, share=share)


def _figure_rule(account: Account, slot: int) -> str:
    """Return what a cumulative figure does to a slot."""
    if slot in account.fixed:
        return "Not added: it contains other bulletins; it settles what is open in this night."
    if (account.entries.slot == slot).any():
        return "Not added: it contains other bulletins and is a check on them."
    return "Not added: it contains other bulletins; it bounds the nights without one in its window."
