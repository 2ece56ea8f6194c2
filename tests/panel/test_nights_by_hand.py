"""Nights worked out by hand from the posts before the panel was looked at; times are Moscow's.

Each is told by the minutes in which the bulletins that count for it were posted, the windows and
counts that these name, and the sum that the rules of counting then give.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from analysis.ledger import load_claims
from analysis.panel import build_panel, explain_cell
from analysis.vocabulary import ALL, MOSCOW

CLAIMS = Path(__file__).resolve().parents[2] / "data" / "claims.csv"
if not CLAIMS.exists():
    pytest.skip("the ledger is not built", allow_module_level=True)

EXACT, BOUNDED, SILENT = "exact", "bounded", "silent"


@dataclass(frozen=True)
class Night:
    """What a night should be: of all regions, from which posts, and of some regions."""

    label: str
    state: str
    lower: int
    upper: int
    posts: tuple[str, ...]
    regions: dict[str, tuple[int, int]] = field(default_factory=dict)


BY_HAND = {
    # "In the night", until the post: three over Bryansk and one over Oryol. About 02:00 one over
    # Kaluga, 02:30 one over Ryazan, 03:30 one over the Moscow region, 04:00 one over Ryazan.
    "points after a part of the night": Night(
        "2023-08-30",
        EXACT,
        4 + 4,
        8,
        (
            "2023-08-30 01:53",
            "2023-08-30 02:29",
            "2023-08-30 03:14",
            "2023-08-30 03:58",
            "2023-08-30 04:25",
        ),
        {"bryansk": (3, 3), "kaluga": (1, 1), "ryazan": (2, 2), "pskov": (0, 0)},
    ),
    # About 21:40, 22:00 and 22:20 one each over Belgorod; "last night" 11 over Kursk and one over
    # Belgorod, which cannot be all three: 12 + 3. "In the morning" (06:00 until the post) 13 over
    # Kursk and nine over Belgorod, past the edge by more than an hour: 0 to 22.
    "points that do not fit together": Night(
        "2024-08-06",
        BOUNDED,
        15,
        37,
        (
            "2024-08-05 22:20",
            "2024-08-05 22:36",
            "2024-08-05 23:17",
            "2024-08-06 07:22",
            "2024-08-06 09:12",
        ),
        {"belgorod": (4, 13), "kursk": (11, 24), "bryansk": (0, 0)},
    ),
    # 20:00-22:00: 4 over the Black Sea, 2 over Belgorod, 1 over Kursk. "Last night": 85, 31 of them
    # over that sea and 4 over Belgorod: 85 if they hold the seven, else 92.
    "an undated night after an evening": Night(
        "2025-01-11",
        BOUNDED,
        85,
        92,
        ("2025-01-10 22:37", "2025-01-11 07:48"),
        {"black_sea": (31, 35), "belgorod": (4, 6), "voronezh": (16, 16)},
    ),
    # 20:00-04:05: 127, 37 of them over Oryol, which hold the 15 (11 over Oryol) of 20:00-21:40;
    # 04:00-08:00: 32. Five minutes in common are no reason to doubt: 127 + 32.
    "a contained window": Night(
        "2025-05-21", EXACT, 159, 159, ("2025-05-21 07:27", "2025-05-21 08:01")
    ),
    # 20:00-23:00: 32; 23:00-07:30: 61; together 93. "In the morning" (06:00 until the post) three:
    # past the edge by more than an hour.
    "a morning past the edge": Night(
        "2025-06-08",
        BOUNDED,
        93,
        96,
        ("2025-06-07 23:04", "2025-06-08 07:45", "2025-06-08 09:09"),
        {"oryol": (6, 59), "tula": (1, 55)},
    ),
    # 18:15-23:05: 87, an hour and three quarters before the night: 0 to 87. "Last night" 71. The 12
    # of 07:45-08:30 lie mostly in the day, and pass the edge by no more than an hour.
    "a straddling window": Night(
        "2025-07-19", BOUNDED, 71, 71 + 87, ("2025-07-19 00:10", "2025-07-19 07:14")
    ),
    # 17:00-23:30: 57, lists of regions without counts; "last night" 95, likewise.
    "withheld lists and a straddling window": Night(
        "2025-08-24",
        BOUNDED,
        95,
        95 + 57,
        ("2025-08-24 00:23", "2025-08-24 08:18"),
        {"belgorod": (1, 82), "tatarstan": (1, 82), "chuvashia": (0, 46), "tver": (1, 128)},
    ),
    # 14:00-20:00 is the day; "last night" 86, alone.
    "an undated night alone": Night(
        "2026-02-22", EXACT, 86, 86, ("2026-02-22 08:23",), {"belgorod": (29, 29)}
    ),
    # 20:00-23:00: 139 over seven regions; 23:00-07:00: 389 over 14. Of a list of k regions each has
    # 1 to n - (k - 1): Bryansk, in both, 2 to 133 + 376; Vologda, in the later one, 1 to 376.
    "withheld lists": Night(
        "2026-03-25",
        EXACT,
        139 + 389,
        528,
        ("2026-03-24 23:58", "2026-03-25 08:54"),
        {"bryansk": (2, 509), "vologda": (1, 376), "rostov": (0, 0)},
    ),
    # "After 18:40" until the post: 57, past the edge by 80 minutes, and nothing of the other ten and
    # a half hours. Of the day until noon the ministry says 524; 2 of 16:40-17:20 and 13 of
    # 17:21-18:40 are certain parts of it: the night holds at most 524 - 15.
    "a cumulative figure over a night hardly told": Night(
        "2025-05-07",
        BOUNDED,
        0,
        509,
        ("2025-05-06 21:32",),
        {"bryansk": (0, 509), "rostov": (0, 509)},
    ),
    # No bulletin; of the truce (19 April 18:00 until midnight of the 20th) 90, of them 8 outside the
    # operation zone, and no bulletin inside those hours takes any off.
    "a cumulative figure over a silent night": Night("2025-04-20", SILENT, 0, 8, ()),
}


@pytest.fixture(scope="module")
def claims():
    return load_claims(CLAIMS)


@pytest.fixture(scope="module")
def cells(claims):
    return build_panel(claims).set_index(["night", "region"])


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_panel_holds_what_the_bulletins_say(kind, claims, cells):
    night = BY_HAND[kind]
    row = cells.loc[(night.label, ALL)]
    assert (row["state"], row["lower"], row["upper"]) == (night.state, night.lower, night.upper)
    ids = row["bulletins"].split()
    posted = claims[claims["bulletin_id"].isin(ids) & (claims["source_kind"] == "primary")]
    minutes = posted["posted_at"].dt.tz_convert(MOSCOW).dt.strftime("%Y-%m-%d %H:%M")
    assert tuple(sorted(minutes.unique())) == night.posts
    assert len(ids) == len(night.posts)
    for region, bounds in night.regions.items():
        cell = cells.loc[(night.label, region)]
        assert (cell["lower"], cell["upper"]) == bounds, region
    if night.posts:
        assert night.lower <= row["expected"] <= night.upper
    else:
        assert pd.isna(row["expected"])


@pytest.mark.parametrize(
    "kind", ["points that do not fit together", "a morning past the edge", "withheld lists"]
)
def test_what_is_explained_is_what_was_counted(kind, claims, cells):
    night = BY_HAND[kind]
    told = explain_cell(claims, night.label, ALL)
    counted = told.loc[told["counted"], "bulletin_id"]
    assert sorted(counted.unique()) == cells.loc[(night.label, ALL), "bulletins"].split()


def test_the_explanation_shows_the_figures_and_what_they_do(claims):
    told = explain_cell(claims, "2025-05-07", ALL)
    figure = told[told["relation"] == "cumulative"].iloc[0]
    assert (figure["count"], figure["counted"]) == (524, False)
    assert "it leaves 509 beside those that count for certain" in figure["rule"]
    told = explain_cell(claims, "2025-04-20", ALL)
    figure = told[told["relation"] == "cumulative"].iloc[0]
    assert figure["count"] == 90
    assert "it leaves 8 for the nights without one" in figure["rule"]


def test_a_bulletin_without_hours_is_no_certain_part_of_the_day(claims):
    # On 9 April 2025 two over Nizhny Novgorod, posted at 08:43 without any hours.
    told = explain_cell(claims, "2025-04-09", "nizhny_novgorod")
    (rule,) = told.loc[told["relation"] == "single", "rule"]
    assert "Counted with lower 0" in rule
    assert "the three before its posting are assumed" in rule
    night, day = (
        build_panel(claims, night=hours).set_index(["night", "region"])
        for hours in (("20:00", "08:00"), ("08:00", "20:00"))
    )
    cell = ("2025-04-09", "nizhny_novgorod")
    assert (night.loc[cell, "lower"], day.loc[cell, "lower"]) == (0, 0)
    assert night.loc[cell, "expected"] + day.loc[cell, "expected"] == pytest.approx(2)
