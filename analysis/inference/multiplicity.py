"""Many tests at once: p-values adjusted for their number.

References
----------
Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
Statistics 6, 65-70.
Benjamini & Hochberg (1995), Controlling the false discovery rate, Journal of the Royal
Statistical Society B 57, 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
"""

from collections.abc import Callable

import numpy as np

from analysis.inference.nb2 import Floats


def holm(p_values: Floats) -> Floats:
    """Adjust p-values so that one false rejection in all of them is as rare as the level says.

    Parameters
    ----------
    p_values : Floats
        Shape (n,); NaN where a test was not made: it stays NaN and is not counted.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjust(p_values, lambda p, rank, n: np.maximum.accumulate((n + 1 - rank) * p))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p-values so that the level bounds the expected share of false rejections.

    It holds under independence and under positive dependence. Parameters as in `holm`.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(6).tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjust(p_values, lambda p, rank, n: np.minimum.accumulate((n / rank * p)[::-1])[::-1])


def _adjust(p_values: Floats, rule: Callable[[Floats, Floats, int], Floats]) -> Floats:
    """Apply a rule to the sorted p-values of the tests that were made."""
    made = np.flatnonzero(~np.isnan(p_values))
    order = made[np.argsort(p_values[made], kind="stable")]
    adjusted = np.full(len(p_values), np.nan)
    rank = np.arange(1.0, len(order) + 1)
    adjusted[order] = np.minimum(rule(p_values[order], rank, len(order)), 1.0)
    return adjusted
