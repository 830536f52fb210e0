"""One transaction over all repositories."""

from types import TracebackType
from typing import Protocol, Self

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


class UnitOfWork(Protocol):
    """A transaction: everything between `with` and `commit` happens, or none of it.

    Leaving the block without `commit` rolls back. A unit is used once and by one thread.
    """

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

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed."""
        ...

    def commit(self) -> None:
        """Make it so."""
        ...


class Units(Protocol):
    """Begins units of work: `with units() as unit: ...`."""

    def __call__(self) -> UnitOfWork:
        """A new unit, not yet begun."""
        ...
