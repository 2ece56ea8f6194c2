"""The gazetteer: the units a claim can name, their facts, neighbours, tiles and names."""

from analysis.regions.cut_names import begun_region
from analysis.regions.gazetteer import (
    Region,
    get_region,
    neighbour_pairs,
    region_table,
    regions,
)
from analysis.regions.names import (
    Match,
    find_region,
    form_words,
    match_region,
    misspelt_region,
    name_forms,
)
from analysis.regions.spelling import normalise_name

__all__ = [
    "Match",
    "Region",
    "begun_region",
    "find_region",
    "form_words",
    "get_region",
    "match_region",
    "misspelt_region",
    "name_forms",
    "neighbour_pairs",
    "normalise_name",
    "region_table",
    "regions",
]
