"""Log-likelihood, exact gradient and exact Hessian of an INGARCH model at given parameters."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.inference.nb2 import Floats
from analysis.inference.negbin_law import Terms
from analysis.models.ingarch.layout import Recursion
from analysis.models.ingarch.likelihood import (
    Counts,
    count_values,
    likelihood_terms,
    log_likelihood,
)
from analysis.models.ingarch.recursion import (
    Path,
    derivatives,
    linear_predictor,
    weighted_curvature,
)

#: Rounding of a sum relative to its terms.
ROUNDING: Final = 1e-15
#: Means beyond these have lost the model: their squares overflow.
LEAST_MEAN: Final = 1e-100
LARGEST_MEAN: Final = 1e100


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """What is maximised: the recursion, and the nights whose counts enter the likelihood.

    Attributes
    ----------
    rec : Recursion
    skipped : int
        First nights that only feed the recursion.
    scored : NDArray[np.bool_]
        Shape (n,): nights with a number that enter.
    counts : Counts
        Of these nights.
    has_dispersion : bool
        Whether the last parameter is the NB2 dispersion; else the likelihood is Poisson.
    """

    rec: Recursion
    skipped: int
    scored: NDArray[np.bool_]
    counts: Counts
    has_dispersion: bool

    @property
    def nobs(self) -> int:
        """Nights that enter the likelihood."""
        return len(self.counts.values)

    def split(self, x: Floats) -> tuple[Floats, float]:
        """Mean parameters and dispersion."""
        return (x[:-1], float(x[-1])) if self.has_dispersion else (x, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The log-likelihood at one point, with all constants, and its derivatives there.

    ``noise`` is what rounding may have done to the value.
    """

    value: float
    gradient: Floats
    hessian: Floats
    noise: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class NightTerms:
    """Night by night: what score, information and residuals are made of.

    Attributes
    ----------
    path : Path
        The linear predictor, of all n nights.
    mean : Floats
        Shape (n,), of all nights.
    slopes : Floats
        Shape (n, k): derivatives of nu, of all nights.
    mean_slope, mean_curvature : Floats
        Shape (m,): first two derivatives of the mean in nu.
    terms : Terms
        Log-likelihood of each scored night and its derivatives in mean and dispersion.
    """

    path: Path
    mean: Floats
    slopes: Floats
    mean_slope: Floats
    mean_curvature: Floats
    terms: Terms


def objective_of(rec: Recursion, *, skipped: int, has_dispersion: bool) -> Objective:
    """Make the objective; the first ``skipped`` nights only feed the recursion."""
    scored = ~rec.gaps & (np.arange(len(rec.counts)) >= skipped)
    return Objective(rec, skipped, scored, count_values(rec.counts[scored]), has_dispersion)


def night_terms(obj: Objective, x: Floats) -> NightTerms | None:
    """Evaluate night by night; None where a mean is not positive and finite."""
    theta, dispersion = obj.split(x)
    path = linear_predictor(obj.rec, theta)
    mean = positive_mean(obj.rec, path)
    if mean is None:
        return None
    nu = path.nu[obj.scored]
    return NightTerms(
        path=path,
        mean=mean,
        slopes=derivatives(obj.rec, theta, path),
        mean_slope=obj.rec.link.slope(nu),
        mean_curvature=obj.rec.link.curvature(nu),
        terms=likelihood_terms(obj.counts, mean[obj.scored], dispersion),
    )


def evaluate(obj: Objective, x: Floats) -> Evaluation | None:
    """Log-likelihood, gradient and Hessian; None where the model does not exist."""
    night = night_terms(obj, x)
    if night is None or not np.isfinite(night.terms.value).all():
        return None
    theta, _ = obj.split(x)
    terms, slopes, bend = night.terms, night.slopes[obj.scored], night.mean_slope
    weights = terms.m * bend
    everywhere = np.zeros(len(obj.scored))
    everywhere[obj.scored] = weights
    curvature = terms.mm * bend**2 + terms.m * night.mean_curvature
    hessian = slopes.T @ (curvature[:, np.newaxis] * slopes)
    hessian += weighted_curvature(obj.rec, theta, night.path, night.slopes, everywhere)
    gradient = weights @ slopes
    if obj.has_dispersion:
        cross = (terms.ma * bend) @ slopes
        mean_only, k = hessian, len(gradient)
        hessian = np.empty((k + 1, k + 1))
        hessian[:k, :k], hessian[k, :k], hessian[:k, k] = mean_only, cross, cross
        hessian[k, k] = terms.aa.sum()
        gradient = np.concatenate([gradient, [terms.a.sum()]])
    value = float(terms.value.sum())
    noise = ROUNDING * (np.abs(obj.counts.constant).sum() + abs(value))
    return Evaluation(value, gradient, hessian, noise)


def log_likelihood_at(obj: Objective, x: Floats) -> float:
    """The log-likelihood alone; -inf where the model does not exist."""
    theta, dispersion = obj.split(x)
    mean = positive_mean(obj.rec, linear_predictor(obj.rec, theta))
    if mean is None:
        return -np.inf
    value = float(log_likelihood(obj.counts, mean[obj.scored], dispersion).sum())
    return value if np.isfinite(value) else -np.inf


def positive_mean(rec: Recursion, path: Path) -> Floats | None:
    """Means of all nights; None where one is not positive and finite, or all but so."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = rec.link.mean(path.nu)
    return mean if mean.min() > LEAST_MEAN and mean.max() < LARGEST_MEAN else None


def intercept_of(rec: Recursion, theta: Floats) -> float:
    """The constant b0 of the recursion from internal parameters."""
    level, beta, alpha, _ = rec.split(theta)
    return float(level * (1 - rec.is_marginal * (beta.sum() + alpha.sum())))


def to_params(rec: Recursion, theta: Floats) -> Floats:
    """Internal mean parameters to (b0, beta, alpha, eta)."""
    params = theta.copy()
    params[0] = intercept_of(rec, theta)
    return params


def from_params(rec: Recursion, params: Floats) -> Floats:
    """(b0, beta, alpha, eta) to internal mean parameters.

    Under ``init="marginal"`` this needs sum beta + sum alpha other than 1.
    """
    theta = np.array(params, dtype=float)
    if rec.is_marginal:
        _, beta, alpha, _ = rec.split(theta)
        theta[0] /= 1 - (beta.sum() + alpha.sum())
    return theta


def jacobian(rec: Recursion, theta: Floats) -> Floats:
    """Derivatives of (b0, beta, alpha, eta) in the internal parameters, shape (k, k)."""
    result = np.eye(len(theta))
    if rec.is_marginal:
        level, beta, alpha, _ = rec.split(theta)
        result[0, 0] = 1 - (beta.sum() + alpha.sum())
        result[0, 1 : 1 + len(beta) + len(alpha)] = -level
    return result


def params_derivatives(rec: Recursion, theta: Floats, found: Evaluation) -> Evaluation:
    """The same evaluation, with derivatives in (b0, beta, alpha, eta[, dispersion])."""
    if not rec.is_marginal:
        return found
    level, beta, alpha, _ = rec.split(theta)
    lags = slice(1, 1 + len(beta) + len(alpha))
    rest = 1 - (beta.sum() + alpha.sum())
    back = np.eye(len(found.gradient))
    back[0, 0] = 1 / rest
    back[0, lags] = level / rest
    bend = np.zeros_like(found.hessian)
    bend[0, lags] = bend[lags, 0] = 1 / rest**2
    bend[lags, lags] = 2 * level / rest**2
    gradient = found.gradient @ back
    hessian = back.T @ found.hessian @ back + found.gradient[0] * bend
    return replace(found, gradient=gradient, hessian=hessian)
