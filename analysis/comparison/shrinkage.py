"""Rates of regions shrunk towards what regions have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from analysis.comparison.gamma_poisson import Mixture, fit_prior, mixed, posteriors
from analysis.comparison.inputs import Per, comparable, exposures, require_claims
from analysis.comparison.regions import Law
from analysis.errors import ComparisonError
from analysis.inference.fixed_b import equivalent_df
from analysis.inference.hac import LongRun, default_bandwidth
from analysis.inference.nb2 import Floats
from analysis.summary import region_names

#: With fewer regions there is nothing to learn a law of rates from.
FEWEST_REGIONS: Final = 5
#: Measured by tests/studies/shrinkage_coverage.py, to which tests hold it.
MEASURED_SHRINKAGE: Final = (
    "In simulations of ten and forty regions the 95 % intervals covered, on average over regions, "
    "95.0 to 95.9 % of the true rates from a year of nights and 90.6 to 94.9 % from 60 nights, "
    "with a memory of nights of up to phi = 0.3; at phi = 0.6 88.2 to 95.5 %. With the law of "
    "rates taken for known they would cover 76.6 to 95.9 %."
)
#: Turns in which design effects are read off at the shrunken counts; they settle in three or four.
TURNS: Final = 5


def shrink_rates(
    panel: pd.DataFrame, *, per: Per = None, law: Law = "nb2", level: float = 0.95
) -> pd.DataFrame:
    """Shrink the regions' rates towards their common mean, each as far as it is uncertain.

    Parameters
    ----------
    panel, per, law, level
        As for `compare_regions`; draws are mixed.

    Returns
    -------
    pd.DataFrame
        One row per region, the highest shrunken rate first: ``region, name, claims, nights,
        rate`` (as in `compare_regions`), ``shrunken, lower, upper, level`` in the same unit,
        ``own_weight`` (share of the region's own rate in ``shrunken``; the rest is ``common``, the
        mean of the law of rates, averaged over the laws that are possible as each counts for the
        region), ``design_effect`` (drones that are worth one independent event), ``share_exact``.
        ``shrunken`` is the mean of the same posterior whose quantiles are ``lower`` and ``upper``:
        it lies between them, except that at a low ``level`` the mean of a skew law may lie above.
        Regions without exposure are left out of it and have NaN.

    Raises
    ------
    PanelError, ComparisonError
        As `compare_regions`; or if fewer than five regions have an exposure, or those that have one
        no claim.

    Notes
    -----
    Clayton & Kaldor's gamma-Poisson model, its law of rates by maximum likelihood over the regions
    of the panel: those that were ever named, which leaves out regions that never had a claim.
    Overdispersion and the memory of nights enter by counting drones in units of ``design_effect``:
    the long-run variance over the mean, fitted over regions as a power of the count (Taylor's law)
    and read off at the shrunken count, so that a region is not trusted more for being low by
    chance. Estimates and intervals also carry the doubt about the law
    (`gamma_poisson.posteriors`).

    Measured on average over regions (tests/studies/shrinkage_coverage.csv): the 95 % intervals
    cover 95.0 to 95.9 % of true rates from a year of nights and 90.6 to 94.9 % from 60, phi up to
    0.3; at phi = 0.6 88.2 to 95.5 %. Without the doubt about the law: 76.6 to 95.9 %.

    References
    ----------
    Clayton & Kaldor (1987), Biometrics 43, 671-681. doi:10.2307/2532003
    Taylor (1961), Aggregation, variance and the mean, Nature 189, 732-735. doi:10.1038/189732a0
    """
    if law not in ("nb2", "poisson"):
        raise ComparisonError(f"law is {law!r}.", 'Choose "nb2" or "poisson".')
    arrays = comparable(panel, level)
    exposure = exposures(arrays.regions, per)
    known = ~np.isnan(exposure)
    if known.sum() < FEWEST_REGIONS:
        raise ComparisonError(
            f"Shrinking needs {FEWEST_REGIONS} regions with an exposure, there are {known.sum()}.",
            "Give a panel of more regions.",
        )
    require_claims(arrays, known)
    nights = int(arrays.seen.sum())
    scale = exposure[known] * nights
    fits = [shrink_counts(draw[:, known], scale, law) for draw in arrays.counts]
    law_of_all = mixed([fit.posterior for fit in fits])
    common, weight, effect = np.mean(
        [(fit.common, fit.own_weight, fit.design_effect) for fit in fits], axis=0
    )
    columns = {
        "shrunken": law_of_all.mean,
        "lower": law_of_all.quantile((1 - level) / 2),
        "upper": law_of_all.quantile((1 + level) / 2),
        "level": np.full(len(scale), level),
        "own_weight": weight,
        "common": common,
        "design_effect": effect,
    }
    slugs = pd.Series(arrays.regions, dtype="str")
    claims = np.nansum(arrays.expected, axis=0)
    table = pd.DataFrame(
        {
            "region": slugs,
            "name": region_names(slugs),
            "claims": claims,
            "nights": nights,
            "rate": claims / exposure / nights,
            **{name: _spread(values, known) for name, values in columns.items()},
            "share_exact": arrays.share_exact,
        }
    )
    return table.sort_values(["shrunken", "region"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True, slots=True, eq=False)
class Shrunken:
    """Rates of R regions from one draw; arrays of shape (R,), rates per unit of ``scale``."""

    common: Floats
    own_weight: Floats
    design_effect: Floats
    posterior: Mixture


def shrink_counts(counts: Floats, scale: Floats, law: Law) -> Shrunken:
    """Shrink the rates of R series of nightly counts, shape (N, R), NaN on nights left out."""
    observed = np.nansum(counts, axis=0)
    effects = np.ones(len(scale))
    prior = fit_prior(observed, scale)
    if law == "nb2":
        power = _power_law(counts, long_run_variances(counts, observed))
        for _ in range(TURNS):
            effects = power(prior.shrink(observed / effects, scale / effects) * scale)
            prior = fit_prior(observed / effects, scale / effects)
    events, unit = observed / effects, scale / effects
    law_of_rates = posteriors(events, unit)
    # Under each prior the mean is weight * own rate + (1 - weight) * mean of the prior.
    common_weight = law_of_rates.weights @ (1 - unit / law_of_rates.rate)
    from_common = law_of_rates.weights @ ((law_of_rates.shape - events) / law_of_rates.rate)
    return Shrunken(
        common=from_common / common_weight,
        own_weight=1 - common_weight,
        design_effect=effects,
        posterior=law_of_rates,
    )


def long_run_variances(counts: Floats, observed: Floats) -> Floats:
    """Long-run variances of sums over nights, widened for their own noise; at least Poisson's."""
    seen = ~np.isnan(counts)
    influence = np.where(seen, counts - np.nanmean(counts, axis=0), 0.0)
    bandwidth = default_bandwidth(len(counts))
    run = LongRun.of(influence, np.asarray(seen.any(axis=1)), bandwidth)
    widening = float(t.ppf(0.975, equivalent_df(bandwidth / len(counts))) / norm.ppf(0.975))
    variances: Floats = np.maximum(run.variances(np.eye(len(observed))), observed)
    return variances * widening**2


def _power_law(counts: Floats, variances: Floats) -> Callable[[Floats], Floats]:
    """Variance over mean as a power of the mean, fitted over regions on the log scale.

    A region weighs as many nights as it has claims on; one with less than a claim in all, whose
    number is nothing but shares of open lists, does not count.
    """
    observed = np.nansum(counts, axis=0)
    used = observed >= 1
    weight = np.sqrt((counts > 0).sum(axis=0)[used])
    size, effect = np.log(observed[used]), np.log(variances[used] / observed[used])
    if used.sum() > 2 and np.ptp(size) > 0:
        slope, level = np.polyfit(size, effect, 1, w=weight)
    else:
        slope, level = 0.0, effect.mean() if used.any() else 0.0
    error = effect - level - slope * size
    noise = float(np.average(error**2, weights=weight**2)) / 2 if used.any() else 0.0

    def effects(mean: Floats) -> Floats:
        at: Floats = np.exp(level + slope * np.log(np.maximum(mean, 0.5)) + noise)
        return np.maximum(at, 1.0)

    return effects


def _spread(values: Floats, known: np.ndarray) -> Floats:
    """Put values of the regions with exposure among all, NaN elsewhere."""
    among = np.full(len(known), np.nan)
    among[known] = values
    return among
