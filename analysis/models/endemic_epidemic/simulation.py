"""Paths of counts that a model with given rates makes."""

from typing import Final

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.rates import Rates

#: A path whose expected count passes this has no honest continuation and ends there, in NaN.
BEYOND: Final = 1e8


def draw_counts(mean: Floats, alphas: Floats, rng: np.random.Generator) -> Floats:
    """Draw NB2 counts around means, shape (..., units); NaN where a mean is beyond all counts."""
    over = ~(mean < BEYOND)
    level = np.where(over, 0.0, mean)
    mixed = alphas > 0
    if mixed.any():
        shape = np.where(mixed, 1 / np.where(mixed, alphas, 1.0), 1.0)
        heights = rng.standard_gamma(np.broadcast_to(shape, level.shape)) / shape
        level = np.where(mixed, level * heights, level)
    return np.where(over, np.nan, rng.poisson(level).astype(float))


def simulate_paths(
    found: Rates, start: Floats, alphas: Floats, rng: np.random.Generator, first: int = 0
) -> Floats:
    """Simulate all rows from ``first`` on.

    Parameters
    ----------
    found : Rates
        Over n rows.
    start : Floats
        The counts before row ``first``, latest last, shape (draws, longest, units).
    alphas : Floats
        Dispersion by unit, shape (units,).
    rng : Generator
    first : int

    Returns
    -------
    Floats
        Shape (draws, n - first, units); NaN from where a path passes all bounds.
    """
    n = len(found.by_component["end"])
    draws, _, units = start.shape
    path = np.empty((draws, n - first, units))
    state = start
    for row in range(first, n):
        night = draw_counts(found.mean(row, state), alphas, rng)
        path[:, row - first] = night
        if found.longest:
            state = np.concatenate([state[:, 1:], night[:, np.newaxis]], axis=1)
    return path


def starting_counts(values: Floats, longest: int) -> Floats:
    """The first rows of a record as a start, shape (longest, units); gaps filled by the mean."""
    usual = np.nan_to_num(np.nanmean(np.where(np.isnan(values).all(axis=0), 0.0, values), axis=0))
    start = values[:longest]
    return np.where(np.isnan(start), np.round(usual), start)
