"""Parameters drawn from their estimated sampling law."""

from typing import Final

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import Indices
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults

#: A part drawn below 0 is this share of its estimate.
LEAST: Final = 1e-9


def draw_theta(
    results: EndemicEpidemicResults, draws: int, rng: np.random.Generator
) -> list[Floats]:
    """Draw coefficient vectors from the normal law of the estimates; what is pinned stays.

    Intercepts are drawn on the scale of the mean, where the estimate of a small part is near
    normal: its logarithm has an error that would blow it up.
    """
    at = _intercepts(results)
    free = ~np.isnan(np.diag(results.theta_cov))
    values, vectors = np.linalg.eigh(results.theta_cov[np.ix_(free, free)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = []
    for _ in range(draws):
        move = np.zeros_like(results.theta)
        move[free] = root @ rng.standard_normal(int(free.sum()))
        move[at] = np.log(np.maximum(1 + move[at], LEAST))
        drawn.append(results.theta + move)
    return drawn


def _intercepts(results: EndemicEpidemicResults) -> Indices:
    """Positions of the shared and the per-unit intercepts."""
    found = []
    units = results.assembly.counts.shape[1]
    for index, predictor in zip(
        results.layout.components, results.assembly.options.predictors.values(), strict=True
    ):
        found.append(index[-units:] if predictor.intercept == "per-unit" else index[:1])
    return np.concatenate(found)
