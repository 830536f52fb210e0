"""What every kind of field can do, and what it is given to read."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from actions.forms.draft import Doubt, Json
from actions.understanding import extract
from actions.understanding.extract import Reading
from actions.understanding.text import fold
from core.domain.records import Record

ASKS_US = re.compile(
    r"[^,。;!?]{0,10}(?:你们?|您)[^,。;!?]*(?:能|可以|会|有|帮)[^,。;!?]*(?:不|吗|么|没有|没|不能)[?。~!]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A text as one field hears it."""

    text: str
    at: datetime
    asked: bool = False
    """Whether the text answers for this field."""
    reader: str = ""
    """What `extract.read` is told was asked for: the reader of the field that was."""
    opening: bool = False
    corrects: bool = False
    doubt: Doubt | None = None
    """What was doubtful about this field."""
    known: Json | None = None
    records: tuple[Record, ...] = ()
    """The open records of the library that the form is about."""

    def read(self) -> Reading:
        """The text, read by every reader once."""
        return read(self.text, self.at, self.reader)


@lru_cache(maxsize=64)
def read(text: str, at: datetime, reader: str) -> Reading:
    """Read a text; the fields of one form share the reading."""
    return extract.read(text, at, asked=reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a text says of a field: a value, that it stays open, or something to ask back."""

    value: Json | None = None
    declined: bool = False
    doubt: Doubt | None = None


NOTHING = Finding()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(ABC):
    """How answers to one field are read, merged and written back."""

    reader: ClassVar[str] = ""
    """The field of `extract.read` that is meant when this field was asked for."""
    labelled: ClassVar[bool] = False
    """Whether it is read from what stands behind its name, and from answers; never guessed."""
    replaces: ClassVar[bool] = False
    """Whether a second word replaces the first whatever is asked."""
    heard_again: ClassVar[bool] = False
    """Whether a second word counts when the answer serves nothing else."""
    echoed: ClassVar[bool] = False
    """Whether it is said back though it was asked for: sums and days are resolved by us."""
    wide: ClassVar[bool] = False
    """Whether a labelled answer may hold commas."""
    own: ClassVar[bool] = False
    """Whether a known value yields only to a correction that names the field."""

    @abstractmethod
    def find(self, heard: Heard) -> Finding:
        """What the text says of this field."""

    @abstractmethod
    def show(self, value: Json) -> str:
        """The value in plain, absolute words."""

    def answers(self, text: str, records: tuple[Record, ...]) -> bool:
        """Whether the text is plainly an answer, though it may also mean yes, no or skip."""
        return False

    def adds(self, known: Json, value: Json) -> bool:
        """Whether a value only adds to what is known, which it leaves as it is."""
        return False

    def leaves(self, heard: Heard) -> str:
        """What of an answer to this field other fields may read."""
        return heard.text

    def in_own_words(self, text: str, times: int) -> Json | None:
        """The value when nothing was recognised `times` times in a row."""
        return None

    def choices(self, records: tuple[Record, ...]) -> tuple[str, ...]:
        """What can be answered, as quick replies."""
        return ()

    def complete(self, value: Json) -> bool:
        """Whether a required field needs nothing beside the value."""
        return True

    def options(self, doubt: Doubt) -> tuple[str, ...]:
        """What can be answered to a doubt, as quick replies."""
        return ()

    def meaning(self, value: Json) -> Any:  # noqa: ANN401 -- each kind has a domain object of its own
        """The value as the domain knows it."""
        return value

    @property
    def best(self) -> int:
        """The most that an answer counts in a questionnaire."""
        return 0

    def score(self, value: Json) -> int:
        """What the answer counts in a questionnaire."""
        return 0


def asks_us(text: str) -> bool:
    """Whether the whole text asks what we can do: 你们能帮企业找专家不."""
    return ASKS_US.fullmatch(fold(text).strip()) is not None


def one_of(value: Mapping[str, Any], *names: str) -> bool:
    """Whether any of the parts is there."""
    return any(value.get(name) for name in names)
