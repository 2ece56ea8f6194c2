"""The report: every figure and table of the record in one page that needs no network."""

from analysis.report.builder import build_report
from analysis.report.checking import check_report

__all__ = ["build_report", "check_report"]
