"""Finding whom to tell of records that are news."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.reminders import SHANGHAI
from core.domain.subscriptions import Announcement, AnnouncementId, Found, Rhythm, Subscriber
from core.ports.clock import Clock
from core.ports.unit_of_work import UnitOfWork, Units
from core.services.pushes.interests import Interests

RECORDS = 200
FOUND = 100_000
"""Records looked at in one go: so many, or until so many tidings are found."""

WRITTEN = 5_000
"""Tidings written in one transaction: so long others that write have to wait."""

type Gathered = tuple[list[Found], list[AnnouncementId]]


def nobody_else(_news: Sequence[RecordId]) -> None:
    """Subscribers alone are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherTidings:
    """Note for everybody who asks for a record that is news when to be told: the soonest counts.

    Who subscribed after it was announced is not told of it. Records are forgotten once all of
    theirs is written: who dies before that, or gathers at the same time, writes nothing twice.
    """

    units: Units
    clock: Clock
    interests: Interests = field(default_factory=Interests)
    also: Callable[[Sequence[RecordId]], None] = nobody_else
    """Hears which records are news before they are forgotten, perhaps more than once."""

    def __call__(self) -> int:
        """How many records were gathered; 0 when there is no news."""
        now = self.clock.now()
        with self.units() as unit:
            news = unit.tidings.announced(now, RECORDS)
            if not news:
                return 0
            self.interests.renew(unit)
            found, done = self._find(unit, news, now)
        self._write(found)
        gathered = set(done)
        self.also([one.record_id for one in news if one.id in gathered])
        with self.units() as unit:
            unit.tidings.settle(done)
            unit.commit()
        return len(done)

    def _find(self, unit: UnitOfWork, news: Sequence[Announcement], now: datetime) -> Gathered:
        """Who is to be told of the first of the news, as many as are looked at in one go."""
        asking = self._asking(unit, news, now)
        keys = sorted({key for keys in asking.values() for key in keys})
        subscribers = unit.subscriptions.subscribers(keys)
        found: list[Found] = []
        done: list[AnnouncementId] = []
        for one in news:
            people = (who for key in asking.get(one.id, ()) for who in subscribers[key])
            found += _found(one, people)
            done.append(one.id)
            if len(found) >= FOUND:
                break
        return found, done

    def _asking(
        self, unit: UnitOfWork, news: Sequence[Announcement], now: datetime
    ) -> dict[AnnouncementId, list[str]]:
        """The keys of the interests that ask for each that is current."""
        known = unit.records.several(one.record_id for one in news)
        records = {record.id: record for record in known}
        today = now.astimezone(SHANGHAI).date()
        return {
            one.id: self.interests.asking_for(record)
            for one in news
            if (record := records.get(one.record_id)) and record.current_at(now, today)
        }

    def _write(self, found: list[Found]) -> None:
        # By people, so that a transaction touches few pages of the table's index.
        for some in batched(sorted(found, key=lambda one: str(one.address)), WRITTEN):
            with self.units() as unit:
                unit.tidings.gather(some)
                unit.commit()


def _found(new: Announcement, subscribers: Iterable[Subscriber]) -> Iterator[Found]:
    due: dict[Address, datetime] = {}
    moments: dict[Rhythm, datetime] = {}
    for address, rhythm, since in subscribers:
        if since > new.at:
            continue
        moment = moments.get(rhythm) or moments.setdefault(rhythm, rhythm.due(new.at))
        due[address] = min(moment, due.get(address, moment))
    for address, moment in due.items():
        yield Found(address, new.record_id, new.at, moment)
