"""Compare regions and periods: rate ratios, heterogeneity, ranks, shrinkage."""

from analysis.comparison.heterogeneity import heterogeneity
from analysis.comparison.inputs import Per
from analysis.comparison.periods import compare_periods
from analysis.comparison.ranks import rank_regions
from analysis.comparison.regions import compare_pairs, compare_regions
from analysis.comparison.shrinkage import shrink_rates

__all__ = [
    "Per",
    "compare_pairs",
    "compare_periods",
    "compare_regions",
    "heterogeneity",
    "rank_regions",
    "shrink_rates",
]
