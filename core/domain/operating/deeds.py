"""Deeds: what operators did, to what, and when. Written down before they are done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

DeedId = NewType("DeedId", int)


class DeedState(StrEnum):
    """What became of it; one that stays begun was cut off in the middle."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One deed: `what` was done to `target` (an id, such as `experts/Z1`), with what words."""

    id: DeedId = DeedId(0)
    at: datetime
    by: str
    what: str
    target: str = ""
    note: str = ""
    state: DeedState = DeedState.BEGUN


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDeeds:
    """What deeds are asked for; what is left empty restricts nothing."""

    by: str = ""
    target: str = ""
    what: str = ""
