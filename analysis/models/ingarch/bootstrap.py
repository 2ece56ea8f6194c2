"""Parametric bootstrap: refits to series simulated from a fit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.fitting import Fit
from analysis.models.ingarch.forecasting import simulate_anew
from analysis.models.ingarch.objective import to_params
from analysis.random_source import random_source

if TYPE_CHECKING:
    from analysis.models.ingarch.results import INGARCHResults

#: Refits below which there is no covariance and no p-value.
FEWEST: Final = 19


@dataclass(frozen=True, slots=True, eq=False)
class Refits:
    """Estimates of the refits that succeeded, one row each.

    Attributes
    ----------
    params : Floats
        (b0, beta, alpha, eta).
    internal : Floats
        The same in internal parameters, with the dispersion last where the fit maximises over it.
    dispersions : Floats
    """

    params: Floats
    internal: Floats
    dispersions: Floats


def bootstrap_fits(results: "INGARCHResults", draws: int, rng: np.random.Generator | int) -> Refits:
    """Estimates of the refits to ``draws`` series simulated from a fit."""
    fits = refits(results, draws, rng)
    return Refits(
        params=np.array([to_params(fit.at.rec, fit.theta) for fit in fits]),
        internal=np.array([fit.maximum.x for fit in fits]),
        dispersions=np.array([fit.dispersion for fit in fits]),
    )


def refits(results: "INGARCHResults", draws: int, rng: np.random.Generator | int) -> list[Fit]:
    """Simulate ``draws`` series from a fit, with its gaps and covariates, and fit each again.

    Series that cannot be fitted, as those of zeros, are left out.

    Raises
    ------
    FitError
        If fewer than 19 are left.
    """
    model, method = results.model, results.method
    fits: list[Fit] = []
    for counts in simulated_counts(results, draws, random_source(rng, FitError)):
        obj = model.objective(method, counts)
        try:
            fits.append(model.estimate(method, obj, results.start_for(obj)))
        except FitError:
            continue
    if len(fits) < FEWEST:
        raise FitError(
            f"Only {len(fits)} of {draws} series simulated from the fit could be fitted.",
            "Ask for more draws.",
        )
    return fits


def simulated_counts(results: "INGARCHResults", draws: int, rng: np.random.Generator) -> Floats:
    """Series simulated from the fit, NaN where the counts have gaps, shape (draws, n)."""
    counts = simulate_anew(results, None, draws, None, rng).astype(float)
    counts[:, results.model.recursion.gaps] = np.nan
    return counts
