"""A ledger in files gives the panel of the same ledger in memory, to the last bit."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.accounting import Scope
from analysis.accounting.nights import Slots
from analysis.allocation import evidence
from analysis.errors import PanelError
from analysis.ledger import load_claims
from analysis.ledger.claims_text import claims_as_text
from analysis.panel import build_panel
from analysis.panel.claims_files import ClaimFiles
from analysis.panel.claims_sql import MEASURE, PART
from analysis.panel.plain import find_plain, is_simple, overlapping, survey_bulletins
from analysis.vocabulary import CLAIM_TIMES, JOIN, MOSCOW
from tests.made_claims import REGIONS, bulletin, drawn_ledgers, figure, ledger

try:
    import duckdb
except ImportError:
    duckdb = None

DATA = Path(__file__).parents[2] / "data"
needs_duckdb = pytest.mark.skipif(duckdb is None, reason="the sql extra is not installed")
HOUR = 3_600_000_000

OPTIONS = (
    {},
    {"night": ("08:00", "20:00"), "silence": "zero"},
    {"night": ("00:00", "24:00"), "tz": "Europe/Kyiv"},
    {"measure": "intercepted", "as_of": "2024-03-13T12:00Z"},
    {"allocate": "draws", "draws": 2, "rng": 5},
)


def write_csv(claims, folder):
    path = folder / "claims.csv"
    claims_as_text(claims).to_csv(path, index=False)
    return path


def write_parquet(claims, folder):
    path = folder / "claims.parquet"
    with duckdb.connect() as db:
        plain = claims.assign(**{name: claims[name].dt.tz_localize(None) for name in CLAIM_TIMES})
        db.register(
            "rows", plain.astype(dict.fromkeys(plain.columns[plain.dtypes == "str"], "object"))
        )
        times = ", ".join(f"{n} AT TIME ZONE 'UTC' AS {n}" for n in CLAIM_TIMES)
        db.execute(f"COPY (SELECT * REPLACE ({times}) FROM rows) TO '{path}' (FORMAT parquet)")
    return path


def panel_or_words(claims, **options):
    """A panel, or the words of the error instead."""
    try:
        return build_panel(claims, **options)
    except PanelError as refused:
        return str(refused)


def both_ways(claims, path, **options):
    """The panel of the file, checked against that of the frame."""
    expected, found = (panel_or_words(source, **options) for source in (claims, path))
    if isinstance(expected, str):
        assert found == expected
        return None
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert found.attrs == expected.attrs
    return found


@st.composite
def tidy_ledgers(draw):
    """Mostly itemised bulletins of their own hours; some of everything else beside them."""
    told = []
    for i in range(draw(st.integers(2, 14))):
        start = pd.Timestamp("2024-03-10 20:00") + pd.Timedelta(hours=4 * draw(st.integers(0, 40)))
        kind = draw(
            st.sampled_from(["plain"] * 5 + ["long", "joint", "cut", "bare", "day", "assumed"])
        )
        end = start + pd.Timedelta(hours=14 if kind == "long" else 3)
        parts = {s: draw(st.integers(0, 9)) for s in draw(st.sets(st.sampled_from(REGIONS)))}
        extra = {}
        if kind == "joint":
            parts = {JOIN.join(REGIONS[:2]): 3, "tula": 2}
        if kind in ("cut", "bare"):
            extra = {"total": sum(parts.values()) + 5}
            extra |= {"listing": "cut"} if kind == "cut" and parts else {}
            parts = parts if kind == "cut" else {}
        if kind in ("day", "assumed"):
            extra = {"window_precision": kind}
        if draw(st.integers(0, 9)) == 0:
            extra |= {"weapon": "missile"}
        if draw(st.integers(0, 9)) == 0:
            extra |= {"measure": "suppressed"}
        also = ()
        if draw(st.integers(0, 7)) == 0:
            also = ({"relation": "subset", "regions": "tula", "of": "oryol", "count": 1},)
        if draw(st.integers(0, 11)) == 0:
            also = figure(str(start), str(start + pd.Timedelta(days=2)), 40)
        name = f"{i:02d}"
        rows = bulletin(name, str(start), str(end), parts, also=also, **extra)
        told.append(rows)
        if draw(st.integers(0, 2)) == 0:
            later = rows[0]["known_at"] + pd.Timedelta(hours=draw(st.sampled_from([0, 5, 24])))
            changed = draw(
                st.sampled_from(
                    [
                        {"revision": 2},
                        {"revision": 2, "list": "cut"},
                        {"revision": 3, "source": "other_channel"},
                        {"source": "other_channel"},
                        {"source_kind": "completion", "source": "wiki"},
                        {"source_kind": "report", "source": "paper"},
                    ]
                )
            )
            more = draw(st.integers(0, 2))
            told.append(
                [
                    row
                    | changed
                    | {"known_at": later}
                    | ({"count": row["count"] + more} if row["relation"] != "subset" else {})
                    for row in rows
                ]
            )
    return ledger(*told)


@needs_duckdb
@settings(max_examples=20)
@given(tidy_ledgers(), st.sampled_from(OPTIONS))
def test_mostly_itemised_ledgers(tmp_path_factory, claims, options):
    both_ways(claims, write_csv(claims, tmp_path_factory.mktemp("tidy")), **options)


@needs_duckdb
@settings(max_examples=6)
@given(drawn_ledgers(), st.sampled_from(OPTIONS))
def test_any_ledger(tmp_path_factory, claims, options):
    both_ways(claims, write_parquet(claims, tmp_path_factory.mktemp("any")), **options)


def tally(claims, folder, **options):
    """How many bulletins of a ledger are plain, and how many nights they fill."""
    path = write_csv(claims, folder)
    both_ways(claims, path, **options)
    with ClaimFiles((path,), Scope(**options)) as file:
        return len(survey_bulletins(file, "ru_mod").plain)


def night_of(day, hour=20, length=8, parts=None, **row):
    """One bulletin of the hours after an evening of March 2024."""
    start = pd.Timestamp(f"2024-03-{day:02d}") + pd.Timedelta(hours=hour)
    end = start + pd.Timedelta(hours=length)
    name = row.pop("name", f"{day}-{hour}")
    return bulletin(name, str(start), str(end), parts or {"tula": 3, "kursk": 1}, **row)


TIDY = [night_of(day) for day in (10, 12, 14)]
SUBSET = {"relation": "subset", "regions": "tula", "of": "kursk", "count": 1}


@needs_duckdb
@pytest.mark.parametrize(
    ("told", "plain"),
    [
        ([], 3),
        ([night_of(13, parts={"kursk|tula": 5})], 3),
        ([night_of(12, hour=22, name="inside")], 2),
        ([night_of(13, hour=2, length=12, name="over the edge")], 2),
        ([night_of(13, hour=30, length=20, name="into the next night")], 2),
        ([night_of(13, hour=12, length=4, name="by day")], 4),
        ([night_of(13, total=9)], 3),
        ([night_of(13, total=9, listing="cut")], 3),
        ([night_of(13, listing="cut")], 3),
        ([night_of(13, also=[SUBSET])], 4),
        ([night_of(13, also=figure("2024-03-11 08:00", "2024-03-14 08:00", 30))], 1),
        ([night_of(13, weapon="missile")], 3),
        ([night_of(13, direction="on_ukraine")], 3),
        ([night_of(13, measure="launched")], 3),
        ([night_of(13, measure="suppressed")], 4),
        ([night_of(13, window_precision="assumed")], 3),
        ([night_of(13, window_precision="day")], 3),
        ([night_of(13, source_kind="completion", source="wiki")], 4),
        ([night_of(13, source_kind="report", source="paper")], 3),
        ([night_of(12, revision=2, parts={"tula": 9})], 3),
        ([night_of(12, revision=2, parts={"tula": 9}, listing="cut")], 2),
        ([night_of(12, revision=2, parts={"tula": 9}, total=10)], 3),
        ([night_of(12, source="elsewhere", parts={"tula": 9})], 2),
        ([night_of(12, source_kind="report", source="paper", parts={"voronezh": 4})], 3),
        ([night_of(12, source_kind="completion", source="wiki", parts={"voronezh": 4})], 3),
        ([bulletin("undated", None, None, {"tula": 1}, posted="2024-03-12 22:00")], 2),
        ([[r | {"count": 0} for r in night_of(13)]], 4),
    ],
    ids=lambda value: value if isinstance(value, int) else None,
)
def test_what_is_added_up_and_what_is_handed_over(tmp_path, told, plain):
    assert tally(ledger(*TIDY, *told), tmp_path) == plain


@needs_duckdb
def test_regions_named_by_day_by_other_weapons_and_never(tmp_path):
    told = [
        night_of(12, hour=10, length=4, parts={"voronezh": 1}, name="day"),
        night_of(13, weapon="missile", parts={"oryol|penza": 2}),
        night_of(14, parts={"komi": 1}, source_kind="report", source="paper", name="14-20"),
    ]
    panel = both_ways(ledger(*TIDY, *told), write_csv(ledger(*TIDY, *told), tmp_path))
    assert sorted(panel["region"].unique()) == [
        "all",
        "kursk",
        "oryol",
        "penza",
        "tula",
        "voronezh",
    ]


@needs_duckdb
@pytest.mark.parametrize("most", [4, 7, 100])
def test_evidence_is_what_it_would_be_in_one_account(tmp_path, monkeypatch, most):
    """Lists are thinned evenly over all bulletins, whether or not they are added up in SQL."""
    monkeypatch.setattr(evidence, "MOST_LISTS", most)
    rng = np.random.default_rng(3)
    told = [
        night_of(
            day,
            parts={"kursk|tula": 9, "oryol": 2}
            if day in (9, 20)
            # Bulletins of zeros are no evidence.
            else {s: int(rng.integers(0, 9)) * (day % 4 > 0) for s in rng.permutation(REGIONS)[:3]},
        )
        for day in range(1, 28)
    ]
    claims = ledger(*told)
    assert tally(claims, tmp_path) == 25
    for options in ({}, {"allocate": "draws", "draws": 3}):
        both_ways(claims, write_csv(claims, tmp_path), **options)


@needs_duckdb
def test_clocks_that_change(tmp_path):
    """Kyiv's nights of 11 and 13 hours."""
    told = []
    for i, day in enumerate(pd.date_range("2024-03-25", periods=12)):
        start = day + pd.Timedelta(hours=21)
        told.append(
            bulletin(f"{i:02d}", str(start), str(start + pd.Timedelta(hours=11)), {"tula": i})
        )
    claims = ledger(*told)
    for tz in ("Europe/Kyiv", "Asia/Kathmandu", "UTC", MOSCOW):
        for night in (("20:00", "08:00"), ("22:30", "07:45"), ("12:00", "12:00")):
            both_ways(claims, write_csv(claims, tmp_path), tz=tz, night=night)


@needs_duckdb
def test_the_days_beside_a_file_are_its_record(tmp_path):
    claims = ledger(*TIDY)
    path = write_csv(claims, tmp_path)
    days = [f"2024-03-{day:02d}" for day in range(8, 20)]
    (tmp_path / "channel_days.csv").write_text("day,posts\n" + "".join(f"{d},1\n" for d in days))
    claims.attrs["channel_days"] = tuple(days)
    panel = both_ways(claims, path)
    assert {"exact", "silent"} == set(panel["state"])
    both_ways(claims, path, channel_days=["2024-03-01"])
    both_ways(claims, path, as_of="2024-03-15")


@needs_duckdb
@pytest.mark.parametrize("direction", ["on_russia", "on_ukraine"])
def test_the_shipped_ledger(direction):
    measure = ("intercepted", "suppressed") if direction == "on_russia" else ("launched",)
    claims = load_claims(DATA)
    panel = both_ways(claims, DATA, direction=direction, measure=measure)
    assert len(panel) > 10_000
    if direction == "on_russia":
        with ClaimFiles((DATA / "claims.csv",), Scope()) as file:
            assert len(survey_bulletins(file, "ru_mod").plain) > 100


@needs_duckdb
def test_a_folder_and_its_main_file_are_the_same_ledger():
    whole, main = build_panel(DATA), build_panel(str(DATA / "claims.csv"))
    pd.testing.assert_frame_equal(whole, main)


def test_windows_that_overlap_are_found_in_any_order():
    rng = np.random.default_rng(11)
    for _ in range(200):
        start = rng.integers(0, 40, size=8)
        end = start + rng.integers(1, 9, size=8)
        apart = [
            all(i == j or end[j] <= start[i] or end[i] <= start[j] for j in range(8))
            for i in range(8)
        ]
        assert overlapping(start, end).tolist() == np.logical_not(apart).tolist()


def test_a_figure_takes_the_slots_within_an_hour_of_it():
    slots = Slots(np.arange(6) * 12 * HOUR, np.arange(5))
    start = np.arange(5) * 12 * HOUR + HOUR
    figures = (np.array([25 * HOUR]), np.array([35 * HOUR]))
    slot = find_plain(np.ones(5, bool), start, start + HOUR, figures, slots)
    assert slot.tolist() == [0, 1, -1, 3, 4]
    wider = (figures[0] - 2 * HOUR, figures[1])
    assert find_plain(np.ones(5, bool), start, start + HOUR, wider, slots).tolist() == [
        0,
        -1,
        -1,
        3,
        4,
    ]


@pytest.mark.parametrize(("minutes", "slots_kept"), [(60, [0, 1, 3, 4]), (30, [0, 1, 4])])
def test_a_figure_that_ends_near_an_edge_takes_the_slot_behind_it_too(minutes, slots_kept):
    slots = Slots(np.arange(6) * 12 * HOUR, np.arange(5))
    start = np.arange(5) * 12 * HOUR + HOUR
    end = 36 * HOUR - minutes * (HOUR // 60)
    slot = find_plain(
        np.ones(5, bool), start, start + HOUR, (np.array([25 * HOUR]), np.array([end])), slots
    )
    assert slot[slot >= 0].tolist() == slots_kept


@pytest.mark.parametrize("moved", ["last_begin", "last_end"])
def test_a_version_of_several_windows_is_not_simple(moved):
    told = {
        "bits": np.array([PART | MEASURE, PART | MEASURE]),
        "balance": np.zeros(2, dtype=np.int64),
        **{
            name: np.array([5, 5])
            for name in ("first_begin", "last_begin", "first_end", "last_end")
        },
    }
    told[moved] = np.array([5, 9])
    assert is_simple(told).tolist() == [True, False]
    two_measures = {
        **told,
        moved: np.array([5, 5]),
        "bits": np.array([PART | 3 * MEASURE, MEASURE]),
    }
    assert is_simple(two_measures).tolist() == [False, False]


def test_without_duckdb_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    path = write_csv(ledger(*TIDY), tmp_path)
    words = (
        r'claims.csv without loading it needs DuckDB.* pip install "interception-analysis\[sql\]"'
    )
    with pytest.raises(PanelError, match=words):
        build_panel(path)


def broken(name, value):
    claims = claims_as_text(ledger(*TIDY))
    claims.loc[2, name] = value
    return claims


@needs_duckdb
@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (broken("count", "many"), "claims.csv cannot be read as claims: .*many"),
        (broken("window_start", "yesterday"), "cannot be read as claims: .*yesterday"),
        (broken("count", ""), "1 versions lack a count or a revision, first of 10-20"),
        (broken("revision", ""), "1 versions lack a count or a revision, first of 10-20"),
        (broken("count", "").drop(columns="list"), "The claims lack the columns list"),
        (broken("claimant", "ua_air_force"), "The claims are by 2 claimants"),
        (broken("count", "3").iloc[:0], "No bulletin that counts"),
    ],
)
def test_what_is_no_ledger_is_said_in_one_sentence(tmp_path, claims, words):
    path = tmp_path / "claims.csv"
    claims.to_csv(path, index=False)
    with pytest.raises(PanelError, match=words):
        build_panel(path)


@pytest.mark.parametrize("name", ["claims.parquet", "claims.xlsx", "claims.csv", "folder"])
def test_a_path_that_leads_nowhere(tmp_path, name):
    with pytest.raises(PanelError, match=f"{name}: there is no such ledger"):
        build_panel(tmp_path / name)


@needs_duckdb
def test_times_without_a_zone_are_refused(tmp_path):
    path = tmp_path / "claims.parquet"
    with duckdb.connect() as db:
        write_csv(ledger(*TIDY), tmp_path)
        read = f"SELECT * REPLACE (posted_at::TIMESTAMP AS posted_at) FROM '{tmp_path}/claims.csv'"
        db.execute(f"COPY ({read}) TO '{path}'")
    with pytest.raises(PanelError, match="posted_at of the claims is TIMESTAMP, not moments"):
        build_panel(path)
