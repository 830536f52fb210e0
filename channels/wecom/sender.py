"""The way out to members of the corporation: app messages (应用消息)."""

from datetime import timedelta
from typing import Any, override

from channels.rates import Rate, SlidingWindow, TokenBuckets
from channels.wecom.api import WeComApi
from channels.wecom.cards import card_of, fits, holds_all
from channels.wecom.content import texts_of
from channels.wecom.errcodes import hint
from channels.wecom.settings import CHANNEL, WeComSettings
from core.domain.deliveries import Delivery, Receipt
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Trouble
from core.ports.clock import Clock
from core.ports.sender import Sender
from core.ports.unit_of_work import Units

SEND = "/cgi-bin/message/send"

CHECKED = timedelta(hours=4)
"""How long WeCom shows the same content to the same member once; its maximum (document 90236)."""

_OF_CORP = (
    Rate(burst=10_000, per_second=10_000 / 60),
    Rate(burst=150_000, per_second=150_000 / 3600),
)
_MINUTE = timedelta(seconds=61)
_HOUR = timedelta(seconds=3601)
_MOST_MEMBERS = 20_000
_EVERYBODY = "@all"
_INVALID = 81013
_BITS = 16
_MARKS = "\u200b\u200c"


class WeComSender(Sender):
    """Sends to members whom the app may see.

    Each message goes with WeCom's check for duplicates: sent twice, it is seen once for four
    hours. As the check compares contents, a text ends with a mark of its delivery that shows
    nothing: the same words said by another delivery are no duplicate.
    """

    def __init__(self, settings: WeComSettings, units: Units, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._api = WeComApi(settings, units, clock)
        self._corp = [TokenBuckets(rate, clock) for rate in _OF_CORP]
        self._members: dict[str, tuple[SlidingWindow, SlidingWindow]] = {}

    @property
    @override
    def channel(self) -> str:
        return CHANNEL

    @property
    @override
    def repeatable(self) -> bool:
        return True

    @override
    def send(self, delivery: Delivery) -> Receipt:
        user = delivery.message.address.user
        if user == _EVERYBODY or "|" in user:
            raise RefusedSendError("a WeCom address is one member")
        contents = render(delivery)
        self._take_turns(user, delivery.message.key, len(contents))
        platform_id = ""
        for content in contents:
            answer = self._api.call(
                SEND, self._addressed(user, content), attempts=delivery.attempts
            )
            for field in ("invaliduser", "unlicenseduser"):
                if user.lower() in str(answer.get(field) or "").lower().split("|"):
                    said = f"WeCom names the member as {field}: {hint(_INVALID)}"
                    raise RefusedSendError(said, trouble=Trouble.ELSEWHERE)
            platform_id = str(answer.get("msgid", ""))
        return Receipt(platform_id=platform_id)

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _addressed(self, user: str, content: dict[str, Any]) -> dict[str, Any]:
        return {
            "touser": user,
            "agentid": self._settings.agent_id,
            **content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": int(CHECKED.total_seconds()),
        }

    def _take_turns(self, user: str, key: str, size: int) -> None:
        if size > self._settings.per_minute:
            raise RefusedSendError(f"{size} parts are more than WeCom shows a member in a minute")
        now = self._clock.now()
        for window in self._windows(user):
            wait = window.turn(key, now, size)
            if wait:
                said = "this member has been sent all that WeCom shows in a while"
                raise RetrySendError(said, retry_after=wait, trouble=Trouble.WAIT)
        for buckets in self._corp:
            seconds = buckets.take("")
            if seconds:
                said = "WeCom has been called as often as it allows"
                after = timedelta(seconds=seconds)
                raise RetrySendError(said, retry_after=after, trouble=Trouble.WAIT)

    def _windows(self, user: str) -> tuple[SlidingWindow, SlidingWindow]:
        if user not in self._members:
            while len(self._members) >= _MOST_MEMBERS:
                del self._members[next(iter(self._members))]  # the one that came first
            self._members[user] = (
                SlidingWindow(self._settings.per_minute, _MINUTE),
                SlidingWindow(self._settings.per_hour, _HOUR),
            )
        return self._members[user]


def render(delivery: Delivery) -> list[dict[str, Any]]:
    """The messages that say it: texts, and a card where there are buttons."""
    reply = delivery.message.reply
    contents: list[dict[str, Any]] = []
    if not holds_all(reply):
        texts = texts_of(reply, with_choices=not fits(reply), mark=_mark(delivery))
        contents = [{"msgtype": "text", "text": {"content": one}} for one in texts]
    if fits(reply):
        contents.append({"msgtype": "template_card", "template_card": card_of(delivery)})
    return contents


def _mark(delivery: Delivery) -> str:
    """Characters of no width that tell this delivery's words from the same words of another."""
    number = delivery.id % 2**_BITS
    return "".join(_MARKS[number >> bit & 1] for bit in range(_BITS))
