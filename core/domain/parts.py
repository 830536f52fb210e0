"""What a reply may hold beside its text; a channel shows each the best it can, or as words."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.domain.errors import BadInputError

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether it is a web address that may stand behind a word: http or https, nothing else."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Text that comes after another part."""

    text: str
    part: Literal["words"] = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One of a list: its title, one line about it, where it leads.

    What has a `payload` may be chosen: choosing it says that in the person's name.
    """

    title: str
    line: str = ""
    url: str = ""
    payload: str = ""

    def __post_init__(self) -> None:
        """Demand that it leads nowhere but to a web address."""
        _demand_address(self.url, optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Several things of one kind, in order."""

    entries: tuple[Entry, ...]
    part: Literal["list"] = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page somewhere."""

    title: str
    url: str
    part: Literal["link"] = "link"

    def __post_init__(self) -> None:
        """Demand a web address."""
        _demand_address(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that can be fetched from a web address."""

    name: str
    url: str
    part: Literal["file"] = "file"

    def __post_init__(self) -> None:
        """Demand a web address."""
        _demand_address(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image that can be fetched from a web address; `title` says what is to be seen."""

    title: str
    url: str
    part: Literal["image"] = "image"

    def __post_init__(self) -> None:
        """Demand a web address."""
        _demand_address(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A date for a calendar (RFC 5545): one `uid` for its whole life, `sequence` counts changes.

    The person's calendar replaces what it holds under the `uid` when the `sequence` is higher.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime | None
    """Aware UTC; None only for what is cancelled because its date was taken away."""
    ends_at: datetime | None = None
    deadline: bool = False
    """Whether `starts_at` is the last moment for something, rather than its beginning."""
    place: str = ""
    url: str = ""
    """The page about it."""
    cancelled: bool = False
    alarms: tuple[timedelta, ...] = ()
    """How long before the start the calendar is to ring."""
    file: str = ""
    """Address of its calendar file, for channels that can attach none; empty: there is none."""
    part: Literal["event"] = "event"

    def __post_init__(self) -> None:
        """Demand a date, and web addresses."""
        if self.starts_at is None and not self.cancelled:
            raise BadInputError(f"appointment {self.uid} has no date and is not cancelled")
        _demand_address(self.url, optional=True)
        _demand_address(self.file, optional=True)


type Part = Words | Listing | Link | Attachment | Picture | Appointment


def _demand_address(url: str, *, optional: bool = False) -> None:
    if not (is_address(url) or (optional and not url)):
        raise BadInputError(f"{url!r} is no web address: expected http(s)://host/...")
