"""All figures by name, in the order of the report."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analysis.errors import FigureError
from analysis.figures import (
    component_decomposition,
    concentration_reach,
    coverage_calendar,
    eigenvalue_over_time,
    fitted_observed,
    masking_study,
    nightly_totals,
    rank_intervals,
    rate_ratios,
    reciprocity,
    region_bounds,
    region_ranking,
    region_weeks,
    seed_night,
    tile_map,
    top_regions,
)
from analysis.figures.spec import FigureSpec

REGISTRY: Final[Mapping[str, FigureSpec]] = MappingProxyType(
    {
        module.SPEC.name: module.SPEC
        for module in (
            nightly_totals,
            coverage_calendar,
            seed_night,
            region_ranking,
            tile_map,
            region_weeks,
            top_regions,
            region_bounds,
            rate_ratios,
            rank_intervals,
            concentration_reach,
            fitted_observed,
            component_decomposition,
            eigenvalue_over_time,
            reciprocity,
            masking_study,
        )
    }
)


def get_spec(name: str) -> FigureSpec:
    """Return a figure of the registry.

    Raises
    ------
    FigureError
        If there is no figure of that name; the error lists those there are.

    Examples
    --------
    >>> get_spec("tile_map").title
    'Map of tiles'
    """
    spec = REGISTRY.get(name)
    if spec is None:
        raise FigureError(f"There is no figure {name!r}.", f"Choose from {', '.join(REGISTRY)}.")
    return spec
