"""Whether one side's nights follow the other's."""

from analysis.models.reciprocity.results import ReciprocityResults, sentence
from analysis.models.reciprocity.testing import fit_reciprocity

__all__ = ["ReciprocityResults", "fit_reciprocity", "sentence"]
