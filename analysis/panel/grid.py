"""Nights x regions filled from an account, with states and bounds. Arrays only."""

from dataclasses import dataclass

import numpy as np

from analysis.accounting import Account
from analysis.accounting.cumulative import bound_slots
from analysis.accounting.nights import BETWEEN, Bools, Floats, Ints
from analysis.allocation import Allocation, draw_counts, draw_entries, share_out
from analysis.errors import PanelError
from analysis.panel.plain import Settled
from analysis.vocabulary import STATES

#: An upper bound that nothing is known about.
UNKNOWN = -1

_EXACT, _BOUNDED, _SILENT, _MISSING = range(len(STATES))


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """N consecutive nights of R regions and, last, of all regions together.

    Attributes
    ----------
    first : int
        The first night, in days since 1970-01-01.
    state : Ints
        Positions in ``vocabulary.STATES``, shape (N, R + 1).
    lower, upper : Ints
        Bounds, shape (N, R + 1); ``UNKNOWN`` where there is no upper one.
    expected : Floats
        Shape (N, R + 1); NaN where nothing was counted.
    coverage : Floats
        Share of each night inside counted windows, shape (N,).
    bulletins : list of str
        Identities of the bulletins counted in each night, joined by a space.
    """

    first: int
    state: Ints
    lower: Ints
    upper: Ints
    expected: Floats
    coverage: Floats
    bulletins: list[str]


def fill_grid(account: Account, days: Ints, allocation: Allocation, settled: Settled) -> Grid:
    """Add up the entries of each night, and set in the nights that need no accounting.

    Parameters
    ----------
    account : Account
        Of B bulletins over R regions, with E entries.
    days : Ints
        Days on which the record holds a post, in days since 1970-01-01. The nights run from the
        first to the last of these and of the nights with a bulletin.
    allocation : Allocation
        How counts given for several regions are shared out.
    settled : Settled
        Nights of plain bulletins alone, which the account leaves out.

    Returns
    -------
    Grid
        The bounds of the total are its own, never sums over regions.
    """
    tally, entries, slots = account.tally, account.entries, account.slots
    night = slots.night[entries.slot]
    first, size = night_range(account, np.union1d(days, settled.night))
    least, most = (
        np.column_stack(bounds)[entries.bulletin]
        for bounds in zip(tally.region_bounds(), tally.total_bounds(), strict=True)
    )
    middle = np.column_stack([share_out(tally, allocation), tally.total])[entries.bulletin]
    certain, possible = entries.certain[:, np.newaxis], entries.possible[:, np.newaxis]
    lower = _sum(account, first, size, least * certain).astype(np.int64)
    upper = _sum(account, first, size, most * possible).astype(np.int64)
    expected = _sum(account, first, size, middle * entries.expected[:, np.newaxis])
    for slot, (left, held) in account.fixed.items():
        row = int(slots.night[slot]) - first
        if 0 <= row < size:
            # All together the open counts are `left`, and in a region at most that.
            room = (most * possible)[held].sum(axis=0)
            upper[row] -= np.maximum(room - left, 0)
            lower[row, -1] += left - int((least * certain)[held, -1].sum())
    endless = _endless(account, first, size)
    lower, upper = _cut_by_total(lower, upper, endless[:, -1], _unlisted(account, first, size))
    expected = _round_into(expected, lower, upper)
    untold_bounds, more = bound_slots(tally, entries, account.figures, slots, account.thin)
    for slot, rest in more.items():
        row = int(slots.night[slot]) - first
        if 0 <= row < size:
            upper[row] = np.maximum(upper[row], lower[row] + rest)

    told = np.zeros(size, dtype=bool)
    told[night[night != BETWEEN] - first] = True
    posted = np.isin(np.arange(first, first + size), days)
    untold = np.where(posted, _SILENT, _MISSING)[:, np.newaxis]
    bounded = (lower != upper) | endless
    state = np.where(told[:, np.newaxis], np.where(bounded, _BOUNDED, _EXACT), untold)
    upper[endless] = UNKNOWN
    upper[~told] = UNKNOWN
    for slot, bound in untold_bounds.items():
        row = int(slots.night[slot]) - first
        if 0 <= row < size:
            upper[row] = bound
    expected[~told] = np.nan
    coverage, bulletins = _describe(account, first, size)
    rows = settled.night - first
    state[rows], coverage[rows] = _EXACT, settled.coverage
    lower[rows] = upper[rows] = expected[rows] = settled.counts
    for row, ids in zip(rows.tolist(), settled.bulletins, strict=True):
        bulletins[row] = ids
    return Grid(first, state, lower, upper, expected, coverage, bulletins)


def _unlisted(account: Account, first: int, size: int) -> Ints:
    """How many of each night's counts no list tells of, shape (size, 1)."""
    entries = account.entries
    over = np.maximum(account.tally.remainder, 0)[entries.bulletin] * entries.possible
    return _sum(account, first, size, over[:, np.newaxis]).astype(np.int64)


def _cut_by_total(lower: Ints, upper: Ints, endless: Bools, unlisted: Ints) -> tuple[Ints, Ints]:
    """Bounds of the regions, cut to what the total's leave beside what the others have.

    What no list tells of, ``unlisted`` of each night, may be of regions that the panel lacks.
    """
    regions = slice(0, -1)
    rest = upper[:, -1:] - lower[:, regions].sum(axis=1, keepdims=True)
    most = np.minimum(upper[:, regions], lower[:, regions] + rest)
    missing = lower[:, -1:] - upper[:, regions].sum(axis=1, keepdims=True) - unlisted
    least = np.maximum(lower[:, regions], upper[:, regions] + missing)
    # Without an end of the total nothing is known of what the others leave.
    some = np.flatnonzero(~endless) if lower.shape[1] > 1 else np.empty(0, dtype=np.int64)
    lower[some, regions], upper[some, regions] = least[some], most[some]
    return lower, upper


def _round_into(expected: Floats, lower: Ints, upper: Ints) -> Floats:
    """What is expected, within its bounds; only rounding can have taken it out of them."""
    inside = np.clip(expected, lower, upper)
    off = np.abs(inside - expected)
    assert (off <= 1e-9 * (1 + upper)).all(), f"expected counts leave their bounds by {off.max()}"
    return inside


def _endless(account: Account, first: int, size: int) -> Bools:
    """Cells without an upper bound, shape (size, R + 1): behind a cut list that has no total."""
    tally, entries = account.tally, account.entries
    more = np.column_stack([tally.open & tally.endless[:, np.newaxis], tally.endless])
    more = more[entries.bulletin]
    cells: Bools = _sum(account, first, size, (more & entries.possible[:, np.newaxis]) * 1) > 0
    return cells


def night_range(account: Account, days: Ints) -> tuple[int, int]:
    """Return the first night of the record and the number of nights, none left out.

    Raises
    ------
    PanelError
        If neither a post nor a bulletin falls on any night.
    """
    night = account.slots.night[account.entries.slot]
    marks = np.concatenate([days, night[night != BETWEEN]])
    if marks.size == 0:
        raise PanelError(
            "The claims name no hours and no posting time.", "Give claims with posted_at."
        )
    return int(marks.min()), int(marks.max() - marks.min()) + 1


def draw_grid(
    account: Account, grid: Grid, allocation: Allocation, rng: np.random.Generator
) -> Floats:
    """Draw whole counts for the nights with bulletins, shape (N, R + 1); NaN in the others."""
    counts = draw_counts(account.tally, allocation, rng)
    drawn = draw_entries(account, counts, rng)
    entries = account.entries
    if not account.tally.regions:
        drawn = draw_entries(account, account.tally.total[:, np.newaxis], rng)
    whole = np.column_stack([drawn[:, : counts.shape[1]], drawn.sum(axis=1)])
    filled = _sum(account, grid.first, grid.coverage.size, whole[: entries.slot.size])
    # Exact counts leave nothing to chance, and nights without a bulletin are no zeros.
    fixed = (grid.state == _EXACT) | np.isnan(grid.expected)
    return np.where(fixed, grid.expected, filled)


def _sum(account: Account, first: int, size: int, values: Ints | Floats) -> Floats:
    """Sum of the entries' rows by night, shape (size, columns)."""
    night = account.slots.night[account.entries.slot]
    held = night != BETWEEN
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, night[held] - first, values[held])
    return sums


def _describe(account: Account, first: int, size: int) -> tuple[Floats, list[str]]:
    """Coverage of each night, and the bulletins counted in it."""
    slots, entries = account.slots, account.entries
    held = (slots.night >= first) & (slots.night < first + size)
    coverage = np.zeros(size)
    coverage[slots.night[held] - first] = account.coverage[held]
    names: list[list[str]] = [[] for _ in range(size)]
    night = slots.night[entries.slot]
    # Entries are sorted by bulletin, and bulletins by identity.
    for e in np.flatnonzero((night != BETWEEN) & entries.possible):
        names[int(night[e]) - first].append(str(account.tally.ids[entries.bulletin[e]]))
    return coverage, [" ".join(ids) for ids in names]
