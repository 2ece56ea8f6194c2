"""The stationary bootstrap: nights resampled in blocks of random length.

References
----------
Politis & Romano (1994), The stationary bootstrap, Journal of the American Statistical
Association 89, 1303-1313. doi:10.1080/01621459.1994.10476870
Politis & White (2004), Automatic block-length selection for the dependent bootstrap, Econometric
Reviews 23, 53-70. doi:10.1081/ETC-120028836; corrected by Patton, Politis & White (2009),
Econometric Reviews 28, 372-375. doi:10.1080/07474930802459016
"""

import numpy as np
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats


def stationary_indices(
    nights: int, block: float, resamples: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw resamples of n nights: blocks of geometric length, wrapped around the end.

    Parameters
    ----------
    nights : int
        n >= 1.
    block : float
        Mean length of a block, >= 1 night; 1 draws nights independently.
    resamples : int
        How many.
    rng : np.random.Generator
        Where chance comes from.

    Returns
    -------
    NDArray[np.int64]
        Shape (resamples, n): positions of nights in [0, n).

    Raises
    ------
    FitError
        If the mean length is below 1 or not finite.

    Examples
    --------
    >>> stationary_indices(3, 1e9, 2, np.random.default_rng(0))  # whole circles
    array([[2, 0, 1],
           [0, 1, 2]])
    """
    if not 1 <= block < np.inf:
        raise FitError(
            f"The mean block length is {block!r} nights.", "Give a number of at least 1."
        )
    fresh = rng.integers(0, nights, (resamples, nights))
    begins = rng.random((resamples, nights)) < 1 / block
    begins[:, 0] = True
    place = np.arange(nights)
    start = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    indices: NDArray[np.int64] = (np.take_along_axis(fresh, start, axis=1) + place - start) % nights
    return indices


def resample_weights(nights: int, block: float, resamples: int, rng: np.random.Generator) -> Floats:
    """Count how often each resample holds each night: shape (resamples, n), rows sum to n.

    A resampled sum over nights is ``weights @ counts``. Parameters as in `stationary_indices`.
    """
    drawn = stationary_indices(nights, block, resamples, rng)
    flat = drawn + nights * np.arange(resamples)[:, np.newaxis]
    held = np.bincount(flat.ravel(), minlength=resamples * nights)
    return held.reshape(resamples, nights).astype(np.float64)


def optimal_block(series: Floats) -> float:
    """Choose the mean block length for the mean of a series, by Politis & White's rule.

    Parameters
    ----------
    series : Floats
        Shape (n,); NaN on nights without a number, which count as the mean in their place.

    Returns
    -------
    float
        Nights, from 1 to ``min(3 sqrt(n), n / 3)`` rounded up. As in the Python package ``arch``,
        the first lag of the run of negligible autocorrelations stands for the rule's m.
    """
    n = len(series)
    deviation = np.nan_to_num(series - np.nanmean(series))
    run = max(5, int(np.log10(n)))
    last = min(int(np.ceil(np.sqrt(n))) + run, n - 1)
    covariance = np.array([deviation[lag:] @ deviation[: n - lag] / n for lag in range(last + 1)])
    if covariance[0] <= 0:
        return 1.0
    small = np.abs(covariance / covariance[0]) < 2 * np.sqrt(np.log10(n) / n)
    settled = [lag for lag in range(1, last - run + 1) if small[lag : lag + run].all()]
    width = min(2 * settled[0], last) if settled else last
    lags = np.arange(1, width + 1)
    taper = np.minimum(1.0, 2 * (1 - lags / width)) * covariance[1 : width + 1]
    spectrum = covariance[0] + 2 * taper.sum()
    if spectrum <= 0:
        return 1.0
    slope = 2 * (lags * taper).sum()
    length = (slope**2 / spectrum**2 * n) ** (1 / 3)
    return float(np.clip(length, 1.0, np.ceil(min(3 * np.sqrt(n), n / 3))))
