"""Empty figures with title and source, and axes over nights."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from analysis.plotting.style import INK, MUTED, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Inches kept free above and below the axes for title and source.
HEAD: Final = 0.62
FOOT: Final = 0.34


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
    from analysis.plotting.shown_figure import ShownFigure
    from analysis.plotting.steady_layout import SteadyLayout

    head = HEAD if lead else HEAD - 0.2
    fig = ShownFigure(figsize=(width, height))
    engine = SteadyLayout(rect=(0.005, FOOT / height, 0.985, 1 - (head + FOOT) / height))
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
        from analysis.plotting.shown_figure import ShownFigure

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


def dress_rows(ax: "Axes", names: Iterable[str], beside: Iterable[str], head: str) -> "Axes":
    """Give an axis of rows their names, the first on top, and a column of words at the right.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Row number n stands at height n.
    names, beside : iterable of str
        One of each for every row; "" writes nothing beside it.
    head : str
        Stands above the column.
    """
    rows = list(names)
    ax.set_yticks(range(len(rows)), rows)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    for place, words in enumerate(beside):
        if words:
            write_beside(ax, place, words)
    ax.annotate(
        head,
        (1.0, 1.0),
        xycoords="axes fraction",
        xytext=(6, 2),
        textcoords="offset points",
        size=8.5,
        color=MUTED,
        annotation_clip=False,
    )
    return ax


def write_beside(
    ax: "Axes", place: float, words: str, *, colour: str = INK, gap: float = 6
) -> None:
    """Write at the right of a row, ``gap`` points from the axis."""
    ax.annotate(
        words,
        (1.0, place),
        xycoords=("axes fraction", "data"),
        xytext=(gap, 0),
        textcoords="offset points",
        va="center",
        size=8.5,
        color=colour,
        annotation_clip=False,
    )
