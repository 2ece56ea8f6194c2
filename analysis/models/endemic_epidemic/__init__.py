"""Endemic-epidemic models of counts by night and region (hhh4)."""

from analysis.models.endemic_epidemic.decomposition import decompose
from analysis.models.endemic_epidemic.eigenvalue import eigenvalue_table
from analysis.models.endemic_epidemic.model import EndemicEpidemic
from analysis.models.endemic_epidemic.neighbours import Neighbours, region_neighbours
from analysis.models.endemic_epidemic.predictors import Predictor
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults

__all__ = [
    "EndemicEpidemic",
    "EndemicEpidemicResults",
    "Neighbours",
    "Predictor",
    "decompose",
    "eigenvalue_table",
    "region_neighbours",
]
