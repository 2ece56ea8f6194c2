"""The kernel of the trend: NB2 or Poisson with a log-linear mean, and its long-run covariance."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.inference.hac import (
    bartlett_covariance,
    innovation_weights,
    innovations,
    residual_autocorrelation,
)
from analysis.inference.nb2 import Floats, dispersion_score, fit_nb2, nb2_loglik
from analysis.models.trend.regression import Regression, linear_time

#: Relative step for the curvature of the likelihood in the dispersion.
STEP: Final = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class LogLinearFit:
    """A log-linear mean over n successive nights with k coefficients.

    Attributes
    ----------
    coef : Floats
        Shape (k,): in a linear trend the log mean of the first night, its change per 30 nights.
    mean : Floats
        Shape (n,), in counts, also on nights without a number.
    root : Floats
        Shape (n, k): regressors times the root of the night's weight; 0 on nights without a number.
    weights : Floats
        Shape (n, k): what a residual of each night moves ``coef`` by; 0 on nights without a number.
    residuals : Floats
        Shape (n,): of Pearson; 0 on nights without a number.
    score : Floats
        Shape (k,): gradient of ``loglik`` in ``coef``.
    dispersion : float
        NB2 alpha; 0.0 is the Poisson limit.
    dispersion_score : float
        Derivative of ``loglik`` in the dispersion; <= 0 where that ends at 0.
    criterion : float
        Largest product of a score and a standard error under independence; about 0 at a maximum.
    loglik : float
        All constants included.
    autocorrelation : float
        Of the Pearson residuals of successive nights.
    """

    coef: Floats
    mean: Floats
    root: Floats
    weights: Floats
    residuals: Floats
    score: Floats
    dispersion: float
    dispersion_score: float
    criterion: float
    loglik: float
    autocorrelation: float

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Nights with a number, shape (n,)."""
        return np.asarray(self.root.any(axis=1))

    def covariance(self, bandwidth: int, prewhiten: bool = True) -> Floats:
        """Covariance of ``coef``, shape (k, k): Bartlett over ``bandwidth`` nights."""
        correlation = self.autocorrelation if prewhiten else 0.0
        fresh = innovations(self.residuals, correlation, self.seen)
        influence = fresh * innovation_weights(self.weights.T, correlation)
        return bartlett_covariance(influence.T, bandwidth)


def fit_log_linear(
    values: Floats, regression: Regression | None = None, dispersion: float | None = None
) -> LogLinearFit:
    """Fit the trend to counts of successive nights.

    Parameters
    ----------
    values : Floats
        Shape (n,), NaN where there is no number.
    regression : Regression, optional
        By default level and growth.
    dispersion : float, optional
        Held; 0.0 is Poisson regression. By default it is estimated.

    Examples
    --------
    >>> fit = fit_log_linear(np.full(60, 4.0))
    >>> float(fit.coef[1]), fit.dispersion
    (0.0, 0.0)
    """
    model = linear_time(len(values)) if regression is None else regression
    seen = ~np.isnan(values)
    fit = fit_nb2(values[seen], model.design[seen], model.offset[seen], dispersion)
    coef = np.where(np.abs(fit.coef) < 1e-12, 0.0, fit.coef)
    return evaluate_log_linear(values, model, coef, fit.dispersion, dispersion is None)


def evaluate_log_linear(
    values: Floats,
    regression: Regression,
    coef: Floats,
    dispersion: float,
    estimated: bool = False,
) -> LogLinearFit:
    """Evaluate the trend at a dispersion and coefficients, shape (k,), wherever they come from.

    ``estimated`` says that the dispersion is a parameter, which the criterion heeds.
    """
    design = regression.design
    seen = ~np.isnan(values)
    mean = np.exp(design @ coef + regression.offset)
    residuals = np.where(seen, values - mean, 0.0)
    # Counts that the model meets exactly leave rounding noise; it must not become a variance.
    if np.abs(residuals).max() <= 1e-9 * mean[seen].max():
        residuals[:] = 0.0
    spread = 1 + dispersion * mean
    scores = design * (residuals / spread)[:, np.newaxis]
    root = design * (np.sqrt(mean / spread) * seen)[:, np.newaxis]
    inverse = np.linalg.inv(root.T @ root)
    steepness, reach = _dispersion_slope(values[seen], mean[seen], dispersion)
    pearson = residuals / np.sqrt(mean * spread)
    products = np.abs(scores.sum(axis=0)) * np.sqrt(np.diag(inverse))
    free = estimated and not (dispersion == 0.0 and steepness <= 0)
    return LogLinearFit(
        coef=coef,
        mean=mean,
        root=root,
        weights=root @ inverse,
        residuals=pearson,
        score=scores.sum(axis=0),
        dispersion=dispersion,
        dispersion_score=steepness,
        criterion=float(max(products.max(), abs(steepness) * reach if free else 0.0)),
        loglik=nb2_loglik(values[seen], mean[seen], dispersion),
        autocorrelation=residual_autocorrelation(pearson, seen),
    )


def _dispersion_slope(counts: Floats, mean: Floats, dispersion: float) -> tuple[float, float]:
    """Score of the dispersion, and its standard error by the curvature there (0 at the limit)."""
    at = dispersion_score(counts, mean, dispersion)
    if dispersion == 0.0:
        return at, 0.0
    step = STEP * dispersion
    sides = [dispersion_score(counts, mean, dispersion + side) for side in (step, -step)]
    curvature = (sides[1] - sides[0]) / (2 * step)
    return at, float(1 / np.sqrt(curvature)) if curvature > 0 else np.inf
