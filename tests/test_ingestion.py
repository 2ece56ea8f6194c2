"""Files find their reader, and the ledger learns who published them."""

import json

from analysis.ingestion import ingest_file, ingest_text
from analysis.ledger import load_claims

ARTICLE = "From 11 pm on May 3 until 6 am on May 4, 2025, Russian air defenses downed three drones over Tula."


def test_structured_lines_that_are_left_out_are_told(tmp_path):
    lines = [
        {"posted_utc": "2025-05-04T04:05Z", "total": 3, "counts": {}, "status": "rejected", "note": "papers disagree"},
        {"window_start": "2025-05-03T23:00+03:00", "window_end": "2025-05-04T06:00+03:00", "total": 3, "counts": {"Tula": 3}},
    ]  # fmt: skip
    path = tmp_path / "told.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    report = ingest_file(path, tmp_path / "data")
    assert "line-skipped" in [finding.code for finding in report.findings]
    assert report.versions_added == 1


def test_a_text_is_a_report_of_its_publisher(tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    ingest_file(path, tmp_path / "one")
    ingest_file(path, tmp_path / "two", source="tass.com")
    ingest_text(ARTICLE, tmp_path / "three")
    names = [
        load_claims(tmp_path / name)["source"].unique().tolist() for name in ("one", "two", "three")
    ]
    assert names == [["article"], ["tass.com"], ["text"]]
    assert set(load_claims(tmp_path / "one")["source_kind"]) == {"report"}


def test_a_file_under_another_name_has_not_the_channels_address(tmp_path):
    path = tmp_path / "posts.csv"
    text = "Ночью 4 мая средствами ПВО уничтожены 3 БПЛА над Тульской областью."
    path.write_text(f"posted_utc,text\n2025-05-04T04:05Z,{text}\n", encoding="utf-8")
    ingest_file(path, tmp_path / "channel")
    ingest_file(path, tmp_path / "paper", source="paper")
    assert set(load_claims(tmp_path / "channel")["source_url"]) == {"https://t.me/mod_russia"}
    assert set(load_claims(tmp_path / "paper")["source_url"]) == {""}
