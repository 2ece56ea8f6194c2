"""The one style of all figures, the dressing of axes over nights, and files equal byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.errors import FigureError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Numbers are rounded to this many significant digits before they are drawn or written.
DIGITS: Final = 6

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
#: Metadata without a clock and without versions.
PNG_METADATA: Final[dict[str, None]] = {"Software": None}
_METADATA: Final[dict[str, dict[str, None]]] = {
    ".svg": {"Date": None, "Creator": None},
    ".png": PNG_METADATA,
}
#: Inches kept free above and below the axes for title and source.
HEAD: Final = 0.62
FOOT: Final = 0.34


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


def new_figure(width: float, height: float, title: str, source: str, lead: str = "") -> "Figure":
    """Make an empty figure with its title above and its source below the axes.

    Parameters
    ----------
    width, height : float
        In inches.
    title, lead : str
        A bold first line, and a lighter second line that says what is shown in which unit.
    source : str
        Who claims the numbers; small, at the foot.

    Returns
    -------
    matplotlib.figure.Figure
        Without axes; those added to it are laid out between head and foot. A notebook shows it.
    """
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    from analysis.shown_figure import ShownFigure

    head = HEAD if lead else HEAD - 0.2
    fig = ShownFigure(figsize=(width, height))
    engine = ConstrainedLayoutEngine(rect=(0.005, FOOT / height, 0.985, 1 - (head + FOOT) / height))
    fig.set_layout_engine(engine)
    left = 0.1 / width
    fig.text(left, 1 - 0.12 / height, title, va="top", size=12, weight="bold", color=INK)
    if lead:
        fig.text(left, 1 - 0.37 / height, lead, va="top", size=9, color=MUTED)
    fig.text(left, 0.09 / height, source, va="bottom", size=7.5, color=MUTED)
    return fig


def new_axes() -> "Axes":
    """Make axes on a figure of their own, in the house style."""
    with style():
        from analysis.shown_figure import ShownFigure

        axes: Axes = ShownFigure(figsize=(8, 4.2), layout="constrained").add_subplot()
    return axes


def dress_nights(ax: "Axes", ylabel: str = "Claimed interceptions per night") -> "Axes":
    """Give an axis over nights its labels with units, dates that do not collide, and zero."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    ax.set(xlabel="Night (date of its morning)", ylabel=ylabel)
    ax.set_ylim(bottom=0)
    ax.grid(axis="y")
    return ax


def save_figure(fig: "Figure", path: str | Path) -> Path:
    """Write a figure so that equal data give equal bytes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    path : str or Path
        Ends in .svg or .png; the folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FigureError
        If the file type is another.
    """
    path = Path(path)
    if path.suffix not in _METADATA:
        raise FigureError(
            f"Figures are not written as {path.suffix or 'files without a suffix'!r}.",
            f"Choose a name that ends in {' or '.join(sorted(_METADATA))}.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with style():
        fig.savefig(path, metadata=_METADATA[path.suffix])
    return path


def round_significant(values: Any, digits: int = DIGITS) -> Any:  # noqa: ANN401
    """Round floating-point numbers to significant digits; anything else stays as it is.

    Parameters
    ----------
    values : float, array, pd.Series or pd.DataFrame
        In a frame every floating-point column is rounded. NaN and infinity stay.
    digits : int

    Returns
    -------
    The same type; the input is untouched.

    Examples
    --------
    >>> round_significant(1234567.0), round_significant(0.00012345678)
    (1234570.0, 0.000123457)
    """
    if isinstance(values, pd.DataFrame):
        floats = [name for name in values if pd.api.types.is_float_dtype(values[name])]
        rounded = {str(name): round_significant(values[name], digits) for name in floats}
        return values.assign(**rounded)
    if isinstance(values, pd.Series):
        numbers = round_significant(values.to_numpy(dtype=float, na_value=np.nan), digits)
        return pd.Series(numbers, index=values.index, name=values.name)
    if np.ndim(values) == 0:
        return float(f"{values:.{digits}g}")
    # Through text: the one rounding that gives the same double on every machine.
    flat = [float(f"{value:.{digits}g}") for value in np.ravel(values)]
    return np.array(flat, dtype=float).reshape(np.shape(values))


def table_text(table: pd.DataFrame) -> str:
    r"""Return a table as CSV text that is equal character for character: LF, six digits.

    Dates are written YYYY-MM-DD, unknown numbers as nothing.

    Examples
    --------
    >>> table_text(pd.DataFrame({"night": [pd.Timestamp("2025-11-01")], "mean": [1 / 3]}))
    'night,mean\n2025-11-01,0.333333\n'
    """
    text: str = round_significant(table).to_csv(
        index=False,
        lineterminator="\n",
        float_format=f"%.{DIGITS}g",
        date_format="%Y-%m-%d",
    )
    return text


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as `table_text` in UTF-8, the folder made if need be; return the file."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(table_text(table).encode("utf-8"))
    return path
