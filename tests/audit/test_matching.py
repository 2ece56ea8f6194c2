"""Two lists of one bulletin: which counts agree, which differ, which went elsewhere."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit.matching import CountList, match_lists

WHOLE = {"bryansk": 31, "kursk": 14, "tula": 2}


def a_list(counts, placeless=(), **more):
    told = {units: (n,) if isinstance(n, int) else n for units, n in counts.items()}
    return CountList(told, tuple(placeless), **more)


def match(published, told, parts=(), *, placeless=(), whole=True, listed=True):
    """The lines in which a telling does not agree."""
    lines = match_lists(
        a_list(published, whole=whole), a_list(told, placeless, listed=listed), parts
    )
    return [tuple(line) for line in lines if line.kind != "agrees"]


@pytest.mark.parametrize(
    ("published", "told", "lines"),
    [
        pytest.param(WHOLE, WHOLE, [], id="same"),
        pytest.param(
            WHOLE, WHOLE | {"tula": 3}, [("wrong count", "tula", 2, "tula", 3)], id="wrong"
        ),
        pytest.param(
            WHOLE, {"bryansk": 31, "tula": 2}, [("omitted", "kursk", 14, "", None)], id="omitted"
        ),
        pytest.param(
            WHOLE, WHOLE | {"perm": 1}, [("wrong count", "perm", 0, "perm", 1)], id="not-named"
        ),
        pytest.param(WHOLE, WHOLE | {"perm": 0}, [], id="none-there"),
        pytest.param(
            WHOLE,
            {"bryansk": 31, "komi": 14, "tula": 2},
            [("misattributed", "kursk", 14, "komi", 14)],
            id="to-a-region-that-is-not-named",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": (31, 14), "tula": 2},
            [("misattributed", "kursk", 14, "bryansk", 14)],
            id="to-a-region-that-is-named-twice",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": 45, "tula": 2},
            [("misattributed", "kursk", 14, "bryansk", 14)],
            id="added-to-another",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": 14, "tula": 2},
            [("omitted", "bryansk", 31, "", None), ("misattributed", "kursk", 14, "bryansk", 14)],
            id="two-entries-merged",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": 14, "kursk": 31, "tula": 2},
            [
                ("misattributed", "bryansk", 31, "kursk", 31),
                ("misattributed", "kursk", 14, "bryansk", 14),
            ],
            id="swapped",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": 14, "kursk": 15, "tula": 2},
            [
                ("wrong count", "bryansk", 31, "bryansk", 14),
                ("wrong count", "kursk", 14, "kursk", 15),
            ],
            id="no-swap-where-the-other-number-is-not-there",
        ),
        pytest.param(
            WHOLE,
            {"bryansk": 46, "tula": 2},
            [
                ("wrong count", "bryansk", 31, "bryansk", 46),
                ("omitted", "kursk", 14, "", None),
            ],
            id="more-than-was-missing",
        ),
        pytest.param(
            {"azov_sea": 11, "black_sea": 3, "tula": 2},
            {"azov_sea|black_sea": 13, "tula": 2},
            [("wrong count", "azov_sea|black_sea", 14, "azov_sea|black_sea", 13)],
            id="joint-of-two",
        ),
        pytest.param(
            {"azov_sea": 11, "black_sea": 3}, {"azov_sea|black_sea": 14}, [], id="joint-that-agrees"
        ),
        pytest.param(
            {"azov_sea|black_sea": 14},
            {"azov_sea": 11, "black_sea": 3},
            [],
            id="joint-that-was-published",
        ),
        pytest.param(
            {"azov_sea|black_sea": 14, "black_sea|crimea": 5, "tula": 2},
            {"azov_sea": 11, "black_sea": 3, "crimea": 4, "tula": 2},
            [
                (
                    "wrong count",
                    "azov_sea|black_sea|crimea",
                    19,
                    "azov_sea|black_sea|crimea",
                    18,
                )
            ],
            id="joint-counts-that-overlap",
        ),
        pytest.param({"kursk": (3, 2)}, {"kursk": 5}, [], id="published-in-two"),
        pytest.param(
            {"kursk": 3},
            {"kursk": (3, 2)},
            [("wrong count", "kursk", 3, "kursk", 5)],
            id="twice-and-no-more-than-that",
        ),
        pytest.param(
            {"kursk": (3, 2), "perm": 5},
            {"kursk": 5},
            [("omitted", "perm", 5, "", None)],
            id="published-in-two-and-no-place-for-another",
        ),
        pytest.param(
            {"perm": 5, "tula": 2},
            {"kursk": (3, 2), "tula": 2},
            [("wrong count", "kursk", 0, "kursk", 5), ("omitted", "perm", 5, "", None)],
            id="two-numbers-are-not-the-one-that-is-missing",
        ),
        pytest.param(
            {"oryol": 1, "tula": 3},
            {"oryol": 2, "tula": 4},
            [("wrong count", "oryol", 1, "oryol", 2), ("wrong count", "tula", 3, "tula", 4)],
            id="one-more-each",
        ),
        pytest.param(
            {"kursk": 3, "tula": 3, "oryol": 3},
            {"oryol": 3, "perm": 3, "tver": 3},
            [
                ("misattributed", "kursk", 3, "perm", 3),
                ("misattributed", "tula", 3, "tver", 3),
            ],
            id="equal-numbers-in-order",
        ),
    ],
)
def test_what_a_whole_list_makes_of_a_telling(published, told, lines):
    assert match(published, told) == lines
    assert match(dict(reversed(published.items())), dict(reversed(told.items()))) == lines


PART = [("moscow_city", "moscow_region", 9)]
REGION = {"moscow_region": 12, "tula": 2}


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        pytest.param(
            REGION | {"moscow_city": 9},
            [("subset added", "moscow_region", 12, "moscow_city", 9)],
            id="besides",
        ),
        pytest.param(
            {"moscow_region": 21, "tula": 2},
            [("subset added", "moscow_region", 12, "moscow_region", 21)],
            id="on-top",
        ),
        pytest.param(
            REGION | {"moscow_city": 8},
            [("wrong count", "moscow_city", 0, "moscow_city", 8)],
            id="another-number",
        ),
        pytest.param(
            {"moscow_region": 20, "tula": 2},
            [("wrong count", "moscow_region", 12, "moscow_region", 20)],
            id="another-sum",
        ),
        pytest.param(REGION, [], id="left-inside"),
    ],
)
def test_parts_that_are_added(told, lines):
    assert match(REGION, told, PART) == lines


def test_a_part_that_is_a_count_of_its_own_is_no_part_added():
    both = REGION | {"moscow_city": 9}
    assert match(both, both, PART) == []


def test_a_place_that_is_no_unit():
    less = {"bryansk": 31, "tula": 2}
    there = [("misattributed", "kursk", 14, "", 14)]
    assert match(WHOLE, less, placeless=[14]) == there
    assert match(WHOLE, less, placeless=[13]) == [("omitted", "kursk", 14, "", None)]
    assert match(WHOLE, WHOLE, placeless=[14]) == []
    assert match(WHOLE, less, placeless=[14], listed=False) == [("not told", "kursk", 14, "", None)]
    assert match(WHOLE, {"tula": 2}, placeless=[14, 31]) == [
        ("misattributed", "bryansk", 31, "", 31),
        *there,
    ]


def test_what_a_list_that_is_not_complete_cannot_say():
    assert match(WHOLE, {"tula": 2}, listed=False) == [
        ("not told", "bryansk", 31, "", None),
        ("not told", "kursk", 14, "", None),
    ]
    assert match({"tula": 2}, {"tula": 2, "perm": 4}, whole=False) == [
        ("only here", "perm", None, "perm", 4)
    ]
    # A number that went elsewhere shows even in the visible part of a cut list.
    assert match({"bryansk": 9, "tula": 2}, {"pskov": 9, "tula": 2}, whole=False) == [
        ("misattributed", "bryansk", 9, "pskov", 9)
    ]


slugs = st.sampled_from(["bryansk", "kursk", "oryol", "tula", "perm", "oryol|tula", "kursk|perm"])
counts = st.lists(st.integers(1, 9), min_size=1, max_size=2).map(tuple)
lists = st.dictionaries(slugs, counts, max_size=6)


def test_nothing_is_lost_of_an_example():
    lines = match_lists(a_list(WHOLE), a_list({"bryansk": (31, 14), "perm": 1, "tula": 3}))
    assert sum(line.published or 0 for line in lines) == 47
    assert sum(line.told or 0 for line in lines) == 49


@given(lists, lists, st.booleans(), st.booleans())
def test_every_number_stands_in_one_line(published, told, whole, listed):
    lines = match_lists(CountList(published, whole=whole), CountList(told, listed=listed))
    assert sum(line.published or 0 for line in lines) == sum(map(sum, published.values()))
    assert sum(line.told or 0 for line in lines) == sum(map(sum, told.values()))
    assert lines == sorted(lines, key=lambda line: (line.region, line.told_region, line.kind))
    kinds = Counter(line.kind for line in lines)
    assert not (whole and kinds["only here"])
    assert not (listed and kinds["not told"])


@given(lists, st.booleans())
def test_a_list_agrees_with_itself(told, whole):
    lines = match_lists(CountList(told, whole=whole), CountList(told))
    assert {line.kind for line in lines} <= {"agrees"}


@given(lists, lists)
def test_what_differs_differs_both_ways(one, other):
    there = match_lists(CountList(one), CountList(other))
    back = match_lists(CountList(other), CountList(one))
    assert all(line.kind == "agrees" for line in there) == all(
        line.kind == "agrees" for line in back
    )
