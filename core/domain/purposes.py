"""What a message is for: how soon it goes when a channel is busy, and what a doubt about it costs.

A platform without an idempotency key leaves a doubt when its answer is lost: the message has
arrived, or it has not. Sending again may double it; not sending again may lose it. Which is worse
depends on what the message is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Purpose(StrEnum):
    """What a message is for."""

    ANSWER = "answer"
    """Part of a conversation: somebody waits for it now."""
    DEADLINE = "deadline"
    """A reminder of something that closes, or a change of that."""
    NOTICE = "notice"
    """What became of something a person handed in."""
    EVENT = "event"
    """A reminder of something that takes place, or a change of that."""
    MATCH = "match"
    """Something that fits a person's need."""
    DIGEST = "digest"
    """What is new, for those who subscribed."""
    BROADCAST = "broadcast"
    """Words of operators to many."""


UNASKED = frozenset({Purpose.MATCH, Purpose.BROADCAST})
"""What comes without being subscribed to: who refuses gets none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How messages for a purpose are treated.

    `priority`: lower goes first. `again_after`: how long after an unclear end it is sent once
    more, saying that it may be a repeat; None: it stays unknown.
    """

    priority: int
    again_after: timedelta | None = None


RULES: Mapping[Purpose, Rule] = MappingProxyType(
    {
        # Who got no answer asks again; who gets two does not know which one holds.
        Purpose.ANSWER: Rule(priority=0),
        # A missed deadline costs a year, a doubled reminder a glance.
        Purpose.DEADLINE: Rule(priority=1, again_after=timedelta(minutes=5)),
        # It can be asked for in the conversation at any time.
        Purpose.NOTICE: Rule(priority=2),
        # An event has other traces: its listing, its calendar file, the next reminder.
        Purpose.EVENT: Rule(priority=2),
        # What fits a need is shown again whenever its person asks.
        Purpose.MATCH: Rule(priority=3),
        # News that comes twice is what people unsubscribe from.
        Purpose.DIGEST: Rule(priority=4),
        # The same to many: a doubt is usually about all of them, and so would the double be.
        Purpose.BROADCAST: Rule(priority=4),
    }
)

PRIORITIES = tuple(sorted({rule.priority for rule in RULES.values()}))
"""From what goes first to what goes last."""


def again_at(
    purpose: Purpose, now: datetime, *, expires_at: datetime | None, may_repeat: bool
) -> datetime | None:
    """When a message with an unclear end is sent once more; None: it stays unknown.

    Once only, and only if it is still of use by then.
    """
    pause = RULES[purpose].again_after
    if pause is None or may_repeat:
        return None
    at = now + pause
    return at if expires_at is None or at < expires_at else None
