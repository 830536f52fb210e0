"""What becomes of what is told to the smart robot, whichever way it came."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from channels.callbacks import demand_turn
from channels.choices import Choices
from channels.rates import TokenBuckets
from channels.wecom.bot.content import chosen
from channels.wecom.bot.messages import Incoming
from channels.wecom.bot.streams import entry_of
from channels.wecom.errcodes import WORDS
from channels.words import words
from core.domain.conversations import InboxEntry, Reply, ReplyKind
from core.domain.deliveries import OutboundMessage
from core.domain.documents import Exchange, Feedback, Verdict
from core.domain.errors import NotFoundError
from core.domain.platforms import Allowance
from core.domain.purposes import Purpose
from core.ports.unit_of_work import UnitOfWork, Units
from core.ports.wakeups import Work
from core.services.conversations import AcceptInbound
from core.services.questions import GiveFeedback

WAY = "way:"
_CARDS_HOLD = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Keeps messages, presses and judgements.

    `way` is what an answer to a callback needs (empty: nothing), kept for `lasts`.
    """

    accept: AcceptInbound
    units: Units
    users: TokenBuckets
    way: Callable[[Incoming], str]
    lasts: timedelta

    def say(self, incoming: Incoming) -> InboxEntry:
        """Keep a message; what waited for it may go.

        Raises:
            RefusedRequestError: it is too long, or they say too much in a moment.
        """
        demand_turn(self.users, incoming.address)
        message = incoming.message()
        self._remember_way(incoming)
        text = Choices(units=self.units)(message.address, message.text)
        return self.accept(replace(message, text=text))

    def press(self, incoming: Incoming) -> dict[str, Any] | None:
        """Keep what a button says; the card's new face, once for each card."""
        demand_turn(self.users, incoming.address)
        message = incoming.message()
        self._remember_way(incoming)
        kept = self.accept(message).message
        if kept.text != message.text:
            self._tell_chosen_before(incoming)
            return None
        with self.units() as unit:
            first = unit.leases.take(
                f"wecom-bot:{incoming.key}",
                secrets.token_hex(8),
                self.accept.clock.now(),
                _CARDS_HOLD,
            )
            title = _title(unit, incoming)
            unit.commit()
        if not first or incoming.pressed is None:
            return None
        return chosen(incoming.pressed, title)

    def judge(self, incoming: Incoming) -> None:
        """Keep what somebody thinks of an answer; a bad one queues its question."""
        entry_id = entry_of(incoming.stream)
        if entry_id is None or incoming.verdict is None:
            return
        with self.units() as unit:
            try:
                entry = unit.inbox.get(entry_id)
            except NotFoundError:
                return
            replies = [one.message.reply.text for one in unit.outbox.replies_to(entry_id)]
        if entry.message.address != incoming.address:
            return
        about = Exchange(question=entry.message.text, answer="\n".join(replies))
        said = "👍" if incoming.verdict is Verdict.GOOD else "👎"
        feedback = Feedback(text=incoming.text or said, verdict=incoming.verdict, about=about)
        give = GiveFeedback(units=self.units, clock=self.accept.clock)
        request = f"{about.question}\n{about.answer}"
        give(feedback, address=incoming.address, key=f"wecom:{incoming.key}", request=request)

    def _remember_way(self, incoming: Incoming) -> None:
        now, way = self.accept.clock.now(), self.way(incoming)
        with self.units() as unit:
            if way:
                allowance = Allowance(
                    name=WAY + incoming.key, left=1, until=now + self.lasts, source=way
                )
                unit.allowances.grant(incoming.address, allowance)
            unit.outbox.hasten(incoming.address, now)
            unit.commit()

    def _tell_chosen_before(self, incoming: Incoming) -> None:
        text = words("messages", WORDS)["chosen_before"]
        message = OutboundMessage(
            key=f"wecom-bot:again:{incoming.key}",
            address=incoming.address,
            reply=Reply(kind=ReplyKind.NOTICE, text=text),
            purpose=Purpose.ANSWER,
        )
        with self.units() as unit:
            unit.outbox.put(message, self.accept.clock.now())
            unit.commit()
        self.accept.wakeups.wake(Work.OUTBOX)


def _title(unit: UnitOfWork, incoming: Incoming) -> str:
    """What stands on the button that was pressed."""
    press = incoming.pressed
    try:
        found = press.delivery_id if press else None
        buttons = unit.outbox.get(found).message.reply.choices if found is not None else ()
    except NotFoundError:
        buttons = ()
    titles = [one.title for one in buttons if one.payload == incoming.text]
    return (titles or [incoming.text])[0]
