"""One delivery alone tries a route whose pause is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from core.domain.deliveries import DeliveryState
from core.domain.routes import PROBE
from core.persistence.delivery_tables import routes
from core.persistence.tables import outbox

WAITING = select(routes.c.name).where(routes.c.held_until <= bindparam("now"))
PROBED = (
    update(routes)
    .where(routes.c.name == bindparam("probed"), routes.c.held_until <= bindparam("now"))
    .values(held_until=bindparam("until"), probing=True)
)
"""Made once: every message looks whether there is a route to be probed."""


def may_go(connection: Connection, taken: Row[Any], now: datetime) -> bool:
    """Whether no route to a delivery's address is to be probed, or this delivery is the probe.

    One that may not go, as somebody else has just begun the probe, is queued as it was.
    """
    names = connection.execute(WAITING, {"now": now}).scalars().all()
    for name in names:
        if not taken.address.startswith(name):
            continue
        probe = {"probed": name, "now": now, "until": now + PROBE}
        if connection.execute(PROBED, probe).rowcount != 1:
            connection.execute(
                update(outbox)
                .where(outbox.c.id == taken.id)
                .values(
                    state=DeliveryState.QUEUED,
                    attempts=outbox.c.attempts - 1,
                    leased_until=None,
                )
            )
            return False
    return True
