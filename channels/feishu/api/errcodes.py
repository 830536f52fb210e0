"""What Feishu's codes mean for a message, as data."""

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


VERDICTS: Mapping[int, Verdict] = MappingProxyType(
    {
        0: Verdict.SENT,
        230020: Verdict.RETRY,  # more to this person or group than allowed in a second
        230049: Verdict.RETRY,  # the message is being sent
        11232: Verdict.WAIT,  # a group's robot says more than it may
        99991400: Verdict.WAIT,  # the app calls more than it may; the header tells how long
        99991663: Verdict.REFRESH,  # no valid access token
        99991664: Verdict.REFRESH,
        99991665: Verdict.REFRESH,
        99991666: Verdict.REFRESH,
        99991668: Verdict.REFRESH,
        230011: Verdict.ELSEWHERE,  # what is to be answered was taken back
        1000040350: Verdict.WAIT,  # more than 50 connections of the app
        403: Verdict.REFUSED,  # the app may not hold a connection
        514: Verdict.REFUSED,  # its credentials are not accepted
        1000040344: Verdict.REFUSED,  # there are none
        9499: Verdict.REFUSED,  # bad request
        10003: Verdict.REFUSED,  # wrong App ID or App Secret
        10014: Verdict.REFUSED,  # wrong App Secret
        19001: Verdict.REFUSED,  # no robot has this address
        19021: Verdict.REFUSED,  # wrong signature, or the clock is wrong
        19022: Verdict.REFUSED,  # this address is not allowed to call
        19024: Verdict.REFUSED,  # a word that the robot demands is missing
        230001: Verdict.REFUSED,  # a parameter is wrong
        230002: Verdict.REFUSED,  # the bot is not in the group
        230006: Verdict.REFUSED,  # the app has no bot
        230013: Verdict.REFUSED,  # the app is not available to this person
        230018: Verdict.REFUSED,  # only the group's administrators may speak
        230022: Verdict.REFUSED,  # sensitive content
        230025: Verdict.REFUSED,  # content over its limit
        230027: Verdict.REFUSED,  # the app has no right to send
        230035: Verdict.REFUSED,  # the bot may not speak in this group
        230053: Verdict.REFUSED,  # the person hears no bots: another route must do
        230099: Verdict.REFUSED,  # the card cannot be made
        99991672: Verdict.REFUSED,  # the app has no right to this call
    }
)

WAITS: Mapping[Verdict, timedelta] = MappingProxyType(
    {
        Verdict.RETRY: timedelta(seconds=5),
        Verdict.WAIT: timedelta(seconds=60),
        Verdict.REFRESH: timedelta(seconds=60),
    }
)


GONE = frozenset({230013, 230053})
"""Codes that are about this one person, whom another channel may reach."""

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


class AnsweredElsewhereError(RefusedSendError):
    """It cannot be said there, but may be said in another place."""


def verdict(code: int) -> Verdict:
    """What a code means; an unknown one is no delivery, so trying again repeats nothing."""
    return VERDICTS.get(code, Verdict.RETRY)


def demand_success(code: int, *, wait: timedelta | None = None) -> None:
    """Go on only when the call succeeded; `wait` is how long the platform itself asked for.

    Raises:
        RetrySendError: it may be made again later.
        AnsweredElsewhereError: not there, but in another place.
        RefusedSendError: it is refused for good.
    """
    advice = hint(code)
    said, data = f"Feishu answered with code {code}: {advice}", Coded(str(code), advice)
    match verdict(code):
        case Verdict.SENT:
            return
        case Verdict.RETRY | Verdict.WAIT | Verdict.REFRESH as later:
            after = wait or WAITS[later]
            raise RetrySendError(said, trouble=_trouble(code), retry_after=after, coded=data)
        case Verdict.ELSEWHERE:
            raise AnsweredElsewhereError(said, trouble=Trouble.ELSEWHERE, coded=data)
        case Verdict.REFUSED:
            raise RefusedSendError(said, trouble=_trouble(code), coded=data)


def _trouble(code: int) -> Trouble:
    if code not in VERDICTS:
        return Trouble.STRANGE
    return Trouble.ELSEWHERE if code in GONE else _TROUBLES[VERDICTS[code]]


def hint(code: int) -> str:
    """What an operator can do about it."""
    hints = words("hints", WORDS)
    return hints.get(str(code), hints["other"])
