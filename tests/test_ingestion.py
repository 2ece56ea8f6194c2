"""Files find their reader, and the ledger learns who published them."""

import json
import tracemalloc

import pandas as pd
import pytest

from analysis.accounting.versions import select_versions
from analysis.errors import ReadError
from analysis.ingestion import ingest_file, ingest_text, parse_file
from analysis.ledger import ingest_posts, load_claims
from analysis.ledger.claims import claims_from_chunks
from analysis.readers import iter_posts, read_posts
from tests import exports
from tests.exports import chat, message

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


# --- exports: edits, chunks, channels -----------------------------------------------------------


def told(*parts, hours="С 23.00 3 мая до 6.00 4 мая"):
    """A bulletin in words of our own: (number, region) over the given hours."""
    listed = ", ".join(f"{n} – над {region} областью" for n, region in parts)
    return f"{hours} силами ПВО сбиты {sum(n for n, _ in parts)} БПЛА: {listed}."


FIRST, SECOND, THIRD = (told((n, "Тульской"), (2, "Орловской")) for n in (3, 4, 5))
AT, SOON, LATER = "2025-05-04T04:05:00", "2025-05-04T06:00:00", "2025-05-06T08:30:00"


@pytest.fixture
def ingest(tmp_path):
    """Ingest exports of one channel, one after the other; returns the ledger and the last report."""

    def ingest(*exported, name="data", **asked):
        for made in exported:
            path = exports.write(tmp_path / "result.json", made)
            report = ingest_file(path, tmp_path / name, **asked)
        return load_claims(tmp_path / name), report

    return ingest


def revisions(claims):
    """(revision, total, known since) of each version, and whether all tell one bulletin."""
    totals = claims[claims["relation"] == "total"]
    assert len(set(totals["bulletin_id"])) == 1
    known = totals["known_at"].dt.strftime("%dT%H:%M")
    return [
        (row.revision, row.count_, at)
        for row, at in zip(
            totals.rename(columns={"count": "count_"}).itertuples(), known, strict=True
        )
    ]


def counted(claims, as_of=None):
    """The total that counts."""
    chosen = select_versions(claims, as_of)
    return chosen.loc[chosen["relation"] == "total", "count"].tolist()


def codes(report):
    return [finding.code for finding in report.findings]


def edited(text, at):
    return chat(message(7, text, AT, at))


def test_an_edit_is_a_revision_that_is_known_from_then_on(ingest):
    claims, report = ingest(chat(message(7, FIRST, AT)), edited(SECOND, LATER))
    assert revisions(claims) == [(1, 5, "04T04:05"), (2, 6, "06T08:30")]
    assert codes(report) == ["edited"]
    assert counted(claims) == [6]
    assert counted(claims, "2025-05-06T08:30Z") == [5]
    assert set(claims["posted_at"]) == {pd.Timestamp(AT, tz="UTC")}
    assert set(claims["source_url"]) == {"https://t.me/mod_russia/7"}


def test_an_edit_alone_is_not_known_before_it_was_made(ingest):
    claims, report = ingest(edited(SECOND, LATER))
    assert revisions(claims) == [(2, 6, "06T08:30")]
    assert counted(claims, "2025-05-05T00:00Z") == []
    assert codes(report) == []


def test_the_first_text_may_come_after_the_edit(ingest):
    claims, report = ingest(edited(SECOND, LATER), chat(message(7, FIRST, AT)))
    assert revisions(claims) == [(1, 5, "04T04:05"), (2, 6, "06T08:30")]
    assert codes(report) == ["edited"]
    straight, _ = ingest(chat(message(7, FIRST, AT)), edited(SECOND, LATER), name="straight")
    pd.testing.assert_frame_equal(claims, straight)


def test_edits_of_edits(ingest):
    claims, _ = ingest(chat(message(7, FIRST, AT)), edited(SECOND, SOON), edited(THIRD, LATER))
    expected = [(1, 5, "04T04:05"), (2, 6, "04T06:00"), (3, 7, "06T08:30")]
    assert revisions(claims) == expected
    # What came in between finds no number, if it is found last; the newest text counts all the same.
    claims, report = ingest(
        chat(message(7, FIRST, AT)), edited(THIRD, LATER), edited(SECOND, SOON), name="gap"
    )
    assert revisions(claims) == [(1, 5, "04T04:05"), (2, 7, "06T08:30")]
    assert codes(report) == ["superseded"]
    claims, _ = ingest(edited(THIRD, LATER), edited(SECOND, SOON), name="back")
    assert revisions(claims) == [(1, 6, "04T06:00"), (2, 7, "06T08:30")]


def test_an_edit_that_changes_no_number_changes_no_byte(ingest, tmp_path):
    ingest(chat(message(7, FIRST, AT)))
    before = (tmp_path / "data" / "claims.csv").read_bytes()
    ingest(edited(FIRST.replace("силами ПВО", "силами  ПВО"), LATER))
    assert (tmp_path / "data" / "claims.csv").read_bytes() == before


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 2), (2, 1, 0), (1, 1)], ids=str)
def test_the_same_exports_again_change_no_byte(ingest, tmp_path, order):
    made = [chat(message(7, FIRST, AT)), edited(SECOND, SOON), edited(THIRD, LATER)]
    given = [made[turn] for turn in order]
    ingest(*given)
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    _, report = ingest(*given, *reversed(given))
    assert (report.rows_added, report.versions_added) == (0, 0)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


def test_an_edit_in_the_minute_of_posting_is_none(ingest):
    claims, _ = ingest(edited(SECOND, "2025-05-04T04:05:59"))
    assert revisions(claims) == [(1, 6, "04T04:05")]
    claims, _ = ingest(edited(SECOND, "2025-05-04T04:06:00"), name="next")
    assert revisions(claims) == [(2, 6, "04T04:06")]


def test_a_changed_text_whose_edit_has_no_time_is_the_newest(ingest, tmp_path):
    ingest(chat(message(7, FIRST, AT)), edited(SECOND, LATER))
    path = tmp_path / "posts.csv"
    path.write_text(f'posted_utc,text\n2025-05-04T04:05Z,"{THIRD}"\n', encoding="utf-8")
    ingest_file(path, tmp_path / "data")
    assert revisions(load_claims(tmp_path / "data"))[2] == (3, 7, "06T08:30")
    assert counted(load_claims(tmp_path / "data")) == [7]


def test_another_post_about_known_hours_is_no_revision_for_being_edited(ingest):
    hours = "Около 19.00 3 мая"
    one, two = told((3, "Тульской"), hours=hours), told((1, "Орловской"), hours=hours)
    both = [message(7, one, AT), message(8, two, SOON, LATER)]
    for name, given in {"together": [chat(*both)], "apart": [chat(both[0]), chat(both[1])]}.items():
        claims, _ = ingest(*given, name=name)
        totals = claims[claims["relation"] == "total"]
        assert [
            (name.rpartition(".")[2], revision)
            for name, revision in zip(totals["bulletin_id"], totals["revision"], strict=True)
        ] == [("uav", 1), ("uav:2", 2)]
        assert sorted(counted(claims)) == [1, 3]


def test_two_messages_of_one_minute_stay_two(ingest):
    texts = [f"Минувшей ночью силами ПВО сбиты {n} БПЛА над Тульской областью." for n in (3, 4)]
    made = [message(7, texts[0], AT), message(8, texts[1], "2025-05-04T04:05:40")]
    claims, _ = ingest(chat(*made))
    names = claims["bulletin_id"].str.split(".").str[0]
    assert sorted(set(names)) == ["20250504T0405Z-post1", "20250504T0405Z-post2"]
    assert claims.loc[claims["relation"] == "total", "source_url"].tolist() == [
        "https://t.me/mod_russia/7",
        "https://t.me/mod_russia/8",
    ]
    again, report = ingest(chat(*made))
    assert report.rows_added == 0
    pd.testing.assert_frame_equal(again, claims)


def days(count):
    """A channel: several posts a minute, out of order, statements without hours, edits, events."""
    texts = [
        "Минувшей ночью силами ПВО сбиты 3 БПЛА над Тульской областью.",
        "Минувшей ночью силами ПВО сбиты 4 БПЛА над Тульской областью.",
        "Около 9.00 силами ПВО сбит БПЛА над Орловской областью.",
        "Около 9.00 силами ПВО сбиты 2 БПЛА над Курской областью.",
        "Праздник в музее.",
    ]
    for day in range(count):
        for turn, text in enumerate(texts):
            number = 10 * day + turn
            minute = (7 * turn) % 3
            posted = f"2025-05-{4 + day:02}T07:0{minute}:00"
            late = f"2025-05-{4 + day:02}T09:00:00" if turn == 3 and day % 2 else None
            yield message(number, text, posted, late)
        yield {"id": 10 * day + 9, "type": "service"}


def test_where_chunks_end_makes_no_difference(tmp_path):
    exported = exports.write(tmp_path / "result.json", chat(*days(9)))
    lines = ["posted_utc,text,source"]
    for n in range(40):
        source = ("mod_russia", "paper.org")[n % 2]
        text = f"Минувшей ночью силами ПВО сбиты {1 + n % 5} БПЛА над Тульской областью."
        lines.append(f"2025-06-{1 + (n * 7) % 13:02}T04:0{n % 2}Z,{text},{source}")
    table = tmp_path / "posts.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    written = set()
    for chunk in (1, 2, 7, 1000):
        data = tmp_path / f"data{chunk}"
        findings = [
            ingest_posts(iter_posts(path, chunk=chunk), data).findings for path in (exported, table)
        ]
        files = [(data / name).read_bytes() for name in ("claims.csv", "channel_days.csv")]
        written.add((*files, tuple(findings)))
    assert len(written) == 1
    whole = tmp_path / "whole"
    for path in (exported, table):
        ingest_posts(read_posts(path), whole)
    [(claims, counted_days, _)] = written
    assert (whole / "claims.csv").read_bytes() == claims
    assert (whole / "channel_days.csv").read_bytes() == counted_days
    assert b"-post2." in claims
    assert b"2025-05-04,5\n" in counted_days


def test_the_record_as_an_export_tells_what_the_table_tells(shared, tmp_path):
    table = shared / "data" / "mod_russia_posts.csv"
    ingest_posts(iter_posts(table, chunk=251), tmp_path / "table")
    posts = read_posts(table)
    moments = posts["posted_at"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    # Exports have no markup: bold signs and the addresses of links are gone.
    plain = posts["text"].str.replace(r"\]\([^)]*\)?|\*\*|__", "", regex=True).str.replace("[", "")
    for name, texts in (("marked", posts["text"]), ("plain", plain)):
        made = [
            message(n, text, at) for n, (text, at) in enumerate(zip(texts, moments, strict=True))
        ]
        path = exports.write(tmp_path / f"{name}.json", chat(*made))
        ingest_file(path, tmp_path / name)
        same = [load_claims(tmp_path / data).drop(columns="source_url") for data in ("table", name)]
        pd.testing.assert_frame_equal(*same)
        assert same[0].attrs["channel_days"] == same[1].attrs["channel_days"]
    report = ingest_file(path, tmp_path / "table")
    assert report.rows_added == 0


def test_nothing_is_written_of_a_file_that_ends_in_the_middle(tmp_path):
    whole = exports.write(tmp_path / "whole.json", chat(*days(3)))
    ingest_file(whole, tmp_path / "data")
    before = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    text = exports.write(tmp_path / "cut.json", chat(*days(9))).read_text(encoding="utf-8")
    (tmp_path / "cut.json").write_text(text[:-30], encoding="utf-8")
    with pytest.raises(ReadError, match="the file ends in the middle"):
        ingest_posts(iter_posts(tmp_path / "cut.json", chunk=2), tmp_path / "data")
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == before


def test_what_is_left_out_is_among_the_findings(ingest):
    _, report = ingest(chat(*days(2), name="Another title"))
    assert {"service-messages", "unknown-channel"} <= set(codes(report))
    claims, report = ingest(chat(*days(2), name="Another title"), name="named", source="mod_russia")
    assert "unknown-channel" not in codes(report)
    assert "service-messages" in codes(report)
    assert set(claims["source_kind"]) == {"primary"}
    assert "https://t.me/mod_russia/10" in set(claims["source_url"])
    claims, _ = ingest(chat(*days(2)), name="archive", source="archive")
    assert set(claims["source_url"]) == {""}


def test_one_channel_of_an_account(ingest):
    exported = exports.account(chat(*days(1)), chat(*days(2), name="Other", number=5))
    claims, _ = ingest(exported, channel=1001)
    assert set(claims["source"]) == {"mod_russia"}


def test_the_channel_of_the_air_force_is_its_own(ingest):
    text = "The Ukrainian Air Force shot down 40 of 60 drones overnight."
    claims, _ = ingest(chat(message(3, text, AT), name="Повітряні Сили ЗС України"))
    assert set(claims["claimant"]) == {"ua_air_force"}
    assert set(claims["source_kind"]) == {"primary"}
    assert set(claims["source_url"]) == {"https://t.me/kpszsu/3"}
    assert claims.attrs.get("channel_days", ()) == ()  # which counts the ministry's posts alone


def test_a_folder_of_texts(tmp_path):
    folder = tmp_path / "cuttings"
    folder.mkdir()
    (folder / "2025-05-04T0900Z gazette.org.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "2025-05-05T0900Z.txt").write_text(
        ARTICLE.replace("May 4", "May 5").replace("May 3", "May 4"), encoding="utf-8"
    )
    ingest_file(folder, tmp_path / "data")
    claims = load_claims(tmp_path / "data")
    assert set(claims["source"]) == {"gazette.org", "cuttings"}
    before = (tmp_path / "data" / "claims.csv").read_bytes()
    (folder / "2025-05-06T0900Z.txt").write_bytes(b"\0")
    with pytest.raises(ReadError, match="nothing was read"):
        ingest_file(folder, tmp_path / "data")
    assert (tmp_path / "data" / "claims.csv").read_bytes() == before


def test_structured_lines_take_no_channel(tmp_path):
    path = tmp_path / "told.jsonl"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ReadError, match="says itself who told what"):
        ingest_file(path, tmp_path / "data", channel="1001")


def test_what_the_posts_of_a_file_claim(tmp_path):
    path = exports.write(tmp_path / "result.json", chat(*days(1)))
    assert [bulletin.total for bulletin in parse_file(path)] == [3, 4, 1, 2]
    [bulletin] = parse_file(
        exports.write(
            tmp_path / "a.txt",
            "С 23.00 3 мая 2025 г. до 6.00 4 мая 2025 г. сбиты 3 БПЛА над Тульской областью силами ПВО.",
        )
    )
    assert bulletin.claimant == "ru_mod"


def test_the_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for size in (1_000, 20_000):
        with (tmp_path / "result.json").open("w", encoding="utf-8") as file:
            head = json.dumps(chat())[:-2]
            file.write(head)
            text = "Праздник в музее. " * 12
            for n in range(size):
                file.write(("," if n else "") + json.dumps(message(n, text), ensure_ascii=False))
            file.write("]}")
        tracemalloc.start()
        claims = claims_from_chunks(iter_posts(tmp_path / "result.json", chunk=200))[0]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert claims.empty
    assert peaks[1] < 1.5 * peaks[0]


def test_a_table_of_attacks_is_known_by_its_columns(tmp_path):
    path = tmp_path / "attacks.csv"
    path.write_text(
        "time_start,time_end,model,launched,destroyed,source\n"
        "2025-05-03 20:00,2025-05-04 08:00,Shahed-136/131,60,40,kpszsu/posts/7\n",
        encoding="utf-8",
    )
    report = ingest_file(path, tmp_path / "data")
    assert report.path.name == "claims_ukraine.csv"
    assert report.versions_added == 1
    with pytest.raises(ReadError, match="says itself who told what"):
        ingest_file(path, tmp_path / "data", source="paper")


# --- edits that change the hours ----------------------------------------------------------------

NARROW = told((3, "Тульской"), (2, "Орловской"), hours="С 23.30 3 мая до 6.00 4 мая")


def test_an_edit_of_the_hours_is_a_revision_and_no_second_bulletin(ingest):
    claims, report = ingest(chat(message(7, FIRST, AT)), edited(NARROW, LATER))
    assert revisions(claims) == [(1, 5, "04T04:05"), (2, 5, "06T08:30")]
    assert codes(report) == ["edited"]
    assert counted(claims) == [5]
    starts = claims.groupby("revision")["window_start"].first().dt.strftime("%H:%M").tolist()
    assert starts == ["20:00", "20:30"]
    again, report = ingest(chat(message(7, FIRST, AT)), edited(NARROW, LATER))
    assert report.rows_added == 0
    pd.testing.assert_frame_equal(again, claims)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(chat(message(8, NARROW, SOON)), id="another-message"),
        pytest.param(
            edited(told((3, "Тульской"), hours="С 7.10 до 7.50 4 мая"), LATER), id="other-hours"
        ),
        pytest.param(
            edited(NARROW.replace("БПЛА", "безэкипажных катеров"), LATER), id="another-weapon"
        ),
    ],
)
def test_what_is_another_statement_stays_one(ingest, second):
    claims, _ = ingest(chat(message(7, FIRST, AT)), second)
    assert len(set(claims["bulletin_id"])) == 2


def test_posts_without_a_number_of_their_own_are_never_taken_for_one_another(tmp_path):
    for name, text in (("one", FIRST), ("two", NARROW)):
        path = tmp_path / f"{name}.csv"
        path.write_text(f'posted_utc,text\n2025-05-04T04:05Z,"{text}"\n', encoding="utf-8")
        ingest_file(path, tmp_path / "data")
    assert len(set(load_claims(tmp_path / "data")["bulletin_id"])) == 2
