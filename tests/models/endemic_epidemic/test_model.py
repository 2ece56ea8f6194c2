"""The model at its edges: what it refuses, what it pins, what gaps and labels do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import analysis
from analysis.errors import FitError
from analysis.models.endemic_epidemic import (
    EndemicEpidemic,
    Neighbours,
    Predictor,
    region_neighbours,
)
from tests.models.endemic_epidemic.made_counts import LINE, UNITS, make_counts, nights


@pytest.fixture(scope="module")
def counts():
    return make_counts()


def change(frame, **cells):
    """A copy of a frame with some cells or columns changed."""
    changed = frame.copy()
    for name, value in cells.items():
        changed[name] = value
    return changed


def bad_matrix(value, at=(0, 1)):
    matrix = LINE.copy()
    matrix.iloc[at] = value
    return matrix


REFUSED = {
    "one-night": (lambda c: {"counts": c.iloc[:1]}, "1 rows and 5 units"),
    "no-unit": (lambda c: {"counts": c.iloc[:, :0]}, "200 rows and 0 units"),
    "one-dimension": (lambda _: {"counts": np.arange(5)}, "1 dimensions"),
    "negative": (lambda c: {"counts": change(c, kursk=-1)}, "200 counts are negative or infinite"),
    "infinite": (lambda c: {"counts": change(c, kursk=np.inf)}, "negative or infinite"),
    "text": (lambda c: {"counts": change(c, kursk="many")}, "The counts are not numbers"),
    "zeros": (lambda c: {"counts": 0 * c}, "All 1000 counts are zero"),
    "missing": (lambda c: {"counts": np.nan * c}, "All counts are missing"),
    "unit-twice": (lambda c: {"counts": c[["kursk", "kursk"]]}, "unit twice: kursk"),
    "night-twice": (
        lambda c: {"counts": c.iloc[[0, 0, 1]]},
        "1 nights occur more than once: 2024-07-01",
    ),
    "uneven": (lambda c: {"counts": c.iloc[[0, 2, 5]]}, "neither nightly nor equally"),
    "hours": (
        lambda c: {
            "counts": c.iloc[:4].set_axis(c.index[0] + pd.to_timedelta([0, 24, 54, 78], "h"))
        },
        "parts of a day",
    ),
    "shape": (lambda _: {"neighbours": LINE.iloc[:, :4]}, r"shape \(5, 4\), the counts have 5"),
    "labels": (lambda _: {"neighbours": LINE.rename(index={"tula": "narnia"})}, "lack: narnia"),
    "negative-weight": (lambda _: {"neighbours": bad_matrix(-1.0)}, "1 entries that are negative"),
    "missing-weight": (lambda _: {"neighbours": bad_matrix(np.nan)}, "1 entries that are negative"),
    "diagonal": (lambda _: {"neighbours": bad_matrix(1.0, (2, 2))}, "entries on its diagonal"),
    "no-neighbours": (lambda _: {"neighbours": 0 * LINE}, "No unit of the neighbour matrix"),
    "weights": (lambda _: {"neighbours": Neighbours(LINE, "gravity")}, "weights are 'gravity'"),
    "max-order": (lambda _: {"neighbours": Neighbours(LINE, max_order=0)}, "max_order is 0"),
    "family": (lambda _: {"family": "gaussian"}, "family is 'gaussian'"),
    "intercept": (lambda _: {"end": Predictor(intercept="car")}, "intercept of end is 'car'"),
    "two-trends": (
        lambda _: {"end": Predictor(trend=True, knots_every=60)},
        "a linear and a smooth",
    ),
    "lag": (lambda _: {"ar": Predictor(lag=0)}, "The lag of ar is 0"),
    "knots": (lambda _: {"end": Predictor(knots_every=1)}, "knots_every of end is 1"),
    "weekday": (
        lambda c: {"counts": c.reset_index(drop=True), "end": Predictor(weekday=True)},
        "end has weekdays, but the rows",
    ),
    "covariate-short": (
        lambda c: {"end": Predictor(covariates={"wind": pd.Series(1.0, c.index[:150])})},
        "covariate wind of end is missing or infinite .* on 250 of 1000",
    ),
    "covariate-kind": (lambda _: {"end": Predictor(covariates={"wind": 3.0})}, "is a float"),
    "offset": (
        lambda _: {"end": Predictor(offset=pd.Series(-1.0, UNITS))},
        "offset of end is negative",
    ),
    "constant": (lambda c: {"counts": 0 * c + 5}, "cannot tell these coefficients apart: ar.inter"),
    "collinear": (
        lambda c: {"end": Predictor(covariates={"one": pd.Series(1.0, c.index)})},
        "apart: end.intercept, end.one",
    ),
    "empty-unit": (
        lambda c: {"counts": change(c, tula=0.0), "family": "negbinM"},
        "1 units have no count above 0: tula",
    ),
    "no-pair": (
        lambda c: {"counts": pd.concat([c.iloc[::2], np.nan * c.iloc[1::2]])},
        "No cell has both a count and the counts before it",
    ),
}


@pytest.mark.parametrize(("wrong", "says"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(counts, wrong, says):
    given = {"counts": counts, "neighbours": LINE, **wrong(counts)}
    if wrong(counts).get("counts") is not None and not isinstance(given["counts"], pd.DataFrame):
        given["neighbours"] = None
    if isinstance(given["counts"], pd.DataFrame) and given["counts"].shape[1] != 5:
        given["neighbours"] = None
    with pytest.raises(FitError, match=says):
        EndemicEpidemic(**given).fit()


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"ar.intercept": 0.0}, r"missing \(end.intercept, log_dispersion\) or unknown \(none\)"),
        (
            {"ar.intercept": 0.0, "end.intercept": 0.0, "log_dispersion": 0.0, "psi": 1.0},
            r"unknown \(psi\)",
        ),
        ({"ar.intercept": np.nan, "end.intercept": 0.0, "log_dispersion": 0.0}, "is no number"),
        (
            {"ar.intercept": 0.0, "end.intercept": -np.inf, "log_dispersion": 0.0},
            "have a mean of 0",
        ),
    ],
)
def test_given_parameters_that_do_not_fit_are_refused(params, says):
    with pytest.raises(FitError, match=says):
        EndemicEpidemic(make_counts(40)).fix(params)


def test_fitted_parameters_given_back_are_the_same_model(counts):
    model = EndemicEpidemic(counts, LINE, end=Predictor(intercept="random", weekday=True))
    found = model.fit()
    deviations = found.random_intercepts["end"].rename(lambda unit: f"end.intercept[{unit}]")
    again = model.fix(pd.concat([found.params, deviations]))
    assert_allclose(again.llf, found.llf)
    assert_allclose(again.penalised_llf, found.penalised_llf)
    pd.testing.assert_frame_equal(again.fittedvalues, found.fittedvalues)
    assert again.n_estimated == 0
    assert found.n_estimated == len(found.params) == 11


def test_the_order_of_units_and_labels_of_nights_do_not_matter(counts):
    found = EndemicEpidemic(counts, LINE).fit()
    turned = EndemicEpidemic(counts[UNITS[::-1]], LINE).fit()
    assert_allclose(turned.params, found.params, rtol=1e-8)
    numbered = EndemicEpidemic(counts.reset_index(drop=True), LINE).fit()
    assert_allclose(numbered.params, found.params, rtol=1e-12)
    shuffled = EndemicEpidemic(counts.sample(frac=1, random_state=3), LINE).fit()
    assert_allclose(shuffled.params, found.params, rtol=1e-12)


def test_skipped_nights_are_missing_nights(counts):
    kept = counts.drop(counts.index[[50, 51, 120]])
    missing = counts.copy()
    missing.iloc[[50, 51, 120]] = np.nan
    left_out, gaps = EndemicEpidemic(kept, LINE).fit(), EndemicEpidemic(missing, LINE).fit()
    assert_allclose(left_out.params, gaps.params, rtol=1e-12)
    assert gaps.nobs == 5 * (199 - 5)  # the night itself and the night after
    assert gaps.glance()["n_missing"].item() == 15


def test_one_missing_neighbour_costs_its_neighbours_only(counts):
    """Kursk touches belgorod alone; R drops the whole night."""
    missing = counts.copy()
    missing.iloc[100, 0] = np.nan
    found = EndemicEpidemic(missing, LINE).fit()
    lost = np.flatnonzero(found.fittedvalues.iloc[101].isna())
    assert [UNITS[k] for k in lost] == ["kursk", "belgorod"]
    assert not np.isnan(found.fittedvalues.iloc[100, 0])  # foretold, though not observed
    assert found.nobs == 5 * 199 - 3
    assert found.predicted.shape == (found.nobs,)
    assert_allclose(found.predicted.logprob(missing.to_numpy()[found.cells]).sum(), found.llf)


def test_a_component_the_counts_do_not_want_is_pinned_at_zero():
    rng = np.random.default_rng(4)
    noise = pd.DataFrame(rng.poisson(5.0, (300, 5)), nights(300), UNITS)
    found = EndemicEpidemic(noise, LINE, family="negbin1").fit()
    pinned = set(found.at_bound)
    assert "log_dispersion" in pinned or found.dispersion < 0.02
    assert {"ar.intercept", "ne.intercept"} & pinned
    for name in pinned:
        assert found.params[name] == -np.inf
        assert np.isnan(found.bse[name])
    # The multiplier has the right sign: a little of what is pinned makes it worse.
    for name in pinned:
        params = found.params.copy()
        params[name] = np.log(1e-4)
        assert EndemicEpidemic(noise, LINE).fix(params).llf < found.llf
    assert found.criterion < 1e-6
    others = found.summary().drop(index=list(pinned))
    assert others["std_error"].notna().all()


def test_pinned_units_leave_the_others_where_they_are(counts):
    """A unit without counts has the background 0, and the rest is the fit without it."""
    empty = change(counts, tula=0.0)
    per_unit = Predictor(intercept="per-unit")
    found = EndemicEpidemic(empty, end=per_unit).fit()
    assert found.at_bound == ("end.intercept[tula]",)
    without = EndemicEpidemic(counts[UNITS[:4]], end=per_unit).fit()
    assert_allclose(found.params[without.params.index], without.params, rtol=1e-6)
    assert_allclose(found.llf, without.llf, rtol=1e-10)
    assert (found.fittedvalues["tula"].iloc[1:] == 0).all()


def test_islands_hand_nothing_on(counts):
    """R's row-normalised weights of an island are 0 / 0."""
    island = LINE.copy()
    island.loc["tula"] = island["tula"] = 0.0
    found = EndemicEpidemic(counts, island).fit()
    assert_allclose(found.rates.weights.sum(axis=1), [1, 1, 1, 1, 0])
    assert found.fittedvalues.iloc[1:].notna().all(axis=None)
    per_unit = EndemicEpidemic(counts, island, ne=Predictor(intercept="per-unit")).fit()
    assert "ne.intercept[tula]" in per_unit.at_bound


def test_counts_of_a_million():
    rng = np.random.default_rng(6)
    huge = pd.DataFrame(rng.negative_binomial(3, 3 / (3 + 1e6), (150, 5)), nights(150), UNITS)
    found = EndemicEpidemic(huge, LINE).fit()
    assert found.criterion < 1e-6
    assert found.dispersion == pytest.approx(1 / 3, rel=0.1)
    assert found.fittedvalues.iloc[1:].mean(axis=None) == pytest.approx(1e6, rel=0.1)


def test_fractions_and_rare_counts_are_fitted():
    counts = make_counts(120)
    halves = EndemicEpidemic(counts + 0.5 * (counts > 3), LINE).fit()
    assert halves.criterion < 1e-6
    rare = 0 * counts
    rare.iloc[[10, 11, 60], 0] = 1.0
    found = EndemicEpidemic(rare).fit()
    assert found.criterion < 1e-6
    assert np.isfinite(found.llf)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["poisson", "negbin1", "negbinM"]))
def test_every_fit_settles(seed, family):
    """Short noisy records, as a rolling window meets them: score criterion and sane bounds."""
    rng = np.random.default_rng(seed)
    mean = rng.uniform(0.3, 6.0, 3)
    counts = pd.DataFrame(rng.negative_binomial(0.7, 0.7 / (0.7 + mean), (45, 3)))
    counts = counts.mask(rng.random(counts.shape) < 0.05)
    counts.iloc[:2] = 1.0
    found = EndemicEpidemic(counts, 1.0 - np.eye(3), family=family).fit()
    assert found.criterion < 1e-6
    assert np.isfinite(found.llf)
    shares = found.decomposition(draws=0)["share"]
    assert shares.sum() == pytest.approx(1)
    inside = found.params.drop(list(found.at_bound))
    assert np.isfinite(inside).all()
    assert found.bse[inside.index].notna().all()


def test_weekdays_covariates_and_offsets_are_columns_like_others(counts):
    """A weekday is a covariate of its dates; an offset is a covariate with coefficient 1."""
    tuesday = pd.Series((counts.index.day_of_week == 1) * 1.0, counts.index)
    days = {
        f"d{d}": pd.Series((counts.index.day_of_week == d) * 1.0, counts.index) for d in range(1, 7)
    }
    weekday = EndemicEpidemic(counts, end=Predictor(weekday=True)).fit()
    by_hand = EndemicEpidemic(counts, end=Predictor(covariates=days)).fit()
    assert_allclose(weekday.params, by_hand.params, atol=1e-8)
    assert list(weekday.params.index[2:8]) == [
        f"end.weekday_{day}" for day in ("tue", "wed", "thu", "fri", "sat", "sun")
    ]
    as_cells = pd.DataFrame(dict.fromkeys(UNITS, tuesday))
    assert_allclose(
        EndemicEpidemic(counts, end=Predictor(covariates={"x": as_cells})).fit().params,
        EndemicEpidemic(counts, end=Predictor(covariates={"x": tuesday})).fit().params,
        atol=1e-8,
    )
    size = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0], UNITS)
    log_size = pd.DataFrame(np.log(size.to_numpy()) + 0 * counts, counts.index, UNITS)
    offset = EndemicEpidemic(counts, end=Predictor(offset=size)).fit()
    fixed = EndemicEpidemic(counts, end=Predictor(covariates={"size": log_size}))
    given_one = pd.concat([offset.params, pd.Series({"end.size": 1.0})])
    assert_allclose(fixed.fix(given_one).llf, offset.llf, rtol=1e-12)


def test_a_lag_of_two_looks_two_nights_back(counts):
    found = EndemicEpidemic(counts, LINE, ar=Predictor(lag=2), ne=Predictor(lag=3)).fit()
    assert found.fittedvalues.iloc[:3].isna().all(axis=None)
    ar, ne, end = (np.exp(found.params[f"{part}.intercept"]) for part in ("ar", "ne", "end"))
    y = counts.to_numpy()
    weights = found.rates.weights
    assert_allclose(found.fittedvalues.iloc[10], ar * y[8] + ne * y[7] @ weights + end)


def test_seas_neighbour_their_coasts():
    slugs = ["belgorod", "kursk", "crimea", "black_sea", "azov_sea"]
    with_seas = region_neighbours(slugs)
    assert with_seas.loc["crimea", ["black_sea", "azov_sea"]].tolist() == [1.0, 1.0]
    assert (with_seas.to_numpy() == with_seas.to_numpy().T).all()
    assert not np.diag(with_seas).any()
    assert region_neighbours(slugs, seas=False).to_numpy().sum() == 2  # belgorod and kursk
    with pytest.raises(FitError, match="1 unknown slugs \\(narnia\\)"):
        region_neighbours(["kursk", "narnia"])
    with pytest.raises(FitError, match="a slug twice"):
        region_neighbours(["kursk", "kursk"])


def test_public_names():
    for name in ("EndemicEpidemic", "EndemicEpidemicResults", "Neighbours", "Predictor"):
        assert getattr(analysis, name).__name__ == name
