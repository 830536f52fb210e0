"""What becomes of a delivery after an attempt: the rules, apart from the doing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.deliveries import (
    LONGEST_WAITING,
    Attempt,
    Delivery,
    DeliveryState,
    Receipt,
    retry_wait,
)
from core.domain.errors import RefusedSendError, RetrySendError, SendError
from core.domain.purposes import again_at
from core.domain.troubles import MOST_TRIES, Trouble

LONGEST_WAIT = timedelta(days=1)
"""A platform's own wait is honoured up to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt."""

    state: DeliveryState
    made: Attempt
    error: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Says what becomes of a delivery; `by` is the process that tried, `draw` gives the jitter."""

    by: str
    draw: Callable[[], float]

    def sent(self, receipt: Receipt) -> Outcome:
        """The platform took it."""
        made = Attempt(by=self.by, platform_id=receipt.platform_id)
        return Outcome(state=DeliveryState.SENT, made=made)

    def over(self, delivery: Delivery) -> Outcome:
        """It is of no use any more, and was not tried."""
        state = DeliveryState.UNKNOWN if delivery.may_repeat else DeliveryState.EXPIRED
        return Outcome(state=state, made=Attempt(by=self.by, counts=False))

    def failed(
        self, delivery: Delivery, error: SendError, now: datetime, *, repeatable: bool
    ) -> Outcome:
        """The platform did not take it, or nobody knows."""
        if isinstance(error, RefusedSendError):
            return self._ended(DeliveryState.DEAD, error)
        if isinstance(error, RetrySendError) or repeatable:
            return self._again(delivery, error, now)
        message = delivery.message
        at = again_at(
            message.purpose, now, expires_at=message.expires_at, may_repeat=delivery.may_repeat
        )
        if at is None:
            return self._ended(DeliveryState.UNKNOWN, error)
        made = replace(self._made(error), may_repeat=True)
        return Outcome(state=DeliveryState.QUEUED, error=str(error), not_before=at, made=made)

    def _again(self, delivery: Delivery, error: SendError, now: datetime) -> Outcome:
        wait = self._wait(delivery, error, now)
        if wait is None:
            said = f"given up after {delivery.attempts} attempts: {error}"
            return replace(self._ended(DeliveryState.DEAD, error), error=said)
        return Outcome(
            state=DeliveryState.QUEUED,
            error=str(error),
            not_before=now + wait,
            made=self._made(error),
        )

    def _wait(self, delivery: Delivery, error: SendError, now: datetime) -> timedelta | None:
        """How long until the next attempt; None when there is to be none."""
        asked = error.retry_after if isinstance(error, RetrySendError) else None
        asked = min(max(asked or timedelta(0), timedelta(0)), LONGEST_WAIT)
        if error.trouble is Trouble.WAIT:
            return asked if now - delivery.created_at <= LONGEST_WAITING else None
        tries = delivery.tries + 1
        step = retry_wait(tries, self.draw())
        if step is None or tries >= MOST_TRIES.get(error.trouble, tries + 1):
            return None
        # Never before the platform's own moment; and ever more slowly, whatever it said.
        return max(asked, step)

    def _ended(self, state: DeliveryState, error: SendError) -> Outcome:
        return Outcome(state=state, error=str(error), made=self._made(error))

    def _made(self, error: SendError) -> Attempt:
        return Attempt(
            by=self.by,
            trouble=error.trouble,
            code=error.coded.code,
            hint=error.coded.hint,
            counts=error.trouble is not Trouble.WAIT,
        )
