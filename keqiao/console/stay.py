"""One open page: whose it is, asked anew before anything is shown or done."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from nicegui import run, ui
from starlette.requests import Request

from core.domain.errors import BadInputError, ConflictError, KeqiaoError, NotFoundError
from core.domain.operating.operators import ForbiddenError, Operator, OperatorRole
from keqiao.console.door.guard import SIGN_IN
from keqiao.console.rooms import Rooms
from keqiao.console.wording import say

log = logging.getLogger(__name__)

_KINDS: tuple[tuple[type[KeqiaoError], str], ...] = (
    (NotFoundError, "unknown"),
    (ConflictError, "conflict"),
    (BadInputError, "input"),
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A page that somebody has open. A page outlives sign-outs: each call asks who it is."""

    rooms: Rooms
    token: str
    operator: Operator

    @classmethod
    def of(cls, rooms: Rooms, request: Request) -> "Stay":
        """That of a request which the guard let pass."""
        return cls(rooms=rooms, token=request.scope["token"], operator=request.scope["operator"])

    def may(self, role: OperatorRole) -> bool:
        """Whether to offer what that role may do; it is asked again when it is done."""
        return self.operator.may(role)

    async def look[T](self, look: Callable[[], T]) -> T:
        """What is shown, read in a thread.

        Raises:
            ForbiddenError: nobody is signed in here any more.
        """

        def looked() -> T:
            self._demand(OperatorRole.READER)
            return look()

        return await _in_thread(looked)

    async def do[T](
        self,
        what: str,
        target: str,
        act: Callable[[], T],
        *,
        note: str = "",
        sum_up: Callable[[T], str] | None = None,
        role: OperatorRole = OperatorRole.OPERATOR,
    ) -> T | None:
        """Do something in a thread, written down in the trail; None when it was refused.

        `sum_up` adds to the note what became of it. Who did it is told of a refusal.
        """

        def done() -> T:
            by = self._demand(OperatorRole.READER)
            with self.rooms.write_down(by.name, what, target, note) as notes:
                self._demand(role)
                found = act()
                if sum_up is not None:
                    notes.append(sum_up(found))
                return found

        return await self.try_(done)

    async def try_[T](self, act: Callable[[], T]) -> T | None:
        """What `act` gives, in a thread; None when it was refused, which is told."""
        try:
            found = await _in_thread(act)
        except ForbiddenError:
            await self.check()
            ui.notify(say("refused", "role"), type="negative")
        except KeqiaoError as error:
            ui.notify(told(error), type="negative", multi_line=True)
        else:
            return found
        return None

    async def check(self) -> None:
        """Lead to the sign-in page when the visit is over."""
        if await _in_thread(lambda: self.rooms.recognise(self.token)) is None:
            ui.navigate.to(SIGN_IN.removeprefix("/console") + "?over=1")

    def _demand(self, role: OperatorRole) -> Operator:
        operator = self.rooms.recognise(self.token)
        if operator is None or not operator.may(role):
            who = operator.name if operator else self.operator.name
            raise ForbiddenError(f"{who} may not do what {role} may")
        return operator


def told(error: KeqiaoError) -> str:
    """An error in words for operators: its own, if they are; else those of its kind."""
    if _CHINESE.search(str(error)):
        return str(error)
    log.info("refused: %s", error)
    for kind, name in _KINDS:
        if isinstance(error, kind):
            return say("refused", name)
    return say("refused", "other")


async def _in_thread[T](call: Callable[[], T]) -> T:
    return cast("T", await run.io_bound(call))  # None only while the process ends
