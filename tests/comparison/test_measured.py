"""What is said of intervals and tests is what was measured; small repetitions of the studies."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import (
    compare_periods,
    compare_regions,
    heterogeneity,
    rank_regions,
    shrink_rates,
)
from analysis.comparison.heterogeneity import MEASURED_SIZE
from analysis.comparison.ranks import MEASURED_RANKS
from analysis.comparison.regions import MEASURED_RATIOS
from analysis.comparison.shrinkage import MEASURED_SHRINKAGE
from tests.studies import heterogeneity_size, rank_coverage, ratio_coverage, shrinkage_coverage

HERE = Path(__file__).parents[1]


def study(name):
    with (HERE / "studies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file))
    words = {"design", "pair", "scene"}
    return table.astype({column: float for column in table if column not in words})


def percentages(*columns):
    """Lowest and highest of each column, as the documentation gives them."""
    return [f"{100 * end:.1f}" for column in columns for end in (column.min(), column.max())]


def test_what_is_said_about_ratios_is_what_was_measured():
    table = study("ratio_coverage")
    plain = (table["design"] == "regions") & (table["joint"] == 0)
    usual = table[plain & (table["pair"] != "very rare")]
    said = percentages(
        usual[usual["nights"] >= 200]["covered"],
        usual[usual["nights"] == 60]["covered"],
        usual[usual["nights"] == 30]["covered"],
        table[table["pair"] == "very rare"]["covered"],
        table[table["design"] == "periods"]["covered"],
        table[table["joint"] > 0]["covered"],
        table[table["design"] == "regions"]["poisson"],
    )
    quoted = measured(MEASURED_RATIOS)
    assert quoted == said
    assert measured(compare_regions.__doc__) == said[:8] + said[10:]
    assert measured(compare_periods.__doc__) == said[8:10]


def test_ratios_are_within_the_bar_from_200_nights_on():
    table = study("ratio_coverage")
    usual = table[(table["nights"] >= 120) & (table["joint"] == 0)]
    assert usual["covered"].ge(0.925).all()
    assert usual["covered"].le(0.975).all()
    assert set(table["phi"]) == {0.0, 0.3, 0.6}


def measured(words):
    """Percentages with a decimal place that stand in a text."""
    return re.findall(r"(?<![\d.])\d{2,3}\.\d(?!\d)", words)


def test_what_is_said_about_ranks_is_what_was_measured():
    table = study("rank_coverage")
    usual = table[(table["nights"] >= 200) & (table["phi"] <= 0.3)]
    rest = table.drop(usual.index)
    said = percentages(usual["covered"], usual["all"], rest["covered"], rest["all"])
    near = table[table["scene"] == "near"]
    said += percentages(near["percentile"])
    assert measured(MEASURED_RANKS) == said
    assert measured(rank_regions.__doc__) == said
    assert usual["covered"].ge(0.95).all()


def test_what_is_said_about_shrinkage_is_what_was_measured():
    table = study("shrinkage_coverage")
    usual = table["phi"] <= 0.3
    said = percentages(
        table[usual & (table["nights"] == 365)]["covered"],
        table[usual & (table["nights"] == 60)]["covered"],
        table[~usual]["covered"],
        table["plug_in"],
    )
    assert measured(MEASURED_SHRINKAGE) == said
    assert measured(shrink_rates.__doc__) == said


def test_what_is_said_about_heterogeneity_is_what_was_measured():
    table = study("heterogeneity_size")
    usual = table["phi"] <= 0.3
    said = [
        f"{100 * end:.1f}"
        for part in (table[usual]["rejected"], table[~usual]["rejected"], table["plain"])
        for end in (part.min(), part.max())
    ]
    found = re.findall(r"(?<![\d.])\d+\.\d(?= (?:to|%))", MEASURED_SIZE)
    assert found == said
    assert re.findall(r"(?<![\d.])\d+\.\d(?= (?:to|%))", heterogeneity.__doc__) == said


SMALL = [
    pytest.param(ratio_coverage, ("regions", "common", 0.3, 200, 0.0, 0.0, 0.0), 200, 0, (0.89, 0.99), id="ratios"),
    pytest.param(ratio_coverage, ("regions", "rare", 0.3, 200, 0.0, 0.2, 0.0), 200, 0, (0.89, 1.0), id="gaps"),
    pytest.param(ratio_coverage, ("periods", "common", 0.3, 120, 0.0, 0.0, 0.0), 150, 0, (0.89, 1.0), id="periods"),
    pytest.param(ratio_coverage, ("regions", "common", 0.3, 120, 0.0, 0.0, 0.3), 60, 0, (0.88, 1.0), id="draws"),
    pytest.param(rank_coverage, ("near", 0.3, 200), 25, 0, (0.93, 1.0), id="ranks"),
    pytest.param(shrinkage_coverage, (30, 0.4, 0.3, 200), 6, 0, (0.88, 0.995), id="shrinkage"),
    pytest.param(heterogeneity_size, (8, 0.3, 120), 200, 0, (0.0, 0.1), id="size"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "case", "runs", "column", "bounds"), SMALL)
def test_small_repetitions_of_the_studies(module, case, runs, column, bounds):
    found = module.measure(*case, runs, np.random.default_rng(12))[column]
    assert bounds[0] <= found <= bounds[1]
