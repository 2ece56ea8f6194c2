"""Log-likelihood of NB2 cells and its derivatives in mean and log dispersion, arrays only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from analysis.inference.nb2 import LARGE_SIZE, Floats


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
    """The total of `gamma_terms` alone."""
    live = alpha[table.group] > 0
    y, times, size = table.values[live], table.times[live], 1 / alpha[table.group][live]
    return float((times * _rise(y, size)).sum())


def gamma_terms(table: CountTable, alpha: Floats) -> tuple[float, Floats, Floats]:
    """Sum log Gamma(y + s) - log Gamma(s) - y log s over cells, with s = 1 / alpha.

    Parameters
    ----------
    table : CountTable
    alpha : Floats
        Shape (groups,); 0 is Poisson, where all terms are 0.

    Returns
    -------
    total : float
        Without the constant.
    first, second : Floats
        Derivatives in ``log(alpha)``, shape (groups,).
    """
    groups = len(alpha)
    live = alpha[table.group] > 0
    y, times, group = table.values[live], table.times[live], table.group[live]
    size = 1 / alpha[group]
    slope, bend = _slopes(y, size)
    return (
        float((times * _rise(y, size)).sum()),
        _by_group(group, times * (y - size * slope), groups),
        _by_group(group, times * (size * slope + size**2 * bend), groups),
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
    a1, a2 : Floats
        Derivatives in ``log(alpha)``; zeros without dispersion.
    d1a : Floats
        Mixed derivative.
    """

    total: float
    d1: Floats
    d2: Floats
    a1: Floats
    a2: Floats
    d1a: Floats


def mean_terms(
    counts: Floats, seen: NDArray[np.bool_], mean: Floats, alpha: Floats, *, second: bool = True
) -> MeanTerms | None:
    """Evaluate the part of the log-likelihood that holds means; None where it is minus infinity.

    ``y log(mu) - (y + 1/alpha) log(1 + alpha mu)``, for Poisson ``y log(mu) - mu``. Shapes:
    counts, seen and mean (n, units), alpha (units,). ``second=False`` leaves derivatives zero.
    """
    counted = seen & (counts > 0)
    if not np.isfinite(mean[seen]).all() or (mean[counted] <= 0).any():
        return None
    mu = np.where(seen, mean, 0.0)
    grown = np.log1p(alpha * mu)
    with np.errstate(divide="ignore", invalid="ignore"):
        spent = np.where(alpha > 0, grown / alpha, mu)
        total = float((counts[counted] * np.log(mu[counted])).sum())
    total -= float((counts * grown + spent)[seen].sum())
    if not second:
        zero = np.zeros_like(mu)
        return MeanTerms(total, zero, zero, zero, zero, zero)
    keep = seen.astype(np.float64)
    full = 1 + alpha * mu
    gap = (counts - mu) / full
    weight = (1 + alpha * counts) / full
    # Where a mean is 0 (a part at its bound, nothing counted) the slope is that of exp(-mu).
    ratio = np.divide(counts, mu, out=np.zeros_like(mu), where=counted)
    bend = np.divide(ratio, mu, out=np.zeros_like(mu), where=counted)
    return MeanTerms(
        total=total,
        d1=keep * (ratio - weight),
        d2=keep * (alpha * weight / full - bend),
        a1=keep * (spent - weight * mu),
        a2=keep * (mu / full - spent - alpha * mu * gap / full),
        d1a=-keep * alpha * gap / full,
    )


def _rise(y: Floats, size: Floats) -> Floats:
    """Rise of log Gamma from s to s + y, less y log s."""
    rise = np.empty_like(y)
    small = size < LARGE_SIZE
    a, s = y[small], size[small]
    rise[small] = gammaln(a + s) - gammaln(s) - a * np.log(s)
    # Stirling's series: differences of large numbers would lose what is left near Poisson.
    a, s = y[~small], size[~small]
    e = s + a
    rise[~small] = (e - 0.5) * np.log1p(a / s) - a + (1 / e - 1 / s) / 12
    return rise


def _slopes(y: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Rises of digamma and trigamma from s to s + y."""
    slope, bend = np.empty_like(y), np.empty_like(y)
    small = size < LARGE_SIZE
    a, s = y[small], size[small]
    slope[small] = digamma(a + s) - digamma(s)
    bend[small] = polygamma(1, a + s) - polygamma(1, s)
    a, s = y[~small], size[~small]
    e = s + a
    slope[~small] = np.log1p(a / s) + (1 / s - 1 / e) / 2 + (s**-2 - e**-2) / 12
    bend[~small] = 1 / e - 1 / s + (e**-2 - s**-2) / 2 + (e**-3 - s**-3) / 6
    return slope, bend


def _by_group(group: NDArray[np.intp], terms: Floats, groups: int) -> Floats:
    """Sum terms by group."""
    return np.bincount(group, terms, groups).astype(np.float64)
