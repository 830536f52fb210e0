"""What WeCom's errcode values mean for a message, as data.

Route by errcode, never by errmsg (developer.work.weixin.qq.com, document 90455).
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Verdict(StrEnum):
    """What to do with a message after an errcode."""

    SENT = "sent"
    RETRY = "retry"
    WAIT = "wait"
    REFUSED = "refused"


VERDICTS: Mapping[int, Verdict] = MappingProxyType(
    {
        0: Verdict.SENT,
        -1: Verdict.RETRY,  # system busy
        6000: Verdict.RETRY,  # write conflict
        45009: Verdict.WAIT,  # more calls than allowed in this minute, hour or day
        45033: Verdict.WAIT,  # more concurrent calls than allowed
        40001: Verdict.REFUSED,  # wrong secret (not a stale token, as it would be elsewhere)
        40008: Verdict.REFUSED,  # invalid message type
        40033: Verdict.REFUSED,  # invalid characters, such as \\uXXXX escapes
        40058: Verdict.REFUSED,  # invalid parameter, such as content over its limit
        42045: Verdict.REFUSED,
        44004: Verdict.REFUSED,  # empty content
        60020: Verdict.REFUSED,  # this address is not allowed to call
        93000: Verdict.REFUSED,  # unknown robot key, or content over its limit
        93004: Verdict.REFUSED,  # the robot has been taken out of the group
        93008: Verdict.REFUSED,  # the robot is not in the group
    }
)

WAITS: Mapping[Verdict, timedelta] = MappingProxyType(
    {Verdict.RETRY: timedelta(seconds=5), Verdict.WAIT: timedelta(seconds=60)}
)


def verdict(errcode: int) -> Verdict:
    """What an errcode means; an unknown one is no delivery, so trying again repeats nothing."""
    return VERDICTS.get(errcode, Verdict.RETRY)
