"""Answers in the platform's own requests, for accounts that may not write by themselves.

The platform waits `patience` seconds and asks three times in all, naming the same message. The
answer goes into whichever of these requests is open when it is there; the third is answered in any
case, and what comes later is kept until the person writes again.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from channels.wechat.content import compose, labels
from channels.wechat.messages import Incoming
from core.domain.conversations import (
    Address,
    InboundMessage,
    InboundState,
    InboxEntry,
    Reply,
    Speaker,
)
from core.domain.deliveries import Delivery, DeliveryState
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units

_LOOKS_PER_WAIT = 45
_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PassiveReplies:
    """Waits for what a turn says, and hands it over once."""

    units: Units
    clock: Clock
    patience: float

    async def __call__(self, entry: InboxEntry, request: Request) -> str | None:
        """The text to answer with; empty when nothing is to be said, None when it is too late."""
        begun = self.clock.now()
        asked_before = begun - entry.received_at
        last = asked_before >= timedelta(seconds=1.8 * self.patience)
        wait = timedelta(seconds=0.9 * self.patience)
        while self.clock.now() - begun < wait:
            text = await run_in_threadpool(partial(self._hand_over, entry))
            if text is not None:
                return text
            if await request.is_disconnected():
                return None
            await asyncio.sleep(wait.total_seconds() / _LOOKS_PER_WAIT)
        if last:
            return labels()["waiting"]
        # Silence for longer than the platform waits: it asks again then.
        await asyncio.sleep(0.2 * self.patience)
        return None

    def wants_more(self, incoming: Incoming) -> bool:
        """Whether the message only asks for what is kept, or still being looked up."""
        if incoming.text is None or incoming.text.strip() != labels()["more"]:
            return False
        with self.units() as unit:
            return bool(unit.outbox.queued(incoming.address)) or _in_progress(
                unit, incoming.address
            )

    def accept_more(self, message: InboundMessage) -> InboxEntry:
        """Store a message that the bot need not hear."""
        with self.units() as unit:
            entry = unit.inbox.accept(message, self.clock.now())
            if entry.state is InboundState.RECEIVED and entry.attempts == 0:
                unit.inbox.finish(entry)
            unit.commit()
        return entry

    def _hand_over(self, entry: InboxEntry) -> str | None:
        """What there is to say, which counts as sent from now on; None while there is nothing."""
        address = entry.message.address
        with self.units() as unit:
            # State first, answers after, what was given last: each is committed with or before
            # the next, so that nothing which happens in between is taken for silence.
            handled = unit.inbox.get(entry.id).state is InboundState.HANDLED
            unfinished = _is_more(entry) and _in_progress(unit, address)
            waiting = unit.outbox.queued(address)
            given = unit.handed.to(entry.id)
            if given:
                return compose(_replies(given)).text
            if not handled and not any(one.message.reply_to == entry.id for one in waiting):
                return None
            if not waiting:
                return None if unfinished else ""
            text = self._give(unit, entry, waiting)
            if text is not None:
                unit.commit()
        return text

    def _give(self, unit: UnitOfWork, entry: InboxEntry, waiting: list[Delivery]) -> str | None:
        """Hand over what one text holds; None when another request has just done so."""
        composed = compose(_replies(waiting))
        given, now = waiting[: composed.taken], self.clock.now()
        if not all(unit.outbox.record(one, DeliveryState.SENT, now) for one in given):
            return None
        unit.handed.note(entry.id, given)
        if composed.rest:
            last = given[-1].message
            reply = Reply(kind=last.reply.kind, text=composed.rest)
            rest = replace(last, key=f"{last.key}+", reply=reply, pushed=False)
            unit.outbox.put(rest, now)
        return composed.text


def _replies(deliveries: list[Delivery]) -> list[Reply]:
    return [one.message.reply for one in deliveries]


def _is_more(entry: InboxEntry) -> bool:
    return entry.message.text == labels()["more"]


def _in_progress(unit: UnitOfWork, address: Address) -> bool:
    """Whether something the person said is still being answered."""
    said = [line for line in unit.inbox.history(address, _LINES) if line.speaker is Speaker.USER]
    return any(
        unit.inbox.get(line.id).state is InboundState.RECEIVED  # type: ignore[arg-type] # of the inbox
        for line in said
    )
