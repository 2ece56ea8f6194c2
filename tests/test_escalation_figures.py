"""Figures of what models of regions and sides say: words, marks, stored tables, their absence."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import FigureError
from analysis.figures.inputs import read_stored
from analysis.figures.registry import REGISTRY
from analysis.figures.spec import FigureInputs, FigureOptions
from analysis.models import regional_escalation
from analysis.models.regional_escalation import (
    WINDOW,
    counts_hash,
    covered_counts,
    covered_draws,
    monthly_shares,
    rolling_eigenvalues,
)
from tests.models.endemic_epidemic.made_counts import make_counts
from tests.synthetic_panel import eigenvalues, reciprocity, simulate_panel

OPTIONS = FigureOptions()


def inputs_with(**tables):
    empty = pd.DataFrame()
    return FigureInputs(empty, empty, empty, OPTIONS, **tables)


def told(name, inputs):
    """Table, figure and caption of one figure."""
    spec = REGISTRY[name]
    table = spec.table(inputs)
    return table, spec.figure(table, OPTIONS), spec.caption(table, OPTIONS)


@pytest.fixture
def hashed(monkeypatch):
    monkeypatch.setattr(FigureInputs, "counts_hash", "abc")


@pytest.mark.usefixtures("hashed")
def test_eigenvalues_below_one_are_not_shown_to_exceed_it():
    table, fig, caption = told("eigenvalue_over_time", inputs_with(eigenvalues=eigenvalues()))
    assert len(table) == 6
    assert "In no window is it shown to exceed 1" in caption
    assert "to 29 January 2025 0.20 (95 % interval 0.10 to 0.40) with a background" in caption
    assert "14 nights apart" in caption
    days = pd.to_timedelta(table["night"].rank(method="dense"), unit="D")
    nightly = table.assign(night=pd.Timestamp("2025-01-01") + days)
    assert "A window ends every night" in REGISTRY["eigenvalue_over_time"].caption(nightly, OPTIONS)
    assert "has changed" not in caption
    [ax] = fig.axes
    assert ax.get_ylim() == (0.0, 1.15)
    assert {line.get_label() for line in ax.lines} >= {"background that may move smoothly"}


@pytest.mark.usefixtures("hashed")
def test_eigenvalues_above_one_and_of_an_older_record_say_so():
    _, _, above = told(
        "eigenvalue_over_time",
        inputs_with(eigenvalues=eigenvalues(2.0, "above 1", "an older one")),
    )
    assert "It is above 1 in 6 windows, the first ending on 1 January 2025" in above
    assert "The record has changed since these windows were computed." in above


def test_reciprocity_says_follows_and_never_answers():
    _, fig, caption = told("reciprocity", inputs_with(reciprocity=reciprocity()))
    assert "over Russia follows the number over Ukraine is not shown (p = 0.5, 500 n" in caption
    assert "over Ukraine follows the number over Russia at a distance of 2 nights" in caption
    assert "not a cause" in caption
    assert "answer" not in caption
    assert [len(ax.patches) for ax in fig.axes] == [7, 7]
    assert fig.axes[0].lines[0].get_ydata()[0] == 6.0


@pytest.mark.parametrize("name", ["eigenvalue_over_time", "reciprocity"])
def test_without_stored_tables_there_is_nothing_to_show(name):
    table, _, caption = told(name, inputs_with())
    assert table.empty
    assert caption.startswith("Nothing to show")


def test_stored_tables_are_read_and_checked(tmp_path):
    (tmp_path / "datapackage.json").write_text("{}", "utf-8")
    for name, made in (("eigenvalues.csv", eigenvalues()), ("reciprocity.csv", reciprocity())):
        assert read_stored(name, tmp_path).empty
        made.to_csv(tmp_path / name, index=False)
        read = read_stored(name, tmp_path)
        pd.testing.assert_frame_equal(read, made.astype(read.dtypes))
        made.rename(columns={"lower": "low", "lag": "l"}).to_csv(tmp_path / name, index=False)
        with pytest.raises(FigureError, match="make it anew with tests/studies/escalation_tables"):
            read_stored(name, tmp_path)


def test_windows_roll_over_the_counts():
    counts = make_counts(WINDOW + 15).rename(columns=str)
    table = rolling_eigenvalues([counts], replicates=19, step=14)
    assert table["night"].unique().tolist() == [counts.index[WINDOW - 1], counts.index[WINDOW + 13]]
    assert table["trend"].tolist() == ["none", "smooth"] * 2
    assert (table["regions"] == 5).all()
    assert ((table["lower"] <= table["eigenvalue"]) & (table["eigenvalue"] <= table["upper"])).all()
    assert table["eigenvalue"].between(0.3, 0.95).all()  # 0.7, known to about 0.1


def test_windows_of_draws_hold_what_lies_between_them():
    counts = make_counts(WINDOW).rename(columns=str)
    draws = [counts, counts.assign(**{counts.columns[0]: counts.iloc[:, 0] // 2})]
    table = rolling_eigenvalues(draws, replicates=19, step=1).set_index("trend")
    single = rolling_eigenvalues([counts], replicates=19, step=1).set_index("trend")
    assert (single["allocation_share"] == 0).all()
    assert table["allocation_share"].between(0.01, 1).all()


def test_windows_that_cannot_be_fitted_end_a_run(monkeypatch):
    """Fourteen limits above 1 with a hole among them are no run."""
    calls = iter([(1.2, 1.1, 1.3, 0.0, 5)] * 8 + [(np.nan,) * 5] + [(1.2, 1.1, 1.3, 0.0, 5)] * 8)
    monkeypatch.setattr(regional_escalation, "TRENDS", ("none",))
    monkeypatch.setattr(regional_escalation, "_window", lambda *_: next(calls))
    table = rolling_eigenvalues([make_counts(WINDOW + 16)], step=1)
    assert len(table) == 16
    assert set(table["verdict"]) == {"not shown to exceed 1"}


def test_draws_share_period_and_regions():
    panel = simulate_panel(n_nights=300, n_regions=12)
    region = covered_counts(panel).columns[0]
    rare = panel.copy()
    rare.loc[(rare["region"] == region).to_numpy(), "expected"] = 0.0
    both = pd.concat([panel.assign(draw=0), rare.assign(draw=1)])
    first, second = covered_draws(both)
    assert list(first.columns) == list(second.columns)
    assert first.index.equals(second.index)
    pd.testing.assert_frame_equal(first, covered_counts(panel)[first.columns])
    pd.testing.assert_frame_equal(covered_counts(both), (first + second) / 2)
    shares, alone = monthly_shares(both), monthly_shares(panel)
    assert (shares["draws"] == 2).all()
    assert (alone["draws"] == 1).all()
    assert shares.groupby("month")["share"].sum().to_numpy() == pytest.approx(1)


def test_counts_are_named_by_their_content():
    counts = make_counts(20)
    changed = counts.copy()
    changed.iloc[3, 2] += 1
    assert counts_hash(counts) == counts_hash(counts.copy())
    assert counts_hash(counts) != counts_hash(changed)
    assert np.isclose(len(counts_hash(counts)), 16)


def test_covered_counts_leave_out_regions_with_fractions_alone():
    panel = simulate_panel(n_nights=300, n_regions=12)
    whole = covered_counts(panel)
    region = whole.columns[0]
    small = panel.copy()
    small.loc[(small["region"] == region).to_numpy(), "expected"] = 0.4
    assert region not in covered_counts(small)
    assert whole.index[0] > panel["night"].min()


def test_what_figures_say_was_measured_is_what_the_studies_found():
    studies = Path(__file__).parent / "studies"
    covered = pd.read_csv(studies / "endemic_epidemic_coverage.csv")
    shares = 100 * covered.filter(like="shares")
    least, most = shares.min(axis=1), shares.max(axis=1)
    like_record = (covered["fit"] == "record") & (covered["eigenvalue_true"] < 0.5)
    strong = covered["eigenvalue_true"] > 0.5
    words = REGISTRY["component_decomposition"].measured
    for rows in (like_record, strong):
        assert f"{least[rows].min():.1f} to {most[rows].max():.1f} %" in words
    held = 100 * covered["eigenvalue"]
    words = REGISTRY["eigenvalue_over_time"].measured
    assert f"{held.min():.0f} to {held.max():.0f} %" in words
    tested = pd.read_csv(studies / "reciprocity_size.csv").set_index("case")
    apart = tested[tested["follow"] == 0]
    words = REGISTRY["reciprocity"].measured
    assert set((100 * apart["rejected"]).round()) == {6.0}
    assert "errs in 6 %" in words
    naive = 100 * apart["naive"]
    assert f"{naive.min():.0f} to {naive.max():.0f} %" in words
    power = 100 * tested["rejected"]
    assert f"15 % follow in {power['follows']:.0f} % of runs" in words
    assert f"30 % in {power['follows more']:.0f} %" in words
