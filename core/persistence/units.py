"""Units of work over one database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from core.domain.errors import UnavailableError
from core.persistence.faults import complaint, is_unavailable, spoken
from core.persistence.repositories.bonds import SqlBindCodes, SqlBonds
from core.persistence.repositories.broadcasts import SqlBroadcasts
from core.persistence.repositories.documents import SqlDocuments
from core.persistence.repositories.figures import SqlFigures
from core.persistence.repositories.handoffs import SqlHandoffs
from core.persistence.repositories.inbox import SqlInbox
from core.persistence.repositories.leases import SqlLeases
from core.persistence.repositories.movables import SqlMovables
from core.persistence.repositories.needs import SqlNeeds
from core.persistence.repositories.operating import SqlDeeds, SqlOperators, SqlVisits
from core.persistence.repositories.outbox import SqlOutbox
from core.persistence.repositories.pairings import SqlOrders, SqlPairings
from core.persistence.repositories.people import SqlPeople
from core.persistence.repositories.platforms import SqlAllowances, SqlHanded, SqlTokens
from core.persistence.repositories.pulls import SqlPulls
from core.persistence.repositories.pushes import SqlPushes
from core.persistence.repositories.questions import SqlQuestions
from core.persistence.repositories.records import SqlRecords
from core.persistence.repositories.reminders import SqlReminders
from core.persistence.repositories.routes import SqlRoutes
from core.persistence.repositories.submissions import SqlSubmissions
from core.persistence.repositories.subscriptions import SqlSubscriptions
from core.persistence.repositories.tidings import SqlTidings
from core.persistence.repositories.timelines import SqlTimelines
from core.ports.bonds import BindCodes, Bonds, Movables
from core.ports.broadcasts import Broadcasts, People, Pushes
from core.ports.deliveries import Outbox, Routes, Timelines
from core.ports.documents import Documents
from core.ports.figures import Figures
from core.ports.handoffs import Handoffs
from core.ports.needs import Needs
from core.ports.operating import Deeds, Operators, Visits
from core.ports.pairings import Orders, Pairings
from core.ports.platforms import Allowances, Handed, Tokens
from core.ports.reminders import Reminders
from core.ports.repositories import (
    Inbox,
    Leases,
    Questions,
    Records,
)
from core.ports.sources import Pulls
from core.ports.submissions import Submissions
from core.ports.subscriptions import Subscriptions, Tidings

REPOSITORIES: Mapping[str, Callable[[Connection], object]] = MappingProxyType(
    {
        "inbox": SqlInbox,
        "outbox": SqlOutbox,
        "timelines": SqlTimelines,
        "routes": SqlRoutes,
        "figures": SqlFigures,
        "documents": SqlDocuments,
        "records": SqlRecords,
        "pulls": SqlPulls,
        "needs": SqlNeeds,
        "pairings": SqlPairings,
        "orders": SqlOrders,
        "reminders": SqlReminders,
        "subscriptions": SqlSubscriptions,
        "tidings": SqlTidings,
        "questions": SqlQuestions,
        "handoffs": SqlHandoffs,
        "leases": SqlLeases,
        "people": SqlPeople,
        "broadcasts": SqlBroadcasts,
        "pushes": SqlPushes,
        "submissions": SqlSubmissions,
        "tokens": SqlTokens,
        "allowances": SqlAllowances,
        "handed": SqlHanded,
        "operators": SqlOperators,
        "visits": SqlVisits,
        "deeds": SqlDeeds,
        "bonds": SqlBonds,
        "bind_codes": SqlBindCodes,
        "movables": SqlMovables,
    }
)
"""What a unit holds, by the name it has there."""


class SqlUnitOfWork:
    """A transaction on one connection; a database that does not answer is `UnavailableError`."""

    inbox: Inbox
    outbox: Outbox
    timelines: Timelines
    routes: Routes
    figures: Figures
    documents: Documents
    records: Records
    pulls: Pulls
    needs: Needs
    pairings: Pairings
    orders: Orders
    reminders: Reminders
    subscriptions: Subscriptions
    tidings: Tidings
    questions: Questions
    handoffs: Handoffs
    leases: Leases
    people: People
    broadcasts: Broadcasts
    pushes: Pushes
    submissions: Submissions
    tokens: Tokens
    allowances: Allowances
    handed: Handed
    operators: Operators
    visits: Visits
    deeds: Deeds
    bonds: Bonds
    bind_codes: BindCodes
    movables: Movables

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            UnavailableError: the database does not answer.
        """
        with spoken():
            connection = self._engine.connect()
        self._connection = connection
        for name, repository in REPOSITORIES.items():
            setattr(self, name, repository(connection))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed.

        Raises:
            UnavailableError: in place of the driver's error that says so.
        """
        if self._connection is not None:
            self._connection.close()
        if error is not None and is_unavailable(error):
            raise UnavailableError(complaint(error)) from error

    def commit(self) -> None:
        """Make it so."""
        if self._connection is not None:
            self._connection.commit()


@dataclass(frozen=True, slots=True)
class SqlUnits:
    """Begins units of work on a database: `with units() as unit: ...`."""

    engine: Engine

    def __call__(self) -> SqlUnitOfWork:
        """A new unit, not yet begun."""
        return SqlUnitOfWork(self.engine)
