"""The ledger only grows: round trips, repetition, order, killed and competing writers."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis.ledger.data_folder as places
from analysis.errors import LedgerError
from analysis.ledger import (
    append_channel_days,
    append_claims,
    ingest_posts,
    load_channel_days,
    load_claims,
)
from analysis.ledger.channel_days import channel_days
from analysis.ledger.claims_text import empty_claims
from analysis.ledger.data_folder import data_folder
from analysis.readers import read_posts
from tests.tellings import bulletin, claims, point, posts, window

ROOT = Path(__file__).resolve().parents[2]
FIRST = claims(bulletin(hours=window()), bulletin({"kursk": 4}, hours=point()))
SECOND = claims(bulletin({"perm": 1}, posted="2025-02-03T04:30"))


def content(folder):
    """Every file of a folder with its bytes: hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- reading what was written -------------------------------------------------------------------


def test_what_is_appended_is_loaded(tmp_path):
    report = append_claims(FIRST, tmp_path)
    assert (report.rows_added, report.versions_added, report.already_known) == (5, 2, 0)
    assert (report.path, report.left_out, report.findings) == (tmp_path / "claims.csv", 0, ())
    loaded = load_claims(tmp_path)
    columns = list(FIRST.columns)
    pd.testing.assert_frame_equal(
        loaded.sort_values(columns, ignore_index=True),
        FIRST.sort_values(columns, ignore_index=True),
        check_flags=False,
    )
    assert loaded["count"].tolist() == [4, 4, 5, 3, 2]  # by bulletin; totals, then large counts
    assert list(content(tmp_path)) == ["claims.csv"]


def test_the_file_is_text_that_any_tool_reads(tmp_path):
    append_claims(FIRST, tmp_path / "claims.csv")
    text = (tmp_path / "claims.csv").read_bytes().decode()
    assert text.splitlines()[3] == (
        "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav,ru_mod,on_russia,uav,"
        "2025-01-02T20:00+03:00,2025-01-03T07:00+03:00,stated,2025-01-03T04:30Z,mod_russia,"
        "primary,1,2025-01-03T04:30Z,itemised,intercepted,total,,,5,,ru"
    )
    assert "\r" not in text
    assert text.endswith("\n")


def test_the_same_claims_twice_change_nothing(tmp_path):
    append_claims(FIRST, tmp_path)
    before = content(tmp_path)
    stamp = (tmp_path / "claims.csv").stat().st_mtime_ns
    report = append_claims(FIRST, tmp_path)
    assert (report.rows_added, report.versions_added, report.already_known) == (0, 0, 2)
    assert content(tmp_path) == before
    assert (tmp_path / "claims.csv").stat().st_mtime_ns == stamp


def test_rows_are_added_and_none_is_changed(tmp_path):
    append_claims(FIRST, tmp_path)
    before = (tmp_path / "claims.csv").read_text().splitlines()
    append_claims(SECOND, tmp_path)
    edited = claims(bulletin({"tula": 9}, hours=window()))
    report = append_claims(edited, tmp_path)
    after = (tmp_path / "claims.csv").read_text().splitlines()
    assert [line for line in after if line in before] == before
    assert len(after) == len(before) + 4
    assert [finding.code for finding in report.findings] == ["edited"]
    assert load_claims(tmp_path)["revision"].tolist() == [1] * 5 + [2] * 2 + [1] * 2


def test_nothing_to_add_makes_no_file(tmp_path):
    report = append_claims(empty_claims(), tmp_path / "new")
    assert (report.rows_added, report.already_known) == (0, 0)
    assert content(tmp_path / "new") == {}


def test_a_ledger_appended_to_an_empty_one_is_the_same(tmp_path):
    append_claims(FIRST, tmp_path / "a")
    append_claims(claims(bulletin(), source="p.org", kind="completion"), tmp_path / "a")
    append_claims(load_claims(tmp_path / "a"), tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")


# --- properties ---------------------------------------------------------------------------------

units = st.sampled_from(["tula", "oryol", "kursk", "perm", "azov_sea|black_sea"])
hours = st.sampled_from(
    [None, window(), window(precision="assumed"), point(), point("2025-01-02T21:15")]
)
minutes = st.integers(0, 59).map(lambda minute: f"2025-01-03T04:{minute:02d}")
bulletins = st.builds(
    lambda parts, hours, posted, weapon: bulletin(parts, hours=hours, posted=posted, weapon=weapon),
    st.dictionaries(units, st.integers(0, 99), max_size=4),
    hours,
    minutes,
    st.sampled_from(["uav", "boat"]),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A new folder for every example."""
    numbers = iter(range(10**6))
    base = tmp_path_factory.mktemp("shelf")
    return lambda: base / str(next(numbers))


@settings(max_examples=25)
@given(told=st.lists(bulletins, max_size=6))
def test_writing_and_reading_is_the_identity(shelf, told):
    table, folder = claims(*told), shelf()
    append_claims(table, folder)
    if table.empty:
        return
    loaded = load_claims(folder)
    columns = list(table.columns)
    pd.testing.assert_frame_equal(
        loaded.sort_values(columns, ignore_index=True),
        table.sort_values(columns, ignore_index=True),
        check_flags=False,
    )
    before = content(folder)
    append_claims(loaded, folder)
    append_claims(table, folder)
    assert content(folder) == before


@settings(max_examples=15)
@given(told=st.lists(bulletins, min_size=1, max_size=7), data=st.data())
def test_versions_in_any_order_and_split_give_the_same_bytes(shelf, told, data):
    whole = shelf()
    append_claims(claims(*told), whole)
    completed = claims(*told[:2], source="p.org", kind="completion")
    append_claims(completed, whole)
    ledger = load_claims(whole)
    key = ["bulletin_id", "source_kind", "source", "revision"]
    versions = [rows for _, rows in ledger.groupby(key)]
    versions = data.draw(st.permutations(versions))
    pieces = data.draw(st.integers(1, len(versions)))
    split = shelf()
    for start in range(pieces):
        piece = pd.concat(versions[start::pieces], ignore_index=True)
        append_claims(piece[::-1], split)
    assert content(split) == content(whole)


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"count": -3}, r"row 0: count='-3' is not a whole number >= 0", id="negative"),
        pytest.param(
            {"regions": "atlantis"}, r"regions='atlantis' names an unknown unit", id="unit"
        ),
        pytest.param({"measure": "seen"}, r"measure='seen' is none of", id="measure"),
        pytest.param({"weapon": "gun"}, r"weapon='gun'", id="weapon"),
    ],
)
def test_bad_rows_change_nothing(tmp_path, change, says):
    append_claims(FIRST, tmp_path)
    before = content(tmp_path)
    with pytest.raises(LedgerError, match=says) as caught:
        append_claims(pd.concat([SECOND.assign(**change), SECOND]), tmp_path)
    assert str(caught.value).startswith("The claims: row 0: ")
    assert content(tmp_path) == before


def test_a_broken_ledger_is_neither_read_nor_written(tmp_path):
    append_claims(FIRST, tmp_path)
    file = tmp_path / "claims.csv"
    file.write_text(file.read_text().replace(",single,tula,,3,", ",single,tula,,-3,"))
    before = content(tmp_path)
    says = r"claims.csv: line 5: count='-3' is not a whole number"
    with pytest.raises(LedgerError, match=says):
        load_claims(tmp_path)
    with pytest.raises(LedgerError, match=says):
        append_claims(SECOND, tmp_path)
    assert content(tmp_path) == before


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        pytest.param(b"", r"claims.csv: the file is empty", id="empty"),
        pytest.param(b"a,b\n\0", r"line 2: a NUL byte", id="binary"),
        pytest.param(b"a,b\n1,2\n", r"claims.csv: the table lacks bulletin_id", id="columns"),
        pytest.param(b'a,b\n"1,2\n', r"claims.csv is no table", id="no-csv"),
    ],
)
def test_files_that_are_no_ledger(tmp_path, broken, says):
    (tmp_path / "claims.csv").write_bytes(broken)
    with pytest.raises(LedgerError, match=says):
        load_claims(tmp_path)


def test_no_ledger(tmp_path):
    with pytest.raises(LedgerError, match=r"claims.csv: there is no ledger. Ingest posts first"):
        load_claims(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match=r"cannot be made .*--data"):
        append_claims(FIRST, tmp_path / "file" / "data")


def test_the_packaged_copy_is_for_reading_only(tmp_path, monkeypatch):
    packaged = tmp_path / "package" / "_data"
    append_claims(FIRST, packaged)
    (packaged / "datapackage.json").write_text("{}")
    monkeypatch.setattr(places, "PACKAGED", packaged)
    monkeypatch.setattr(places, "CHECKOUT", tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    assert len(load_claims()) == 5
    for write in (lambda: append_claims(SECOND), lambda: append_claims(SECOND, packaged)):
        with pytest.raises(LedgerError, match=r"for reading only. Name a folder .* --data"):
            write()
    with pytest.raises(LedgerError, match=r"for reading only"):
        append_channel_days(channel_days(posts(("2025-01-01T12:00Z", "x"))))
    assert len(load_claims()) == 5


def test_where_data_are_looked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "CHECKOUT", tmp_path / "checkout")
    monkeypatch.setattr(places, "PACKAGED", tmp_path / "packaged")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError, match=r"No data: neither .* --data"):
        data_folder()
    found = []
    for folder in ("packaged", "checkout", "data"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "datapackage.json").write_text("{}")
        found.append(data_folder().name)
    assert found == ["packaged", "checkout", "data"]
    assert data_folder() == Path("data")
    assert data_folder(tmp_path / "x") == tmp_path / "x"
    assert data_folder(tmp_path / "x" / "claims.csv") == tmp_path / "x"


# --- findings and days --------------------------------------------------------------------------


def test_parts_that_exceed_the_total_are_a_finding_not_an_error(tmp_path):
    odd = claims(bulletin({"tula": 3, "oryol": 2}, hours=window(), total=4))
    report = append_claims(odd, tmp_path)
    [finding] = report.findings
    assert (finding.severity, finding.code) == ("error", "parts-exceed-total")
    assert finding.message == "mod_russia: the parts make 5, the total says 4."
    assert report.rows_added == 3
    assert append_claims(odd, tmp_path).findings == ()


def test_completions_without_a_post_are_left_out(tmp_path):
    later = claims(bulletin(), source="p.org", kind="completion")
    report = append_claims(later, tmp_path)
    assert (report.rows_added, report.already_known, report.left_out) == (0, 0, 1)
    append_claims(claims(bulletin(hours=window())), tmp_path)
    assert append_claims(later, tmp_path).versions_added == 1


def test_errors_come_first_among_findings(tmp_path):
    told = claims(
        bulletin(posted=None),
        bulletin({"tula": 3}, hours=point()),
        bulletin({"oryol": 3}, hours=point(), total=1),
    )
    report = append_claims(told, tmp_path)
    assert [f.severity for f in report.findings] == ["error", "warning", "info"]


def test_posts_bring_their_days(tmp_path):
    text = "Ночью дежурными средствами ПВО уничтожены 3 украинских БпЛА."
    table = posts(("2025-01-02T04:30Z", text), ("2025-01-03T22:30Z", "Погода хорошая."))
    assert ingest_posts(table, tmp_path).rows_added == 1
    loaded = load_claims(tmp_path)
    assert loaded.attrs["channel_days"] == ("2025-01-02", "2025-01-04")
    before = content(tmp_path)
    assert ingest_posts(table, tmp_path).rows_added == 0
    assert content(tmp_path) == before
    assert (
        tmp_path / "channel_days.csv"
    ).read_bytes() == b"day,posts\n2025-01-02,1\n2025-01-04,1\n"


def test_days_only_grow(tmp_path):
    one, two = ("2025-01-02T04:30Z", "x"), ("2025-01-02T05:30Z", "y")
    assert append_channel_days(channel_days(posts(one)), tmp_path) == 1
    assert append_channel_days(channel_days(posts(one, two)), tmp_path) == 1
    stamp = (tmp_path / "channel_days.csv").stat().st_mtime_ns
    assert append_channel_days(channel_days(posts(one)), tmp_path) == 0
    assert (tmp_path / "channel_days.csv").stat().st_mtime_ns == stamp
    assert load_channel_days(tmp_path).to_numpy().tolist() == [["2025-01-02", 2]]
    assert load_channel_days(tmp_path / "empty").empty


def test_a_ledger_without_days_says_so(tmp_path):
    append_claims(FIRST, tmp_path)
    assert "channel_days" not in load_claims(tmp_path).attrs


# --- killed and competing writers ---------------------------------------------------------------

KILLED = """
import os, pathlib, signal, sys
import pandera.pandas  # before files are tampered with
from analysis.ledger import storage
from analysis.ledger import append_claims
from tests.ledger.test_store import SECOND

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

where, folder = sys.argv[1:]
if where == "while-writing":
    storage.os.fsync = die
elif where == "before-renaming":
    pathlib.Path.replace = die
elif where == "after-renaming":
    storage._flush_folder = die
elif where == "half-written":
    class Torn:
        def __init__(self, file): self.file = file
        def __enter__(self): return self
        def __exit__(self, *_): self.file.close()
        def write(self, text):
            self.file.write(text[: len(text) // 2]); self.file.flush(); die()
    opened = pathlib.Path.open
    def tear(self, mode="r", *rest, **more):
        file = opened(self, mode, *rest, **more)
        return Torn(file) if "w" in mode else file
    pathlib.Path.open = tear
append_claims(SECOND, folder)
"""


def run(script, *arguments):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], env=environment, check=False, cwd=ROOT
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill like that")
@pytest.mark.parametrize(
    ("where", "new"),
    [
        pytest.param("half-written", False, id="half-written"),
        pytest.param("while-writing", False, id="before-flushing"),
        pytest.param("before-renaming", False, id="before-renaming"),
        pytest.param("after-renaming", True, id="after-renaming"),
    ],
)
def test_a_killed_writer_leaves_the_old_file_or_the_new(tmp_path, where, new):
    append_claims(FIRST, tmp_path)
    old = (tmp_path / "claims.csv").read_bytes()
    assert run(KILLED, where, tmp_path).returncode == -signal.SIGKILL
    kept = (tmp_path / "claims.csv").read_bytes()
    assert (kept != old) == new
    assert len(load_claims(tmp_path)) == 5 + 2 * new
    append_claims(SECOND, tmp_path)
    assert len(load_claims(tmp_path)) == 7
    append_claims(claims(bulletin({"kursk": 1}, posted="2025-03-03T04:30")), tmp_path)
    assert list(content(tmp_path)) == ["claims.csv"]  # what the killed one left is gone


def _append_own(folder, start, many):
    for number in range(start, start + many):
        posted = f"2025-01-{1 + number // 20:02d}T04:{number % 20:02d}"
        append_claims(claims(bulletin({"tula": number}, posted=posted)), folder)


def test_two_writers_at_once_lose_and_double_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    both = [
        context.Process(target=_append_own, args=(tmp_path / "both", start, 12))
        for start in (0, 8)  # four statements are told by both
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    _append_own(tmp_path / "one", 0, 20)
    assert content(tmp_path / "both") == content(tmp_path / "one")


# --- the record ---------------------------------------------------------------------------------


def test_the_record_twice_and_in_halves(shared, tmp_path):
    table = read_posts(shared / "data" / "mod_russia_posts.csv")
    start = time.process_time()
    report = ingest_posts(table, tmp_path / "whole")
    assert time.process_time() - start < 30  # a few seconds on a quiet machine
    assert report.rows_added > 9_000
    middle = len(table) // 2
    for half in (table[:middle], table[middle:], table[:middle]):
        ingest_posts(half, tmp_path / "halves")
    assert (tmp_path / "halves" / "claims.csv").read_bytes() == report.path.read_bytes()
    load_claims(tmp_path / "whole")
    start = time.process_time()
    load_claims(tmp_path / "whole")
    assert time.process_time() - start < 3  # 0.2 s on a quiet machine
