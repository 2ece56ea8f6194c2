"""Shares out counts that were given for several regions at once."""

from analysis.allocation.entries import draw_entries
from analysis.allocation.hidden import KINDS
from analysis.allocation.sharing import (
    Allocation,
    draw_counts,
    learn_allocation,
    near_shares,
    share_out,
)

__all__ = [
    "KINDS",
    "Allocation",
    "draw_counts",
    "draw_entries",
    "learn_allocation",
    "near_shares",
    "share_out",
]
