"""Making a broadcast, knowing whom it reaches, and sending it to oneself first."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.broadcasts import Audience, Broadcast, BroadcastEvent, BroadcastId, Portrait
from core.domain.conversations import MAX_TEXT_CHARS, Address, Reply
from core.domain.deliveries import OutboundMessage
from core.domain.errors import BadInputError
from core.domain.purposes import Purpose
from core.domain.reminders import SHANGHAI
from core.ports.clock import Clock
from core.ports.unit_of_work import Units
from core.ports.wakeups import Wakeups, Work

PAGE = 500
"""People looked at in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBroadcast:
    """Keep a draft; the same of one day by the same person, or of one key, is the same draft."""

    units: Units
    clock: Clock

    def __call__(
        self,
        text: str,
        audience: Audience,
        *,
        by: str,
        until: datetime | None = None,
        key: str | None = None,
    ) -> Broadcast:
        """The draft.

        Raises:
            BadInputError: the text is empty or too long, or it would end before it begins.
        """
        now = self.clock.now()
        if not text.strip() or len(text) > MAX_TEXT_CHARS:
            raise BadInputError(f"a broadcast has 1 to {MAX_TEXT_CHARS} characters")
        if until is not None and until <= now:
            raise BadInputError("a broadcast cannot end before it is sent")
        day = now.astimezone(SHANGHAI).date()
        same = hashlib.sha256(f"{text}|{audience}|{by}|{until}|{day}".encode()).hexdigest()
        draft = Broadcast(
            key=key or same,
            text=text.strip(),
            audience=audience,
            made_by=by,
            made_at=now,
            until=until,
        )
        with self.units() as unit:
            stored, new = unit.broadcasts.put(draft)
            if new:
                unit.broadcasts.log(stored.id, BroadcastEvent(at=now, by=by, step="made"))
            unit.commit()
        return stored


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAudience:
    """How many people an audience holds now, by channel."""

    units: Units

    def __call__(self, audience: Audience) -> Mapping[str, int]:
        """Channels with their numbers; empty when there is nobody."""
        return dict(Counter(person.address.channel for person in self._people(audience)))

    def _people(self, audience: Audience) -> Iterator[Portrait]:
        after = ""
        while True:
            with self.units() as unit:
                page = unit.people.page(after, PAGE)
            yield from filter(audience.holds, page)
            if len(page) < PAGE:
                return
            after = str(page[-1].address)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryBroadcast:
    """Send a broadcast to one address, marked as a trial."""

    units: Units
    clock: Clock
    wakeups: Wakeups
    render: Callable[[str], Reply]

    def __call__(self, broadcast_id: BroadcastId, to: Address, *, by: str) -> None:
        """Queue it, anew each time."""
        now = self.clock.now()
        with self.units() as unit:
            broadcast = unit.broadcasts.get(broadcast_id)
            key = f"trial:{broadcast.id}:{to}:{now.isoformat()}"
            reply = self.render(broadcast.text)
            message = OutboundMessage(key=key, address=to, reply=reply, purpose=Purpose.ANSWER)
            unit.outbox.put(message, now)
            event = BroadcastEvent(at=now, by=by, step="tried", note=str(to))
            unit.broadcasts.log(broadcast.id, event)
            unit.commit()
        self.wakeups.wake(Work.OUTBOX)
