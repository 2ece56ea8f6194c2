"""Does one side follow the other: the test finds what follows, and little else."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.predictors import smooth_basis
from analysis.models.reciprocity import fit_reciprocity, sentence
from analysis.models.reciprocity.bootstrap import simulate_side
from analysis.models.reciprocity.equation import lagged, make_equation, week_before
from analysis.models.reciprocity.results import p_value
from analysis.models.reciprocity.testing import KNOTS_EVERY
from tests.studies import reciprocity_size

INDEX = reciprocity_size.INDEX
STUDY = Path(reciprocity_size.__file__).with_name("reciprocity_size.csv")


def sides(cycle, follow, seed):
    paths = reciprocity_size.simulate(cycle, 150, follow, np.random.default_rng(seed))
    return [pd.Series(path, INDEX) for path in paths]


def test_a_side_that_follows_is_found_at_its_lag():
    russia, ukraine = sides(0.0, 0.8, 1)
    found = fit_reciprocity(russia, ukraine, replicates=39)
    tests = found.summary()
    assert tests.loc[("over Russia", "over Ukraine"), "p_value"] == 1 / 40
    assert tests.loc[("over Russia", "over Ukraine"), "lag"] == 3
    assert tests.loc[("over Ukraine", "over Russia"), "p_value"] > 0.05
    best = found.tidy().set_index(["side", "lag"]).loc[("over Russia", 3)]
    share = 0.8 * ukraine.mean() / russia.mean()
    assert best["share"] == pytest.approx(share, rel=0.35)
    assert "over Russia follows the number over Ukraine at a distance of 3 nights" in found.words()
    assert "over Ukraine follows the number over Russia is not shown" in found.words()
    assert "answer" not in found.words()


def test_a_shared_slow_cycle_fools_the_naive_version_alone():
    """Small version of tests/studies/reciprocity_size.py."""
    found = np.array(
        [
            [
                reciprocity_size.rejects(*paths, np.random.default_rng(run), 19, 1),
                reciprocity_size.naive_rejects(*paths),
            ]
            for run, paths in enumerate(
                reciprocity_size.simulate(0.8, 150, 0.0, np.random.default_rng(run))
                for run in range(10)
            )
        ]
    )
    assert found[:, 0].sum() <= 3  # P(more) under 5 % is 0.001
    assert found[:, 1].sum() >= 7


def test_the_smooth_trend_follows_the_cycles_that_the_study_shares():
    """With a knot per 60 nights it would miss a cycle of 150 or 100 nights by far."""
    rows = np.arange(400.0)

    def missed(every, period):
        basis = np.column_stack([np.ones(400), smooth_basis(rows, rows, every)])
        worst = 0.0
        for phase in np.linspace(0, 2 * np.pi, 8, endpoint=False):
            cycle = 0.8 * np.sin(2 * np.pi * rows / period + phase)
            left = cycle - basis @ np.linalg.lstsq(basis, cycle, rcond=None)[0]
            worst = max(worst, float(left.std()))
        return worst

    for period in (300, 150, 100):
        assert missed(KNOTS_EVERY, period) < 0.06
    assert missed(60, 100) > 0.15


def test_the_committed_study_has_its_size():
    with STUDY.open(encoding="utf-8", newline="") as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    assert list(rows) == [case[0] for case in reciprocity_size.CASES]
    rejected = {case: float(row["rejected"]) for case, row in rows.items()}
    words = " ".join((fit_reciprocity.__doc__ or "").split())
    for case, share in rejected.items():
        assert f"{100 * share:.3g}" in words
        if "follows" not in case:
            assert 0.03 <= share <= 0.07
            assert int(rows[case]["runs"]) == 1000
    assert rejected["follows more"] > 0.8 > rejected["follows"] > 0.3
    for cycle in (100, 150, 300):
        assert float(rows[f"shared cycle of {cycle} nights"]["naive"]) > 0.9
    assert float(rows["independent"]["naive"]) > 0.1


def test_gaps_cost_the_nights_that_need_them():
    russia, ukraine = sides(0.0, 0.0, 3)
    russia.iloc[100] = np.nan
    ukraine.iloc[200] = np.nan
    equation = make_equation(russia.to_numpy(), ukraine.to_numpy(), INDEX, 7, 60)
    # Own first week of means, the other's first seven nights; own night and the one after; seven.
    whole = make_equation(*(side.ffill().to_numpy() for side in (russia, ukraine)), INDEX, 7, 60)
    assert whole.seen.sum() == 400 - 7
    assert equation.seen.sum() == 400 - 7 - 2 - 7
    assert not equation.seen[[100, 101, *range(201, 208)]].any()
    assert equation.seen[[102, 200, 208]].all()


def test_the_week_before_is_the_mean_of_its_known_nights():
    values = np.arange(10.0)
    assert_allclose(week_before(values)[7:], [2.5, 3.5, 4.5])
    values[[1, 2, 3]] = np.nan
    assert week_before(values)[7] == pytest.approx((0 + 4 + 5) / 3)
    values[4] = np.nan
    assert np.isnan(week_before(values)[7])
    assert_allclose(lagged(np.array([[1.0, 2.0, 3.0]]), 2), [[np.nan, np.nan, 1.0]])


def test_ratios_are_those_of_free_fits():
    """Slopes at none of the other side only spare fits that would find nothing."""
    russia, ukraine = (side.to_numpy() for side in sides(0.3, 0.1, 5))
    equation = make_equation(russia, ukraine, INDEX, 7, 60)
    null = equation.fit(russia, ukraine)
    ratios = equation.ratios(russia, ukraine, null)
    for lag in range(1, 8):
        free = equation.with_other(russia, ukraine, lag, null)
        assert ratios[lag - 1] == pytest.approx(
            max(2 * (equation.value(free) - equation.value(null)), 0), abs=1e-6
        )
    likelihood = Likelihood(equation.problem(russia, ukraine, 3))
    assert likelihood.layout.size == len(null.theta) + 1


def test_simulated_sides_keep_gaps_and_level():
    russia, ukraine = sides(0.0, 0.0, 7)
    russia.iloc[50:60] = np.nan
    own, other = russia.to_numpy(), ukraine.to_numpy()
    equation = make_equation(own, other, INDEX, 7, 60)
    null = equation.fit(own, other)
    drawn = simulate_side(equation, null, own, 300, np.random.default_rng(1))
    assert drawn.shape == (300, 400)
    assert (np.isnan(drawn).all(axis=0) == np.isnan(own)).all()
    # Shocks last for weeks, so the level of one record is known to about 5 %.
    assert np.nanmean(drawn) == pytest.approx(np.nanmean(own), rel=0.1)


def test_simulated_nights_have_the_law_of_the_null():
    """Each night's mean from the path's own nights before; misses lean on nothing."""
    own, other = (side.to_numpy() for side in sides(0.0, 0.0, 7))
    equation = make_equation(own, other, INDEX, 7, 60)
    null = equation.fit(own, other)
    drawn = simulate_side(equation, null, own, 200, np.random.default_rng(4))
    last, week = lagged(drawn, 1), week_before(drawn)
    size = equation.background.shape[1]
    end = np.exp(equation.background @ null.theta[2 : 2 + size])
    mean = (np.exp(null.theta[0]) * last + np.exp(null.theta[1]) * week + end)[:, 7:]
    alpha = np.exp(null.theta[-1])
    pearson = (drawn[:, 7:] - mean) / np.sqrt(mean * (1 + alpha * mean))
    assert (pearson**2).mean() == pytest.approx(1, abs=0.05)
    for leaning in (np.ones_like(mean), last[:, 7:], (last - week)[:, 7:]):
        score = (pearson * leaning).sum() / np.sqrt((leaning**2).sum())
        assert abs(score) < 4


def test_weekdays_and_knots_are_held_as_said():
    """A normal prior of standard deviation 3 on their coefficients: slope theta / 9 at the top."""
    own, other = (side.to_numpy() for side in sides(0.3, 0.1, 5))
    equation = make_equation(own, other, INDEX, 7, 60)
    null = equation.fit(own, other)
    held = slice(3, 2 + equation.background.shape[1])
    top = Likelihood(equation.problem(own, other)).evaluate(null.theta)
    assert np.abs(null.theta[held]).max() > 0.1
    assert_allclose(top.score[held], null.theta[held] / 9, atol=1e-4)
    assert_allclose(np.delete(top.score, np.arange(len(top.score))[held]), 0, atol=1e-4)
    assert equation.value(null) == pytest.approx(top.loglik - (null.theta[held] ** 2).sum() / 18)


def test_p_values_count_the_simulated_pairs():
    """Largest ratios of pairs simulated without either following the other, in the order drawn."""
    pair = sides(0.0, 0.1, 2)
    found = fit_reciprocity(*pair, lags=2, replicates=19, rng=5)
    own = [side.to_numpy() for side in pair]
    source = np.random.default_rng(5)
    equations = [make_equation(own[k], own[1 - k], INDEX, 2, KNOTS_EVERY) for k in (0, 1)]
    nulls = [equations[k].fit(own[k], own[1 - k]) for k in (0, 1)]
    drawn = [simulate_side(equations[k], nulls[k], own[k], 19, source) for k in (0, 1)]
    for k, test in found.tests.iterrows():
        largest = []
        for mine, others in zip(drawn[k], drawn[1 - k], strict=True):
            again = equations[k].fit(mine, others, nulls[k].theta)
            largest.append(equations[k].ratios(mine, others, again).max())
        ratios = equations[k].ratios(own[k], own[1 - k], nulls[k])
        assert test["statistic"] == pytest.approx(ratios.max())
        assert test["lag"] == ratios.argmax() + 1
        assert test["p_value"] == (1 + np.sum(largest >= ratios.max())) / 20
        # Between the largest of 19 and the one below it, a tenth of the way up from there.
        assert test["critical"] == pytest.approx(np.sort(largest)[-2:] @ [0.9, 0.1])
        assert test["nights"] == equations[k].seen.sum()


def test_bootstrap_p_values_are_never_zero():
    assert p_value(0, 999) == 0.001


def test_words_for_one_night():
    test = pd.Series(
        {"side": "over Russia", "other": "over Ukraine", "lag": 1, "p_value": 0.0004, "nights": 80}
    )
    assert sentence(test) == (
        "The number over Russia follows the number over Ukraine at a distance of 1 night "
        "(p < 0.001, 80 nights)."
    )


def test_the_plot_has_bars_and_lines_by_direction():
    russia, ukraine = sides(0.0, 0.0, 9)
    found = fit_reciprocity(russia, ukraine, lags=3, replicates=19)
    ax = found.plot()
    assert len(ax.patches) == 6
    assert_allclose(sorted(bar.get_height() for bar in ax.patches), sorted(found.ratios["ratio"]))
    assert_allclose([line.get_ydata()[0] for line in ax.lines], found.tests["critical"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s.reset_index(drop=True), "over_russia is not indexed by nights"),
        (lambda s: -s, "negative or infinite"),
        (lambda s: pd.concat([s, s.iloc[:1]]), "nights occur more than once"),
        (lambda s: s.astype(str) + " drones", "The counts are not numbers"),
        (lambda s: s.tz_localize("Europe/Moscow"), "carry the time zone"),
        (lambda s: list(s), "over_russia is no series of counts"),
        (lambda s: s.where(np.arange(400) < 1, 0.0) + 3.0 * (np.arange(400) < 1), "less than one"),
        (lambda s: 0 * s + 1e-300, "less than one claim"),
        (lambda s: 0 * s, "over_russia has no count above 0"),
        (lambda s: s.iloc[:50], "43 nights have a count and the counts of the 7 nights before"),
    ],
)
def test_series_that_do_not_fit_are_refused(change, says):
    russia, ukraine = sides(0.0, 0.0, 11)
    with pytest.raises(FitError, match=says):
        fit_reciprocity(change(russia), ukraine, replicates=19)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"lags": 0}, "lags is 0. Give a whole number of at least 1 and at most 28"),
        ({"lags": 100}, "lags is 100"),
        ({"lags": 2.5}, "lags is 2.5"),
        ({"replicates": 18}, "replicates is 18. Give a whole number of at least 19"),
    ],
)
def test_options_that_mean_nothing_are_refused(options, says):
    russia, ukraine = sides(0.0, 0.0, 11)
    with pytest.raises(FitError, match=says):
        fit_reciprocity(russia, ukraine, **options)
