"""Where the climb to the maximum starts."""

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.likelihood import Likelihood

#: Shares of the counts that the components get at the start, by their number; end is the last.
SHARES = {1: (1.0,), 2: (0.4, 0.6), 3: (0.35, 0.15, 0.5)}
#: The exponent of a power law to start from.
DECAY = 1.0


def start_values(likelihood: Likelihood) -> Floats:
    """Intercepts that split the counts between the components, a dispersion from moments."""
    problem, layout = likelihood.problem, likelihood.layout
    theta = np.zeros(layout.size)
    if layout.decay >= 0:
        theta[layout.decay] = DECAY
    by_unit = problem.counts.sum(axis=0)
    shares = SHARES[len(problem.components)]
    for number, (component, index) in enumerate(
        zip(problem.components, layout.components, strict=True)
    ):
        base = component.base
        if problem.power is not None and number == problem.power_at:
            base = problem.power.base(DECAY)[0]
        total = base.sum(axis=0)
        if component.intercept:
            theta[index[0]] = _log_ratio(shares[number] * by_unit.sum(), total.sum())
        elif component.per_unit:
            units = index[-base.shape[1] :]
            theta[units] = [
                _log_ratio(shares[number] * (y + 0.5), t)
                for y, t in zip(by_unit, total, strict=True)
            ]
    if len(layout.dispersion):
        mean = likelihood.mean(theta)
        theta[layout.dispersion] = np.log(_moments(likelihood, mean))
    return theta


def _log_ratio(counts: float, base: float) -> float:
    """A log intercept; 0 where there is nothing to multiply."""
    return float(np.log(counts / base)) if base > 0 else 0.0


def _moments(likelihood: Likelihood, mean: Floats) -> Floats:
    """Dispersion of each group by moments, not too near a bound."""
    problem = likelihood.problem
    groups = problem.groups
    if groups is None:
        return np.zeros(0)
    excess = np.where(problem.seen, (problem.counts - mean) ** 2 - problem.counts, 0.0).sum(axis=0)
    squares = np.where(problem.seen, mean**2, 0.0).sum(axis=0)
    size = len(likelihood.layout.dispersion)
    ratio = np.bincount(groups, excess, size) / np.maximum(
        np.bincount(groups, squares, size), 1e-12
    )
    return np.clip(ratio, 0.05, 5.0)
