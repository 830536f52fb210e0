"""Appointments as iCalendar files (RFC 5545), which bring their time zone with them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration

from channels.words import words
from core.domain.parts import Appointment
from core.domain.reminders import SHANGHAI

MEDIA_TYPE = "text/calendar"
WORDS = Path(__file__).with_name("words.yml")

_MAKER = "-//Keqiao//Keqiao//ZH"
_NO_SUMMER_TIME_SINCE = date(1992, 1, 1)  # in China


class Method(StrEnum):
    """What a calendar is to do with a file (RFC 5546)."""

    PUBLISH = "PUBLISH"
    """Take it up, as a copy of one's own."""
    REQUEST = "REQUEST"
    """Take it up as an invitation, or let it replace the one of before."""
    CANCEL = "CANCEL"


def method_of(appointments: Sequence[Appointment], *, invited: bool = False) -> Method:
    """The method for these: an invitation only where somebody is invited by name."""
    if appointments and all(one.cancelled for one in appointments):
        return Method.CANCEL
    return Method.REQUEST if invited else Method.PUBLISH


def calendar_file(
    appointments: Sequence[Appointment], *, now: datetime, organiser: str = "", attendee: str = ""
) -> bytes:
    """The file that holds them; `organiser` and `attendee` are e-mail addresses, for invitations.

    An invitation (RFC 5546) holds one appointment alone.
    """
    made = _calendar(method_of(appointments, invited=bool(organiser and attendee)))
    for one in appointments:
        event = _event(one, now)
        if organiser and attendee:
            event.add("organizer", vCalAddress(f"mailto:{organiser}"))
            event.add("attendee", _invited(attendee))
        made.add_component(event)
    return _written(made)


def feed_file(
    appointments: Sequence[Appointment], *, now: datetime, name: str, every: timedelta
) -> bytes:
    """The same as a calendar to subscribe to, which clients fetch anew about `every` so often."""
    made = _calendar(Method.PUBLISH)
    made.add("x-wr-calname", _clean(name))
    made.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(every))
    for one in appointments:
        made.add_component(_event(one, now))
    return _written(made)


def file_name(appointment: Appointment) -> str:
    """A name for the file: letters and digits alone, which every mail program and disk takes."""
    return f"{appointment.uid.partition('@')[0][:16]}.ics"


def _calendar(method: Method) -> Calendar:
    made = Calendar()
    made.add("prodid", _MAKER)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", method.value)
    return made


def _event(one: Appointment, now: datetime) -> Event:
    said = words("files", WORDS)
    title = _clean(one.title)
    made = Event()
    made.add("uid", one.uid)
    made.add("sequence", one.sequence)
    made.add("dtstamp", now.astimezone(UTC))
    made.add("summary", said["deadline"].format(title=title) if one.deadline else title)
    made.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    # A deadline is a moment without an end, which keeps nobody from meeting others then.
    made.add("transp", "TRANSPARENT" if one.deadline or one.cancelled else "OPAQUE")
    if one.starts_at is not None:
        made.add("dtstart", one.starts_at.astimezone(SHANGHAI))
        if one.ends_at is not None and one.ends_at > one.starts_at:
            made.add("dtend", one.ends_at.astimezone(SHANGHAI))
    if one.place:
        made.add("location", _clean(one.place))
    if one.url:
        made.add("url", one.url)
        made.add("description", one.url)
    for alarm in () if one.cancelled else one.alarms:
        made.add_component(_alarm(alarm, title))
    return made


def _alarm(before: timedelta, title: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", title)
    made.add("trigger", -before)
    return made


def _invited(address: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{address}")
    made.params["ROLE"] = "REQ-PARTICIPANT"
    made.params["PARTSTAT"] = "NEEDS-ACTION"
    made.params["RSVP"] = "FALSE"
    return made


def _written(calendar: Calendar) -> bytes:
    calendar.subcomponents.insert(0, _zone())
    body: bytes = calendar.to_ical()
    return body


@cache
def _zone() -> Timezone:
    """Made once: that takes longer than a whole file."""
    return Timezone.from_tzid(SHANGHAI.key, first_date=_NO_SUMMER_TIME_SINCE)


def _clean(text: str) -> str:
    """One line of what a text may hold: no control character, which RFC 5545 forbids."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())
