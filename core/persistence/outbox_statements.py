"""The statements that every message runs, made once: making them cost more than running them."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select, update

from core.domain.deliveries import DeliveryState
from core.domain.purposes import PRIORITIES
from core.persistence.delivery_tables import routes
from core.persistence.statements import Insert, claiming, has, insert
from core.persistence.tables import conversations, outbox

AT_ONCE = 500
"""Keys named by one statement."""

PATIENCE = timedelta(minutes=1)
"""Later messages to an address wait this long for an earlier one that is to be tried again."""

_UNENDED = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN)
OPEN = or_(*(has(outbox.c.state, one) for one in _UNENDED))
"""States in which the newest attempt may still record its outcome."""

CURRENT, EARLIER = outbox.alias("current"), outbox.alias("earlier")
"""Made once: an alias copies every column, which cost more than the statement it is for."""


def _due() -> ColumnElement[bool]:
    return (
        has(outbox.c.state, DeliveryState.QUEUED)
        & (outbox.c.due_at <= bindparam("now"))
        & _of_use(outbox.c.expires_at)
        & ~_held_back()
        & ~_behind(outbox.c.address, routes.c.held_until > bindparam("now"))
    )


def _behind(address: ColumnElement[str], how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an address lies behind a route that is so."""
    start = func.substr(address, 1, func.length(routes.c.name))
    return exists().where(how, start == routes.c.name)


def _of_use(expires_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return expires_at.is_(None) | (expires_at > bindparam("now"))


def _held_back() -> ColumnElement[bool]:
    """Whether another message to the same address is being sent or has to go first.

    An earlier one goes first when it is due, or about to be tried again, unless it may wait
    longer by what it is for: an answer does not stand behind a digest. One that waits longer is
    overtaken: a platform that was down for hours must not silence a conversation for hours more.
    """
    being_sent = exists().where(
        CURRENT.c.address == outbox.c.address, has(CURRENT.c.state, DeliveryState.SENDING)
    )
    goes_first = exists().where(
        EARLIER.c.address == outbox.c.address,
        EARLIER.c.id < outbox.c.id,
        has(EARLIER.c.state, DeliveryState.QUEUED),
        EARLIER.c.priority <= outbox.c.priority,
        _of_use(EARLIER.c.expires_at),
        EARLIER.c.due_at <= bindparam("soon"),
    )
    return being_sent | goes_first


def _at(priority: int) -> ColumnElement[bool]:
    waiting = (outbox.c.channel == bindparam("by")) & (outbox.c.priority == priority)
    return exists(select(outbox.c.id).where(waiting, _due()).correlate(None))


_CLOSED = exists(
    select(routes.c.name)
    .where(routes.c.name == bindparam("whole"), routes.c.held_until > bindparam("now"))
    .correlate(None)
)
DUE = select(case((_CLOSED, None), *((_at(priority), priority) for priority in PRIORITIES)))
"""What goes first of all that is due, by priority; each is one look into an index."""

NEXT = claiming(
    select(outbox.c.id)
    .join(conversations, conversations.c.address == outbox.c.address)
    .where(outbox.c.channel == bindparam("by"), outbox.c.priority == bindparam("of"), _due())
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(1),
    of=conversations,
)
TAKE = (
    update(outbox)
    .where(outbox.c.id == bindparam("found"), _due())
    .values(
        state=DeliveryState.SENDING,
        attempts=outbox.c.attempts + 1,
        leased_until=bindparam("until"),
        taken_at=bindparam("now"),
        taken_by=bindparam("whose"),
    )
    .returning(outbox)
)
RECORD = update(outbox).where(
    outbox.c.id == bindparam("delivery"), outbox.c.attempts == bindparam("attempt"), OPEN
)
RECORD_SENT = RECORD.values(
    sent_number=select(func.coalesce(func.max(EARLIER.c.sent_number), 0) + 1)
    .where(EARLIER.c.address == bindparam("to"), has(EARLIER.c.state, DeliveryState.SENT))
    .scalar_subquery()
)
"""Numbered one above the last to its address; the conversation is held."""

REPLIES = select(outbox).where(outbox.c.reply_to == bindparam("entry")).order_by(outbox.c.id)


@cache
def putting(dialect: str) -> Insert:
    """Queue a message whose key is not there yet."""
    return insert(dialect, outbox).on_conflict_do_nothing(index_elements=["key"])


def times(now: datetime) -> dict[str, datetime]:
    """The moments that the statements compare with."""
    return {"now": now, "soon": now + PATIENCE}
