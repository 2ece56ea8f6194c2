"""Every error of a newspaper that is on record is found, as what it is, and changes no panel."""

import json
import shutil

import pandas as pd
import pytest

from analysis import (
    append_claims,
    audit_claims,
    build_panel,
    claims_from_posts,
    load_claims,
    reconcile,
)
from analysis.ingestion import ingest_file
from analysis.regions import regions
from analysis.vocabulary import (
    ALL,
    DISCREPANCIES,
    JOIN,
    MISATTRIBUTED,
    MISDATED,
    OMITTED,
    WRONG_COUNT,
)
from tests.press_versions import (
    DATA,
    article_time,
    as_line,
    as_text,
    discrepancies,
    grouped,
    published,
    with_errors,
)

ROWS = discrepancies()
GROUPS = {key: rows for key, rows in grouped(ROWS).items() if len(rows) > 1}
CODES = {
    "misattributed": "count-misattributed",
    "wrong count": "count-differs",
    "omitted": "region-omitted",
    "subset added": "subset-added",
    "misdated": "misdated",
}


def identity(row):
    return pd.Timestamp(row["posted_at"]), int(row["total_published"])


def tellings(lists):
    """Source -> telling: each row by itself, the rows of one outlet together, and no error."""
    told = {f"row-{i}": with_errors(lists[identity(row)], [row]) for i, row in enumerate(ROWS)}
    for i, rows in enumerate(GROUPS.values()):
        told[f"group-{i}"] = with_errors(lists[identity(rows[0])], rows)
    for i, key in enumerate(sorted({identity(row) for row in ROWS})):
        told[f"same-{i}"] = lists[key]
    return told


class Ingested:
    """The shipped ledger after every telling came in, as a line and as a text."""

    def __init__(self, folder):
        for name in ("claims.csv", "channel_days.csv"):
            shutil.copy(DATA / name, folder / name)
        self.before = load_claims(folder)
        self.lists = published(self.before)
        self.told = tellings(self.lists)
        lines = [json.dumps(as_line(press, f"{name}.line")) for name, press in self.told.items()]
        (folder / "press.jsonl").write_text("\n".join(lines), encoding="utf-8")
        ingest_file(folder / "press.jsonl", folder)
        append_claims(claims_from_posts(self.posts()), folder)
        self.claims = load_claims(folder)
        self.table = reconcile(self.claims)
        self.findings = audit_claims(self.claims)

    def posts(self):
        """The texts, as posts."""
        posted = [article_time(press) for press in self.told.values()]
        return pd.DataFrame(
            {
                "posted_at": pd.to_datetime(posted, utc=True).as_unit("us"),
                "text": [as_text(press) for press in self.told.values()],
                "source": [f"{name}.text" for name in self.told],
                "source_url": "",
            }
        )

    def differences(self, source):
        """Bulletin, kind, region, published, told region and told of each discrepancy."""
        rows = self.table[(self.table["source"] == source) & self.table["kind"].isin(DISCREPANCIES)]
        columns = ["bulletin_id", "kind", "region", "published", "told_region", "told"]
        return sorted((tuple(row) for row in rows[columns].astype(object).to_numpy()), key=str)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    return Ingested(tmp_path_factory.mktemp("press"))


def expected(row, name, path):
    """What is to be found of a row."""
    kind, published = row["kind"], int(row["count_published"] or 0)
    region, told_region = row["region_published"], row["region_printed"]
    if kind == MISDATED:
        return name, kind, ALL, pd.NA, ALL, pd.NA
    if row["total_printed"]:
        return name, kind, ALL, int(row["total_published"]), ALL, int(row["total_printed"])
    # A line names no place that is no unit, so that all it shows is that the region is missing.
    if kind == OMITTED or (row["printed_as"] and path == "line"):
        return name, OMITTED, region, published, "", pd.NA
    return name, kind, region, published, told_region, int(row["count_printed"])


def check(ingested, source, rows, path):
    press = ingested.lists[identity(rows[0])]
    wanted = [expected(row, press.bulletin_id, path) for row in rows]
    assert ingested.differences(f"{source}.{path}") == sorted(wanted, key=str)
    findings = ingested.findings[ingested.findings["bulletin_id"] == press.bulletin_id]
    findings = findings[findings["message"].str.contains(f" from {source}.{path} ", regex=False)]
    codes = []
    for _, kind, region, before, told_region, told in wanted:
        total = kind == WRONG_COUNT and region == ALL
        codes.append("total-differs" if total else CODES[kind])
        sentences = findings.loc[findings["code"] == codes[-1], "message"]
        words = {str(word) for word in (region, before, told_region, told) if not pd.isna(word)}
        words -= {"", "0", ALL}
        assert any(
            words <= set(sentence.replace(",", " ").rstrip(".").split()) for sentence in sentences
        ), (
            words,
            list(sentences),
        )
    own = set(findings["code"]) - {"parts-fall-short", "parts-exceed-total", "unknown-region"}
    assert own == {*codes, "versions-disagree"}
    assert findings["severity"].eq("warning").all()


@pytest.mark.parametrize("path", ["line", "text"])
@pytest.mark.parametrize("i", range(len(ROWS)), ids=lambda i: f"{ROWS[i]['posted_at']}-{i}")
def test_each_error_is_found_by_itself(ingested, i, path):
    check(ingested, f"row-{i}", [ROWS[i]], path)


@pytest.mark.parametrize("path", ["line", "text"])
@pytest.mark.parametrize("i", range(len(GROUPS)))
def test_the_errors_of_one_outlet_are_found_together(ingested, i, path):
    check(ingested, f"group-{i}", list(GROUPS.values())[i], path)


def test_the_same_told_again_is_no_finding(ingested):
    same = [name for name in ingested.told if name.startswith("same-")]
    assert len(same) >= 60
    for name in same:
        for path in ("line", "text"):
            rows = ingested.table[ingested.table["source"] == f"{name}.{path}"]
            assert set(rows["kind"]) == {"agrees"}, name
            said = ingested.findings["message"].str.contains(f" from {name}.{path} ", regex=False)
            # A list that is published cut falls short when it is told as if it were whole.
            assert set(ingested.findings.loc[said, "code"]) <= {"parts-fall-short"}, name


def test_the_hours_that_a_paper_missed_are_in_the_table(ingested):
    wrong = [i for i, row in enumerate(ROWS) if row["kind"] == MISDATED]
    assert len(wrong) >= 5
    for i in wrong:
        for path in ("line", "text"):
            rows = ingested.table[ingested.table["source"] == f"row-{i}.{path}"]
            assert len(rows) > 3
            assert rows["window_start"].eq(pd.Timestamp(ROWS[i]["window_start_printed"])).all()
            assert rows["window_end"].eq(pd.Timestamp(ROWS[i]["window_end_printed"])).all()


def test_no_panel_changes(ingested):
    assert len(ingested.claims) > len(ingested.before) + 2000
    pd.testing.assert_frame_equal(build_panel(ingested.claims), build_panel(ingested.before))


def test_a_newspaper_is_never_the_version_that_counts(ingested):
    rows = ingested.table[ingested.table["source"].str.contains(r"^(?:row|group|same)-")]
    assert len(rows) > 2000
    assert not rows["counts"].any()


# --- the table itself ---------------------------------------------------------------------------


def test_enough_rows_state_both_numbers():
    both = [r for r in ROWS if r["count_printed"] and r["count_published"]]
    assert len(both) >= 60
    assert {row["kind"] for row in ROWS} == set(DISCREPANCIES)


def test_rows_name_bulletins_of_the_ledger_and_what_they_published():
    lists = published(load_claims(DATA))
    for row in ROWS:
        press = lists[identity(row)]
        parts = dict(press.items)
        units = row["region_published"].split(JOIN) if row["region_published"] else []
        if units:
            assert sum(parts.get(unit, 0) for unit in units) == int(row["count_published"]), row
        else:
            assert row["count_published"] == "", row


def test_each_kind_fills_its_own_cells():
    for row in ROWS:
        filled = {name for name, cell in row.items() if cell} - {"printed_as", "remark"}
        needed = {"posted_at", "total_published", "outlet_url", "address", "kind"}
        printed, there = (
            {"region_printed", "count_printed"},
            {"region_published", "count_published"},
        )
        if row["kind"] == MISDATED:
            needed |= {"window_start_printed", "window_end_printed"}
        elif row["total_printed"]:
            assert row["kind"] == WRONG_COUNT
            assert row["total_printed"] != row["total_published"]
            needed |= {"total_printed"}
        elif row["kind"] == OMITTED:
            needed |= there
        else:
            needed |= printed | there
        if row["printed_as"]:
            assert row["kind"] == MISATTRIBUTED
            needed -= {"region_printed"}
        assert filled == needed, row
        if row["kind"] == MISATTRIBUTED:
            assert row["count_printed"] == row["count_published"]
            assert row["region_printed"] != row["region_published"]
        if row["kind"] == WRONG_COUNT and not row["total_printed"]:
            assert row["count_printed"] != row["count_published"]
            assert row["region_printed"] == row["region_published"]
        named = {row["region_printed"], row["region_published"]} - {""}
        assert {unit for joined in named for unit in joined.split(JOIN)} <= set(regions()), row


def test_addresses_say_what_they_are():
    for row in ROWS:
        host, _, page = row["outlet_url"].removeprefix("https://").partition("/")
        assert row["outlet_url"].startswith("https://"), row
        assert "." in host, row
        assert (row["address"] == "article") == bool(page), row
        assert row["address"] in ("article", "outlet"), row


def test_rows_are_in_the_order_of_time_and_different():
    assert [row["posted_at"] for row in ROWS] == sorted(row["posted_at"] for row in ROWS)
    assert len({tuple(row.values()) for row in ROWS}) == len(ROWS)
    assert max(len(row["remark"]) for row in ROWS) <= 72
