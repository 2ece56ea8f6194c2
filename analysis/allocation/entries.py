"""Draws which of a bulletin's counts belong to which slot."""

import numpy as np

from analysis.accounting import Account
from analysis.accounting.nesting import DOUBTFUL
from analysis.accounting.nights import Floats, Ints


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
