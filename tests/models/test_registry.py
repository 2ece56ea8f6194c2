"""Models by name: each fits a panel, and what it cannot take is refused."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import FitError
from analysis.models import fit_trend
from analysis.models.registry import MODELS, Period, fit_draws, fit_model
from tests.synthetic_panel import simulate_panel

REGIONS = ("belgorod", "kursk")


@pytest.fixture(scope="module")
def panel():
    return simulate_panel(n_nights=300, n_regions=6)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_fits_and_answers_what_results_answer(panel, name):
    several = MODELS[name].takes == "several"
    regions = REGIONS if several else ()
    results = fit_model(name, panel, regions, Period(start="2023-02-01"))
    assert MODELS[name].title
    assert results.endog.index[0] == pd.Timestamp("2023-02-01")
    assert results.params.notna().all()
    assert np.isfinite(results.llf)
    assert len(results.tidy()) == len(results.params)
    assert len(results.glance()) == 1
    forecast = results.get_forecast(2)
    assert forecast.shape == ((2, 2) if several else (2,))


def test_the_trend_of_a_region_is_that_of_fit_trend(panel):
    rows = panel[panel["region"] == "belgorod"]
    ours = fit_model("trend", panel, ["belgorod"], Period(silence="zero"))
    pd.testing.assert_series_equal(ours.params, fit_trend(rows, silence="zero").params)
    total = fit_model("trend", panel)
    pd.testing.assert_series_equal(total.params, fit_trend(panel[panel["region"] == "all"]).params)


def test_a_model_of_several_takes_all_that_are_claimed_often(panel):
    results = fit_model("endemic-epidemic", panel, (), Period(start="2023-02-01"))
    nights = panel["night"] >= "2023-02-01"
    certain = panel[nights & (panel["lower"] > 0) & (panel["region"] != "all")]
    often = certain["region"].value_counts()
    assert list(results.endog.columns) == sorted(often.index[often >= 30])


def test_a_local_level_takes_one_region_several_or_the_total(panel):
    period = Period(start="2023-02-01")
    one, two, total = (
        fit_model("local-level", panel, regions, period) for regions in (["belgorod"], REGIONS, ())
    )
    assert list(two.endog.columns) == list(REGIONS)
    pd.testing.assert_series_equal(two.endog["belgorod"], one.endog, check_names=False)
    assert (total.endog >= one.endog).all()


@pytest.mark.parametrize(
    ("name", "regions", "period", "says"),
    [
        ("prophecy", (), None, "no model 'prophecy'. Choose one of trend, ingarch"),
        ("trend", REGIONS, None, "trend takes one region, these are 2"),
        ("trend", ("gondor",), None, "no region 'gondor'"),
        ("endemic-epidemic", ("all",), None, "takes several regions, not their total"),
        (
            "endemic-epidemic",
            (),
            Period("2022-09-01", "2022-09-20"),
            "No region has certain claims on 30",
        ),
        ("trend", (), Period(start="2031-01-01"), "No night lies between 2031-01-01"),
    ],
)
def test_what_a_model_cannot_take_is_refused(panel, name, regions, period, says):
    with pytest.raises(FitError, match=says):
        fit_model(name, panel, regions, period)


@pytest.fixture(scope="module")
def drawn(panel):
    """The panel with three draws, of which each moves claims between two regions."""
    parts = []
    for draw in range(3):
        part = panel.assign(draw=draw)
        cells = {slug: (part["region"] == slug).to_numpy() for slug in REGIONS}
        moved = np.nan_to_num(part.loc[cells["belgorod"], "expected"].to_numpy(dtype=float))
        moved = np.random.default_rng(draw).binomial(moved.astype(int), 0.3)
        for slug, sign in zip(REGIONS, (-1, 1), strict=True):
            part.loc[cells[slug], "expected"] += sign * moved
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_model_fits_every_draw(drawn, panel, name):
    several = MODELS[name].takes == "several"
    regions = () if several else ("belgorod",)
    period = Period(start="2023-02-01")
    pooled = fit_draws(name, drawn, regions, period)
    assert len(pooled.fits) == 3
    second = fit_model(name, drawn[drawn["draw"] == 1], regions, period)
    pd.testing.assert_series_equal(pooled.fits[1].params, second.params)
    if several:
        assert {tuple(one.endog.columns) for one in pooled.fits} == {tuple(second.endog.columns)}
    assert pooled.get_forecast(2, draws=30).shape[0] == 2
    table = pooled.tidy()
    assert table["allocation_share"].max() > 0
    single = fit_draws(name, panel, regions, period)
    assert len(single.fits) == 1
