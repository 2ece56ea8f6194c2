"""Shares out counts that were given for several regions at once.

A region's share is its share of the drones in fully itemised bulletins near in time, before and
after (`near_shares`). Bounds never depend on shares: they are `tally.Tally.region_bounds`.
"""

import numpy as np

from analysis.accounting import Account
from analysis.accounting.nesting import DOUBTFUL
from analysis.accounting.nights import DAY, Bools, Floats, Ints
from analysis.accounting.tally import Tally

#: Standard deviation, in days, of the Gaussian kernel over itemised bulletins.
BANDWIDTH = 30.0
#: Drones spread evenly over all regions beside those counted, so that no share is 0.
PRIOR = 1.0
#: Pseudo-counts with which a draw of shares keeps to the expected ones.
CONCENTRATION = 10.0
#: Bulletins whose kernel weights are worked out at once, to keep memory small.
CHUNK = 2048


def near_shares(
    tally: Tally, moment: Ints, bandwidth: float = BANDWIDTH, weights: Floats | None = None
) -> Floats:
    """Work out the regions' shares in fully itemised bulletins near each bulletin.

    Fully itemised bulletins give one count per region and leave nothing over. Each is weighted by
    exp(-(days between)^2 / (2 bandwidth^2)), before and after alike; ``PRIOR`` drones are added
    evenly. Without any itemised bulletin all regions get equal shares.

    Parameters
    ----------
    tally : Tally
        B bulletins over R regions.
    moment : Ints
        When each bulletin counts, shape (B,), in microseconds.
    bandwidth : float
        In days, > 0.
    weights : Floats, optional
        Weight of each bulletin as evidence, shape (B,), >= 0: how often a resample holds it.

    Returns
    -------
    Floats
        Shape (B, R); every row is > 0 and sums to 1. Rows of bulletins that are fully itemised
        themselves are equal shares: nothing of theirs is shared out.
    """
    size, width = tally.known.shape
    known = tally.known if weights is None else tally.known * weights[:, np.newaxis]
    whole = (tally.remainder == 0) & (tally.known.sum(axis=1) == tally.total)
    itemised = np.flatnonzero(whole & (tally.total > 0) & (tally.listing != "cut"))
    # A bulletin that needs no shares needs no weights either.
    wanting = np.flatnonzero(~whole)
    counts = np.full((size, width), PRIOR / max(width, 1))
    for chunk in np.array_split(wanting, -(-wanting.size // CHUNK) or 1):
        days = (moment[chunk, np.newaxis] - moment[itemised]) / DAY
        weight = np.exp(-0.5 * (days / bandwidth) ** 2)
        counts[chunk] += weight @ known[itemised].astype(float)
    shares: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
    return shares


def share_out(tally: Tally, shares: Floats) -> Floats:
    """Give each region its expected part of every bulletin.

    What is known stays. Each region of a joint count has 1 (if there are enough) and its share of
    the rest; a remainder goes to the regions it can belong to by their shares. Where the parts
    exceed the total, all of them shrink in proportion.

    Parameters
    ----------
    tally : Tally
        B bulletins over R regions.
    shares : Floats
        Shape (B, R), > 0.

    Returns
    -------
    Floats
        Shape (B, R); rows sum to the totals (where there are regions).
    """
    least = tally.least()
    counts = tally.known.astype(float)
    spare = tally.joint_count - least.sum(axis=1)
    joint = _within(shares[tally.joint_bulletin], tally.joint_members)
    np.add.at(counts, tally.joint_bulletin, least + spare[:, np.newaxis] * joint)
    remainder = np.maximum(tally.remainder, 0)
    counts += remainder[:, np.newaxis] * _within(shares, tally.open)
    shrink = np.minimum(tally.total / np.maximum(tally.parts, 1), 1.0)
    return counts * np.where(tally.remainder < 0, shrink, 1.0)[:, np.newaxis]


def draw_counts(tally: Tally, moment: Ints, rng: np.random.Generator) -> Ints:
    """Draw whole counts that agree with totals and bounds: a proper imputation, shape (B, R).

    Three steps: the itemised bulletins are resampled (Rubin's Bayesian bootstrap), shares are
    drawn from a Dirichlet distribution around theirs (``CONCENTRATION``), and counts from the
    multinomial. An excess of the parts over the total is taken from them at random.

    References
    ----------
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics 9(1), 130-134.
    doi:10.1214/aos/1176345338
    """
    shares = near_shares(tally, moment, weights=rng.standard_exponential(tally.ids.size))
    least = tally.least()
    counts = tally.known.copy()
    spare = tally.joint_count - least.sum(axis=1)
    joint = least + _draw(spare, shares[tally.joint_bulletin], tally.joint_members, rng)
    np.add.at(counts, tally.joint_bulletin, joint)
    left = np.flatnonzero(tally.remainder > 0)
    counts[left] += _draw(tally.remainder[left], shares[left], tally.open[left], rng)
    for b in np.flatnonzero(tally.remainder < 0):
        counts[b] = rng.multivariate_hypergeometric(counts[b], int(tally.total[b]))
    return counts


def draw_entries(account: Account, counts: Ints, rng: np.random.Generator) -> Ints:
    """Draw which of the counts of each bulletin each of its entries gets.

    A certain entry gets all of them. What may be included in an assumed window is so as a whole,
    with its probability; what is split between slots, or partly told twice, is split drone by
    drone with the expected shares. Where a cumulative figure says how many of the open counts of
    a slot belong there, so many are drawn.

    Parameters
    ----------
    account : Account
        Of B bulletins over R regions, with E entries.
    counts : Ints
        Shape (B, R), from `draw_counts`.
    rng : Generator
        Where chance comes from.

    Returns
    -------
    Ints
        Shape (E, R).
    """
    entries = account.entries
    drawn = counts[entries.bulletin] * (entries.certain & entries.possible)[:, np.newaxis]
    unsure = np.flatnonzero(~entries.certain & entries.possible)
    owner = entries.bulletin[unsure]
    for b in np.unique(owner):
        own = unsure[owner == b]
        as_one = account.standing.rule[b] == DOUBTFUL
        drawn[own] = _split(counts[b], np.clip(entries.expected[own], 0.0, 1.0), as_one, rng)
    settled: set[int] = set()
    for left, open_entries in account.fixed.values():
        if settled.issuperset(open_entries.tolist()):
            continue  # the rest of a bulletin whose other part was fixed
        pool = counts[entries.bulletin[open_entries]]
        held = rng.multivariate_hypergeometric(pool.ravel(), left).reshape(pool.shape)
        drawn[open_entries] = held
        for b, rest in zip(entries.bulletin[open_entries], pool - held, strict=True):
            others = np.setdiff1d(unsure[owner == b], open_entries)
            if others.size:
                share = entries.expected[others] + 1e-12
                drawn[others] = _split(rest, share / share.sum(), False, rng)
                settled.update(others.tolist())
    return drawn


def _split(counts: Ints, share: Floats, as_one: bool, rng: np.random.Generator) -> Ints:
    """Split counts over slots, (slots, R); what the shares leave over is told elsewhere."""
    kept = min(float(share.sum()), 1.0)
    if as_one:
        share = share / kept if kept else share
        kept = float(rng.random() < kept)
        share = share * kept
    chances = np.append(share, 1 - kept)
    split: Ints = rng.multinomial(counts, chances / chances.sum()).T[:-1]
    return split


def _within(shares: Floats, members: Bools) -> Floats:
    """Shares among some of the regions; rows sum to 1."""
    inside = shares * members
    within: Floats = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300)
    return within


def _draw(counts: Ints, shares: Floats, members: Bools, rng: np.random.Generator) -> Ints:
    """Dirichlet-multinomial draws among some of the regions; rows sum to `counts`."""
    expected = _within(shares, members)
    drawn = rng.standard_gamma(CONCENTRATION * expected)
    # Tiny parameters can all come out as 0; then the expected shares stand.
    chances = np.where(drawn.sum(axis=1, keepdims=True) > 0, drawn, expected)
    if counts.size == 0 or members.shape[1] == 0:
        return np.zeros(members.shape, dtype=np.int64)
    chances = chances / np.maximum(chances.sum(axis=1, keepdims=True), 1e-300)
    return rng.multinomial(counts, chances)
