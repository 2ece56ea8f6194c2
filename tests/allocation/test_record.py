"""The allocation on the shipped ledger: settings, speed's premise, and the masking study in small."""

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from analysis.allocation import learn_allocation, share_out
from analysis.allocation.fitting import EXPECTED
from analysis.ledger import load_claims
from analysis.vocabulary import HIDINGS, PATTERNS
from tests.studies import masking
from tests.studies.list_order import TARGET as ORDER
from tests.studies.masking_extras import TARGET as EXTRAS

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "data" / "claims.csv"
if not CLAIMS.exists():
    pytest.skip("the ledger is not built", allow_module_level=True)


@pytest.fixture(scope="module")
def record():
    return masking.open_record(load_claims(CLAIMS))


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


STUDY = [row for row in rows(masking.TARGET) if row["period"] == "all"]


def test_what_is_learnt_from_the_record_is_what_is_expected_before(record):
    account = record[0]
    allocation = learn_allocation(account.tally, account.moments)
    for kind, setting in allocation.settings.items():
        assert abs(np.log(setting.concentration / EXPECTED[kind].concentration)) < 0.5
        assert abs(np.log(setting.bandwidth / EXPECTED[kind].bandwidth)) < 1.2
    # Four regions at the median are shown before a cut.
    assert np.median(allocation.hidden.asked.names[allocation.hidden.kind == 1].sum(axis=1)) == 4
    assert not allocation.alone[allocation.hidden.count > 100].any()


def test_the_record_is_shared_out_within_its_bounds(record):
    account = record[0]
    tally = account.tally
    expected = share_out(tally, learn_allocation(tally, account.moments))
    lower, upper = tally.region_bounds()
    assert np.abs(expected.sum(axis=1) - tally.total).max() < 1e-9
    assert (lower <= expected + 1e-9).all()
    assert (expected <= upper + 1e-9).all()


def test_the_study_in_small_finds_what_the_study_found(record):
    # The lists of every second three weeks from July 2025 on, their counts hidden.
    account, lists, shown = record
    recent = lists & (account.moments > np.datetime64("2025-07-01", "us").astype(np.int64))
    some = (account, recent, shown)
    cells = masking.measure(some, ("names",), ("run",), draws=25, most_folds=1)
    found = {row["method"]: row for row in masking.summarise(cells) if row["period"] == "all"}
    ours, equal = found["allocation"], found["equal"]
    assert 0.92 <= ours["coverage"] <= 0.98
    assert ours["coverage_lower"] < ours["coverage"] < ours["coverage_upper"]
    assert equal["coverage"] < 0.7
    assert 0 < equal["error_above_lower"] < equal["error_above"] < equal["error_above_upper"]
    assert equal["excess"] == pytest.approx(equal["error"] / ours["error"] - 1)
    assert ours["misplaced"] * 2 * ours["lists"] == pytest.approx(ours["error"] * ours["cells"])


def test_the_committed_study_is_of_these_lists(record):
    # Equal shares need no draws: the errors of all lists, within what a corrected list changes.
    account, lists, _ = record
    tally = account.tally
    which = np.flatnonzero(lists & (tally.total > (tally.known > 0).sum(axis=1)))
    hidden = masking.hide(tally, which, "names", None)
    rng = np.random.default_rng(0)
    expected, _ = masking.spread_baseline("equal", hidden, account.moments, which, 1, rng)
    asked = np.subtract(*hidden.region_bounds())[which] != 0
    error = np.abs(expected - tally.known[which])[asked].mean()
    for row in STUDY:
        if (row["hiding"], row["method"]) == ("names", "equal"):
            assert float(row["error"]) == pytest.approx(error, rel=0.03)
            assert int(row["lists"]) == pytest.approx(which.size, rel=0.03)


def test_the_studys_intervals_hold_in_every_way_of_hiding():
    ours = [row for row in STUDY if row["method"] == "allocation"]
    assert {(row["hiding"], row["pattern"]) for row in ours} == set(product(HIDINGS, PATTERNS))
    for row in ours:
        assert float(row["coverage_lower"]) >= 0.92, row
        assert float(row["coverage_upper"]) <= 0.98, row


def test_the_study_finds_the_allocation_nearer_than_simpler_ways():
    others = [row for row in STUDY if row["method"] != "allocation"]
    assert len(others) == 3 * len(HIDINGS) * len(PATTERNS)
    for row in others:
        assert 0 < float(row["error_above_lower"]) <= float(row["error_above"]), row
        assert float(row["error_above"]) <= float(row["error_above_upper"]), row


def test_what_was_left_out_gains_little_and_what_was_kept_does():
    gains = {(row["kind"], row["variant"]): row for row in rows(EXTRAS)}
    kept = [
        ("named", "likeness to the power of 0"),
        ("named", "size to the power of 1"),
        ("named", "one each, then shares"),
        ("named", "all time"),
        ("tail", "likeness to the power of 0"),
        ("tail", "without a limit"),
        ("tail", "large counts count whole"),
        ("whole", "without the night's total"),
        ("whole", "without the hours of the day"),
    ]
    for key in kept:
        assert float(gains[key]["upper"]) < 0, key
    dropped = [
        ("named", "neighbours"),
        ("named", "last week beside 60 d"),
        ("named", "night's total"),
        ("named", "hours of the day"),
        ("tail", "limit for seas"),
    ]
    for key in dropped:
        assert float(gains[key]["gain"]) < 0.02, key


def test_bare_lists_do_not_show_the_order_of_their_counts():
    order = {(row["lists_of"], row["left_out"] != ""): row for row in rows(ORDER)}
    bare, itemised = (order[kind, True] for kind in ("bare", "itemised"))
    assert abs(float(bare["rank"])) < 2 * float(bare["error"])
    assert float(itemised["rank"]) > 2 * float(itemised["error"])
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for row in (bare, itemised):
        assert f"{float(row['rank']):.2f}" in card
