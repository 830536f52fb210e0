"""What is wrong with reminders: those that came too late, and holidays that nobody knows yet."""

from datetime import timedelta

from core.domain.dates.workdays import last_known_year
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import Site
from keqiao.doctor.findings import Finding, ok, warning

PART = "reminders"
BACK = timedelta(days=7)
"""How far back reminders that came too late are of interest."""
AHEAD = timedelta(days=30)
"""How long before a year begins its holidays should be known."""


def of_reminders(site: Site) -> Finding:
    """Reminders that were of no use any more when the house was back, and the calendar."""
    if site.database_revisions()[0] is None:
        return ok(PART, "数据库尚未建立，没有提醒")
    now = site.clock.now()
    with site.units() as unit:
        lost = unit.reminders.expired_since(now - BACK)
    said = []
    if lost:
        said.append(f"近 7 天有 {lost} 个提醒到期后才轮到发送，已作废；请查看调度进程是否停过")
    year = (now.astimezone(SHANGHAI) + AHEAD).year
    if year > last_known_year():
        said.append(f"{year} 年的放假安排还不知道，暂按周一至周五算工作日；请更新 chinesecalendar")
    if said:
        return warning(PART, "；".join(said))
    return ok(PART, f"近 7 天没有误期；放假安排已知到 {last_known_year()} 年")
