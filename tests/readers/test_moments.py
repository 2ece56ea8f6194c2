"""Moments of files: what is doubtful is refused."""

from datetime import UTC, datetime

import pytest

from analysis.readers.moments import BadMoment, in_utc, read_moment


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-11-01T04:24Z", "2025-11-01T04:24:00+00:00"),
        ("2025-11-01 07:24:05+03:00", "2025-11-01T04:24:05+00:00"),
        ("20251101T0724+0300", "2025-11-01T04:24:00+00:00"),
        ("2000-01-01T00:00Z", "2000-01-01T00:00:00+00:00"),
        ("2099-12-31T23:59Z", "2099-12-31T23:59:00+00:00"),
    ],
)
def test_moments_with_a_zone(written, read):
    assert read_moment(written).isoformat() == read


def test_moments_without_a_zone():
    assert (
        read_moment("2025-11-01T04:24", bare_is_utc=True).isoformat() == "2025-11-01T04:24:00+00:00"
    )
    with pytest.raises(BadMoment, match="names no time zone"):
        read_moment("2025-11-01T04:24")
    assert in_utc(datetime(2025, 11, 1)) == datetime(2025, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("soon", "is no time"),
        (None, "is no time"),
        (1746331500, "is no time"),
        ("2025-13-01T04:24Z", "is no time"),
        ("2025-11-01", "names no time of day"),
        ("20251101", "names no time of day"),
        ("1999-12-31T23:59Z", "lies outside the years 2000 to 2099"),
        ("2100-01-01T00:00Z", "lies outside the years 2000 to 2099"),
        ("0001-01-01T00:00+05:00", "lies outside the years"),
        ("9999-12-31T23:59-05:00", "lies outside the years"),
    ],
)
def test_what_is_no_moment(written, says):
    with pytest.raises(BadMoment, match=says):
        read_moment(written, bare_is_utc=True)
