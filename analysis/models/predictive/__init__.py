"""Forecasts of counts: predictive distributions over the whole numbers from 0.

One interface, `CountForecast`, for every model and baseline: ``mean``, ``variance``,
``quantile(q)``, ``prob(k)``, ``logprob(k)``, ``cdf(k)``, ``sample(n, rng)`` and ``table()``, all at
once over the horizon (and over regions). Which class to build:

- one-step or closed-form forecasts: `NegBinForecast(mean, dispersion)`; dispersion 0 is Poisson;
- several means with weights (parameters drawn, paths simulated, models or imputations mixed):
  `MixtureForecast(NegBinForecast(means, dispersion), weights)`, components on the first axis. For a
  model whose next night is NB2 given the past, this is smoother than the counts of the paths;
- paths alone: `sampled_forecast(paths)`;
- forecasts of several imputations or models: `pool_forecasts([...])`.
"""

from analysis.models.predictive.closed_form import NegBinForecast, PointForecast
from analysis.models.predictive.forecast import CountForecast
from analysis.models.predictive.mixture import MixtureForecast, pool_forecasts, sampled_forecast

__all__ = [
    "CountForecast",
    "MixtureForecast",
    "NegBinForecast",
    "PointForecast",
    "pool_forecasts",
    "sampled_forecast",
]
