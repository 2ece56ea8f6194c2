"""The NB2 log-likelihood of nights as a function of mean and dispersion, with exact derivatives."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.inference import negbin_law as law
from analysis.inference.nb2 import Floats
from analysis.inference.negbin_law import Terms


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Counts of the nights that enter the likelihood, their distinct values looked up once.

    Attributes
    ----------
    values : Floats
        Shape (n,), >= 0. Fractions are allowed: the likelihood is then its smooth continuation.
    distinct : Floats
        Sorted distinct values, shape (u,).
    which : NDArray[np.intp]
        Shape (n,): the place of each count among them.
    constant : Floats
        Shape (n,): -log y!.
    """

    values: Floats
    distinct: Floats
    which: NDArray[np.intp]
    constant: Floats


def count_values(values: Floats) -> Counts:
    """Look up the distinct values of counts, shape (n,)."""
    distinct, which = np.unique(values, return_inverse=True)
    return Counts(values, distinct, which, -gammaln(distinct + 1)[which])


def log_likelihood(counts: Counts, mean: Floats, a: float) -> Floats:
    """Log-likelihood of each night with all constants, for means (n,) > 0 and dispersion ``a``."""
    return _constant(counts, a) + law.mean_part(counts.values, mean, a)


def likelihood_terms(counts: Counts, mean: Floats, a: float) -> Terms:
    """Log-likelihood of each night with all constants, and its derivatives.

    Parameters
    ----------
    counts : Counts
    mean : Floats
        Shape (n,), > 0.
    a : float
        Dispersion >= 0.

    Examples
    --------
    >>> terms = likelihood_terms(count_values(np.array([3.0])), np.array([2.0]), 0.0)
    >>> [round(float(v[0]), 6) for v in (terms.value, terms.m, terms.mm, terms.a)]
    [-1.712318, 0.5, -0.75, -1.0]
    """
    terms = law.mean_terms(counts.values, mean, a)
    slope, bend = (
        part(counts.distinct, a)[counts.which] for part in (law.rise_slope, law.rise_bend)
    )
    value = terms.value + _constant(counts, a)
    return replace(terms, value=value, a=terms.a + slope, aa=terms.aa + bend)


def _constant(counts: Counts, a: float) -> Floats:
    """What does not depend on the means."""
    return law.log_rise(counts.distinct, a)[counts.which] + counts.constant
