"""The dominant eigenvalue of the epidemic part: how many claims a claim brings tomorrow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.imputations import Pooled, pool_imputations
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import assemble, with_counts
from analysis.models.endemic_epidemic.fitting import climb, fit_assembly
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.random_intercepts import RandomFit
from analysis.models.endemic_epidemic.rates import Rates, rates
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.random_source import random_source

#: Rows per knot of the smooth endemic trend that an eigenvalue is shown with.
KNOTS_EVERY: Final = 60
#: Windows running whose lower limit must exceed 1.
RUNNING: Final = 14
#: Eigenvalues below this count as this on the log scale.
LEAST: Final = 0.01
#: Standard errors from 0 from which on the log scale serves.
FAR: Final = 4.0
#: Drawn parameter vectors behind limits near 0.
DRAWS: Final = 200
#: Refits of the bootstrap end a hundredth of a standard error from their maximum.
NEAR_ENOUGH: Final = 1e-4
#: Variants of the endemic trend.
TRENDS: Final = ("none", "smooth")
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
    fits: Sequence[EndemicEpidemicResults],
    level: float = 0.95,
    replicates: int = 199,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Dominant eigenvalues without and with a smooth trend, over fits to draws of open counts.

    Parameters
    ----------
    fits : sequence of EndemicEpidemicResults
        Of one model and the same cells: one for each draw, or a single one.
    level : float
    replicates : int
        Refits to simulated counts in all, shared out over the fits.
    rng : Generator or int

    Returns
    -------
    pd.DataFrame
        As of `EndemicEpidemicResults.eigenvalue`, and with several fits ``allocation_share`` (of
        the variance, that which lies between draws) in place of ``aic``: then intervals hold both
        the sampling of the counts and how open ones fall on regions.

    Raises
    ------
    FitError
        If the level is outside (0, 1), replicates are fewer than 19 or than 3 a fit, or more than
        a tenth of the refits fail.
    """
    if not 0 < level < 1 or replicates < max(19, 3 * len(fits)):
        raise FitError(
            f"level is {level}, replicates {replicates} for {len(fits)} fits.",
            "Give a level inside (0, 1), and at least 19 replicates and 3 for each fit.",
        )
    source = random_source(rng, FitError)
    frames = []
    by_trend = zip(*(_variants(one) for one in fits), strict=True)
    for trend, variants in zip(TRENDS, by_trend, strict=True):
        found = pooled_eigenvalue(variants, replicates, source)
        limits = found.interval(level)
        rows = pd.DataFrame({"night": fits[0].endog.index, "trend": trend})
        rows = rows.assign(eigenvalue=found.estimate, lower=limits[0], upper=limits[1], level=level)
        several = {"allocation_share": found.allocation_share}
        frames.append(rows.assign(**(several if len(fits) > 1 else {"aic": variants[0].aic})))
    return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True, slots=True, eq=False)
class PooledEigenvalue:
    """Dominant eigenvalues over fits to draws of open counts; arrays have the shape (rows,).

    Attributes
    ----------
    found : Floats
        Shape (fits, rows): of each fit.
    drawn : Floats
        Shape (vectors, rows): of parameters drawn around the fits.
    near_zero : NDArray[np.bool_]
        Where the logarithm is no scale for an interval: at most 4 standard errors from 0, or a
        component of some fit is 0.
    logs : Pooled
        Logs combined by Rubin's rules, with variances from the bootstrap; NaN without one, as
        where all rows are near 0.
    bias : Floats
        By how much logs of replicates lie above that of their fit, on average.
    """

    found: Floats
    drawn: Floats
    near_zero: NDArray[np.bool_]
    logs: Pooled
    bias: Floats

    @property
    def estimate(self) -> Floats:
        """Geometric mean over fits; near 0 the arithmetic one."""
        logs: Floats = np.log(np.maximum(self.found, LEAST)).mean(axis=0)
        mean: Floats = self.found.mean(axis=0)
        return np.where(self.near_zero, mean, np.exp(logs))

    @property
    def allocation_share(self) -> Floats:
        """Share of the variance that lies between draws: of the logarithm, near 0 of itself."""
        m = len(self.found)
        between = (1 + 1 / m) * self.found.var(axis=0, ddof=1) if m > 1 else 0 * self.bias
        total = np.maximum(self.drawn.var(axis=0), between)
        share = np.divide(between, total, out=np.zeros_like(total), where=total > 0)
        return np.where(self.near_zero, share, self.logs.allocation_share)

    def interval(self, level: float) -> tuple[Floats, Floats]:
        """Lower and upper limits; those of the bootstrap are less its own bias."""
        centre, half = self.logs.estimate - self.bias, self.logs.half_width(level)
        low, high = np.quantile(self.drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        # An estimate of 0 is never left out.
        low = np.where((self.found <= LEAST).any(axis=0), 0.0, low)
        return (
            np.where(self.near_zero, low, np.exp(centre - half)),
            np.where(self.near_zero, high, np.exp(centre + half)),
        )


def pooled_eigenvalue(
    fits: Sequence[EndemicEpidemicResults], replicates: int, rng: np.random.Generator
) -> PooledEigenvalue:
    """Combine the eigenvalues of fits to draws; with a single one it is that of the fit.

    Raises
    ------
    FitError
        If more than a tenth of the refits to simulated counts fail.

    Notes
    -----
    Away from 0 the interval is normal about the log, with the bootstrap's spread: quantiles of the
    replicates cover less near 1, where estimates lean towards 0. Near 0 logs scatter without
    limit, and a bootstrap from a component estimated at 0 never sees it above: there limits are
    quantiles over drawn parameters (`draw_theta`). Measured coverage:
    tests/studies/endemic_epidemic_coverage.csv.
    """
    m = len(fits)
    found = np.stack([dominant_eigenvalues(one.rates) for one in fits])
    drawn = np.concatenate(
        [eigenvalues_at(one, draw_theta(one, -(-DRAWS // m), rng)) for one in fits]
    )
    ends = ("ar.intercept", "ne.intercept")
    gone = any(np.isneginf(one.params.get(name, 0.0)) for one in fits for name in ends)
    near_zero = gone | (drawn.mean(axis=0) <= FAR * drawn.std(axis=0))
    if near_zero.all():
        unknown = np.full(near_zero.shape, np.nan)
        return PooledEigenvalue(
            found, drawn, near_zero, Pooled(unknown, unknown, unknown, unknown), unknown
        )
    logs = [bootstrap_logs(one, max(3, -(-replicates // m)), rng) for one in fits]
    df = float(sum(len(one) - 1 for one in logs))
    pooled = pool_imputations(
        np.log(np.maximum(found, LEAST)), np.stack([one.var(axis=0, ddof=1) for one in logs]), df
    )
    bias = np.stack([one.mean(axis=0) for one in logs]).mean(axis=0) - pooled.estimate
    return PooledEigenvalue(found, drawn, near_zero, pooled, bias)


def eigenvalues_at(results: EndemicEpidemicResults, thetas: Iterable[Floats]) -> Floats:
    """Dominant eigenvalues at several coefficient vectors, shape (vectors, rows)."""
    assembly, layout = results.assembly, results.layout
    # Rows with equal columns have equal eigenvalues; mostly all do.
    epidemic = [part for name, part in assembly.columns.items() if name != "end"]
    keys = [
        np.column_stack([part.time, part.cells.reshape(len(part.time), -1), part.offset])
        for part in epidemic
    ]
    size = len(assembly.counts)
    joined = np.concatenate(keys, axis=1) if keys else np.zeros((size, 1))
    _, first, inverse = np.unique(joined, axis=0, return_index=True, return_inverse=True)
    columns = {name: part.rows(first) for name, part in assembly.columns.items()}
    found = [
        dominant_eigenvalues(rates(assembly.options, columns, layout, theta)) for theta in thetas
    ]
    by_vector: Floats = np.reshape(found, (-1, len(first)))
    return by_vector[:, inverse.ravel()]


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
    thetas = []
    for path in results.simulate(replicates, rng):
        path[gaps] = np.nan
        try:
            again = with_counts(assembly, path)
            likelihood = Likelihood(again.problem())
            found = climb(likelihood, results.theta, NEAR_ENOUGH)
        except FitError:
            continue
        thetas.append(found.maximum.theta if isinstance(found, RandomFit) else found.theta)
    if len(thetas) < 0.9 * replicates:
        raise FitError(
            f"{replicates - len(thetas)} of {replicates} refits to simulated counts failed.",
            "Take fewer terms, or a longer period.",
        )
    return np.log(np.maximum(eigenvalues_at(results, thetas), LEAST))


def verdicts(lower: Floats, running: int = RUNNING) -> list[str]:
    """Say "above 1" only inside runs of windows whose lower limits all exceed 1.

    Of windows one night apart the 14 are 14 nights running. Of windows further apart they are
    still 14 windows as computed, ``step`` nights each: that is asked of 13 steps of nights and so
    the stricter reading. A window without a limit (NaN) ends a run.

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


def _variants(results: EndemicEpidemicResults) -> list[EndemicEpidemicResults]:
    """The model without and with a smooth endemic trend, in the order of `TRENDS`."""
    assembly = results.assembly
    end = assembly.options.predictors["end"]
    found = []
    for knots_every in (None, end.knots_every or KNOTS_EVERY):
        predictor = replace(end, trend=False, knots_every=knots_every)
        predictors = {**assembly.options.predictors, "end": predictor}
        options = replace(assembly.options, predictors=predictors)
        found.append(fit_assembly(assemble(assembly.counts, options)))
    return found
