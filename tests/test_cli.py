"""The command line: what it prints where, its exit codes, and its one sentence for bad input."""

import io
import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.cli.output import plain
from analysis.figures import CheckReport
from tests import attack_table, exports

ARTICLE = (
    "Overnight, from 11 pm on May 3 until 6 am on May 4, Russian air defenses downed nine drones: six over Tula, "
    "three over Oryol."
)
POSTS = """posted_utc,text
2025-05-04T04:05Z,"С 23.00 3 мая до 6.00 4 мая силами ПВО сбиты 9 БПЛА: шесть – над \
Тульской областью, три – над Орловской областью."
2025-05-05T10:05Z,Фотография без слов о событиях.
2025-05-06T04:10Z,"Минувшей ночью силами ПВО сбиты 12 БПЛА над территориями Тульской, \
Курской и Брянской областей."
"""


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command: exit code, standard output, standard error."""

    def command(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["interceptions", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        return stopped.value.code or 0, printed.out, printed.err

    return command


@pytest.fixture
def data(tmp_path, run):
    """A small ledger."""
    posts = tmp_path / "posts.csv"
    posts.write_text(POSTS, encoding="utf-8")
    code, _, _ = run("ingest", posts, "--data", tmp_path / "data")
    assert code == 0
    return tmp_path / "data"


def test_parse_prints_one_document(run, tmp_path):
    text = tmp_path / "article.txt"
    text.write_text(ARTICLE, encoding="utf-8")
    code, out, err = run("parse", text, "--posted", "2025-05-04T09:00Z", "--json")
    [bulletin] = json.loads(out)
    assert (code, err) == (0, "")
    assert bulletin["total"] == 9
    assert bulletin["window"]["start"] == "2025-05-03T23:00:00+03:00"
    assert {c["regions"][0]: c["count"] for c in bulletin["counts"]} == {"tula": 6, "oryol": 3}


def test_parse_reads_standard_input_and_speaks_to_people(run):
    code, out, _ = run("parse", "-", "--posted", "2025-05-04T09:00Z", stdin=ARTICLE)
    assert code == 0
    assert "Russian Defence Ministry claims" in out
    assert "6  Tula Oblast" in out
    assert run("parse", "-", stdin="Nothing happened.")[:2] == (0, "No claim found in this text.\n")


def test_a_text_without_a_year_says_so(run):
    _, out, _ = run("parse", "-", "--json", stdin=ARTICLE)
    [bulletin] = json.loads(out)
    assert bulletin["window"] is None
    assert [f["code"] for f in bulletin["findings"]] == ["no-year"]


def test_what_the_source_got_wrong_is_a_finding_not_an_error(run):
    code, out, _ = run("parse", "-", "--json", stdin=ARTICLE.replace("nine", "seven"))
    assert code == 0
    assert "parts-exceed-total" in [f["code"] for f in json.loads(out)[0]["findings"]]


BAD_FILES = [
    pytest.param("empty.csv", b"", r"empty\.csv: the file is empty", id="empty"),
    pytest.param("picture.csv", b"\x89PNG\0\x01\xff\xfe", r"picture\.csv.*no text file", id="binary"),
    pytest.param("other.csv", b"a,b\n1,2\n", r"other\.csv.*posted_utc.*text", id="columns"),
    pytest.param("bad.jsonl", b'{"posted_utc": "2025-05-04T04:05Z", "total": -4, "counts": {}}\n', r"bad\.jsonl: line 1: total is -4", id="negative"),
    pytest.param("bad.jsonl", b'{"posted_utc": "2025-05-04T04:05Z", "total": 4, "counts": {"Gondor": 4}}\n', r"line 1.*Gondor", id="unknown-region"),
    pytest.param("missing.csv", None, r"missing\.csv: there is no such file", id="missing"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), BAD_FILES)
def test_bad_input_costs_one_sentence_and_no_data(run, data, tmp_path, name, content, says):
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("ingest", tmp_path / name, "--data", data)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert len(err.strip().splitlines()) == 1
    assert re.search(says, err), err
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("panel", "--region", "gondor"), "gondor"),
        (("panel", "--since", "soon"), "soon"),
        (
            ("panel", "--night", "20:00-45:00"),
            "night is ('20:00', '45:00'), which is longer than 24 hours. Give start and end",
        ),
        (("panel", "--night", "20:00"), "night is ('20:00', ''), which is not two times of day."),
        (("explain", "2025-05-04", "all", "--night", "8-20"), "which is not two times of day."),
        (("panel", "--region", "perm"), "perm: no claim in this panel names it. Use all, or one"),
        (
            ("panel", "--since", "2031-01-01"),
            "No night from 2031-01-01 to the end is in the panel. It holds the nights 2025-05-04",
        ),
        (
            ("explain", "2025-05-04", "perm"),
            "region is 'perm', which no claim on_russia names. Use all, or one of",
        ),
        (("panel", "--direction", "on_ukraine"), "No bulletin that counts claims intercepted or"),
        (("explain", "2025-05-04", "all", "--direction", "on_ukraine"), "uav on_ukraine here."),
        (("explain", "2025-05-04", "gondor"), "gondor"),
        (("explain", "1999-01-01", "all"), "1999"),
        (("parse", "-", "--posted", "soon"), "--posted 'soon' is no time"),
        (("parse", "-", "--posted", "2025-05-04"), "names no time of day"),
        (("panel", "--since", "2025-05-04T00:00Z"), "since is '2025-05-04T00:00Z'"),
        (("panel", "--since", ""), "since is ''"),
        (("explain", "2025-05-04T00:00Z"), "which is not a date"),
        (("trend", "--since", "soon"), "start is 'soon'"),
        (("summary", "--measure", "reach", "--by", "regions"), "--by regions has no place"),
        (("compare",), "needs 30 nights with numbers, the panel has 2"),
        (("compare", "--reference", "gondor"), "gondor"),
        (("compare", "--since", "2031-01-01"), "No night from 2031-01-01"),
        (("compare", "--show", "periods"), "--split 2025-07-01"),
        (("compare", "--show", "periods", "--split", "soon"), "--split is 'soon'"),
        (("compare", "--show", "ranks", "--reference", "tula"), "--reference has no place"),
        (("compare", "--show", "periods", "--per", "area"), "--per has no place"),
        (
            ("compare", "--split", "2025-05-05"),
            "--split has no place in --show ratios. Leave it out, or show periods",
        ),
        (("trend", "--region", "tula"), "needs"),
        (("trend", "--harmonics", "weekly"), "--harmonics 'weekly' is no period and number"),
        (("fit", "prophecy"), "no model 'prophecy'. Choose one of trend, ingarch"),
        (("fit", "trend", "--region", "gondor"), "gondor"),
        (("fit", "ingarch", "--region", "tula", "--region", "kursk"), "takes one region"),
        (("figures", "no-such-figure"), "no-such-figure"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_one_sentence(run, data, words, says):
    code, _, err = run(*words, "--data", data, stdin=ARTICLE)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_ingesting_twice_changes_no_byte(run, data, tmp_path):
    before = {path.name: path.read_bytes() for path in data.iterdir()}
    code, out, _ = run("ingest", tmp_path / "posts.csv", "--data", data, "--json")
    assert code == 0
    [report] = json.loads(out)
    assert report["rows_added"] == 0
    assert {path.name: path.read_bytes() for path in data.iterdir()} == before


def test_panel_and_explain(run, data):
    _, out, _ = run("panel", "--data", data, "--region", "Tula", "--json")
    nights = {row["night"]: row for row in json.loads(out)}
    assert nights["2025-05-04"]["count"] == 6
    assert nights["2025-05-05"]["state"] == "silent"
    assert nights["2025-05-05"]["count"] is None
    assert (nights["2025-05-06"]["state"], nights["2025-05-06"]["upper"]) == ("bounded", 10)
    _, out, _ = run("explain", "2025-05-04", "tula", "--data", data, "--json")
    rows = json.loads(out)
    assert {row["count"] for row in rows} == {6, 9}
    assert {row["window_start"] for row in rows} == {"2025-05-03T20:00Z"}


def test_the_night_and_the_side_can_be_chosen(run, data):
    # 23:00 to 06:00 lies in a night of any hours around it, and in the day of its morning.
    nights = {}
    for words in ((), ("--night", "22:00-07:00"), ("--night", "00:00-24:00"), ("--daily",)):
        code, out, _ = run("panel", "--data", data, "--region", "all", "--json", *words)
        assert code == 0
        nights[words] = {row["night"]: row["upper"] for row in json.loads(out)}
    assert nights[()]["2025-05-04"] == nights["--night", "22:00-07:00"]["2025-05-04"] == 9
    assert nights["--night", "00:00-24:00"] == nights["--daily",]
    _, out, _ = run("explain", "2025-05-04", "all", "--night", "20:00-01:00", "--data", data)
    assert "passes an edge of the night" in out


def test_the_other_side_has_a_panel_and_explanations(run, tmp_path):
    table = tmp_path / "attacks.csv"
    later = {"time_start": "2024-03-02 20:00", "time_end": "2024-03-03 05:00"}
    table.write_text(attack_table.text_of(attack_table.row(), attack_table.row(**later)), "utf-8")
    code, _, err = run("ingest", table, "--data", tmp_path / "data")
    assert code == 0, err
    side = ("--direction", "on_ukraine", "--data", tmp_path / "data", "--json")
    code, out, err = run("panel", *side)
    assert code == 0, err
    night = json.loads(out)[0]
    _, out, _ = run("explain", night["night"], "all", *side)
    assert {row["bulletin_id"] for row in json.loads(out)} == set(night["bulletins"].split())


def test_the_check_of_figures_is_that_of_the_report(run, data, tmp_path, monkeypatch):
    asked = []

    def check_report(out, folder, *, names, progress):
        progress("figure", 0, 1)
        asked.append((out, folder, names))
        wrong = ("report.html differs in its bytes.",)
        return CheckReport(not wrong, True, ("tile_map",), wrong, ())

    monkeypatch.setattr("analysis.report.check_report", check_report)
    code, out, _ = run("figures", "--check", "--out", tmp_path, "--data", data)
    assert (code, out) == (1, "report.html differs in its bytes.\n")
    code, out, _ = run(
        "figures", "tile_map", "--check", "--out", tmp_path, "--data", data, "--json"
    )
    assert (code, json.loads(out)["agrees"]) == (1, False)
    assert asked == [(tmp_path, data, None), (tmp_path, data, ["tile_map"])]


def test_explain_speaks_to_people(run, data):
    code, out, err = run("explain", "2025-05-04", "tula", "--data", data)
    assert code == 0
    assert re.search(r"counts +6  single +2025-05-03 23:00 to 2025-05-04 06:00  mod_russia", out)
    assert "Counted whole" in out
    assert "not verified" in err


def test_panel_prints_a_table_and_the_caveat_beside_it(run, data):
    code, out, err = run("panel", "--data", data, "--region", "all", "--since", "2025-05-04")
    assert code == 0
    assert "2025-05-04" in out
    assert "not verified" in err


def test_panel_says_where_no_itemised_list_is_near(run, data):
    # Of three regions Tula alone stands in the list of two nights before.
    code, out, err = run("panel", "--data", data, "--json")
    assert (code, "No itemised bulletin nearby: 1 bulletin (" in err) == (0, True)
    assert json.loads(out)


def test_daily_panel_holds_the_whole_day(run, data):
    _, out, _ = run("panel", "--data", data, "--daily", "--region", "all", "--json")
    days = {row["night"]: row["expected"] for row in json.loads(out)}
    assert sum(value for value in days.values() if value) == pytest.approx(21)


def test_summary_counts_what_the_panel_counts(run, data):
    _, out, _ = run("summary", "--data", data, "--json")
    rows = json.loads(out)
    assert {row["region"]: row["expected"] for row in rows}["oryol"] == 3
    _, out, _ = run("summary", "--by", "period", "--data", data, "--json")
    assert [row["expected"] for row in json.loads(out)] == [21]


def test_summary_measures_concentration_and_reach_by_month_or_year(run):
    words = ("--since", "2025-09-01", "--until", "2025-10-31", "--draws", "0")
    code, out, err = run("summary", "--measure", "reach", *words, "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [row["period"] for row in rows] == ["2025-09-01", "2025-10-01"]
    assert all(row["lower"] < row["estimate"] < row["upper"] for row in rows)
    code, out, err = run("summary", "--measure", "concentration", "--by", "years", *words)
    assert code == 0
    assert "effective_regions" in out
    assert "Intervals hold sampling, not allocation" in err


SHIPPED = ("--since", "2025-06-01", "--until", "2025-10-31", "--draws", "0")


def test_compare_prints_one_document_with_what_it_compares(run):
    code, out, err = run("compare", "--reference", "Belgorod", *SHIPPED, "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert document["show"] == "ratios"
    assert (document["first_night"], document["last_night"]) == ("2025-06-01", "2025-10-31")
    rows = {row["region"]: row for row in document["rows"]}
    assert "belgorod" not in rows
    assert rows["kursk"]["reference"] == "belgorod"
    assert rows["kursk"]["lower"] < rows["kursk"]["ratio"] < rows["kursk"]["upper"]
    assert 0 < document["heterogeneity"]["p_value"] < 1e-6  # not rounded away


@pytest.mark.parametrize("show", ["pairs", "periods", "ranks", "shrunken"])
def test_compare_speaks_to_people_and_names_what_intervals_hold(run, show):
    split = ("--split", "2025-08-15") if show == "periods" else ("--per", "capita")
    code, out, err = run("compare", "--show", show, *split, *SHIPPED)
    assert code == 0
    assert "Belgorod" in out or "belgorod" in out
    assert "Intervals hold sampling, not allocation" in err
    assert "not verified" in err
    told = "the gazetteer has no residents for them: "
    assert (told in err) == (show != "periods")
    if show != "periods":
        assert "Crimea" in err.split(told)[1]


def test_compare_draws_how_open_counts_fall(run):
    words = [*SHIPPED[:-1], "3"]
    code, out, _ = run("compare", *words, "--json")
    assert code == 0
    rows = json.loads(out)["rows"]
    assert json.loads(out)["draws"] == 3
    assert any(row["allocation_share"] > 0.001 for row in rows if row["allocation_share"])


def test_audit_finds_nothing_wrong_in_a_clean_ledger(run, data):
    code, out, _ = run("audit", "--data", data, "--json")
    assert code == 0
    assert all(row["severity"] != "error" for row in json.loads(out))


def test_audit_exits_1_when_numbers_cannot_be_true(run, data, tmp_path):
    posts = tmp_path / "odd.csv"
    wrong = (
        POSTS.splitlines()[1]
        .replace("2025-05-04T04:05Z", "2025-05-08T04:05Z")
        .replace("сбиты 9", "сбиты 7")
    )
    wrong = wrong.replace("3 мая", "7 мая").replace("4 мая", "8 мая")
    posts.write_text("posted_utc,text\n" + wrong + "\n", encoding="utf-8")
    assert run("ingest", posts, "--data", data)[0] == 0
    code, out, _ = run("audit", "--data", data, "--json")
    assert code == 1
    assert "parts-exceed-total" in [row["code"] for row in json.loads(out)]


def test_every_command_has_help_with_an_example(run):
    _, out, _ = run("--help")
    commands = [
        "report",
        "parse",
        "ingest",
        "panel",
        "explain",
        "audit",
        "summary",
        "compare",
        "trend",
        "fit",
        "figures",
    ]
    for command in commands:
        assert command in out
        code, shown, _ = run(command, "--help")
        assert code == 0
        assert "Example: interceptions" in shown


def test_import_loads_nothing_heavy():
    code = "import sys, analysis; print(sorted({'numpy', 'pandas', 'matplotlib', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_pandas():
    code = (
        "import sys, analysis.cli; sys.argv = ['interceptions', '--help']\n"
        "try: analysis.cli.main()\n"
        "except SystemExit: print(sorted({'numpy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_public_names_are_all_there():
    import analysis

    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    assert set(analysis.__all__) <= set(dir(analysis))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = analysis.nothing


# --- exports, folders, progress -----------------------------------------------------------------

TWO_CHANNELS = exports.account(
    exports.chat(exports.message(7)),
    exports.chat(exports.message(1, "private"), name="Private", kind="personal_chat", number=5),
    exports.chat(exports.message(8), name="Other", number=2002),
)


def test_an_export_asks_which_channel_is_meant(run, tmp_path):
    path = exports.write(tmp_path / "result.json", TWO_CHANNELS)
    code, out, err = run("ingest", path, "--data", tmp_path / "data")
    assert (code, out) == (2, "")
    assert "it holds 2 public channels: Минобороны России (1001), Other (2002)" in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "data").exists()
    code, out, _ = run("ingest", path, "--channel", "1001", "--data", tmp_path / "data", "--json")
    assert code == 0
    assert json.loads(out)[0]["versions_added"] == 1
    code, out, _ = run("parse", path, "--channel", "@mod_russia", "--json")
    assert [bulletin["total"] for bulletin in json.loads(out)] == [5]


def test_a_channel_under_another_title_is_named_by_its_source(run, tmp_path):
    path = exports.write(tmp_path / "result.json", exports.chat(exports.message(7), name="Copy"))
    _, _, err = run("ingest", path, "--data", tmp_path / "report")
    assert "warning: the file: " in err
    assert "[unknown-channel]" in err
    code, out, err = run("ingest", path, "--source", "mod_russia", "--data", tmp_path / "own")
    assert (code, err) == (0, "")
    assert "3 claims of 1 tellings" in out


def test_a_folder_of_texts(run, tmp_path):
    folder = tmp_path / "cuttings"
    folder.mkdir()
    (folder / "2025-05-04T0900Z gazette.org.txt").write_text(ARTICLE, encoding="utf-8")
    code, out, _ = run("parse", folder, "--json")
    assert [bulletin["total"] for bulletin in json.loads(out)] == [9]
    code, _, _ = run("ingest", folder, "--data", tmp_path / "data")
    assert code == 0
    (folder / "undated.txt").write_text(ARTICLE, encoding="utf-8")
    code, _, err = run("ingest", folder, "--data", tmp_path / "data")
    assert code == 2
    assert "undated.txt: its name begins with no time of posting" in err
    code, _, _ = run("ingest", folder, "--posted", "2025-05-04T10:00Z", "--data", tmp_path / "data")
    assert code == 0


def test_parse_takes_what_ingest_takes_but_bulletins(run, tmp_path):
    posts = tmp_path / "posts.csv"
    posts.write_text(POSTS, encoding="utf-8")
    _, out, _ = run("parse", posts, "--json")
    assert [bulletin["total"] for bulletin in json.loads(out)] == [9, 12]
    lines = tmp_path / "lists.jsonl"
    lines.write_text("{}", encoding="utf-8")
    code, _, err = run("parse", lines)
    assert code == 2
    assert "JSON lines hold bulletins" in err


def test_the_claimant_given_counts_where_the_text_is_silent(run, tmp_path):
    text = tmp_path / "article.txt"
    text.write_text("Overnight, air defenses downed nine drones.", encoding="utf-8")
    _, out, _ = run("parse", text, "--claimant", "ua_air_force", "--json")
    assert {bulletin["claimant"] for bulletin in json.loads(out)} <= {"ua_air_force"}
    code, _, err = run("parse", text, "--claimant", "somebody")
    assert code == 2
    assert "'somebody' is not known" in err


def test_the_progress_bar_shows_at_a_terminal_only(run, tmp_path, monkeypatch):
    path = exports.write(tmp_path / "result.json", exports.chat(exports.message(7)))
    _, out, err = run("ingest", path, "--data", tmp_path / "one")
    assert "%" not in out + err
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes it for a terminal
    _, out, err = run("ingest", path, "--data", tmp_path / "two")
    assert "result.json" in err
    assert "100%" in err
    assert "%" not in out


def test_tables_for_people_keep_a_digit_of_small_numbers():
    table = pd.DataFrame({"p_value": [3.2e-23, 0.25, 0.0, np.nan], "ratio": [1.23456, 2, 3, 4]})
    shown = plain(table)
    assert shown["p_value"].tolist()[:3] == ["3e-23", "0.250", "0.000"]
    assert shown["p_value"].isna().tolist() == [False, False, False, True]
    assert shown["ratio"].tolist() == [1.235, 2, 3, 4]
