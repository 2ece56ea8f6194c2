"""Variances of sums over nights that lean on one another: Bartlett (Newey-West), prewhitened.

Every function takes influences: what each night contributes to an estimate, in calendar order, 0
on nights left out, which so keep their place in time (Parzen 1963).

References
----------
Newey & West (1987), A simple, positive semi-definite, heteroskedasticity and autocorrelation
consistent covariance matrix, Econometrica 55, 703-708. doi:10.2307/1913610
Andrews & Monahan (1992), An improved heteroskedasticity and autocorrelation consistent
covariance matrix estimator, Econometrica 60, 953-966. doi:10.2307/2951574
Parzen (1963), On spectral analysis with missing observations and amplitude modulation,
Sankhya A 25, 383-392.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from analysis.inference.nb2 import Floats

#: Bandwidth of the Bartlett kernel as a share of the nights of the period.
BANDWIDTH_SHARE: Final = 0.15
#: An estimated autocorrelation nearer to 1 than this would make the variance explode.
MOST_AUTOCORRELATION: Final = 0.97


def bartlett_covariance(influence: Floats, bandwidth: int) -> Floats:
    """Sum autocovariances with Bartlett weights ``1 - lag / bandwidth``.

    Parameters
    ----------
    influence : Floats
        Shape (n, k): what each night contributes to the estimate, 0 on nights left out.
    bandwidth : int
        In nights; lags below it count, so ``bandwidth - 1`` is the ``maxlags`` of statsmodels.

    Returns
    -------
    Floats
        Shape (k, k), positive semi-definite: the covariance of the sum over nights.

    Examples
    --------
    >>> bartlett_covariance(np.array([[1.0], [2.0]]), 1)  # white: the sum of squares
    array([[5.]])
    """
    # The weights are those of the mean square of all overlapping sums over `bandwidth` nights.
    padded = np.pad(influence, ((bandwidth, bandwidth), (0, 0)))
    cumulated = np.cumsum(padded, axis=0)
    sums = cumulated[bandwidth:] - cumulated[:-bandwidth]
    return (sums.T @ sums) / bandwidth


def whitened_covariance(influence: Floats, autocorrelation: float, bandwidth: int) -> Floats:
    """Bartlett covariance of the series after an AR(1) filter, coloured back.

    ``autocorrelation`` is that of the residuals of successive nights; 0 gives
    `bartlett_covariance`. Shapes as there.
    """
    filtered = influence.copy()
    filtered[1:] -= autocorrelation * influence[:-1]
    return bartlett_covariance(filtered, bandwidth) / (1 - autocorrelation) ** 2


def innovations(
    residuals: Floats, autocorrelation: Floats | float, seen: NDArray[np.bool_]
) -> Floats:
    """Take from each residual what the last night seen before it foretells under AR(1).

    Parameters
    ----------
    residuals : Floats
        Shape (..., n).
    autocorrelation : Floats or float
        Shape (..., 1): of the residuals of successive nights.
    seen : NDArray[np.bool_]
        Shape (n,).

    Returns
    -------
    Floats
        Shape (..., n), 0 on nights not seen.

    Examples
    --------
    >>> innovations(np.array([4.0, 9.0, 2.0]), 0.5, np.array([True, False, True]))
    array([4., 0., 1.])
    """
    places = np.flatnonzero(seen)
    known, fresh = residuals[..., places], np.zeros_like(residuals)
    fresh[..., places[:1]] = known[..., :1]
    gaps, which = np.unique(np.diff(places), return_inverse=True)
    foretold = np.asarray(autocorrelation ** gaps.astype(float))[..., which] * known[..., :-1]
    fresh[..., places[1:]] = known[..., 1:] - foretold
    return fresh


def innovation_weights(weights: Floats, autocorrelation: float) -> Floats:
    """Weigh a night's innovation by all it moves: ``w[t] + rho w[t + 1] + rho**2 w[t + 2] + ...``.

    So weighted, the sum of `innovations` is the weighted sum of residuals, and under AR(1) its
    nights are independent. Prewhitening the products of weights and residuals instead
    (`whitened_covariance`) takes the weights for the same on successive nights, as those of a mean
    are, and those of a weekday are not.

    Parameters
    ----------
    weights : Floats
        Shape (..., n): of the residuals, 0 on nights not seen.
    autocorrelation : float

    Examples
    --------
    >>> innovation_weights(np.array([1.0, 0.0, 1.0]), 0.5)
    array([1.25, 0.5 , 1.  ])
    """
    ahead: Floats = lfilter([1.0], [1.0, -autocorrelation], weights[..., ::-1])[..., ::-1]
    return ahead


def residual_autocorrelation(residuals: Floats, seen: NDArray[np.bool_]) -> float:
    """First autocorrelation over pairs of successive nights that were both seen, in (-1, 1)."""
    pairs = seen[1:] & seen[:-1]
    before, after = residuals[:-1][pairs], residuals[1:][pairs]
    power = float(before @ before)
    if power == 0:
        return 0.0
    return float(np.clip(before @ after / power, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION))


def default_bandwidth(nights: int) -> int:
    """Nights below which lags enter the variance: 15 % of the period, rounded up."""
    return int(np.ceil(BANDWIDTH_SHARE * nights))


@dataclass(frozen=True, slots=True, eq=False)
class LongRun:
    """What the variances of any number of contrasts of k estimates are made of.

    A contrast's variance is that of `whitened_covariance` for the one series ``influence @ c``,
    filtered by its own autocorrelation; thousands of them cost a few k x k products.

    Attributes
    ----------
    power, product : Floats
        Shape (k, k): sums over pairs of successive seen nights of the first night's influences
        with themselves, and of the first's with the second's.
    bartlett : Floats
        Shape (2, 2, k, k): Bartlett sums of the influences and of the night before's.
    """

    power: Floats
    product: Floats
    bartlett: Floats

    @classmethod
    def of(cls, influence: Floats, seen: NDArray[np.bool_], bandwidth: int) -> "LongRun":
        """Gather them from influences, shape (n, k), and the nights that were seen, shape (n,)."""
        pairs = seen[1:] & seen[:-1]
        before, after = influence[:-1][pairs], influence[1:][pairs]
        lagged = np.vstack([np.zeros((1, influence.shape[1])), influence[:-1]])
        k = influence.shape[1]
        whole = bartlett_covariance(np.hstack([influence, lagged]), bandwidth)
        return cls(
            before.T @ before, before.T @ after, whole.reshape(2, k, 2, k).transpose(0, 2, 1, 3)
        )

    def variances(self, contrasts: Floats, prewhiten: bool = True) -> Floats:
        """Variances of contrasts, shape (m, k) -> (m,).

        Examples
        --------
        >>> influence = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
        >>> LongRun.of(influence, np.ones(3, bool), 1).variances(np.array([[1.0, 0.0]]), False)
        array([2.])
        """
        power, product = _squares(contrasts, self.power), _squares(contrasts, self.product)
        rho = np.divide(product, power, out=np.zeros_like(power), where=power > 0)
        rho = np.clip(rho, -MOST_AUTOCORRELATION, MOST_AUTOCORRELATION) * prewhiten
        (now, cross), (_, before) = [
            [_squares(contrasts, matrix) for matrix in row] for row in self.bartlett
        ]
        variances: Floats = (now - 2 * rho * cross + rho**2 * before) / (1 - rho) ** 2
        return np.maximum(variances, 0.0)  # sums of squares, but for rounding


def _squares(contrasts: Floats, matrix: Floats) -> Floats:
    """The quadratic form of each contrast, shape (m,)."""
    forms: Floats = np.einsum("ij,jk,ik->i", contrasts, matrix, contrasts, optimize=True)
    return forms
