"""Why a bulletin or a figure enters a night as it does, in one sentence each."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.accounting import Account
from analysis.accounting.cumulative import bound_slots, covered_slot, hold_slots, leave_over
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
from analysis.accounting.tally import moments_of

#: Columns with the ends of a window.
HOURS = ("window_start", "window_end")
#: Why a bulletin stands in its slot as it does; {partner} is the other bulletin.
SENTENCES = {
    COUNTED: "Counted whole: its window lies in this night.",
    INCLUDED: "Not added: it lies inside the stated window of {partner}.",
    CONTRADICTED: "Counted: it lies inside the stated window of {partner}, "
    "but, alone or with others there, has more than that leaves room for.",
    DISJOINT: "Counted: it lies inside the assumed window of {partner}, "
    "but, alone or with others there, has more than that leaves room for.",
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
DATE_ELSEWHERE = (
    "Not counted here: it names a date without hours, which only a panel of 24 hours holds."
)
DATE_HERE = "Counted with lower 0: it names a date; its hours until the posting lie in this night."
SUPPOSED = " It names no usable hours: the three before its posting are assumed."
PROOF = " That has at least so many of this region."
FIGURE = "Not added: it contains other bulletins"


def allocation_note(panel: pd.DataFrame) -> str:
    """Say which bulletins of a panel have no itemised one like them nearby; "" if none.

    Parameters
    ----------
    panel : pd.DataFrame
        As returned by `build_panel`; one that was read from a file says nothing of it.

    Examples
    --------
    >>> panel = pd.DataFrame()
    >>> panel.attrs["allocation"] = {"alone": ["b1"]}
    >>> allocation_note(panel)[:43]
    'No itemised bulletin nearby: 1 bulletin (b1'
    """
    alone = panel.attrs.get("allocation", {}).get("alone", [])
    if not alone:
        return ""
    more = f" and {len(alone) - 5} more" if len(alone) > 5 else ""
    those = "1 bulletin" if len(alone) == 1 else f"{len(alone)} bulletins"
    return (
        f"No itemised bulletin nearby: {those} ({', '.join(alone[:5])}{more}) told no counts of "
        "their regions, and hardly any itemised list like theirs stands near, so that what is "
        "expected of a region there is little more than an equal share. Totals and bounds hold "
        "all the same."
    )


def slot_rule(account: Account, b: int, slot: int) -> str:
    """Say why a bulletin enters a slot as it does."""
    rule = _slot_rule(account, b, slot)
    supposed = account.spans.undated[b] and account.tally.usable[b]
    return rule + SUPPOSED if supposed else rule


def figure_rule(account: Account, claim: "pd.Series[Any]", slot: int) -> str:
    """Say what a cumulative figure does to a slot.

    Parameters
    ----------
    account : Account
    claim : pd.Series
        The row of the figure.
    slot : int
    """
    figures, entries, slots = account.figures, account.entries, account.slots
    start, end = (int(t[0]) for t in (moments_of(claim[[name]]) for name in HOURS))
    same = (figures.ids == claim["bulletin_id"]) & (figures.start == start) & (figures.end == end)
    own = np.flatnonzero(same)
    if own.size == 0 or claim["regions"]:
        return f"{FIGURE}, and is shown only."
    c = int(own[0])
    if not figures.dated[c]:
        return f"{FIGURE}, and is shown only: it names no hours."
    rest = int(leave_over(account.tally, entries, figures)[c])
    if rest < 0:
        over = f"{-rest} less than those that count for certain"
        return f"{FIGURE}, and is shown only: it is {over}, so that it bounds nothing."
    if slot in account.fixed and covered_slot(start, end, slots) == slot:
        return f"{FIGURE}; it settles what is open in this night."
    untold, more = bound_slots(account.tally, entries, figures, slots, account.thin)
    held = hold_slots(figures, slots)[c, slot]
    if held and slot in more:
        return (
            f"{FIGURE}; it leaves {rest} beside those that count for certain, and so little of "
            "this night is covered that they may be of it."
        )
    if held and (entries.slot == slot).any():
        return f"{FIGURE} and is a check on them."
    if held and slot in untold and figures.stated[c]:
        return f"{FIGURE}; it leaves {rest} for the nights without one in its window."
    why = "its hours are assumed" if held else "it holds but a part of this night"
    return f"{FIGURE}, and is shown only: {why}."


def _slot_rule(account: Account, b: int, slot: int) -> str:
    """Why a bulletin enters a slot as it does, whether its hours are told or not."""
    standing = account.standing
    here = np.flatnonzero((account.entries.bulletin == b) & (account.entries.slot == slot))
    if not account.spans.entered[b]:
        return DATE_ELSEWHERE if account.tally.usable[b] else SENTENCES[UNDATED]
    if here.size == 0 and standing.counted[b]:
        return EDGE_ELSEWHERE if account.edge[b] else ELSEWHERE
    share = float(account.entries.expected[here].sum())
    if here.size and slot in account.fixed and here[0] in account.fixed[slot][1]:
        return f"Counted with expected {share:.3g} of n: a cumulative figure settles the night."
    if standing.rule[b] == COUNTED and (account.edge[b] or account.split[b]):
        return EDGE_HERE if account.edge[b] else SPLIT.format(share=share)
    if standing.rule[b] == COUNTED and not account.spans.certain[b]:
        return DATE_HERE
    partner = str(account.tally.ids[standing.partner[b]]) if standing.partner[b] >= 0 else ""
    rule = SENTENCES[str(standing.rule[b])].format(partner=partner, share=share)
    beside = account.split[b] and standing.rule[b] in (CONTRADICTED, DISJOINT)
    return f"{rule} {SPLIT.format(share=share)}" if beside else rule
