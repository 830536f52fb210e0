"""What an errcode of the Official Account's API means for a message, as data."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from channels.words import words
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.reminders import SHANGHAI
from core.domain.troubles import Coded, Trouble

_WORDS = Path(__file__).with_name("words.yml")


class Verdict(StrEnum):
    """What to do after an errcode."""

    SENT = "sent"
    RETRY = "retry"
    WAIT_MINUTE = "wait_minute"
    WAIT_DAY = "wait_day"
    REFRESH = "refresh"
    CLOSED = "closed"
    REFUSED = "refused"


VERDICTS: Mapping[int, Verdict] = MappingProxyType(
    {
        0: Verdict.SENT,
        -1: Verdict.RETRY,  # system busy
        45011: Verdict.WAIT_MINUTE,  # more calls than allowed in this minute
        45009: Verdict.WAIT_DAY,  # more calls than allowed in this day
        40001: Verdict.REFRESH,  # a stale token (not a wrong secret, as it would be on WeCom)
        40014: Verdict.REFRESH,  # no valid token
        42001: Verdict.REFRESH,  # the token has expired
        45015: Verdict.CLOSED,  # the person has not written for 48 hours
        45047: Verdict.CLOSED,  # all messages that the person's last one allowed are used
        43101: Verdict.CLOSED,  # the person did not consent to this notice, or it was sent already
        43004: Verdict.REFUSED,  # the person does not follow the account
        40003: Verdict.REFUSED,  # no openid of this account
        40013: Verdict.REFUSED,  # wrong AppID
        40037: Verdict.REFUSED,  # wrong template id
        40125: Verdict.REFUSED,  # wrong AppSecret
        40164: Verdict.REFUSED,  # this address is not allowed to call
        44004: Verdict.REFUSED,  # empty content
        45002: Verdict.REFUSED,  # content over its limit
        47003: Verdict.REFUSED,  # a field of the template does not take this value
        48001: Verdict.REFUSED,  # the account has no right to this call
        50002: Verdict.REFUSED,  # the account is restricted
    }
)


GONE = frozenset({43101, 43004})
"""Codes that are about this one person, whom another channel may reach."""

WAITS: Mapping[Verdict, timedelta] = MappingProxyType(
    {
        Verdict.RETRY: timedelta(seconds=5),
        Verdict.WAIT_MINUTE: timedelta(seconds=60),
        Verdict.REFRESH: timedelta(seconds=60),
    }
)

_TROUBLES: Mapping[Verdict, Trouble] = MappingProxyType(
    {
        Verdict.SENT: Trouble.UNCLEAR,
        Verdict.RETRY: Trouble.RETRY,
        Verdict.WAIT_MINUTE: Trouble.WAIT,
        Verdict.WAIT_DAY: Trouble.WAIT,
        Verdict.REFRESH: Trouble.REFRESH,
        Verdict.CLOSED: Trouble.ELSEWHERE,
        Verdict.REFUSED: Trouble.PERMANENT,
    }
)


class ClosedWindowError(RefusedSendError):
    """The platform takes no more for this person until they write (or consent) again."""


def verdict(errcode: int) -> Verdict:
    """What an errcode means; an unknown one is no delivery, so trying again repeats nothing."""
    return VERDICTS.get(errcode, Verdict.RETRY)


def demand_success(errcode: int, now: datetime) -> None:
    """Go on only when the call succeeded.

    Raises:
        RetrySendError: it may be made again later.
        ClosedWindowError: not before the person does something again.
        RefusedSendError: it is refused for good.
    """
    advice = hint(errcode)
    said, data = f"WeChat answered with errcode {errcode}: {advice}", Coded(str(errcode), advice)
    match verdict(errcode):
        case Verdict.SENT:
            return
        case Verdict.RETRY | Verdict.WAIT_MINUTE | Verdict.REFRESH as later:
            raise RetrySendError(
                said, trouble=_trouble(errcode), retry_after=WAITS[later], coded=data
            )
        case Verdict.WAIT_DAY:
            wait = _until_midnight(now)
            raise RetrySendError(said, trouble=_trouble(errcode), retry_after=wait, coded=data)
        case Verdict.CLOSED:
            raise ClosedWindowError(said, trouble=_trouble(errcode), coded=data)
        case Verdict.REFUSED:
            raise RefusedSendError(said, trouble=_trouble(errcode), coded=data)


def _trouble(errcode: int) -> Trouble:
    if errcode not in VERDICTS:
        return Trouble.STRANGE
    return Trouble.ELSEWHERE if errcode in GONE else _TROUBLES[VERDICTS[errcode]]


def hint(errcode: int) -> str:
    """What an operator can do about it."""
    hints = words("hints", _WORDS)
    return hints.get(str(errcode), hints["other"])


def _until_midnight(now: datetime) -> timedelta:
    tomorrow = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 1), SHANGHAI) - now
