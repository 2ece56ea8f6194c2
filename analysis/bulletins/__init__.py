"""Text of a bulletin to what it claims: pure functions, no files."""

from analysis.bulletins.bulletin import Bulletin, Count, Cumulative, Finding, Subset, Window

__all__ = ["Bulletin", "Count", "Cumulative", "Finding", "Subset", "Window"]
