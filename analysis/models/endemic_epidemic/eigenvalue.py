"""The dominant eigenvalue of the epidemic part: how many claims a claim brings tomorrow."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import Options, assemble, with_counts
from analysis.models.endemic_epidemic.fitting import climb, fit_assembly
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.random_intercepts import RandomFit
from analysis.models.endemic_epidemic.rates import Rates, rates
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.models.results import normal_quantile
from analysis.random_source import random_source

#: Rows per knot of the smooth endemic trend that an eigenvalue is shown with.
KNOTS_EVERY: Final = 60
#: Windows running whose lower limit must exceed 1.
RUNNING: Final = 14
#: Eigenvalues below this count as this on the log scale.
LEAST: Final = 0.01
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
    source = random_source(rng, FitError)
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
    """Log eigenvalues of refits to simulated counts, shape (settled replicates, rows).

    Counts are simulated from the fitted model from the first rows of the record on, and made
    missing where the record is. A path that runs away is fitted up to there.

    Raises
    ------
    FitError
        If more than a tenth of the refits fail.
    """
    assembly = results.assembly
    gaps = np.isnan(assembly.observed)
    logs = []
    for path in results.simulate(replicates, rng):
        path[gaps] = np.nan
        try:
            again = with_counts(assembly, path)
            likelihood = Likelihood(again.problem())
            found = climb(likelihood, results.theta)
        except FitError:
            continue
        theta = found.maximum.theta if isinstance(found, RandomFit) else found.theta
        refit = rates(assembly.options, assembly.columns, results.layout, theta)
        logs.append(np.log(np.maximum(dominant_eigenvalues(refit), LEAST)))
    if len(logs) < 0.9 * replicates:
        raise FitError(
            f"{replicates - len(logs)} of {replicates} refits to simulated counts failed.",
            "Take fewer terms, or a longer period.",
        )
    return np.stack(logs)


def log_interval(estimate: Floats, logs: Floats, level: float) -> tuple[Floats, Floats]:
    """Normal bootstrap interval on the log scale, less the bootstrap's own bias.

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
        Lower and upper limits, shape (n,); the lower one is 0 for estimates up to 0.01.

    Notes
    -----
    Measured coverage: tests/studies/endemic_epidemic_coverage.csv. Quantiles of the replicates
    cover less near 1, where estimates lean towards 0.
    """
    centre = 2 * np.log(np.maximum(estimate, LEAST)) - logs.mean(axis=0)
    half = normal_quantile(level) * logs.std(axis=0, ddof=1)
    return np.where(estimate > LEAST, np.exp(centre - half), 0.0), np.exp(centre + half)


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
