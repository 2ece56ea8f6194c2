"""Intervals of INGARCH: the committed study, and a small one."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analysis.models.ingarch import INGARCH
from tests.studies import ingarch_coverage as study

with (Path(study.__file__).with_name("ingarch_coverage.csv")).open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
COVERAGES = [f"{name}_hessian" for name in study.PARAMETERS]


def shares(rows, names):
    return [float(row[name]) for row in rows for name in names]


def test_the_table_holds_the_cases_of_the_study():
    cases = [(r["link"], *(float(r[f]) for f in study.FIELDS[1:6])) for r in ROWS]
    assert cases == [(case[0], *(float(x) for x in case[1:])) for case in study.CASES]
    assert {row["runs"] for row in ROWS} == {str(study.RUNS)}
    assert {row["failed"] for row in ROWS} == {"0"}


def test_intervals_cover_from_500_nights_on():
    """92.5 to 97.5 %, with and without gaps; the documentation says what short series miss."""
    long = [row for row in ROWS if int(row["nights"]) >= 500]
    assert min(shares(long, COVERAGES)) >= 0.925
    assert max(shares(long, COVERAGES)) <= 0.975
    short = [row for row in ROWS if int(row["nights"]) == 200]
    told = (
        f"{100 * min(shares(short, COVERAGES)):.1f} to {100 * max(shares(short, COVERAGES)):.1f} %"
    )
    told_long = (
        f"{100 * min(shares(long, COVERAGES)):.1f} to {100 * max(shares(long, COVERAGES)):.1f} %"
    )
    words = " ".join(INGARCH.__doc__.split())
    assert told_long in words
    assert told in words
    assert max(int(row["at_bound"]) for row in long) <= 3


@pytest.mark.parametrize("case", [5, 17], ids=["log", "identity"])
def test_a_small_study_finds_the_same(case):
    runs = 100
    failed, at_bound, coverage = study.measure(study.CASES[case], runs, np.random.default_rng(5))
    assert (failed, at_bound) == (0, 0)
    # The share covered of 100 runs lies within four standard errors of 0.95.
    assert (np.abs(coverage[0] - 0.95) < 4 * np.sqrt(0.95 * 0.05 / runs)).all()
