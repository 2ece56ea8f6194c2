"""Claims -> night x region with states and bounds, and back from a cell to its bulletins."""

from analysis.panel.arrays import (
    PanelArrays,
    check_panel,
    count_draws,
    panel_arrays,
    share_exact,
)
from analysis.panel.building import build_panel, nightly_totals, to_wide
from analysis.panel.explanation import explain_cell
from analysis.panel.selection import select_panel
from analysis.panel.sentences import allocation_note

__all__ = [
    "PanelArrays",
    "allocation_note",
    "build_panel",
    "check_panel",
    "count_draws",
    "explain_cell",
    "nightly_totals",
    "panel_arrays",
    "select_panel",
    "share_exact",
    "to_wide",
]
