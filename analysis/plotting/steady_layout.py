"""A layout that comes out the same every time, to the last bit."""

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Places are rounded to so many digits, in shares of the figure.
DIGITS: Final = 6


class SteadyLayout(ConstrainedLayoutEngine):
    """Matplotlib's constrained layout, its places rounded.

    The solver behind it adds in an order that changes from call to call, and clip paths are named
    after places: without rounding, two drawings of one figure can differ in their bytes.
    """

    def execute(self, fig: "Figure") -> None:
        """Lay the figure out."""
        super().execute(fig)
        for ax in fig.axes:
            inside = ax.get_in_layout()
            place = ax.get_position(original=True)
            ax.set_position(Bbox(np.round(place.get_points(), DIGITS)))
            ax.set_in_layout(inside)
