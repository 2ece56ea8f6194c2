"""Parameters drawn from their estimated sampling law."""

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults


def draw_theta(
    results: EndemicEpidemicResults, draws: int, rng: np.random.Generator
) -> list[Floats]:
    """Draw coefficient vectors from the normal law of the estimates; what is pinned stays."""
    free = ~np.isnan(np.diag(results.theta_cov))
    values, vectors = np.linalg.eigh(results.theta_cov[np.ix_(free, free)])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = []
    for _ in range(draws):
        theta = results.theta.copy()
        theta[free] += root @ rng.standard_normal(int(free.sum()))
        drawn.append(theta)
    return drawn
