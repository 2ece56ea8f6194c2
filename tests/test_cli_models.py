"""The commands that fit models, on the shipped record."""

import json
import sys
from functools import cache
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.ledger import load_claims
from analysis.models.registry import MODELS
from analysis.panel import build_panel

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def once():
    """The shipped record and its panel, read and built once for all commands."""
    read = cache(load_claims)

    @cache
    def build(direction, **options):
        return build_panel(read(DATA), direction=direction, **options)

    return read, build


@pytest.fixture
def run(monkeypatch, capsys, once):
    """Run a command on the shipped record: standard output and error."""
    read, build = once
    monkeypatch.setattr("analysis.cli.options.read_ledger", read)
    monkeypatch.setattr("analysis.panel.build_panel", lambda _, **options: build(**options))

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["interceptions", *words, "--data", str(DATA)])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
        return capsys.readouterr()

    return command


def test_trend_with_terms_as_one_document(run):
    out, err = run(
        *("trend", "--since", "2025-01-01", "--until", "2025-12-31", "--knot", "2025-07-01"),
        *("--shift", "2025-04-01", "--harmonics", "90,1", "--family", "poisson", "--json"),
    )
    assert err == ""
    missing, zero = json.loads(out)
    assert (missing["silence"], zero["silence"]) == ("missing", "zero")
    for fit in (missing, zero):
        assert [row["start"] for row in fit["segments"]] == ["2025-01-01", "2025-07-01"]
        assert fit["segments"][1]["end"] == "2025-12-31"
        assert [row["term"] for row in fit["params"]] == [
            *("intercept", "growth_1", "growth_2", "shift_2025-04-01"),
            *("sin_1_of_90", "cos_1_of_90"),
        ]
        assert (fit["family"], fit["dispersion"]) == ("poisson", 0.0)
        assert fit["criterion"] < 1e-6
        assert fit["ranks"]["lower"] <= fit["ranks"]["slope"] <= fit["ranks"]["upper"]


def test_trend_for_people_with_weekdays_by_bootstrap(run):
    words = ("trend", "--since", "2025-06-01", "--until", "2025-10-31", "--weekday", "--bootstrap")
    out, err = run(*words)
    assert out.count("per 30 nights (95 % interval") == 4  # by model and by ranks, twice
    assert out.count("ratio_sunday: ") == 2
    assert "Mann-Kendall p = " in out
    assert "claims" in err
    other, _ = run(*words, "--seed", "1")
    assert other != out


def test_fit_prints_parameters_checks_and_forecast(run):
    words = ("fit", "ingarch", "--region", "belgorod", "--since", "2025-06-01", "--horizon", "2")
    out, err = run(*words, "--json")
    assert err == ""
    found = json.loads(out)
    assert (found["model"], found["regions"]) == ("ingarch", ["belgorod"])
    assert found["first_night"] == "2025-06-01"
    assert found["params"][0]["term"] == "intercept"
    assert {"autocorrelation", "pit", "dispersion", "stationarity"} <= {
        row["check"] for row in found["checks"]
    }
    assert len({row["night"] for row in found["forecast"]}) == 2
    text, note = run(*words)
    assert "past_obs_1" in text
    assert "autocorrelation" in text
    assert "claims" in note


def test_fit_takes_several_regions_where_the_model_does(run):
    out, _ = run(
        *("fit", "endemic-epidemic", "--region", "belgorod", "--region", "Kursk"),
        *("--since", "2025-06-01", "--json"),
    )
    found = json.loads(out)
    assert found["regions"] == ["belgorod", "kursk"]
    assert "forecast" not in found


def test_fit_takes_draws_of_open_counts(run):
    words = ("fit", "endemic-epidemic", "--region", "belgorod", "--region", "kursk")
    words += ("--since", "2025-08-01", "--draws", "3", "--horizon", "1")
    out, _ = run(*words, "--json")
    found = json.loads(out)
    assert found["draws"] == 3
    assert found["fit"]["n_draws"] == 3
    assert any(row["allocation_share"] for row in found["params"])
    assert {"autocorrelation", "maximum"} <= {row["check"] for row in found["checks"]}
    assert len(found["forecast"]) == 6
    text, note = run(*words)
    assert "allocation_share" in text
    assert "sampling and allocation (3 draws)" in note


def test_help_names_every_model_of_the_registry(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["interceptions", "fit", "--help"])
    with pytest.raises(SystemExit):
        main()
    shown = capsys.readouterr().out
    assert all(name in shown for name in MODELS)
