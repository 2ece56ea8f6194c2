"""The ratio of two Poisson rates, exactly, by conditioning on the sum of the two counts.

Given x + y events, x is binomial with p = ratio * e_x / (ratio * e_x + e_y), so that Clopper and
Pearson's interval for p is one for the ratio. Counts need not be whole: the binomial tails are
beta probabilities, and an overdispersed sum enters as the number of events that would be as
uncertain under Poisson (its mean squared over its variance), as in Fay (1999).

References
----------
Przyborowski & Wilenski (1940), Homogeneity of results in testing samples from Poisson series,
Biometrika 31, 313-323. doi:10.1093/biomet/31.3-4.313
Clopper & Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the
binomial, Biometrika 26, 404-413. doi:10.1093/biomet/26.4.404
Fay (1999), Approximate confidence intervals for rate ratios from directly standardized rates
with sparse data, Communications in Statistics - Theory and Methods 28, 2141-2160.
doi:10.1080/03610929908832411
"""

import numpy as np
from scipy.special import betainc, betaincinv

from analysis.inference.nb2 import Floats


def ratio_interval(x: Floats, y: Floats, level: Floats | float) -> tuple[Floats, Floats]:
    """Interval for the ratio of the means behind two Poisson counts.

    Parameters
    ----------
    x, y : Floats
        Shape (m,), >= 0: events above and below the line. NaN gives NaN.
    level : float
        Such as 0.95; each tail gets half of the rest.

    Returns
    -------
    tuple of Floats
        Shape (m,) each: lower, 0 where x is 0, and upper, infinite where y is 0.

    Examples
    --------
    >>> lower, upper = ratio_interval(np.array([3.0]), np.array([0.0]), 0.95)
    >>> round(float(lower[0]), 6), float(upper[0])
    (0.413231, inf)
    """
    tail = (1 - level) / 2
    with np.errstate(divide="ignore"):
        return _lower(x, y, tail), 1 / _lower(y, x, tail)


def ratio_tails(x: Floats, y: Floats, ratio: Floats) -> tuple[Floats, Floats]:
    """Probability of at least x, and of at most x, of the x + y events if ``ratio`` is true.

    Shapes as in `ratio_interval`; ``ratio`` > 0 is that of the means of the two counts.

    Examples
    --------
    >>> least, most = ratio_tails(np.array([3.0]), np.array([0.0]), np.array([1.0]))
    >>> float(least[0]), float(most[0])
    (0.125, 1.0)
    """
    # At most x above the line are at least y below it: no tail is 1 less the other, which would
    # leave nothing of a small one but rounding.
    return _at_least(x, y, ratio / (1 + ratio)), _at_least(y, x, 1 / (1 + ratio))


def _lower(x: Floats, y: Floats, tail: Floats | float) -> Floats:
    """Lower limit of the ratio; 0 where x is 0, as a beta law with a parameter of 0 is a point."""
    share = np.where(x > 0, betaincinv(x, y + 1, tail), 0.0 * x)
    limit: Floats = share / (1 - share)
    return limit


def _at_least(x: Floats, y: Floats, share: Floats) -> Floats:
    """Probability of at least x of x + y events that each have this chance; 1 where x is 0."""
    return np.where(x > 0, betainc(x, y + 1, share), 1.0)
