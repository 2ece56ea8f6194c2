"""Which version counts, which window contains which, which night a count belongs to.

The rules, in the order in which they are applied:

1. One version of each bulletin counts (`versions.select_versions`).
2. Bulletins inside or across each other's windows: `nesting.settle_overlaps`.
3. Night: a stated window that passes an edge of the night by at most 60 minutes counts whole in
   the slot of its larger part; any other window enters each slot with lower 0, upper n, expected
   n x share of its hours. A point counts whole where it begins. A bulletin without usable hours
   gets the three before its posting, as assumed ones (`spans`). A figure for a whole attack
   (`nesting.PER_ATTACK`) and a date-only row count whole at their midpoint; a date-only row enters
   only a panel of 24-hour nights, or, with lower 0, a slot that holds all the hours between
   midnight and its posting.
4. Cumulative figures are never added: `cumulative`.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.accounting.cumulative import Entries, Figures, Fixed, fix_splits, read_figures
from analysis.accounting.nesting import PER_ATTACK, Standing, settle_overlaps
from analysis.accounting.nights import (
    Bools,
    Floats,
    Ints,
    Placement,
    Slots,
    build_slots,
    cover_slots,
    place_windows,
    read_clock,
    read_hours,
    spread,
)
from analysis.accounting.scope import Scope, scope_claims
from analysis.accounting.spans import Spans, span_bulletins, suppose_hours
from analysis.accounting.tally import NEVER, Tally, tally_claims
from analysis.vocabulary import CLOCKS, MOSCOW

#: A night of which less is covered by counted windows is provisional.
PROVISIONAL = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Where the counts of B bulletins went.

    Attributes
    ----------
    claimant : str
        Whose claims they are.
    tally : Tally
        What each bulletin says.
    standing : Standing
        How it stands to the others.
    spans : Spans
        The time that stands for it.
    slots : Slots
        Nights, and the hours between.
    edge, split : Bools
        Which bulletins pass an edge of the night and count whole, and which are split, shape (B,).
    entries : Entries
        What was counted where.
    coverage : Floats
        Share of each slot inside some counted window.
    figures : Figures
        Cumulative figures; never added.
    fixed : dict
        Slot -> number and entries of its open counts, where a cumulative figure covers it exactly.
    """

    claimant: str
    tally: Tally
    standing: Standing
    spans: Spans
    slots: Slots
    edge: Bools
    split: Bools
    entries: Entries
    coverage: Floats
    figures: Figures
    fixed: Fixed

    @property
    def thin(self) -> Bools:
        """Slots so little of which is covered that the record may lack a bulletin, (slots,)."""
        found: Bools = self.coverage < PROVISIONAL
        found[list(self.fixed)] = False  # a figure says all of these
        return found

    @property
    def moments(self) -> Ints:
        """The middle of each bulletin's window (else its posting time), shape (B,)."""
        return self.spans.start // 2 + self.spans.end // 2


def account_claims(claims: pd.DataFrame, scope: Scope) -> Account:
    """Count one version of each bulletin into slots of night and day.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``.
    scope : Scope
        What is counted, and what a night is.

    Raises
    ------
    PanelError
        If an argument of ``scope`` is unknown or malformed, if there are no claims for it, or if
        they are by several claimants.

    Examples
    --------
    >>> account_claims(pd.DataFrame(), Scope(weapon="kite"))
    Traceback (most recent call last):
        ...
    analysis.errors.PanelError: weapon is 'kite', ...
    """
    chosen, named = scope_claims(claims, scope)
    return account_chosen(chosen, named, str(chosen["claimant"].iloc[0]), scope)


def account_chosen(
    chosen: pd.DataFrame, named: tuple[str, ...], claimant: str, scope: Scope
) -> Account:
    """Count chosen versions of a claimant's bulletins, perhaps none, into slots of night and day.

    Parameters
    ----------
    chosen, named
        As from `scope_claims`.
    claimant : str
        Whose claims they are.
    scope : Scope
        Checked.
    """
    told = tally_claims(chosen, named)
    tally = suppose_hours(told)
    known = np.concatenate([tally.start, tally.end, tally.posted])
    slots = cut_slots(known[known != NEVER], claimant, scope)
    spans = span_bulletins(tally, slots, claimant in PER_ATTACK, ~told.usable)
    which = np.flatnonzero(spans.entered)
    placed = place_windows(spans.start[which], spans.end[which], spans.tolerance[which], slots)
    edge, split = np.zeros((2, tally.ids.size), dtype=bool)
    edge[which], split[which] = placed.edge, ~placed.whole
    surely = np.where(spans.entered & spans.certain & ~split, tally.total, 0)
    standing = settle_overlaps(tally, spans.dated, surely)
    tally = replace(tally, proven=standing.proven)
    figures = read_figures(chosen)
    entered = _enter(tally, standing, spans, placed, slots)
    entries, fixed = fix_splits(tally, entered, figures, slots)
    counted = standing.counted & spans.entered & ~spans.undated
    return Account(
        claimant=claimant,
        tally=tally,
        standing=standing,
        spans=spans,
        slots=slots,
        edge=edge,
        split=split,
        entries=entries,
        coverage=cover_slots(tally.start[counted], tally.end[counted], slots),
        figures=figures,
        fixed=fixed,
    )


def cut_slots(moments: Ints, claimant: str, scope: Scope) -> Slots:
    """Cut the time around some moments into nights, on the clock that the scope means."""
    clock = read_clock(scope.tz or CLOCKS.get(claimant, MOSCOW))
    first, last = (int(moments.min()), int(moments.max())) if moments.size else (0, 0)
    return build_slots(read_hours(scope.night), clock, first, last)


def _enter(
    tally: Tally, standing: Standing, spans: Spans, placed: Placement, slots: Slots
) -> Entries:
    """Entries of the bulletins that are added: in which slot, how surely, with which share."""
    bulletin = np.flatnonzero(spans.entered)[placed.window]
    whole = placed.whole[placed.window]
    expected = placed.share.copy()
    told = standing.repeats
    # Entries are sorted by bulletin.
    first = np.searchsorted(bulletin, told.bulletin, side="left")
    repeat, step = spread(np.searchsorted(bulletin, told.bulletin, side="right") - first)
    entry = first[repeat] + step
    start = np.maximum(told.start[repeat], slots.edges[placed.slot[entry]])
    end = np.minimum(told.end[repeat], slots.edges[placed.slot[entry] + 1])
    common = (told.end - told.start)[repeat]
    common = np.where(whole[entry], common, np.maximum(end - start, 0))
    length = (tally.end - tally.start)[told.bulletin[repeat]]
    np.subtract.at(expected, entry, told.share[repeat] * common / length)
    keep = standing.counted[bulletin]
    return Entries(
        bulletin=bulletin[keep],
        slot=placed.slot[keep],
        certain=(whole & (standing.certain & spans.certain)[bulletin])[keep],
        possible=np.ones(int(keep.sum()), dtype=bool),
        expected=np.maximum(expected, 0.0)[keep],
    )
