"""Bad input: one sentence and a remedy; odd input: finite tables."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import (
    compare_pairs,
    compare_periods,
    compare_regions,
    heterogeneity,
    rank_regions,
    shrink_rates,
)
from analysis.errors import AnalysisError
from tests.comparison.panels import draws_of, panel_of
from tests.synthetic_panel import simulate_panel

HEAD = ("2025-01-01", "2025-02-28")
TAIL = ("2025-03-01", "2025-07-19")
BAD = [
    pytest.param(lambda p: compare_regions(p, "gondor"), r"'gondor' is no region of this panel\. Choose one of belgorod", id="unknown"),
    pytest.param(lambda p: compare_regions(p, "all"), "'all' is no region of this panel", id="total"),
    pytest.param(lambda p: compare_regions(p.head(0)), r"The panel holds no night\. Give a panel", id="empty"),
    pytest.param(lambda p: compare_regions(p.head(5)), r"needs 30 nights with numbers, the panel has 1\. Choose a longer", id="one night"),
    pytest.param(lambda p: rank_regions(p.head(5)), "needs 30 nights with numbers, the panel has 1", id="one night ranked"),
    pytest.param(lambda p: compare_regions(p.assign(expected=0.0)), "All 200 nights with numbers are zero in every region", id="zeros"),
    pytest.param(lambda p: compare_regions(p.assign(expected=p["expected"].where(p["region"] != "kursk", 0.0)), "kursk"), r"The reference kursk has no claim in these nights\. Choose another", id="empty reference"),
    pytest.param(lambda p: compare_regions(p.assign(expected=np.nan)), "needs 30 nights with numbers, the panel has 0", id="no numbers"),
    pytest.param(lambda p: compare_regions(p[p["region"] == "all"]), "The panel holds only the nights' totals", id="only totals"),
    pytest.param(lambda p: compare_regions(p[p["region"] == "kursk"]), "The panel holds one region, kursk", id="one region"),
    pytest.param(lambda p: compare_regions(p.drop(columns="lower")), "lacks the panel's columns lower", id="columns"),
    pytest.param(lambda p: compare_regions(pd.concat([p, p.iloc[[3]]])), "The night 2025-01-01 of oryol stands in the panel twice", id="twice"),
    pytest.param(lambda p: compare_regions(p.assign(expected=p["expected"] - 1)), "expected numbers of the panel are negative or infinite", id="negative"),
    pytest.param(lambda p: compare_regions(p, level=95), r"The level is 95\. Give a number between 0 and 1", id="level"),
    pytest.param(lambda p: compare_regions(p, law="normal"), r"law is 'normal'\. Choose \"nb2\" or \"poisson\"", id="law"),
    pytest.param(lambda p: compare_regions(p, per="head"), r"per is 'head'\. Choose \"capita\", \"area\"", id="per"),
    pytest.param(lambda p: compare_regions(p, per={"kursk": -1}), "The exposure of kursk is not a finite number above 0", id="exposure"),
    pytest.param(lambda p: compare_regions(p, per={}), r"Of the regions of the panel none has an exposure, a comparison needs two\. Key", id="no exposure"),
    pytest.param(lambda p: compare_regions(p, "kursk", per={"bryansk": 1, "oryol": 1}), r"The reference kursk has no exposure\. .*per=\{'kursk': 1\.5", id="reference exposure"),
    *(pytest.param(lambda p, compare=compare: compare(p, per={"kursk": 1}), "panel kursk has an exposure, a comparison needs two", id=f"one exposure {compare.__name__}") for compare in (compare_regions, compare_pairs, rank_regions, heterogeneity, shrink_rates)),
    pytest.param(lambda p: heterogeneity(p.assign(expected=p["expected"].where(p["region"].isin(["kursk", "all"]), 0.0)), per={"oryol": 1, "bryansk": 2}), "The regions that have an exposure have no claim", id="exposed zeros"),
    pytest.param(lambda p: rank_regions(p, rng=-1), r"rng is -1\. Give a whole number of at least 0, or a Generator", id="rng"),
    pytest.param(lambda p: rank_regions(p, rng="x"), r"rng is 'x'\. Give", id="rng word"),
    pytest.param(lambda p: compare_pairs(p, ["kursk", "gondor"]), "gondor: no claim in this panel names it", id="pairs"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2025-02-28", "2025-05-01")), r"The two periods overlap\. Let one end", id="overlap"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2031-01-01", "2031-05-01")), "The second period, 2031-01-01 to 2031-05-01, has 0 nights with numbers; a comparison needs 30", id="empty period"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2025-03-01", "soon")), "the second period is 'soon', which is not a date", id="no date"),
    pytest.param(lambda p: compare_periods(p.assign(expected=0.0), HEAD, TAIL), "Nothing is claimed in either period", id="nothing claimed"),
    pytest.param(lambda p: compare_periods(p, HEAD, TAIL, level=0), "The level is 0", id="period level"),
    pytest.param(lambda p: rank_regions(p, resamples=10), r"resamples is 10\. Give at least 200", id="resamples"),
    pytest.param(lambda p: rank_regions(p, block=0.1), r"mean block length is 0\.1 nights", id="block"),
    pytest.param(shrink_rates, "Shrinking needs 5 regions with an exposure, there are 4", id="few regions"),
    pytest.param(lambda p: shrink_rates(p, law="normal"), "law is 'normal'", id="shrink law"),
    pytest.param(lambda p: compare_regions(pd.concat([p.assign(draw=0), p.assign(draw=1).head(-5)])), "do not have their numbers in the same cells", id="draws"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "says"), BAD)
def test_bad_input_is_refused_in_one_sentence_and_a_remedy(function, says, panel):
    with pytest.raises(AnalysisError, match=says) as refused:
        function(panel)
    problem, remedy = refused.value.args
    assert problem.endswith(".")
    assert remedy.endswith(".")


def test_a_panel_without_totals_is_compared_all_the_same(panel):
    regions = panel[panel["region"] != "all"]
    pd.testing.assert_frame_equal(compare_regions(regions), compare_regions(panel))
    table = compare_periods(regions, HEAD, TAIL)
    assert "all" not in set(table["region"])


def test_one_night_is_enough_for_independent_drones(panel):
    table = compare_regions(panel[panel["night"] == panel["night"].min()], law="poisson")
    assert table["nights"].unique().tolist() == [1]
    assert (table["lower"] < table["upper"]).all()


def test_limits_of_draws_that_agree_on_nothing_are_infinite_without_a_warning():
    counts = np.zeros((60, 6))
    counts[5, 2] = 7
    draws = draws_of(panel_of(counts), panel_of(np.roll(counts, 1, axis=1)))
    table = compare_regions(draws).set_index("region")
    assert np.isinf(table.loc[["kursk", "oryol"], "upper"]).all()
    assert table.loc["tula", ["ratio", "claims"]].tolist() == [0, 0]


def test_sixty_regions_of_an_uneven_record_have_finite_tables():
    panel = simulate_panel(n_nights=400, n_regions=60)
    table = compare_regions(panel, "belgorod")
    assert len(table) == panel["region"].nunique() - 2
    assert table[["p_value", "lower", "p_holm"]].notna().all(axis=None)
    assert rank_regions(panel, resamples=200)["rank"].notna().all()
    assert shrink_rates(panel)["shrunken"].notna().all()
    assert len(compare_pairs(panel)) == len(table) * (len(table) + 1)
