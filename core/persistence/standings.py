"""How records stand on a day, as a database is asked: `Record.standing_at` in its words."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, and_, case, false, func, not_, or_, type_coerce

from core.domain.records import Library, Standing
from core.domain.reminders import SHANGHAI
from core.persistence.tables import records


def stands(standings: Collection[Standing], now: datetime) -> ColumnElement[bool]:
    """Whether a record stands as one of these."""
    known = _standings(now)
    return or_(false(), *(known[one] for one in sorted(standings)))


def _standings(now: datetime) -> dict[Standing, ColumnElement[bool]]:
    row = records.c
    today = now.astimezone(SHANGHAI).date()
    agreed = type_coerce(row.conditions, JSON)["consent"].as_boolean().is_not(False)
    shown = and_(row.withdrawn.is_(False), agreed)
    coming = and_(row.valid_from.is_not(None), row.valid_from > today)
    last = case(
        (row.library == Library.CALLS, row.closes_at),
        else_=func.coalesce(row.starts_at, row.closes_at),
    )
    over = or_(
        and_(row.valid_until.is_not(None), row.valid_until < today),
        and_(last.is_not(None), last <= now),
    )
    return {
        Standing.WITHDRAWN: row.withdrawn.is_(True),
        Standing.PRIVATE: and_(row.withdrawn.is_(False), not_(agreed)),
        Standing.COMING: and_(shown, coming),
        Standing.OVER: and_(shown, not_(coming), over),
        Standing.CURRENT: and_(shown, not_(coming), not_(over)),
    }
