"""Bulletins to rows: every kind of number, and when it became known."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from analysis.bulletins import Bulletin, Count, Cumulative, Subset
from analysis.errors import LedgerError
from analysis.ledger.claims import claims_from_bulletins, claims_from_posts, claims_from_structured
from analysis.ledger.claims_text import empty_claims
from analysis.readers.structured import Skipped, Structured
from analysis.vocabulary import CLAIM_COLUMNS, POST_COLUMNS
from tests.tellings import bulletin, claims, point, posts, utc, window

NUMBERS = ["measure", "relation", "regions", "of", "count"]


def numbers(table):
    """The numbers of a table of claims, as tuples."""
    return [tuple(row) for row in table[NUMBERS].to_numpy().tolist()]


def count(regions, number, relation="single", measure="intercepted"):
    return Count(tuple(regions.split("|")) if regions else (), number, relation, measure)


def test_columns_and_types_are_those_of_the_contract():
    table = claims(bulletin(hours=window()))
    assert tuple(table.columns) == CLAIM_COLUMNS
    pd.testing.assert_series_equal(table.dtypes, empty_claims().dtypes)
    assert claims().dtypes.equals(table.dtypes)


def test_one_row_per_number():
    told = bulletin(
        {"tula": 3, "azov_sea|black_sea": 2},
        hours=window(),
        total=6,
        subsets=(Subset(("moscow_city",), ("moscow_region",), 1, "towards Moscow"),),
        list="joint",
    )
    table = claims(told, url="https://p.org")
    assert numbers(table) == [
        ("intercepted", "total", "", "", 6),
        ("intercepted", "single", "tula", "", 3),
        ("intercepted", "joint", "azov_sea|black_sea", "", 2),
        ("intercepted", "subset", "moscow_city", "moscow_region", 1),
    ]
    assert table["bulletin_id"].unique().tolist() == [
        "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav"
    ]
    same = ["claimant", "direction", "weapon", "source", "source_kind", "revision", "list"]
    assert table[same].drop_duplicates().to_numpy().tolist() == [
        ["ru_mod", "on_russia", "uav", "mod_russia", "primary", 1, "joint"]
    ]
    assert (table["known_at"] == table["posted_at"]).all()
    assert table["source_url"].eq("https://p.org").all()


def test_a_repeated_region_stays_two_rows():
    told = Bulletin(
        "ru_mod", "on_russia", "uav", utc("2025-01-03T04:30"), None, 4, "itemised",
        (count("tula", 3, "each"), count("tula", 1, "each")),
    )  # fmt: skip
    assert numbers(claims(told))[1:] == [
        ("intercepted", "each", "tula", "", 3),
        ("intercepted", "each", "tula", "", 1),
    ]


def test_the_units_of_a_joint_count_are_sorted():
    told = bulletin({"tula|oryol": 5})
    assert claims(told)["regions"].tolist() == ["", "oryol|tula"]


def test_a_joint_count_that_names_one_unit_twice_is_single():
    [_, row] = numbers(claims(bulletin({"tula|tula": 5})))
    assert row == ("intercepted", "single", "tula", "", 5)


@pytest.mark.parametrize(
    ("total", "counts", "rows"),
    [
        pytest.param(
            5,
            [count("tula", 3), count("oryol", 2, measure="suppressed")],
            {"intercepted": 3, "suppressed": 2},
            id="suppressed-is-in-the-total",
        ),
        pytest.param(2, [count("tula", 2, measure="suppressed")], {"suppressed": 2}, id="all-suppressed"),
        pytest.param(
            5, [count("", 2, measure="suppressed")], {"intercepted": 3, "suppressed": 2}, id="no-unit"
        ),
        pytest.param(1, [count("", 2, measure="suppressed")], {"suppressed": 1}, id="more-than-total"),
        pytest.param(5, [], {"intercepted": 5}, id="no-list"),
        pytest.param(0, [], {"intercepted": 0}, id="none"),
        pytest.param(5, [count("", 7, measure="launched")], {"intercepted": 5, "launched": 7}, id="attempt"),
        pytest.param(
            52,
            [
                count("", 103, measure="launched"),
                count("", 52),
                count("", 44, measure="lost"),
                count("", 1, measure="left"),
            ],
            {"intercepted": 52, "launched": 103, "lost": 44, "left": 1},
            id="a-whole-country",
        ),
        pytest.param(
            None, [count("tula", 2, measure="launched")], {"launched": 2}, id="attempt-with-a-unit"
        ),
        pytest.param(None, [count("tula", 3)], {}, id="cut-without-total"),
    ],
)  # fmt: skip
def test_totals(total, counts, rows):
    told = Bulletin(
        "ru_mod", "on_russia", "uav", utc("2025-01-03T04:30"), None, total, "none", tuple(counts)
    )
    table = claims(told)
    totals = table[table["relation"] == "total"]
    assert dict(zip(totals["measure"], totals["count"], strict=True)) == rows
    placed = [(c.measure, c.regions[0], c.count) for c in counts if c.regions]
    parts = table[table["relation"] != "total"]
    assert [tuple(row) for row in parts[["measure", "regions", "count"]].to_numpy()] == placed


@pytest.mark.parametrize(
    ("listing", "total", "rows"),
    [("itemised", 4, [1]), ("joint", 4, [1]), ("cut", None, [1]), ("cut", 9, []), ("none", 4, [])],
)
def test_a_part_of_a_list_may_have_no_place(listing, total, rows):
    told = bulletin(
        {}, total=total, list=listing, counts=(count("tula", 3), count("", 1), count("", 7, measure="launched"))
    )  # fmt: skip
    table = claims(replace(told, total=total))
    lost = table[table["relation"].ne("total") & table["regions"].eq("")]
    assert lost["count"].tolist() == rows
    assert lost["relation"].eq("single").all()


def test_a_wider_figure_has_its_own_window():
    wider = window("2025-01-02T18:00", "2025-01-03T07:00")
    told = bulletin(
        hours=window(), cumulative=(Cumulative(wider, 9, (count("tula", 6),)), Cumulative(None, 30))
    )
    table = claims(told)
    assert numbers(table)[3:] == [
        ("intercepted", "cumulative", "", "", 9),
        ("intercepted", "cumulative", "tula", "", 6),
        ("intercepted", "cumulative", "", "", 30),
    ]
    starts = [pd.Timestamp("2025-01-02T17:00Z")] * 3 + [pd.Timestamp("2025-01-02T15:00Z")] * 2
    assert table["window_start"].tolist()[:5] == starts
    assert pd.isna(table["window_start"].iloc[5])
    assert table["window_precision"].tolist() == ["stated"] * 5 + [""]


def test_a_figure_alone_and_its_part_outside_the_zone():
    wider = window("2025-01-01T18:00", "2025-01-03T00:00")
    told = Bulletin(
        "ru_mod", "on_russia", "uav", None, wider, None, "none",
        subsets=(Subset(("outside_operation_zone",), (), 4, ""),),
        cumulative=(Cumulative(wider, 40),),
    )  # fmt: skip
    table = claims_from_structured([Structured(1, told, "https://www.p.org/x")])
    assert sorted(numbers(table)) == [
        ("intercepted", "cumulative", "", "", 40),
        ("intercepted", "subset", "outside_operation_zone", "", 4),
    ]
    assert table["window_start"].eq(pd.Timestamp("2025-01-01T15:00Z")).all()
    assert table["bulletin_id"].unique().tolist() == [
        "20250101T1500Z-20250102T2100Z.ru_mod.on_russia.uav.cumulative"
    ]
    assert table["posted_at"].isna().all()
    assert table["known_at"].eq(pd.Timestamp("2025-01-03T21:00Z")).all()
    assert (table["source"].unique(), table["source_kind"].unique()) == (["p.org"], ["report"])


def test_the_part_outside_the_zone_has_the_hours_of_its_figure():
    wider = window("2025-01-01T18:00", "2025-01-03T00:00")
    zone = Subset(("outside_operation_zone",), (), 4, "")
    told = bulletin(hours=window(), subsets=(zone,), cumulative=(Cumulative(wider, 40),))
    rows = claims(told).set_index("relation")["window_start"]
    assert rows["subset"] == rows["cumulative"] == pd.Timestamp("2025-01-01T15:00Z")
    assert rows["total"] == pd.Timestamp("2025-01-02T17:00Z")


def test_a_completion_is_known_a_day_after_the_post():
    table = claims_from_structured([Structured(1, bulletin(), "")])
    assert table["source_kind"].eq("completion").all()
    assert table["source"].eq("structured").all()
    assert (table["known_at"] - table["posted_at"]).eq(timedelta(hours=24)).all()


def test_skipped_lines_become_findings():
    table = claims_from_structured([], [Skipped(7, "2025-01-03T04:30Z", "rejected: no list")])
    [finding] = table.attrs["findings"]
    assert (finding.severity, finding.code) == ("info", "line-skipped")
    assert finding.message == "Line 7 (post of 2025-01-03T04:30Z): rejected: no list."


def test_what_cannot_be_dated_or_has_no_number_is_reported():
    undated = bulletin(posted=None)
    silent = Bulletin("ru_mod", "on_russia", "uav", utc("2025-01-03T04:30"), None, None, "none")
    table = claims(undated, silent)
    assert table.empty
    assert [(f.severity, f.code) for f in table.attrs["findings"]] == [
        ("info", "no-number"),
        ("warning", "undated"),
    ]


def test_seconds_are_cut():
    told = bulletin(posted="2025-01-03T04:30:59")
    assert claims(told)["posted_at"].iloc[0] == pd.Timestamp("2025-01-03T04:30Z")


def test_names_by_window():
    ids = [
        claims(bulletin(hours=hours, posted="2025-01-03T04:30"))["bulletin_id"].iloc[0]
        for hours in (point(), window(precision="assumed"), window(precision="day"), None)
    ]
    by_post = "20250103T0430Z-post1.ru_mod.on_russia.uav"
    assert ids == ["20250102T1600Z.ru_mod.on_russia.uav", by_post, by_post, by_post]


def test_bulletins_of_one_text_are_numbered_by_weapon():
    table = claims(
        bulletin(hours=window()),
        Bulletin("ru_mod", "on_russia", "uav", utc("2025-01-03T04:30"), None, None, "none"),
        bulletin(),
        bulletin({"kursk": 1}, weapon="boat"),
        bulletin({"kursk": 1}),
    )
    assert table["bulletin_id"].unique().tolist() == [
        "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav",
        "20250103T0430Z-post1.ru_mod.on_russia.uav",
        "20250103T0430Z-post1.ru_mod.on_russia.boat",
        "20250103T0430Z-post2.ru_mod.on_russia.uav",
    ]


def test_an_unknown_kind_of_source():
    with pytest.raises(LedgerError, match=r"source_kind is 'rumour'. Use one of primary"):
        claims_from_bulletins([], source="x", source_kind="rumour")


# --- posts --------------------------------------------------------------------------------------

ONE = "С 1.10 до 4.20 мск силами ПВО сбиты 7 украинских БпЛА: {}"
LIST = "5 - над территорией Тульской области, 2 - над территорией Липецкой области."


def test_posts_of_the_channel_are_primary_and_others_reports():
    text = ONE.format(LIST)
    table = claims_from_posts(
        pd.concat(
            [
                posts(("2025-01-03T04:30:20Z", text)),
                posts(("2025-01-03T06:00Z", text), source="gazette.org"),
            ]
        )
    )
    heads = table[["bulletin_id", "source_kind", "known_at"]].drop_duplicates()
    own = "20250102T2210Z-20250103T0120Z.ru_mod.on_russia.uav"
    assert heads.to_numpy().tolist() == [
        [own, "primary", pd.Timestamp("2025-01-03T04:30Z")],
        [f"{own}.report-gazette.org", "report", pd.Timestamp("2025-01-03T06:00Z")],
    ]
    assert table.attrs["channel_days"] == ("2025-01-03",)
    assert table.attrs["findings"] == ()


def test_the_order_of_the_posts_does_not_matter():
    rows = [
        ("2025-01-03T04:30Z", ONE.format(LIST)),
        ("2025-01-02T04:30Z", "Ночью дежурными средствами ПВО уничтожены 3 украинских БпЛА."),
        ("2025-01-01T22:30Z", "Погода хорошая."),
    ]
    pd.testing.assert_frame_equal(
        claims_from_posts(posts(*rows)), claims_from_posts(posts(*rows[::-1]))
    )
    assert claims_from_posts(posts(*rows)).attrs["channel_days"] == ("2025-01-02", "2025-01-03")


def test_bulletins_of_one_minute_are_numbered_through():
    night = "Ночью дежурными средствами ПВО уничтожены {} украинских БпЛА."
    table = claims_from_posts(
        posts(("2025-01-02T04:30:10Z", night.format(3)), ("2025-01-02T04:30:40Z", night.format(6)))
    )
    assert table[["bulletin_id", "count"]].to_numpy().tolist() == [
        ["20250102T0430Z-post1.ru_mod.on_russia.uav", 3],
        ["20250102T0430Z-post2.ru_mod.on_russia.uav", 6],
    ]


def test_no_posts_no_claims():
    table = claims_from_posts(posts())
    assert table.empty
    assert table.attrs == {"findings": (), "channel_days": ()}


def test_frames_that_hold_no_posts():
    with pytest.raises(LedgerError, match=r"The posts lack text, source_url"):
        claims_from_posts(pd.DataFrame({"posted_at": [], "source": []}))
    with pytest.raises(LedgerError, match=r"posted_at of the posts is str, not moments"):
        claims_from_posts(pd.DataFrame(columns=list(POST_COLUMNS), dtype="str"))


def test_the_record(shared):
    from analysis.readers import read_posts

    table = claims_from_posts(read_posts(shared / "data" / "mod_russia_posts.csv"))
    shares = [f.bulletin_id for f in table.attrs["findings"] if f.code == "shared-window"]
    # Three times a second post names the hours of another one: always about another province.
    assert [name[:14] for name in shares] == ["20231222T1100Z", "20240120T2050Z", "20240302T1630Z"]
    codes = {f.code for f in table.attrs["findings"]}
    assert codes <= {"shared-window", "no-number"}
    assert len(table.attrs["channel_days"]) == 1145


def test_an_edited_post_is_the_second_text_and_known_since_its_edit():
    table = posts(
        (
            "2025-05-04T04:05Z",
            "С 23.00 3 мая до 6.00 4 мая сбиты 3 БПЛА над Тульской областью силами ПВО.",
        )
    )
    for edited, revision, known in (
        (None, 1, "2025-05-04T04:05Z"),
        ("2025-05-04T03:00Z", 1, "2025-05-04T04:05Z"),
        ("2025-05-06T08:30:40Z", 2, "2025-05-06T08:30Z"),
    ):
        changed = table.assign(edited_at=pd.to_datetime([edited], utc=True).as_unit("us"))
        read = claims_from_posts(changed)
        assert set(read["revision"]) == {revision}
        assert set(read["known_at"]) == {pd.Timestamp(known)}
        assert set(read["posted_at"]) == {pd.Timestamp("2025-05-04T04:05Z")}


def test_edits_are_moments_with_a_zone():
    table = posts(("2025-05-04T04:05Z", "x")).assign(edited_at=pd.Timestamp("2025-05-04"))
    with pytest.raises(LedgerError, match=r"edited_at of the posts is datetime64.* not moments"):
        claims_from_posts(table)
