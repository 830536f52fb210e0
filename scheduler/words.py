"""The words of reminders, tidings and notices, filled into YAML templates.

Wording is edited in `scheduler/templates/` alone; this module knows which facts a template may
name. Every time is shown in Asia/Shanghai, whatever zone the host keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from core.domain.conversations import Button, Reply, ReplyKind
from core.domain.errors import BadInputError
from core.domain.matching.orders import Order
from core.domain.moves import NeedEvent
from core.domain.needs import Need
from core.domain.parts import Appointment, Entry, Listing, Words, is_address
from core.domain.records import Library, Record
from core.domain.reminders import (
    SHANGHAI,
    Anchor,
    Reminder,
    anchor_of,
    appointment_of,
    cancelled_of,
    instant_of,
)
from core.domain.submissions import Submission, SubmissionStatus
from core.services.people.telling import BondWords
from core.services.reminders import LATE
from scheduler.filling import fill, one_line, only_texts, read_table, read_texts

TEMPLATES = Path(__file__).parent / "templates"

SUMMARY_CHARS = 200
"""Longest summary shown in an announcement."""

PROBLEM_CHARS = 60
"""As much of a problem is shown as tells which need is meant."""

NAMED = 10
"""How many of several new records are named in one message."""


def notices(folder: Path = TEMPLATES) -> Mapping[str, str]:
    """The notices of `HandleInbound`, by name."""
    return read_texts(folder / "notices.yml")


def handoff_words(folder: Path = TEMPLATES) -> Mapping[str, str]:
    """The words of handoffs, by name: those of `Office`."""
    return read_texts(folder / "handoffs.yml")


def bond_words(folder: Path = TEMPLATES) -> BondWords:
    """What is told when addresses become one person, or stop being so."""
    texts = read_texts(folder / "bonds.yml")
    return BondWords(texts=texts, channels=read_texts(folder / "channels.yml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWords:
    """Turns records into what people are told of them."""

    templates: Mapping[str, str]
    kinds: Mapping[str, str]
    moment: str
    weekdays: str
    phase: str
    join: str
    site: str = ""
    """Address of the gateway as seen from outside, where calendar files are."""

    @classmethod
    def load(cls, folder: Path = TEMPLATES, *, site: str = "") -> "EventWords":
        """Read `events.yml`.

        Raises:
            BadInputError: the file is not a table of texts, or lacks its formats.
        """
        path = folder / "events.yml"
        table = read_table(path)
        formats, kinds = table.pop("formats", None), table.pop("kinds", None)
        names = {"moment", "weekdays", "phase", "join"}
        if not isinstance(formats, dict) or names - formats.keys():
            raise BadInputError(f"{path}: formats must give {', '.join(sorted(names))}")
        if not isinstance(kinds, dict) or set(Library) - kinds.keys():
            raise BadInputError(f"{path}: kinds must name every library")
        return cls(
            templates=only_texts(table, path),
            kinds=only_texts(kinds, path),
            **{name: str(formats[name]) for name in names},
            site=site,
        )

    def reminder(
        self, reminder: Reminder, record: Record, now: datetime, *, personal: bool
    ) -> Reply:
        """A due reminder as told at `now`; a late one says so, a personal one how to stop it.

        When the record is of another version than the reminder, the words of the change.
        """
        if record.version != reminder.version:
            return self.change(record)
        facts = self._facts(record)
        if personal:
            facts["stop_word"] = self.templates["stop_word"]
        if now - reminder.due_at > LATE:
            facts["late_due"] = self.shown(reminder.due_at)
        date = appointment_of(record, reminder.anchor, phase=reminder.phase, site=self.site)
        if reminder.anchor is Anchor.CLOSES:
            return self._reply("reminder_closes", facts, date)
        if reminder.anchor is Anchor.PHASE:
            facts |= {"phase": one_line(reminder.phase), "at": self.shown(reminder.expires_at)}
            return self._reply("reminder_phase", facts, date)
        if record.closes_at is not None and record.closes_at <= now:
            facts["closed_at"] = facts.pop("closes_at")
        return self._reply("reminder_starts", facts, date)

    def tidings(self, records: Sequence[Record], others: int) -> Reply:
        """What is new, for those who subscribed: one in full, several as a list."""
        if len(records) == 1 and not others:
            return self._reply("announcement", self._new(records[0]))
        more = len(records[NAMED:]) + others
        facts = {"count": str(len(records) + others), "more": str(more) if more else ""}
        listing = Listing(entries=tuple(self._entry(record) for record in records[:NAMED]))
        end = Words(text=fill(self.templates["digest_end"], facts))
        return replace(self._reply("digest", facts), parts=(listing, end))

    def change(self, record: Record) -> Reply:
        """A changed date or a withdrawal, for those who had a reminder."""
        name = "changed"
        if record.withdrawn:
            name = "withdrawn"
        elif not any((record.starts_at, record.closes_at, record.phases)):
            name = "undated"
        anchor = anchor_of(record) or Anchor.STARTS
        date = appointment_of(record, anchor, site=self.site)
        date = date or cancelled_of(record, anchor, site=self.site)
        return self._reply(name, self._facts(record), date)

    def shown(self, moment: datetime) -> str:
        """An instant as people in China read it."""
        local = moment.astimezone(SHANGHAI)
        return self.moment.format(
            year=local.year,
            month=local.month,
            day=local.day,
            weekday=self.weekdays[local.weekday()],
            hour=local.hour,
            minute=local.minute,
        )

    def _new(self, record: Record) -> dict[str, str]:
        facts = self._facts(record)
        facts.setdefault("kind", self.kinds[record.library])
        if instant_of(record):
            facts["remind_word"] = self.templates["remind_word"]
        return facts

    def _entry(self, record: Record) -> Entry:
        facts = self._new(record)
        line = fill(self.templates["digest_line"], facts)
        return Entry(
            title=self.templates["digest_title"].format_map(facts),
            line=self.templates["digest_joint"].join(line.splitlines()),
            url=_address(record),
        )

    def _reply(
        self, name: str, facts: Mapping[str, str], date: Appointment | None = None
    ) -> Reply:
        text = fill(self.templates[name], facts)
        return Reply(kind=ReplyKind.NOTICE, text=text, parts=(date,) if date else ())

    def _facts(self, record: Record) -> dict[str, str]:
        facts = {
            name: record.details.get(name) for name in ("kind", "place", "link", "eligibility")
        }
        facts["title"] = one_line(record.title)
        facts["summary"] = one_line(record.summary)[:SUMMARY_CHARS]
        facts["organiser"] = record.details.get("organiser") or record.organisation
        for name in ("starts_at", "ends_at", "closes_at"):
            moment = getattr(record, name)
            facts[name] = self.shown(moment) if moment else None
        facts["phases"] = self.join.join(
            self.phase.format(name=one.name, at=self.shown(one.at)) for one in record.phases
        )
        return {name: one_line(fact) for name, fact in facts.items() if fact}


def render_reminder(reminder: Reminder, record: Record, now: datetime, *, personal: bool) -> Reply:
    """The words of a due reminder: the `render` of `QueueDueReminders`."""
    return _words().reminder(reminder, record, now, personal=personal)


def render_tidings(records: Sequence[Record], others: int) -> Reply:
    """The words for what is new: the `render` of `QueueTidings`."""
    return _words().tidings(records, others)


def report_change(record: Record) -> Reply:
    """The words for a changed or withdrawn event: the `report_change` of `StoreRecords`."""
    return _words().change(record)


def report_move(need: Need, event: NeedEvent) -> Reply:
    """The words for an operator's move of a need: the `report` of `MoveNeed`."""
    problem = one_line(need.draft.problem or "")
    if len(problem) > PROBLEM_CHARS:
        problem = f"{problem[:PROBLEM_CHARS]}…"
    facts = {"number": need.number, "problem": problem, "note": one_line(event.note)}
    return Reply(kind=ReplyKind.NOTICE, text=fill(_move_templates()[event.after], facts))


def report_decision(submission: Submission) -> Reply:
    """The words for a decision upon a form: the `report` of `DecideSubmission`."""
    templates = read_texts(TEMPLATES / "submissions.yml")
    name, record = str(submission.status), submission.filled.record
    if submission.status is SubmissionStatus.ACCEPTED and record is not None:
        name = "accepted_published"
    facts = {
        "title": submission.filled.title,
        "number": submission.number,
        "note": one_line(submission.note),
    }
    return Reply(kind=ReplyKind.NOTICE, text=fill(templates[name], facts))


def render_broadcast(text: str, *, trial: bool = False) -> Reply:
    """The words of a broadcast: the `render` of `FanOut`."""
    template = read_texts(TEMPLATES / "broadcasts.yml")["trial" if trial else "broadcast"]
    return Reply(kind=ReplyKind.NOTICE, text=template.format(text=text))


def report_found(need: Need, records: Sequence[Record]) -> Reply:
    """The words for records found: the `report_found` of `QueuePairings`."""
    words = read_texts(TEMPLATES / "matches.yml")
    entries = (Entry(title=one_line(one.title), url=_address(one)) for one in records)
    end = _of_need(words["found_end"], need).text
    parts = (Listing(entries=tuple(entries)), Words(text=end))
    return replace(_of_need(words["found"], need), parts=parts)


def ask_how(need: Need, record: Record, days: int) -> Reply:
    """The words that ask how it goes: the `ask_how` of `QueuePairings`."""
    words = read_texts(TEMPLATES / "matches.yml")
    return _of_need(words["asked"], need, title=one_line(record.title), days=str(days))


def order_handed(order: Order, need: Need) -> Reply:
    """The words for a provider's new order, with its two answers."""
    words, draft = read_texts(TEMPLATES / "orders.yml"), need.draft
    told = {
        "number": order.number,
        "problem": one_line(draft.problem or "")[:SUMMARY_CHARS],
        "region": draft.region.name if draft.region else "",
        "due": _words().shown(order.due_at),
    }
    buttons = tuple(
        Button(title=words[name], payload=f"{words[name]} {order.number}")
        for name in ("take", "refuse")
    )
    return Reply(kind=ReplyKind.CARD, text=fill(words["handed"], told), buttons=buttons)


def order_taken(need: Need, record: Record) -> Reply:
    """The words for a need's person when a provider takes it."""
    words = read_texts(TEMPLATES / "orders.yml")
    return _of_need(words["taken"], need, title=one_line(record.title))


def _of_need(template: str, need: Need, **facts: str) -> Reply:
    problem = one_line(need.draft.problem or "")[:PROBLEM_CHARS]
    told = {"number": need.number, "problem": problem, **facts}
    return Reply(kind=ReplyKind.NOTICE, text=fill(template, told))


def _address(record: Record) -> str:
    link = record.details.get("link", "")
    return link if is_address(link) else ""


@cache
def _move_templates() -> Mapping[str, str]:
    return read_texts(TEMPLATES / "needs.yml")


@cache
def _words() -> EventWords:
    return EventWords.load()
