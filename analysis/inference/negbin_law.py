"""The negative binomial law of a count (NB2) with its derivatives in mean and dispersion.

The variance is ``mu + a mu**2``. The log probability of a count y is ::

    log_rise(y, a) - log y! + y log(mu) - (y + 1/a) log(1 + a mu)

where ``log_rise`` is the sum over j < y of log(1 + a j). It is continued to fractions of counts and
written so that it holds down to ``a = 0``, the Poisson law with derivatives from the right: nothing
is divided by a, and series replace differences of large numbers. Arrays only; all arguments
broadcast together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, loggamma, zeta

#: Real arrays; complex ones where a function says so.
Numbers: TypeAlias = NDArray[Any]
#: One for all counts, or one for each.
Dispersion: TypeAlias = Numbers | float
#: Up to this dispersion, Stirling's series replaces differences of Gamma functions.
STIRLING: Final = 0.02
#: Below this, power series in a * mu and a * y replace differences.
SMALL: Final = 0.02
#: Of (log(1 + x) - x / (1 + x)) / x**2 and of its derivative, highest power first.
_FALL: Final = tuple((-1.0) ** k * (k + 1) / (k + 2) for k in range(9, -1, -1))
_FALL_SLOPE: Final = tuple((-1.0) ** k * k * (k + 1) / (k + 2) for k in range(10, 0, -1))


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A log likelihood or a part of it, count by count, and its derivatives.

    Attributes
    ----------
    value : Numbers
    m, mm : Numbers
        In the mean, first and second.
    a, aa : Numbers
        In the dispersion.
    ma : Numbers
        In both.
    """

    value: Numbers
    m: Numbers
    mm: Numbers
    a: Numbers
    aa: Numbers
    ma: Numbers


def log_prob(y: Numbers, mean: Numbers, a: Dispersion) -> Numbers:
    """Log probability of counts y >= 0; mean >= 0 and dispersion >= 0 may be complex.

    Analytic in both, so that a complex step gives exact derivatives.

    Examples
    --------
    >>> log_prob(np.array([0.0, 3.0]), np.array([2.0, 2.0]), 0.5).round(6)
    array([-1.386294, -2.079442])
    >>> log_prob(np.array([0.0, 3.0]), np.array([2.0, 2.0]), 0.0).round(6)
    array([-2.      , -1.712318])
    """
    with np.errstate(divide="ignore"):  # of a mean of 0, which allows no count
        prob: Numbers = log_rise(y, a) - gammaln(y + 1) + mean_part(y, mean, a)
    return prob


def log_rise(y: Numbers, a: Dispersion) -> Numbers:
    """Sum over j < y of log(1 + a j), continued to fractions; ``a`` may be complex.

    Examples
    --------
    >>> log_rise(np.array([3.0]), 2.0), np.log(3.0 * 5.0)
    (array([2.7080502]), np.float64(2.70805020110221))
    """
    return _by_dispersion(_gamma_rise, _stirling_rise, y, a)


def rise_slope(y: Numbers, a: Dispersion) -> Numbers:
    """Derivative of `log_rise` in a: the sum of j / (1 + a j)."""
    return _by_dispersion(_gamma_slope, _stirling_slope, y, a)


def rise_bend(y: Numbers, a: Dispersion) -> Numbers:
    """Second derivative of `log_rise` in a: minus the sum of (j / (1 + a j))**2."""
    return _by_dispersion(_gamma_bend, _stirling_bend, y, a)


def mean_part(y: Numbers, mean: Numbers, a: Dispersion) -> Numbers:
    """What the mean adds: ``y log(mu) - (y + 1/a) log(1 + a mu)``; mean and a may be complex."""
    log = np.log1p(a * mean)
    told = np.log(np.where(y > 0, mean, 1.0))
    part: Numbers = y * (told - log) - _log_per(log, a, mean)
    return part


def mean_terms(y: Numbers, mean: Numbers, a: Dispersion) -> Terms:
    """`mean_part` and its derivatives; of a mean of 0 without a count from the right.

    Examples
    --------
    >>> terms = mean_terms(np.array([3.0]), np.array([2.0]), 0.0)
    >>> [round(float(v[0]), 6) for v in (terms.value, terms.m, terms.mm, terms.a)]
    [0.079442, 0.5, -0.75, -4.0]
    """
    x = a * mean
    log, full = np.log1p(x), 1 + x
    told = np.where(y > 0, mean, 1.0)
    share, weight, held = y / told, (1 + a * y) / full, mean / full
    fall = _fall(x, log)
    return Terms(
        value=y * (np.log(told) - log) - _log_per(log, a, mean),
        m=share - weight,
        mm=a * weight / full - share / told,
        a=mean * (mean * fall) - y * held,
        aa=mean * (mean * (mean * _fall_slope(x, fall))) + y * held**2,
        ma=(mean - y) / full / full,
    )


def dispersion_slope(y: Numbers, mean: Numbers, a: Dispersion) -> Numbers:
    """Derivative of the log probability in the dispersion, at 0 from the right.

    Examples
    --------
    >>> dispersion_slope(np.array([0.0, 4.0]), np.array([2.0, 2.0]), 0.0)  # ((y - m)**2 - y) / 2
    array([2., 0.])
    """
    x = a * mean
    return rise_slope(y, a) + mean * (mean * _fall(x, np.log1p(x)) - y / (1 + x))


def _by_dispersion(
    exact: Callable[[Numbers, Dispersion], Numbers],
    series: Callable[[Numbers, Dispersion], Numbers],
    y: Numbers,
    a: Dispersion,
) -> Numbers:
    """Gamma functions where the dispersion is large enough for them, Stirling's series else."""
    small = np.asarray(a.real <= STIRLING)
    if small.all():
        return series(y, a)
    if not small.any():
        return exact(y, a)
    return np.where(small, series(y, np.where(small, a, 0.0)), exact(y, np.where(small, 1.0, a)))


def _gamma_rise(y: Numbers, a: Dispersion) -> Numbers:
    r = 1 / a
    log_gamma = loggamma if np.iscomplexobj(r) else gammaln
    rise: Numbers = log_gamma(r + y) - log_gamma(r) - y * np.log(r)
    return rise


def _gamma_slope(y: Numbers, a: Dispersion) -> Numbers:
    r = 1 / a
    slope: Numbers = r**2 * (y * a - (digamma(r + y) - digamma(r)))
    return slope


def _gamma_bend(y: Numbers, a: Dispersion) -> Numbers:
    r = 1 / a
    trigammas: Numbers = zeta(2, r + y) - zeta(2, r)
    bend: Numbers = r**4 * (trigammas + y * a**2) - 2 * r * _gamma_slope(y, a)
    return bend


def _stirling_rise(y: Numbers, a: Dispersion) -> Numbers:
    x = a * y
    log = np.log1p(x)
    rise: Numbers = _log_per(log, a, y) - y + (y - 0.5) * log + _tail(a / (1 + x)) - _tail(a)
    return rise


def _stirling_slope(y: Numbers, a: Dispersion) -> Numbers:
    x = a * y
    full = 1 + x
    tails = _tail_slope(a / full) / full**2 - _tail_slope(a)
    slope: Numbers = y * ((y - 0.5) / full - y * _fall(x, np.log1p(x))) + tails
    return slope


def _stirling_bend(y: Numbers, a: Dispersion) -> Numbers:
    x = a * y
    full, fall = 1 + x, _fall(x, np.log1p(x))
    u = a / full
    tails = (_tail_bend(u) / full - 2 * y * _tail_slope(u)) / full**3 - _tail_bend(a)
    bend: Numbers = -(y**2) * (y * _fall_slope(x, fall) + (y - 0.5) / full**2) + tails
    return bend


def _tail(u: Dispersion) -> Dispersion:
    """Stirling's series of log Gamma after its leading terms, u being 1 over its argument.

    Here and in its derivatives as many terms as show in double precision at `STIRLING`.
    """
    s = u * u
    return u * (1 / 12 - s * (1 / 360 - s / 1260))


def _tail_slope(u: Dispersion) -> Dispersion:
    s = u * u
    return 1 / 12 - s * (1 / 120 - s * (1 / 252 - s / 240))


def _tail_bend(u: Dispersion) -> Dispersion:
    s = u * u
    return -u * (1 / 60 - s * (1 / 63 - s / 40))


def _log_per(log: Numbers, a: Dispersion, limit: Numbers) -> Numbers:
    """log(1 + a z) / a, given the logarithm, and z itself, the limit at a = 0."""
    if np.ndim(a) == 0:
        return log / a if a else limit
    return np.where(a, log / np.where(a, a, 1.0), limit)


def _fall(x: Numbers, log: Numbers) -> Numbers:
    """Minus the derivative of log(1 + x) / x, given the logarithm."""
    far = np.maximum(x, SMALL)
    # By x twice: its square may overflow.
    return _near(x, _FALL, (log - far / (1 + far)) / far / far)


def _fall_slope(x: Numbers, fall: Numbers) -> Numbers:
    """The derivative of `_fall`, given its value."""
    far = np.maximum(x, SMALL)
    return _near(x, _FALL_SLOPE, (1 / (1 + far) / (1 + far) - 2 * fall) / far)


def _near(x: Numbers, coefficients: tuple[float, ...], values: Numbers) -> Numbers:
    """The values, where x is small replaced by a power series (Horner's scheme)."""
    near = x < SMALL
    if near.any():
        at = x[near]
        total = np.zeros_like(at)
        for coefficient in coefficients:
            total = total * at + coefficient
        values[near] = total
    return values
