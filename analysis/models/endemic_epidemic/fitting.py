"""From arrays to results: fit, evaluate, name what was found."""

import numpy as np
import pandas as pd

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import Assembly
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.maximise import Maximum, maximise
from analysis.models.endemic_epidemic.random_intercepts import RandomFit, fit_random
from analysis.models.endemic_epidemic.rates import fitted_means, rates
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.models.endemic_epidemic.starts import start_values
from analysis.models.predictive import NegBinForecast


def fit_assembly(assembly: Assembly, start: Floats | None = None) -> EndemicEpidemicResults:
    """Estimate a model from its arrays, from ``start`` if that is near.

    Raises
    ------
    FitError
        If the counts cannot tell two terms apart or a dispersion runs away.
    """
    likelihood = Likelihood(assembly.problem())
    return results_of(assembly, likelihood, climb(likelihood, start))


def climb(
    likelihood: Likelihood, start: Floats | None = None, near_enough: float = 0.0
) -> Maximum | RandomFit:
    """Maximise a likelihood, with the variances of random intercepts if there are any."""
    if start is None or not np.isfinite(likelihood.loglik(start)):
        start = start_values(likelihood)
    if likelihood.layout.random:
        return fit_random(likelihood, start)
    return maximise(likelihood, start, near_enough=near_enough)


def results_of(
    assembly: Assembly,
    likelihood: Likelihood,
    found: Maximum | RandomFit,
    *,
    given: bool = False,
) -> EndemicEpidemicResults:
    """Name what a climb has found."""
    maximum = found.maximum if isinstance(found, RandomFit) else found
    layout = likelihood.layout
    names = list(likelihood.problem.names)
    fixed = np.ones(len(names), dtype=bool)
    for index in layout.random:
        fixed[index] = False
    theta, covariance, score = maximum.theta, maximum.covariance, maximum.score
    labels = [name for name, keep in zip(names, fixed, strict=True) if keep]
    values, slopes = theta[fixed], score[fixed]
    cov = covariance[np.ix_(fixed, fixed)]
    free = list(maximum.free[fixed])
    units = assembly.counts.columns
    deviations = pd.DataFrame(index=units)
    random = [n for n, p in assembly.options.predictors.items() if p.intercept == "random"]
    if isinstance(found, RandomFit):
        labels += [f"{name}.log_sd" for name in random]
        values, slopes = np.append(values, found.log_sd), np.append(slopes, found.score)
        cov = np.block(
            [
                [cov, np.zeros((len(cov), len(random)))],
                [np.zeros((len(random), len(cov))), found.covariance],
            ]
        )
        free += list(np.isfinite(found.log_sd))
        for name, index in zip(random, layout.random, strict=True):
            deviations[name] = theta[index]
    if given:
        cov = np.full_like(cov, np.nan)
    means = fitted_means(assembly, rates(assembly.options, assembly.columns, layout, theta))
    alphas = likelihood.unit_alphas(theta)
    shared = assembly.options.family != "negbinM"
    seen = assembly.seen
    terms = pd.Index(labels)
    return EndemicEpidemicResults(
        endog=assembly.counts,
        params=pd.Series(values, index=terms, name="params"),
        cov=pd.DataFrame(cov, index=terms, columns=terms),
        score=pd.Series(slopes, index=terms, name="score"),
        at_bound=tuple(label for label, inside in zip(labels, free, strict=True) if not inside),
        llf=found.llf if isinstance(found, RandomFit) else maximum.loglik,
        dispersion=float(alphas[0]) if shared else float("nan"),
        fittedvalues=pd.DataFrame(means, index=assembly.counts.index, columns=units),
        predicted=NegBinForecast(means[seen], np.broadcast_to(alphas, means.shape)[seen]),
        given=given,
        assembly=assembly,
        layout=layout,
        theta=theta,
        theta_cov=covariance,
        dispersions=pd.Series(alphas, index=units, name="dispersion"),
        random_intercepts=deviations,
        penalised_llf=found.penalised if isinstance(found, RandomFit) else maximum.loglik,
        criterion=maximum.criterion,
    )
