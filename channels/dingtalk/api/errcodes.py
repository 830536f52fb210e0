"""What DingTalk's codes mean for a message, as data: numbers of robots, names of the API."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from channels.words import words
from core.domain.errors import RefusedSendError, RetrySendError
from core.domain.troubles import Coded, Trouble

WORDS = Path(__file__).parents[1] / "words.yml"


class Verdict(StrEnum):
    """What to do with a message after a code."""

    SENT = "sent"
    RETRY = "retry"
    WAIT = "wait"
    REFRESH = "refresh"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"


_DENIED = "Forbidden.AccessDenied"

VERDICTS: Mapping[str, Verdict] = MappingProxyType(
    {
        "0": Verdict.SENT,
        "-1": Verdict.RETRY,  # system busy
        "130101": Verdict.WAIT,  # over 20 a minute: the robot is silenced for ten minutes
        "410100": Verdict.WAIT,  # the same, as newer pages number it
        "300001": Verdict.ELSEWHERE,  # no such session: the API still reaches the conversation
        "310000": Verdict.REFUSED,  # keyword, signature, time or address do not fit
        "400013": Verdict.REFUSED,  # the group has been dissolved
        "400101": Verdict.REFUSED,  # no robot has this token
        "400102": Verdict.REFUSED,  # the robot is switched off
        "400105": Verdict.REFUSED,  # no such kind of message
        "400106": Verdict.REFUSED,  # no such robot
        "430101": Verdict.REFUSED,  # an unsafe link
        "430102": Verdict.REFUSED,  # unfit text
        "430103": Verdict.REFUSED,  # an unfit picture
        "430104": Verdict.REFUSED,  # unfit content
        "40035": Verdict.REFUSED,  # no JSON, or a field is missing
        "43004": Verdict.REFUSED,  # wrong content type
        "460101": Verdict.REFUSED,  # too long
        "40014": Verdict.REFRESH,  # no valid access token, as old interfaces number it
        "InvalidAuthentication": Verdict.REFRESH,
        "invalidClientIdOrSecret": Verdict.REFUSED,
        f"{_DENIED}.AccessTokenPermissionDenied": Verdict.REFUSED,  # the app lacks the right
        f"{_DENIED}.IpNotInWhiteList": Verdict.REFUSED,
        f"{_DENIED}.QpsLimitForApi": Verdict.RETRY,
        f"{_DENIED}.QpsLimitForAppkeyAndApi": Verdict.RETRY,
        "Throttling": Verdict.RETRY,
        "invalidParameter": Verdict.REFUSED,
        "invalidParameter.robotCode": Verdict.REFUSED,  # another's robot, or not in the group
        "invalidParameter.userIds": Verdict.REFUSED,  # not of this organisation, or not any more
        "resource.not.found": Verdict.REFUSED,  # the robot is not in the group
    }
)
"""A name with more parts than stand here means what its first parts mean."""

WAITS: Mapping[Verdict, timedelta] = MappingProxyType(
    {
        Verdict.RETRY: timedelta(seconds=5),
        Verdict.WAIT: timedelta(minutes=10),
        Verdict.REFRESH: timedelta(seconds=60),
    }
)

GONE = frozenset({"invalidParameter.userIds"})
"""Codes that are about this one person, whom another channel may reach."""

SLOWED = frozenset(
    {f"{_DENIED}.QpsLimitForApi", f"{_DENIED}.QpsLimitForAppkeyAndApi", "Throttling"}
)
"""Codes that speak of haste, and of nothing else."""

_TROUBLES: Mapping[Verdict, Trouble] = MappingProxyType(
    {
        Verdict.SENT: Trouble.UNCLEAR,
        Verdict.RETRY: Trouble.RETRY,
        Verdict.WAIT: Trouble.WAIT,
        Verdict.REFRESH: Trouble.REFRESH,
        Verdict.ELSEWHERE: Trouble.ELSEWHERE,
        Verdict.REFUSED: Trouble.PERMANENT,
    }
)


class SessionOverError(RefusedSendError):
    """The address that a message brought takes no more answers; the API may."""


def known(code: str) -> str:
    """The code, or as many of its first parts, that the table has; empty when it has none."""
    while code and code not in VERDICTS:
        code = code.rpartition(".")[0]
    return code


def verdict(code: str) -> Verdict:
    """What a code means; an unknown one is no delivery, so trying again repeats nothing."""
    return VERDICTS.get(known(code), Verdict.RETRY)


def demand_success(code: str, *, wait: timedelta | None = None) -> None:
    """Go on only when the call succeeded; `wait` is how long the platform itself asked for.

    Raises:
        RetrySendError: it may be made again later.
        SessionOverError: not there, but by the API.
        RefusedSendError: it is refused for good.
    """
    advice = hint(code)
    said, coded = f"DingTalk answered with code {code}: {advice}", Coded(code, advice)
    trouble = _trouble(known(code))
    match verdict(code):
        case Verdict.SENT:
            return
        case Verdict.RETRY | Verdict.WAIT | Verdict.REFRESH as later:
            after = wait or WAITS[later]
            raise RetrySendError(said, trouble=trouble, retry_after=after, coded=coded)
        case Verdict.ELSEWHERE:
            raise SessionOverError(said, trouble=trouble, coded=coded)
        case Verdict.REFUSED:
            raise RefusedSendError(said, trouble=trouble, coded=coded)


def _trouble(code: str) -> Trouble:
    if not code:
        return Trouble.STRANGE
    if code in SLOWED:
        return Trouble.WAIT
    return Trouble.ELSEWHERE if code in GONE else _TROUBLES[VERDICTS[code]]


def hint(code: str) -> str:
    """What an operator can do about it."""
    hints = words("hints", WORDS)
    return hints.get(known(code), hints["other"])
