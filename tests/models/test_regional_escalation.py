"""What models of regions say about a panel: the parts they are put together from."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.models import regional_escalation
from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor, region_neighbours
from analysis.models.endemic_epidemic.eigenvalue import pooled_eigenvalue
from analysis.models.regional_escalation import (
    WINDOW,
    covered_counts,
    monthly_shares,
    reciprocity_of,
    rolling_eigenvalues,
)
from tests.models.endemic_epidemic.made_counts import make_counts
from tests.synthetic_panel import simulate_panel


@pytest.fixture(scope="module")
def panel():
    return simulate_panel(n_nights=320, n_regions=14)


def model(counts, knots):
    """The model of the record, spelled out."""
    end = Predictor(intercept="per-unit", weekday=True, knots_every=knots)
    return EndemicEpidemic(counts, region_neighbours(list(counts.columns)), end=end)


def test_the_period_begins_where_bulletins_are_the_rule(panel):
    """In the made panel every night of the second half has one, bounded or not."""
    nights = panel["night"].unique()
    counts = covered_counts(panel)
    assert nights[130] < counts.index[0] <= nights[160]
    assert counts.index[-1] == nights[-1]
    loose = (
        (panel["region"] == "all") & (panel["state"] == "exact") & (panel["night"].dt.day % 3 == 0)
    )
    bounded = panel.assign(state=panel["state"].mask(loose, "bounded"))
    assert covered_counts(bounded).index.equals(counts.index)
    with pytest.raises(FitError, match=r"No period of the panel has a bulletin on 95 %"):
        covered_counts(panel[panel["night"] < nights[140]])


def test_a_window_is_the_model_of_its_nights_and_regions():
    counts = make_counts(WINDOW).rename(columns=str)
    counts["tula"] = 0.0
    counts.iloc[:10, 4] = 3.0
    table = rolling_eigenvalues([counts], replicates=19, rng=4).set_index("trend")
    assert (table["regions"] == 5).all()
    assert (table["night"] == counts.index[-1]).all()
    source = np.random.default_rng(4)
    for trend, knots in (("none", None), ("smooth", 60)):
        told = pooled_eigenvalue([model(counts, knots).fit()], 19, source)
        lower, upper = told.interval(0.95)
        found = table.loc[trend, ["eigenvalue", "lower", "upper"]].to_numpy(dtype=float)
        assert_allclose(found, [told.estimate[0], lower[0], upper[0]], rtol=1e-6)
    counts.iloc[0, 4] = 0.4
    assert (rolling_eigenvalues([counts], replicates=19)["regions"] == 4).all()


def test_windows_are_judged_by_their_lower_limits_trend_by_trend(monkeypatch):
    def told(_, end, smooth, *__):
        return (1.3, 1.1 if smooth and end > 184 else 0.9, 1.6, 0.0, 5)

    monkeypatch.setattr(regional_escalation, "_window", told)
    counts = make_counts(WINDOW + 20).rename(columns=str)
    table = rolling_eigenvalues([counts], step=1)
    assert table["night"].drop_duplicates().tolist() == counts.index[WINDOW - 1 :].tolist()
    above = table[table["verdict"] == "above 1"]
    assert set(above["trend"]) == {"smooth"}
    assert above["night"].tolist() == counts.index[184:].tolist()  # 1 January 2025 is the 185th
    assert len(above) == 16


def test_windows_that_cannot_be_fitted_are_left_out():
    counts = make_counts(WINDOW).rename(columns=str) * 0 + 5
    assert rolling_eigenvalues([counts], replicates=19).empty


def test_months_and_the_whole_are_shares_of_one_fit(panel):
    before = panel.groupby("region")["expected"].shift(1).fillna(0.0)
    leaning = panel.assign(expected=panel["expected"] + before)
    table = monthly_shares(leaning, 0.8)
    fit = model(covered_counts(leaning), 60).fit()
    months = fit.decomposition("month", 0.8, 100)
    for name in ("month", "component", "share", "lower", "upper", "level"):
        assert table[name].tolist() == months[name].tolist()
    whole = fit.decomposition("all", 0.8, 100).set_index("component")
    assert (whole["lower"] < whole["upper"]).any()
    for component, rows in table.groupby("component"):
        assert (rows["overall"] == whole.loc[component, "share"]).all()
        assert (rows["overall_lower"] == whole.loc[component, "lower"]).all()
        assert (rows["overall_upper"] == whole.loc[component, "upper"]).all()
    assert (table["nights"] == len(fit.endog)).all()


def test_reciprocity_takes_the_totals_from_where_the_first_is_covered(panel, monkeypatch):
    taken = {}

    def hear(russia, ukraine, *, replicates):
        taken.update(russia=russia, ukraine=ukraine, replicates=replicates)

    monkeypatch.setattr(regional_escalation, "fit_reciprocity", hear)
    doubled = panel.assign(expected=panel["expected"] * 2)
    reciprocity_of(panel, doubled, replicates=77)
    begin = covered_counts(panel).index[0]
    totals = panel[panel["region"] == "all"].set_index("night")["expected"]
    assert taken["russia"].tolist() == totals[begin:].tolist()
    assert taken["ukraine"].tolist() == (2 * totals[begin:]).tolist()
    assert taken["replicates"] == 77
