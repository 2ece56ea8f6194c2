"""How often forecasts hold what comes: the committed tables, and a small run of each study."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.models.predictive import NegBinForecast
from tests.studies.forecast_coverage import (
    FIELDS,
    LEVELS,
    STEPS,
    STUDIES,
    committed,
    cut_share,
    measure,
)


def rows_of(model):
    return [
        dict(zip(FIELDS, row, strict=True)) for rows in committed(model).values() for row in rows
    ]


def test_cut_intervals_of_the_true_law_hold_exactly_their_level():
    """However coarse the counts; printed ones hold as much or more."""
    law = NegBinForecast([3.0, 0.4, 60.0], 0.5)
    counts = np.repeat(np.arange(2000.0)[:, np.newaxis], 3, axis=1)
    shares = cut_share(NegBinForecast(np.repeat([[3.0, 0.4, 60.0]], 2000, axis=0), 0.5), counts)
    held, exact = (shares * law.prob(counts)).sum(axis=2)
    assert_allclose(exact, np.repeat(np.array(LEVELS)[:, np.newaxis], 3, axis=1), atol=1e-9)
    for level, row in zip(LEVELS, held, strict=True):
        low, high = law.quantile((1 - level) / 2), law.quantile((1 + level) / 2)
        assert_allclose(row, law.cdf(high) - law.cdf(low - 1))


@pytest.mark.parametrize("model", sorted(STUDIES))
def test_committed_tables_are_of_the_cases_as_they_stand(model):
    rows = committed(model)
    assert sorted(rows) == list(range(len(STUDIES[model][3])))
    assert all(len(case) == len(STEPS) * len(LEVELS) for case in rows.values())
    for row in rows_of(model):
        assert int(row["runs"]) == STUDIES[model][2]
        assert int(row["failed"]) <= int(row["runs"]) / 100


@pytest.mark.parametrize("model", sorted(STUDIES))
def test_intervals_of_95_per_cent_hold_what_they_say(model):
    """Those that hold less in principle, by taking estimates for the truth, are shown beside."""
    for row in rows_of(model):
        if row["level"] == "0.95" and row["kind"] in ("drawn parameters", "drawn discounts"):
            assert 0.925 <= float(row["exact"]) <= 0.975, row
            assert float(row["held"]) >= float(row["exact"])


@pytest.mark.parametrize(
    ("model", "at", "runs"),
    [("ingarch", 0, 25), ("local-level", 7, 40), ("endemic-epidemic", 0, 15)],
)
def test_a_small_run_agrees(model, at, runs):
    failed, found = measure(model, STUDIES[model][3][at], runs, np.random.default_rng(5))
    assert failed == 0
    assert found.shape == (2, len(LEVELS), len(STEPS))
    assert (found[0] >= found[1] - 1e-12).all()
    exact = found[1].mean(axis=1)
    assert np.abs(exact - LEVELS).max() < 0.17
    assert exact[2] > 0.88
