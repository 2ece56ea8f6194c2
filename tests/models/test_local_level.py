"""The local level: against integrals, sums over what could have been, limits and simulated truth."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from scipy.stats import gamma, kstest, nbinom, norm, poisson

from analysis.errors import FitError
from analysis.models.local_level import LocalLevelCounts
from analysis.models.local_level.filtering import log_likelihood, score

counts_lists = st.lists(st.integers(0, 30), min_size=3, max_size=12).filter(lambda y: sum(y) > 0)
discounts = st.floats(0.05, 1.0)


def drifting(n=300, regions=1, seed=4, spread=0.1):
    rng = np.random.default_rng(seed)
    level = 20 * np.exp(np.cumsum(rng.normal(0, spread, (n, regions)), axis=0))
    return rng.poisson(level).astype(float)


def by_hand(counts, discount):
    """Log-likelihood of Harvey & Fernandes, equation by equation, without gaps."""
    a = b = total = 0.0
    for y in counts:
        if a > 0:
            total += nbinom.logpmf(y, discount * a, discount * b / (1 + discount * b))
        a, b = discount * a + y, discount * b + 1
    return total


@given(counts_lists, discounts)
def test_filter_is_that_of_the_paper(counts, discount):
    results = LocalLevelCounts(counts).fix(discount)
    assert results.llf == pytest.approx(by_hand(counts, discount), rel=1e-9, abs=1e-9)
    weights = discount ** np.arange(len(counts))[::-1]
    level = (weights * counts).sum() / weights.sum()
    assert results.level.iloc[-1] == pytest.approx(level, rel=1e-10)


def test_update_and_prediction_are_the_integrals_of_a_gamma_and_a_poisson():
    counts, discount = np.array([4.0, 7.0, 3.0, 9.0]), 0.6
    results = LocalLevelCounts(counts).fix(discount)
    a = b = 0.0
    for y in counts[:-1]:
        a, b = discount * a + y, discount * b + 1
    prior = gamma(discount * a, scale=1 / (discount * b))

    def moment(power):
        return quad(lambda x: x**power * prior.pdf(x) * poisson.pmf(counts[-1], x), 0, 80)[0]

    assert results.predicted.prob(counts[1:])[-1] == pytest.approx(moment(0), rel=1e-8)
    assert results.level.iloc[-1] == pytest.approx(moment(1) / moment(0), rel=1e-8)
    spread = moment(2) / moment(0) - (moment(1) / moment(0)) ** 2
    rate = results.filtered.rate[-1, 0]
    assert results.level.iloc[-1] / rate == pytest.approx(spread, rel=1e-7)


@pytest.mark.parametrize("missing", [1, 2])
def test_moments_over_a_gap_are_those_of_all_that_could_have_been(missing):
    """Sum over the counts of the missing nights, each with its probability."""
    begin, discount = [6.0, 9.0, 5.0], 0.7

    def law(m, b):
        before = discount * b
        return nbinom(m * before, before / (1 + before)), before + 1

    m = LocalLevelCounts(begin).fix(discount).level.iloc[-1]
    states, b = [(1.0, m)], 1 + discount + discount**2
    for _ in range(missing):
        following = []
        for weight, level in states:
            distribution, after = law(level, b)
            y = np.arange(120)
            kept = weight * distribution.pmf(y)
            following += [
                (p, level + (k - level) / after) for k, p in zip(y, kept, strict=True) if p > 1e-13
            ]
        states, b = following, after
    weights, levels = np.array(states).T
    before = discount * b
    mean = (weights * levels).sum()
    variance = (weights * (levels + levels / before + levels**2)).sum() - mean**2
    gap = LocalLevelCounts([*begin, *[np.nan] * missing, 4.0]).fix(discount).predicted[-1]
    ahead = LocalLevelCounts(begin).fix(discount).get_forecast(missing + 1, draws=0)[-1]
    for forecast in (gap, ahead):
        assert float(forecast.mean) == pytest.approx(mean, rel=1e-9)
        assert float(forecast.variance) == pytest.approx(variance, rel=1e-7)


def drawn_ahead(results, discount, nights, paths, seed):
    """Counts of the nights to come, night by night as the filter has them, shape (nights, paths)."""
    rng = np.random.default_rng(seed)
    level, b = np.full(paths, results.level.iloc[-1]), results.filtered.last[1][0]
    drawn = []
    for _ in range(nights):
        before = discount * b
        counts = rng.poisson(rng.gamma(np.maximum(level * before, 1e-12)) / before)
        level, b = level + (counts - level) / (before + 1), before + 1
        drawn.append(counts)
    return np.array(drawn)


def test_two_weeks_ahead_the_distribution_is_nearly_exact():
    results = LocalLevelCounts([8, 3, 5, 9, 4, 6, 2, 5, 6, 3, 4, 7]).fix(0.7)
    drawn = drawn_ahead(results, 0.7, 14, 100_000, 2)
    forecast = results.get_forecast(14, draws=0)
    k = np.arange(60)
    for night, counts in enumerate(drawn):
        share = np.searchsorted(np.sort(counts), k, side="right") / counts.size
        off = np.abs(share - forecast[night].cdf(k)).max()
        assert off < (0.006 if night == 0 else 0.015)
    assert forecast.variance[-1] == pytest.approx(drawn[-1].var(), rel=0.03)


@pytest.mark.parametrize("discount", [0.05, 0.6])
def test_drawn_paths_give_the_exact_forecast(discount):
    results = LocalLevelCounts([8, 3, 5, 9, np.nan, 6, 2, 5]).fix(discount)
    closed, mixed = results.get_forecast(5, draws=0), results.get_forecast(5, draws=2000, rng=4)
    k = np.array([0, 1, 2, 4, 6, 9, 14, 25])[:, np.newaxis]
    assert np.allclose(closed[:1].cdf(k), mixed[:1].cdf(k), atol=1e-12)
    error = np.sqrt(mixed.components.mean.var(axis=0) / 2000) + 1e-12
    assert (np.abs(mixed.mean - closed.mean) < 4 * error).all()
    drawn = drawn_ahead(results, discount, 5, 20_000, 3)
    share = (drawn[:, :, np.newaxis] <= k[:, 0]).mean(axis=1).T
    assert np.abs(share - mixed.cdf(k)).max() < 0.025
    far = np.abs(share - closed.cdf(k)).max()
    assert (far > 0.07) == (discount == 0.05)


def test_paths_begin_where_a_gap_ends():
    results = LocalLevelCounts([8.0, 3.0, 5.0, np.nan, np.nan]).fix(0.6)
    closed, mixed = results.get_forecast(1), results.get_forecast(2, draws=3)
    assert float(closed.variance[0]) == pytest.approx(float(mixed.variance[0]))
    before = LocalLevelCounts([8.0, 3.0, 5.0]).fix(0.6).get_forecast(3, draws=0)
    assert float(closed.variance[0]) == pytest.approx(float(before.variance[2]))
    # The night after the next: the gap is over once a count has been seen.
    level, excess = results.level.iloc[2], float(closed.variance[0] / closed.mean[0]) - 1
    rate = 1 / excess + 1
    variance = level * (1 + 1 / (0.6 * rate) + excess / rate)
    assert results.get_forecast(2, draws=20_000).variance[1] == pytest.approx(variance, rel=0.02)


@given(counts_lists)
def test_no_discount_is_the_running_mean(counts):
    results = LocalLevelCounts(counts).fix(1.0)
    assert results.level.iloc[-1] == pytest.approx(np.mean(counts))
    forecast = results.get_forecast(30, draws=0)
    n = len(counts)
    exact = nbinom(sum(counts), n / (n + 1))
    k = np.arange(50)[:, np.newaxis]
    assert np.allclose(forecast.cdf(k), exact.cdf(k), atol=1e-9)


def test_a_gap_teaches_and_takes_nothing_where_the_level_never_changes():
    with_gap = LocalLevelCounts([3.0, np.nan, np.nan, 8.0, 5.0]).fix(1.0)
    assert with_gap.level.iloc[-1] == pytest.approx(16 / 3)
    assert with_gap.llf == pytest.approx(by_hand([3.0, 8.0, 5.0], 1.0))


def test_all_is_forgotten_where_nothing_holds():
    results = LocalLevelCounts([50, 60, 3]).fix(1e-9)
    assert results.level.iloc[-1] == pytest.approx(3.0, rel=1e-6)
    assert float(results.get_forecast(1).variance[0]) > 1e8


@given(counts_lists, discounts, st.sets(st.integers(1, 9)))
def test_regions_side_by_side_are_filtered_as_if_alone(counts, discount, gaps):
    first = np.array(counts, dtype=float)
    second = np.append(first[::-1] + 1, [])
    for gap in gaps:
        if gap < len(first) - 1:
            second[gap] = np.nan
    both = LocalLevelCounts(np.column_stack([first, second])).fix([discount, 0.5])
    alone = LocalLevelCounts(first).fix(discount), LocalLevelCounts(second).fix(0.5)
    assert both.llf == pytest.approx(sum(one.llf for one in alone))
    for column, one in enumerate(alone):
        assert np.allclose(both.fittedvalues[column], one.fittedvalues, equal_nan=True)
        forecast = one.get_forecast(3, draws=0)
        assert np.allclose(both.get_forecast(3, draws=0).variance[:, column], forecast.variance)


@given(counts_lists, st.floats(0.05, 0.99))
def test_score_is_the_slope_of_the_likelihood(counts, discount):
    table = np.array(counts, dtype=float)[:, np.newaxis]
    step = 1e-5 * min(discount, 1 - discount)
    ends = [log_likelihood(table, np.array([discount + s])) for s in (step, -step)]
    slope = (ends[0] - ends[1]) / (2 * step)
    assert score(table, np.array([discount])) == pytest.approx(slope, rel=1e-4, abs=1e-4)


def test_fit_is_the_maximum_on_the_nile():
    """Annual flows, which statsmodels ships: an optimum found by golden section, without slopes."""
    import statsmodels.datasets.nile as nile

    flow = nile.load_pandas().data["volume"]
    results = LocalLevelCounts(flow.to_numpy()).fit()
    alone = minimize_scalar(
        lambda x: -by_hand(flow.to_numpy(), expit(x)),
        bounds=(-15, 10),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert results.params["discount"] == pytest.approx(expit(alone.x), rel=1e-5)
    assert results.llf == pytest.approx(-alone.fun, rel=1e-10)
    assert abs(results.score["discount"]) * results.bse["discount"] < 1e-6
    step = 1e-4 * results.params["discount"]
    around = [by_hand(flow, results.params["discount"] + s) for s in (-step, 0, step)]
    curvature = (around[0] - 2 * around[1] + around[2]) / step**2
    assert results.bse["discount"] == pytest.approx((-curvature) ** -0.5, rel=1e-3)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_every_fit_is_at_a_top_or_at_a_bound(seed):
    rng = np.random.default_rng(seed)
    counts = rng.negative_binomial(1.5, 0.1, size=(25, 4)).astype(float)
    counts[rng.random(counts.shape) < 0.2] = np.nan
    counts[0] = 3
    results = LocalLevelCounts(counts).fit()
    free = ~results.params.index.isin(results.at_bound)
    steepness = (results.score.abs() * results.bse)[free]
    assert (steepness < 1e-6).all()
    assert results.bse[free].notna().all()
    assert (results.score[~free] * np.where(results.params[~free] == 1, 1, -1) >= 0).all()
    grid = np.linspace(0.01, 1, 100)[:, np.newaxis] * np.ones(4)
    best = log_likelihood(counts, results.params.to_numpy())
    assert (best >= log_likelihood(counts, grid).max(axis=0) - 1e-9).all()


def test_simulated_truth_is_covered():
    """Of 300 series of 150 nights: intervals for the discount, and the nights themselves.

    The last levels of many are next to nothing: nights of zeros must not end in a level of 0.
    """
    truth = 0.8
    begin = pd.Series([25.0] * 5)
    paths = LocalLevelCounts(begin).fix(truth).simulate(150, 300, rng=6)
    results = LocalLevelCounts(paths).fit()
    table = results.conf_int()
    covered = (table["lower"] <= truth) & (truth <= table["upper"])
    assert 0.92 <= covered.mean() <= 0.98
    assert abs(table["estimate"].mean() - truth) < 0.02  # short series lean towards 1
    exact = LocalLevelCounts(paths).fix(truth)
    counts = paths.to_numpy(dtype=float)[exact.cells]
    lower, upper = exact.predicted.quantile([0.025, 0.975])
    # Whole numbers: the interval holds at least its level.
    inside = ((lower <= counts) & (counts <= upper)).mean()
    assert 0.95 <= inside <= 0.975
    residuals = exact.residuals("quantile", 1).to_numpy()[exact.cells]
    assert kstest(residuals, "norm").pvalue > 0.01
    assert abs(np.corrcoef(residuals[:-1], residuals[1:])[0, 1]) < 0.02


def test_smoothed_levels_are_those_of_paths_drawn_backwards():
    """Forward in counts, backward in levels: gamma-beta steps drawn one by one."""
    counts = np.array([4.0, 9.0, np.nan, 12.0, 7.0, 15.0])
    results = LocalLevelCounts(counts).fix(0.6)
    filtered = results.filtered
    rng, n = np.random.default_rng(9), 200_000
    drawn = rng.gamma(filtered.level[-1, 0] * filtered.rate[-1, 0], size=n) / filtered.rate[-1, 0]
    levels = [drawn]
    for t in range(4, -1, -1):
        shape, rate = filtered.level[t, 0] * filtered.rate[t, 0], filtered.rate[t, 0]
        kept = 1 / filtered.excess[t + 1, 0] / rate
        drawn = kept * drawn + rng.gamma((1 - kept) * shape, size=n) / rate
        levels.append(drawn)
    table = results.smoothed(0.9)
    for row, drawn in zip(table.itertuples(), levels[::-1], strict=True):
        assert row.mean == pytest.approx(drawn.mean(), rel=0.005)
        assert (row.lower, row.upper) == pytest.approx(np.quantile(drawn, [0.05, 0.95]), rel=0.02)
    assert table["mean"].iloc[-1] == pytest.approx(results.level.iloc[-1])
    assert LocalLevelCounts(counts).fix(1.0).smoothed()["mean"].std() < 1e-9


def test_results_are_complete():
    nights = pd.date_range("2024-05-01", periods=120, name="night")
    counts = pd.Series(drifting(120)[:, 0], index=nights)
    counts.iloc[[0, 50, 51]] = np.nan
    results = LocalLevelCounts(counts).fit()
    row = results.tidy().iloc[0]
    assert row["term"] == "discount"
    assert 0 < row["lower"] < row["estimate"] < row["upper"] < 1
    half = norm.ppf(0.975) * results.bse["discount"] / (row["estimate"] * (1 - row["estimate"]))
    assert logit(row["upper"]) - logit(row["estimate"]) == pytest.approx(half)
    glance = results.glance().iloc[0]
    assert (glance["nobs"], glance["n_missing"], glance["n_estimated"]) == (116, 3, 1)
    assert results.fittedvalues.iloc[:2].isna().all()
    assert np.ptp(results.fittedvalues.iloc[50:53]) == 0
    assert results.residuals().isna().sum() == 4
    forecast = results.get_forecast(3, draws=0)
    assert forecast.table()["night"].iloc[0] == pd.Timestamp("2024-08-29")
    assert forecast.mean == pytest.approx(np.full(3, results.level.iloc[-1]))
    assert (np.diff(forecast.variance) > 0).all()
    assert results.plot().get_lines()[1].get_ydata()[60] == results.fittedvalues.iloc[60]
    again = results.model.fix(results.params)
    assert again.llf == results.llf
    assert again.given
    assert again.bse.isna().all()
    assert again.at_bound == ()


def test_regions_have_names_everywhere():
    nights = pd.date_range("2024-05-01", periods=60, name="night")
    wide = pd.DataFrame(drifting(60, 2), index=nights, columns=["tula", "kursk"])
    results = LocalLevelCounts(wide).fit()
    assert results.params.index.tolist() == ["discount_tula", "discount_kursk"]
    turned = results.model.fix(results.params[::-1])
    assert turned.llf == pytest.approx(results.llf)
    table = results.get_forecast(2).table((0.8,))
    assert table["region"].tolist() == ["tula", "kursk"] * 2
    assert results.smoothed()["region"].unique().tolist() == ["tula", "kursk"]
    paths = results.simulate(paths=3)
    assert paths.columns.tolist()[:4] == [("tula", 0), ("tula", 1), ("tula", 2), ("kursk", 0)]
    assert paths["kursk"].iloc[0].tolist() == [wide["kursk"].iloc[0]] * 3
    assert not paths["kursk"].iloc[5:].equals(paths["tula"].iloc[5:])


def test_panel_totals_are_taken_as_they_come():
    nights = pd.date_range("2024-05-01", periods=40)
    totals = pd.DataFrame({"night": nights, "state": "exact", "expected": drifting(40)[:, 0]})
    whole = LocalLevelCounts(totals).fit()
    series = LocalLevelCounts(totals.set_index("night")["expected"]).fit()
    assert whole.params.equals(series.params)


def test_counts_of_a_million_are_filtered_without_loss():
    counts = 1e6 + 1e3 * np.random.default_rng(1).standard_normal(60).round(3)
    results = LocalLevelCounts(counts.round()).fit()
    assert results.params["discount"] > 0.7
    assert results.llf == pytest.approx(
        by_hand(counts.round(), results.params["discount"]), abs=1e-3
    )
    wild = LocalLevelCounts(np.array([1e6, 2e6, 9e5, 3e6, 1e6, 4e6, 8e5])).fit()
    assert wild.params["discount"] < 0.01
    assert abs(wild.score["discount"]) * wild.bse["discount"] < 1e-6


def test_constant_counts_end_at_a_level_that_never_changes():
    results = LocalLevelCounts([5.0] * 40).fit()
    assert results.params["discount"] == 1.0
    assert results.at_bound == ("discount",)
    assert results.score["discount"] > 0
    assert results.conf_int()[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: LocalLevelCounts([0, 0, np.nan, 0]), "No night has a count above 0. Choose"),
        (lambda: LocalLevelCounts([np.nan] * 5), "No night has a count above 0"),
        (
            lambda: LocalLevelCounts(pd.DataFrame({"tula": [1.0, 2], "kursk": [0.0, 0]})),
            "No night has a count above 0 in kursk",
        ),
        (lambda: LocalLevelCounts([3, -1]), "1 counts are negative or infinite"),
        (lambda: LocalLevelCounts([7]).fit(), "Fewer than 3 nights have numbers after the first"),
        (lambda: LocalLevelCounts([0, 0, 0, 7, 1, 2]).fit(), "Fewer than 3 nights"),
        (lambda: LocalLevelCounts([7, 1]).fix(0.0), "A discount is 0. Give"),
        (lambda: LocalLevelCounts([7, 1]).fix(1.5), "A discount is 1.5"),
        (lambda: LocalLevelCounts([7, 1]).fix([0.5, 0.5]), "2 discounts are given for 1 regions"),
        (
            lambda: LocalLevelCounts([7, 1]).fix({"omega": 0.5}),
            "discounts are omega. Give discount",
        ),
        (lambda: LocalLevelCounts([7, 1]).fix(0.5).get_forecast(0), "horizon is 0"),
        (lambda: LocalLevelCounts([7, 1]).fix(0.5).get_forecast(1, draws=-1), "draws is -1"),
        (lambda: LocalLevelCounts([7, 1]).fix(0.5).simulate(2.5), "n is 2.5"),
        (lambda: LocalLevelCounts([7, 1]).fix(0.5).smoothed(95), "The level is 95"),
    ],
)
def test_errors_say_what_is_wrong(make, words):
    with pytest.raises(FitError, match=words):
        make()


def test_one_night_can_be_evaluated_and_foretold():
    results = LocalLevelCounts([7]).fix(0.5)
    assert results.nobs == 0
    assert results.llf == 0
    assert results.get_forecast(1).mean.tolist() == [7.0]
    assert float(results.get_forecast(1).variance[0]) == pytest.approx(7 * 3)


def test_large_sizes_keep_their_digits():
    """Above a size of 1000 Stirling's series stands for differences of log-gamma functions."""
    counts = np.random.default_rng(3).poisson(300, 60).astype(float)
    exact = by_hand(counts, 0.9)
    assert LocalLevelCounts(counts).fix(0.9).llf == pytest.approx(exact, abs=1e-7)
    assert log_likelihood(counts[:, np.newaxis], np.array([0.9])) == pytest.approx(exact, abs=1e-7)


def test_a_top_just_below_1_is_told_from_1():
    rng = np.random.default_rng(0)
    rng.poisson(1000, (60, 600))
    slope = np.linspace(-0.5, 0.5, 60)[:, np.newaxis] * rng.uniform(0, 0.05, 600)
    counts = rng.poisson(1000 * (1 + slope))[:, [380, 0]]  # the first of 600 that has such a top
    results = LocalLevelCounts(counts).fit()
    assert score(counts.astype(float), np.ones(2))[0] < 0
    assert 0.9995 < results.params["discount_0"] < 1
    assert "discount_0" not in results.at_bound


def test_expected_counts_with_fractions_have_a_likelihood():
    counts = np.array([4.0, 2.5, 6.0, 3.25, 5.0, 7.0, 4.0, 2.0])
    fractions = LocalLevelCounts(counts).fix(0.8)
    around = [LocalLevelCounts(rounded(counts)).fix(0.8).llf for rounded in (np.floor, np.ceil)]
    assert min(around) - 1 < fractions.llf < max(around) + 1


def test_paths_have_discounts_of_their_own():
    """A mixture over discounts drawn in their logits, each filtered as if it were given."""
    counts = LocalLevelCounts([40.0]).fix(0.7).simulate(60, rng=5)[0]
    fit = LocalLevelCounts(counts).fit()
    drawn, sure = (fit.get_forecast(3, draws=100, parameter_uncertainty=u, rng=2) for u in (1, 0))
    assert len(np.unique(drawn.components.mean[:, 0])) == 100
    assert len(np.unique(sure.components.mean[:, 0])) == 1
    noise = np.random.default_rng(2).standard_normal((100, 1))[:, 0]
    discount = fit.params.iloc[0]
    scale = fit.bse.iloc[0] / (discount * (1 - discount))
    first = expit(logit(discount) + scale * noise[7])
    given = LocalLevelCounts(counts).fix(first).get_forecast(1)
    assert float(given.mean[0]) == pytest.approx(drawn.components.mean[7, 0])
    assert float(given.variance[0]) == pytest.approx(drawn.components.variance[7, 0])


def test_discounts_that_are_given_or_at_a_bound_are_not_drawn():
    flat = LocalLevelCounts([5.0, 5, 5, 5, 5, 5, 5, 5]).fit()
    assert flat.at_bound
    assert len(np.unique(flat.get_forecast(1, draws=50).components.mean)) == 1
    given = LocalLevelCounts([5.0, 7, 5, 3]).fix(0.7)
    assert type(given.get_forecast(1)).__name__ == "NegBinForecast"
    assert given.get_forecast(2).components.shape == (1000, 2)
    vague = dataclasses.replace(
        given, given=False, cov=pd.DataFrame([[9.0]], given.params.index, given.params.index)
    )
    assert len(np.unique(vague.get_forecast(1, draws=50).components.mean)) == 1


def test_regions_keep_their_discounts_on_drawn_paths():
    rng = np.random.default_rng(4)
    counts = pd.DataFrame({"tula": rng.poisson(20, 80), "kursk": rng.poisson(2, 80)})
    both = LocalLevelCounts(counts).fit().get_forecast(4, draws=400, rng=1)
    assert both.components.shape == (400, 4, 2)
    assert_allclose(both.mean[0], LocalLevelCounts(counts).fit().level.iloc[-1], rtol=0.25)
