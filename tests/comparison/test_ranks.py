"""Ranks: sums, confidence sets written out, ties, repeatability, draws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import rankdata

from analysis.comparison import (
    rank_regions,
)
from analysis.comparison.ranks import bootstrap_ranks, resampled_sums, usual_block
from tests.comparison.panels import draws_of, panel_of, swarms


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.integers(0, 10))
def test_ranks_and_chances_add_up(values, seed):
    values = np.array(values, dtype=float)
    resampled = np.random.default_rng(seed).poisson(values + 0.5, (200, len(values))).astype(float)
    ranks = bootstrap_ranks(values, resampled, 0.95)
    size = len(values)
    assert ranks.rank.sum() == size * (size + 1) / 2
    assert_allclose(ranks.rank, rankdata(-values))
    assert ranks.p_first.sum() == pytest.approx(1)
    assert (ranks.lower >= 1).all()
    assert (ranks.lower <= np.floor(ranks.rank)).all()
    assert (ranks.upper >= np.ceil(ranks.rank)).all()
    assert (ranks.upper <= size).all()


def test_confidence_sets_of_ranks_are_those_of_all_differences_written_out():
    rng = np.random.default_rng(2)
    values = np.array([9.0, 7.5, 7.4, 2.0])
    resampled = values + rng.standard_normal((500, 4))
    ranks = bootstrap_ranks(values, resampled, 0.9)
    for j in range(4):
        others = [k for k in range(4) if k != j]
        noise = {k: (resampled[:, j] - resampled[:, k]) - (values[j] - values[k]) for k in others}
        error = {k: np.sqrt(np.mean(noise[k] ** 2)) for k in others}
        beyond = np.quantile(np.max([np.abs(noise[k]) / error[k] for k in others], axis=0), 0.9)
        above = sum((values[k] - values[j]) / error[k] > beyond for k in others)
        below = sum((values[j] - values[k]) / error[k] > beyond for k in others)
        assert (ranks.lower[j], ranks.upper[j]) == (1 + above, 4 - below)


def test_regions_far_apart_have_certain_ranks_and_equal_ones_share_the_first():
    far = np.random.default_rng(1).poisson([50.0, 20, 5], (100, 3)).astype(float)
    table = rank_regions(panel_of(far), resamples=400)
    assert table[["rank", "rank_lower", "rank_upper"]].to_numpy().tolist() == [
        [1, 1, 1],
        [2, 2, 2],
        [3, 3, 3],
    ]
    assert table["p_first"].to_list() == [1, 0, 0]
    same = np.repeat(far[:, :1], 3, axis=1)
    table = rank_regions(panel_of(same), resamples=400)
    assert_allclose(table["p_first"], 1 / 3)
    assert_allclose(table["rank"], 2)
    assert (table["rank_upper"] - table["rank_lower"] == 2).all()


def test_ranks_are_repeatable_and_their_options_count(panel):
    table = rank_regions(panel, resamples=300)
    pd.testing.assert_frame_equal(
        table, rank_regions(panel, resamples=300, rng=np.random.default_rng(0))
    )
    other = rank_regions(panel, resamples=300, rng=1)
    assert (table["p_first"] != other["p_first"]).any()
    assert table["block"].iloc[0] == pytest.approx(usual_block(swarms()))
    assert (rank_regions(panel, resamples=300, block=9.0)["block"] == 9).all()
    near = panel_of(swarms(60, 4, seed=2))
    wide, narrow = (rank_regions(near, resamples=300, level=level) for level in (0.999, 0.5))
    span = [t["rank_upper"].sum() - t["rank_lower"].sum() for t in (wide, narrow)]
    assert span[0] > span[1]


def test_ranks_take_turns_among_the_draws():
    counts = np.random.default_rng(1).poisson([50.0, 20], (100, 2)).astype(float)
    both = draws_of(panel_of(counts), panel_of(counts[:, ::-1]), panel_of(counts), panel_of(counts))
    table = rank_regions(both, resamples=400).set_index("region")
    assert table.loc["belgorod", "p_first"] == pytest.approx(0.75, abs=0.001)
    assert table["rank_upper"].to_list() == [2, 2]


def test_a_resample_with_fewer_nights_told_is_scaled_up_to_as_many():
    counts = np.tile([3.0, 2.0], (100, 1))
    counts[20:55] = np.nan
    sums = resampled_sums(counts[np.newaxis], 8.0, 60, np.random.default_rng(3))
    assert_allclose(sums, np.tile([195.0, 130.0], (60, 1)))
