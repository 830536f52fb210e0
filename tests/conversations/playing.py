"""Playing a conversation on a running site: the real inbox, bot, action server and outbox."""

import re
import sqlite3
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import override

from core.domain.conversations import Address, InboundMessage, InboundState, Reply, ReplyKind
from keqiao.bootstrap import Site
from tests.conversations.script import BEGINS, Conversation, Turn

CHANNEL = "terminal"
PATIENCE_S = 60.0
SESSION = timedelta(days=1)
"""After such a pause the bot's own record is made to look as old as the person says it is."""

OPEN = frozenset({ReplyKind.QUESTION, ReplyKind.CONFIRM})
CONSENT = "同意"
"""A question for consent names what it is for, and is told by this word alone."""
RETURNS = re.compile("要?继续吗")
DEFAULT_ANSWER = "跳过"
MOST_TIMES = 2
"""Nobody goes on answering the very same question."""

CUES: Mapping[str, str] = {
    "industry": "行业|领域|产业",
    "region": "地区|哪里|省市|所在|地方|哪个市",
    "modes": "怎样合作|合作方式|希望怎样",
    "budget": "预算|多少钱|金额",
    "deadline": "什么时候|时间|期限|日期",
    "contact": "联系|电话|称呼",
    "problem": "难题|问题",
    "other": ".",
}
"""How a person tells what is being asked; a form's own questions are told by patterns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One text said and what was answered; `turn` is what the script asked for."""

    by: str
    text: str
    replies: tuple[Reply, ...]
    turn: Turn

    @property
    def said(self) -> str:
        """All that was answered."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def open(self) -> Reply | None:
        """The last reply that asks for something."""
        return next((one for one in reversed(self.replies) if one.kind in OPEN), None)


@dataclass(slots=True)
class Played:
    """A conversation as it went."""

    conversation: Conversation
    heard: list[Heard] = field(default_factory=list)
    now: datetime = BEGINS

    def last(self, by: str) -> Heard | None:
        """What this person heard last."""
        return next((one for one in reversed(self.heard) if one.by == by), None)

    @property
    def numbers(self) -> list[str]:
        """The need numbers that were told, oldest first."""
        found = re.findall(r"KQ-\d{4}-\d{6}", "\n".join(one.said for one in self.heard))
        return list(dict.fromkeys(found))

    @override
    def __str__(self) -> str:
        lines = [f"--- {self.conversation.name}"]
        for one in self.heard:
            lines.append(f"{one.by}> {one.text}")
            lines += [f"    [{reply.kind}] {reply.text}" for reply in one.replies]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Stage:
    """The site that conversations are played on."""

    site: Site

    def play(self, conversation: Conversation) -> Played:
        """Play it to its end."""
        played = Played(conversation)
        for turn in conversation.turns:
            played.now += turn.after
            if turn.after >= SESSION:
                self._age(_address(conversation, turn.by), turn.after)
            if turn.answers:
                self._answer(played, turn)
            else:
                self._say(played, turn, turn.say)
        return played

    def _answer(self, played: Played, turn: Turn) -> None:
        if turn.needs_opening and not _asked(played, turn.by, played.conversation.person):
            self._say(played, turn, turn.needs_opening)
        asked: list[str] = []
        for _ in range(turn.rounds):
            heard = played.last(turn.by)
            question = heard.open if heard else None
            asked.append(question.text if question else "")
            if asked.count(asked[-1]) > MOST_TIMES:
                return
            if question is None or question.kind is ReplyKind.CONFIRM:
                return
            if turn.until and re.search(CUES.get(turn.until, turn.until), question.text):
                return
            self._say(played, turn, answer_to(question.text, played.conversation.person))
            played.now += timedelta(seconds=30)

    def _say(self, played: Played, turn: Turn, text: str) -> None:
        for number, named in enumerate(played.numbers, 1):
            text = text.replace(f"{{number:{number}}}", named)
        message = InboundMessage(
            message_id=uuid.uuid4().hex,
            address=_address(played.conversation, turn.by),
            text=text,
            said_at=played.now,
        )
        replies = self._exchange(message, times=1 + turn.twice)
        played.heard.append(Heard(by=turn.by, text=text, replies=tuple(replies), turn=turn))

    def _exchange(self, message: InboundMessage, *, times: int) -> Sequence[Reply]:
        site = self.site
        entry = site.accept_inbound(message)
        for _ in range(times):
            entry = site.accept_inbound(message)
            deadline = time.monotonic() + PATIENCE_S
            while time.monotonic() < deadline:
                worked = site.handle_inbound()
                with site.units() as unit:
                    if unit.inbox.get(entry.id).state is InboundState.HANDLED:
                        break
                if not worked:
                    time.sleep(0.01)
        with site.units() as unit:
            return [one.message.reply for one in unit.outbox.replies_to(entry.id)]

    def _age(self, address: Address, span: timedelta) -> None:
        """The bot reads the clock of the machine: let it see that the person was away."""
        path = self.site.settings.home / "bot" / "tracker.db"
        older = "json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - :s)"
        change = (
            f"UPDATE events SET timestamp = timestamp - :s, data = {older} WHERE sender_id = :who"  # noqa: S608 -- no text of others
        )
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(change, {"s": span.total_seconds(), "who": str(address)})


def answer_to(question: str, person: Mapping[str, str]) -> str:
    """What this person says to a question."""
    if RETURNS.search(question):
        return "继续"
    for cue, answer in sorted(person.items(), key=lambda pair: CONSENT not in pair[0]):
        if re.search(CUES.get(cue, cue), question):
            return answer
    return DEFAULT_ANSWER


def _asked(played: Played, by: str, person: Mapping[str, str]) -> bool:
    heard = played.last(by)
    question = heard.open if heard else None
    return question is not None and any(re.search(CUES.get(c, c), question.text) for c in person)


def _address(conversation: Conversation, by: str) -> Address:
    return Address(channel=CHANNEL, user="-".join(filter(None, (conversation.name, by))))


def address_of(conversation: Conversation, by: str) -> str:
    """The address of one of its people, as tables hold it."""
    return str(_address(conversation, by))
