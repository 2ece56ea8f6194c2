"""Measure how often the intervals of shrunken rates cover the truth, on average over regions.

Run from the root of the checkout; it rewrites ``shrinkage_coverage.csv`` beside it (some minutes on
one core)::

    python -m tests.studies.shrinkage_coverage

Rates come from a gamma law of mean 2 and the given shape; nights are NB2 with an alpha that falls
with the root of the mean and differs from region to region (log standard deviation 0.4). The 95 %
intervals hold the doubt about the law of rates; ``plug_in`` are those of Clayton & Kaldor's
posterior with the law and the design effects taken for known.
"""

import numpy as np
from scipy.stats import gamma

from analysis.comparison.gamma_poisson import fit_prior
from analysis.comparison.shrinkage import shrink_counts
from tests.studies.correlated_counts import simulate, write

SEED = 20260504
RUNS = 240
MEAN = 2.0
CASES = [
    (regions, shape, phi, nights)
    for regions in (10, 40)
    for shape in (0.4, 2.0)
    for nights in (60, 365)
    for phi in (0.0, 0.3, 0.6)
]
FIELDS = ["regions", "shape", "phi", "nights", "runs", "covered", "plug_in"]


def measure(regions, shape, phi, nights, runs, rng):
    """Coverage of the intervals and of plug-in ones, over regions and runs."""
    covered, plain = [], []
    for _ in range(runs):
        truth = np.maximum(MEAN * rng.gamma(shape, 1 / shape, regions), 1e-3)
        alphas = 5 / np.sqrt(np.maximum(truth, 0.01)) * np.exp(0.4 * rng.standard_normal(regions))
        [counts] = simulate(truth, alphas, phi, nights, 1, rng, shared=0.1)
        if (counts.sum(axis=0) > 0).sum() < 2:
            continue
        fit = shrink_counts(counts, np.full(regions, float(nights)), "nb2")
        lower, upper = (fit.posterior.quantile(p) for p in (0.025, 0.975))
        covered.append(((lower <= truth) & (truth <= upper)).mean())
        events, unit = counts.sum(axis=0) / fit.design_effect, nights / fit.design_effect
        prior = fit_prior(events, unit)
        narrow = min(prior.shape, 1e12)  # one rate for all is a law as narrow as this
        law = gamma(narrow + events, scale=1 / (narrow / prior.mean + unit))
        plain.append(((law.ppf(0.025) <= truth) & (truth <= law.ppf(0.975))).mean())
    return [float(np.mean(covered)), float(np.mean(plain))]


def main():
    """Write the table, one row per case, each with a stream of its own."""
    rows = (
        [*case, RUNS, *measure(*case, RUNS, np.random.default_rng([SEED, number]))]
        for number, case in enumerate(CASES)
    )
    write("shrinkage_coverage.csv", FIELDS, rows)


if __name__ == "__main__":
    main()
