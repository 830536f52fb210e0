"""What is wrong with messages on their way out."""

from core.domain.deliveries import DeliveryState
from core.domain.reminders import SHANGHAI
from keqiao.bootstrap import Site
from keqiao.doctor.findings import Finding, ok, warning

PART = "deliveries"


def of_deliveries(site: Site) -> Finding:
    """Routes that are left alone, and what waits for somebody's decision."""
    if site.database_revisions()[0] is None:
        return ok(PART, "数据库尚未建立，没有投递")
    now = site.clock.now()
    with site.units() as unit:
        held = [route for route in unit.routes.troubled() if route.held(now)]
        counts = unit.outbox.count_by_state()
    said = [
        f"{route.name} 连续失败 {route.failures} 次，"
        f"{route.held_until.astimezone(SHANGHAI):%H:%M:%S} 后试发"
        for route in held
        if route.held_until is not None
    ]
    dead, unknown = (counts.get(one, 0) for one in (DeliveryState.DEAD, DeliveryState.UNKNOWN))
    if dead or unknown:
        said.append(
            f"{dead} 条死信、{unknown} 条结果不明，请看 keqiao deliveries dead "
            "和 keqiao deliveries --state unknown"
        )
    if said:
        return warning(PART, "；".join(said))
    waiting = counts.get(DeliveryState.QUEUED, 0)
    return ok(PART, f"{waiting} 条等待发送")
