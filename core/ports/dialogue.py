"""The bot across the yard."""

from typing import Protocol

from core.domain.conversations import InboundMessage, Reply


class Dialogue(Protocol):
    """Turns one message of a conversation into replies."""

    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        """Say the message to the bot and return what it answers, never empty.

        `retried` tells that an earlier attempt may have reached the bot: then the bot's record
        of the conversation is asked first, so that a message is never said twice.

        Raises:
            DialogueUnavailableError: the bot does not answer, or answers with nothing.
        """
        ...
