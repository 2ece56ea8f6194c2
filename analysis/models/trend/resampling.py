"""The law of a trend's estimates over refits to blocks of nights.

Every night's place in its fitted distribution (the randomised probability integral transform) is
kept, blocks of successive places are drawn with the stationary bootstrap, and a whole count is
read off each night's own fitted distribution at the place drawn: so the resample has the trend, the
dispersion and, within blocks, the autocorrelation of the record. The coefficients are fitted
again, with the dispersion held (the two are orthogonal), and divided by the Bartlett error
of the resample, as in the fit. That symmetrical bootstrap-t has the fixed-b law in large samples,
whatever the regressors, and heeds the skewness of low counts in small ones.

References
----------
Politis & Romano (1994), doi:10.1080/01621459.1994.10476870
Goncalves & Vogelsang (2011), Block bootstrap HAC robust tests: the sophistication of the naive
bootstrap, Econometric Theory 27, 745-791. doi:10.1017/S0266466610000496
"""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, norm, poisson

from analysis.errors import FitError
from analysis.inference.bootstrap import optimal_block, stationary_indices
from analysis.inference.hac import innovation_weights, innovations
from analysis.inference.nb2 import Floats
from analysis.inference.nb2_many import fit_means
from analysis.inference.simulated_law import autocorrelations, bartlett_variances
from analysis.models.count_residuals import count_residuals
from analysis.models.predictive import NegBinForecast
from analysis.models.predictive.closed_form import NO_DISPERSION
from analysis.models.trend.log_linear import LogLinearFit
from analysis.models.trend.regression import Regression

#: Counts tabulated per place to be found, beyond which finding each alone is faster.
LONGEST_TABLE = 10
#: Share of resamples that may have no fit.
UNFIT = 0.05


def resampled_statistics(
    values: Floats,
    fit: LogLinearFit,
    regression: Regression,
    settings: tuple[int, bool, int],
    rng: np.random.Generator,
) -> Floats:
    """Refit resamples and divide the deviations of estimates by their errors.

    Parameters
    ----------
    values : Floats
        Shape (n,): the counts, NaN where there is none.
    fit : LogLinearFit
        Of these counts.
    regression : Regression
    settings : (int, bool, int)
        Bandwidth, whether to prewhiten, number m of resamples.
    rng : np.random.Generator

    Returns
    -------
    Floats
        Shape (m', k): deviations are those from the mean over resamples, which holds what the
        places drawn lack of a uniform distribution. m' < m where some resamples have no fit.

    Raises
    ------
    FitError
        If more than 5 % of the resamples have none.
    """
    bandwidth, prewhiten, resamples = settings
    seen = fit.seen
    counts = resample_counts(values[seen], fit.mean[seen], fit.dispersion, resamples, rng)
    design, offset = regression.design[seen], regression.offset[seen]
    coefs = fit_means(counts, design, offset, fit.dispersion, fit.coef)
    found = ~np.isnan(coefs).any(axis=1)
    if found.mean() < 1 - UNFIT:
        raise FitError(
            f"{(~found).sum()} of {resamples} resamples have no fit.",
            "Use fixed-b intervals, or leave out terms that few claims determine.",
        )
    counts, coefs = counts[found], coefs[found]
    errors = _errors(counts, coefs, (regression, seen, fit.dispersion), bandwidth, prewhiten)
    deviations = coefs - coefs.mean(axis=0)
    statistics: Floats = np.zeros_like(deviations)
    np.divide(deviations, errors, out=statistics, where=errors > 0)
    return statistics


def resample_counts(
    counts: Floats, mean: Floats, dispersion: float, resamples: int, rng: np.random.Generator
) -> Floats:
    """Draw series like the one that was fitted, shape (n,) -> (resamples, n)."""
    predicted = NegBinForecast(mean, dispersion)
    scores = count_residuals(counts, predicted, "quantile", rng)
    block = optimal_block(scores)
    drawn = stationary_indices(len(counts), block, resamples, rng)
    return counts_at(norm.cdf(scores)[drawn], mean, dispersion)


def counts_at(places: Floats, mean: Floats, dispersion: float) -> Floats:
    """Read the count at each place off each night's own distribution, shape (m, n)."""
    size = 1 / max(dispersion, NO_DISPERSION)
    limit = dispersion <= NO_DISPERSION
    law = poisson(mean) if limit else nbinom(size, size / (size + mean))
    most = np.asarray(law.ppf(places.max(axis=0)), dtype=float)
    if most.mean() > LONGEST_TABLE * len(places):
        return np.asarray(law.ppf(places), dtype=float)
    # Each night's distribution function up to the largest count, in which its places are found.
    length = most.astype(int) + 1
    ends = np.cumsum(length)
    counts = np.arange(ends[-1]) - np.repeat(ends - length, length)
    chances = np.split(NegBinForecast(np.repeat(mean, length), dispersion).prob(counts), ends[:-1])
    found = [
        np.searchsorted(np.cumsum(one)[:-1], at) for one, at in zip(chances, places.T, strict=True)
    ]
    return np.column_stack(found).astype(float)


def _errors(
    counts: Floats,
    coefs: Floats,
    model: tuple[Regression, NDArray[np.bool_], float],
    bandwidth: int,
    prewhiten: bool,
) -> Floats:
    """Bartlett errors of each refit, shape (m, k), as `LogLinearFit.covariance` has them."""
    regression, seen, dispersion = model
    design = regression.design[seen]
    mean = np.exp(coefs @ design.T + regression.offset[seen])
    spread = 1 + dispersion * mean
    k = design.shape[1]
    products = (design[:, :, np.newaxis] * design[:, np.newaxis, :]).reshape(-1, k * k)
    inverse = np.linalg.inv(((mean / spread) @ products).reshape(-1, k, k))
    shape = (len(counts), len(seen))
    pearson, weights = np.zeros(shape), np.zeros(shape)
    pearson[:, seen] = (counts - mean) / np.sqrt(mean * spread)
    weights[:, seen] = np.sqrt(mean / spread)
    rho = autocorrelations(pearson, seen) if prewhiten else np.zeros((len(counts), 1))
    fresh = innovations(pearson, rho, seen)
    moved = (weights[:, np.newaxis] * (inverse @ regression.design.T)).transpose(1, 0, 2)
    for each, memory in enumerate(rho[:, 0]):
        moved[:, each] = innovation_weights(moved[:, each], memory)
    variances = [bartlett_variances(of_one * fresh, bandwidth) for of_one in moved]
    errors: Floats = np.sqrt(variances).T
    return errors
