"""The local level: the conjugate filter that is the fast baseline of the other models."""

from analysis.models.local_level.model import LocalLevelCounts
from analysis.models.local_level.results import LocalLevelResults

__all__ = ["LocalLevelCounts", "LocalLevelResults"]
