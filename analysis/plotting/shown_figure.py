"""A figure that a notebook shows by itself, without pyplot and its global state."""

import io

from matplotlib.figure import Figure

from analysis.plotting.saving import PNG_METADATA
from analysis.plotting.style import style


class ShownFigure(Figure):
    """A matplotlib figure with the picture that Jupyter asks for.

    Examples
    --------
    >>> ShownFigure(figsize=(1, 1))._repr_png_()[1:4]
    b'PNG'
    """

    def _repr_png_(self) -> bytes:
        """Return the figure as PNG, with the bytes that `save_figure` would write."""
        picture = io.BytesIO()
        with style():
            self.savefig(picture, format="png", metadata=PNG_METADATA)
        return picture.getvalue()
