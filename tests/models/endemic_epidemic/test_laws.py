"""Identities of directed neighbours, of drawn parameters, and of what fills the gaps."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor, eigenvalue
from analysis.models.endemic_epidemic.eigenvalue import bootstrap_logs, dominant_eigenvalues
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.simulation import starting_counts
from tests.models.endemic_epidemic.made_counts import LINE, UNITS, make_counts

ONWARD = pd.DataFrame(np.diag(np.ones(4), 1), UNITS, UNITS)  # each hands on to the next alone


@pytest.fixture(scope="module")
def found():
    return EndemicEpidemic(make_counts(200), LINE).fit()


def test_the_eigenvalue_is_that_of_the_step_from_one_mean_to_the_next():
    """The step is linear: its matrix stands in what a single count brings in every region."""
    ring = ONWARD.copy()
    ring.iloc[4, 0] = 1.0
    ring.iloc[1, 3] = 0.5
    model = EndemicEpidemic(make_counts(20), ring, ne=Predictor(intercept="per-unit"))
    names = [f"ne.intercept[{unit}]" for unit in UNITS]
    rates = dict(zip(names, np.log([0.2, 1.5, 0.7, 0.4, 2.0]), strict=True))
    rates |= {"ar.intercept": np.log(0.3), "end.intercept": 0.5, "log_dispersion": -1.0}
    step = model.fix(rates).rates
    none = step.mean(0, np.zeros((1, 5)))
    matrix = np.column_stack([step.mean(0, one[np.newaxis]) - none for one in np.eye(5)])
    largest = np.abs(np.linalg.eigvals(matrix)).max()
    assert_allclose(dominant_eigenvalues(step), largest, rtol=1e-9)


def test_a_gap_reaches_those_it_hands_on_to():
    counts = make_counts(30)
    counts.loc[counts.index[9], "belgorod"] = np.nan
    fit = EndemicEpidemic(counts, ONWARD, ar=None).fix(
        {"ne.intercept": -1.0, "end.intercept": 1.0, "log_dispersion": -1.0}
    )
    lost = fit.fittedvalues.iloc[10].isna()
    assert lost[lost].index.tolist() == ["bryansk"]
    assert fit.fittedvalues.iloc[1:10].notna().all(axis=None)


def test_intervals_of_shares_are_quantiles_over_drawn_parameters(found):
    shares = []
    for theta in draw_theta(found, 50, np.random.default_rng(7)):
        fixed = EndemicEpidemic(found.endog, LINE).fix(pd.Series(theta, found.params.index))
        shares.append(fixed.decomposition()["share"].to_numpy())
    table = found.decomposition(level=0.6, draws=50, rng=7)
    lower, upper = np.quantile(shares, [0.2, 0.8], axis=0)
    assert_allclose(table["lower"], lower)
    assert_allclose(table["upper"], upper)


def test_drawn_parameters_have_the_law_of_the_estimates(found):
    """Intercepts on the scale of the mean, all others on their own."""
    drawn = np.array(draw_theta(found, 20_000, np.random.default_rng(1)))
    parts = np.exp(drawn[:, :3] - found.theta[:3])
    moves = np.column_stack([parts - 1, drawn[:, 3:] - found.theta[3:]])
    errors = found.bse.to_numpy()
    assert errors[:3].max() < 0.35  # so no part is drawn below 0
    assert_allclose(moves.mean(axis=0) / errors, 0, atol=0.03)
    assert_allclose(moves.std(axis=0) / errors, 1, atol=0.03)
    correlation = found.cov.to_numpy() / np.outer(errors, errors)
    assert_allclose(np.corrcoef(moves.T), correlation, atol=0.03)


def test_a_forecast_takes_what_is_known_of_the_last_night():
    counts = make_counts(40)
    counts.loc[counts.index[-1], "tula"] = np.nan
    fixed = EndemicEpidemic(counts, family="poisson").fix(
        {"ar.intercept": np.log(0.5), "end.intercept": np.log(2.0)}
    )
    first = pd.Series(fixed.get_forecast(1, draws=4000).mean[0], UNITS)
    known = counts.iloc[-1].drop("tula")
    assert_allclose(first[known.index], 0.5 * known + 2)
    expected = 0.5 * (0.5 * counts["tula"].iloc[-2] + 2) + 2
    assert first["tula"] == pytest.approx(expected, rel=0.02)


def test_gaps_at_the_start_are_filled_by_the_usual_count():
    record = np.array([[np.nan, 3.0], [2.0, np.nan], [5.0, np.nan], [4.0, np.nan]])
    assert starting_counts(record, 2).tolist() == [[4.0, 3.0], [2.0, 3.0]]
    assert starting_counts(np.full((3, 1), np.nan), 1).tolist() == [[0.0]]


def test_replicates_have_the_gaps_of_the_record(monkeypatch):
    counts = make_counts(80)
    counts.iloc[30:45, :2] = np.nan
    fit = EndemicEpidemic(counts, LINE).fit()
    seen = []
    put = eigenvalue.with_counts
    monkeypatch.setattr(
        eigenvalue, "with_counts", lambda made, path: seen.append(path) or put(made, path)
    )
    bootstrap_logs(fit, 19, np.random.default_rng(2))
    assert len(seen) == 19
    for path in seen:
        assert (np.isnan(path) == counts.isna().to_numpy()).all()


@pytest.mark.parametrize(("failing", "refused"), [(2, False), (3, True)])
def test_at_most_a_tenth_of_the_refits_may_fail(found, monkeypatch, failing, refused):
    calls = []
    climb = eigenvalue.climb

    def sometimes(likelihood, start, near_enough):
        calls.append(start)
        if len(calls) <= failing:
            raise FitError("No.", "Stop.")
        return climb(likelihood, start, near_enough)

    monkeypatch.setattr(eigenvalue, "climb", sometimes)
    if refused:
        with pytest.raises(FitError, match="3 of 20 refits to simulated counts failed"):
            bootstrap_logs(found, 20, np.random.default_rng(2))
    else:
        assert bootstrap_logs(found, 20, np.random.default_rng(2)).shape == (18, 200)


def test_a_factor_that_runs_away_stays_where_it_is():
    """No claim on any Sunday: the logarithm of that day has no error to draw from."""
    counts = make_counts(70)
    counts.loc[counts.index.day_of_week == 6] = 0.0
    fit = EndemicEpidemic(counts, LINE, ar=None, ne=None, end=Predictor(weekday=True)).fit()
    assert fit.bse["end.weekday_sun"] > 1000
    at = list(fit.params.index).index("end.weekday_sun")
    drawn = np.array(draw_theta(fit, 50, np.random.default_rng(1)))
    assert (drawn[:, at] == fit.theta[at]).all()
    assert drawn[:, at - 1].std() > 0
    assert (fit.get_forecast(7).mean < 20).all()


def test_rates_at_nothing_are_drawn_where_the_likelihood_bends_upwards():
    """Heavy overdispersion: no normal law fits, its slope alone tells how fast it falls."""
    rng = np.random.default_rng(8)
    heights = rng.gamma(0.15, 1 / 0.15, (150, 5))
    counts = pd.DataFrame(rng.poisson(4.0 * heights), make_counts(150).index, UNITS)
    counts.iloc[1::2] = 0.0  # no count after a count
    fit = EndemicEpidemic(counts, LINE).fit()
    assert {"ar.intercept", "ne.intercept"} <= set(fit.at_bound)
    drawn = np.exp(np.array(draw_theta(fit, 400, np.random.default_rng(1)))[:, :2])
    assert (drawn >= 0).all()
    assert (drawn.mean(axis=0) > 0).all()
    assert (drawn.mean(axis=0) < 0.5).all()
    falls = pd.Series(fit.params)
    for column, name in enumerate(("ar.intercept", "ne.intercept")):
        at = np.quantile(drawn[:, column], 0.95)
        model = EndemicEpidemic(counts, LINE)
        higher = model.fix(falls.where(falls.index != name, np.log(at)))
        assert 0.5 < fit.llf - higher.llf < 12
