"""A person's calendar: what they are reminded of, behind a link that only they have."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from channels.calendar.files import WORDS, feed_file
from channels.links import name_in, opened, signed
from channels.words import words
from core.domain.conversations import Address
from core.domain.errors import BadInputError
from core.domain.parts import Appointment
from core.domain.records import Record, RecordId
from core.domain.reminders import Reminder, appointment_of
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

EVERY = timedelta(hours=1)
"""How often clients are asked to look again."""

KEPT = timedelta(days=90)
"""How long what is over stays in the calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeeds:
    """Makes the links and what is behind them.

    A link names its person and the serial number in force, and is signed: nobody can guess one,
    and renewing makes those of before lead nowhere.
    """

    units: Units
    clock: Clock
    secret: str = field(repr=False)
    site: str = ""

    def __post_init__(self) -> None:
        """Know the site by its address without a slash at the end."""
        object.__setattr__(self, "site", self.site.rstrip("/"))

    def path(self, address: Address) -> str:
        """The link in force, without the site's address: the same each time."""
        with self.units() as unit:
            serial = unit.reminders.link_serial(address)
        return f"/calendar/feeds/{signed(str(address), self.secret, use=_use(serial))}.ics"

    def renew(self, address: Address) -> str:
        """A new link in place of all before."""
        with self.units() as unit:
            unit.reminders.renew_link(address)
            unit.commit()
        return self.path(address)

    def read(self, token: str) -> bytes | None:
        """The calendar behind a link; None when it is not in force."""
        try:
            address = Address.parse(name_in(token) or "")
        except BadInputError:
            return None
        now = self.clock.now()
        with self.units() as unit:
            use = _use(unit.reminders.link_serial(address))
            if opened(token, self.secret, use=use) is None:
                return None
            promised = unit.reminders.followed(address, now - KEPT)
            records = unit.records.several({one.record_id for one in promised})
        dates = _dates(promised, records, self.site)
        return feed_file(dates, now=now, name=words("files", WORDS)["feed"], every=EVERY)


def _dates(
    promised: Iterable[Reminder], records: Iterable[Record], site: str
) -> list[Appointment]:
    """Each date once, ringing whenever its person asked to be reminded."""
    known: dict[RecordId, Record] = {one.id: one for one in records}
    dates: dict[str, Appointment] = {}
    for one in promised:
        record = known.get(one.record_id)
        if record is None or record.conditions.consent is False:
            continue
        date = appointment_of(record, one.anchor, phase=one.phase, site=site)
        if date is None or date.starts_at is None:
            continue
        before = dates[date.uid].alarms if date.uid in dates else ()
        rings = {*before, max(date.starts_at - one.due_at, timedelta(0))}
        dates[date.uid] = replace(date, alarms=tuple(sorted(rings)))
    return list(dates.values())


def _use(serial: int) -> str:
    return f"calendar:{serial}"
