"""The kernel of the trend: NB2 with a log-linear mean in time, and its long-run covariance."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.inference.hac import residual_autocorrelation, whitened_covariance
from analysis.inference.nb2 import Floats, fit_nb2

#: The unit of time: growth is per this many nights.
UNIT: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class LogLinearFit:
    """A fitted log-linear mean over n successive nights.

    Attributes
    ----------
    coef : Floats
        Shape (2,): log mean of the first night, its change per 30 nights.
    mean : Floats
        Shape (n,), in counts, also on nights without a number.
    influence : Floats
        Shape (n, 2): what each night contributes to ``coef``; 0 on nights without a number.
    dispersion : float
        NB2 alpha; 0.0 is the Poisson limit.
    loglik : float
        All constants included.
    autocorrelation : float
        Of the Pearson residuals of successive nights.
    """

    coef: Floats
    mean: Floats
    influence: Floats
    dispersion: float
    loglik: float
    autocorrelation: float

    def covariance(self, bandwidth: int, prewhiten: bool = True) -> Floats:
        """Covariance of ``coef``, shape (2, 2): Bartlett over ``bandwidth`` nights."""
        correlation = self.autocorrelation if prewhiten else 0.0
        return whitened_covariance(self.influence, correlation, bandwidth)


def fit_log_linear(values: Floats) -> LogLinearFit:
    """Fit the trend to counts of successive nights, shape (n,), NaN where there is none.

    Examples
    --------
    >>> fit = fit_log_linear(np.full(60, 4.0))
    >>> float(fit.coef[1]), fit.dispersion
    (0.0, 0.0)
    """
    seen = ~np.isnan(values)
    time = np.arange(len(values)) / UNIT
    design = np.column_stack([np.ones_like(time), time])
    fit = fit_nb2(values[seen], design[seen])
    coef = np.where(np.abs(fit.coef) < 1e-12, 0.0, fit.coef)
    mean = np.exp(design @ coef)
    residuals = np.where(seen, values - mean, 0.0)
    # Counts that the model meets exactly leave rounding noise; it must not become a variance.
    if np.abs(residuals).max() <= 1e-9 * mean.max():
        residuals[:] = 0.0
    spread = 1 + fit.dispersion * mean
    scores = design * (residuals / spread)[:, np.newaxis]
    return LogLinearFit(
        coef=coef,
        mean=mean,
        influence=scores @ np.linalg.inv(fit.information),
        dispersion=fit.dispersion,
        loglik=fit.loglik,
        autocorrelation=residual_autocorrelation(residuals / np.sqrt(mean * spread), seen),
    )
