"""The allocation on the shipped ledger: settings, speed's premise, and the masking study in small."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analysis.allocation import learn_allocation, share_out
from analysis.allocation.fitting import EXPECTED
from analysis.ledger import load_claims
from tests.studies import masking

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = ROOT / "data" / "claims.csv"
STUDIES = ROOT / "tests" / "studies"
if not CLAIMS.exists():
    pytest.skip("the ledger is not built", allow_module_level=True)


@pytest.fixture(scope="module")
def record():
    return masking.open_record(load_claims(CLAIMS))


def rows(name):
    with (STUDIES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


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


def test_hidden_names_are_shared_out_better_than_evenly_with_intervals_that_hold(record):
    # A part of the study: three weeks of every six from 2025 on are hidden.
    account, lists, shown = record
    recent = lists & (account.moments > np.datetime64("2025-01-01", "us").astype(np.int64))
    some = (account, recent, shown)
    cells = masking.measure(some, kinds=("names",), patterns=("run",), draws=60, most_folds=1)
    numbers, _ = masking.summarise(cells)
    found = {row["method"]: row for row in numbers if row["era"] == "all"}
    assert 0.92 <= found["allocation"]["coverage"] <= 0.98
    assert found["allocation"]["error"] < 0.95 * found["equal"]["error"]
    assert found["equal"]["coverage"] < 0.7


def test_what_was_left_out_gains_little_and_what_was_kept_does():
    gains = {(row["kind"], row["variant"]): row for row in rows("masking_extras.csv")}
    kept = [
        ("named", "likeness to the power of 0"),
        ("named", "size to the power of 1"),
        ("named", "one each, then shares"),
        ("named", "all time"),
        ("tail", "likeness to the power of 0"),
        ("tail", "without a limit"),
        ("tail", "large counts count whole"),
        ("whole", "without the night's total"),
    ]
    for key in kept:
        assert float(gains[key]["upper"]) < 0, key
    dropped = [
        ("named", "neighbours"),
        ("named", "last week beside 60 d"),
        ("named", "night's total"),
        ("tail", "limit for seas"),
    ]
    for key in dropped:
        assert float(gains[key]["gain"]) < 0.02, key
