"""What an enterprise needs: the draft that dialogue collects and the need that is stored."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from core.domain.conversations import Address
from core.domain.records import RecordId
from core.domain.reminders import SHANGHAI

NeedId = NewType("NeedId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """Labels of the nine areas of 《战略性新兴产业分类(2018)》; `raw` is the person's word."""

    labels: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """An administrative region down to the county; None where it was not said."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    raw: str = ""

    @property
    def name(self) -> str:
        """The region as people write it, without repeating a municipality."""
        parts = [part for part in (self.province, self.city, self.county) if part]
        return "".join(dict.fromkeys(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A range in yuan; an open end is None."""

    min: Decimal | None = None
    max: Decimal | None = None
    raw: str = ""
    approx: bool = False
    currency: str = "CNY"


class DeadlineKind(StrEnum):
    """How exactly a deadline was said."""

    DATE = "date"
    MONTH = "month"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day, resolved to an absolute date in Asia/Shanghai."""

    on: date
    raw: str = ""
    kind: DeadlineKind = DeadlineKind.DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach the person; personal data, masked in every log."""

    name: str | None = None
    phone: str | None = None
    wechat: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDraft:
    """What is known of a need so far; None means not said (or declined)."""

    problem: str | None = None
    industry: Industry | None = None
    region: Region | None = None
    budget: Budget | None = None
    deadline: Deadline | None = None
    modes: tuple[str, ...] = ()
    contact: Contact | None = None
    indicators: tuple[str, ...] = ()
    """Technical indicators as they were said (耐温600度); they belong to the problem."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields nothing is known about, most useful first."""
        return tuple(name for name in FIELDS if not getattr(self, name))


FIELDS = ("problem", "industry", "region", "modes", "budget", "deadline", "contact")
"""The fields of a draft, most useful for matching first: the order in which they are asked."""


class NeedStatus(StrEnum):
    """The life of a need in the 问题库."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    MATCHED = "matched"
    IN_TALKS = "in_talks"
    LANDED = "landed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A stored need. `key` makes storing idempotent: one confirmed message, one need."""

    id: NeedId
    key: str
    address: Address
    draft: NeedDraft
    created_at: datetime
    status: NeedStatus = field(default=NeedStatus.SUBMITTED)
    offered: tuple[RecordId, ...] = ()
    """The matches shown to its person last, in their order."""
    offered_at: datetime | None = None

    @property
    def number(self) -> str:
        """The number people quote, e.g. KQ-2026-000123; the year of submission where they live."""
        return f"KQ-{self.created_at.astimezone(SHANGHAI).year}-{self.id:06d}"
