"""Describe nights and regions: totals, spread, rhythm, concentration, reach."""

from analysis.summary.description import summarize_nights, summarize_regions, weekly_regions
from analysis.summary.names import region_names
from analysis.summary.one_night import night_by_bulletin
from analysis.summary.over_time import concentration, reach
from analysis.summary.rhythm import daytime_share, weekly_profile

__all__ = [
    "concentration",
    "daytime_share",
    "night_by_bulletin",
    "reach",
    "region_names",
    "summarize_nights",
    "summarize_regions",
    "weekly_profile",
    "weekly_regions",
]
