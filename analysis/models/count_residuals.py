"""What is left of counts under their one-step distributions."""

from typing import Literal

import numpy as np
from scipy.special import hyp2f1
from scipy.stats import norm

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.predictive import CountForecast, NegBinForecast
from analysis.random_source import random_source

ResidualKind = Literal["response", "pearson", "anscombe", "quantile"]


def count_residuals(
    counts: Floats, predicted: CountForecast, kind: ResidualKind, rng: np.random.Generator | int
) -> Floats:
    """Residuals of counts, shape (N,), under their distributions; see `CountResults.residuals`."""
    if kind == "response":
        return counts - predicted.mean
    if kind == "pearson":
        return _over(counts - predicted.mean, np.sqrt(predicted.variance))
    if kind == "anscombe":
        if not isinstance(predicted, NegBinForecast):
            raise FitError(
                "Anscombe residuals belong to Poisson and NB2 distributions.",
                'Use "pearson" or "quantile".',
            )
        return _anscombe(counts, predicted)
    if kind == "quantile":
        return _quantile(counts, predicted, random_source(rng, FitError))
    raise FitError(
        f"The kind of residuals is {kind!r}.", "Use response, pearson, anscombe or quantile."
    )


def _anscombe(counts: Floats, predicted: NegBinForecast) -> Floats:
    r"""The count on the scale on which its law is nearest to the normal one.

    With the variance function :math:`V(t) = t + \alpha t^2`,

    .. math:: \int_\mu^y V(t)^{-1/3} dt \;/\; V(\mu)^{1/6}, \qquad
       \int_0^y V(t)^{-1/3} dt = \tfrac32 y^{2/3} {}_2F_1(\tfrac13, \tfrac23; \tfrac53; -\alpha y).
    """

    def normalised(values: Floats) -> Floats:
        hyper = hyp2f1(1 / 3, 2 / 3, 5 / 3, -predicted.alpha * values)
        return np.asarray(1.5 * values ** (2 / 3) * hyper, dtype=float)

    gap = normalised(counts) - normalised(predicted.mean)
    return _over(gap, predicted.variance ** (1 / 6))


def _quantile(counts: Floats, predicted: CountForecast, source: np.random.Generator) -> Floats:
    """Normal quantiles of the randomised probability integral transform."""
    # An expected count with a fraction stands for the whole number below it.
    below, upto = predicted.cdf(counts - 1), predicted.cdf(counts)
    level = below + source.uniform(size=counts.shape) * (upto - below)
    # Beyond these a probability is 0 or 1 in floating point.
    return np.asarray(norm.ppf(np.clip(level, 1e-300, 1 - 1e-16)), dtype=float)


def _over(misses: Floats, spread: Floats) -> Floats:
    """Misses in units of their spread.

    Where nothing can vary, a count that is met leaves no residual and another an infinite one.
    """
    with np.errstate(divide="ignore"):
        return np.divide(misses, spread, out=np.zeros_like(misses), where=misses != 0)
