"""The trend by ranks as users meet it: gaps, draws, correction, words, measured size."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import kendalltau

from analysis.errors import FitError
from analysis.inference.rank_trend import hamed_rao_inflation, mann_kendall, theil_sen
from analysis.models.rank_trend import rank_trend
from tests.studies.rank_trend_size import measure
from tests.studies.trend_coverage import simulate

NIGHTS = pd.date_range("2024-01-01", periods=200, name="night")
STUDY = Path(__file__).parents[1] / "studies" / "rank_trend_size.csv"


def series(seed=1, slope=0.0):
    rng = np.random.default_rng(seed)
    return pd.Series(rng.poisson(20 + slope * np.arange(200)) * 1.0, NIGHTS)


@given(st.lists(st.integers(0, 6), min_size=3, max_size=30))
def test_tau_is_that_of_scipy(counts):
    values = np.array(counts, dtype=float)
    ours = mann_kendall(values)
    assert ours.tau == pytest.approx(kendalltau(np.arange(len(values)), values)[0], nan_ok=True)
    backwards = mann_kendall(values[::-1])
    assert (backwards.s, backwards.variance) == (-ours.s, ours.variance)


@given(st.lists(st.integers(0, 50), min_size=4, max_size=25), st.integers(-3, 3))
def test_a_line_added_moves_the_slope_by_its_own(counts, slope):
    values, place = np.array(counts, dtype=float), np.arange(len(counts)) * 1.0
    base, moved = (theil_sen(place, v, 0.9)[0] for v in (values, values + slope * place))
    assert moved == pytest.approx(base + slope)


def test_a_rise_is_found_with_its_size():
    found = rank_trend(series(slope=0.1))
    assert found.slope == pytest.approx(3, rel=0.25)
    assert found.lower < 3 < found.upper
    assert found.p_value < 1e-6
    assert found.words().startswith("By ranks, nightly counts rise by ")
    down = rank_trend(series(slope=0.1)[::-1].set_axis(NIGHTS))
    assert "fall by" in down.words()
    assert (
        rank_trend(pd.Series(4.0, NIGHTS))
        .words()
        .startswith("By ranks, nightly counts do not move (95 % interval +0 to +0")
    )
    assert found.tidy()["slope"].tolist() == [found.slope]


def test_gaps_keep_their_place_and_draws_are_averaged():
    holes = series(slope=0.1)
    holes.iloc[10:90] = np.nan
    found = rank_trend(holes, start=NIGHTS[0])
    assert found.nobs == 120
    assert found.slope == pytest.approx(3, rel=0.3)
    frames = [
        pd.DataFrame({"night": NIGHTS, "state": "exact", "expected": one.to_numpy(), "draw": d})
        for d, one in enumerate([series(1), series(2)])
    ]
    mean = (series(1) + series(2)) / 2
    assert rank_trend(pd.concat(frames)).s == rank_trend(mean).s


def test_the_correction_follows_the_formula():
    counts = simulate("copula", 0.6, 0.3, 200, 1, np.random.default_rng(3), growth=0.0)[0]
    ranks = pd.Series(counts).rank().to_numpy()
    ranks = ranks - ranks.mean()
    expected = 1.0
    for lag in range(1, 6):
        pairs = 200 - lag
        rho = (ranks[lag:] * ranks[:-lag]).mean() / (ranks**2).mean()
        if abs(rho) > 1.6448536 / np.sqrt(pairs):
            expected += 2 / (200 * 199 * 198) * pairs * (pairs - 1) * (pairs - 2) * rho
    assert hamed_rao_inflation(counts, np.ones(200, bool), 0.0, 5) == pytest.approx(expected)
    assert expected > 1.5


def test_the_correction_widens_and_never_sharpens():
    leaning = simulate("copula", 0.6, 0.3, 200, 1, np.random.default_rng(3))[0]
    found, plain = (
        rank_trend(pd.Series(leaning, NIGHTS), correction=c) for c in ("hamed-rao", None)
    )
    assert found.inflation > 1.5
    assert_allclose(found.z, plain.z / np.sqrt(found.inflation))
    assert found.lower < plain.lower
    assert plain.upper < found.upper
    swinging = pd.Series(np.tile([10.0, 20.0], 100) + np.arange(200) % 3, NIGHTS)
    assert rank_trend(swinging).inflation == 1.0


def test_the_measured_size_is_what_the_words_say():
    with STUDY.open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file)).astype(float)
    assert (table["runs"] == 1000).all()
    assert len(table) == 8
    words = re.sub(r"\s+", " ", rank_trend.__doc__)
    for leaning in (0.0, 0.3, 0.6, 0.8):
        low, high = 100 * table.loc[table["phi"] == leaning, "corrected"].agg(["min", "max"])
        assert f"{low:.1f} to {high:.1f} % at phi = {leaning:g}" in words
    assert f"uncorrected up to {100 * table['independent'].max():.0f} %" in words
    low, high = 100 * table["covered"].agg(["min", "max"])
    assert f"in {low:.0f} to {high:.1f} % of them" in words


def test_size_in_a_small_repetition_of_the_study():
    plain, corrected, covered = measure(0.6, 200, 100, np.random.default_rng(5))
    assert corrected < 0.25 < plain
    assert covered > 0.85


@pytest.mark.parametrize(
    ("counts", "options", "says"),
    [
        (series()[:9], {}, "needs 10 nights with numbers, the period .* has 9"),
        (series() * np.nan, {}, "None of the 200 nights"),
        (series(), {"level": 0}, "level is 0"),
        (series(), {"correction": "yue"}, "correction is 'yue'"),
        (series(), {"start": "soon"}, "start is 'soon'"),
    ],
)
def test_what_does_not_fit_is_refused(counts, options, says):
    with pytest.raises(FitError, match=says):
        rank_trend(counts, **options)
