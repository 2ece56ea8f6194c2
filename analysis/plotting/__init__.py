"""The one style of all figures, the dressing of axes over nights, and files equal byte for byte."""

from analysis.plotting.dressing import dress_nights, dress_rows, new_axes, new_figure, write_beside
from analysis.plotting.saving import (
    DIGITS,
    round_significant,
    save_figure,
    table_text,
    write_table,
)
from analysis.plotting.style import (
    BOUNDED,
    EMPTY,
    EXACT,
    INK,
    LIGHT,
    MUTED,
    PALE,
    SECOND,
    SEQUENTIAL,
    STYLE,
    TREND,
    style,
)

__all__ = [
    "BOUNDED",
    "DIGITS",
    "EMPTY",
    "EXACT",
    "INK",
    "LIGHT",
    "MUTED",
    "PALE",
    "SECOND",
    "SEQUENTIAL",
    "STYLE",
    "TREND",
    "dress_nights",
    "dress_rows",
    "new_axes",
    "new_figure",
    "round_significant",
    "save_figure",
    "style",
    "table_text",
    "write_beside",
    "write_table",
]
