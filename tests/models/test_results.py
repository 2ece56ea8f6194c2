"""The common part of results: intervals, tables and residuals of a Poisson mean."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import kstest, norm, skew
from statsmodels.genmod.families import NegativeBinomial, Poisson

from analysis.errors import FitError
from analysis.models.predictive import NegBinForecast, PointForecast
from analysis.models.results import CountResults, count_residuals


def poisson_mean(counts: pd.Series | pd.DataFrame, **given) -> CountResults:
    """Results of the simplest of models, with a made-up second parameter at a bound."""
    values = counts.to_numpy(dtype=float)
    seen = values[~np.isnan(values)]
    mean = seen.mean()
    names = pd.Index(["level", "extra"])
    variances = np.array([[mean / seen.size, np.nan], [np.nan, np.nan]])
    fitted = counts * 0 + mean
    predicted = NegBinForecast(np.full(seen.size, mean))
    return CountResults(
        endog=counts,
        params=pd.Series([mean, 0.0], index=names),
        cov=pd.DataFrame(variances, index=names, columns=names),
        score=pd.Series(0.0, index=names),
        at_bound=("extra",),
        llf=float(predicted.logprob(seen).sum()),
        dispersion=0.0,
        fittedvalues=fitted,
        predicted=predicted,
        **given,
    )


NIGHTS = pd.date_range("2024-06-01", periods=400, name="night")
COUNTS = pd.Series(np.random.default_rng(8).poisson(6.0, 400), index=NIGHTS).astype(float)
COUNTS.iloc[17] = np.nan


def test_intervals_are_estimate_and_normal_quantiles():
    results = poisson_mean(COUNTS)
    mean = COUNTS.mean()
    error = np.sqrt(mean / 399)
    table = results.conf_int(0.9)
    assert table.loc["level", ["lower", "upper"]].tolist() == pytest.approx(
        [mean - norm.ppf(0.95) * error, mean + norm.ppf(0.95) * error]
    )
    assert (table["level"] == 0.9).all()
    assert table.loc["extra", ["lower", "upper"]].isna().all()
    assert results.bse["level"] == pytest.approx(error)


def test_summary_and_tidy_hold_the_same_numbers():
    results = poisson_mean(COUNTS)
    summary, tidy = results.summary(), results.tidy()
    assert tidy["term"].tolist() == ["level", "extra"]
    assert tidy.columns.tolist() == ["term", *summary.columns]
    assert summary.loc["level", "statistic"] == pytest.approx(
        results.params["level"] / results.bse["level"]
    )
    assert summary["at_bound"].tolist() == [False, True]
    strong = summary.loc["level", "statistic"]
    assert summary.loc["level", "p_value"] == pytest.approx(2 * norm.cdf(-strong), abs=1e-300)


def test_glance_counts_nights_and_parameters():
    row = poisson_mean(COUNTS).glance().iloc[0]
    assert (row["nobs"], row["n_missing"], row["n_estimated"]) == (399, 1, 2)
    assert row["aic"] == pytest.approx(4 - 2 * row["llf"])
    assert row["bic"] == pytest.approx(2 * np.log(399) - 2 * row["llf"])
    assert row["at_bound"] == "extra"
    assert poisson_mean(COUNTS, given=True).glance().iloc[0]["n_estimated"] == 0


def test_residuals_keep_the_shape_and_the_gaps():
    results = poisson_mean(COUNTS)
    response, pearson, anscombe, quantile = (
        results.residuals(kind) for kind in ("response", "pearson", "anscombe", "quantile")
    )
    for residuals in (response, pearson, anscombe, quantile):
        assert residuals.index.equals(NIGHTS)
        assert residuals.isna().tolist() == COUNTS.isna().tolist()
    mean = COUNTS.mean()
    assert response.iloc[0] == pytest.approx(COUNTS.iloc[0] - mean)
    assert pearson.iloc[5] == pytest.approx((COUNTS.iloc[5] - mean) / np.sqrt(mean))
    assert kstest(quantile.dropna(), "norm").pvalue > 0.05
    assert quantile.equals(results.residuals("quantile", np.random.default_rng(0)))
    assert not quantile.equals(results.residuals("quantile", 1))


def test_residuals_of_regions_stand_in_their_columns():
    wide = pd.DataFrame({"tula": [1.0, np.nan, 3.0], "penza": [4.0, 6.0, np.nan]}, index=NIGHTS[:3])
    residuals = poisson_mean(wide).residuals("response")
    assert residuals["penza"].tolist()[:2] == [0.5, 2.5]
    assert residuals.isna().equals(wide.isna())


def test_quantile_residuals_lie_between_the_steps_of_the_distribution():
    predicted = NegBinForecast(np.full(50, 0.3))
    counts = np.zeros(50)
    residuals = count_residuals(counts, predicted, "quantile", 2)
    assert (residuals < norm.ppf(np.exp(-0.3))).all()
    far = count_residuals(np.array([1e4]), NegBinForecast([1.0]), "quantile", 0)
    assert np.isfinite(far).all()


def test_certainties_leave_no_pearson_residual_unless_they_fail():
    residuals = count_residuals(np.array([3.0, 4.0]), PointForecast([3, 3]), "pearson", 0)
    assert residuals.tolist() == [0.0, np.inf]


@pytest.mark.parametrize("alpha", [0.0, 1e-12, 0.05, 0.5, 4.0])
def test_anscombe_residuals_are_an_integral_over_the_variance(alpha):
    """Against quadrature and statsmodels; tscount's have alpha and 1 / alpha exchanged."""
    counts = np.array([0.0, 1.0, 7.0, 160.0, 25_000.0])
    mean = np.array([2.5, 1.0, 30.0, 150.0, 900.0])
    found = count_residuals(counts, NegBinForecast(mean, alpha), "anscombe", 0)

    def transformed(upper):  # t = u**3 takes the pole at 0 away
        return quad(lambda u: 3 * u * (1 + alpha * u**3) ** (-1 / 3), 0, upper ** (1 / 3))[0]

    gaps = [transformed(y) - transformed(m) for y, m in zip(counts, mean, strict=True)]
    assert_allclose(found, gaps / (mean + alpha * mean**2) ** (1 / 6), rtol=1e-9, atol=1e-12)
    family = NegativeBinomial(alpha=alpha) if alpha > 1e-6 else Poisson()
    assert_allclose(found, family.resid_anscombe(counts, mean), rtol=1e-6, atol=1e-9)


def test_anscombe_residuals_are_nearly_standard_normal():
    """R's variance here is 1.89 squared (a residual of tscount is none of this scale)."""
    predicted = NegBinForecast(np.full(40_000, 40.0), 0.25)
    residuals = count_residuals(predicted.sample(1, 5)[0].astype(float), predicted, "anscombe", 0)
    assert residuals.std() == pytest.approx(1.0, abs=0.03)
    assert abs(skew(residuals)) < 0.2 < skew(predicted.sample(1, 5)[0])
    with pytest.raises(FitError, match="Anscombe residuals belong to Poisson and NB2"):
        count_residuals(np.array([3.0]), PointForecast([3]), "anscombe", 0)


def test_plot_draws_counts_and_what_was_expected():
    ax = poisson_mean(COUNTS).plot()
    observed, fitted = ax.get_lines()
    assert np.array_equal(observed.get_ydata(), COUNTS, equal_nan=True)
    assert np.nanmax(fitted.get_ydata()) == pytest.approx(COUNTS.mean())
    wide = pd.DataFrame({"tula": [1.0, np.nan], "penza": [4.0, np.nan]}, index=NIGHTS[:2])
    assert poisson_mean(wide).plot().get_lines()[0].get_ydata()[0] == 5.0


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda r: r.conf_int(95), "The level is 95"),
        (lambda r: r.residuals("deviance"), "The kind of residuals is 'deviance'"),
    ],
)
def test_errors_say_what_is_wrong(ask, words):
    with pytest.raises(FitError, match=words):
        ask(poisson_mean(COUNTS))
