"""Models of nightly counts: what grows, how fast, and how sure that is."""

from analysis.models.trend import TrendResults, fit_trend

__all__ = ["TrendResults", "fit_trend"]
