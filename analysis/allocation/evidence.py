"""What other lists say of a hidden count: how near they are, how large a region is in them."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.accounting.nights import DAY, Bools, Floats, Ints
from analysis.accounting.tally import Tally
from analysis.allocation.hidden import Lists

#: Where no region is named, lists of another total count less: a Gaussian in its logarithm.
TOTAL_SPREAD = 1.0
#: So do lists of other hours of the day: evenings reach less far. They count by exp(-hours / 3).
HOURS_SPREAD = 3.0
#: Lists in which a region has its equal part, beside those counted.
PRIOR_LISTS = 0.3
#: Drones spread evenly over all regions, beside those counted.
PRIOR_DRONES = 0.5
#: More lists than this are thinned evenly in time.
MOST_LISTS = 6000


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """E lists that tell how counts spread over R regions.

    Attributes
    ----------
    bulletin : Ints
        The bulletin of each, shape (E,).
    lists : Lists
        What they show.
    counts : Floats
        Shape (E, R); of a list that hides some, what is known, or what is expected.
    whole : Bools
        Whether every count is known, shape (E,).
    weight : Floats
        How often a resample holds the list's night, shape (E,); 1 otherwise.
    """

    bulletin: Ints
    lists: Lists
    counts: Floats
    whole: Bools
    weight: Floats

    def several_regions(self) -> "Evidence":
        """The whole lists that name more than one region."""
        which = np.flatnonzero(self.whole & (self.lists.names.sum(axis=1) > 1))
        return Evidence(
            bulletin=self.bulletin[which],
            lists=self.lists.pick(which),
            counts=self.counts[which],
            whole=self.whole[which],
            weight=self.weight[which],
        )

    def with_counts(self, counts: Floats) -> "Evidence":
        """The same lists with other counts."""
        return replace(self, counts=counts)

    def weighted(self, weight: Floats) -> "Evidence":
        """The same lists with other weights."""
        return replace(self, weight=weight)


def told_lists(tally: Tally) -> Bools:
    """Which bulletins name regions and count something, so that their lists are evidence."""
    told: Bools = (tally.total > 0) & (tally.remainder >= 0) & tally.named.any(axis=1)
    return told


def thin_lists(size: int) -> Ints:
    """Positions of the lists that stand for so many, in the order of time."""
    if size <= MOST_LISTS:
        return np.arange(size)
    return np.linspace(0, size - 1, MOST_LISTS).astype(np.int64)


def gather_evidence(tally: Tally, moment: Ints, lists: Bools | None = None) -> Evidence:
    """Read the lists of a tally: the itemised ones, and what joint and cut ones show.

    A list is whole if it leaves nothing over: each count is given, or can be nothing else.

    Parameters
    ----------
    tally : Tally
        Of B bulletins over R regions.
    moment : Ints
        When each bulletin counts, shape (B,), in microseconds.
    lists : Bools, optional
        Which of the `told_lists` are evidence, shape (B,); by default all.
    """
    lower = tally.region_bounds()[0]
    settled = (tally.remainder == 0) & (lower.sum(axis=1) == tally.total)
    told = np.flatnonzero(told_lists(tally) if lists is None else lists)
    told = told[np.argsort(moment[told], kind="stable")]
    told = told[thin_lists(told.size)]
    return Evidence(
        bulletin=told,
        lists=Lists(
            day=moment[told] / DAY,
            names=tally.named[told].astype(float),
            total=tally.total[told],
            limit=np.zeros(told.size, dtype=np.int64),
        ),
        counts=lower[told].astype(float),
        whole=(settled & (tally.listing != "cut"))[told],
        weight=np.ones(told.size),
    )


def sum_over_lists(values: Floats, weights: Floats) -> Floats:
    """Sum of E rows of values for each of T sets of weights, shape (R, T).

    The product of two matrices, the first of which is nearly empty.

    Parameters
    ----------
    values : Floats
        Shape (E, R), mostly 0.
    weights : Floats
        Shape (E, T).
    """
    sums = np.zeros((values.shape[1], weights.shape[1]))
    for region, column in enumerate(np.ascontiguousarray(values.T)):
        held = column.nonzero()[0]
        sums[region] = column[held] @ weights[held]
    return sums


def likeness(asked: Lists, evidence: Evidence) -> Floats:
    """How like the lists of the evidence are to those asked for, shape (E, T), 0 to 1.

    By the names that both show, the cube of the cosine of the two sets (the third power is the
    likeliest of 1, 2, 3, 4); by their totals and hours of the day where the list asked for shows no
    name.
    """
    told = evidence.lists
    cosine = np.zeros((told.total.size, asked.total.size))
    for there, here in zip(_unit(told.names).T, _unit(asked.names).T, strict=True):
        both = np.ix_(there.nonzero()[0], here.nonzero()[0])
        cosine[both] += np.outer(there[both[0][:, 0]], here[both[1][0]])
    like: Floats = cosine * cosine * cosine
    bare = np.flatnonzero(~asked.names.any(axis=1))
    apart = np.log(told.total)[:, np.newaxis] - np.log(asked.total[bare])
    hours = np.abs(told.day[:, np.newaxis] % 1 - asked.day[bare] % 1) * 24
    hours = np.minimum(hours, 24 - hours)
    like[:, bare] = np.exp(-0.5 * (apart / TOTAL_SPREAD) ** 2 - hours / HOURS_SPREAD)
    return like


def _unit(names: Floats) -> Floats:
    """Rows of length 1; those without a name stay 0."""
    length = np.sqrt(names.sum(axis=1, keepdims=True))
    rows: Floats = names / np.maximum(length, 1.0)
    return rows


def distances(asked: Lists, evidence: Evidence) -> Floats:
    """Days between the lists of the evidence and those asked for, shape (E, T)."""
    days: Floats = np.abs(evidence.lists.day[:, np.newaxis] - asked.day)
    return days


def relative_sizes(weights: Floats, evidence: Evidence) -> Floats:
    """How large a region's count is where it is named, as a multiple of an equal part.

    Give it the whole lists of several regions (`several_regions`): an expected size would repeat
    what the model says.

    Parameters
    ----------
    weights : Floats
        Of E lists for each of T, shape (E, T).
    evidence : Evidence

    Returns
    -------
    Floats
        Shape (T, R), > 0; 1 where no list tells it.
    """
    names = evidence.lists.names
    equal = evidence.counts.sum(axis=1) / np.maximum(names.sum(axis=1), 1.0)
    multiples = evidence.counts / np.maximum(equal, 1e-300)[:, np.newaxis]
    sizes: Floats = (sum_over_lists(multiples, weights) + PRIOR_LISTS) / (
        sum_over_lists(names, weights) + PRIOR_LISTS
    )
    return sizes.T


def share_of_counts(weights: Floats, evidence: Evidence, limit: Ints, members: Bools) -> Floats:
    """Share of each region in the lists' counts, shape (T, R); rows sum to 1 over the members.

    For a list with a limit, counts above half of it (the nearest power of 2) count as half of it:
    what stands behind a cut is small, however large the same region was in other lists.

    Parameters
    ----------
    weights : Floats
        Of E lists for each of T, shape (E, T).
    evidence : Evidence
    limit : Ints
        The last count shown before a cut, shape (T,); 0 where none is.
    members : Bools
        The regions among which counts are shared, shape (T, R).
    """
    sums = np.empty(members.shape)
    half = np.where(limit > 0, 2.0 ** np.round(np.log2(np.maximum(limit, 2) / 2)), np.inf)
    for most in np.unique(half):
        rows = half == most
        sums[rows] = sum_over_lists(np.minimum(evidence.counts, most), weights[:, rows]).T
    inside = (sums + PRIOR_DRONES / max(members.shape[1], 1)) * members
    shares: Floats = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300)
    return shares
