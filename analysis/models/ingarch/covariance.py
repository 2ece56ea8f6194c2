"""Covariances of INGARCH estimates: observed information, and the sandwich."""

from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.ingarch.fitting import Fit, undetermined
from analysis.models.ingarch.newton import UNDETERMINED, free_directions
from analysis.models.ingarch.objective import NightTerms, Objective, evaluate, jacobian, night_terms

CovType = Literal["hessian", "sandwich", "bootstrap"]


def score_terms(obj: Objective, night: NightTerms) -> Floats:
    """Contribution of each scored night to the gradient, shape (m, k): they sum to it."""
    terms = night.terms
    parts = night.slopes[obj.scored] * (terms.m * night.mean_slope)[:, np.newaxis]
    return np.column_stack([parts, terms.a]) if obj.has_dispersion else parts


def mean_information(obj: Objective, night: NightTerms, weights: Floats) -> Floats:
    """Sum over scored nights of weight times the outer product of the slopes of the mean."""
    slopes = night.slopes[obj.scored] * night.mean_slope[:, np.newaxis]
    information: Floats = slopes.T @ (weights[:, np.newaxis] * slopes)
    return information


def internal_covariance(fit: Fit, kind: CovType) -> Floats:
    """Covariance of the internal parameters (level, beta, alpha, eta[, dispersion]).

    ``"hessian"``: the inverse of the observed information. ``"sandwich"``: after joint maximum
    likelihood, that inverse around the sum of squared scores of the nights; after two steps,
    I^-1 Ic I^-1 with the Poisson information I and Ic, the same under the dispersion found
    (`tsglm`). Both along the active bounds only: what a bound holds has variance 0.
    """
    free = free_directions(fit.bounds, fit.maximum.active, len(fit.maximum.x))
    bread, meat = -fit.maximum.found.hessian, None
    if kind == "sandwich":
        night = night_terms(fit.at, fit.maximum.x)
        assert night is not None  # the maximum has a mean
        if fit.at.has_dispersion:
            parts = score_terms(fit.at, night)
            meat = parts.T @ parts
        else:
            mean = night.mean[fit.at.scored]
            bread = mean_information(fit.at, night, 1 / mean)
            meat = mean_information(fit.at, night, 1 / mean + fit.dispersion)
    inverse = _inverse(free.T @ bread @ free)
    middle = inverse if meat is None else inverse @ (free.T @ meat @ free) @ inverse
    covariance: Floats = free @ middle @ free.T
    return covariance


def _inverse(information: Floats) -> Floats:
    """The inverse of an information matrix.

    Raises
    ------
    FitError
        If it is all but singular.
    """
    if len(information) == 0:
        return information
    diagonal = np.diag(information)
    if diagonal.min() > 0:
        scale = 1 / np.sqrt(diagonal)
        values, vectors = np.linalg.eigh(scale[:, np.newaxis] * information * scale)
        if values.min() > UNDETERMINED * values.max():
            turned = scale[:, np.newaxis] * vectors
            inverse: Floats = (turned / values) @ turned.T
            return inverse
    raise undetermined()


def params_covariance(fit: Fit, internal: Floats) -> Floats:
    """Covariance of (b0, beta, alpha, eta) from that of the internal parameters."""
    k = fit.at.rec.n_params
    slopes = jacobian(fit.at.rec, fit.theta)
    covariance: Floats = slopes @ internal[:k, :k] @ slopes.T
    return covariance


def quasi_criterion(obj: Objective, theta: Floats, covariance: Floats) -> float:
    """Pan's QIC: -2 Q + 2 tr(H V), Q the Poisson log-likelihood and H its exact negative Hessian.

    ``covariance`` is that of the internal mean parameters. `tsglm` leaves terms out of H.

    References
    ----------
    Pan (2001), Akaike's information criterion in generalized estimating equations, Biometrics
    57, 120-125. doi:10.1111/j.0006-341X.2001.00120.x
    """
    poisson = replace(obj, has_dispersion=False)
    found = evaluate(poisson, theta)
    if found is None:
        return float("nan")
    return float(-2 * found.value - 2 * np.trace(found.hessian @ covariance))
