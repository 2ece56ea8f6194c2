"""What an estimate of the trend over its error is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.errors import FitError
from analysis.inference.fixed_b import linear_trend_laws
from analysis.inference.simulated_law import simulated_laws
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.models.period import NightCounts
from analysis.models.trend.log_linear import LogLinearFit
from analysis.models.trend.regression import Regression
from analysis.models.trend.resampling import resampled_statistics

#: Refits below which a 95 % interval would rest on a handful of them.
FEWEST_RESAMPLES = 199
#: Parameters whose fixed-b laws are tabulated together.
TABULATED = ("intercept", "growth")


@dataclass(frozen=True, slots=True)
class Intervals:
    """How intervals are made; see `Trend.fit`."""

    kind: str
    bandwidth: int
    prewhiten: bool
    resamples: int


def estimate_laws(
    draws: Sequence[NightCounts],
    fits: Sequence[LogLinearFit],
    regression: Regression,
    settings: Intervals,
    rng: np.random.Generator,
) -> tuple[SymmetricLaw, ...]:
    """Find the law of each estimate over its error, of one complete series.

    Parameters
    ----------
    draws : sequence of NightCounts
    fits : sequence of LogLinearFit
        One per draw.
    regression : Regression
    settings : Intervals
    rng : np.random.Generator

    Raises
    ------
    FitError
        If a setting is out of range.
    """
    nights, width = len(draws[0].nights), settings.bandwidth
    if not 1 <= width <= nights:
        raise FitError(
            f"The bandwidth is {width} nights, the period has {nights}.",
            "Give a bandwidth of at least 1 night and at most the period.",
        )
    if settings.kind == "bootstrap":
        if settings.resamples < FEWEST_RESAMPLES:
            raise FitError(
                f"{settings.resamples} resamples are too few for an interval.",
                f"Give at least {FEWEST_RESAMPLES}.",
            )
        each = -(-settings.resamples // len(fits))
        found = [
            resampled_statistics(
                one.values, fit, regression, (width, settings.prewhiten, each), rng
            )
            for one, fit in zip(draws, fits, strict=True)
        ]
        return tuple(SymmetricLaw.of_draws(column) for column in np.concatenate(found).T)
    if settings.kind != "fixed-b":
        raise FitError(f"The intervals are {settings.kind!r}.", 'Choose "fixed-b" or "bootstrap".')
    if regression.names == TABULATED:
        return linear_trend_laws(width / nights, int(fits[0].seen.sum()))
    root = np.mean([fit.root for fit in fits], axis=0)
    memory = float(np.mean([fit.autocorrelation for fit in fits]))
    return simulated_laws(root, fits[0].seen, width, rng, memory, settings.prewhiten)
