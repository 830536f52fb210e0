"""Reminders: one row with `due_at`, hung on an instant of an event or call."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from core.domain.conversations import Address
from core.domain.parts import Appointment, is_address
from core.domain.purposes import Purpose
from core.domain.records import Library, Record, RecordId

ReminderId = NewType("ReminderId", int)

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone people read and say times in; inside, every instant is aware UTC."""


class Anchor(StrEnum):
    """Which instant of the record the offset counts back from."""

    STARTS = "starts_at"
    CLOSES = "closes_at"


def anchor_of(record: Record) -> Anchor | None:
    """What a reminder of the record hangs on: the start, or of a call the closing; else the other.

    None when it has neither.
    """
    preferred = (Anchor.STARTS, Anchor.CLOSES)
    if record.library is Library.CALLS:
        preferred = (Anchor.CLOSES, Anchor.STARTS)
    return next((anchor for anchor in preferred if getattr(record, anchor)), None)


def instant_of(record: Record) -> datetime | None:
    """The instant that `anchor_of` names."""
    anchor = anchor_of(record)
    if anchor is None:
        return None
    return record.starts_at if anchor is Anchor.STARTS else record.closes_at


ALARMS = {Anchor.STARTS: timedelta(hours=1), Anchor.CLOSES: timedelta(days=1)}
"""When the calendar of somebody who took up a date rings, if nothing else is asked for."""

_UID_CHARS = 32


def calendar_path(record_id: RecordId) -> str:
    """Where the gateway serves the dates of a record as a calendar file."""
    return f"/calendar/records/{quote(record_id, safe='/')}.ics"


def appointment_of(record: Record, anchor: Anchor, *, site: str = "") -> Appointment | None:
    """What a calendar is to hold of an instant of the record; None when it has no such instant.

    `site` is the address of the gateway as seen from outside, which makes the `uid` the site's
    own; without it there is no file to lead to. What is withdrawn is cancelled.
    """
    at = record.starts_at if anchor is Anchor.STARTS else record.closes_at
    if at is None:
        return None
    return _appointment(record, anchor, at, site)


def cancelled_of(record: Record, anchor: Anchor, *, site: str = "") -> Appointment:
    """The same of an instant that was taken away."""
    return _appointment(record, anchor, None, site)


def _appointment(record: Record, anchor: Anchor, at: datetime | None, site: str) -> Appointment:
    link = record.details.get("link", "")
    made_of = f"{record.id}|{anchor}".encode()
    host = urlsplit(site).hostname or "keqiao"
    return Appointment(
        uid=f"{hashlib.sha256(made_of).hexdigest()[:_UID_CHARS]}@{host}",
        sequence=record.version,
        title=" ".join(record.title.split()),
        starts_at=at,
        deadline=anchor is Anchor.CLOSES,
        place=" ".join(record.details.get("place", "").split()),
        url=link if is_address(link) else "",
        cancelled=record.withdrawn or at is None,
        alarms=(ALARMS[anchor],),
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
    offset: timedelta
    """How long before the anchor."""
    version: int
    """The record's version it was planned for."""
    due_at: datetime
    expires_at: datetime
    state: ReminderState = ReminderState.PLANNED

    @property
    def purpose(self) -> Purpose:
        """What a message about its instant is for."""
        return Purpose.DEADLINE if self.anchor is Anchor.CLOSES else Purpose.EVENT

    @property
    def key(self) -> str:
        """Unique per person, item, anchor, offset and version."""
        seconds = int(self.offset.total_seconds())
        return f"{self.address}|{self.record_id}|{self.anchor}|{seconds}|{self.version}"
