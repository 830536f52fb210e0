"""The desk's API: handoffs listed, shown, taken, answered and handed back."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.concurrency import run_in_threadpool

from channels.desk.messages import (
    read_key,
    read_state,
    read_text,
    render,
    render_event,
    render_whole,
)
from channels.desk.settings import DeskSettings, LiaisonToken
from channels.errors import RefusedRequestError
from core.domain.errors import HandoffClosedError, HandoffTakenError, NotFoundError
from core.domain.handoffs import HandoffId, Liaison
from core.ports.unit_of_work import Units

Authorization = Annotated[str | None, Header()]
Key = Annotated[str | None, Header(alias="Idempotency-Key")]

_MOST = 2**63 - 1
"""No database counts further."""


class DeskGateway:
    """Every route wants `Authorization: Bearer …`; a desk's token sees its own handoffs only."""

    def __init__(self, settings: DeskSettings, units: Units) -> None:
        self._settings = settings
        self._units = units

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/desk", tags=["desk"])
        for path, route, method in (
            ("/handoffs", self.listed, "GET"),
            ("/handoffs/{number}", self.shown, "GET"),
            ("/handoffs/{number}/take", self.take, "POST"),
            ("/handoffs/{number}/replies", self.reply, "POST"),
            ("/handoffs/{number}/return", self.hand_back, "POST"),
        ):
            router.add_api_route(path, route, methods=[method])
        return router

    async def listed(
        self,
        authorization: Authorization = None,
        state: Annotated[str | None, Query()] = None,
        desk: Annotated[str | None, Query()] = None,
    ) -> dict[str, Any]:
        """List handoffs that are not over, or those of one state, with what was asked.

        `desk` names one of yours; else it is all of yours.

        `state` is waiting, taken, timed_out or handed_back. At most 200, the newest; by number.
        """
        return await run_in_threadpool(self._listed, authorization, state, desk)

    async def shown(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Show one handoff with the conversation before it and what happened since."""
        return await run_in_threadpool(self._shown, authorization, number)

    async def take(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Take a handoff; the person is told. 409 when somebody else has it, or it is over."""
        return await run_in_threadpool(self._take, authorization, number)

    async def reply(
        self,
        number: int,
        body: dict[str, Any] | None = None,
        authorization: Authorization = None,
        key: Key = None,
    ) -> dict[str, Any]:
        """Answer the person with `{"text"}`; takes the handoff if nobody has.

        `Idempotency-Key` is required: the same key again sends nothing again, and the answer is
        what was said the first time.
        """
        return await run_in_threadpool(self._reply, authorization, number, body, key)

    async def hand_back(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """End a handoff: the bot answers again, and the person is told."""
        return await run_in_threadpool(self._hand_back, authorization, number)

    def _listed(
        self, authorization: str | None, state: str | None, desk: str | None
    ) -> dict[str, Any]:
        liaison = self._liaison(authorization)
        states, desks = read_state(state), liaison.desks
        if desk is not None:
            desks = frozenset({desk}) if liaison.serves(desk) else frozenset()
        with self._units() as unit:
            found = [
                {**render(one), "text": unit.handoffs.events(one.id)[0].text}
                for one in unit.handoffs.find(states, desks)
            ]
        return {"handoffs": found}

    def _shown(self, authorization: str | None, number: int) -> dict[str, Any]:
        liaison = self._liaison(authorization)
        try:
            with self._units() as unit:
                handoff = unit.handoffs.get(_number(number))
                events = unit.handoffs.events(handoff.id)
        except NotFoundError:
            raise RefusedRequestError(404, "handoff_unknown") from None
        if not liaison.serves(handoff.desk):
            raise RefusedRequestError(404, "handoff_unknown")
        return render_whole(handoff, events)

    def _take(self, authorization: str | None, number: int) -> dict[str, Any]:
        liaison = self._liaison(authorization)
        with _refusing():
            return render(self._settings.take(_number(number), by=liaison))

    def _reply(
        self, authorization: str | None, number: int, body: object, key: str | None
    ) -> dict[str, Any]:
        liaison = self._liaison(authorization)
        text, once = read_text(body), read_key(key)
        with _refusing():
            return render_event(self._settings.reply(_number(number), text, by=liaison, key=once))

    def _hand_back(self, authorization: str | None, number: int) -> dict[str, Any]:
        liaison = self._liaison(authorization)
        with _refusing():
            return render(self._settings.hand_back(_number(number), by=liaison))

    def _liaison(self, authorization: str | None) -> Liaison:
        return liaison_of(self._settings.tokens(), authorization)


def liaison_of(known: Sequence[LiaisonToken], authorization: str | None) -> Liaison:
    """Whose token it is.

    Raises:
        RefusedRequestError: there are no tokens, or it is none of them.
    """
    if not known:
        raise RefusedRequestError(404, "not_found")
    scheme, _, token = (authorization or "").partition(" ")
    offered = hashlib.sha256(token.strip().encode()).hexdigest().encode()
    # All are compared, so that time does not tell which was nearly right.
    fits = [one.liaison for one in known if hmac.compare_digest(one.sha256.encode(), offered)]
    if scheme.lower() != "bearer" or not fits:
        raise RefusedRequestError(401, "token_wrong")
    return fits[0]


def _number(number: int) -> HandoffId:
    return HandoffId(number if 0 < number <= _MOST else 0)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the house refuses in the words of the doors."""
    try:
        yield
    except NotFoundError:
        raise RefusedRequestError(404, "handoff_unknown") from None
    except HandoffTakenError:
        raise RefusedRequestError(409, "handoff_taken") from None
    except HandoffClosedError:
        raise RefusedRequestError(409, "handoff_closed") from None
