"""The one style of all figures: its colours and settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

# Okabe & Ito's palette for colour-blind readers, and greys.
INK: Final = "#222222"
MUTED: Final = "#6b6b6b"
PALE: Final = "#d9d9d9"
EMPTY: Final = "#efefef"
EXACT: Final = "#0072b2"
BOUNDED: Final = "#e69f00"
TREND: Final = "#d55e00"
SECOND: Final = "#009e73"
LIGHT: Final = "#56b4e9"
#: Sequential colour map: dark is much, and it reads the same in grey.
SEQUENTIAL: Final = "YlGnBu"

STYLE: Final[dict[str, Any]] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 9.0,
    "axes.labelsize": 9.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "grid.color": "#e5e5e5",
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.6,
    "figure.facecolor": "white",
    "figure.dpi": 100.0,
    "savefig.dpi": 160.0,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "interception-analysis",
    "path.simplify": True,
    "timezone": "UTC",
}
#: Settings that belong to the running session, not to the look of a figure.
_SESSION: Final = ("backend", "toolbar", "interactive", "date.epoch", "webagg", "tk.", "macosx")


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the house style whatever the reader's own settings, and restore them.

    Examples
    --------
    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["font.size"]
    9.0
    """
    import matplotlib

    settings: dict[Any, Any] = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if not name.startswith(_SESSION)
    }
    with matplotlib.rc_context(settings | STYLE):
        yield
