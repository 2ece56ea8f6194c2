"""Interventions: against R's score tests, and on series with known ones."""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import chi2

from analysis.errors import FitError
from analysis.models.ingarch import (
    INGARCH,
    find_interventions,
    intervention,
    scan_interventions,
    score_test,
)
from analysis.models.ingarch.bootstrap import refits
from analysis.models.ingarch.interventions import scan_statistics
from tests.models.ingarch import naive

NIGHTS = pd.date_range("2024-02-01", periods=220, name="night")


@pytest.fixture(scope="module")
def campy(shared):
    reference = json.loads((shared / "reference" / "reference.json").read_text("utf-8"))
    return reference["tscount"]["campy"]


@pytest.fixture(scope="module")
def shifted():
    """Counts whose intercept doubles on night 120, fitted without it."""
    shift = intervention(NIGHTS, "2024-05-31", "level_shift")
    assert shift.sum() == 100
    model = INGARCH(pd.Series(5.0, NIGHTS) + np.arange(220) % 2, shift, link="log")
    counts = model.fix([0.5, 0.2, 0.4, 0.5], 0.1).simulate(rng=3)[0]
    return INGARCH(counts).fit()


def spec_of(link):
    return {
        "past_obs": (1,),
        "past_mean": (13,),
        "link": link,
        "init": "marginal",
        "external": np.zeros(0),
    }


def by_loops(params, sigmasq, y, columns, link, forgetful):
    """Score tests one by one: the quasi-score and its variance from slopes by complex steps."""
    k = len(params)
    spec = spec_of(link)
    mean = np.real(
        naive.mean_of(naive.linear_predictor(params, y, np.empty((len(y), 0)), spec), spec)
    )
    for column in columns:
        x = column.reshape(len(y), -1)
        wide = {**spec, "external": np.zeros(x.shape[1])}
        at = np.concatenate([params, np.zeros(x.shape[1])])
        slopes = naive.mean_slopes(at, y, x, wide, forgetful)
        score = ((y / mean - 1)[:, np.newaxis] * slopes).sum(axis=0)
        bread = slopes.T @ (slopes / mean[:, np.newaxis])
        meat = slopes.T @ (slopes * (1 / mean + sigmasq)[:, np.newaxis])
        a, b = slice(0, k), slice(k, None)
        part = bread[b, a] @ np.linalg.inv(bread[a, a])
        variance = meat[b, b] - part @ meat[a, b] - meat[b, a] @ part.T + part @ meat[a, a] @ part.T
        # R takes the score of the fitted parameters as 0, which at its estimate it is not.
        if not forgetful:
            score[b] -= part @ score[a]
        yield float(score[b] @ np.linalg.solve(variance, score[b]))


@pytest.mark.parametrize("link", ["identity", "log"])
def test_two_interventions_at_once(campy, link):
    """interv_test(fit, tau = c(84, 100), delta = c(1, 0)).

    R's slopes forget that z before the first night depends on the parameters, and with the log link
    it divides by the linear predictor instead of the mean (19.6; the reference gives what it would
    be with the mean). Loops that forget too give its statistic, loops that do not give ours.
    """
    y = np.array(campy["y"], dtype=float)
    null, tests = campy["intervention_tests"][f"null_{link}"], campy["intervention_tests"]
    given = tests[f"interv_test_{link}"]
    x = np.column_stack([intervention(140, 83), intervention(140, 99, "spike")])
    params = np.array(list(null["coefficients"].values()))
    wanted = given["statistic"] if link == "identity" else given["statistic_corrected"]
    (of_r,) = by_loops(params, null["sigmasq"], y, [x], link, forgetful=True)
    assert_allclose(of_r, wanted, rtol=1e-8)
    results = INGARCH(y, past_mean=(13,), link=link).fit("two_step")
    ours = score_test(results, x)
    (exact,) = by_loops(
        results.params.to_numpy(), results.dispersion, y, [x], link, forgetful=False
    )
    assert_allclose(ours.statistic, exact, rtol=1e-8)
    assert ours.df == 2
    assert_allclose(ours.p_value, chi2.sf(exact, 2), rtol=1e-8)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("spike", "spike"), ("transient", "transient"), ("level_shift", "levelshift")],
)
def test_scan_of_all_nights(campy, kind, name):
    """interv_detect(fit, taus = 2:140, delta = 0, 0.8, 1, external = FALSE), identity link."""
    y = np.array(campy["y"], dtype=float)
    tests = campy["intervention_tests"]
    null, given = tests["null_identity"], tests[f"interv_detect_identity_{name}"]
    params = np.array(list(null["coefficients"].values()))
    some = [3, 50, given["tau_max"] - 1]
    columns = [intervention(140, night, kind).to_numpy() for night in some]
    of_r = list(by_loops(params, null["sigmasq"], y, columns, "identity", forgetful=True))
    assert_allclose(of_r, np.array(given["statistic_by_tau"])[np.array(some) - 1], rtol=1e-8)
    results = INGARCH(y, past_mean=(13,), link="identity").fit("two_step")
    scan = scan_interventions(results, kind, draws=0)
    fitted = results.params.to_numpy()
    ours = list(by_loops(fitted, results.dispersion, y, columns, "identity", forgetful=False))
    assert_allclose(scan.table["statistic"][some], ours, rtol=1e-8)
    assert scan.night == given["tau_max"] - 1
    assert scan.table["statistic"].max() == scan.statistic
    assert np.isnan(scan.p_value)
    assert len(scan.table) == 139


def test_the_search_finds_what_the_literature_found_in_campy(campy):
    """A spike in period 100 and a level shift in period 84 (Fokianos & Fried 2010)."""
    fit = INGARCH(np.array(campy["y"]), past_mean=(13,), link="identity").fit()
    search = find_interventions(fit, draws=59)
    assert list(zip(search.found["kind"], search.found["night"], strict=True)) == [
        ("spike", 99),
        ("level_shift", 83),
    ]
    assert search.stopped == "no other intervention at the level 0.05"
    assert search.found["p_value"].tolist() == [0.05, 0.05]  # three kinds, 1 / 60 each
    wanted = campy["jss_joint_nb_ml"]["coefficients"]
    assert_allclose(search.found["effect"], [wanted["interv_2"], wanted["interv_1"]], rtol=1e-6)


def test_scan_and_test_agree_and_the_joint_one_is_raos(shifted):
    scan = scan_interventions(shifted, draws=0)
    column = intervention(NIGHTS, scan.night)
    alone = score_test(shifted, column)
    assert_allclose(alone.statistic, scan.statistic, rtol=1e-9)
    assert_allclose(scan.table.loc[scan.night, "p_value_alone"], alone.p_value, rtol=1e-8)
    assert abs((scan.night - pd.Timestamp("2024-05-31")).days) <= 5
    assert scan.effect_sign == 1.0
    # Rao's and the likelihood-ratio statistic are near each other.
    with_it = INGARCH(shifted.endog, column).fit()
    assert_allclose(2 * (with_it.llf - shifted.llf), alone.statistic, rtol=0.35)


@pytest.mark.parametrize("external", [False, True], ids=["fed back", "external"])
def test_the_joint_test_is_raos_by_loops(shifted, external):
    """Score and expected information of the NB2 likelihood, with slopes by complex steps."""
    x = np.column_stack([intervention(220, 60, "transient"), intervention(220, 130)])
    spec = {**spec_of("log"), "past_mean": (1,), "external": np.full(2, external)}
    y, params = shifted.endog.to_numpy(), shifted.params.to_numpy()
    slopes = naive.mean_slopes(np.concatenate([params, [0, 0]]), y, x, spec)
    mean = shifted.fittedvalues.to_numpy()
    weight = 1 / (mean * (1 + shifted.dispersion * mean))
    score = (weight * (y - mean)) @ slopes
    information = slopes.T @ (weight[:, np.newaxis] * slopes)
    expected = score @ np.linalg.solve(information, score)  # the fitted scores are 0
    assert_allclose(score_test(shifted, x, external=external).statistic, expected, rtol=1e-7)


def test_refits_keep_the_gaps_and_the_covariates():
    counts = pd.Series(np.arange(220) % 5 + 1.0, NIGHTS)
    counts.iloc[[7, 8, 100]] = np.nan
    results = INGARCH(counts, np.sin(np.arange(220))).fit()
    fits = refits(results, 20, 1)
    assert all(np.flatnonzero(fit.at.rec.gaps).tolist() == [7, 8, 100] for fit in fits)
    assert all(len(fit.theta) == 4 for fit in fits)


def test_p_value_counts_simulated_series_at_least_as_high(shifted):
    scan = scan_interventions(shifted, draws=39, rng=5)
    highest = [
        np.nanmax(scan_statistics(fit, "level_shift", 0.8)[0]) for fit in refits(shifted, 39, 5)
    ]
    assert scan.draws == len(highest) == 39
    assert scan.p_value == (1 + (np.array(highest) >= scan.statistic).sum()) / 40
    assert scan.p_value == 1 / 40


def test_gaps_are_scanned_around():
    model = INGARCH(pd.Series(4.0, NIGHTS) + np.arange(220) % 3, link="identity")
    counts = model.fix([2.0, 0.3, 0.3], 0.1).simulate(rng=1)[0].astype(float)
    counts.iloc[[60, 61, 140]] = np.nan
    results = INGARCH(counts, link="identity").fit()
    scan = scan_interventions(results, "spike", draws=0)
    column = intervention(NIGHTS, NIGHTS[90], "spike")
    assert_allclose(score_test(results, column).statistic, scan.table.loc[NIGHTS[90], "statistic"])
    # A spike on a night without a number moves the nights after it; after the last, none is left.
    assert scan.table["statistic"].notna().all()
    counts.iloc[-1] = np.nan
    ended = scan_interventions(INGARCH(counts, link="identity").fit(), "spike", draws=0).table
    assert ended["statistic"].isna().tolist() == [False] * 218 + [True]
    assert ended["p_value_alone"].isna().sum() == 1


def test_a_fall_with_the_identity_link_is_a_rise_of_its_absence():
    shift = intervention(NIGHTS, NIGHTS[110], "level_shift")
    model = INGARCH(pd.Series(5.0, NIGHTS) + np.arange(220) % 2, 1 - shift, link="identity")
    counts = model.fix([2.0, 0.2, 0.2, 2.5], 0.05).simulate(rng=0)[0]
    search = find_interventions(INGARCH(counts, link="identity").fit(), ("level_shift",), draws=39)
    assert len(search.found) == 1
    first = search.found.iloc[0]
    assert first["effect"] == pytest.approx(-2.5, abs=4 * first["std_error"])
    assert first["effect"] < 0
    assert abs((first["night"] - NIGHTS[110]).days) <= 3
    assert search.results.params.index[-1].endswith("_absent")


def test_kinds_of_interventions():
    assert intervention(4, 2).tolist() == [0, 0, 1, 1]
    assert intervention(4, 2, "spike").tolist() == [0, 0, 1, 0]
    assert intervention(5, 2, "transient").tolist() == [0, 0, 1, 0.8, pytest.approx(0.64)]
    named = intervention(NIGHTS, "2024-02-03", "spike")
    assert named.name == "spike_2024-02-03"
    assert named.index.equals(NIGHTS)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("is none of the 220 nights", lambda _: intervention(NIGHTS, "2030-01-01")),
        ("kind of intervention is 'ramp'", lambda _: intervention(9, 1, "ramp")),
        ("decay is 1.0", lambda _: intervention(9, 1, "transient", 1.0)),
        ("follow from the others", lambda r: score_test(r, np.ones(220))),
        ("no p-value is below", lambda r: find_interventions(r, draws=30)),
    ],
    ids=["night", "kind", "decay", "dependent", "draws"],
)
def test_what_is_refused(shifted, words, asked):
    with pytest.raises(FitError, match=words):
        asked(shifted)
