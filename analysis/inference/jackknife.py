"""The block jackknife: bias and variance of a statistic of sums over nights, whatever its form.

References
----------
Kunsch (1989), The jackknife and the bootstrap for general stationary observations, Annals of
Statistics 17, 1217-1241. doi:10.1214/aos/1176347265
Busing, Meijer & van der Leeden (1999), Delete-m jackknife for unequal m, Statistics and
Computing 9, 3-8. doi:10.1023/A:1008800423698
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.inference.nb2 import Floats

#: At least and at most so many blocks, of two weeks and more where that allows it: they must be
#: long beside the memory of the nights, and Student's t pays for few of them.
BLOCKS: Final = (5, 10)
NIGHTS_A_BLOCK: Final = 14


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """A statistic of q values, its bias removed.

    Attributes
    ----------
    observed, estimate, variance : Floats
        Shape (q,): the statistic as it is, without the bias that noise gives it, and the variance.
    df : float
        Degrees of freedom of the variance.
    """

    observed: Floats
    estimate: Floats
    variance: Floats
    df: float


def block_jackknife(
    nights: Floats, statistic: Callable[[Floats], Floats], blocks: int | None = None
) -> Jackknife:
    """Leave out one block of successive nights after another.

    Parameters
    ----------
    nights : Floats
        Shape (n, k): the nights that have numbers, in order; n >= blocks.
    statistic : callable
        Takes sums over nights, shape (..., k), and gives values of shape (..., q).
    blocks : int, optional
        Nearly equal blocks, the longer first; by default one for each two weeks, 5 to 10.

    Returns
    -------
    Jackknife
        NaN where the statistic is, of all nights or without one of the blocks.

    Examples
    --------
    >>> even = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> found = block_jackknife(even, lambda sums: sums, blocks=4)  # the sum needs no correction
    >>> float(found.estimate[0])
    10.0
    """
    if blocks is None:
        blocks = int(np.clip(len(nights) // NIGHTS_A_BLOCK, *BLOCKS))
    parts = np.array_split(nights, blocks)
    size = len(nights) / np.array([len(part) for part in parts])[:, np.newaxis]
    whole = nights.sum(axis=0)
    # A sum without a block is scaled up to all nights, so that statistics need not be ratios.
    rest = (whole - np.array([part.sum(axis=0) for part in parts])) * size / (size - 1)
    observed, without = statistic(whole), statistic(rest)
    estimate = blocks * observed - ((1 - 1 / size) * without).sum(axis=0)
    pseudo = size * observed - (size - 1) * without
    variance = ((pseudo - estimate) ** 2 / (size - 1)).mean(axis=0)
    return Jackknife(observed, estimate, variance, blocks - 1.0)
