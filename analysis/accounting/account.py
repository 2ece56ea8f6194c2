"""Which version counts, which window contains which, which night a count belongs to.

The rules, in the order in which they are applied:

1. One version of each bulletin counts (`select_versions`).
2. Bulletins inside or across each other's windows: `nesting.settle_overlaps`.
3. Night: a stated window that passes an edge of the night by at most 60 minutes counts whole in
   the slot of its larger part; any other window enters each slot with lower 0, upper n, expected
   n x share of its hours. A point counts whole where it begins. A bulletin without usable hours
   gets the three before its posting, as assumed ones (`suppose_hours`). A figure for a whole attack
   (`nesting.PER_ATTACK`) and a date-only row count whole at their midpoint; a date-only row enters
   only a panel of 24-hour nights, or, with lower 0, a slot that holds all the hours between
   midnight and its posting.
4. Cumulative figures are never added: `cumulative`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from analysis.accounting.cumulative import Entries, Figures, Fixed, fix_splits, read_figures
from analysis.accounting.nesting import PER_ATTACK, Standing, settle_overlaps
from analysis.accounting.nights import (
    BETWEEN,
    EDGE,
    MINUTE,
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
from analysis.accounting.tally import NEVER, Tally, tally_claims
from analysis.accounting.versions import require_columns, select_versions
from analysis.errors import PanelError
from analysis.vocabulary import (
    ADDED,
    CLOCKS,
    DIRECTIONS,
    DOWNED,
    JOIN,
    MEASURES,
    MOSCOW,
    WEAPONS,
)

__all__ = [
    "Account",
    "Scope",
    "Spans",
    "account_claims",
    "check_choice",
    "scope_claims",
    "select_versions",
]


#: A night of which less is covered by counted windows is provisional.
PROVISIONAL = 0.75
#: A bulletin without hours tells of the time since so long before its posting.
DELAY = 180 * MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is counted, and what a night is; the arguments of `build_panel`."""

    direction: str = "on_russia"
    weapon: str = "uav"
    measure: str | tuple[str, ...] = DOWNED
    night: tuple[str, str] = ("20:00", "08:00")
    tz: str | None = None
    as_of: datetime | pd.Timestamp | str | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that are added up."""
        return (self.measure,) if isinstance(self.measure, str) else tuple(self.measure)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """The time that stands for each of B bulletins when it is placed; arrays of shape (B,).

    Attributes
    ----------
    start, end : Ints
        The window, or the moment at which a bulletin counts whole.
    tolerance : Ints
        By how much it may pass an edge and still count whole.
    dated : Bools
        Whether the window can contain or overlap others.
    entered : Bools
        Whether the bulletin enters the panel; most date-only rows do not enter a part of the day.
    certain : Bools
        Whether its slot is certain where it has but one; that of a date is not.
    undated : Bools
        Whether it names no usable hours, so that some before its posting are assumed.
    """

    start: Ints
    end: Ints
    tolerance: Ints
    dated: Bools
    entered: Bools
    certain: Bools
    undated: Bools


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
    spans = _span(tally, slots, claimant in PER_ATTACK, ~told.usable)
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


def scope_claims(claims: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Keep the chosen versions' claims of one direction, weapon and set of measures.

    Returns
    -------
    claims : pd.DataFrame
        Claims that count, and those that are shown beside them.
    regions : tuple of str
        Every unit named for the direction in a count that is added, by any weapon; sorted.

    Raises
    ------
    PanelError
        See `account_claims`.
    """
    check_scope(scope)
    if len(claims) == 0:
        raise PanelError("There are no claims.", "Give at least one, e.g. those of load_claims().")
    chosen, named = choose_claims(claims, scope)
    if not chosen["relation"].isin((*ADDED, "total")).any():
        raise no_such_claims(scope)
    claimants = sorted(chosen["claimant"].unique())
    if len(claimants) > 1:
        raise PanelError(
            f"The claims are by {len(claimants)} claimants ({', '.join(claimants[:5])}).",
            "Keep one of them: claims of different parties are not added.",
        )
    return chosen, named


def choose_claims(claims: pd.DataFrame, scope: Scope) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """As `scope_claims`, whether or not any claim is left."""
    require_columns(claims.columns)
    _require_counts(claims)
    chosen = select_versions(claims, scope.as_of)
    chosen.attrs = {}  # copied at every step, which takes longer than the step
    chosen = chosen[(chosen["direction"] == scope.direction).to_numpy()]
    added = chosen["relation"].isin(ADDED).to_numpy()
    slugs = {slug for text in chosen["regions"][added].unique() for slug in text.split(JOIN)}
    wanted = (chosen["weapon"] == scope.weapon) & chosen["measure"].isin(scope.measures)
    return chosen[wanted.to_numpy()], tuple(sorted(slugs - {""}))


def _require_counts(claims: pd.DataFrame) -> None:
    """Raise PanelError where a count is missing or below zero."""
    counts = claims["count"].to_numpy(dtype=float, na_value=np.nan)
    wrong = claims[~(counts >= 0)].sort_values(["bulletin_id", "count"])
    if len(wrong):
        pairs = zip(wrong["count"], wrong["bulletin_id"], strict=True)
        shown = ", ".join([f"{count} in {name}" for count, name in pairs][:5])
        raise PanelError(
            f"{len(wrong)} counts of the claims are missing or below zero: {shown}.",
            "Correct this at the source; do not drop rows.",
        )


def no_such_claims(scope: Scope) -> PanelError:
    """Return the error that nothing in scope counts."""
    asked = f"{' or '.join(scope.measures)} of {scope.weapon} {scope.direction}"
    when = " here" if scope.as_of is None else f" was known before {scope.as_of}"
    return PanelError(
        f"No bulletin that counts claims {asked}{when}.",
        "Ask for a direction, weapon, measure and as_of that the claims hold.",
    )


def check_scope(scope: Scope) -> None:
    """Raise PanelError where an argument of a scope is unknown or malformed."""
    read_hours(scope.night)
    if scope.tz is not None:
        read_clock(scope.tz)
    check_choice("direction", scope.direction, DIRECTIONS)
    check_choice("weapon", scope.weapon, WEAPONS)
    for measure in scope.measures or ("",):
        check_choice("measure", measure, MEASURES)


def check_choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Raise PanelError unless ``value`` is one of the words allowed for an argument.

    Examples
    --------
    >>> check_choice("weapon", "uav", WEAPONS)
    """
    if value not in allowed:
        raise PanelError(f"{name} is {value!r}, which is unknown.", f"Use {', '.join(allowed)}.")


def suppose_hours(tally: Tally) -> Tally:
    """Give bulletins without usable hours those before they were posted, as assumed ones.

    They tell of what just happened: of the claims about an hour 99 % were posted within three.
    """
    bare = ~tally.usable & (tally.posted != NEVER)
    return replace(
        tally,
        start=np.where(bare, tally.posted - DELAY, tally.start),
        end=np.where(bare, tally.posted, tally.end),
        precision=np.where(bare, "assumed", tally.precision),
    )


def _span(tally: Tally, slots: Slots, per_attack: bool, undated: Bools) -> Spans:
    """Choose the time that stands for each bulletin."""
    window = tally.usable
    date_only = window & (tally.precision == "day")
    at_midpoint = date_only | (window & per_attack)
    # Halved before they are added: NEVER is the smallest of all numbers.
    start = np.where(at_midpoint, tally.start // 2 + tally.end // 2, tally.start)
    start = np.where(window, start, tally.posted)
    end = np.where(window & ~at_midpoint, tally.end, start + 1)
    tolerance = np.where(tally.precision == "stated", EDGE, 0)
    whole_days = bool((slots.night != BETWEEN).all())
    slot = np.searchsorted(slots.edges, tally.start, side="right")
    one_slot = slot == np.searchsorted(slots.edges, tally.end, side="left")
    entered = (~date_only | whole_days | one_slot) & (window | (tally.posted != NEVER))
    return Spans(
        start=start,
        end=end,
        tolerance=np.where(tally.precision == "point", end - start, tolerance),
        dated=window & entered & (not per_attack),
        entered=entered,
        certain=~date_only | whole_days,
        undated=undated,
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
