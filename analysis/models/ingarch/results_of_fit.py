"""A fit in internal parameters laid out as results."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.nb2 import Floats
from analysis.models.ingarch.covariance import CovType, internal_covariance, params_covariance
from analysis.models.ingarch.fitting import UNSETTLED, Fit, Method, undetermined
from analysis.models.ingarch.likelihood import likelihood_terms
from analysis.models.ingarch.objective import params_derivatives, to_params
from analysis.models.ingarch.recursion import linear_predictor
from analysis.models.ingarch.results import INGARCHResults
from analysis.models.predictive import NegBinForecast

if TYPE_CHECKING:
    from analysis.models.ingarch.model import INGARCH

#: Past terms that sum to 1 within this are taken to sum to 1.
INTEGRATED: Final = 1e-12


def make_results(
    model: "INGARCH", fit: Fit, method: Method, cov_type: CovType | None
) -> INGARCHResults:
    """Lay out a fit as results; without ``cov_type`` its parameters count as given."""
    rec, obj = model.recursion, fit.at
    index = pd.Index(model.names)
    k, size = len(index), len(fit.maximum.x)
    held = _held(fit)
    internal = (
        np.full((size, size), np.nan) if cov_type is None else internal_covariance(fit, cov_type)
    )
    cov = params_covariance(fit, internal)
    cov[held[:k]] = np.nan
    cov[:, held[:k]] = np.nan
    score = _score(fit)
    if (np.abs(score[:k]) * np.sqrt(np.diag(cov)) > UNSETTLED).any():
        raise undetermined()
    mean = rec.link.mean(linear_predictor(rec, fit.theta).nu)
    params = to_params(rec, fit.theta)
    if _is_integrated(fit):
        params[0] = 0.0
    shown = np.where(np.arange(len(mean)) >= obj.skipped, mean, np.nan)
    terms = likelihood_terms(obj.counts, mean[obj.scored], fit.dispersion)
    with_dispersion = obj.has_dispersion and cov_type is not None and not held[-1]
    return INGARCHResults(
        endog=model.counts,
        params=pd.Series(params, index=index, name="params"),
        cov=pd.DataFrame(np.atleast_2d(cov), index, index),
        score=pd.Series(score[:k], index=index, name="score"),
        at_bound=tuple(np.array([*model.names, "dispersion"])[: len(held)][held].tolist()),
        llf=float(terms.value.sum()),
        dispersion=fit.dispersion,
        fittedvalues=pd.Series(shown, index=model.counts.index, name="fitted"),
        predicted=NegBinForecast(mean[obj.scored], fit.dispersion),
        given=cov_type is None,
        model=model,
        method=method,
        cov_type=cov_type,
        dispersion_bse=float(np.sqrt(internal[-1, -1])) if with_dispersion else float("nan"),
        dispersion_score=float(score[-1]) if obj.has_dispersion else float("nan"),
        multipliers=pd.Series(
            fit.maximum.multipliers,
            index=pd.Index([fit.bounds.names[i] for i in fit.maximum.active], dtype="str"),
            name="multiplier",
        ),
        fit=fit,
        internal_cov=internal,
    )


def _held(fit: Fit) -> NDArray[np.bool_]:
    """Which internal parameters take part in a bound that holds."""
    held = np.zeros(len(fit.maximum.x), dtype=bool)
    for bound in fit.maximum.active:
        held |= fit.bounds.normals[bound] != 0
    if _is_integrated(fit):
        held[0] = True  # the intercept kappa * (1 - sum) is 0 with the sum at 1
    return held


def _is_integrated(fit: Fit) -> bool:
    """Whether intercept and stationary value have parted: the past terms sum to 1."""
    _, beta, alpha, _ = fit.at.rec.split(fit.theta)
    return fit.at.rec.is_marginal and abs(1 - beta.sum() - alpha.sum()) < INTEGRATED


def _score(fit: Fit) -> Floats:
    """Gradient in (b0, beta, alpha, eta[, dispersion]); internal where a bound holds the level."""
    found = fit.maximum.found
    if not _held(fit)[0]:
        found = params_derivatives(fit.at.rec, fit.theta, found)
    return found.gradient
