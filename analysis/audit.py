"""What looks wrong in the claims: sums, windows, repeated regions, tellings that disagree.

Severity follows one rule. ``error``: numbers that count cannot all be true. ``warning``: something
had to be decided that the claims do not say, or a telling was left out. ``info``: a rule of
accounting applied; nothing is wrong.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.accounting import Account, Scope, account_claims
from analysis.accounting.cumulative import covered_slot
from analysis.accounting.nesting import (
    CONTRADICTED,
    DISJOINT,
    DOUBTFUL,
    INCLUDED,
    OVERLAPPING,
    UNDATED,
)
from analysis.accounting.nights import MINUTE
from analysis.accounting.ranking import rank_versions, version_numbers
from analysis.accounting.versions import known_claims, select_versions
from analysis.vocabulary import ADDED, DOWNED, FINDING_COLUMNS, JOIN, OUTSIDE_ZONE, SEVERITIES

#: severity, code, bulletin_id, message, remedy
Finding: TypeAlias = tuple[str, str, str, str, str]

NOTHING = "Nothing to do."
LOOK = "Compare the text of the source with the claims read from it."

#: Rule of nesting -> severity, code, message; {partner} is the other bulletin.
STANDINGS = {
    INCLUDED: ("info", "nested", "It lies inside the stated window of {partner}; it is not added."),
    CONTRADICTED: (
        "warning",
        "nesting-contradicted",
        "It lies inside the stated window of {partner} but has more than that leaves room for; "
        "both count.",
    ),
    DISJOINT: (
        "info",
        "nesting-contradicted-assumed",
        "It lies inside the assumed window of {partner} but has more than that leaves room for; "
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
    UNDATED: ("warning", "window-missing", "It has no usable hours; it counts when it was posted."),
}


def audit_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """List what looks wrong in a frame of claims.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``; all versions of all bulletins.

    Returns
    -------
    pd.DataFrame
        Columns ``severity, code, bulletin_id, message, remedy``, errors first, then by code and
        bulletin. ``error`` only where numbers that count cannot all be true: parts that exceed
        their total, a subset above its whole, a window that ends before it starts, a completion
        that contradicts what its post shows, a cumulative figure below its parts. Edges and splits
        are those of nights from 20:00 to 08:00.

    Raises
    ------
    PanelError
        If columns are missing.

    Examples
    --------
    >>> from analysis.vocabulary import CLAIM_COLUMNS
    >>> audit_claims(pd.DataFrame(columns=list(CLAIM_COLUMNS))).empty
    True
    """
    claims = known_claims(claims, None)
    found: set[Finding] = set()
    if len(claims):
        table = rank_versions(claims)
        found.update(_audit_versions(table))
        found.update(_audit_parts(claims, table))
        found.update(_audit_windows(claims))
        chosen = select_versions(claims)
        chosen = chosen[chosen["relation"].isin((*ADDED, "total")).to_numpy()]
        for (claimant, direction, weapon), group in chosen.groupby(
            ["claimant", "direction", "weapon"]
        ):
            measures = sorted(set(DOWNED) & set(group["measure"])) or sorted(set(group["measure"]))
            scope = Scope(direction=str(direction), weapon=str(weapon), measure=tuple(measures))
            own = claims[(claims["claimant"] == claimant).to_numpy()]
            account = account_claims(own, scope)
            found.update(_audit_standing(account))
            found.update(_audit_figures(account))
    order = sorted(found, key=lambda one: (SEVERITIES.index(one[0]), *one[1:]))
    return pd.DataFrame(order, columns=list(FINDING_COLUMNS)).astype("str")


def _audit_versions(table: pd.DataFrame) -> Iterator[Finding]:
    """Sums of each version, and versions that disagree or match nothing."""
    matched = set(table.loc[table["source_kind"] != "report", "bulletin_id"])
    for version in table[~table["never_added"]].to_dict("records"):
        name, told = (
            version["bulletin_id"],
            f"The {version['source_kind']} from {version['source']}",
        )
        total, parts = version["total"], version["parts"]
        listed = version["list"] in ("itemised", "joint")
        if parts > total:
            severity = "error" if version["chosen"] else "warning"
            message = f"{told} has parts of {parts}, more than its total of {total}."
            yield severity, "parts-exceed-total", name, message, LOOK
        elif parts < total and (listed or version["chosen"]):
            severity = "warning" if listed else "info"
            message = (
                f"{told} leaves {total - parts} of {total} without a region ({version['list']})."
            )
            yield severity, "parts-fall-short", name, message, LOOK if listed else NOTHING
        if not version["agrees"]:
            message = f"{told} contradicts the primary; it is not used."
            yield "warning", "versions-disagree", name, message, LOOK
        elif not version["same_counts"]:
            severity = "error" if version["chosen"] else "warning"
            message = f"{told} lacks or changes a count that the primary shows."
            yield severity, "versions-disagree", name, message, LOOK
        if name not in matched:
            message = f"{told} matches no bulletin; it is kept out."
            yield "warning", "unmatched-report", name, message, "Find the bulletin that it tells."


def _audit_parts(claims: pd.DataFrame, table: pd.DataFrame) -> Iterator[Finding]:
    """Regions named twice in a version, and subsets above their whole."""
    claims = claims.assign(version=version_numbers(claims))
    claims["chosen"] = table["chosen"].to_numpy()[claims["version"].to_numpy()]
    added = claims[(claims["relation"].isin(ADDED) & (claims["regions"] != "")).to_numpy()]
    key = ["bulletin_id", "version", "measure", "regions"]
    items = added.assign(regions=added["regions"].str.split(JOIN)).explode("regions")
    times = items.groupby(key, as_index=False).agg(times=("count", "size"))
    for item in times[times["times"] > 1].to_dict("records"):
        message = (
            f"{item['regions']} is named {item['times']} times ({item['measure']}); "
            "its counts are added."
        )
        yield "warning", "region-repeated", item["bulletin_id"], message, LOOK
    subsets = claims[((claims["relation"] == "subset") & (claims["regions"] != OUTSIDE_ZONE))]
    wholes = claims[(claims["relation"].isin((*ADDED, "total"))).to_numpy()]
    wholes = wholes.groupby(key, as_index=False)[["count"]].sum()
    wholes = wholes.rename(columns={"regions": "of", "count": "whole"})
    held = subsets.merge(wholes, on=["bulletin_id", "version", "measure", "of"])
    for part in held[held["count"] > held["whole"]].to_dict("records"):
        severity = "error" if part["chosen"] else "warning"
        message = (
            f"{part['count']} of {part['of'] or 'the total'} ({part['regions']}) is more than "
            f"its {part['whole']}."
        )
        yield severity, "subset-exceeds-whole", part["bulletin_id"], message, LOOK


def _audit_windows(claims: pd.DataFrame) -> Iterator[Finding]:
    """Windows that end before they start."""
    bad = claims[(claims["window_end"] <= claims["window_start"]).to_numpy()]
    for name in bad["bulletin_id"].unique():
        message = "Its window does not end after it starts; it counts when it was posted."
        yield "error", "window-impossible", str(name), message, LOOK


def _audit_standing(account: Account) -> Iterator[Finding]:
    """What the windows of bulletins have to do with each other and with the edges of nights."""
    tally, standing = account.tally, account.standing
    for b, name in enumerate(tally.ids.tolist()):
        if account.edge[b]:
            message = (
                "Its window passes an edge of the night by at most 60 minutes; it counts whole."
            )
            yield "info", "edge", name, message, NOTHING
        if account.split[b] and standing.counted[b]:
            message = f"Its window passes an edge of the night; its {tally.total[b]} are split."
            yield "info", "split", name, message, NOTHING
        rule = str(standing.rule[b])
        if rule in STANDINGS and not (rule == UNDATED and tally.precision[b] == "day"):
            severity, code, message = STANDINGS[rule]
            message = message.format(
                partner=tally.ids[standing.partner[b]] if standing.partner[b] >= 0 else "",
                total=tally.total[b],
                minutes=int(standing.end[b] - standing.start[b]) // MINUTE,
            )
            yield severity, code, name, message, NOTHING if severity == "info" else LOOK


def _audit_figures(account: Account) -> Iterator[Finding]:
    """Cumulative figures that their parts exceed, or that say more than their parts."""
    tally, figures = account.tally, account.figures
    sure = np.zeros(tally.ids.size, dtype=bool)
    sure[account.entries.bulletin[account.entries.certain]] = True
    for c in np.flatnonzero(figures.dated):
        start, end = int(figures.start[c]), int(figures.end[c])
        inside = sure & (tally.start >= start) & (tally.end <= end)
        parts, total, name = int(tally.total[inside].sum()), int(figures.total[c]), figures.ids[c]
        if parts > total:
            severity = "error" if figures.stated[c] else "warning"
            message = (
                f"Its cumulative figure is {total}, less than the {parts} of bulletins inside."
            )
            yield severity, "cumulative-below-parts", str(name), message, LOOK
        elif parts < total and covered_slot(start, end, account.slots) >= 0:
            message = f"Its cumulative figure is {total}; the bulletins inside make {parts}."
            yield "info", "cumulative-above-parts", str(name), message, "Look for a lost bulletin."
