"""Claims -> night x region with states and bounds, and back from a cell to its bulletins."""

from analysis.panel.building import build_panel, nightly_totals, to_wide
from analysis.panel.explanation import explain_cell
from analysis.panel.selection import select_panel

__all__ = ["build_panel", "explain_cell", "nightly_totals", "select_panel", "to_wide"]
