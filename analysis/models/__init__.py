"""Models of nightly counts: what grows, how fast, and how sure that is."""

from analysis.models.trend import Trend, TrendResults, fit_trend

__all__ = ["Trend", "TrendResults", "fit_trend"]
