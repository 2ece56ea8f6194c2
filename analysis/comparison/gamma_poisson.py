"""Counts whose rates come from one gamma law: the law, and what it says about each rate.

A rate theta has prior Gamma(shape, rate); a count is Poisson with mean ``expected * theta``; its
posterior is Gamma(shape + observed, rate + expected).

References
----------
Clayton & Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks for use in
disease mapping, Biometrics 43, 671-681. doi:10.2307/2532003
Christiansen & Morris (1997), Hierarchical Poisson regression modeling, Journal of the American
Statistical Association 92, 618-632.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import gammainc, gammaln

from analysis.inference.nb2 import Floats, fit_nb2

#: The prior's shape is looked at from here, in steps of its logarithm that are finer than what
#: the likelihood of a hundred regions resolves, up to where the typical shrinkage is 0.9997.
LEAST_SHAPE: Final = 0.01
LOG_STEP: Final = 0.25
HIGHEST_LOG_ODDS: Final = 8.0
#: Nodes and weights of a normal law in three points.
NORMAL: Final = ((-np.sqrt(3.0), 1 / 6), (0.0, 2 / 3), (np.sqrt(3.0), 1 / 6))
#: Halvings of the log of a rate between e-60 and e40: to 1e-9 of the rate.
_HALVINGS: Final = 37
#: Parts of a mixture that weigh less can move no quantile that is printed.
_LEAST_WEIGHT: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """The gamma law of the rates; an infinite shape is one rate for all."""

    shape: float
    mean: float

    def shrink(self, observed: Floats, expected: Floats) -> Floats:
        """Posterior means of the rates, shape (R,)."""
        if np.isinf(self.shape):
            return np.full(len(observed), self.mean)
        means: Floats = (observed + self.shape) / (expected + self.shape / self.mean)
        return means


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Gamma laws of R rates, mixed over C priors: weights (C,), shape and rate (C, R)."""

    weights: Floats
    shape: Floats
    rate: Floats

    @property
    def mean(self) -> Floats:
        """Means of the R rates, shape (R,)."""
        means: Floats = self.weights @ (self.shape / self.rate)
        return means

    def quantile(self, probability: float) -> Floats:
        """Quantiles of the R rates, shape (R,)."""
        size = self.shape.shape[1]
        low, high = np.full(size, -60.0), np.full(size, 40.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = self.weights @ gammainc(self.shape, self.rate * np.exp(middle))
            high = np.where(below >= probability, middle, high)
            low = np.where(below >= probability, low, middle)
        rates: Floats = np.exp(high)
        return rates


def fit_prior(observed: Floats, expected: Floats) -> Prior:
    """Maximise the marginal (negative binomial) likelihood over the prior.

    Parameters
    ----------
    observed, expected : Floats
        Shape (R,): counts, not all 0, and their expectations > 0 at rate 1.

    Examples
    --------
    >>> prior = fit_prior(np.array([9.0, 4.0, 0.0, 30.0]), np.array([5.0, 5.0, 5.0, 10.0]))
    >>> prior.shrink(np.array([9.0]), np.array([5.0])).round(2)
    array([1.76])
    """
    fit = fit_nb2(observed, np.ones((len(observed), 1)), np.log(expected))
    return Prior(np.inf if fit.dispersion == 0 else 1 / fit.dispersion, float(np.exp(fit.coef[0])))


def posteriors(observed: Floats, expected: Floats) -> Mixture:
    """Posteriors of the rates that also carry the doubt about the prior.

    The typical shrinkage ``shape / (shape + mean expected count)`` is uniform on (0, 1)
    (Christiansen & Morris 1997), the log of the prior's mean flat and normal around its maximum at
    each shape. Shapes as in `fit_prior`.

    The integral goes by the log odds of the shrinkage: where counts are large, all that they leave
    possible lies at shrinkages below one in a hundred.
    """
    typical = observed.sum() / len(observed)
    weights, shapes, rates = [], [], []
    lowest = np.log(LEAST_SHAPE / typical)
    for log_odds in np.arange(lowest, HIGHEST_LOG_ODDS, LOG_STEP):
        shape = typical * np.exp(log_odds)
        evenly = -np.logaddexp(0, log_odds) - np.logaddexp(0, -log_odds)  # log of s (1 - s)
        mean, error = _prior_mean(observed, expected, shape)
        loglik = _loglik(observed, expected * mean, shape)
        for node, weight in NORMAL:
            weights.append(loglik + evenly + np.log(error * weight))
            shapes.append(shape + observed)
            rates.append(expected + shape / (mean * np.exp(node * error)))
    relative = np.exp(np.array(weights) - max(weights))
    kept = relative > _LEAST_WEIGHT
    relative = relative[kept] / relative[kept].sum()
    return Mixture(relative, np.array(shapes)[kept], np.array(rates)[kept])


def mixed(parts: list[Mixture]) -> Mixture:
    """One law from several with equal weights, such as those of the draws of a panel."""
    return Mixture(
        np.concatenate([part.weights for part in parts]) / len(parts),
        np.concatenate([part.shape for part in parts]),
        np.concatenate([part.rate for part in parts]),
    )


def _prior_mean(observed: Floats, expected: Floats, shape: float) -> tuple[float, float]:
    """Mean of the prior that maximises the likelihood at a shape, and the error of its log."""
    mean = observed.sum() / expected.sum()
    for _ in range(100):
        weight = 1 / (1 + expected * mean / shape)
        score = float(((observed - expected * mean) * weight).sum())
        information = float((expected * mean * weight).sum())
        step = float(np.clip(score / information, -1.0, 1.0))
        mean *= np.exp(step)
        if abs(step) < 1e-10:
            break
    return mean, information**-0.5


def _loglik(observed: Floats, mean: Floats, shape: float) -> float:
    """Negative binomial log-likelihood, up to what does not depend on mean and shape."""
    terms = (
        gammaln(observed + shape)
        - gammaln(shape)
        - shape * np.log1p(mean / shape)
        + observed * np.log(mean / (mean + shape))
    )
    return float(terms.sum())
