from datetime import UTC, datetime

import pytest

from analysis.bulletins import parse_bulletins

CLAIM_RU = "{} дежурными средствами ПВО уничтожен беспилотник над территорией Тульской области."
CLAIM_EN = "{} Russian air defenses downed two drones over Tula."


def window(template, words, posted):
    moment = None if posted is None else datetime.fromisoformat(posted).replace(tzinfo=UTC)
    [bulletin] = parse_bulletins(template.format(words), moment)
    found = bulletin.window
    if found is None:
        return None
    form = "%Y-%m-%dT%H:%M"
    assert found.start.utcoffset().total_seconds() == 3 * 3600
    return f"{found.start:{form}}/{found.end:{form}}", found.precision


# Moscow is three hours ahead of the posting times given here, all year.
RUSSIAN = [
    (
        "В период с 18.30 до 21.00 мск",
        "2025-03-04T18:20",
        "2025-03-04T18:30/2025-03-04T21:00",
        "stated",
    ),
    (
        "С 23:00 мск 5 мая до 7.00 мск 6 мая",
        "2025-05-06T04:30",
        "2025-05-05T23:00/2025-05-06T07:00",
        "stated",
    ),
    (
        "С 23.00 мск 28.09 до 06.30 мск 29.09",
        "2025-09-29T04:00",
        "2025-09-28T23:00/2025-09-29T06:30",
        "stated",
    ),
    ("C 22.00 до 24.00 мск", "2025-03-04T21:10", "2025-03-04T22:00/2025-03-05T00:00", "stated"),
    ("С 21.00 мск до полуночи", "2025-03-04T21:10", "2025-03-04T21:00/2025-03-05T00:00", "stated"),
    ("С полуночи до 5.00 мск", "2025-03-05T02:10", "2025-03-05T00:00/2025-03-05T05:00", "stated"),
    ("С 22.00 до 1.30 мск", "2025-03-04T23:00", "2025-03-04T22:00/2025-03-05T01:30", "stated"),
    (
        "31 декабря с 20.00 до 23.00 мск",
        "2025-01-01T00:30",
        "2024-12-31T20:00/2024-12-31T23:00",
        "stated",
    ),
    (
        "В период с 20.00 мск 3 июня",
        "2025-06-04T04:00",
        "2025-06-03T20:00/2025-06-04T07:00",
        "stated",
    ),
    (
        "Ночью с 22.45 мск 1 июня до 05.40 мск 2 июня",
        "2025-06-02T03:30",
        "2025-06-01T22:45/2025-06-02T05:40",
        "stated",
    ),
    (
        "С 10.00 мск 2 февраля т.г. до 12.00 мск 2 февраля т.г.",
        "2026-02-02T10:00",
        "2026-02-02T10:00/2026-02-02T12:00",
        "stated",
    ),
    ("Около 16.50 мск", "2025-03-04T14:10", "2025-03-04T16:50/2025-03-04T16:51", "point"),
    ("4 марта около 23.40 мск", "2025-03-04T21:30", "2025-03-04T23:40/2025-03-04T23:41", "point"),
    ("Около 23.40 мск", "2025-03-04T21:30", "2025-03-04T23:40/2025-03-04T23:41", "point"),
    (
        "Сегодня около 9 часов утра",
        "2025-03-04T07:00",
        "2025-03-04T09:00/2025-03-04T09:01",
        "point",
    ),
    ("В 6 часов 20 минут", "2025-03-04T07:00", "2025-03-04T06:20/2025-03-04T06:21", "point"),
    (
        "В течение прошедшей ночи",
        "2025-03-04T04:10",
        "2025-03-03T20:00/2025-03-04T07:10",
        "assumed",
    ),
    ("Сегодня ночью", "2025-03-04T06:10", "2025-03-03T20:00/2025-03-04T08:00", "assumed"),
    ("В ночь с 8 на 9 марта", "2025-03-09T06:10", "2025-03-08T20:00/2025-03-09T08:00", "assumed"),
    ("Утром 4 марта", "2025-03-04T08:00", "2025-03-04T06:00/2025-03-04T11:00", "assumed"),
    ("Сегодня утром", "2025-03-04T02:00", "2025-03-04T00:00/2025-03-04T05:00", "assumed"),
    ("Вечером 4 марта", "2025-03-04T19:00", "2025-03-04T18:00/2025-03-04T22:00", "assumed"),
    (
        "В течение прошедшей ночи и утра 4 марта",
        "2025-03-04T07:00",
        "2025-03-03T20:00/2025-03-04T10:00",
        "assumed",
    ),
    (
        "По состоянию на 9.00 мск",
        "2025-03-04T06:30",
        "2025-03-03T20:00/2025-03-04T09:00",
        "assumed",
    ),
    (
        "По состоянию на 20.00 мск",
        "2025-03-04T17:30",
        "2025-03-04T08:00/2025-03-04T20:00",
        "assumed",
    ),
    ("4 марта", "2025-03-05T07:00", "2025-03-04T00:00/2025-03-05T00:00", "day"),
    ("Ночью 4 марта 2024 года", None, "2024-03-03T20:00/2024-03-04T08:00", "assumed"),
]


@pytest.mark.parametrize(("words", "posted", "hours", "precision"), RUSSIAN)
def test_russian_hours(words, posted, hours, precision):
    assert window(CLAIM_RU, words, posted) == (hours, precision)


ENGLISH = [
    (
        "From 11:00 pm on October 3 until 7:00 am on October 4",
        "2025-10-04T06:00",
        "2025-10-03T23:00/2025-10-04T07:00",
        "stated",
    ),
    (
        "Between 8 p.m. and 11 p.m. Moscow time",
        "2025-10-04T21:00",
        "2025-10-04T20:00/2025-10-04T23:00",
        "stated",
    ),
    ("Overnight on October 4", "2025-10-04T06:00", "2025-10-03T20:00/2025-10-04T08:00", "assumed"),
    ("At about 4:50 p.m.", "2025-10-04T15:00", "2025-10-04T16:50/2025-10-04T16:51", "point"),
    ("On the evening of October 4, 2025,", None, "2025-10-04T18:00/2025-10-05T00:00", "assumed"),
]


@pytest.mark.parametrize(("words", "posted", "hours", "precision"), ENGLISH)
def test_english_hours(words, posted, hours, precision):
    assert window(CLAIM_EN, words, posted) == (hours, precision)


def test_a_text_without_a_year_needs_the_time_of_posting():
    [bulletin] = parse_bulletins(CLAIM_RU.format("Ночью 4 марта"))
    assert bulletin.window is None
    assert [f.code for f in bulletin.findings] == ["no-year"]


def test_a_date_that_no_calendar_knows_is_said_to_be_one():
    [bulletin] = parse_bulletins(CLAIM_RU.format("Ночью 31 июня"), datetime(2025, 7, 2, tzinfo=UTC))
    assert bulletin.window is None
    assert [f.code for f in bulletin.findings] == ["impossible-window"]


def test_a_count_is_not_taken_for_an_hour():
    text = "С 9.00 до 12.00 мск 7 украинских дронов уничтожены над Тульской областью."
    [bulletin] = parse_bulletins(text, datetime(2025, 3, 4, 10, tzinfo=UTC))
    assert bulletin.total == 7


def test_assumed_hours_end_where_the_next_bulletin_of_the_text_begins():
    text = (
        "From 11 pm to 7 am Russian air defenses downed six drones over Tula. "
        "Two more drones had been destroyed over Oryol earlier, on the evening of October 3."
    )
    later, earlier = parse_bulletins(text, datetime(2025, 10, 4, 6, tzinfo=UTC))
    assert later.window.precision == "stated"
    assert f"{earlier.window.start:%H:%M}-{earlier.window.end:%H:%M}" == "18:00-23:00"


def test_hours_of_more_than_a_day_sum_up_other_bulletins():
    text = "С 20 часов 3 мая до 8 часов 6 мая средствами ПВО уничтожено 310 беспилотных аппаратов."
    [bulletin] = parse_bulletins(text, datetime(2025, 5, 6, 9, tzinfo=UTC))
    assert bulletin.total is None
    assert bulletin.counts == ()
    assert [figure.total for figure in bulletin.cumulative] == [310]
