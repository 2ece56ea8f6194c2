"""The dominant eigenvalue of the epidemic part: how many claims a claim brings tomorrow."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import Options, assemble, with_counts
from analysis.models.endemic_epidemic.fitting import fit_assembly
from analysis.models.endemic_epidemic.rates import Rates
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.models.endemic_epidemic.simulation import simulate_paths, starting_counts

#: Rows per knot of the smooth endemic trend that an eigenvalue is shown with.
KNOTS_EVERY: Final = 60
#: Windows running whose lower limit must exceed 1.
RUNNING: Final = 14
ABOVE, NOT_SHOWN = "above 1", "not shown to exceed 1"


def dominant_eigenvalues(found: Rates) -> Floats:
    """Dominant eigenvalue of the epidemic part in every row, shape (n,); 0 without one.

    With lags above 1 it is that of the companion matrix: growth per row either way.
    """
    n = len(found.by_component["end"])
    if not found.longest:
        return np.zeros(n)
    moving = [found.by_component[name] for name in found.lags]
    rows = np.concatenate(moving, axis=1)
    _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    units = len(found.weights)
    carried = np.zeros((len(first), units * found.longest, units * found.longest))
    for lag in range(1, found.longest):
        at = np.arange(units)
        carried[:, lag * units + at, (lag - 1) * units + at] = 1.0
    for name, lag in found.lags.items():
        spread = found.weights.T if name == "ne" else np.eye(units)
        block = found.by_component[name][first][:, :, np.newaxis] * spread
        carried[:, :units, (lag - 1) * units : lag * units] += block
    values: Floats = np.abs(np.linalg.eigvals(carried)).max(axis=1)
    return values[inverse.ravel()]


def eigenvalue_table(
    results: EndemicEpidemicResults,
    level: float = 0.95,
    replicates: int = 199,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Eigenvalues with and without a smooth trend; see `EndemicEpidemicResults.eigenvalue`."""
    if not 0 < level < 1 or replicates < 19:
        raise FitError(
            f"level is {level}, replicates {replicates}.",
            "Give a level inside (0, 1) and at least 19 replicates.",
        )
    source = np.random.default_rng(rng)
    frames = []
    for trend, variant in _variants(results):
        logs = bootstrap_logs(variant, replicates, source)
        estimate = dominant_eigenvalues(variant.rates)
        lower, upper = log_interval(estimate, logs, level)
        frames.append(
            pd.DataFrame(
                {
                    "night": variant.endog.index,
                    "trend": trend,
                    "eigenvalue": estimate,
                    "lower": lower,
                    "upper": upper,
                    "level": level,
                    "aic": variant.aic,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def bootstrap_logs(
    results: EndemicEpidemicResults, replicates: int, rng: np.random.Generator
) -> Floats:
    """Log eigenvalues of refits to simulated counts, shape (replicates, rows).

    Counts are simulated from the fitted model from the first rows of the record on, and made
    missing where the record is. A path that runs away is fitted up to there.
    """
    assembly = results.assembly
    counts = assembly.observed
    found = results.rates
    longest = found.longest
    start = np.repeat(starting_counts(counts, longest)[np.newaxis], replicates, axis=0)
    if not longest:
        start = np.zeros((replicates, 1, counts.shape[1]))
    paths = simulate_paths(found, start, results.dispersions.to_numpy(), rng, first=longest)
    logs = np.full((replicates, len(counts)), -np.inf)
    for k, path in enumerate(paths):
        simulated = np.concatenate([start[k][:longest], path])
        simulated[np.isnan(counts)] = np.nan
        refit = fit_assembly(with_counts(assembly, simulated), results.theta)
        with np.errstate(divide="ignore"):
            logs[k] = np.log(dominant_eigenvalues(refit.rates))
    return logs


def log_interval(estimate: Floats, logs: Floats, level: float) -> tuple[Floats, Floats]:
    """Bootstrap interval on the log scale, reflected about the estimate.

    Parameters
    ----------
    estimate : Floats
        Shape (n,).
    logs : Floats
        Logs of the replicates, shape (replicates, n).
    level : float

    Returns
    -------
    tuple of Floats
        Lower and upper limits, shape (n,); both ends are 0 where the estimate is 0.
    """
    low, high = np.quantile(logs, [(1 - level) / 2, (1 + level) / 2], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(estimate)
        lower, upper = np.exp(2 * centre - high), np.exp(2 * centre - low)
    return np.where(estimate > 0, lower, 0.0), np.where(estimate > 0, upper, 0.0)


def rolling_windows(
    counts: pd.DataFrame, options: Options, window: int, step: int
) -> Iterator[EndemicEpidemicResults]:
    """Fit every window that has enough counts, oldest first."""
    for end in range(window, len(counts) + 1, step):
        part = counts.iloc[end - window : end]
        try:
            yield fit_assembly(assemble(part, options))
        except FitError:
            continue


def verdicts(lower: Floats, running: int = RUNNING) -> list[str]:
    """Say "above 1" only inside runs of windows whose lower limits all exceed 1.

    Examples
    --------
    >>> verdicts(np.array([1.1, 1.2, 0.9, 1.3]), running=2)
    ['above 1', 'above 1', 'not shown to exceed 1', 'not shown to exceed 1']
    """
    over = np.asarray(lower) > 1
    edges = np.flatnonzero(np.diff(np.concatenate([[0], over.astype(int), [0]])))
    told = np.zeros(len(over), dtype=bool)
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        told[begin:end] = end - begin >= running
    return [ABOVE if t else NOT_SHOWN for t in told]


def _variants(
    results: EndemicEpidemicResults,
) -> list[tuple[str, EndemicEpidemicResults]]:
    """The model without and with a smooth endemic trend."""
    assembly = results.assembly
    end = assembly.options.predictors["end"]
    flat = replace(end, trend=False, knots_every=None)
    smooth = replace(end, trend=False, knots_every=end.knots_every or KNOTS_EVERY)
    found = []
    for name, predictor in (("none", flat), ("smooth", smooth)):
        options = replace(
            assembly.options, predictors={**assembly.options.predictors, "end": predictor}
        )
        found.append((name, fit_assembly(assemble(assembly.counts, options))))
    return found
