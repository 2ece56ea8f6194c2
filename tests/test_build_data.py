"""The ledger rebuilt from a record."""

import json

import pytest

from analysis.build_data import build_data, main
from analysis.ledger import append_claims, load_channel_days, load_claims
from tests.attack_table import row, text_of
from tests.tellings import bulletin, claims

NIGHT = "Ночью дежурными средствами ПВО уничтожены 7 украинских БпЛА: 5 - над территорией Тульской"
POSTS = f'posted_utc,text\n2025-01-02T04:30Z,"{NIGHT} обл"\n2025-01-04T04:30Z,Погода хорошая.\n'
FULL = {"posted_utc": "2025-01-02T04:30Z", "total": 7, "counts": {"Tula": 5, "Lipetsk": 2}}
EXTRA = {"day": "2025-01-02", "total": 40, "cumulative": True}


@pytest.fixture
def record(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    lines = [FULL, FULL | {"status": "rejected"}]
    (folder / "mod_russia_posts.csv").write_text(POSTS, encoding="utf-8")
    (folder / "bulletin_completions.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "extra_bulletins.jsonl").write_text(json.dumps(EXTRA))
    (folder / "missile_attacks_daily.csv").write_text(text_of(row(), row(model="Kalibr")))
    return folder


def test_four_files_make_the_data(record, tmp_path):
    data = tmp_path / "data"
    reports = build_data(record, data)
    assert sorted(path.name for path in data.iterdir()) == [
        "channel_days.csv",
        "claims.csv",
        "claims_ukraine.csv",
        "datapackage.json",
        "panel.csv",
    ]
    added = {name: report.versions_added for name, report in reports.items()}
    assert list(added.values()) == [1, 1, 1, 1]
    both = load_claims(data)
    assert both["direction"].value_counts().to_dict() == {"on_russia": 6, "on_ukraine": 2}
    ledger = both[both["direction"] == "on_russia"]
    assert ledger["source_kind"].value_counts().to_dict() == {
        "completion": 3,
        "primary": 2,
        "report": 1,
    }
    told = ledger[ledger["source_kind"] != "report"]
    assert told["bulletin_id"].unique().tolist() == ["20250102T0430Z-post1.ru_mod.on_russia.uav"]
    assert load_channel_days(data)["day"].tolist() == ["2025-01-02", "2025-01-04"]
    [skipped] = reports["bulletin_completions.jsonl"].findings
    assert skipped.code == "line-skipped"
    [missiles] = reports["missile_attacks_daily.csv"].findings
    assert missiles.code == "row-other-weapon"


def test_a_record_without_long_range_drones_leaves_an_empty_table(record, tmp_path):
    build_data(record, tmp_path / "data")
    (record / "missile_attacks_daily.csv").write_text(text_of(row(model="Kalibr")))
    build_data(record, tmp_path / "data")
    assert (tmp_path / "data" / "claims_ukraine.csv").read_text().count("\n") == 1
    assert set(load_claims(tmp_path / "data")["direction"]) == {"on_russia"}


def test_the_same_record_gives_the_same_bytes_and_nothing_else(record, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    build_data(record, one)
    append_claims(claims(bulletin()), two)
    for _ in range(2):
        build_data(record, two)
        for path in one.iterdir():
            assert path.read_bytes() == (two / path.name).read_bytes()


def test_a_failure_leaves_the_old_data(record, tmp_path, capsys):
    data = tmp_path / "data"
    assert main([str(record), str(data)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert (
        "bulletin_completions.jsonl: 3 claims in 1 versions; findings: line-skipped 1" in said.err
    )
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    (record / "extra_bulletins.jsonl").write_text("{")
    assert main([str(record), str(data)]) == 2
    assert "extra_bulletins.jsonl: line 1: no JSON" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_how_it_is_called(capsys):
    assert main(["one"]) == 2
    assert capsys.readouterr().err == "Use: python -m analysis.build_data RECORD DATA\n"
