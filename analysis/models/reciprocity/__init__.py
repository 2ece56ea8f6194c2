"""Whether one side's nights follow the other's."""

from analysis.models.reciprocity.results import ReciprocityResults, sentence
from analysis.models.reciprocity.testing import KNOTS_EVERY, fit_reciprocity

__all__ = ["KNOTS_EVERY", "ReciprocityResults", "fit_reciprocity", "sentence"]
