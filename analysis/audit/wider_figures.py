"""Cumulative figures beside the bulletins that they contain."""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.accounting import Account
from analysis.accounting.cumulative import covered_slot
from analysis.accounting.nights import Bools
from analysis.accounting.tally import moments_of
from analysis.audit.sums import LOOK
from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import Severity

#: Bulletin, start and end -> regions and their numbers.
Named: TypeAlias = dict[tuple[str, int, int], dict[str, int]]


def audit_wider_figures(account: Account, chosen: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Find cumulative figures that their parts exceed, or that say more than their parts.

    A figure is held against the bulletins inside its window that count for certain, in all and in
    each region that it names. One whose regions make all of it speaks of these regions alone.

    Parameters
    ----------
    account : Account
        Of one claimant, direction and weapon.
    chosen : pd.DataFrame
        The claims that count.
    """
    tally, figures = account.tally, account.figures
    sure = np.zeros(tally.ids.size, dtype=bool)
    sure[account.entries.bulletin[account.entries.certain]] = True
    named = _regions_named(chosen)
    for c in np.flatnonzero(figures.dated):
        start, end = int(figures.start[c]), int(figures.end[c])
        inside = sure & (tally.start >= start) & (tally.end <= end)
        severity: Severity = "error" if figures.stated[c] else "warning"
        name, total = str(figures.ids[c]), int(figures.total[c])
        regions = named.get((name, start, end), {})
        for region, told in regions.items():
            parts = _counted(account, inside, region)
            if parts > told:
                yield _below(severity, name, f" for {region}", told, parts)
        if regions and sum(regions.values()) == total:
            continue
        parts = int(tally.total[inside].sum())
        if parts > total:
            yield _below(severity, name, "", total, parts)
        elif parts < total and covered_slot(start, end, account.slots) >= 0:
            message = f"Its cumulative figure is {total}; the bulletins inside make {parts}."
            remedy = "Look for a lost bulletin."
            yield ClaimFinding("info", "cumulative-above-parts", name, message, remedy)


def _regions_named(chosen: pd.DataFrame) -> Named:
    """The regions that cumulative figures name."""
    rows = chosen[(chosen["relation"].eq("cumulative") & chosen["regions"].ne("")).to_numpy()]
    starts, ends = moments_of(rows["window_start"]), moments_of(rows["window_end"])
    keys = zip(rows["bulletin_id"], starts.tolist(), ends.tolist(), strict=True)
    named: Named = {}
    for key, region, count in zip(keys, rows["regions"], rows["count"].tolist(), strict=True):
        regions = named.setdefault(key, {})
        regions[region] = regions.get(region, 0) + count
    return named


def _counted(account: Account, inside: Bools, region: str) -> int:
    """What some bulletins count in a region for certain; 0 for several regions together."""
    if region not in account.tally.regions:
        return 0
    return int(account.tally.known[inside, account.tally.regions.index(region)].sum())


def _below(severity: Severity, name: str, where: str, told: int, parts: int) -> ClaimFinding:
    """Say that a figure is less than its parts."""
    message = f"Its cumulative figure{where} is {told}, less than the {parts} of bulletins inside."
    return ClaimFinding(severity, "cumulative-below-parts", name, message, LOOK)
