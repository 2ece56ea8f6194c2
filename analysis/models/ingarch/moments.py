"""Mean and autocovariance of a stationary INGARCH process with the identity link."""

from collections.abc import Sequence

import numpy as np
from statsmodels.tsa.arima_process import arma_acovf

from analysis.errors import FitError
from analysis.inference.nb2 import Floats


def stationary_mean(intercept: float, beta: Floats, alpha: Floats) -> float:
    """Mean of the counts: ``intercept / (1 - sum(beta) - sum(alpha))``.

    Raises
    ------
    FitError
        If the coefficients of the past sum to 1 or more.

    Examples
    --------
    >>> round(stationary_mean(3.0, np.array([0.3]), np.array([0.4])), 12)
    10.0
    """
    persistence = float(np.sum(beta) + np.sum(alpha))
    if persistence >= 1:
        raise FitError(
            f"The coefficients of the past sum to {persistence:.4g}: such counts have no lasting "
            "mean.",
            "Ask only where the persistence is below 1.",
        )
    return float(intercept) / (1 - persistence)


def autocovariances(
    mean: float,
    past_obs: tuple[Sequence[int], Floats],
    past_mean: tuple[Sequence[int], Floats],
    dispersion: float,
    lags: int,
) -> Floats:
    r"""Autocovariances of the counts at lags 0 to ``lags``, shape (lags + 1,).

    A count less its conditional mean is a surprise :math:`e_t`, uncorrelated with all before it, so
    the counts are an ARMA process, :math:`y_t - \mu = \sum_j \psi_j e_{t-j}`, whose surprises have
    the variance :math:`\sigma^2 = E V(\lambda_t) = (\mu + a \mu^2) / (1 - a \sum_{j>0} \psi_j^2)`
    with the dispersion :math:`a`.

    Parameters
    ----------
    mean : float
        As `stationary_mean` gives it.
    past_obs, past_mean : (lags, coefficients)
    dispersion : float
        NB2 alpha; 0 is Poisson.
    lags : int

    Raises
    ------
    FitError
        If the variance is infinite: the dispersion is too large for what the past carries on.

    References
    ----------
    Ferland, Latour & Oraichi (2006), Integer-valued GARCH process, Journal of Time Series Analysis
    27, 923-942. doi:10.1111/j.1467-9892.2006.00496.x
    Weiss (2009), Modelling time series of counts with overdispersion, Statistical Methods &
    Applications 18, 507-519. doi:10.1007/s10260-008-0108-6
    """
    longest = max((*past_obs[0], *past_mean[0]), default=0)
    ar, ma = np.zeros(longest + 1), np.zeros(longest + 1)
    ar[0] = ma[0] = 1.0
    for lag, coefficient in zip(*past_obs, strict=True):
        ar[lag] -= coefficient
    for lag, coefficient in zip(*past_mean, strict=True):
        ar[lag] -= coefficient
        ma[lag] -= coefficient
    unit = np.asarray(arma_acovf(ar, ma, nobs=lags + 1), dtype=float)
    carried = dispersion * (unit[0] - 1)
    if carried >= 1:
        raise FitError(
            f"With the dispersion {dispersion:.3g} such counts have no finite variance.",
            "Ask for the mean only.",
        )
    return np.asarray(unit * (mean + dispersion * mean**2) / (1 - carried), dtype=float)
