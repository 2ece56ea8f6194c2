"""Checks of fitted models: against statsmodels, their size, what they must notice, odd input."""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter
from scipy.stats import chi2, nbinom, norm

import analysis
from analysis.checks import checks, kpss, ljung_box
from analysis.errors import FitError
from analysis.models import Trend, fit_trend
from analysis.models.ingarch import INGARCH
from analysis.models.pooled_results import PooledResults
from analysis.models.predictive import NegBinForecast
from analysis.models.results import CountResults

NIGHTS = pd.date_range("2024-01-01", periods=300, name="night")
NOISE = np.random.default_rng(1).standard_normal(300)


def level_model(counts, mean=None, dispersion=0.0, **fields):
    """Results of a model that foretells its mean for every count of a series or frame."""
    values = counts.to_numpy(dtype=float)
    level = np.nanmean(values) if mean is None else mean
    cells = ~np.isnan(values)
    names = pd.Index(["level"])
    return CountResults(
        **{
            "endog": counts,
            "params": pd.Series([level], names),
            "cov": pd.DataFrame([[0.01]], names, names),
            "score": pd.Series(0.0, names),
            "at_bound": (),
            "llf": 0.0,
            "dispersion": dispersion,
            "fittedvalues": counts * 0 + level,
            "predicted": NegBinForecast(np.full(cells.sum(), level), dispersion),
        }
        | fields
    )


def passed(table):
    return dict(zip(table["check"], table["passed"], strict=True))


def test_ljung_box_is_that_of_statsmodels():
    from statsmodels.stats.diagnostic import acorr_ljungbox

    series = lfilter([1], [1, -0.3], NOISE)
    for lags in (1, 7, 14):
        theirs = acorr_ljungbox(series, lags=[lags])["lb_stat"].iloc[0]
        assert ljung_box(series, lags) == pytest.approx(theirs, rel=1e-12)


def test_gaps_do_not_move_ljung_box_from_its_distribution():
    rng = np.random.default_rng(2)
    found = []
    for _ in range(400):
        series = rng.standard_normal(200)
        series[rng.random(200) < 0.3] = np.nan
        found.append(ljung_box(series, 7))
    assert np.mean(found) == pytest.approx(7, abs=4 * np.sqrt(14 / 400))
    assert np.var(found) == pytest.approx(14, rel=0.4)


def test_kpss_is_that_of_statsmodels():
    import warnings

    from statsmodels.tsa.stattools import kpss as theirs

    width = int(np.ceil(12 * 3**0.25))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for series in (NOISE, np.cumsum(NOISE)):
            assert kpss(series) == pytest.approx(theirs(series, nlags=width)[0], rel=1e-12)
    assert kpss(np.ones(50)) == 0.0


def test_the_true_model_passes_as_often_as_it_should(monkeypatch):
    monkeypatch.setattr("analysis.checks.SIMULATIONS", 199)
    rng = np.random.default_rng(3)
    runs = 150
    failed = pd.Series(0, ["autocorrelation", "pit", "dispersion", "stationarity"])
    for _ in range(runs):
        counts = pd.Series(rng.poisson(4.0, 120), NIGHTS[:120]).astype(float)
        table = checks(level_model(counts, mean=4.0), rng=rng).set_index("check")
        failed += ~table.loc[failed.index, "passed"].astype(bool)
    # 5 % of 150 are 7.5; more than 17 has a chance of 0.1 %.
    assert (failed <= 17).all()
    assert failed.sum() >= 10


def test_each_check_notices_what_it_is_for():
    rng = np.random.default_rng(4)
    leaning = norm.cdf(lfilter([np.sqrt(1 - 0.25)], [1, -0.5], rng.standard_normal(300)))
    counts = pd.Series(nbinom.ppf(leaning, 5, 5 / 15), NIGHTS)
    assert not passed(checks(level_model(counts, 10.0, 0.2)))["autocorrelation"]
    scattered = pd.Series(rng.negative_binomial(5, 5 / 15, 300) * 1.0, NIGHTS)
    assert passed(checks(level_model(scattered, 10.0, 0.2)))["dispersion"]
    too_much = checks(level_model(scattered, 10.0)).set_index("check")
    assert not too_much.loc["dispersion", "passed"]
    assert not too_much.loc["pit", "passed"]
    assert too_much.loc["dispersion", "meaning"] == "counts scatter more than foretold"
    even = pd.Series(np.tile([9.0, 10.0, 11.0], 100), NIGHTS)
    too_little = checks(level_model(even)).set_index("check")
    assert not too_little.loc["dispersion", "passed"]
    assert too_little.loc["dispersion", "meaning"] == "counts scatter less than foretold"
    moved = pd.Series(rng.poisson(np.where(np.arange(300) < 150, 8, 13)) * 1.0, NIGHTS)
    assert not passed(checks(level_model(moved)))["stationarity"]


def test_a_trend_that_is_there_passes_and_one_with_a_bend_does_not():
    rng = np.random.default_rng(6)
    step = np.arange(300)
    straight = pd.Series(rng.poisson(np.exp(3 + 0.1 * step / 30)) * 1.0, NIGHTS)
    assert checks(fit_trend(straight))["passed"].all()
    bent = np.exp(3 + 0.4 * np.minimum(step, 150) / 30)
    series = pd.Series(rng.poisson(bent) * 1.0, NIGHTS)
    assert not passed(checks(fit_trend(series)))["stationarity"]
    assert passed(checks(fit_trend(series, knots=NIGHTS[150])))["stationarity"]


def test_the_worst_region_speaks_for_all():
    rng = np.random.default_rng(7)
    columns = {f"r{i}": rng.poisson(6.0, 300) * 1.0 for i in range(5)}
    fine = level_model(pd.DataFrame(columns, NIGHTS), 6.0)
    assert passed(checks(fine))["autocorrelation"]
    columns["r2"] = np.repeat(rng.poisson(6.0, 100), 3) * 1.0
    table = checks(level_model(pd.DataFrame(columns, NIGHTS), 6.0)).set_index("check")
    assert not table.loc["autocorrelation", "passed"]
    assert table.loc["pit", "passed"]


def test_p_values_are_those_of_the_statistics():
    from analysis import INGARCH

    rng = np.random.default_rng(8)
    frame = pd.DataFrame({f"r{i}": rng.poisson(6.0, 300) * 1.0 for i in range(4)}, NIGHTS)
    results = level_model(frame, 6.0)
    row = checks(results, lags=5).set_index("check").loc["autocorrelation"]
    residuals = results.residuals("quantile", np.random.default_rng(0))
    worst = max(ljung_box(residuals[name].to_numpy(), 5) for name in frame)
    assert row["statistic"] == pytest.approx(worst)
    assert row["p_value"] == pytest.approx(min(1, 4 * chi2.sf(worst, 5)))
    # Lags that were fitted take degrees of freedom.
    fitted = checks(INGARCH(frame["r0"], past_mean=()).fit()).set_index("check")
    row = fitted.loc["autocorrelation"]
    assert row["p_value"] == pytest.approx(chi2.sf(row["statistic"], 13))
    # About a line the level wanders less, so that less is allowed.
    bounds = {"level": (0.347, 0.463, 0.574, 0.739), "line": (0.119, 0.146, 0.176, 0.216)}
    models = {"level": lambda series: level_model(series, dispersion=0.02), "line": fit_trend}
    for kind, size, turn in (("level", 0.25, 40), ("line", 0.15, 30)):
        mean = np.exp(2 + size * np.sin(np.arange(300) / turn))
        wander = pd.Series(np.random.default_rng(8).poisson(mean) * 1.0, NIGHTS)
        row = checks(models[kind](wander)).set_index("check").loc["stationarity"]
        expected = np.interp(row["statistic"], bounds[kind], (0.1, 0.05, 0.025, 0.01))
        assert row["p_value"] == pytest.approx(expected)
        assert 0.01 < row["p_value"] < 0.1


def test_regions_with_hardly_a_count_are_no_further_tests():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({name: rng.poisson(6.0, 300) * 1.0 for name in ("r0", "r1", "r2")}, NIGHTS)
    frame.loc[NIGHTS[5:], "r2"] = np.nan
    row = checks(level_model(frame, 6.0), lags=5).set_index("check").loc["autocorrelation"]
    assert row["p_value"] == pytest.approx(min(1, 2 * chi2.sf(row["statistic"], 5)))


def test_stationarity_is_that_of_the_mean_residual_of_nights_with_any():
    rng = np.random.default_rng(10)
    frame = pd.DataFrame({f"r{i}": rng.poisson(6.0, 300) * 1.0 for i in range(3)}, NIGHTS)
    frame = frame.mask(rng.random((300, 3)) < 0.5)
    results = level_model(frame, 6.0)
    row = checks(results, rng=2).set_index("check").loc["stationarity"]
    residuals = results.residuals("quantile", np.random.default_rng(2))
    assert residuals.isna().all(axis=1).any()
    assert row["statistic"] == pytest.approx(kpss(residuals.mean(axis=1).dropna().to_numpy()))


@pytest.mark.parametrize("at_once", [999, 250])
def test_scatter_is_ranked_among_999_simulated_sets(monkeypatch, at_once):
    """Both tails of the rank among all sets, however many are drawn at a time."""
    monkeypatch.setattr("analysis.checks.MEMORY", 300 * at_once)
    rng = np.random.default_rng(11)
    results = level_model(pd.Series(rng.negative_binomial(90, 0.9, 300) * 1.0, NIGHTS), 10.0)
    row = checks(results, rng=3).set_index("check").loc["dispersion"]
    source = np.random.default_rng(3)
    results.residuals("quantile", source)
    sizes = [min(at_once, 999 - done) for done in range(0, 999, at_once)]
    sets = np.concatenate([results.predicted.sample(size, source) for size in sizes])
    squares = ((sets - 10.0) ** 2 / 10.0).mean(axis=1)
    found = ((results.endog - 10.0) ** 2 / 10.0).mean()
    assert row["statistic"] == pytest.approx(found)
    rank = (1 + min((squares >= found).sum(), (squares <= found).sum())) / 1000
    assert 0.01 < 2 * rank < 1
    assert row["p_value"] == pytest.approx(2 * rank)


def test_what_carries_over_whole_has_no_stationary_law():
    class Carrying(CountResults):
        persistence = 1.0

    counts = pd.Series(np.random.default_rng(9).poisson(2.0, 300) * 1.0, NIGHTS)
    plain = level_model(counts)
    fields = {name: getattr(plain, name) for name in CountResults.__dataclass_fields__}
    assert not passed(checks(Carrying(**fields)))["persistence"]


def test_a_criterion_of_the_model_is_taken_as_it_is():
    """That of a trend is about its likelihood; its errors allow for autocorrelation."""
    fit = fit_trend(pd.Series(np.random.default_rng(9).poisson(5.0, 300) * 1.0, NIGHTS))
    row = checks(fit).set_index("check").loc["maximum"]
    assert row["statistic"] == fit.criterion
    assert fit.criterion != (fit.score * fit.bse).abs().max()


def test_persistence_and_the_maximum_where_there_are_any():
    from analysis import INGARCH

    rng = np.random.default_rng(8)
    counts = pd.Series(rng.poisson(9.0, 200) * 1.0, NIGHTS[:200])
    table = checks(INGARCH(counts, past_mean=()).fit()).set_index("check")
    assert table.loc["persistence", "limit"] == 1.0
    assert table.loc["persistence", "passed"]
    assert table.loc["maximum", "statistic"] < 1e-6
    given = checks(Trend(counts).fix([2.2, 0.0], 0.0))
    assert "maximum" not in given["check"].to_list()
    assert "persistence" not in given["check"].to_list()
    short = level_model(counts, score=pd.Series([1.0], ["level"]))
    assert not passed(checks(short))["maximum"]


def test_a_seed_makes_the_table():
    results = level_model(pd.Series(np.random.default_rng(9).poisson(2.0, 300) * 1.0, NIGHTS))
    pd.testing.assert_frame_equal(checks(results), checks(results))
    assert not checks(results).equals(checks(results, rng=1))


@pytest.mark.parametrize(
    ("counts", "options", "says"),
    [
        (pd.Series(3.0, NIGHTS[:12]), {}, "12 counts were foretold, checks need 30"),
        (pd.Series(3.0, NIGHTS), {"lags": 0}, "lags is 0"),
        (
            pd.Series(3.0, NIGHTS),
            {"lags": 300},
            "lags is 300. Give a whole number of at least 1 and at most 299",
        ),
        (pd.Series(3.0, NIGHTS), {"level": 1.0}, "The level is 1.0"),
    ],
)
def test_what_cannot_be_checked_is_refused(counts, options, says):
    with pytest.raises(FitError, match=says):
        checks(level_model(counts), **options)


def test_constant_counts_and_gaps_are_checked_without_nan():
    series = pd.Series(7.0, NIGHTS)
    series.iloc[::3] = np.nan
    table = checks(fit_trend(series, start=NIGHTS[0]))
    assert table["statistic"].notna().all()
    assert not passed(table)["dispersion"]


def test_of_several_draws_the_middle_one_is_told_and_the_worst_maximum():
    rng = np.random.default_rng(5)
    counts = pd.Series(rng.poisson(6.0, 120).astype(float))
    fits = [INGARCH(counts + 2 * k * (np.arange(120) % 2)).fit() for k in range(3)]
    table = checks(PooledResults(tuple(fits)), rng=1).set_index("check")
    source = np.random.default_rng(1)
    each = [checks(fit, rng=source).set_index("check") for fit in fits]
    for check in table.index:
        found = sorted(one.loc[check, "statistic"] for one in each)
        at = 2 if check in ("maximum", "persistence") else 1
        assert table.loc[check, "statistic"] == found[at]


def test_the_module_can_be_called_like_its_function():
    counts = pd.Series(np.random.default_rng(3).poisson(8.0, 60), NIGHTS[:60])
    results = fit_trend(counts, start=counts.index[0])
    called = analysis.checks(results, lags=7)
    pd.testing.assert_frame_equal(called, checks(results, lags=7))
    with pytest.raises(TypeError):
        analysis.checks()
