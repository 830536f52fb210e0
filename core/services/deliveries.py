"""What operators decide about deliveries that ended badly."""

from dataclasses import dataclass

from core.domain.deliveries import Attempt, Delivery, DeliveryState, OutboxId, Step
from core.domain.errors import BadInputError
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Wakeups, Work

DECIDED = frozenset({DeliveryState.UNKNOWN, DeliveryState.DEAD})
"""The states that wait for somebody's decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDelivery:
    """Send a dead or unknown delivery again, with all its steps before it.

    An unknown one may have arrived: the repeat says so.
    """

    units: Units
    clock: Clock
    wakeups: Wakeups

    def __call__(self, delivery_id: OutboxId, *, by: str) -> Delivery:
        """The delivery as it is now.

        Raises:
            NotFoundError: there is none of that id.
            BadInputError: it is not dead or unknown, or of no use any more.
        """
        now = self.clock.now()
        with self.units() as unit:
            delivery = _decidable(unit, delivery_id)
            expires_at = delivery.message.expires_at
            if expires_at is not None and expires_at <= now:
                raise BadInputError(
                    f"delivery {delivery_id} was of use until {expires_at:%Y-%m-%d %H:%M} UTC; "
                    "give it up instead"
                )
            step = _decision(delivery, DeliveryState.QUEUED, by, self.clock)
            unknown = delivery.state is DeliveryState.UNKNOWN
            moved = _moved(unit, delivery, step, may_repeat=unknown or delivery.may_repeat)
        self.wakeups.wake(Work.OUTBOX)
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpDelivery:
    """Close a dead or unknown delivery: it is not sent, and waits for nobody any more."""

    units: Units
    clock: Clock

    def __call__(self, delivery_id: OutboxId, *, by: str) -> Delivery:
        """The delivery as it is now.

        Raises:
            NotFoundError: there is none of that id.
            BadInputError: it is not dead or unknown.
        """
        with self.units() as unit:
            delivery = _decidable(unit, delivery_id)
            step = _decision(delivery, DeliveryState.CANCELLED, by, self.clock)
            return _moved(unit, delivery, step, may_repeat=delivery.may_repeat)


def _decidable(unit: UnitOfWork, delivery_id: OutboxId) -> Delivery:
    delivery = unit.outbox.get(delivery_id)
    if delivery.state not in DECIDED:
        raise BadInputError(
            f"delivery {delivery_id} is {delivery.state}; only a dead or unknown one is decided on"
        )
    return delivery


def _decision(delivery: Delivery, state: DeliveryState, by: str, clock: Clock) -> Step:
    now = clock.now()
    return Step(
        at=now,
        state=state,
        attempt=delivery.attempts,
        made=Attempt(by=f"operator:{by}"),
        due_at=now if state is DeliveryState.QUEUED else None,
    )


def _moved(unit: UnitOfWork, delivery: Delivery, step: Step, *, may_repeat: bool) -> Delivery:
    if not unit.timelines.move(delivery, step, may_repeat=may_repeat):
        raise BadInputError(f"delivery {delivery.id} has just changed; look at it again")
    unit.commit()
    return unit.outbox.get(delivery.id)
