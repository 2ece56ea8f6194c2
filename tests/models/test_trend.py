"""The trend: against statsmodels, recovery, measured coverage, honest limits, words of errors."""

import csv
import pickle
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t

from analysis.errors import FitError
from analysis.inference.fixed_b import fixed_b_law, fixed_b_quantile, linear_trend_laws
from analysis.inference.hac import default_bandwidth
from analysis.models import TrendResults, fit_trend
from analysis.models.period import first_covered
from analysis.models.trend import MEASURED_COVERAGE
from analysis.models.trend.log_linear import fit_log_linear
from tests.studies.trend_coverage import fit_together, measure, simulate

NUMBERS = ("phi", "alpha", "nights", "gaps", "runs", "growth", "intercept", "plain_growth")
STUDY = Path(__file__).parents[1] / "studies" / "trend_coverage.csv"


def nights(n, first="2024-01-01"):
    return pd.date_range(first, periods=n, name="night")


def growing(n=300, growth=0.1, alpha=0.2, seed=1, first_mean=20):
    rng = np.random.default_rng(seed)
    mean = first_mean * np.exp(growth * np.arange(n) / 30)
    size = 1 / alpha
    return pd.Series(rng.negative_binomial(size, size / (size + mean)).astype(float), nights(n))


def totals(series, states=None):
    """Frame of nightly_totals around a series."""
    states = ["exact"] * len(series) if states is None else states
    return pd.DataFrame(
        {
            "night": series.index,
            "state": pd.array(states, dtype="str"),
            "expected": series.to_numpy(),
        }
    )


@pytest.fixture(scope="module")
def fit():
    return fit_trend(growing())


# Against statsmodels ------------------------------------------------------------------------


@pytest.mark.parametrize("bandwidth", [1, 8, 45])
def test_agrees_with_glm_and_hac_of_statsmodels(bandwidth):
    import statsmodels.api as sm
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    series = growing()
    ours = fit_trend(series, bandwidth=bandwidth, prewhiten=False)
    design = sm.add_constant(np.arange(len(series)) / 30)
    family = sm.families.NegativeBinomial(alpha=ours.dispersion)
    theirs = sm.GLM(series.to_numpy(), design, family=family).fit(tol=1e-12)
    assert_allclose(ours.params, theirs.params, rtol=1e-7)
    # The bread is the expected information, as in R; statsmodels' own HAC takes the observed.
    bread = np.linalg.inv(-theirs.model.hessian(theirs.params, observed=False))
    scores = theirs.model.score_obs(theirs.params)
    cov = bread @ S_hac_simple(scores, nlags=bandwidth - 1) @ bread
    assert_allclose(ours.cov, cov, rtol=1e-6)
    observed = sm.GLM(series.to_numpy(), design, family).fit(
        cov_type="HAC", cov_kwds={"maxlags": bandwidth - 1, "use_correction": False}
    )
    assert_allclose(ours.bse, observed.bse, rtol=0.05)
    assert_allclose(ours.fittedvalues, theirs.fittedvalues, rtol=1e-7)
    assert_allclose(ours.llf, theirs.llf, rtol=1e-9)


def test_dispersion_agrees_with_maximum_likelihood_of_statsmodels(fit):
    from statsmodels.discrete.discrete_model import NegativeBinomial

    series = growing()
    design = np.column_stack([np.ones(len(series)), np.arange(len(series)) / 30])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = [*fit.params, fit.dispersion]
        theirs = NegativeBinomial(series.to_numpy(), design).fit(
            start_params=start, disp=False, method="newton", tol=1e-12
        )
    assert_allclose([*fit.params, fit.dispersion], theirs.params, rtol=1e-5)
    assert_allclose(fit.llf, theirs.llf, rtol=1e-10)


def test_default_bandwidth_and_prewhitening_are_used(fit):
    assert fit.bandwidth == default_bandwidth(300) == 45
    plain = fit_trend(growing(), prewhiten=False)
    assert plain.bandwidth == 45
    assert fit.bse["growth"] != plain.bse["growth"]


# Recovery and coverage ---------------------------------------------------------------------------


def test_recovers_simulated_growth_and_dispersion():
    fits = [fit_trend(growing(n=400, growth=0.08, alpha=0.3, seed=s)) for s in range(40)]
    errors = np.array([fit.params["growth"] for fit in fits]) - 0.08
    assert abs(errors.mean()) < 4 * errors.std(ddof=1) / np.sqrt(40)
    dispersions = np.array([fit.dispersion for fit in fits])
    assert abs(dispersions.mean() - 0.3) < 4 * dispersions.std(ddof=1) / np.sqrt(40) + 0.005


@pytest.fixture(scope="module")
def study():
    with STUDY.open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(csv.DictReader(file)).astype(dict.fromkeys(NUMBERS, float))


def test_measured_coverage_is_within_the_bar(study):
    usual = study[study["nights"].isin([200, 600])]
    assert (usual["runs"] == 4000).all()
    cases = usual[usual["gaps"] == 0].groupby(["phi", "alpha", "nights"]).size()
    assert len(cases) == 16
    moderate = usual[usual["phi"] <= 0.6]
    assert moderate[["growth", "intercept"]].ge(0.925).all(axis=None)
    assert moderate[["growth", "intercept"]].le(0.975).all(axis=None)


def test_what_is_said_about_coverage_is_what_was_measured(study):
    usual = study[study["nights"].isin([200, 600])]
    said = []
    for part in (usual[usual["phi"] <= 0.6], usual[usual["phi"] == 0.8]):
        low, high = 100 * part["growth"].min(), 100 * part["growth"].max()
        said += [f"{low:.1f}", f"{high:.1f}"]
    assert re.findall(r"\d\d\.\d", MEASURED_COVERAGE) == said
    words = fit_trend.__doc__
    assert f"{said[0]} to {said[1]} %" in words
    assert f"{said[2]} to {said[3]} %" in words


def test_fits_of_the_study_are_those_one_by_one():
    counts = simulate("latent", 0.6, 0.3, 200, 6, np.random.default_rng(2))
    for series, many in zip(counts, fit_together(counts), strict=True):
        one = fit_log_linear(series)
        assert_allclose(many.coef, one.coef, atol=1e-8)
        assert many.dispersion == pytest.approx(one.dispersion, rel=1e-6)


def test_coverage_in_a_small_repetition_of_the_study():
    """300 runs: a standard error of 1.3 points around the study's 94.6 %."""
    covered, level, plain, _ = measure("copula", 0.6, 0.3, 200, 0.0, 300, np.random.default_rng(8))
    assert 0.905 <= covered <= 0.985
    assert 0.905 <= level <= 0.985
    assert plain < covered


def test_the_simulated_truth_is_what_it_says():
    rng = np.random.default_rng(4)
    for law in ("copula", "latent"):
        counts = simulate(law, 0.6, 0.3, 60, 4_000, rng)
        mean = 20 * np.exp(np.log(1.1) * np.arange(60) / 30)
        assert_allclose(counts.mean(axis=0) / mean, 1.0, atol=0.06)
        correlation = np.corrcoef(counts[:, 30], counts[:, 31])[0, 1]
        assert (0.5 if law == "copula" else 0.15) < correlation < 0.65
    copula = simulate("copula", 0.6, 0.3, 60, 4_000, rng)[:, 0]
    assert copula.var() == pytest.approx(20 + 0.3 * 400, rel=0.12)


# Results ------------------------------------------------------------------------------------------


def test_tables_have_plain_columns_whatever_the_level(fit):
    for table in (fit.conf_int(0.8), fit.summary(0.8), fit.conf_int(), fit.summary()):
        assert list(table.columns) == ["estimate", "lower", "upper", "level"]
    assert (fit.conf_int(0.8)["level"] == 0.8).all()
    assert list(fit.conf_int().index) == ["intercept", "growth"]
    assert list(fit.bse.index) == list(fit.params.index) == ["intercept", "growth"]
    narrow, wide = fit.conf_int(0.5).loc["growth"], fit.conf_int(0.99).loc["growth"]
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]
    assert list(fit.tidy()["term"]) == ["intercept", "growth"]
    assert fit.glance()["nobs"].to_list() == [300]


def test_interval_is_the_fixed_b_quantile_times_the_error(fit):
    row = fit.conf_int(0.95).loc["growth"]
    lost = np.sqrt(300 / 298)  # of the errors, in two coefficients
    half = lost * fixed_b_quantile(0.975, 45 / 300, "growth") * fit.bse["growth"]
    assert_allclose([row["lower"], row["upper"]], fit.params["growth"] + half * np.array([-1, 1]))
    row = fit.conf_int(0.95).loc["intercept"]
    half = lost * fixed_b_quantile(0.975, 45 / 300, "intercept") * fit.bse["intercept"]
    assert_allclose(row["upper"] - row["lower"], 2 * half)


def test_summary_is_in_the_units_people_read(fit):
    table = fit.summary()
    growth = fit.params["growth"]
    assert table.loc["growth_per_30_nights", "estimate"] == pytest.approx(np.exp(growth) - 1)
    assert fit.growth == pytest.approx(np.exp(growth) - 1)
    assert fit.doubling_time == pytest.approx(30 * np.log(2) / growth)
    row = table.loc["doubling_nights"]
    assert row["lower"] < row["estimate"] < row["upper"]
    # The fitted mean does double in that time.
    ratio = fit.fittedvalues.iloc[30] / fit.fittedvalues.iloc[0]
    assert ratio == pytest.approx(1 + fit.growth)
    assert table.loc["mean_first_night", "estimate"] == pytest.approx(fit.fittedvalues.iloc[0])


def test_results_are_frozen_and_pickle(fit):
    assert isinstance(fit, TrendResults)
    with pytest.raises(AttributeError):
        fit.params = 3
    pd.testing.assert_series_equal(pickle.loads(pickle.dumps(fit)).params, fit.params)


def test_plot_draws_on_the_axes_it_is_given(fit):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert fit.plot(ax) is ax
    observed, fitted = ax.lines
    assert_allclose(observed.get_ydata(), fit.observed)
    assert_allclose(fitted.get_ydata(), fit.fittedvalues)
    assert "Claimed" in ax.get_ylabel()
    assert fit.plot().figure is not ax.figure


def test_interval_through_zero_changes_the_sign_of_the_doubling_time():
    rng = np.random.default_rng(2)
    result = fit_trend(pd.Series(rng.poisson(5, 60) * 1.0, nights(60)))
    growth, doubling = (
        result.summary().loc[name] for name in ("growth_per_30_nights", "doubling_nights")
    )
    assert growth["lower"] < 0 < growth["upper"]
    assert doubling["lower"] > 0 > doubling["upper"]
    assert doubling["lower"] == pytest.approx(30 * np.log(2) / np.log1p(growth["upper"]))
    words = result.words()
    assert "through no change" in words
    assert f"doubling every {doubling['lower']:.0f} nights" in words
    assert f"halving every {-doubling['upper']:.0f} nights" in words
    assert 0.0001 <= result.p_growth <= 0.9999


def test_decline_is_told_as_halving():
    result = fit_trend(growing(growth=-0.2, first_mean=400))
    row = result.summary().loc["doubling_nights"]
    assert row["upper"] < 0
    assert result.doubling_time < 0
    assert result.words().startswith("Decline of")
    low, high = sorted(round(-row[name]) for name in ("lower", "upper"))
    assert f"the mean halves every {-result.doubling_time:.0f} nights (every {low} to {high})" in (
        result.words()
    )
    assert result.p_growth < 0.01


def test_constant_counts_are_no_growth():
    result = fit_trend(pd.Series(7.0, nights(90)))
    assert result.growth == 0.0
    assert result.dispersion == 0.0
    assert result.doubling_time == np.inf
    assert result.p_growth == 0.5
    assert result.summary().loc["growth_per_30_nights", ["lower", "upper"]].to_list() == [0, 0]
    assert result.words().startswith("No growth per 30 nights")


def test_poisson_counts_may_have_dispersion_exactly_zero():
    rng = np.random.default_rng(12)
    found = [
        fit_trend(pd.Series(rng.poisson(6, 80) * 1.0, nights(80))).dispersion for _ in range(9)
    ]
    assert 0.0 in found
    assert min(found) >= 0


# Which nights enter -------------------------------------------------------------------------------


def test_nights_without_numbers_are_left_out_and_counted_not_taken_as_zero():
    series = growing(n=200)
    holes = series.copy()
    holes.iloc[[50, 51, 120]] = np.nan
    result = fit_trend(holes, start=holes.index[0])
    assert (result.nobs, result.n_left_out) == (197, 3)
    skipped = fit_trend(holes.dropna(), start=holes.index[0])
    assert_allclose(skipped.params, result.params)
    assert_allclose(skipped.cov, result.cov)
    assert skipped.n_left_out == 3
    zeros = fit_trend(holes.fillna(0.0))
    assert zeros.nobs == 200
    assert zeros.dispersion > result.dispersion


def test_a_night_left_out_keeps_its_place_in_time_and_adds_nothing():
    series = growing(n=120)
    series.iloc[[30, 31, 70]] = np.nan
    result = fit_trend(series, start=series.index[0], bandwidth=5, prewhiten=False)
    time = np.arange(120) / 30
    seen = series.notna().to_numpy()
    design = np.column_stack([np.ones(120), time])[seen]
    mean = np.exp(design @ result.params.to_numpy())
    spread = 1 + result.dispersion * mean
    bread = np.linalg.inv(design.T @ (design * (mean / spread)[:, np.newaxis]))
    score = design * ((series[seen].to_numpy() - mean) / spread)[:, np.newaxis] @ bread
    days = np.flatnonzero(seen)
    weights = np.clip(1 - np.abs(np.subtract.outer(days, days)) / 5, 0, None)
    assert_allclose(result.cov, score.T @ weights @ score, rtol=1e-9)


def test_both_readings_of_silence_on_a_frame():
    series = growing(n=200)
    states = np.array(["exact"] * 200, dtype=object)
    states[[20, 90]], states[[21, 91]], states[[30, 31]] = "silent", "missing", "bounded"
    series[(states == "silent") | (states == "missing")] = np.nan
    frame = totals(series, states)
    left_out = fit_trend(frame, silence="missing", start="2024-01-01")
    zero = fit_trend(frame, silence="zero", start="2024-01-01")
    assert (left_out.nobs, left_out.n_left_out, left_out.n_bounded) == (196, 4, 2)
    assert (zero.nobs, zero.n_left_out) == (198, 2)
    assert zero.observed.iloc[20] == 0.0
    assert np.isnan(zero.observed.iloc[21])
    # A panel that was built with silence="zero" says 0 itself; "missing" takes it back.
    given = frame.assign(expected=frame["expected"].where(frame["state"] != "silent", 0.0))
    assert_allclose(fit_trend(given, start="2024-01-01").params, zero.params)
    assert_allclose(fit_trend(given, silence="missing", start="2024-01-01").params, left_out.params)
    assert left_out.silence == "missing"


def test_a_bounded_night_enters_with_its_expectation():
    series = growing(n=100)
    series.iloc[40] = 12.75
    assert fit_trend(series).observed.iloc[40] == 12.75


def test_default_period_starts_where_coverage_stays_high():
    published = np.ones(300, dtype=bool)
    published[:100:2] = False
    published[99] = False
    assert first_covered(published) == 100
    series = growing(n=300).where(published)
    assert fit_trend(series).start == series.index[100]
    # The same period whatever the reading of silence.
    frame = totals(series, np.where(published, "exact", "silent"))
    starts = {fit_trend(frame, silence=reading).start for reading in ("missing", "zero")}
    assert starts == {series.index[100]}
    assert fit_trend(series, start=series.index[7], end="2024-06-30").end == pd.Timestamp(
        "2024-06-30"
    )


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([0], 1, id="starts-on-a-published-night"),
        pytest.param([10], 0, id="one-in-thirty"),
        pytest.param([10, 20], 11, id="two-in-thirty"),
        pytest.param([200, 201, 202, 203], 0, id="short-gap-later"),
        pytest.param(list(range(270, 300)), None, id="bad-end"),
        pytest.param(list(range(0, 300, 2)), None, id="never"),
    ],
)
def test_first_covered_night(gaps, expected):
    published = np.ones(300, dtype=bool)
    published[gaps] = False
    assert first_covered(published) == expected


def test_without_a_covered_period_the_first_number_begins_it():
    series = growing(n=200)
    series.iloc[[0, 1]] = np.nan
    series.iloc[3::4] = np.nan
    result = fit_trend(series)
    assert result.start == series.index[2]
    assert result.n_left_out > 0


# Errors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "says"),
    [
        pytest.param(growing(n=20), "needs 30 nights with numbers, .* has 20", id="short"),
        pytest.param(
            pd.Series(0.0, nights(50)),
            "None of the 50 nights with numbers .* have claims, a trend needs 10",
            id="zeros",
        ),
        pytest.param(pd.Series(np.nan, nights(50)), "None of the 50 nights", id="nan"),
        pytest.param(
            growing(n=40) - 1000, r"40 counts are negative .*2024-01-05 and 35 more", id="negative"
        ),
        pytest.param(growing(n=40).replace(growing(n=40).iloc[5], np.inf), "infinite", id="inf"),
        pytest.param(pd.Series(1.0, range(50)), "not indexed by dates", id="no-dates"),
        pytest.param([1, 2, 3], "needs counts per night", id="list"),
        pytest.param(pd.DataFrame({"night": nights(3)}), "columns night, state", id="frame"),
        pytest.param(pd.Series(dtype=float), "empty", id="empty"),
        pytest.param(
            pd.concat([growing(n=40), growing(n=2)]),
            "2 nights occur more than once: 2024-01-01, 2024-01-02",
            id="twice",
        ),
    ],
)
def test_bad_series_are_refused_in_words(series, says):
    with pytest.raises(FitError, match=says) as caught:
        fit_trend(series)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"silence": "zero"}, "does not say which of its nights", id="series-silence"),
        pytest.param({"silence": "none"}, "silence is 'none'", id="unknown-silence"),
        pytest.param({"start": "2030-01-01"}, "No night lies between", id="outside"),
        pytest.param({"bandwidth": 0}, "bandwidth is 0 nights", id="no-bandwidth"),
        pytest.param({"bandwidth": 301}, "bandwidth is 301 nights, the period has 300", id="wide"),
    ],
)
def test_bad_options_are_refused_in_words(options, says):
    with pytest.raises(FitError, match=says):
        fit_trend(growing(), **options)


@pytest.mark.parametrize(
    ("level", "says"), [(1.5, "level is 1.5"), (0.99999, "between 0.5 and 0.9999")]
)
def test_levels_beyond_the_simulated_are_refused(fit, level, says):
    with pytest.raises(FitError, match=says):
        fit.conf_int(level)


# Draws of open counts -----------------------------------------------------------------------


def drawn(*series):
    """Frame of nightly totals with one draw per series."""
    return pd.concat([totals(one).assign(draw=d) for d, one in enumerate(series)])


def test_equal_draws_are_one_series():
    one, three = fit_trend(totals(growing())), fit_trend(drawn(*[growing()] * 3))
    assert (one.n_draws, three.n_draws) == (1, 3)
    assert_allclose(three.params, one.params, rtol=1e-12)
    assert_allclose(three.conf_int(), one.conf_int(), rtol=1e-9)
    assert three.p_growth == pytest.approx(one.p_growth)
    assert three.allocation_share.tolist() == [0.0, 0.0]
    assert_allclose(three.fittedvalues, one.fittedvalues, rtol=1e-12)
    assert np.isnan(three.llf)
    assert not np.isnan(one.llf)


@pytest.fixture(scope="module")
def differing():
    rng = np.random.default_rng(4)
    base = growing()
    return [base + rng.binomial(np.arange(300), share) for share in (0.1, 0.12, 0.15, 0.18)]


def test_draws_that_differ_are_combined_by_rubins_rules(differing):
    pooled, alone = fit_trend(drawn(*differing)), [fit_trend(one) for one in differing]
    coefs = np.array([fit.params for fit in alone])
    within = np.mean([fit.cov for fit in alone], axis=0)
    between = 1.25 * np.cov(coefs.T)
    assert_allclose(pooled.params, coefs.mean(axis=0))
    assert_allclose(pooled.cov, within + between)
    share = between[1, 1] / (within + between)[1, 1]
    assert pooled.allocation_share["growth"] == pytest.approx(share)
    complete = linear_trend_laws(pooled.bandwidth / 300, 300)[1].equivalent_df
    inside = (complete + 1) / (complete + 3) * complete * (1 - share)
    assert pooled.df["growth"] == pytest.approx(1 / (share**2 / 3 + 1 / inside))
    assert (pooled.bse > np.sqrt(np.diag(within))).all()
    assert pooled.observed.to_numpy() == pytest.approx(np.mean(differing, axis=0))
    assert pooled.dispersion == pytest.approx(np.mean([fit.dispersion for fit in alone]))
    row = pooled.glance().iloc[0]
    assert (row["n_draws"], row["allocation_share"]) == (4, pytest.approx(share))


def test_fewer_degrees_of_freedom_widen_the_interval(differing):
    pooled = fit_trend(drawn(*differing))
    b = pooled.bandwidth / 300
    law = linear_trend_laws(b, 300)[1]
    plain = pooled.bse["growth"] * law.quantile(0.975)
    wide = (pooled.conf_int()["upper"] - pooled.params)["growth"]
    ratio = t.ppf(0.975, pooled.df["growth"]) / t.ppf(0.975, law.equivalent_df)
    assert wide / plain == pytest.approx(ratio)
    assert wide > 1.02 * plain
    # The probability of growth belongs to the same law.
    level = 1 - 2 * (1 - pooled.p_growth)
    assert pooled.conf_int(level).loc["growth", "lower"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("df", [1.5, 2.5, 3.5])
def test_quantiles_and_probabilities_over_draws_are_inverse(df):
    complete = fixed_b_law(0.15, "growth")
    law = complete.widened(df)
    asked = (0.5, 0.6, 0.9, 0.975, 0.999)
    found = [law.quantile(p) for p in asked]
    assert (np.diff(found) > 0).all()
    assert all(x > complete.quantile(p) for x, p in zip(found[1:], asked[1:], strict=True))
    assert [law.probability(q) for q in found] == pytest.approx(asked, abs=1e-7)
    assert law.probability(-found[2]) == pytest.approx(0.1, abs=1e-7)
    assert law.probability(1e9) == 0.9999


def test_the_order_of_draws_and_nights_carries_no_information(differing):
    frame = drawn(*differing)
    mixed = frame.sample(frac=1, random_state=3)
    assert_allclose(fit_trend(mixed).conf_int(), fit_trend(frame).conf_int(), rtol=1e-12)


def test_draws_of_other_nights_are_refused():
    other = growing()
    other.iloc[7] = np.nan
    with pytest.raises(FitError, match="do not have their numbers on the same nights"):
        fit_trend(drawn(growing(), other))
