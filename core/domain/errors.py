"""Every error Keqiao raises on purpose.

KeqiaoError
├── BadInputError            the caller's input cannot be used; the message says why and what to do
│   ├── UnreadableFileError  a document or table that cannot be read
│   └── BadRowError          one row of an imported table
├── NotFoundError            nothing has that id
├── ConflictError            something else already holds the name, port or lock
│   ├── HandoffTakenError    another liaison answers this person
│   └── HandoffClosedError   the handoff is over
├── UnavailableError         a neighbour (bot, database, platform) does not answer; try again later
│   └── DialogueUnavailableError
└── SendError                a platform did not take a message
    ├── RetrySendError       it surely did not arrive; try again, after `retry_after` if given
    ├── RefusedSendError     the platform refuses for good
    └── UnknownSendError     nobody knows whether it arrived
"""

from datetime import timedelta

from core.domain.troubles import NO_CODE, Coded, Trouble


class KeqiaoError(Exception):
    """Base of all errors raised on purpose; its text is fit to be shown to an operator."""


class BadInputError(KeqiaoError):
    """Input that cannot be used."""


class UnreadableFileError(BadInputError):
    """A file that cannot be read as a document or table."""


class BadRowError(BadInputError):
    """One row of an imported table that cannot be stored."""


class NotFoundError(KeqiaoError):
    """Nothing has that id."""


class ConflictError(KeqiaoError):
    """Something else already holds the name, port or lock."""


class HandoffTakenError(ConflictError):
    """Another liaison answers this person."""


class HandoffClosedError(ConflictError):
    """The handoff is over; who asks again opens another."""


class UnavailableError(KeqiaoError):
    """A neighbour does not answer."""


class DialogueUnavailableError(UnavailableError):
    """The bot (or its action server) does not answer or answers with nothing."""


class SendError(KeqiaoError):
    """A platform did not take a message.

    `trouble` is the class of it, `coded` the platform's own code with what can be done about it.
    """

    usual = Trouble.UNCLEAR
    """The class when nothing more is known."""

    def __init__(
        self, message: str, *, trouble: Trouble | None = None, coded: Coded = NO_CODE
    ) -> None:
        super().__init__(message)
        self.trouble = trouble or self.usual
        self.coded = coded


class RetrySendError(SendError):
    """The message surely did not arrive and may be sent again."""

    usual = Trouble.RETRY

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        trouble: Trouble | None = None,
        coded: Coded = NO_CODE,
    ) -> None:
        super().__init__(message, trouble=trouble, coded=coded)
        self.retry_after = retry_after


class RefusedSendError(SendError):
    """The platform refuses this message or recipient for good."""

    usual = Trouble.PERMANENT


class UnknownSendError(SendError):
    """The request left, no answer came: it may or may not have arrived."""
