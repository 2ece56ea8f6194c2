"""What results answer: simulation, forecasts, shares, eigenvalues, intervals that cover."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import poisson

from analysis.errors import FitError
from analysis.inference.imputations import Pooled
from analysis.models.endemic_epidemic import (
    EndemicEpidemic,
    EndemicEpidemicResults,
    Predictor,
    decompose,
    eigenvalue_table,
)
from analysis.models.endemic_epidemic.eigenvalue import (
    PooledEigenvalue,
    dominant_eigenvalues,
    eigenvalues_at,
    pooled_eigenvalue,
    verdicts,
)
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.rates import component_means
from tests.models.endemic_epidemic.made_counts import (
    LINE,
    TRUTH,
    UNITS,
    make_counts,
    nights,
    true_model,
)
from tests.studies import endemic_epidemic_coverage


@pytest.fixture(scope="module")
def found():
    return EndemicEpidemic(make_counts(300), LINE, end=Predictor(trend=True)).fit()


def test_the_truth_is_recovered_and_covered():
    """40 records: mean errors within 4 standard errors, 95 % intervals cover 190 of 200 or so."""
    truth = true_model(200)
    errors, covered = [], []
    for counts in truth.simulate(40, 8):
        frame = pd.DataFrame(counts, nights(200), UNITS)
        fit = EndemicEpidemic(frame, LINE, end=Predictor(trend=True)).fit()
        target = pd.Series(TRUTH)[fit.params.index]
        errors.append((fit.params - target) / fit.bse)
        limits = fit.conf_int()
        covered.append((limits["lower"] <= target) & (target <= limits["upper"]))
    assert np.abs(np.mean(errors, axis=0)).max() < 4 / np.sqrt(40)
    assert 0.9 <= np.mean(covered) <= 0.985


def test_simulated_counts_have_the_mean_and_spread_of_the_model():
    fixed = true_model(60)
    paths = fixed.simulate(4000, 3)
    assert paths.shape == (4000, 60, 5)
    assert (paths == np.round(paths)).all()
    rates = fixed.rates
    mean = np.full(5, 4.0)  # the first row is that of the record
    for row in range(1, 60):
        mean = rates.mean(row, mean[np.newaxis])
    spread = paths[:, -1].std(axis=0) / np.sqrt(4000)
    assert (np.abs(paths[:, -1].mean(axis=0) - mean) < 4.5 * spread).all()
    second = paths[:, 1]
    expected = rates.mean(1, np.full((1, 5), 4.0))
    assert_allclose(second.var(axis=0), expected + 0.3 * expected**2, rtol=0.15)


def test_simulations_repeat_and_run_away_into_nan():
    fixed = true_model(30)
    assert_allclose(fixed.simulate(2, 5), fixed.simulate(2, 5))
    explosive = dict(TRUTH, **{"ar.intercept": 1.0})
    blank = pd.DataFrame(4.0, nights(60), UNITS)
    wild = EndemicEpidemic(blank, LINE, end=Predictor(trend=True)).fix(explosive).simulate(3, 1)
    assert np.isnan(wild[:, -1]).all()
    assert np.isfinite(wild[:, 5]).all()


def test_residuals_summary_and_glance(found):
    pearson = found.residuals("pearson")
    assert pearson.shape == found.endog.shape
    assert pearson.iloc[0].isna().all()
    assert pearson.iloc[1:].to_numpy().var() == pytest.approx(1, rel=0.1)
    quantile = found.residuals("quantile", rng=1).iloc[1:].to_numpy().ravel()
    assert abs(quantile.mean()) < 0.1
    assert quantile.std() == pytest.approx(1, abs=0.08)
    tidy = found.tidy(0.9)
    assert tidy["term"].tolist() == list(TRUTH)
    assert (tidy["level"] == 0.9).all()
    assert found.glance()["dispersion"].item() == pytest.approx(
        np.exp(found.params["log_dispersion"])
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.llf = 0.0


def test_the_plot_stacks_the_fitted_means(found):
    ax = found.plot()
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == [
        "background",
        "neighbours' claims of the night before",
        "own claims of the night before",
        "claimed that night",
    ]
    top = max(path.vertices[:, 1].max() for c in ax.collections for path in c.get_paths())
    assert top == pytest.approx(found.fittedvalues.sum(axis=1).max())
    assert found.plot(ax) is ax


def test_the_first_forecast_is_the_law_of_the_model(found):
    forecast = found.get_forecast(3, draws=200, parameter_uncertainty=False)
    assert forecast.shape == (3, 5)
    assert forecast.nights[0] == found.endog.index[-1] + pd.Timedelta(days=1)
    assert list(forecast.regions) == UNITS
    longer = pd.concat([found.endog, found.endog.iloc[[-1]].set_axis(forecast.nights[:1])])
    again = EndemicEpidemic(longer, LINE, end=Predictor(trend=True)).fix(found.params)
    assert_allclose(forecast.mean[0], again.fittedvalues.iloc[-1], rtol=1e-12)
    assert_allclose(
        forecast.variance[0], forecast.mean[0] * (1 + found.dispersion * forecast.mean[0])
    )


def test_later_forecasts_have_the_mean_of_the_recursion(found):
    forecast = found.get_forecast(5, draws=4000, parameter_uncertainty=False, rng=2)
    shifted = found.endog.iloc[-1].to_numpy()
    ar, ne, end = (np.exp(found.params[f"{part}.intercept"]) for part in ("ar", "ne", "end"))
    for step in range(5):
        end_now = end * np.exp(found.params["end.trend"] * (300 + step) / 30)
        shifted = ar * shifted + ne * shifted @ found.rates.weights + end_now
        assert_allclose(forecast.mean[step], shifted, rtol=0.05)


def test_forecasts_cross_gaps_at_the_end_and_smooth_trends_stay(found):
    gaps = found.endog.copy()
    gaps.iloc[-2:, 1] = np.nan
    gaps.iloc[-1, 3] = np.nan
    fit = EndemicEpidemic(gaps, LINE, end=Predictor(knots_every=60, weekday=True)).fit()
    forecast = fit.get_forecast(2, draws=300, parameter_uncertainty=False)
    assert np.isfinite(forecast.mean).all()
    assert (forecast.variance[0] > 0).all()
    mean = forecast.mean[0, 1]
    assert forecast.variance[0, 1] > mean + fit.dispersion * mean**2  # not known: more spread
    uncertain = fit.get_forecast(2, draws=300)
    assert np.isfinite(uncertain.mean).all()
    assert uncertain.components.mean[:, 0].std(axis=0).max() > forecast.components.mean[
        :, 0, 0
    ].std(axis=0)


def test_forecasts_that_cannot_be_made_are_refused(found):
    with pytest.raises(FitError, match="horizon is 0"):
        found.get_forecast(0)
    wind = pd.Series(1.0 + np.arange(300) % 3, found.endog.index)
    fit = EndemicEpidemic(found.endog, LINE, end=Predictor(covariates={"wind": wind})).fit()
    with pytest.raises(FitError, match=r"wind of end is missing or infinite .* on 10 of 10"):
        fit.get_forecast(2)
    explosive = dict(TRUTH, **{"ar.intercept": 2.0})
    wild = EndemicEpidemic(found.endog, LINE, end=Predictor(trend=True)).fix(explosive)
    with pytest.raises(FitError, match="simulated counts pass 1e\\+08"):
        wild.get_forecast(30, draws=5)
    with pytest.raises(FitError, match=r"first is 1. Give a whole number of at least 2"):
        found.one_step_ahead(1)
    with pytest.raises(FitError, match="refits is 'all'"):
        found.one_step_ahead(100, "all")


def test_one_step_ahead_in_sample_is_the_fit(found):
    ahead = found.one_step_ahead(280, "final")
    assert_allclose(ahead.mean, found.fittedvalues.iloc[280:])
    gap = found.endog.copy()
    gap.iloc[285] = np.nan
    left_out = EndemicEpidemic(gap, LINE, end=Predictor(trend=True)).fit()
    nights_told = left_out.one_step_ahead(280, "first").nights
    assert gap.index[286] not in nights_told
    assert gap.index[285] in nights_told
    refit = EndemicEpidemic(gap.iloc[:284], LINE, end=Predictor(trend=True)).fit()
    rolled = left_out.one_step_ahead(283, "rolling")
    assert_allclose(rolled.alpha[1], refit.dispersion, rtol=1e-6)


def test_shares_add_up_and_their_intervals_hold_them(found):
    whole = found.decomposition()
    assert whole["component"].tolist() == ["ar", "ne", "end"]
    assert whole["share"].sum() == pytest.approx(1)
    assert ((whole["lower"] < whole["share"]) & (whole["share"] < whole["upper"])).all()
    parts = component_means(found.assembly, found.rates)
    total = sum(np.nansum(part) for part in parts.values())
    assert whole["share"].iloc[0] == pytest.approx(np.nansum(parts["ar"]) / total)
    by_unit = found.decomposition("unit", draws=0)
    assert by_unit.groupby("unit")["share"].sum().to_numpy() == pytest.approx(1)
    assert set(by_unit["unit"]) == set(UNITS)
    by_month = found.decomposition("month", draws=20)
    assert by_month["month"].iloc[0] == pd.Timestamp("2024-07-01")
    with pytest.raises(FitError, match="by is 'week'"):
        found.decomposition("week")
    fixed = EndemicEpidemic(found.endog, LINE, end=Predictor(trend=True)).fix(found.params)
    assert "lower" not in fixed.decomposition()


def test_the_share_of_a_part_near_zero_has_no_wild_interval():
    """Its logarithm has an error of tens; drawn on that scale the part would swallow all."""
    rng = np.random.default_rng(13)
    counts = pd.DataFrame(rng.poisson(3.0, (120, 5)), nights(120), UNITS)
    tiny = EndemicEpidemic(counts, LINE, family="poisson").fit()
    shares = tiny.decomposition().set_index("component")
    assert shares.loc["end", "lower"] > 0.5
    assert shares.loc["ar", "upper"] < 0.35


def test_the_eigenvalue_is_that_of_the_mean_matrix():
    fixed = true_model(10)
    rates = fixed.rates
    carried = rates.transition()[0]
    assert_allclose(carried, 0.4 * np.eye(5) + 0.3 * rates.weights.T)
    # Row-normalised weights hand every count on once, so the two parts add up.
    assert_allclose(dominant_eigenvalues(rates), 0.7, rtol=1e-9)
    only = EndemicEpidemic(fixed.endog).fix(
        {"ar.intercept": np.log(0.4), "end.intercept": 0.0, "log_dispersion": 0.0}
    )
    assert_allclose(dominant_eigenvalues(only.rates), 0.4)
    alone = EndemicEpidemic(fixed.endog, ar=None).fix({"end.intercept": 0.0, "log_dispersion": 0.0})
    assert_allclose(dominant_eigenvalues(alone.rates), 0.0)


def test_the_eigenvalue_moves_with_the_predictors_and_lags():
    counts = make_counts(60)
    weekly = EndemicEpidemic(counts, ar=Predictor(weekday=True)).fit()
    by_day = pd.Series(dominant_eigenvalues(weekly.rates), counts.index)
    assert by_day.groupby(counts.index.day_of_week).nunique().max() == 1
    assert by_day.nunique() == 7
    lagged = EndemicEpidemic(counts, ar=Predictor(lag=3)).fix(
        {"ar.intercept": np.log(0.512), "end.intercept": 0.0, "log_dispersion": 0.0}
    )
    assert_allclose(dominant_eigenvalues(lagged.rates), 0.8)  # 0.8 ** 3


def test_the_eigenvalue_stands_with_and_without_a_smooth_trend():
    """A background that moves and is not told so looks like memory."""
    n = 240
    counts = pd.DataFrame(index=nights(n), columns=UNITS, dtype=float)
    rng = np.random.default_rng(2)
    level = 8 * np.exp(np.sin(2 * np.pi * np.arange(n) / 240))
    for unit in UNITS:
        counts[unit] = rng.negative_binomial(3, 3 / (3 + level))
    table = EndemicEpidemic(counts, LINE).fit().eigenvalue(replicates=39)
    assert table.groupby("trend").size().to_dict() == {"none": n, "smooth": n}
    last = table.groupby("trend").last()
    assert last.loc["none", "eigenvalue"] > 0.6
    assert last.loc["smooth", "eigenvalue"] < 0.2
    assert last.loc["smooth", "aic"] < last.loc["none", "aic"]
    assert (last["lower"] <= last["eigenvalue"]).all()
    assert (last["eigenvalue"] <= last["upper"]).all()
    again = EndemicEpidemic(counts, LINE).fit().eigenvalue(replicates=39)
    pd.testing.assert_frame_equal(table, again)
    with pytest.raises(FitError, match="replicates 5"):
        EndemicEpidemic(counts, LINE).fit().eigenvalue(replicates=5)


def test_log_intervals_take_the_bias_of_the_bootstrap_off():
    logs = Pooled(np.log([0.8]), np.array([0.05**2]), np.array([np.inf]), np.array([0.3]))
    made = PooledEigenvalue(
        np.array([[0.7], [0.64 / 0.7]]),
        np.array([[0.1], [0.2], [0.3]]),
        np.array([False]),
        logs,
        np.array([-0.1]),
    )
    lower, upper = made.interval(0.95)
    half = 1.959964 * 0.05
    assert_allclose([lower[0], upper[0]], 0.8 * np.exp([0.1 - half, 0.1 + half]), rtol=1e-6)
    assert_allclose([made.estimate[0], made.allocation_share[0]], [0.8, 0.3])
    near = dataclasses.replace(made, near_zero=np.array([True]))
    assert_allclose(np.ravel(near.interval(0.5)), [0.15, 0.25])
    assert_allclose(near.estimate, np.mean(made.found))
    gone = dataclasses.replace(near, found=np.array([[0.2], [0.0]]))
    assert gone.interval(0.5)[0][0] == 0.0


def test_far_from_zero_a_component_at_nothing_still_asks_for_drawn_parameters():
    """A bootstrap from such a fit never sees the component above 0."""
    index = pd.RangeIndex(180)
    level = pd.DataFrame(4.0, index, UNITS)
    truth = {"ar.intercept": np.log(0.6), "ne.intercept": -np.inf}
    truth |= {"end.intercept": 0.5, "log_dispersion": np.log(0.3)}
    law = EndemicEpidemic(level, LINE).fix(truth)
    fits = [
        EndemicEpidemic(pd.DataFrame(counts, index, UNITS), LINE).fit()
        for counts in law.simulate(4, 0)
    ]
    held = [fit for fit in fits if "ne.intercept" in fit.at_bound]
    assert held
    pooled = pooled_eigenvalue(held[:1], 19, np.random.default_rng(1))
    assert pooled.drawn[:, 0].mean() > 8 * pooled.drawn[:, 0].std()
    assert pooled.near_zero.all()
    lower, upper = pooled.interval(0.95)
    assert lower[0] < 0.6 < upper[0]
    # Draws with neighbours lie above the estimate without them.
    assert pooled.drawn[:, 0].mean() > pooled.estimate[0]


def test_a_component_estimated_at_nothing_may_still_be_there():
    """Its rate is drawn from what the likelihood leaves it, not held at 0."""
    rng = np.random.default_rng(3)
    counts = pd.DataFrame(rng.poisson(3.0, (120, 5)), nights(120), UNITS)
    fit = EndemicEpidemic(counts, LINE, family="poisson").fit()
    assert "ne.intercept" in fit.at_bound
    at = list(fit.params.index).index("ne.intercept")
    draws = draw_theta(fit, 4000, np.random.default_rng(1))
    rates = np.exp([theta[at] for theta in draws])
    # The likelihood of the rate itself, the other coefficients at their best.
    grid = np.linspace(0, 0.4, 81)
    heights = np.array([highest_with(rate, fit.assembly, fit.rates.weights) for rate in grid])
    law = np.exp(heights - heights.max())
    assert rates.mean() == pytest.approx((grid * law).sum() / law.sum(), rel=0.15)
    # What the neighbours might bring, the background then does not.
    background = [theta[list(fit.params.index).index("end.intercept")] for theta in draws]
    assert np.corrcoef(rates, np.exp(background))[0, 1] < -0.2
    shares = fit.decomposition(draws=400).set_index("component")
    assert shares.loc["ne", "share"] == 0.0
    assert 0.02 < shares.loc["ne", "upper"] < 0.3


def highest_with(rate, assembly, weights):
    """Poisson log-likelihood at a rate of the neighbours, on a grid of the other two."""
    seen, past = assembly.seen, assembly.past
    counts, own, near = assembly.observed[seen], past["ar"][seen], (past["ne"] @ weights)[seen]
    means = (
        ar * own + rate * near + end
        for ar in np.linspace(0.0, 0.25, 26)
        for end in np.linspace(1.8, 3.2, 29)
    )
    return max(poisson.logpmf(counts, mean).sum() for mean in means)


def test_rows_with_other_columns_have_eigenvalues_of_their_own():
    counts = make_counts(60)
    weekly = EndemicEpidemic(counts, LINE, ar=Predictor(weekday=True)).fit()
    found = eigenvalues_at(weekly, [weekly.theta, weekly.theta])
    assert_allclose(found, np.tile(dominant_eigenvalues(weekly.rates), (2, 1)))
    alone = EndemicEpidemic(counts, ar=None).fit()
    assert_allclose(eigenvalues_at(alone, [alone.theta]), np.zeros((1, 60)))


@pytest.fixture(scope="module")
def fits():
    """Fits to four draws of a record in which some counts are open between neighbours."""
    counts, made = make_counts(150), []
    for draw in range(4):
        moved = counts.copy()
        rng = np.random.default_rng(draw)
        shift = rng.binomial(moved.iloc[:, 0].astype(int), 0.5)
        moved.iloc[:, 0] -= shift
        moved.iloc[:, 3] += shift
        made.append(EndemicEpidemic(moved, LINE).fit())
    return made


def test_equal_fits_pool_to_one_of_them(fits):
    one, several = fits[0], [fits[0]] * 3
    assert_allclose(
        decompose(several, "month", draws=0)["share"], decompose([one], "month", draws=0)["share"]
    )
    single, pooled = (pooled_eigenvalue(x, 150, np.random.default_rng(1)) for x in ([one], several))
    assert_allclose(pooled.estimate, single.estimate)
    assert_allclose(pooled.allocation_share, 0.0, atol=1e-12)
    assert_allclose(pooled.interval(0.95), single.interval(0.95), rtol=0.15)


def test_what_lies_between_draws_widens_what_they_say_together(fits):
    table = decompose(fits, draws=2000).set_index("component")
    each = pd.DataFrame([fit.decomposition(draws=0)["share"] for fit in fits])
    assert_allclose(table["share"], each.mean())
    one = decompose(fits[:1], draws=2000).set_index("component")
    width, alone = table["upper"] - table["lower"], one["upper"] - one["lower"]
    assert width["ar"] > alone["ar"]
    pooled = pooled_eigenvalue(fits, 120, np.random.default_rng(2))
    logs = np.log([dominant_eigenvalues(fit.rates)[0] for fit in fits])
    assert not pooled.near_zero.any()
    assert pooled.estimate[0] == pytest.approx(np.exp(logs.mean()))
    between = pooled.logs.variance[0] * pooled.allocation_share[0]
    assert between == pytest.approx(1.25 * logs.var(ddof=1))
    rows = eigenvalue_table(fits, replicates=40).groupby("trend").first()
    assert rows["allocation_share"].between(0.01, 0.99).all()
    assert "aic" not in rows
    with pytest.raises(FitError, match="replicates 19 for 8 fits"):
        eigenvalue_table(fits * 2, replicates=19)


@pytest.mark.parametrize(
    ("over", "told"),
    [(14 * [1.01], 14), (13 * [1.01], 0), (14 * [1.0], 0), ([*13 * [1.2], 0.9, *14 * [1.2]], 14)],
)
def test_above_one_takes_fourteen_windows_running(over, told):
    assert verdicts(np.array(over)).count("above 1") == told
    assert set(verdicts(np.array(over))) <= {"above 1", "not shown to exceed 1"}


def test_the_committed_study_covers_as_it_says():
    path = Path(endemic_epidemic_coverage.__file__).with_name("endemic_epidemic_coverage.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(endemic_epidemic_coverage.committed()) == list(
        range(len(endemic_epidemic_coverage.CASES))
    )
    for row in rows:
        assert int(row["failed"]) <= 4
        assert int(row["runs"]) >= 400
        assert 0.925 <= float(row["params"]) <= 0.975
        assert 0.925 <= float(row["eigenvalue"]) <= 0.975
        shares = [float(value) for name, value in row.items() if name.startswith("shares")]
        # Some hold less than they say, and the documentation how much.
        words = " ".join((EndemicEpidemicResults.decomposition.__doc__ or "").split())
        if row["fit"] == "per-unit":
            told = f"{100 * min(shares):.1f} to {100 * max(shares):.1f} % at 0.6 with a background"
            assert told in words
        else:
            assert min(shares) >= (0.915 if float(row["eigenvalue_true"]) >= 0.9 else 0.925)
        assert max(shares) <= 0.99
        # Near 0 the mean of logs says little.
        assert float(row["eigenvalue_true"]) < 0.5 or abs(float(row["bias"])) < 0.03
