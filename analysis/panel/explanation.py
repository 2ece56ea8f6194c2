"""The versions behind one cell of the panel, and the rule applied to each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.accounting import Account, Scope, account_claims
from analysis.accounting.nesting import INCLUDED
from analysis.accounting.nights import Bools, Ints
from analysis.accounting.ranking import rank_versions
from analysis.accounting.tally import NEVER, Tally, moments_of
from analysis.accounting.versions import known_claims, select_versions
from analysis.allocation import Allocation, learn_allocation
from analysis.errors import PanelError
from analysis.night_labels import read_night
from analysis.panel.grid import night_range
from analysis.panel.record import days_of_record
from analysis.panel.sentences import PROOF, figure_rule, slot_rule
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
    rows = rows[_touches(rows, account, slot) & _speaks_of(rows, account.tally, region)]
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
    undated = (start == NEVER) | (end == NEVER) | (start >= end)
    inside = np.where(undated, (low <= posted) & (posted < high), (start < high) & (end > low))
    entered = account.tally.ids[account.entries.bulletin[account.entries.slot == slot]]
    # A report may name other hours than the bulletin it tells: it stands where that stands.
    report, name = rows["source_kind"].eq("report").to_numpy(), rows["bulletin_id"]
    joined = report & name.isin(name[~report]).to_numpy()
    own = inside & ~joined
    hosts = name[own & rows["relation"].ne("cumulative").to_numpy()]
    touched = own | name.isin(entered).to_numpy() | (joined & name.isin(hosts).to_numpy())
    return np.asarray(touched, dtype=bool)


def _speaks_of(rows: pd.DataFrame, tally: Tally, region: str) -> Bools:
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
    # A joint count whose list of names is cut may be of any region.
    members = tally.joint_members[:, tally.regions.index(region)]
    open_lists = rows["bulletin_id"].isin(tally.ids[tally.joint_bulletin[members]])
    joint = rows["relation"].isin(ADDED) & rows["regions"].str.contains(JOIN, regex=False)
    named |= (joint & open_lists).to_numpy(dtype=bool)
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
        return False, figure_rule(account, claim, slot)
    if claim["relation"] == "subset":
        return False, "Not added: it is part of another count of the same bulletin."
    b = int(np.searchsorted(account.tally.ids, claim["bulletin_id"]))
    entries = account.entries
    here = np.flatnonzero((entries.bulletin == b) & (entries.slot == slot))
    entered = bool(here.size and entries.possible[here].any())
    rule = slot_rule(account, b, slot)
    if region == ALL:
        return entered, rule
    tally, r = account.tally, account.tally.regions.index(region)
    joint = tally.joint_bulletin == b
    if claim["relation"] != "total":
        together = len(claim["regions"].split(JOIN))
        if together == 1 or claim["count"] == 0:
            return entered, rule + _proof(account, b, r)
        cut = (tally.joint_members & ~tally.joint_named)[joint].any()
        others = " and those that its cut list does not name" if cut else ""
        shared = f"It was given for {together} regions{others} together"
        return entered, f"{rule} {shared}{_basis(allocation, b)}."
    left = int(tally.remainder[b])
    if left > 0 and tally.open[b, r]:
        over = f"Of the total, {left} are left over for this region and others"
        return entered, f"{rule} {over}{_basis(allocation, b)}."
    beside = " beside what it gives jointly" if tally.joint_members[joint, r].any() else ""
    return False, f"{rule} The list leaves nothing of the total over for this region{beside}."


def _proof(account: Account, b: int, r: int) -> str:
    """What an included bulletin's count of a region says of the one that includes it."""
    tally, outer = account.tally, int(account.standing.partner[b])
    if account.standing.rule[b] != INCLUDED or tally.known[b, r] == 0:
        return ""
    own, least = int(tally.known[outer, r]), tally.region_bounds()[0][:, r]
    return PROOF if own < least[b] <= least[outer] else ""


def _basis(allocation: Allocation, b: int) -> str:
    """By what the hidden counts of a bulletin are shared out."""
    hidden = allocation.hidden
    own = hidden.bulletin == b
    if allocation.alone[own].any():
        return ", shared out nearly evenly: hardly any itemised list like it stands near"
    if not allocation.doubtful[own].any():
        return ""
    return f", shared out as in {allocation.support[own].max():.2g} itemised lists like it nearby"
