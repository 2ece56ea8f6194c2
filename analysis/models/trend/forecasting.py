"""The trend continued beyond its period."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import nights_ahead, require_room, whole_number
from analysis.models.predictive import CountForecast, MixtureForecast, NegBinForecast

if TYPE_CHECKING:
    from analysis.models.trend.results import TrendResults


def forecast(
    results: "TrendResults",
    horizon: int,
    given: tuple[Any, Any],
    draws: int,
    rng: np.random.Generator,
) -> CountForecast:
    """Do what `TrendResults.get_forecast` says; ``given`` are covariates and offset."""
    require_room(nights_ahead(horizon), whole_number("draws", draws, least=0))
    first = results.end + pd.Timedelta(days=1)
    nights = pd.date_range(first, periods=horizon, freq="D", name="night")
    regression = results.model.regressors(nights, *given)
    params = results.params.to_numpy(dtype=float)
    if draws == 0 or results.given:
        means = np.exp(regression.design @ params + regression.offset)
        return NegBinForecast(means, results.dispersion, nights=nights)
    drawn = params + _deviations(results, draws, rng)
    # A draw far out on a long horizon overflows; the largest number stands for it.
    means = np.exp(np.minimum(drawn @ regression.design.T + regression.offset, 340.0))
    return MixtureForecast(NegBinForecast(means, results.dispersion), nights=nights)


def _deviations(results: "TrendResults", draws: int, rng: np.random.Generator) -> Floats:
    """Deviations of parameters, shape (draws, k): correlated as in ``cov``, each by its law."""
    bse = results.bse.to_numpy(dtype=float)
    scale = np.where(bse > 0, bse, 1.0)
    correlation = results.cov.to_numpy(dtype=float) / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlation)
    scores = rng.standard_normal((draws, len(bse))) @ (vectors * np.sqrt(np.maximum(values, 0))).T
    sizes = np.empty_like(scores)
    for column, law in enumerate(results.laws):
        sizes[:, column] = law.at_scores(np.abs(scores[:, column]))
    deviations: Floats = np.sign(scores) * sizes * bse
    return deviations
