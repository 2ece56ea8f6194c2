"""Hours: impossible windows, windows inside and across others, and holes between them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.accounting import Account
from analysis.accounting.nesting import (
    CONTRADICTED,
    DISJOINT,
    DOUBTFUL,
    INCLUDED,
    OVERLAPPING,
)
from analysis.accounting.nights import BETWEEN, EDGE, MINUTE, Ints
from analysis.accounting.overlaps import OVERLAP
from analysis.audit.sums import LOOK, NOTHING
from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import CLOCKS, MOSCOW, Severity

SEARCH: Final = "Look for a bulletin of these hours that the ledger lacks."

#: Rule of nesting -> severity, code, message; {partner} is the other bulletin.
STANDINGS: Final[dict[str, tuple[Severity, str, str]]] = {
    INCLUDED: ("info", "nested", "It lies inside the stated window of {partner}; it is not added."),
    CONTRADICTED: (
        "warning",
        "nesting-contradicted",
        "It lies inside the stated window of {partner} but, alone or with others there, has more "
        "than that leaves room for; "
        "both count.",
    ),
    DISJOINT: (
        "info",
        "nesting-contradicted-assumed",
        "It lies inside the assumed window of {partner} but, alone or with others there, has more "
        "than that leaves room for; "
        "both count.",
    ),
    DOUBTFUL: (
        "info",
        "perhaps-nested",
        "It lies inside the assumed window of {partner}; its {total} may be told there, too.",
    ),
    OVERLAPPING: (
        "warning",
        "window-overlap",
        "Its window overlaps that of {partner} by {minutes} minutes; the other counts for certain.",
    ),
}


def audit_hours(claims: pd.DataFrame, table: pd.DataFrame, number: Ints) -> Iterator[ClaimFinding]:
    """Find windows that end before they start.

    Parameters
    ----------
    claims, table, number
        Claims, `rank_versions` of them, and the number of each row's version.
    """
    bad = (claims["window_end"] <= claims["window_start"]).to_numpy()
    for v in np.unique(number[bad]):
        version = table.loc[v]
        message = (
            "Its window does not end after it starts; the hours before it was posted are assumed."
        )
        severity: Severity = "error" if version["chosen"] else "warning"
        yield ClaimFinding(severity, "window-impossible", version["bulletin_id"], message, LOOK)


def audit_standing(account: Account) -> Iterator[ClaimFinding]:
    """Say what windows have to do with each other and with the edges of nights."""
    tally, standing = account.tally, account.standing
    for b, name in enumerate(tally.ids.tolist()):
        if account.edge[b]:
            message = (
                "Its window passes an edge of the night by at most 60 minutes; it counts whole."
            )
            yield ClaimFinding("info", "edge", name, message, NOTHING)
        if account.split[b] and standing.counted[b]:
            message = f"Its window passes an edge of the night; its {tally.total[b]} are split."
            yield ClaimFinding("info", "split", name, message, NOTHING)
        if account.spans.undated[b]:
            message = "It has no usable hours; those before it was posted are assumed."
            yield ClaimFinding("warning", "window-missing", name, message, LOOK)
        rule = str(standing.rule[b])
        if rule in STANDINGS:
            severity, code, message = STANDINGS[rule]
            message = message.format(
                partner=tally.ids[standing.partner[b]] if standing.partner[b] >= 0 else "",
                total=tally.total[b],
                minutes=int(standing.end[b] - standing.start[b]) // MINUTE,
            )
            remedy = NOTHING if severity == "info" else LOOK
            yield ClaimFinding(severity, code, name, message, remedy)


def audit_gaps(account: Account) -> Iterator[ClaimFinding]:
    """Find hours of a night that lie in no window, where the night has windows at all.

    A hole between two windows counts if it is longer than 15 minutes, as overlaps do; hours before
    the first and after the last if there are more than 60, as at the edges of nights. Points in
    time cover nothing, and figures for a whole attack leave no gap between them.
    """
    tally = account.tally
    told = account.spans.dated & ~account.spans.undated
    which = np.flatnonzero(told & (tally.precision != "point"))
    which = which[np.lexsort((tally.end[which], tally.start[which]))]
    start, end = tally.start[which], tally.end[which]
    clock = ZoneInfo(CLOCKS.get(account.claimant, MOSCOW))
    for slot in np.flatnonzero(account.slots.night != BETWEEN):
        opens, closes = account.slots.edges[slot : slot + 2].tolist()
        inside = np.flatnonzero((start < closes) & (end > opens)).tolist()
        night = np.datetime64(int(account.slots.night[slot]), "D")
        until = opens
        for i in inside:
            name, begins = tally.ids[which[i]], int(start[i])
            if i == inside[0] and begins - until > EDGE:
                hours = _clock_times(until, begins, clock)
                message = f"It is the first of the night {night}; no window covers {hours}."
                yield ClaimFinding("info", "night-open", name, message, NOTHING)
            elif i != inside[0] and begins - until > OVERLAP:
                hours = _clock_times(until, begins, clock)
                message = f"No window covers {hours} before it in the night {night}."
                yield ClaimFinding("warning", "window-gap", name, message, SEARCH)
            until = max(until, int(end[i]))
        if inside and closes - until > EDGE:
            hours = _clock_times(until, closes, clock)
            message = f"It is the last of the night {night}; no window covers {hours}."
            name = tally.ids[which[max(inside, key=lambda i: int(end[i]))]]
            yield ClaimFinding("info", "night-open", name, message, NOTHING)


def _clock_times(start: int, end: int, clock: ZoneInfo) -> str:
    """Two moments as times of day on a clock."""
    times = [datetime.fromtimestamp(moment / 1_000_000, clock) for moment in (start, end)]
    return " to ".join(f"{time:%H:%M}" for time in times)
