"""Names of bulletins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.bulletins import Bulletin, Cumulative
from analysis.ledger.identity import family_of, member_of, name_bulletin
from tests.tellings import bulletin, point, utc, window

STATED = "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        pytest.param(bulletin(hours=window()), STATED, id="stated"),
        pytest.param(bulletin({"kursk": 90}, hours=window(), posted=None), STATED, id="other-numbers"),
        pytest.param(bulletin(hours=point()), "20250102T1600Z.ru_mod.on_russia.uav", id="point"),
        pytest.param(
            bulletin(hours=window(precision="assumed")),
            "20250103T0430Z-post1.ru_mod.on_russia.uav",
            id="assumed",
        ),
        pytest.param(
            bulletin(hours=window(precision="assumed"), posted=None), STATED, id="assumed-undated"
        ),
        pytest.param(bulletin(posted=None), "", id="nothing-known"),
        pytest.param(
            bulletin(hours=window(), weapon="boat"),
            "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.boat",
            id="weapon",
        ),
    ],
)  # fmt: skip
def test_names_of_primaries(told, name):
    assert name_bulletin(told) == name


def test_names_of_later_tellings():
    told = bulletin(hours=window())
    assert name_bulletin(told, kind="report", by="a b.org/x") == f"{STATED}.report-a-b.org-x"
    name = name_bulletin(bulletin(), kind="completion", by="p.org")
    assert name == "20250103T0430Z-post1.ru_mod.on_russia.uav.completion-5"


def test_a_figure_that_contains_others_has_one_name_whoever_tells_it():
    figure = Cumulative(window(), 40)
    told = Bulletin(
        "ru_mod", "on_russia", "uav", utc("2025-01-03T09:00"), window(), None, "none",
        cumulative=(figure,),
    )  # fmt: skip
    assert name_bulletin(told, kind="report", by="p.org") == f"{STATED}.cumulative"
    both = bulletin(hours=window(), cumulative=(figure,))
    assert name_bulletin(both) == STATED


families = st.sampled_from(
    [
        STATED,
        "20250103T0430Z-post.ru_mod.on_russia.uav",
        f"{STATED}.report-post2.org",
        f"{STATED}.report-site.24",
        "20250103T0430Z-post.ru_mod.on_russia.uav.report-a-post7.org",
    ]
)


@given(family=families, number=st.integers(1, 10_000))
def test_a_member_leads_back_to_its_family(family, number):
    assert family_of(member_of(family, number)) == family


@given(family=families, a=st.integers(1, 99), b=st.integers(1, 99))
def test_members_have_names_of_their_own(family, a, b):
    assert (member_of(family, a) == member_of(family, b)) == (a == b)


def test_reports_of_channels_with_other_letters_have_names_of_their_own():
    told = bulletin(hours=window())
    names = {
        name_bulletin(told, kind="report", by=by) for by in ("Новости дня", "Вести, утро", "a:b")
    }
    assert {name.rpartition(".report-")[2] for name in names} == {
        "Новости-дня",
        "Вести-утро",
        "a-b",
    }
