"""The trend over draws of open counts: one fit a draw, combined by Rubin's rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.inference.fixed_b import equivalent_df, fixed_b_probability, fixed_b_quantile
from analysis.inference.imputations import pool_imputations
from analysis.inference.nb2 import Floats
from analysis.models.log_linear import fit_log_linear
from analysis.models.period import NightCounts

#: What a trend has, in this order.
PARAMETERS = ("intercept", "growth")
#: Probabilities of growth are kept within this and its complement.
SUREST = 0.9999


@dataclass(frozen=True, slots=True, eq=False)
class PooledFit:
    """Fits of D draws of the same nights as one; with a single draw that fit itself.

    Attributes
    ----------
    observed : Floats
        Shape (n,): counts of each night, the mean over draws.
    coef : Floats
        Shape (2,), as in ``LogLinearFit``; the mean over draws.
    cov : Floats
        Shape (2, 2): within draws, and between them.
    df : Floats
        Shape (2,): Barnard and Rubin's degrees of freedom, of which one complete series has those
        of the Student t nearest to its fixed-b law.
    allocation_share : Floats
        Shape (2,): share of the variance that lies between draws.
    dispersion, autocorrelation : float
        Means over draws.
    loglik : float
        NaN with several draws: likelihoods of different data do not combine.
    """

    observed: Floats
    coef: Floats
    cov: Floats
    df: Floats
    allocation_share: Floats
    dispersion: float
    autocorrelation: float
    loglik: float


def fit_draws(draws: Sequence[NightCounts], bandwidth: int, prewhiten: bool) -> PooledFit:
    """Fit the trend to each draw and combine the fits.

    Parameters
    ----------
    draws : sequence of NightCounts
        At least one; all of the same period.
    bandwidth : int
        Nights, of the Bartlett variance.
    prewhiten : bool

    Raises
    ------
    FitError
        If the draws do not have their numbers on the same nights.
    """
    values = np.array([one.values for one in draws])
    if (np.isnan(values) != np.isnan(values[0])).any():
        raise FitError(
            "The draws do not have their numbers on the same nights.",
            "Give all draws of one panel.",
        )
    fits = [fit_log_linear(one) for one in values]
    coefs = np.array([fit.coef for fit in fits])
    covariances = np.array([fit.covariance(bandwidth, prewhiten) for fit in fits])
    complete = [equivalent_df(bandwidth / len(values[0]), name) for name in PARAMETERS]
    pooled = [
        pool_imputations(coefs[:, i], covariances[:, i, i], df) for i, df in enumerate(complete)
    ]
    cov = covariances.mean(axis=0)
    if len(fits) > 1:
        cov = cov + (1 + 1 / len(fits)) * np.cov(coefs.T)
    return PooledFit(
        observed=values.mean(axis=0),
        coef=coefs.mean(axis=0),
        cov=cov,
        df=np.array([float(one.df) for one in pooled]),
        allocation_share=np.array([float(one.allocation_share) for one in pooled]),
        dispersion=float(np.mean([fit.dispersion for fit in fits])),
        autocorrelation=float(np.mean([fit.autocorrelation for fit in fits])),
        loglik=fits[0].loglik if len(fits) == 1 else np.nan,
    )


def trend_quantile(probability: float, b: float, parameter: str, df: float) -> float:
    """Quantile of an estimate over its error: fixed-b, wider as draws leave degrees of freedom.

    Examples
    --------
    >>> alone = trend_quantile(0.975, 0.15, "growth", equivalent_df(0.15, "growth"))
    >>> alone == fixed_b_quantile(0.975, 0.15, "growth")
    True
    """
    quantile = fixed_b_quantile(probability, b, parameter)
    complete = equivalent_df(b, parameter)
    if df == complete or probability == 0.5:
        return quantile
    return quantile * float(t.ppf(probability, df) / t.ppf(probability, complete))


def trend_probability(statistic: float, b: float, parameter: str, df: float) -> float:
    """Distribution function of an estimate over its error, the inverse of `trend_quantile`."""
    if df == equivalent_df(b, parameter):
        return fixed_b_probability(statistic, b, parameter)

    def over(score: float) -> float:
        return trend_quantile(norm.cdf(score), b, parameter, df) - abs(statistic)

    surest = float(norm.ppf(SUREST))
    upper = SUREST if over(surest) <= 0 else float(norm.cdf(brentq(over, 0.0, surest)))
    return upper if statistic >= 0 else 1 - upper
