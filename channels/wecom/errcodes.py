"""What WeCom's errcode values mean for a message, as data.

Route by errcode, never by errmsg (developer.work.weixin.qq.com, document 90455).
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from channels.words import words
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Coded, Trouble

WORDS = Path(__file__).with_name("words.yml")


class Verdict(StrEnum):
    """What to do with a message after an errcode."""

    SENT = "sent"
    RETRY = "retry"
    WAIT = "wait"
    REFRESH = "refresh"
    REFUSED = "refused"


VERDICTS: Mapping[int, Verdict] = MappingProxyType(
    {
        0: Verdict.SENT,
        42014: Verdict.SENT,  # a card of this task id is there already: an attempt before sent it
        -1: Verdict.RETRY,  # system busy
        6000: Verdict.RETRY,  # write conflict
        45009: Verdict.WAIT,  # more calls than allowed in this minute, hour or day
        45033: Verdict.WAIT,  # more concurrent calls than allowed
        40014: Verdict.REFRESH,  # no valid token
        42001: Verdict.REFRESH,  # the token has expired; it may do so early
        40001: Verdict.REFUSED,  # wrong secret (not a stale token, as it would be elsewhere)
        40008: Verdict.REFUSED,  # invalid message type
        40013: Verdict.REFUSED,  # wrong CorpID
        40033: Verdict.REFUSED,  # invalid characters, such as \\uXXXX escapes
        40056: Verdict.REFUSED,  # wrong AgentId
        40058: Verdict.REFUSED,  # invalid parameter, such as content over its limit
        42045: Verdict.REFUSED,
        44004: Verdict.REFUSED,  # empty content
        45002: Verdict.REFUSED,  # content over its limit
        48002: Verdict.REFUSED,  # the app has no right to this call
        50001: Verdict.REFUSED,  # an address outside the app's trusted domains
        60011: Verdict.REFUSED,  # the member is outside what the app may see
        60020: Verdict.REFUSED,  # this address is not allowed to call
        60111: Verdict.REFUSED,  # no such member
        81013: Verdict.REFUSED,  # nobody among the receivers may be written to
        93000: Verdict.REFUSED,  # unknown robot key, or content over its limit
        93004: Verdict.REFUSED,  # the robot has been taken out of the group
        93008: Verdict.REFUSED,  # the robot is not in the group
        301002: Verdict.REFUSED,  # the secret is another app's
        853000: Verdict.REFUSED,  # wrong Bot ID or secret of a smart robot
    }
)

GONE = frozenset({60011, 60111, 81013})
"""Codes that are about this one person, whom another channel may reach."""

_TROUBLES: Mapping[Verdict, Trouble] = MappingProxyType(
    {
        Verdict.SENT: Trouble.UNCLEAR,
        Verdict.RETRY: Trouble.RETRY,
        Verdict.WAIT: Trouble.WAIT,
        Verdict.REFRESH: Trouble.REFRESH,
        Verdict.REFUSED: Trouble.PERMANENT,
    }
)

_SOON = timedelta(seconds=5)
_BLOCKED = (
    timedelta(seconds=60),
    timedelta(seconds=60),
    timedelta(minutes=60),
    timedelta(minutes=60),
    timedelta(days=1),
)
"""Who calls too often is blocked for a minute, an hour or a day (document 90454), and not told
which: waits by attempt, so that no block uses up all of them."""


def verdict(errcode: int) -> Verdict:
    """What an errcode means; an unknown one is no delivery, so trying again repeats nothing."""
    return VERDICTS.get(errcode, Verdict.RETRY)


def demand_success(errcode: int, *, to: str, attempts: int = 1) -> None:
    """Go on only when the call succeeded; `to` names the recipient, `attempts` counts this one.

    Raises:
        RetrySendError: it may be made again later.
        RefusedSendError: it is refused for good.
    """
    advice = hint(errcode)
    said = f"WeCom answered {to} with errcode {errcode}: {advice}"
    coded, trouble = Coded(str(errcode), advice), _trouble(errcode)
    match verdict(errcode):
        case Verdict.SENT:
            return
        case Verdict.RETRY:
            wait = _SOON if attempts == 1 else None
            raise RetrySendError(said, trouble=trouble, retry_after=wait, coded=coded)
        case Verdict.REFRESH:
            raise RetrySendError(said, trouble=trouble, retry_after=_BLOCKED[0], coded=coded)
        case Verdict.WAIT:
            wait = _BLOCKED[min(max(attempts, 1), len(_BLOCKED)) - 1]
            raise RetrySendError(said, trouble=trouble, retry_after=wait, coded=coded)
        case Verdict.REFUSED:
            raise RefusedSendError(said, trouble=trouble, coded=coded)


def _trouble(errcode: int) -> Trouble:
    if errcode not in VERDICTS:
        return Trouble.STRANGE
    return Trouble.ELSEWHERE if errcode in GONE else _TROUBLES[VERDICTS[errcode]]


def hint(errcode: int) -> str:
    """What an operator can do about it."""
    hints = words("hints", WORDS)
    return hints.get(str(errcode), hints["other"])
