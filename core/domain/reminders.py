"""Reminders: one row with `due_at`, hung on an instant of an event or call."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from urllib.parse import quote, urlsplit

from core.domain.conversations import Address
from core.domain.dates import zone
from core.domain.dates.offsets import Offset
from core.domain.errors import BadInputError
from core.domain.parts import Appointment, is_address
from core.domain.purposes import Purpose
from core.domain.records import Library, Record, RecordId

ReminderId = NewType("ReminderId", int)

SHANGHAI = zone.SHANGHAI
"""The zone people read and say times in; inside, every instant is aware UTC."""


class NoAnchorError(BadInputError):
    """The record has no instant to be reminded of, or is withdrawn and will not take place."""


class Anchor(StrEnum):
    """Which instant of the record the offset counts back from."""

    STARTS = "starts_at"
    CLOSES = "closes_at"
    PHASE = "phase"
    """A phase of it, by name."""


def anchor_of(record: Record) -> Anchor | None:
    """What a reminder of the record hangs on: the start, or of a call the closing; else the other.

    None when it has neither.
    """
    preferred = (Anchor.STARTS, Anchor.CLOSES)
    if record.library is Library.CALLS:
        preferred = (Anchor.CLOSES, Anchor.STARTS)
    return next((anchor for anchor in preferred if getattr(record, anchor)), None)


def instant_of(
    record: Record, anchor: Anchor | None = None, *, phase: str = ""
) -> datetime | None:
    """The instant of that anchor (of the phase of that name), else the one `anchor_of` names."""
    chosen = anchor or anchor_of(record)
    if chosen is Anchor.PHASE:
        return next((one.at for one in record.phases if one.name == phase), None)
    if chosen is None:
        return None
    return record.starts_at if chosen is Anchor.STARTS else record.closes_at


ALARMS: Mapping[str, timedelta] = {Anchor.STARTS: timedelta(hours=1)}
"""When the calendar of somebody who took up a date rings; of others a day before."""

_UID_CHARS = 32


def calendar_path(record_id: RecordId) -> str:
    """Where the gateway serves the dates of a record as a calendar file."""
    return f"/calendar/records/{quote(record_id, safe='/')}.ics"


def appointment_of(
    record: Record, anchor: Anchor, *, phase: str = "", site: str = ""
) -> Appointment | None:
    """What a calendar is to hold of an instant of the record; None when it has no such instant.

    `site` is the address of the gateway as seen from outside, which makes the `uid` the site's
    own; without it there is no file to lead to. What is withdrawn is cancelled.
    """
    at = instant_of(record, anchor, phase=phase)
    if at is None:
        return None
    appointment = _appointment(record, f"{anchor}:{phase}" if phase else anchor, at, site)
    if phase:
        return replace(appointment, title=f"{appointment.title} {phase}")
    ends = record.ends_at if anchor is Anchor.STARTS else None
    return replace(appointment, ends_at=ends)


def cancelled_of(record: Record, anchor: Anchor, *, site: str = "") -> Appointment:
    """The same of an instant that was taken away."""
    return _appointment(record, anchor, None, site)


def _appointment(record: Record, anchor: str, at: datetime | None, site: str) -> Appointment:
    link = record.details.get("link", "")
    made_of = f"{record.id}|{anchor}".encode()
    host = urlsplit(site).hostname or "keqiao"
    return Appointment(
        uid=f"{hashlib.sha256(made_of).hexdigest()[:_UID_CHARS]}@{host}",
        sequence=record.version,
        title=" ".join(record.title.split()),
        starts_at=at,
        deadline=anchor != Anchor.STARTS,
        place=" ".join(record.details.get("place", "").split()),
        url=link if is_address(link) else "",
        cancelled=record.withdrawn or at is None,
        alarms=(ALARMS.get(anchor, timedelta(days=1)),),
        file=site.rstrip("/") + calendar_path(record.id) if site else "",
    )


class ReminderState(StrEnum):
    """planned → queued (handed to the outbox) | cancelled | expired (too late to be of use).

    planned → withdrawn with its record, and planned anew when that is put back.
    """

    PLANNED = "planned"
    QUEUED = "queued"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A promise to tell `address` at `due_at`; worthless after `expires_at` (the anchor)."""

    id: ReminderId
    address: Address
    record_id: RecordId
    title: str
    """The record's title when the reminder was planned."""
    anchor: Anchor
    phase: str = ""
    """The phase's name, when that is the anchor."""
    offset: Offset
    """How long before the anchor."""
    version: int
    """The record's version it was planned for."""
    due_at: datetime
    """The moment of the offset, or another when that lies in quiet hours."""
    expires_at: datetime
    state: ReminderState = ReminderState.PLANNED

    @property
    def purpose(self) -> Purpose:
        """What a message about its instant is for."""
        return Purpose.EVENT if self.anchor is Anchor.STARTS else Purpose.DEADLINE

    @property
    def key(self) -> str:
        """Unique per person, item, anchor, offset and version."""
        anchor = f"{self.anchor}:{self.phase}" if self.phase else str(self.anchor)
        return f"{self.address}|{self.record_id}|{anchor}|{self.offset}|{self.version}"

    @property
    def delivery_key(self) -> str:
        """What makes it unique on its way out."""
        return f"{delivery_keys(self.address)}{self.key}"


def delivery_keys(address: Address) -> str:
    """How the keys of all reminders on their way to an address begin."""
    return f"reminder:{address}:"


def plan(
    record: Record,
    *,
    address: Address,
    offset: Offset,
    anchor: Anchor | None = None,
    phase: str = "",
) -> Reminder:
    """The reminder for a record as it stands; without `anchor`, of what `anchor_of` names.

    Raises:
        NoAnchorError: the record has no such date, or is withdrawn.
    """
    chosen = anchor or anchor_of(record)
    at = instant_of(record, chosen, phase=phase)
    if chosen is None or at is None:
        raise NoAnchorError(f"record {record.id} has no {chosen or 'start and no deadline'}")
    if record.withdrawn:
        raise NoAnchorError(f"record {record.id} is withdrawn; there is nothing to remind of")
    return Reminder(
        id=ReminderId(0),
        address=address,
        record_id=record.id,
        title=record.title,
        anchor=chosen,
        phase=phase,
        offset=offset,
        version=record.version,
        due_at=offset.due(at),
        expires_at=at,
    )


SHORTLY = timedelta(hours=1)
"""How long before it is told of an instant that moved before the clock time of its offset."""


def replan(record: Record, reminder: Reminder) -> Reminder | None:
    """The reminder for its record as that stands now; None when there is no such date any more.

    A clock time that the new date has overtaken gives way to an hour before.
    """
    anchor = reminder.anchor
    if instant_of(record, anchor, phase=reminder.phase) is None and anchor is not Anchor.PHASE:
        anchor = anchor_of(record) or anchor
    if record.withdrawn or instant_of(record, anchor, phase=reminder.phase) is None:
        return None
    address, offset, phase = reminder.address, reminder.offset, reminder.phase
    planned = plan(record, address=address, offset=offset, anchor=anchor, phase=phase)
    if planned.due_at < planned.expires_at:
        return planned
    return replace(planned, due_at=planned.expires_at - SHORTLY)


def for_group(reminder: Reminder, group: Address) -> Reminder:
    """The same for a group, which hears of one instant of one record once, whoever asked."""
    instant = reminder.offset.due(reminder.expires_at)
    offset = Offset(ahead=max(reminder.expires_at - instant, timedelta(0)))
    due_at = max(instant, reminder.due_at)
    return replace(reminder, id=ReminderId(0), address=group, offset=offset, due_at=due_at)
