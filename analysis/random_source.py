"""The source of random numbers, made from what people give as ``rng``."""

import numpy as np

from analysis.errors import AnalysisError


def random_source(
    rng: np.random.Generator | int, error: type[AnalysisError]
) -> np.random.Generator:
    """Return a generator as it is, or one seeded by a whole number; anything else is refused.

    Parameters
    ----------
    rng : Generator or int
        None is refused too: nothing here is drawn that cannot be drawn again.
    error : type
        What is raised.

    Examples
    --------
    >>> random_source(1, AnalysisError).integers(100)
    np.int64(47)
    >>> random_source(-1, AnalysisError)
    Traceback (most recent call last):
    analysis.errors.AnalysisError: rng is -1. Give a whole number of at least 0, or a Generator.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(int(rng))
    raise error(f"rng is {rng!r}.", "Give a whole number of at least 0, or a Generator.")
