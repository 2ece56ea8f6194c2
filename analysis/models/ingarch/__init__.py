"""INGARCH: counts whose mean follows from past counts and past means."""

from analysis.models.ingarch.interventions import ScoreTest, intervention, score_test
from analysis.models.ingarch.model import INGARCH
from analysis.models.ingarch.results import INGARCHResults
from analysis.models.ingarch.scanning import (
    InterventionScan,
    InterventionSearch,
    find_interventions,
    scan_interventions,
)

__all__ = [
    "INGARCH",
    "INGARCHResults",
    "InterventionScan",
    "InterventionSearch",
    "ScoreTest",
    "find_interventions",
    "intervention",
    "scan_interventions",
    "score_test",
]
