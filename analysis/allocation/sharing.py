"""Shares out counts that were given for several regions at once: expected, and drawn at random."""

from dataclasses import dataclass

import numpy as np

from analysis.accounting.nights import Bools, Floats, Ints
from analysis.accounting.tally import Tally
from analysis.allocation.evidence import (
    PRIOR_LISTS,
    Evidence,
    distances,
    gather_evidence,
    likeness,
)
from analysis.allocation.fitting import Setting, choose_settings, concentrations, evidence_for
from analysis.allocation.hidden import KINDS, Hidden, Lists, find_hidden
from analysis.allocation.urns import count_weights, draw_free, draw_given_sum, mean_counts

#: How often a land region behind a cut has more than the last count shown: 4 of 381 lists that
#: were completed, half a case added.
EXCEEDANCE = 4.5 / 382
#: Hidden counts that are weighed against the evidence at once, to keep memory small.
CHUNK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """How H hidden counts of B bulletins are shared out over R regions.

    Attributes
    ----------
    hidden : Hidden
        What is shared out.
    evidence : Evidence
        The lists that tell how; hidden counts among them are expected ones.
    settings : dict
        Kind of hidden count -> bandwidth and concentration.
    support : Floats
        How many lists like it stand near each hidden count, shape (H,): the sum of their weights.
    """

    hidden: Hidden
    evidence: Evidence
    settings: dict[str, Setting]
    support: Floats

    @property
    def doubtful(self) -> Bools:
        """Which hidden counts can be shared out in more than one way, shape (H,)."""
        hidden = self.hidden
        spare = hidden.count > hidden.least.sum(axis=1)
        found: Bools = spare & (hidden.members.sum(axis=1) > 1)
        return found

    @property
    def alone(self) -> Bools:
        """Near which of these hardly any list like it stands, shape (H,): shares nearly equal."""
        found: Bools = self.doubtful & (self.support < PRIOR_LISTS)
        return found


def learn_allocation(tally: Tally, moment: Ints, lists: Bools | None = None) -> Allocation:
    """Learn from the lists of a tally how its hidden counts spread.

    A hidden count follows a Dirichlet-multinomial. Near lists weigh more: a list counts by
    exp(-days / bandwidth), times its likeness (`evidence.likeness`). Where regions are named, the
    concentration of each grows with its size in the lists that name it; elsewhere it is the
    region's share of their counts. Bandwidth and concentration are chosen by masked likelihood
    (`fitting.choose_settings`). Lists that hide some of their counts join in with what is known
    and, for the rest, with what the other lists let expect: one step of expectation and
    maximisation (Dempster, Laird & Rubin 1977); further steps change nothing measurable.

    Parameters
    ----------
    tally : Tally
        B bulletins over R regions; all evidence is taken from it.
    moment : Ints
        When each bulletin counts, shape (B,), in microseconds.
    lists : Bools, optional
        Which lists are evidence, shape (B,); see `gather_evidence`.

    References
    ----------
    Dempster, A. P., Laird, N. M., & Rubin, D. B. (1977). Maximum likelihood from incomplete data
    via the EM algorithm. Journal of the Royal Statistical Society B 39(1), 1-22.
    doi:10.1111/j.2517-6161.1977.tb01600.x
    """
    hidden = find_hidden(tally, moment)
    evidence = gather_evidence(tally, moment, lists)
    cut = hidden.kind == KINDS.index("tail")
    shown = hidden.asked.names[cut].sum(axis=1)
    settings = choose_settings(hidden, evidence, int(np.median(shown)) if shown.size else 1)
    near = near_shares(hidden, evidence, settings)
    spare = hidden.count - hidden.least.sum(axis=1)
    expected = tally.region_bounds()[0].astype(float)
    np.add.at(expected, hidden.bulletin, spare[:, np.newaxis] * _within(near, hidden.members))
    return Allocation(
        hidden=hidden,
        evidence=evidence.with_counts(expected[evidence.bulletin]),
        settings=settings,
        support=_support(hidden, evidence, settings),
    )


def near_shares(hidden: Hidden, evidence: Evidence, settings: dict[str, Setting]) -> Floats:
    """Concentration of each region for each hidden count, shape (H, R), > 0 among its members.

    Within a hidden count they are in proportion to the expected shares, but for what is known.
    """
    near = np.zeros(hidden.members.shape)
    for kind, name in enumerate(KINDS):
        for rows in _chunks(hidden.kind == kind):
            near[rows] = _concentrations(name, rows, hidden, evidence, settings)
    # Behind a list of names that is cut, nothing is known of the other regions.
    beyond = hidden.members & ~hidden.named & (hidden.kind == KINDS.index("named"))[:, np.newaxis]
    for rows in _chunks(beyond.any(axis=1)):
        others = _concentrations("whole", rows, hidden, evidence, settings)
        near[rows] = np.where(hidden.named[rows], near[rows], others)
    return near * hidden.members


def share_out(tally: Tally, allocation: Allocation) -> Floats:
    """Give each region its expected part of every bulletin: the mean under what is known.

    Counts that are given stay. Each region has what it is known to have at least: of a joint count
    for which it is named 1 (if there are enough), or what included bulletins prove. Land regions
    behind a cut have at most the last count shown, but for one case in 85 (``EXCEEDANCE``). Where
    the parts exceed the total, all of them shrink in proportion.

    Parameters
    ----------
    tally : Tally
        B bulletins over R regions.
    allocation : Allocation
        Learnt from that tally.

    Returns
    -------
    Floats
        Shape (B, R); rows sum to the totals (where there are regions).
    """
    hidden = allocation.hidden
    near = near_shares(hidden, allocation.evidence, allocation.settings)
    counts = tally.known.astype(float)
    np.add.at(counts, hidden.bulletin, expect_hidden(hidden, near))
    shrink = np.minimum(tally.total / np.maximum(tally.parts, 1), 1.0)
    return counts * np.where(tally.remainder < 0, shrink, 1.0)[:, np.newaxis]


def draw_counts(tally: Tally, allocation: Allocation, rng: np.random.Generator) -> Ints:
    """Draw whole counts that agree with totals and bounds: a proper imputation, shape (B, R).

    Three steps: the nights of the evidence are resampled (Rubin's Bayesian bootstrap), shares are
    drawn around those they give, and counts from them. An excess of the parts over the total is
    taken from them at random.

    References
    ----------
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics 9(1), 130-134.
    doi:10.1214/aos/1176345338
    """
    hidden, evidence = allocation.hidden, allocation.evidence
    night = np.unique(evidence.lists.night, return_inverse=True)[1]
    weight = rng.standard_exponential(int(night.max(initial=0)) + 1)
    near = near_shares(hidden, evidence.weighted(weight[night]), allocation.settings)
    counts = tally.known.copy()
    np.add.at(counts, hidden.bulletin, draw_hidden(hidden, near, rng))
    for b in np.flatnonzero(tally.remainder < 0):
        counts[b] = rng.multivariate_hypergeometric(counts[b], int(tally.total[b]))
    return counts


def expect_hidden(hidden: Hidden, near: Floats) -> Floats:
    """Expected part of each region in each hidden count, shape (H, R); rows sum to the counts.

    Parameters
    ----------
    hidden : Hidden
    near : Floats
        Concentrations, shape (H, R), as from `near_shares`.
    """
    expected = hidden.count[:, np.newaxis] * _within(near, hidden.members)
    limited = hidden.limited
    for h in np.flatnonzero((hidden.least > 0).any(axis=1)).tolist():
        means = mean_counts(_urns(hidden, near, h, False))
        assert means is not None, "what regions have at least is more than the count"
        expected[h] = _spread_means(means, hidden, near, h, False)
    for h in np.flatnonzero(limited.any(axis=1)).tolist():
        means = mean_counts(_urns(hidden, near, h, True))
        if means is not None:  # else the limit leaves too little room, so it does not hold
            held = _spread_means(means, hidden, near, h, True)
            expected[h] = (1 - EXCEEDANCE) * held + EXCEEDANCE * expected[h]
    return expected


def draw_hidden(hidden: Hidden, near: Floats, rng: np.random.Generator) -> Ints:
    """Draw the parts of each region in each hidden count, shape (H, R).

    Parameters
    ----------
    hidden : Hidden
    near : Floats
        Concentrations, shape (H, R), as from `near_shares`.
    rng : Generator
        Where chance comes from.
    """
    # The limit holds but for few, and not where it leaves too little room.
    limit = hidden.limited.any(axis=1) & (rng.random(hidden.count.size) >= EXCEEDANCE)
    drawn = np.zeros(hidden.members.shape, dtype=np.int64)
    bound = np.zeros(drawn.shape, dtype=bool)
    for h in np.flatnonzero(limit | (hidden.least > 0).any(axis=1)).tolist():
        for limited in (True, False) if limit[h] else (False,):
            known = hidden.bound(h, limited)
            held = draw_given_sum(_urns(hidden, near, h, limited), rng) if known.any() else None
            if held is not None:
                bound[h], drawn[h, known] = known, held[: known.sum()]
                break
    left = hidden.count - drawn.sum(axis=1)
    return drawn + draw_free(left, near, hidden.members & ~bound, rng)


def _urns(hidden: Hidden, near: Floats, h: int, limited: bool) -> Floats:
    """Weights of the regions of which something is known, then of all the others together."""
    count, bound = int(hidden.count[h]), hidden.bound(h, limited)
    free = hidden.members[h] & ~bound
    others = near[h, free].sum(keepdims=True) if free.any() else np.empty(0)
    least = np.append(hidden.least[h, bound], np.zeros(others.size, dtype=np.int64))
    most = np.full(least.size, count)
    if limited:
        capped = np.flatnonzero(hidden.limited[h, bound])
        most[capped] = np.maximum(hidden.limit[h], least[capped])
    return count_weights(np.append(near[h, bound], others), least, most, count)


def _spread_means(means: Floats, hidden: Hidden, near: Floats, h: int, limited: bool) -> Floats:
    """Means of the urns of a hidden count by region, shape (R,)."""
    bound = hidden.bound(h, limited)
    free = hidden.members[h] & ~bound
    rest = means[bound.sum() :].sum()
    spread: Floats = rest * _within(near[h : h + 1], free[np.newaxis])[0]
    spread[bound] = means[: bound.sum()]
    return spread


def _concentrations(
    kind: str, rows: Ints, hidden: Hidden, evidence: Evidence, settings: dict[str, Setting]
) -> Floats:
    """Concentrations of some hidden counts as if all were of one kind."""
    evidence = evidence_for(kind, evidence)
    weights, asked = _weigh(rows, hidden, evidence, settings[kind].bandwidth)
    members = hidden.members[rows]
    return settings[kind].concentration * concentrations(kind, weights, evidence, asked, members)


def _weigh(
    rows: Ints, hidden: Hidden, evidence: Evidence, bandwidth: float
) -> tuple[Floats, Lists]:
    """Weights of the evidence for some hidden counts, and what their lists show."""
    asked = hidden.asked.pick(rows)
    weights = likeness(asked, evidence) * np.exp(-distances(asked, evidence) / bandwidth)
    weights *= evidence.weight[:, np.newaxis]
    weights[evidence.bulletin[:, np.newaxis] == hidden.bulletin[rows]] = 0.0
    return weights, asked


def _support(hidden: Hidden, evidence: Evidence, settings: dict[str, Setting]) -> Floats:
    """Sum of the weights of the whole lists near each hidden count, shape (H,)."""
    support = np.zeros(hidden.count.size)
    for kind, name in enumerate(KINDS):
        for rows in _chunks(hidden.kind == kind):
            weights = _weigh(rows, hidden, evidence, settings[name].bandwidth)[0]
            support[rows] = weights[evidence.whole].sum(axis=0)
    return support


def _chunks(rows: Bools) -> list[Ints]:
    """Positions of the rows asked for, in parts of at most ``CHUNK``."""
    which = np.flatnonzero(rows)
    return [which[i : i + CHUNK] for i in range(0, which.size, CHUNK)]


def _within(shares: Floats, members: Bools) -> Floats:
    """Shares among some of the regions; rows sum to 1."""
    inside = shares * members
    within: Floats = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300)
    return within
