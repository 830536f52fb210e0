"""Dates, money and lead times as people read them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from actions import wording
from actions.reminders.wish import lead_words
from core.domain.needs import Budget


def test_a_moment_is_absolute_with_weekday_in_shanghai() -> None:
    at = datetime.fromisoformat("2026-12-03T06:00:00+00:00")

    assert wording.moment(at) == "2026年12月3日（星期四）14:00"


@pytest.mark.parametrize(
    ("low", "high", "approx", "text"),
    [
        (500_000, 500_000, False, "50万元"),
        (500_000, 500_000, True, "约50万元"),
        (300_000, 400_000, True, "30万元至40万元"),
        (None, 500_000, False, "50万元以内"),
        (300_000, None, True, "30万元以上"),
        (12_345, 12_345, False, "12345元"),
        (150_000_000, 150_000_000, False, "1.5亿元"),
        (25_500, 25_500, False, "2.55万元"),
    ],
)
def test_money_is_shown_in_round_units(
    low: int | None, high: int | None, *, approx: bool, text: str
) -> None:
    budget = Budget(
        min=None if low is None else Decimal(low),
        max=None if high is None else Decimal(high),
        approx=approx,
    )

    assert wording.money(budget) == text


@pytest.mark.parametrize(
    ("ahead", "at", "on", "text"),
    [
        (timedelta(days=3), None, None, "提前3天"),
        (timedelta(hours=36), None, None, "提前36小时"),
        (timedelta(minutes=30), None, None, "提前30分钟"),
        (timedelta(days=1), time(20), None, "提前1天20:00"),
        (timedelta(0), time(8), None, "当天08:00"),
        (timedelta(0), time(9), date(2026, 12, 2), "12月2日09:00"),
    ],
)
def test_lead_times_read_like_what_a_person_would_type(
    ahead: timedelta, at: time | None, on: date | None, text: str
) -> None:
    assert lead_words(ahead, at, on) == text
