"""What becomes of a message of the robot, however it came: kept, or answered why it was not."""

from dataclasses import dataclass, replace

from channels.bodies import Fields
from channels.callbacks import demand_turn
from channels.choices import Choices
from channels.dingtalk.api.errcodes import WORDS
from channels.dingtalk.api.sessions import Sessions
from channels.dingtalk.messages import Incoming, parse
from channels.dingtalk.settings import DingTalkSettings
from channels.errors import RefusedRequestError
from channels.rates import TokenBuckets
from channels.words import words
from core.domain.conversations import Reply, ReplyKind
from core.domain.deliveries import OutboundMessage
from core.domain.purposes import Purpose
from core.ports.unit_of_work import Units
from core.ports.wakeups import Work
from core.services.conversations import AcceptInbound


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Takes what was verified; `users` limits each person and group."""

    accept: AcceptInbound
    units: Units
    users: TokenBuckets
    sessions: Sessions

    def __call__(self, fields: Fields) -> None:
        """Keep a message; after this returns it cannot be lost. The same again is the same.

        Raises:
            BadBodyError: it cannot be understood.
            RefusedRequestError: they say too much in a moment.
        """
        greeting = words("events", WORDS)["greeting"]
        incoming = parse(fields, now=self.accept.clock.now(), greeting=greeting)
        if incoming is None:
            return
        demand_turn(self.users, incoming.address)
        if incoming.session is not None:  # before the message, whose answer wants it
            self.sessions.keep(incoming.address, incoming.session)
        try:
            message = incoming.message()
        except RefusedRequestError as error:
            self._tell(incoming, words("refusals")[error.code])
            return
        meant = Choices(units=self.units, numbered=False)(message.address, message.text)
        self.accept(replace(message, text=meant))

    def _tell(self, incoming: Incoming, text: str) -> None:
        """Tell the person, not DingTalk, what cannot be kept."""
        message = OutboundMessage(
            key=f"dingtalk:refused:{incoming.key}",
            address=incoming.address,
            reply=Reply(kind=ReplyKind.NOTICE, text=text),
            purpose=Purpose.ANSWER,
        )
        with self.units() as unit:
            unit.outbox.put(message, self.accept.clock.now())
            unit.commit()
        self.accept.wakeups.wake(Work.OUTBOX)


def make_hearing(
    settings: DingTalkSettings, *, accept: AcceptInbound, units: Units, users: TokenBuckets
) -> Hearing:
    """For one app."""
    sessions = sessions_of(settings, units=units, accept=accept)
    return Hearing(accept=accept, units=units, users=users, sessions=sessions)


def sessions_of(settings: DingTalkSettings, *, units: Units, accept: AcceptInbound) -> Sessions:
    """Where the app's conversations take answers."""
    return Sessions(
        base=settings.oapi_base, secret=settings.app_secret, units=units, clock=accept.clock
    )
