"""Models of nightly counts: what grows, how fast, and how sure that is."""

from analysis.models.trend import fit_trend
from analysis.models.trend_results import TrendResults

__all__ = ["TrendResults", "fit_trend"]
