"""The NB2 log-likelihood of counts as a function of mean and dispersion, with exact derivatives.

Variance ``mu + a mu**2``; at a = 0 the Poisson likelihood and its one-sided derivatives. Sums that
cancel for small a are written so that they do not: Stirling's series for the Gamma functions, a
power series for the rest.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.polynomial.polynomial import polyder, polyval
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, zeta

from analysis.inference.nb2 import Floats

#: From this size (1 / a) on, Stirling's series replaces differences of large numbers.
LARGE_SIZE: Final = 50.0
#: Below this, power series replace differences of functions of a * mu and a * y.
SMALL: Final = 0.02
_ORDERS: Final = np.arange(2.0, 14.0)
_SIGNS: Final = (-1.0) ** _ORDERS
#: Of (log(1 + x) - x / (1 + x)) / x**2 and of (log(1 + x) - x) / x**2, constant term first.
_FALL: Final = _SIGNS * (_ORDERS - 1) / _ORDERS
_FALL_SLOPE: Final = polyder(_FALL)
_LOG: Final = -_SIGNS / _ORDERS


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


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Log-likelihood of each night and its derivatives in mean (m) and dispersion (a), (n,)."""

    value: Floats
    m: Floats
    mm: Floats
    a: Floats
    aa: Floats
    ma: Floats


def log_likelihood(counts: Counts, mean: Floats, a: float) -> Floats:
    """Log-likelihood of each night with all constants, for means (n,) > 0 and dispersion ``a``."""
    y = counts.values
    log_spread = np.log1p(a * mean)
    rise = _log_rise(counts.distinct, a)[counts.which]
    value: Floats = rise + counts.constant + y * (np.log(mean) - log_spread)
    return value - (log_spread / a if a > 0 else mean)


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
    y = counts.values
    spread = 1 + a * mean
    miss = (y - mean) / spread
    rise_a, rise_aa = (part[counts.which] for part in _rise_slopes(counts.distinct, a))
    fall, fall_slope = _fall(a * mean)
    share = mean / spread
    return Terms(
        value=log_likelihood(counts, mean, a),
        m=miss / mean,
        mm=a * (1 + a * y) / spread**2 - y / mean**2,
        a=rise_a + mean**2 * fall - y * share,
        aa=rise_aa + mean**3 * fall_slope + y * share**2,
        ma=-miss / spread,
    )


def _log_rise(y: Floats, a: float) -> Floats:
    """Sum over j < y of log(1 + a j), continued to fractions."""
    if a == 0.0:
        return np.zeros_like(y)
    r = 1 / a
    if r < LARGE_SIZE:
        value: Floats = gammaln(y + r) - gammaln(r) - y * np.log(r)
        return value
    s = r + y
    return (s - 0.5) * np.log1p(y / r) - y + _gamma_tail(s) - _gamma_tail(r)


def _rise_slopes(y: Floats, a: float) -> tuple[Floats, Floats]:
    """Two derivatives of `_log_rise` in a."""
    if a == 0.0:
        slope = y * (y - 1) / 2
        return slope, -slope * (2 * y - 1) / 3
    r = 1 / a
    s = r + y
    # In r = 1 / a first; where r is large by series, since the leading terms cancel.
    if r < LARGE_SIZE:
        first = digamma(s) - digamma(r) - y / r
        second = zeta(2, s) - zeta(2, r) + y / r**2
    else:
        halves = y / (2 * r * s)
        first = _log1p_less(y / r) + halves + _digamma_tail(s) - _digamma_tail(r)
        second = y**2 / (r**2 * s) - halves * (1 / r + 1 / s)
        second += _trigamma_tail(s) - _trigamma_tail(r)
    return -(r**2) * first, r**3 * (2 * first + r * second)


def _gamma_tail(x: Floats | float) -> Floats | float:
    """Stirling's series of log Gamma after its leading terms."""
    return 1 / (12 * x) - 1 / (360 * x**3) + 1 / (1260 * x**5) - 1 / (1680 * x**7)


def _digamma_tail(x: Floats | float) -> Floats | float:
    return -1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6) + 1 / (240 * x**8)


def _trigamma_tail(x: Floats | float) -> Floats | float:
    return 1 / (6 * x**3) - 1 / (30 * x**5) + 1 / (42 * x**7) - 1 / (30 * x**9)


def _log1p_less(x: Floats) -> Floats:
    """log(1 + x) - x."""
    return np.where(x < SMALL, x**2 * _series(x, _LOG), np.log1p(x) - x)


def _series(x: Floats, coefficients: Floats) -> Floats:
    """A power series in x, constant term first."""
    return np.asarray(polyval(x, coefficients), dtype=float)


def _fall(x: Floats) -> tuple[Floats, Floats]:
    """(log(1 + x) - x / (1 + x)) / x**2 and its derivative."""
    small = x < SMALL
    if small.all():
        return _series(x, _FALL), _series(x, _FALL_SLOPE)
    safe = np.where(small, 1.0, x)
    value = (np.log1p(safe) - safe / (1 + safe)) / safe**2
    slope = 1 / (safe * (1 + safe) ** 2) - 2 * value / safe
    if small.any():
        value[small] = _series(x[small], _FALL)
        slope[small] = _series(x[small], _FALL_SLOPE)
    return value, slope
