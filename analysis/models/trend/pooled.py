"""The trend over draws of open counts: one fit a draw, combined by Rubin's rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.inference.imputations import pool_imputations
from analysis.inference.nb2 import Floats
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.models.trend.log_linear import LogLinearFit


@dataclass(frozen=True, slots=True, eq=False)
class PooledFit:
    """Fits of D draws of the same nights as one; with a single draw that fit itself.

    Attributes
    ----------
    coef : Floats
        Shape (k,), as in ``LogLinearFit``; the mean over draws.
    cov : Floats
        Shape (k, k): within draws, and between them.
    laws : tuple of SymmetricLaw
        Of each estimate over its error.
    df : Floats
        Shape (k,): Barnard and Rubin's degrees of freedom, of which one complete series has those
        of the Student t nearest to its law.
    allocation_share : Floats
        Shape (k,): share of the variance that lies between draws.
    score : Floats
        Shape (k,): the largest in size over draws, each at its own maximum.
    dispersion, dispersion_score, autocorrelation : float
        Means over draws.
    criterion : float
        The largest over draws.
    loglik : float
        NaN with several draws: likelihoods of different data do not combine.
    """

    coef: Floats
    cov: Floats
    laws: tuple[SymmetricLaw, ...]
    df: Floats
    allocation_share: Floats
    score: Floats
    dispersion: float
    dispersion_score: float
    autocorrelation: float
    criterion: float
    loglik: float


def pool_fits(
    fits: Sequence[LogLinearFit], covariances: Floats, laws: Sequence[SymmetricLaw]
) -> PooledFit:
    """Combine the fits of draws.

    Parameters
    ----------
    fits : sequence of LogLinearFit
        At least one; all of the same nights.
    covariances : Floats
        Shape (D, k, k).
    laws : sequence of SymmetricLaw
        Shape (k,): of an estimate of one complete series over its error.
    """
    coefs = np.array([fit.coef for fit in fits])
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    pooled = pool_imputations(coefs, variances, np.array([law.equivalent_df for law in laws]))
    cov = covariances.mean(axis=0)
    if len(fits) > 1:
        cov = cov + (1 + 1 / len(fits)) * np.cov(coefs.T)
    scores = np.array([fit.score for fit in fits])
    return PooledFit(
        coef=coefs.mean(axis=0),
        cov=cov,
        laws=tuple(law.widened(left) for law, left in zip(laws, pooled.df, strict=True)),
        df=pooled.df,
        allocation_share=pooled.allocation_share,
        score=scores[np.abs(scores).argmax(axis=0), np.arange(len(laws))],
        dispersion=float(np.mean([fit.dispersion for fit in fits])),
        dispersion_score=float(np.mean([fit.dispersion_score for fit in fits])),
        autocorrelation=float(np.mean([fit.autocorrelation for fit in fits])),
        criterion=max(fit.criterion for fit in fits),
        loglik=fits[0].loglik if len(fits) == 1 else np.nan,
    )
