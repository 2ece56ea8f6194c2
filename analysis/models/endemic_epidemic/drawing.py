"""Observed counts over what each component foretold."""

from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.models.endemic_epidemic.rates import component_means
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS: Final = {
    "end": "background",
    "ne": "neighbours' claims of the night before",
    "ar": "own claims of the night before",
}


def plot_components(results: EndemicEpidemicResults, ax: "Axes | None" = None) -> "Axes":
    """Draw counts and stacked means on ``ax`` (a new one if None), units added up."""
    from analysis.plotting import BOUNDED, EXACT, INK, LIGHT, dress_nights, new_axes

    ax = new_axes() if ax is None else ax
    parts = component_means(results.assembly, results.rates)
    shown = {name: parts[name].sum(axis=1) for name in LABELS if name in parts}
    index = results.endog.index
    colours = dict(zip(LABELS, (LIGHT, BOUNDED, EXACT), strict=True))
    ax.stackplot(
        index,
        *(np.nan_to_num(part) for part in shown.values()),
        labels=[LABELS[name] for name in shown],
        colors=[colours[name] for name in shown],
        step="mid",
        linewidth=0,
    )
    observed = results.assembly.counts.sum(axis=1, min_count=1)
    ax.plot(index, observed, ".", color=INK, markersize=3, label="claimed that night")
    ax.legend(frameon=False)
    return dress_nights(ax)
