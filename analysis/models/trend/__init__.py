"""The trend of nightly counts: what grows, how fast, and how sure that is."""

from typing import Final

from analysis.models.trend.fitting import fit_trend
from analysis.models.trend.model import Trend
from analysis.models.trend.results import TrendResults

#: Measured by tests/studies/trend_coverage.py; tests/models/test_trend.py holds it to its table.
MEASURED_COVERAGE: Final = (
    "In simulated series of 200 and 600 nights the 95 % interval for growth covered the truth in "
    "93.7 to 95.6 % of runs where the autocorrelation of nights was up to 0.6, and in 91.5 to "
    "95.3 % where it was 0.8."
)

__all__ = ["MEASURED_COVERAGE", "Trend", "TrendResults", "fit_trend"]
