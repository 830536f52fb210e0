"""A bot that follows a script."""

from collections.abc import Mapping
from typing import override

from core.domain.conversations import InboundMessage, Reply, ReplyKind
from core.domain.errors import DialogueUnavailableError
from core.ports.dialogue import Dialogue


class FakeDialogue(Dialogue):
    """Answers by the script, and otherwise with an echo; while `down`, not at all.

    `said` lists what it was told, and whether it was told that this is a repetition.
    """

    def __init__(self, script: Mapping[str, tuple[Reply, ...]] | None = None) -> None:
        self.script = dict(script or {})
        self.down = False
        self.said: list[tuple[InboundMessage, bool]] = []

    @override
    def reply(self, message: InboundMessage, *, retried: bool) -> tuple[Reply, ...]:
        if self.down:
            raise DialogueUnavailableError("the fake bot is down")
        self.said.append((message, retried))
        echo = Reply(kind=ReplyKind.NOTICE, text=f"echo: {message.text}")
        return self.script.get(message.text, (echo,))
