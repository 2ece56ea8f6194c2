"""One ledger in two files: each source keeps to its own, read and written as one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import analysis.ledger.data_folder as places
from analysis.errors import LedgerError
from analysis.ledger import append_claims, load_claims
from analysis.ledger.claims_csv import sort_claims
from analysis.ledger.claims_text import claims_as_text
from analysis.panel import build_panel
from analysis.vocabulary import ATTACKS
from tests.attack_table import claims_of, row
from tests.tellings import bulletin, claims, window

ROOT = Path(__file__).resolve().parents[2]
RUSSIA = claims(bulletin(hours=window()))
LONGER = {"time_start": "2024-02-10 20:00", "time_end": "2024-02-11 06:30"}
NEXT = {"time_start": "2024-02-11 21:00", "time_end": "2024-02-12 05:00"}


@pytest.fixture
def ukraine(tmp_path):
    (tmp_path / "tables").mkdir()
    return claims_of(tmp_path / "tables", row(), row("8.0", "8.0", **NEXT))


def content(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_each_source_keeps_to_its_file(tmp_path, ukraine):
    folder = tmp_path / "data"
    report = append_claims(pd.concat([RUSSIA, ukraine]), folder)
    assert (report.path, report.rows_added) == (folder / "claims.csv", 7)
    assert sorted(content(folder)) == ["claims.csv", "claims_ukraine.csv"]
    lines = (folder / "claims_ukraine.csv").read_text().splitlines()
    assert len(lines) == 5
    assert all(ATTACKS in line for line in lines[1:])
    assert ATTACKS not in (folder / "claims.csv").read_text()


def test_both_sides_are_loaded_sorted_as_one(tmp_path, ukraine):
    folder = tmp_path / "data"
    append_claims(RUSSIA, folder)
    report = append_claims(ukraine, folder)
    assert report.path == folder / "claims_ukraine.csv"
    loaded = load_claims(folder)
    assert loaded["direction"].tolist() == ["on_ukraine"] * 4 + ["on_russia"] * 3
    pd.testing.assert_frame_equal(
        claims_as_text(loaded), sort_claims(claims_as_text(pd.concat([RUSSIA, ukraine])))
    )
    for side in (RUSSIA, ukraine, loaded):
        assert append_claims(side, folder).rows_added == 0


def test_a_bulletin_told_in_both_files_is_sorted(tmp_path, ukraine):
    folder = tmp_path / "data"
    paper = ukraine.assign(source="a-paper.org", source_kind="completion")
    append_claims(pd.concat([ukraine, paper]), folder)
    loaded = load_claims(folder)
    assert (folder / "claims.csv").exists()
    pd.testing.assert_frame_equal(claims_as_text(loaded), sort_claims(claims_as_text(loaded)))
    assert loaded["source_kind"].tolist() == (["primary"] * 2 + ["completion"] * 2) * 2


def test_one_side_alone(tmp_path, ukraine):
    append_claims(ukraine, tmp_path / "one")
    assert list(content(tmp_path / "one")) == ["claims_ukraine.csv"]
    assert len(load_claims(tmp_path / "one")) == 4
    append_claims(RUSSIA, tmp_path / "two")
    assert len(load_claims(tmp_path / "two")) == 3


def test_a_named_file_stands_for_its_ledger_and_a_licensed_one_for_itself(tmp_path, ukraine):
    append_claims(RUSSIA, tmp_path / "claims.csv")
    append_claims(ukraine, tmp_path / "claims.csv")
    assert len(load_claims(tmp_path / "claims.csv")) == 7
    assert set(load_claims(tmp_path / "claims_ukraine.csv")["source"]) == {ATTACKS}
    other = claims(bulletin({"perm": 1}, posted="2025-02-03T04:30"))
    append_claims(other, tmp_path / "claims_ukraine.csv")
    assert len(load_claims(tmp_path / "claims_ukraine.csv")) == 4
    assert len(load_claims(tmp_path)) == 9


def test_an_installed_package_has_the_russian_side_alone(tmp_path, ukraine, monkeypatch):
    packaged = tmp_path / "package" / "_data"
    append_claims(RUSSIA, packaged)
    (packaged / "datapackage.json").write_text("{}")
    monkeypatch.setattr(places, "PACKAGED", packaged)
    monkeypatch.setattr(places, "CHECKOUT", tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    assert set(load_claims()["direction"]) == {"on_russia"}
    with pytest.raises(LedgerError, match=r"for reading only"):
        append_claims(ukraine)
    with pytest.raises(LedgerError, match=r"for reading only"):
        append_claims(ukraine, packaged / "claims_ukraine.csv")


def test_a_broken_line_is_named_by_its_file(tmp_path, ukraine):
    append_claims(pd.concat([RUSSIA, ukraine]), tmp_path)
    for name in ("claims.csv", "claims_ukraine.csv"):
        whole = (tmp_path / name).read_text()
        broken = whole.replace(",uav,", ",gun,", 1)
        (tmp_path / name).write_text(broken)
        with pytest.raises(LedgerError, match=rf"{name}: line 2: weapon='gun' is none of"):
            load_claims(tmp_path)
        with pytest.raises(LedgerError, match=rf"{name}: line 2: weapon='gun'"):
            append_claims(RUSSIA, tmp_path)
        (tmp_path / name).write_text(whole)


def test_a_version_that_is_in_both_files_is_refused(tmp_path, ukraine):
    append_claims(ukraine, tmp_path)
    text = (tmp_path / "claims_ukraine.csv").read_text()
    (tmp_path / "claims.csv").write_text(text)
    with pytest.raises(LedgerError, match=r"^The ledger: .* second total of one measure"):
        load_claims(tmp_path)


def test_the_other_file_is_left_as_it_is(tmp_path, ukraine):
    append_claims(RUSSIA, tmp_path)
    stamp = (tmp_path / "claims.csv").stat().st_mtime_ns
    append_claims(ukraine, tmp_path)
    assert (tmp_path / "claims.csv").stat().st_mtime_ns == stamp


KILLED = """
import os, pathlib, signal, sys
import pandas as pd
import pandera.pandas
from tests.ledger.test_two_files import RUSSIA
from tests.attack_table import claims_of, row

folder = pathlib.Path(sys.argv[1])
both = pd.concat([RUSSIA, claims_of(folder, row())])
replace, times = pathlib.Path.replace, []
def die_at_the_second(self, target):
    times.append(target)
    if len(times) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
pathlib.Path.replace = die_at_the_second
from analysis.ledger import append_claims
append_claims(both, folder / "data")
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill like that")
def test_a_writer_killed_between_two_files_leaves_both_whole(tmp_path):
    both = pd.concat([RUSSIA, claims_of(tmp_path, row())])
    (tmp_path / "killed").mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(tmp_path / "killed")]
    ended = subprocess.run(command, env=environment, check=False, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    data = tmp_path / "killed" / "data"
    assert len(load_claims(data)) == 3
    append_claims(both, data)
    append_claims(both, tmp_path / "one")
    assert content(data) == content(tmp_path / "one")  # and what the killed one left is gone


# --- newer copies of the table ------------------------------------------------------------------


def test_a_corrected_number_is_a_revision(tmp_path, ukraine):
    folder = tmp_path / "data"
    append_claims(ukraine, folder)
    newer = claims_of(tmp_path / "tables", row("41.0", "31.0"), row("8.0", "8.0", **NEXT))
    report = append_claims(newer, folder)
    assert (report.versions_added, report.already_known) == (1, 1)
    [found] = [one for one in report.findings if one.code == "edited"]
    assert found.message == f"{ATTACKS}: the numbers or hours were edited."
    loaded = load_claims(folder)
    assert loaded.groupby("bulletin_id", sort=True)["revision"].max().tolist() == [2, 1]
    assert append_claims(newer, folder).rows_added == 0


def test_corrected_hours_are_a_revision_too(tmp_path, ukraine):
    folder = tmp_path / "data"
    append_claims(ukraine, folder)
    newer = claims_of(tmp_path / "tables", row(**LONGER), row("8.0", "8.0", **NEXT))
    assert append_claims(newer, folder).versions_added == 1
    loaded = load_claims(folder)
    assert loaded["bulletin_id"].nunique() == 2
    last = loaded[loaded["revision"] == 2]
    assert set(last["window_end"]) == {pd.Timestamp("2024-02-11T04:30Z")}
    assert set(last["bulletin_id"]) == {loaded["bulletin_id"].min()}
    before = content(folder)
    assert append_claims(newer, folder).rows_added == 0
    assert content(folder) == before
    longest = claims_of(tmp_path / "tables", row(**LONGER | {"time_end": "2024-02-11 07:00"}))
    append_claims(longest, folder)
    assert load_claims(folder)["revision"].max() == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param({}, LONGER | {"source": "kpszsu/posts/pfbidB7"}, id="another-post"),
        pytest.param({"source": ""}, LONGER | {"source": ""}, id="no-post"),
        pytest.param(
            {}, {"time_start": "2024-02-11 05:30", "time_end": "2024-02-11 09:00"}, id="apart"
        ),
        pytest.param(
            {}, {"time_start": "2024-02-10 19:00", "time_end": "2024-02-10 21:00"}, id="before"
        ),
    ],
)
def test_other_attacks_are_bulletins_of_their_own(tmp_path, old, new):
    append_claims(claims_of(tmp_path, row(**old)), tmp_path / "data")
    append_claims(claims_of(tmp_path, row(**new)), tmp_path / "data")
    assert load_claims(tmp_path / "data")["bulletin_id"].nunique() == 2


def hours(start, end):
    return row(time_start=f"2024-02-{start}", time_end=f"2024-02-{end}")


def test_hours_corrected_twice_follow_the_last(tmp_path):
    folder = tmp_path / "data"
    for told in (("10 20:00", "10 22:00"), ("10 21:00", "11 03:00"), ("10 23:00", "11 05:00")):
        append_claims(claims_of(tmp_path, hours(*told)), folder)
    loaded = load_claims(folder)
    assert len(set(loaded["bulletin_id"])) == 1
    assert loaded["revision"].max() == 3


def test_an_attack_told_in_two_parts_keeps_its_name_for_the_larger(tmp_path):
    append_claims(claims_of(tmp_path, hours("10 20:00", "11 04:00")), tmp_path / "data")
    parts = hours("10 20:00", "10 22:00"), hours("10 23:00", "11 03:00")
    report = append_claims(claims_of(tmp_path, *parts), tmp_path / "data")
    assert [finding.code for finding in report.findings] == ["edited"]
    loaded = load_claims(tmp_path / "data")
    last = loaded[(loaded["revision"] == 2).to_numpy()]
    assert set(last["window_start"]) == {pd.Timestamp("2024-02-10T21:00Z")}
    assert loaded["bulletin_id"].nunique() == 2
    # The old telling has the name of one part, so it no longer counts.
    panel = build_panel(loaded, direction="on_ukraine", measure="launched")
    assert panel["count"].tolist() == [80]


def test_attacks_that_became_one_both_count_and_are_told(tmp_path):
    parts = hours("10 20:00", "10 22:00"), hours("10 23:00", "11 03:00")
    append_claims(claims_of(tmp_path, *parts), tmp_path / "data")
    report = append_claims(claims_of(tmp_path, hours("10 20:00", "11 04:00")), tmp_path / "data")
    assert {finding.code: finding.bulletin_id for finding in report.findings} == {
        "edited": "20240210T2100Z-20240211T0100Z.ua_air_force.on_ukraine.uav",
        "statement-replaced": "20240210T1800Z-20240210T2000Z.ua_air_force.on_ukraine.uav",
    }
    assert load_claims(tmp_path / "data")["bulletin_id"].nunique() == 2


def test_an_attack_that_is_still_in_the_table_keeps_its_name(tmp_path, ukraine):
    folder = tmp_path / "data"
    append_claims(ukraine, folder)
    beside = row("3.0", "2.0", time_start="2024-02-11 01:00", time_end="2024-02-11 02:00")
    append_claims(claims_of(tmp_path / "tables", row(), beside), folder)
    assert load_claims(folder)["bulletin_id"].nunique() == 3
    assert load_claims(folder)["revision"].max() == 1
