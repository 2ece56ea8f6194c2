"""A map of tiles, one square a region, coloured by its claims."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.figures.spec import SOURCE, FigureInputs, FigureOptions, FigureSpec
from analysis.figures.wording import number
from analysis.plotting import EMPTY, INK, MUTED, SEQUENTIAL, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: From this share of the colour scale on, white letters are easier to read than black ones.
DARK: Final = 0.55


def table(inputs: FigureInputs) -> pd.DataFrame:
    """All tiles: ``region, label, name, row, col, country, expected`` (NaN: no certain claim)."""
    tiles = inputs.gazetteer[["slug", "label", "row", "col", "country", "name_en"]]
    tiles = tiles.rename(columns={"slug": "region", "name_en": "name"})
    claims = inputs.regions[["region", "lower", "expected", "share"]]
    # A share of lists that do not name a region is no claim about it.
    certain = claims["lower"].gt(0).to_numpy(dtype=bool, na_value=False)
    claims = claims[certain].drop(columns="lower")
    if not claims["expected"].gt(0).any():
        return tiles.head(0)
    return (
        tiles.merge(claims, on="region", how="left")
        .sort_values(["row", "col"])
        .reset_index(drop=True)
    )


def draw(table: pd.DataFrame, options: FigureOptions) -> "Figure":
    """Squares in a grid that keeps neighbours near, on a log scale of colours."""
    del options
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm

    columns, rows = int(table["col"].max()) + 1, int(table["row"].max()) + 1
    fig = new_figure(
        10.5,
        1.15 + 10.3 * rows / columns,
        "Drones claimed shot down at night, by region",
        SOURCE,
        "One tile a region, placed near its neighbours; numbers are claimed interceptions since "
        "the record begins. Grey: no certain claim; outlines: other regions of Ukraine",
    )
    ax = fig.add_subplot()
    top = max(float(table["expected"].max()), 10.0)
    norm = LogNorm(1, top)
    colours = colormaps[SEQUENTIAL]
    for tile in table.itertuples():
        _draw_tile(ax, tile, norm, colours)
    ax.set_xlim(-0.05, columns + 0.05)
    ax.set_ylim(rows + 0.05, -0.05)
    ax.set_aspect("equal")
    ax.axis("off")
    inset = ax.inset_axes((0.56, 0.1, 0.4, 0.03))
    bar = fig.colorbar(ScalarMappable(norm, colours), cax=inset, orientation="horizontal")
    ticks = [tick for tick in (1, 10, 100, 1000, 10000) if tick <= top]
    bar.set_ticks(ticks, labels=[number(tick) for tick in ticks])
    bar.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label("Claimed interceptions of drones (log scale)")
    return fig


def describe(table: pd.DataFrame, options: FigureOptions) -> str:
    """The caption without the caveat."""
    del options
    named = table[(table["expected"] > 0).to_numpy()]
    top = named.sort_values("expected", ascending=False, kind="stable").head(3)
    listed = ", ".join(
        f"{name} ({number(round(total))})"
        for name, total in zip(top["name"], top["expected"], strict=True)
    )
    return (
        f"Drones that the Russian Ministry of Defence says were shot down over each of the "
        f"{len(named)} regions and seas that its bulletins name, as a grid of equal tiles: "
        f"{listed} lead. Grey tiles: regions without a certain claim at night; outlines: "
        f"Ukrainian regions, for orientation. "
        f"A tile stands for the unit that the claimant names, with its ISO "
        f"3166-2 code, and states nothing about sovereignty."
    )


def alt(table: pd.DataFrame, options: FigureOptions) -> str:
    """The picture in words."""
    del options
    named = table[(table["expected"] > 0).to_numpy()]
    top = named.sort_values("expected", ascending=False, kind="stable").head(6)
    return (
        f"Tile map of {len(named)} named regions, darker with more claims; darkest: "
        f"{', '.join(top['name'])}."
    )


def _draw_tile(ax: "Axes", tile: Any, norm: Any, colours: Any) -> None:  # noqa: ANN401
    """One square with its label and number."""
    from matplotlib.patches import Rectangle

    claimed = tile.expected > 0
    shade = float(norm(max(tile.expected, 1.0))) if claimed else 0.0
    face = colours(shade) if claimed else (EMPTY if tile.country != "UA" else "none")
    edge = "#c8c8c8" if tile.country == "UA" and not claimed else "white"
    ax.add_patch(
        Rectangle((tile.col + 0.03, tile.row + 0.03), 0.94, 0.94, facecolor=face, edgecolor=edge)
    )
    if tile.country == "UA" and not claimed:
        return
    ink = "white" if shade > DARK else (INK if claimed else MUTED)
    middle = (tile.col + 0.5, tile.row + (0.36 if claimed else 0.5))
    ax.text(*middle, tile.label, ha="center", va="center", size=7.5, color=ink, weight="bold")
    if claimed:
        place = (tile.col + 0.5, tile.row + 0.7)
        text = number(np.round(tile.expected)) if tile.expected >= 1 else "<1"
        ax.text(*place, text, ha="center", va="center", size=7.5, color=ink)


SPEC: Final = FigureSpec("tile_map", "Map of tiles", table, draw, describe, alt)
