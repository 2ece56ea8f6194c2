"""Tests of fitted models: how often they reject what is true, as committed and in a small run."""

import csv

import numpy as np
import pytest

from tests.studies import sizes_of_tests as study

with study.TARGET.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def rejected(test):
    """Shares of the rows whose test begins so, by model and nights."""
    return {
        (row["model"], int(row["nights"])): float(row["rejected"])
        for row in ROWS
        if row["test"] == test
    }


def test_the_table_holds_the_cases_of_the_study():
    cases = [(row["test"].split(":")[0], row["model"], int(row["nights"])) for row in ROWS]
    wanted = [(family.removesuffix("s"), *rest) for family, *rest in study.CASES]
    assert list(dict.fromkeys(cases)) == wanted
    assert all(int(row["runs"]) in study.RUNS.values() and row["failed"] == "0" for row in ROWS)


@pytest.mark.parametrize(
    ("test", "least", "most"),
    [
        ("check: autocorrelation", 0.025, 0.075),
        ("check: stationarity", 0.025, 0.075),
        ("score test: spike", 0.04, 0.065),
        ("score test: transient", 0.04, 0.07),
        ("score test: level_shift", 0.04, 0.065),
        ("scan: spike", 0.02, 0.08),
        ("scan: level_shift", 0.02, 0.08),
    ],
)
def test_tests_reject_the_truth_about_as_often_as_they_say(test, least, most):
    shares = rejected(test).values()
    assert shares
    assert least <= min(shares)
    assert max(shares) <= most


@pytest.mark.parametrize("check", ["pit", "dispersion"])
def test_checks_of_the_law_are_cautious_where_its_scatter_is_fitted(check):
    shares = rejected(f"check: {check}")
    assert 0.025 <= shares.pop(("local level", 300)) <= 0.075
    assert max(shares.values()) < 0.01


def test_a_small_study_finds_the_same():
    family, model, n = study.CASES[5]
    assert (family, model) == ("score test", "INGARCH, log")
    shares, failed = study.measure(family, model, n, 150, np.random.default_rng(3))
    assert failed == 0
    # Four standard errors of a share of 5 % in 150 runs.
    assert shares.max() <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 150)
    assert shares.max() > 0
