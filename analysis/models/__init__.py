"""Models of nightly counts: what grows, how fast, and how sure that is."""

from analysis.models.rank_trend import RankTrend, rank_trend
from analysis.models.trend import Trend, TrendResults, fit_trend

__all__ = ["RankTrend", "Trend", "TrendResults", "fit_trend", "rank_trend"]
