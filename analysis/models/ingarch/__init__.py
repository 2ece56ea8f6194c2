"""INGARCH: counts whose mean follows from past counts and past means."""

from analysis.models.ingarch.model import INGARCH
from analysis.models.ingarch.results import INGARCHResults

__all__ = ["INGARCH", "INGARCHResults"]
