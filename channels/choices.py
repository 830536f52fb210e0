"""Choices where no button can be pressed: shown with numbers, and read from what is answered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.words import words
from core.domain.conversations import Address, Button, InboundId, Reply, Speaker
from core.domain.deliveries import Delivery, DeliveryState, OutboxId
from core.domain.errors import NotFoundError
from core.ports.unit_of_work import UnitOfWork, Units

_LINES = 12
_LONGEST = 8
_MAY_BE_SEEN = {DeliveryState.SENDING, DeliveryState.UNKNOWN}
_PRESSED = re.compile(r"(\d{1,15})\.(\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"\s*[（(]?([0-9０-９]{1,2})\s*[.．、。）)]?\s*")
_NAMED = re.compile(
    r"\s*(?:我?选择?)?\s*第?([0-9０-９]{1,2}|[一二三四五六七八九十])[个项条]?\s*[。！!]?\s*"
)
_CHOOSING = re.compile(r"选|第")
_OWN_NUMBERS = re.compile(r"^\s*\d{1,2}[.．、]", re.MULTILINE)
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Reads answers against what the person was last told.

    `numbered`: whether the channel shows numbers. Where it does not, a bare number is what it
    says: only 选2 and 第二个 choose.
    `aside` is what a person says in between without saying anything, such as 继续.
    """

    units: Units
    numbered: bool = True
    aside: str = ""

    def __call__(self, address: Address, text: str, *, pressed: str = "") -> str:
        """What it says in full; what is no choice says what it says.

        `pressed` is the `entry_id` of a button or menu entry.
        """
        found = _PRESSED.fullmatch(pressed)
        if found is None and (len(text) > _LONGEST or number_of(text) is None):
            return text
        with self.units() as unit:
            if found:
                return _tapped(unit, address, found) or text
            return self._chosen(unit, address, text) or text

    def _chosen(self, unit: UnitOfWork, address: Address, text: str) -> str | None:
        """The choice of that number among those told since the person last said something."""
        for line in reversed(unit.inbox.history(address, _LINES)):
            if line.speaker is Speaker.USER:
                if not self.aside or line.text != self.aside:
                    return self._answered(unit, InboundId(line.id), text)
            elif line.reply is not None and line.reply.choices:
                return chosen(text, line.reply, numbered=self.numbered)
        return None

    def _answered(self, unit: UnitOfWork, entry_id: InboundId, text: str) -> str | None:
        """Whoever answers at once may be faster than the platform's word that it took it."""
        for delivery in reversed(unit.outbox.replies_to(entry_id)):
            reply = delivery.message.reply
            if delivery.state in _MAY_BE_SEEN and reply.choices:
                return chosen(text, reply, numbered=self.numbered)
        return None


def entry_id(delivery: Delivery, number: int) -> str:
    """The id of a menu entry: the choice `number` (1-based) of that delivery."""
    return f"{delivery.id}.{number}"


def told_choices(reply: Reply, escape: Callable[[str], str] = str) -> str:
    """What may be answered by its number, below the rest; empty when nothing may."""
    said = words("choices")
    first = len(reply.choices) - len(reply.buttons) + 1
    lines = [
        said["choice"].format(number=number, title=escape(one.title))
        for number, one in enumerate(reply.buttons, start=first)
    ]
    if lines:
        return "\n".join((said["title"], *lines))
    return said["listed"] if reply.choices else ""


def number_of(text: str) -> int | None:
    """The number that a short answer names: 2, ２, 2、, 第二个, 选2; None when it names none."""
    found = _NUMBER.fullmatch(text) or _NAMED.fullmatch(text)
    if found is None:
        return None
    said = found[1]
    return _NUMERALS.index(said) + 1 if said in _NUMERALS else int(said)


def chosen(text: str, reply: Reply, *, numbered: bool = True) -> str | None:
    """What the choice that a short answer names says; None when it names none of them.

    第二个 is a choice only where the reply numbers nothing of its own: else it may be meant.
    """
    number = number_of(text)
    if number is None:
        return None
    if not _NUMBER.fullmatch(text):
        if not _CHOOSING.search(text) or _OWN_NUMBERS.search(reply.text):
            return None
    elif not numbered:
        return None
    return _said(reply.choices, number)


def _said(choices: Sequence[Button], number: int) -> str | None:
    return choices[number - 1].payload if 0 < number <= len(choices) else None


def _tapped(unit: UnitOfWork, address: Address, pressed: re.Match[str]) -> str | None:
    try:
        message = unit.outbox.get(OutboxId(int(pressed[1]))).message
    except NotFoundError:
        return None
    if message.address != address:
        return None  # an id is no secret
    return _said(message.reply.choices, int(pressed[2]))
