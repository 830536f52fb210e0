"""What `keqiao doctor` says of reminders."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.domain.dates.workdays import last_known_year
from core.domain.reminders import ReminderState
from keqiao.bootstrap import Site
from keqiao.clock import SystemClock
from keqiao.doctor.findings import Health
from keqiao.doctor.reminders import of_reminders
from keqiao.settings import Settings
from tests.factories import make_reminder


def test_doctor_counts_reminders_that_came_too_late_and_knows_the_calendar(
    tmp_path: Path,
) -> None:
    site = Site(Settings(home=tmp_path))
    ended = SystemClock().now() - timedelta(hours=1)
    late = replace(make_reminder(), expires_at=ended, due_at=ended - timedelta(hours=1))
    with site.units() as unit:
        unit.reminders.put_all([replace(late, state=ReminderState.EXPIRED)])
        unit.commit()
    finding = of_reminders(site)
    site.close()
    assert finding.health is Health.WARNING
    assert "1 个提醒" in finding.detail
    year = SystemClock().now().year
    assert year <= last_known_year() or "chinesecalendar" in finding.detail
