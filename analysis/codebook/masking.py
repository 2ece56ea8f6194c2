"""The codebook of data/masking_study.csv: how near hidden counts of regions are met."""

from typing import Final

from analysis.codebook import fields as book
from analysis.codebook.fields import Json
from analysis.vocabulary import HIDINGS, PATTERNS, SHARINGS, STUDY_PERIODS

MASKING: Final = "masking_study.csv"
MASKING_KEY: Final = ("hiding", "pattern", "period", "method")
#: Columns of words; all others are numbers.
MASKING_COLUMNS: Final = (
    *MASKING_KEY,
    "lists",
    "cells",
    "error",
    "error_above",
    "error_above_lower",
    "error_above_upper",
    "excess",
    "excess_lower",
    "excess_upper",
    "misplaced",
    "tilt",
    "width",
    "coverage",
    "coverage_lower",
    "coverage_upper",
    "coverage_all",
)


def describe_masking() -> Json:
    """Describe the table of the masking study.

    Examples
    --------
    >>> describe_masking()["path"]
    'masking_study.csv'
    """
    fields = [
        book.choice("hiding", "What was hidden of lists that are known. names: their counts; cut "
                "names: so, and the last quarter of the names; tail: what a cut post did not show "
                "of a list that was completed later; total: all but the total.", HIDINGS),
        book.choice("pattern", "scattered: the lists of every fifth night, drawn at random, are "
                "hidden at once; run: those of three weeks on end.", PATTERNS),
        book.choice("period", "Nights of the lists.", STUDY_PERIODS),
        book.choice("method", "How hidden counts were shared out. allocation: as in the panel; "
                "equal: in equal shares; all time: by all lists that are left; kernel 30 d: by "
                "those near in time.", SHARINGS),
        book.whole("lists", "Lists hidden, each once.", minimum=1),
        book.whole("cells", "Regions of these lists that may have some of the hidden drones.",
               minimum=1),
        book.number("error", "Mean absolute error of a region's expected number of drones."),
        book.difference("error_above", "How much more than that of the allocation; empty for it."),
        *_limits("error_above"),
        book.difference("excess", "The same as a share of the allocation's error."),
        *_limits("excess"),
        book.number("misplaced", "Drones per list that are expected in a wrong region."),
        book.number("tilt", "Share of the drones that are expected in a wrong region when all "
                "lists are added up.", maximum=1),
        book.number("width", "Mean width of the 95 % intervals in drones, of regions expected by "
                "this method to have at least one; empty if there is none."),
        book.number("coverage", "Share of these intervals that hold the known number.", maximum=1),
        book.number("coverage_lower", "Lower end of a 95 % interval for coverage.", maximum=1),
        book.number("coverage_upper", "Upper end.", maximum=1),
        book.number("coverage_all", "Share of the intervals of all cells that hold the known "
                "number.", maximum=1),
    ]  # fmt: skip
    about = (
        "How near hidden counts of regions are met, measured by hiding lists that are known, and "
        "how often their intervals hold; beside simpler ways of sharing counts out. Intervals of "
        "differences and of coverage come from 2,000 resamples of blocks of 7 nights. Made by "
        "tests/studies/masking.py."
    )
    return book.table(
        "masking_study", MASKING, "Masking study", about, fields, MASKING_COLUMNS, MASKING_KEY
    )


def _limits(name: str) -> list[Json]:
    """Describe the ends of an interval."""
    return [
        book.difference(f"{name}_lower", "Lower end of a 95 % interval for it."),
        book.difference(f"{name}_upper", "Upper end."),
    ]
