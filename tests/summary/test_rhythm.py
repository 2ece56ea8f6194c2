"""Days of the week, and day against night, by hand."""

import numpy as np
import pytest

from analysis.summary import (
    daytime_share,
    weekly_profile,
)
from analysis.summary.rhythm import WEEKDAYS
from tests.summary.panels import small


def test_weekdays_are_means_over_their_own_nights():
    counts = np.tile([2.0, 1, 1, 1, 1, 1, 0.5], 20) * np.random.default_rng(1).poisson(50, 140)
    panel = small([("exact", 0, c, 0) for c in counts], first="2025-03-03")  # a Monday
    table = weekly_profile(panel).set_index("weekday")
    assert list(table.index) == list(WEEKDAYS)
    assert table.loc["Monday", "mean"] == pytest.approx(counts[::7].mean())
    assert table.loc["Sunday", "observed"] == pytest.approx(counts[6::7].mean() / counts.mean())
    assert (table["nights_counted"] == 20).all()
    assert (table["lower"] < table["observed"]).all()
    assert (table["observed"] < table["upper"]).all()
    assert table.loc["Monday", "lower"] > 1 > table.loc["Sunday", "upper"]
    left = panel.assign(expected=panel["expected"].where(panel["night"] != "2025-03-03"))
    assert weekly_profile(left).loc[0, "nights_counted"] == 19
    assert weekly_profile(panel.head(69))[["estimate", "lower"]].isna().all(axis=None)


def test_share_of_daytime_counts_dates_that_have_both():
    rng = np.random.default_rng(2)
    night, day = (rng.negative_binomial(1, p, 60).astype(float) for p in (0.1, 0.3))
    day[:10] = np.nan
    nights, days = (
        small([("silent" if np.isnan(c) else "exact", 0, c, 0) for c in part])
        for part in (night, day)
    )
    row = daytime_share(nights, days).iloc[0]
    assert row["dates"] == 50
    assert row["observed"] == pytest.approx(day[10:].sum() / (day[10:].sum() + night[10:].sum()))
    assert row["night_claims"] == night[10:].sum()
    assert row["lower"] < row["estimate"] < row["upper"]
    months = daytime_share(nights, days, "MS")
    assert months["dates"].to_list() == [21, 29]
    assert months["day_claims"].sum() == row["day_claims"]
    later = daytime_share(nights, days[days["night"] >= "2025-04-01"]).iloc[0]
    assert later["dates"] == 29
