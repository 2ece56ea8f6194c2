"""Log-likelihood of NB2 cells and its derivatives in mean and log dispersion, arrays only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.inference import negbin_law as law
from analysis.inference.nb2 import Floats


@dataclass(frozen=True, slots=True, eq=False)
class CountTable:
    """How often each count occurs in each dispersion group: all that Gamma functions need.

    Attributes
    ----------
    values, times : Floats
        Shape (k,): a count > 0 and the number of its cells.
    group : NDArray[np.intp]
        Shape (k,): index of its dispersion.
    cells : Floats
        Shape (groups,): cells of each group, zeros included.
    constant : float
        ``-sum(log Gamma(y + 1))`` over all cells.
    """

    values: Floats
    times: Floats
    group: NDArray[np.intp]
    cells: Floats
    constant: float


def tabulate(counts: Floats, seen: NDArray[np.bool_], groups: NDArray[np.intp]) -> CountTable:
    """Tabulate counts of shape (n, units) on seen cells; ``groups``, shape (units,)."""
    number = int(groups.max()) + 1
    where = np.broadcast_to(groups, counts.shape)[seen]
    values, inverse = np.unique(counts[seen], return_inverse=True)
    joint, times = np.unique(where * len(values) + inverse, return_counts=True)
    kept = values[joint % len(values)] > 0
    return CountTable(
        values=values[joint % len(values)][kept],
        times=times[kept].astype(np.float64),
        group=(joint // len(values))[kept],
        cells=np.bincount(where, minlength=number).astype(np.float64),
        constant=-float(gammaln(counts[seen] + 1).sum()),
    )


def gamma_total(table: CountTable, alpha: Floats) -> float:
    """Sum `log_rise` over cells; ``alpha``, shape (groups,)."""
    return float((table.times * law.log_rise(table.values, alpha[table.group])).sum())


def gamma_slopes(table: CountTable, alpha: Floats) -> tuple[Floats, Floats]:
    """Two derivatives of `gamma_total` in ``log(alpha)``, shape (groups,) each."""
    y, each = table.values, alpha[table.group]
    first = each * law.rise_slope(y, each)
    second = first + each**2 * law.rise_bend(y, each)
    groups = len(alpha)
    return (
        np.bincount(table.group, table.times * first, groups).astype(np.float64),
        np.bincount(table.group, table.times * second, groups).astype(np.float64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class MeanTerms:
    """What the means contribute on every cell, shape (n, units); 0 on cells not seen.

    Attributes
    ----------
    total : float
        Their share of the log-likelihood.
    d1, d2 : Floats
        Derivatives of a cell's log-likelihood in its mean.
    d1a : Floats
        Mixed derivative in the mean and ``log(alpha)``; zeros without dispersion.
    a1, a2 : Floats
        Derivatives in the ``log(alpha)`` of each unit, all nights together, shape (units,).
    """

    total: float
    d1: Floats
    d2: Floats
    d1a: Floats
    a1: Floats
    a2: Floats


def mean_total(counts: Floats, seen: NDArray[np.bool_], mean: Floats, alpha: Floats) -> float:
    """Sum the part of the log-likelihood that holds means; minus infinity where one is impossible.

    Shapes: counts (0 where not seen), seen and mean (n, units), alpha (units,).
    """
    mu = _possible(counts, seen, mean)
    return -np.inf if mu is None else float(law.mean_part(counts, mu, alpha).sum())


def mean_slopes(
    counts: Floats, seen: NDArray[np.bool_], mean: Floats, alpha: Floats
) -> MeanTerms | None:
    """The same with derivatives; None where it is minus infinity."""
    mu = _possible(counts, seen, mean)
    if mu is None:
        return None
    terms = law.mean_terms(counts, mu, alpha)
    first = alpha * terms.a.sum(axis=0)
    return MeanTerms(
        total=float(terms.value.sum()),
        d1=np.where(seen, terms.m, 0.0),
        d2=np.where(seen, terms.mm, 0.0),
        d1a=alpha * terms.ma,
        a1=first,
        a2=first + alpha**2 * terms.aa.sum(axis=0),
    )


def _possible(counts: Floats, seen: NDArray[np.bool_], mean: Floats) -> Floats | None:
    """Means, 0 where not seen; None where a count cannot come from its mean."""
    mu: Floats = np.where(seen, mean, 0.0)
    return mu if np.isfinite(mu).all() and (mu[counts > 0] > 0).all() else None
