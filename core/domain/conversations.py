"""What people say and what they are told, whatever the channel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Self, override

from core.domain.documents import Citation
from core.domain.errors import BadInputError
from core.domain.parts import Listing, Part

InboundId = NewType("InboundId", int)

MAX_TEXT_CHARS = 4_000
"""Longest text accepted as one message; longer ones are refused with a clear line, never cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One person (or group) on one channel; as text `channel:user`."""

    channel: str
    user: str

    @override
    def __str__(self) -> str:
        return f"{self.channel}:{self.user}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `channel:user`.

        Raises:
            BadInputError: the text has no channel or no user.
        """
        channel, _, user = text.partition(":")
        if not channel or not user:
            raise BadInputError(f"address {text!r} is not of the form channel:user")
        return cls(channel=channel, user=user)


class MessageKind(StrEnum):
    """What a platform delivered."""

    TEXT = "text"
    OTHER = "other"


class ReplyKind(StrEnum):
    """What a reply is for; channels may render each differently."""

    ANSWER = "answer"
    ABSTAIN = "abstain"
    QUESTION = "question"
    CONFIRM = "confirm"
    CARD = "card"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A quick reply: pressing it says `payload` in the user's name."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message to a person, before any channel renders it.

    The `parts` come after the text, in order; then what it rests on, and what may be answered.
    """

    kind: ReplyKind
    text: str
    citations: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def choices(self) -> tuple[Button, ...]:
        """Everything that may be chosen: entries of its lists that say something, then buttons."""
        listed = (
            Button(title=entry.title, payload=entry.payload)
            for part in self.parts
            if isinstance(part, Listing)
            for entry in part.entries
            if entry.payload
        )
        return (*listed, *self.buttons)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """A message as it came through a channel's door.

    `message_id` is the platform's id: the same id on the same channel is the same message.
    `said_at` is the clock that relative dates in `text` refer to (aware UTC).
    """

    message_id: str
    address: Address
    text: str
    said_at: datetime
    kind: MessageKind = MessageKind.TEXT
    in_group: bool = False
    """Whether others than the speaker read what is said there."""
    person: Address | None = None
    """The address under which what the speaker has is kept, known once the message is handled.

    None: the address it was said at, which is bound to no other.
    """
    conversation: Address | None = None
    """The address under which the bot remembers what was said, known and None as `person`."""


class InboundState(StrEnum):
    """The life of an inbox row."""

    RECEIVED = "received"
    HANDLED = "handled"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEntry:
    """An inbound message in the inbox; `attempts` counts how often handling was begun."""

    id: InboundId
    message: InboundMessage
    received_at: datetime
    state: InboundState = InboundState.RECEIVED
    attempts: int = 0

    @property
    def trace(self) -> str:
        """What all log lines about it and its answers share."""
        return f"m{self.id}"


class Speaker(StrEnum):
    """Who said a line of a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One line of a conversation's history, oldest first when listed."""

    speaker: Speaker
    text: str
    at: datetime
    reply: Reply | None = field(default=None)
    id: int = 0
    """Id of the inbox entry (a person's line) or of the delivery (the assistant's)."""
    reply_to: InboundId | None = None
    """The inbox entry that the assistant's line answers."""
    kind: MessageKind = MessageKind.TEXT
