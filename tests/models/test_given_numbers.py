"""Odd input: every model refuses it in the same words, or takes it as it is."""

import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.checks import checks
from analysis.errors import FitError
from analysis.models import fit_trend, rank_trend
from analysis.models.endemic_epidemic import EndemicEpidemic, Neighbours, Predictor
from analysis.models.given_numbers import every_night, read_numbers, require_room, usable
from analysis.models.ingarch import INGARCH
from analysis.models.local_level import LocalLevelCounts
from analysis.models.pooled_results import pool_results

NIGHTS = pd.date_range("2024-03-01", periods=120, name="night")
RNG = np.random.default_rng(6)
VALUES = RNG.poisson(RNG.gamma(4, 2, 120)).astype(float)
COUNTS = pd.Series(VALUES, NIGHTS)
WIDE = pd.DataFrame({"tula": VALUES, "oryol": VALUES[::-1]}, NIGHTS)
PAIR = pd.DataFrame([[0.0, 1.0], [1.0, 0.0]], WIDE.columns, WIDE.columns)


def wide(counts):
    """The same series for two regions."""
    return pd.DataFrame({"tula": counts, "oryol": counts})


BUILDERS = {
    "trend": fit_trend,
    "ranks": rank_trend,
    "ingarch": INGARCH,
    "local-level": LocalLevelCounts,
    "endemic-epidemic": lambda counts: EndemicEpidemic(wide(counts)),
    "levels": lambda counts: LocalLevelCounts(wide(counts)),
}


def with_dates(change):
    """The counts with other labels."""
    return COUNTS.set_axis(change(COUNTS.index))


ODD = {
    "text": (lambda: pd.Series(["few", "many"] * 60, NIGHTS), "The counts are not numbers"),
    "complex": (lambda: COUNTS + 1j, "The counts are not numbers"),
    "dates": (lambda: pd.Series(NIGHTS, NIGHTS), "The counts are not numbers"),
    "negative": (
        lambda: COUNTS.where(COUNTS.index != "2024-04-02", -4.0),
        r"counts are negative or infinite \(-4 at 2024-04-02",
    ),
    "infinite": (
        lambda: COUNTS.where(COUNTS.index != "2024-04-02", np.inf),
        r"counts are negative or infinite \(inf at 2024-04-02",
    ),
    "enormous": (lambda: COUNTS * 1e300, r"counts are above 2\*\*53, where .* and \d+ more"),
    "twice": (lambda: with_dates(lambda n: n[[0, 0, *range(1, 119)]]), "1 nights occur more than"),
    "zone": (lambda: with_dates(lambda n: n.tz_localize("Europe/Kyiv")), "time zone Europe/Kyiv"),
    "no-date": (
        lambda: with_dates(lambda n: n.where(n != n[7], pd.NaT)),
        "1 of 120 nights have no date",
    ),
    "far-date": (
        lambda: with_dates(lambda n: [*n[:-1], pd.Timestamp("3024-06-28")]),
        "run from 2024-03-01 to 3024-06-28, more than a century",
    ),
}


@pytest.mark.parametrize("model", BUILDERS)
@pytest.mark.parametrize(("counts", "says"), ODD.values(), ids=ODD)
def test_odd_counts_are_refused_alike(model, counts, says):
    with pytest.raises(FitError, match=says):
        BUILDERS[model](counts())


@pytest.mark.parametrize("model", ["ingarch", "local-level", "endemic-epidemic", "levels"])
@pytest.mark.parametrize(
    "labels",
    [
        NIGHTS.strftime("%Y-%m-%d"),
        NIGHTS.to_period("D"),
        pd.Index(NIGHTS.date, dtype=object),
    ],
    ids=["text", "periods", "date-objects"],
)
def test_dates_that_are_none_are_refused(model, labels):
    """As labels they would be taken for successive, and a night they skip for none."""
    with pytest.raises(FitError, match=r"labelled by text or periods, as .*2024.*Convert"):
        BUILDERS[model](COUNTS.set_axis(labels))


@pytest.mark.parametrize("model", ["ingarch", "local-level", "endemic-epidemic", "levels"])
def test_rows_of_no_calendar_are_refused(model):
    gapped = COUNTS.set_axis(pd.date_range("2020-01-05", periods=120, freq="7D"))
    with pytest.raises(FitError, match="neither nightly nor equally far apart"):
        BUILDERS[model](gapped.drop(gapped.index[40]))
    late = NIGHTS[:-1].append(NIGHTS[-1:] + pd.Timedelta(hours=6))
    with pytest.raises(FitError, match="lie parts of a day apart"):
        BUILDERS[model](COUNTS.set_axis(late))


def test_nights_of_a_trend_are_dates_alone():
    late = COUNTS.set_axis(NIGHTS + pd.Timedelta(hours=20))
    with pytest.raises(FitError, match="120 nights carry a time of day, as 2024-03-01 20:00"):
        fit_trend(late)


def test_nights_come_sorted_and_gaps_become_rows():
    shuffled = COUNTS.drop(NIGHTS[[3, 4]]).sample(frac=1, random_state=1)
    found = every_night(shuffled)
    assert found.index.equals(NIGHTS)
    assert found.isna().to_numpy().nonzero()[0].tolist() == [3, 4]
    assert found.dropna().equals(COUNTS.drop(NIGHTS[[3, 4]]))
    plain = pd.Series([4.0, 2.0], index=[9, 2])
    assert every_night(plain).equals(plain)


def test_numbers_in_other_dtypes_are_read():
    for given in (COUNTS.astype("Int64"), COUNTS.astype(str), COUNTS.astype(object)):
        assert read_numbers(given).tolist() == VALUES.tolist()
    assert np.isnan(read_numbers(pd.Series([3, None], dtype="Int64"))).tolist() == [False, True]
    largest = pd.Series([2.0**53])
    assert read_numbers(largest).equals(largest)
    assert usable(np.array([-(2.0**53), 2.0**53 + 2, np.nan, -np.inf])).tolist() == [1, 0, 0, 0]


FITS = {
    "trend": lambda: fit_trend(COUNTS),
    "ingarch": lambda: INGARCH(COUNTS, past_mean=()).fit(),
    "local-level": lambda: LocalLevelCounts(COUNTS).fit(),
    "endemic-epidemic": lambda: EndemicEpidemic(WIDE, PAIR).fit(),
}


@pytest.fixture(scope="module", params=FITS)
def fitted(request):
    return FITS[request.param]()


@pytest.mark.parametrize("horizon", [0, -1, 1.5, 3.0, "3", None, True, 3654, 10**9])
def test_horizons_are_whole_nights_within_ten_years(fitted, horizon):
    says = rf"horizon is {horizon!r}. Give a whole number of at least 1 and at most 3653"
    with pytest.raises(FitError, match=says):
        fitted.get_forecast(horizon)


@pytest.mark.parametrize("level", [0, 1, 2, -0.5, np.nan, "high", None, True])
@pytest.mark.parametrize("method", ["conf_int", "summary", "tidy"])
def test_levels_lie_between_0_and_1(fitted, method, level):
    with pytest.raises(FitError, match=r"The level is .*Give a number between 0 and 1"):
        getattr(fitted, method)(level)


@pytest.mark.parametrize("rng", [None, "x", -1, 0.5, True])
def test_random_numbers_need_a_source(fitted, rng):
    for ask in (
        lambda: fitted.residuals("quantile", rng),
        lambda: fitted.simulate(rng=rng),
        lambda: checks(fitted, rng=rng),
    ):
        with pytest.raises(FitError, match="rng is"):
            ask()


def test_paths_are_whole_and_fit_into_memory():
    trend, levels = FITS["trend"](), FITS["local-level"]()
    many = EndemicEpidemic(WIDE).fit()
    for says, ask in (
        ("paths is -1", lambda: trend.simulate(-1)),
        ("paths is 1.5", lambda: trend.simulate(1.5)),
        ("120 nights of 1 regions along 1000000 paths", lambda: trend.simulate(1_000_000)),
        ("draws is -1", lambda: trend.get_forecast(2, draws=-1)),
        ("3000 nights of 1 regions along 50000 paths", lambda: levels.get_forecast(3000, draws=50_000)),
        ("100 nights of 1 regions along 2000000 paths", lambda: levels.simulate(100, 2_000_000)),
        ("draws is 1.5", lambda: many.simulate(1.5)),
        ("120 nights of 2 regions along 500000 paths", lambda: many.simulate(500_000)),
        ("draws is 'x'", lambda: many.get_forecast(2, draws="x")),
        ("draws is -1", lambda: many.get_forecast(2, draws=-1)),
        ("draws is 0.5", lambda: many.decomposition(draws=0.5)),
        ("level is 95", lambda: many.decomposition(level=95)),
        ("replicates is None", lambda: many.eigenvalue(replicates=None)),
        ("level is 95", lambda: many.eigenvalue(level=95)),
        ("first is 'x'", lambda: many.one_step_ahead("x")),
        ("resamples is 'x'", lambda: fit_trend(COUNTS, intervals="bootstrap", resamples="x")),
        ("along 1000000000 paths", lambda: fit_trend(COUNTS, intervals="bootstrap", resamples=10**9)),
        ("bandwidth is 1.5", lambda: fit_trend(COUNTS, bandwidth=1.5)),
    ):  # fmt: skip
        with pytest.raises(FitError, match=says):
            ask()
    require_room(10_000, 10_000)  # 100 million are held


def covariate(values, name="wind"):
    return pd.Series(values, NIGHTS, name=name)


GUSTS = np.cos(np.arange(120.0))


@pytest.mark.parametrize(
    ("exog", "says"),
    [
        (covariate(["a", "b"] * 60), "exog is no table of numbers. Give numbers"),
        (covariate(GUSTS + 1j), "exog is no table of numbers"),
        (["a"] * 120, "exog is no array of numbers"),
        (GUSTS + 1j, "exog is no array of numbers"),
        (object(), "exog is no array of numbers"),
        (covariate(GUSTS * 1e300), r"\(within 2\*\*53\)"),
        (covariate(GUSTS).set_axis(NIGHTS[[0, *range(119)]]), "exog repeats a night"),
        (pd.DataFrame(np.c_[GUSTS, GUSTS], NIGHTS, ["wind", "wind"]), "exog has two columns wind"),
    ],
)
@pytest.mark.parametrize("fit", [fit_trend, INGARCH], ids=["trend", "ingarch"])
def test_covariates_are_tables_of_numbers(fit, exog, says):
    with pytest.raises(FitError, match=says):
        fit(COUNTS, exog=exog)


def test_covariates_to_come_are_matched_by_name_and_night():
    frame = pd.DataFrame({"wind": GUSTS, "moon": np.sin(np.arange(120.0))}, NIGHTS)
    fit = INGARCH(COUNTS, frame, past_mean=()).fit()
    ahead = pd.date_range("2024-06-29", periods=2)
    wanted = pd.DataFrame({"wind": [1.0, 0.0], "moon": [0.0, 2.0]}, ahead)
    mean = fit.get_forecast(2, wanted.to_numpy()).mean
    longer = pd.concat([frame, wanted])[["moon", "wind"]]
    assert fit.get_forecast(2, longer).mean.tolist() == mean.tolist()
    assert fit.get_forecast(2, wanted.reset_index(drop=True)).mean.tolist() == mean.tolist()
    for exog, says in (
        (wanted.rename(columns={"moon": "snow"}), "exog names wind, snow, the covariates are wind, moon"),
        (wanted.set_axis(NIGHTS[:2]), "exog lacks 2 of the 2 nights to come.*from 2024-06-29 on"),
        (wanted.set_axis(ahead[[0, 0]]), "exog lacks 1 of the 2 nights"),
        (np.full((2, 2), 1e300), "or holds no numbers"),
        ([["a", "b"]] * 2, "exog is no array of numbers"),
    ):  # fmt: skip
        with pytest.raises(FitError, match=says):
            fit.get_forecast(2, exog)


@pytest.mark.parametrize("lags", [None, 1.0, True, (120,), (1, 500), (10**9,), "x", ("x",)])
def test_lags_are_nights_of_the_series(lags):
    for name in ("past_obs", "past_mean"):
        with pytest.raises(FitError, match=rf"{name} is .*the series has 120 nights"):
            INGARCH(COUNTS, **{name: lags})


@pytest.mark.parametrize(
    ("says", "ask"),
    [
        ("external is None", lambda: INGARCH(COUNTS, GUSTS, external=None)),
        ("start is a str", lambda: INGARCH(COUNTS).fit(start="x")),
        ("The parameters is no array of numbers", lambda: INGARCH(COUNTS).fix(["a", "b", "c"])),
        ("The dispersion is nan", lambda: INGARCH(COUNTS).fix([1, 0, 0], np.nan)),
        ("The dispersion is None", lambda: INGARCH(COUNTS).fix([1, 0, 0], None)),
        ("no positive and finite mean", lambda: INGARCH(COUNTS).fix([800, 0, 0])),
        ("The discount is no array", lambda: LocalLevelCounts(COUNTS).fix("half")),
        ("A discount is 1e-300", lambda: LocalLevelCounts(COUNTS).fix(1e-300)),
        ("harmonics are 7", lambda: fit_trend(COUNTS, harmonics=7)),
        ("harmonics are .'a', 'b'.", lambda: fit_trend(COUNTS, harmonics=("a", "b"))),
        ("harmonics are None", lambda: fit_trend(COUNTS, harmonics=None)),
        ("level shift 1970-01-01 does not lie", lambda: fit_trend(COUNTS, shifts=5.0)),
        ("knot is None", lambda: fit_trend(COUNTS, knots=None)),
        ("offset is no array", lambda: fit_trend(COUNTS, offset="x")),
        ("A str cannot be checked", lambda: checks("x")),
        ("lags is 1.5", lambda: checks(LocalLevelCounts(COUNTS).fix(0.5), lags=1.5)),
        ("A int is no fit", lambda: pool_results([1, 2])),
        ("A NoneType is no fit", lambda: pool_results(None)),
        ("level is 'x'", lambda: pool_results([], "x")),
        ("no errors to combine", lambda: pool_results([LocalLevelCounts(COUNTS).fix(0.5)])),
    ],
)
def test_other_odd_arguments_are_refused(says, ask):
    with pytest.raises(FitError, match=says):
        ask()


def part(**options):
    return lambda: EndemicEpidemic(WIDE, PAIR, end=Predictor(**options)).fit()


@pytest.mark.parametrize(
    ("says", "ask"),
    [
        ("lag of end is 1.5", part(lag=1.5)),
        ("lag of end is 'x'", part(lag="x")),
        ("harmonics of end is 1.5", part(harmonics=1.5)),
        ("4 harmonics and the period 7. Give a period in rows of at least two", part(harmonics=4, period=7)),
        ("the period inf", part(harmonics=1, period=np.inf)),
        ("the period 'week'", part(harmonics=1, period="week")),
        ("knots_every of end is 2.5", part(knots_every=2.5)),
        ("covariates of end are a list", part(covariates=[1])),
        ("covariate wind of end is no table of numbers", part(covariates={"wind": covariate(["a", "b"] * 60)})),
        ("wind of end is missing or infinite .beyond 2", part(covariates={"wind": covariate(GUSTS * 1e300)})),
        ("wind of end gives a label twice", part(covariates={"wind": covariate(GUSTS).set_axis(NIGHTS[[0, *range(119)]])})),
        ("two terms named intercept", part(covariates={"intercept": covariate(GUSTS)})),
        ("The component ar is 'x'", lambda: EndemicEpidemic(WIDE, ar="x")),
        ("The component end is None", lambda: EndemicEpidemic(WIDE, end=None)),
        ("matrix is a str that holds no table", lambda: EndemicEpidemic(WIDE, "first-order")),
        ("matrix is a int that holds no table", lambda: EndemicEpidemic(WIDE, 3)),
        ("matrix is a DataFrame that holds no table", lambda: EndemicEpidemic(WIDE, PAIR.replace(0.0, "none"))),
        ("matrix names tula twice", lambda: EndemicEpidemic(WIDE, PAIR.set_axis(["tula", "tula"]))),
        ("names units that the counts lack: 0, 1", lambda: EndemicEpidemic(WIDE, Neighbours(PAIR.to_numpy()))),
    ],
)  # fmt: skip
def test_odd_parts_of_an_endemic_epidemic_model_are_refused(says, ask):
    with pytest.raises(FitError, match=says):
        ask()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ar.intercept": 800.0}, "a mean or dispersion is infinite"),
        ({"log_dispersion": 800.0}, "The dispersion is .*e.304. Give 0"),
        ({"ar.intercept": np.inf}, r"A parameter is \+inf"),
        ({"ar.intercept": "x"}, "no array of numbers"),
        ({"ar.intercept": np.nan}, "no number: ar.intercept"),
    ],
)
def test_odd_parameters_of_an_endemic_epidemic_model_are_refused(change, says):
    model = EndemicEpidemic(WIDE)
    given = {"ar.intercept": -1.0, "end.intercept": 1.0, "log_dispersion": -1.0}
    assert model.fix(given).llf == model.fix(list(given.values())).llf
    with pytest.raises(FitError, match=says):
        model.fix(given | change)


def test_a_shift_on_the_second_night_has_an_interval_that_reaches_far():
    """One night alone before the shift: its simulated law has hardly any degrees of freedom."""
    interval = fit_trend(COUNTS, shifts=NIGHTS[1]).conf_int().loc["shift_2024-03-02"]
    assert np.isfinite(interval).all()
    assert interval["lower"] < interval["estimate"] < interval["upper"]


def test_a_million_a_night_needs_no_warning():
    million = (COUNTS + 1) * 1e6
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for fit in (
            fit_trend(million),
            INGARCH(million, past_mean=()).fit(),
            LocalLevelCounts(million).fit(),
        ):
            assert np.isfinite(fit.llf)
            assert np.isfinite(fit.get_forecast(2).table().to_numpy()[:, 1:].astype(float)).all()
