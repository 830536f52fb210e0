"""People at several addresses, with everything that binds them and tells them things."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.domain.conversations import Address, Reply
from core.domain.dates.offsets import Offset
from core.domain.deliveries import Delivery, DeliveryState
from core.domain.people import Person, Said
from core.domain.records import Record
from core.domain.reminders import SHANGHAI, Reminder
from core.domain.subscriptions import Interest
from core.ports.unit_of_work import Units
from core.services.people.binding import MakeCode, UseCode
from core.services.people.choosing import ChooseChannel, FindPerson
from core.services.people.leaving import Unbind
from core.services.pushes.gathering import GatherTidings
from core.services.records import StoreRecords
from core.services.reminders import QueueDueReminders, SetReminder
from core.services.subscriptions import Depart, Subscribe, Unsubscribe
from core.services.tidings import QueueTidings
from scheduler.words import bond_words
from tests.factories import make_draft, make_event, make_reply
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
HELD = NOON + 9 * DAY
"""When the event is that a test stores."""
OA = Address(channel="wechat", user="o-li")
WORK = Address(channel="wecom", user="li")
LARK = Address(channel="feishu", user="ou_li")
ANNA = Address(channel="web", user="anna")


def listed(records: Sequence[Record], others: int) -> Reply:
    return make_reply(" ".join(one.title for one in records) + "+" * others)


def reminded(reminder: Reminder, record: Record, now: datetime, *, personal: bool) -> Reply:
    assert personal
    assert now.utcoffset() is not None
    return make_reply(f"提醒 {record.title} {reminder.offset.ahead.days}")


class Household:
    """The use cases on one database and one clock."""

    def __init__(self, units: Units, now: datetime = NOON) -> None:
        self.units = units
        self.clock = FakeClock(now)
        self.wakeups = RecordingWakeups()
        self.code = MakeCode(units=units, clock=self.clock)
        self.use = UseCode(units=units, clock=self.clock, wakeups=self.wakeups, words=bond_words())
        self.unbind = Unbind(
            units=units, clock=self.clock, wakeups=self.wakeups, words=bond_words()
        )
        self.choose = ChooseChannel(units=units, clock=self.clock)
        self.find = FindPerson(units=units)
        self.depart = Depart(units=units, clock=self.clock)
        self.unsubscribe = Unsubscribe(units=units, clock=self.clock)
        self.store = StoreRecords(
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=self.wakeups,
            report_change=lambda record: make_reply(f"变动 {record.title}"),
        )

    def bind(self, first: Address, other: Address) -> Person:
        """Ask for a code at one address and say it at the other."""
        code = self.code(first)
        assert code is not None
        said, person = self.use(other, code)
        assert said is Said.BOUND
        assert person is not None
        return person

    def subscribe(self, address: Address, **asked: str) -> None:
        """Subscribe to one interest."""
        Subscribe(units=self.units, clock=self.clock)(address, [Interest(**asked)])  # type: ignore[arg-type]  # test's shorthand

    def remind(self, address: Address, record: Record, days: int = 1) -> None:
        """Promise a reminder."""
        SetReminder(units=self.units)(
            record.id, address=address, offset=Offset(ahead=days * DAY), now=self.clock.now()
        )

    def need(self, address: Address, key: str) -> None:
        """A need of that address."""
        with self.units() as unit:
            unit.needs.put(key, address, make_draft(), self.clock.now())
            unit.commit()

    def event(self, title: str = "路演") -> Record:
        """Store an event nine days ahead."""
        record = make_event(title, external_id=title, starts_at=HELD, closes_at=None)
        self.store([record])
        return record

    def tell(self) -> None:
        """Find subscribers of what is new, tell them, and remind who is to be reminded."""
        GatherTidings(units=self.units, clock=self.clock)()
        queue = QueueTidings(
            units=self.units, clock=self.clock, wakeups=self.wakeups, render=listed
        )
        while queue():
            pass
        QueueDueReminders(
            units=self.units, clock=self.clock, wakeups=self.wakeups, render=reminded
        )()

    def waiting(self, address: Address, *prefixes: str) -> list[str]:
        """What waits to be sent there, of the kinds whose keys begin so."""
        starts = prefixes or ("tidings:", "reminder:")
        with self.units() as unit:
            queued = unit.outbox.queued(address)
        return [one.message.reply.text for one in queued if one.message.key.startswith(starts)]

    def everything(self, *addresses: Address) -> dict[str, list[str]]:
        """What waits at each address that has something."""
        found = {str(one): self.waiting(one) for one in addresses}
        return {where: texts for where, texts in found.items() if texts}

    def send_all(self, address: Address) -> list[Delivery]:
        """Everything queued there is sent."""
        sent = []
        with self.units() as unit:
            while (one := unit.outbox.claim(self.clock.now(), DAY, [address.channel])) is not None:
                unit.outbox.record(one, DeliveryState.SENT, self.clock.now())
                sent.append(one)
            unit.commit()
        return sent

    def subscriptions(self, address: Address) -> list[str]:
        """Keywords of what is subscribed to."""
        with self.units() as unit:
            return [one.interest.keyword for one in unit.subscriptions.of(address)]

    def needs(self, address: Address) -> int:
        """How many needs stand under the address."""
        with self.units() as unit:
            return len(unit.needs.of(address))
