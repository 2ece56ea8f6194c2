"""Bandwidth and concentration by masked likelihood: hide lists that are known, and predict them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.accounting.nights import Bools, Floats, Ints, spread
from analysis.allocation.evidence import (
    Evidence,
    distances,
    likeness,
    relative_sizes,
    share_of_counts,
)
from analysis.allocation.hidden import KINDS, Hidden, Lists
from analysis.allocation.urns import log_chances

#: Days after which a list counts by 1 / e, of which one is chosen.
BANDWIDTHS = (7.0, 20.0, 60.0, 180.0)
#: Step in which the logarithm of the concentration is sought, and how many at most.
STEP = 0.25
MOST_STEPS = 8
#: Lists that are hidden in turn; more are thinned evenly in time.
MASKED = 200
#: Lists told within so many days of a hidden one are hidden with it.
SAME_NIGHT = 0.5
#: Lists of more drones are not hidden: they take long, and there are few.
MOST_DRONES = 250


@dataclass(frozen=True, slots=True)
class Setting:
    """How counts of one kind are shared out.

    Attributes
    ----------
    bandwidth : float
        Days after which a list counts by 1 / e.
    concentration : float
        Of the Dirichlet-multinomial: of a region of average size, where regions are named; of all
        regions together otherwise.
    """

    bandwidth: float
    concentration: float


#: What is expected of the settings before any list is seen: those of the record of 2023 to 2026.
EXPECTED = {
    "named": Setting(60.0, 0.25),
    "tail": Setting(60.0, 6.0),
    "whole": Setting(20.0, 2.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Masked:
    """T lists hidden as those of one kind are.

    Attributes
    ----------
    shown : Lists
        What is left of them.
    counts : Ints
        What is hidden, shape (T, R).
    members : Bools
        The regions among which it is, shape (T, R).
    """

    shown: Lists
    counts: Ints
    members: Bools


def choose_settings(hidden: Hidden, evidence: Evidence, shown: int) -> dict[str, Setting]:
    """Choose bandwidth and concentration of each kind that is hidden.

    The logarithms of both have a Gaussian prior of standard deviation 1 around ``EXPECTED``, so
    that a handful of lists changes little. First the bandwidth is chosen, then the concentration,
    between its steps by a parabola.

    Parameters
    ----------
    hidden : Hidden
    evidence : Evidence
    shown : int
        How many counts are shown before a cut.
    """
    settings = dict(EXPECTED)
    for kind, name in enumerate(KINDS):
        if not (hidden.kind == kind).any():
            continue
        masked = mask_lists(evidence, name, shown)
        if masked.shown.total.size:
            settings[name] = _choose(name, masked, evidence)
    return settings


def mask_lists(evidence: Evidence, kind: str, shown: int, most: int = MASKED) -> Masked:
    """Hide whole lists as lists of a kind are hidden.

    Parameters
    ----------
    evidence : Evidence
    kind : str
        ``"named"``: the names of several regions stay; ``"tail"``: the ``shown`` largest counts
        stay; ``"whole"``: the total stays, of a single region too.
    shown : int
        How many counts are shown before a cut.
    most : int
        How many lists are hidden, evenly in time.
    """
    counts = evidence.counts.astype(np.int64)
    size = (counts > 0).sum(axis=1)
    total = counts.sum(axis=1)
    least = {"named": 2, "tail": shown + 1, "whole": 1}[kind]
    fit = evidence.whole & (total > 1) & (total <= MOST_DRONES) & (size >= least)
    if kind == "named":
        fit &= total > size
    which = np.flatnonzero(fit)
    if which.size > most:
        which = which[np.linspace(0, which.size - 1, most).astype(np.int64)]
    counts, total, names = counts[which], total[which], counts[which] > 0
    stay = np.zeros_like(names)
    limit = np.zeros(which.size, dtype=np.int64)
    if kind == "tail":
        order = np.argsort(-counts, axis=1, kind="stable")[:, :shown]
        np.put_along_axis(stay, order, True, axis=1)
        limit = np.where(stay, counts, np.iinfo(np.int64).max).min(axis=1)
    seen = {"named": names, "tail": stay, "whole": np.zeros_like(names)}[kind]
    return Masked(
        shown=Lists(evidence.lists.day[which], seen.astype(float), total, limit),
        counts=counts * ~stay,
        members=names if kind == "named" else ~stay,
    )


def evidence_for(kind: str, evidence: Evidence) -> Evidence:
    """The lists that tell something of hidden counts of one kind."""
    return evidence.several_regions() if kind == "named" else evidence


def concentrations(
    kind: str, weights: Floats, evidence: Evidence, asked: Lists, members: Bools
) -> Floats:
    """Concentration of each region for each list, but for the factor of the setting, shape (T, R).

    Parameters
    ----------
    kind : str
        Of ``KINDS``.
    weights : Floats
        Of E lists for each of T, shape (E, T).
    evidence : Evidence
        As from `evidence_for`.
    asked : Lists
    members : Bools
        The regions among which counts are shared, shape (T, R).
    """
    if kind == "named":
        sizes = relative_sizes(weights, evidence)
        return sizes * sizes * sizes
    return share_of_counts(weights, evidence, asked.limit, members)


def _choose(kind: str, masked: Masked, evidence: Evidence) -> Setting:
    """The setting under which the masked lists are likeliest."""
    expected = EXPECTED[kind]
    evidence = evidence_for(kind, evidence)
    days = distances(masked.shown, evidence)
    # Nothing is known of other lists of the same night either.
    like = likeness(masked.shown, evidence) * (days > SAME_NIGHT)
    found = []
    for bandwidth in BANDWIDTHS:
        weights = like * np.exp(-days / bandwidth)
        shape = concentrations(kind, weights, evidence, masked.shown, masked.members)
        fit = _likelihood(kind, masked, expected.concentration * shape)
        found.append((fit - 0.5 * np.log(bandwidth / expected.bandwidth) ** 2, bandwidth, shape))
    _, bandwidth, shape = max(found, key=lambda one: one[0])

    def fit_of(step: float) -> float:
        factor = np.exp(step)
        return _likelihood(kind, masked, expected.concentration * factor * shape) - step**2 / 2

    return Setting(bandwidth, expected.concentration * float(np.exp(_climb(fit_of))))


def _climb(fit_of: Callable[[float], float]) -> float:
    """Where a function with one peak is largest: uphill in steps from 0, then by a parabola."""
    fits = {step: fit_of(step * STEP) for step in (-1, 0, 1)}
    top = max(fits, key=lambda step: fits[step])
    while top in (min(fits), max(fits)) and abs(top) < MOST_STEPS:
        onward = top + (1 if top > 0 else -1)
        fits[onward] = fit_of(onward * STEP)
        if fits[onward] <= fits[top]:
            break
        top = onward
    if top - 1 not in fits or top + 1 not in fits:
        return top * STEP
    low, mid, high = fits[top - 1], fits[top], fits[top + 1]
    return STEP * (top + (low - high) / (2 * min(low - 2 * mid + high, -1e-9)))


def _likelihood(kind: str, masked: Masked, concentration: Floats) -> float:
    """Log-probability of what is hidden."""
    if kind == "named":
        held = [np.flatnonzero(row) for row in masked.members]
        own = [concentration[t, which] for t, which in enumerate(held)]
        counts = [masked.counts[t, which] for t, which in enumerate(held)]
        return float(log_chances(own, counts).sum())
    return free_likelihood(concentration, masked.counts, masked.members)


def free_likelihood(concentration: Floats, counts: Ints, members: Bools) -> float:
    """Log-probability, but for a constant, of Dirichlet-multinomial counts (T, R) given their sums.

    The constant depends on the counts alone.
    """
    whole = (concentration * members).sum(axis=1)
    rising = _log_rising(concentration[counts > 0], counts[counts > 0])
    return rising - _log_rising(whole, counts.sum(axis=1))


def _log_rising(first: Floats, steps: Ints) -> float:
    """Sum of the logarithms of first (first + 1) ... (first + steps - 1)."""
    owner, step = spread(steps)
    return float(np.log(first[owner] + step).sum())
