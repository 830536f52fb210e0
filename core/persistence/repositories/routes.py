"""Ways out that fail as a whole."""

from dataclasses import asdict
from datetime import datetime
from typing import override

from sqlalchemy import Connection, delete, select

from core.domain.routes import Route
from core.persistence.delivery_tables import routes
from core.persistence.statements import holding, insert
from core.ports.deliveries import Routes


class SqlRoutes(Routes):
    """Rows of routes that failed lately."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @override
    def troubled(self) -> list[Route]:
        rows = self._connection.execute(select(routes).order_by(routes.c.name))
        return [Route(**row) for row in rows.mappings()]

    @override
    def failed(self, name: str, now: datetime) -> Route:
        new = insert(self._connection, routes).values(**asdict(Route(name=name)))
        self._connection.execute(new.on_conflict_do_nothing(index_elements=["name"]))
        same = select(routes).where(routes.c.name == name)
        row = self._connection.execute(holding(same)).mappings().one()
        after = Route(**row).failed(now)
        values = asdict(after)
        self._connection.execute(routes.update().where(routes.c.name == name).values(**values))
        return after

    @override
    def works(self, name: str) -> bool:
        gone = self._connection.execute(delete(routes).where(routes.c.name == name))
        return gone.rowcount == 1
