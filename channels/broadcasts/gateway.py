"""The API of broadcasts: made, listed, shown, tried, sent, approved and stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from channels.broadcasts.settings import BroadcastSettings
from channels.desk.gateway import liaison_of
from channels.errors import RefusedRequestError
from core.domain.broadcasts import Broadcast, BroadcastId
from core.domain.conversations import Address
from core.domain.errors import BadInputError, ConflictError, NotFoundError
from core.ports.unit_of_work import Units

Authorization = Annotated[str | None, Header()]

_LISTED = 100
_MOST = 2**63 - 1
"""No database counts further."""


class Draft(BaseModel):
    """What a console sends to make a broadcast."""

    model_config = ConfigDict(extra="forbid")

    text: str
    roles: tuple[str, ...] = ()
    region: str | None = None
    industries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    until: AwareDatetime | None = None
    key: Annotated[str | None, Field(max_length=100)] = None


class Trial(BaseModel):
    """To whom a broadcast is sent first."""

    model_config = ConfigDict(extra="forbid")

    to: str


class BroadcastGateway:
    """Every route wants `Authorization: Bearer …` of somebody who may look at every desk."""

    def __init__(self, settings: BroadcastSettings, units: Units) -> None:
        self._settings = settings
        self._units = units

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(prefix="/broadcasts", tags=["broadcasts"])
        for path, route, method in (
            ("", self.listed, "GET"),
            ("", self.make, "POST"),
            ("/{number}", self.shown, "GET"),
            ("/{number}/try", self.attempt, "POST"),
            ("/{number}/send", self.send, "POST"),
            ("/{number}/approve", self.approve, "POST"),
            ("/{number}/stop", self.stop, "POST"),
        ):
            router.add_api_route(path, route, methods=[method])
        return router

    async def listed(self, authorization: Authorization = None) -> dict[str, Any]:
        """List the newest broadcasts, 100 at most."""
        return await run_in_threadpool(self._listed, authorization)

    async def make(self, body: Draft, authorization: Authorization = None) -> dict[str, Any]:
        """Keep a draft and show it; the same `key` again is the same draft."""
        return await run_in_threadpool(self._make, authorization, body)

    async def shown(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Show one: preview, how many people by channel, progress, and who did what."""
        return await run_in_threadpool(self._act, authorization, number, None)

    async def attempt(
        self, number: int, body: Trial, authorization: Authorization = None
    ) -> dict[str, Any]:
        """Send it to one address, marked as a trial."""
        return await run_in_threadpool(self._attempt, authorization, number, body)

    async def send(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Let it go, or let it wait for a second person; again changes nothing."""
        return await run_in_threadpool(self._act, authorization, number, self._settings.send)

    async def approve(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Let one go that waits, by somebody who had no hand in it. 409 else."""
        return await run_in_threadpool(self._act, authorization, number, self._settings.approve)

    async def stop(self, number: int, authorization: Authorization = None) -> dict[str, Any]:
        """Stop at once what was not sent yet."""
        return await run_in_threadpool(self._act, authorization, number, self._settings.stop)

    def _listed(self, authorization: str | None) -> dict[str, Any]:
        self._operator(authorization)
        with self._units() as unit:
            return {"broadcasts": [_brief(one) for one in unit.broadcasts.newest(_LISTED)]}

    def _make(self, authorization: str | None, body: Draft) -> dict[str, Any]:
        by = self._operator(authorization)
        try:
            audience = self._settings.read_audience(
                body.roles, body.region, body.industries, body.channels
            )
            made = self._settings.make(body.text, audience, by=by, until=body.until, key=body.key)
        except BadInputError:
            raise RefusedRequestError(422, "broadcast_wrong") from None
        return self._whole(made)

    def _attempt(self, authorization: str | None, number: int, body: Trial) -> dict[str, Any]:
        by = self._operator(authorization)
        try:
            to = Address.parse(body.to)
        except BadInputError:
            raise RefusedRequestError(422, "body_incomplete") from None
        with _refusing():
            self._settings.attempt(_number(number), to, by=by)
        return self._act(authorization, number, None)

    def _act(
        self,
        authorization: str | None,
        number: int,
        act: Callable[..., Broadcast] | None,
    ) -> dict[str, Any]:
        by = self._operator(authorization)
        with _refusing():
            if act is not None:
                return self._whole(act(_number(number), by=by))
            with self._units() as unit:
                found = unit.broadcasts.get(_number(number))
            return self._whole(found)

    def _whole(self, one: Broadcast) -> dict[str, Any]:
        people = self._settings.count(one.audience)
        with self._units() as unit:
            progress = dict(unit.broadcasts.counts(one.id))
            events = unit.broadcasts.events(one.id)
        return {
            **_brief(one),
            "people": dict(people),
            "preview": self._settings.previews(one.text, people),
            "progress": progress,
            "events": [
                {"at": _written(x.at), "by": x.by, "step": x.step, "note": x.note} for x in events
            ],
        }

    def _operator(self, authorization: str | None) -> str:
        liaison = liaison_of(self._settings.tokens(), authorization)
        if liaison.desks is not None:
            raise RefusedRequestError(401, "token_wrong")
        return liaison.name


def _brief(one: Broadcast) -> dict[str, Any]:
    return {
        "number": one.id,
        "state": one.state.value,
        "text": one.text,
        "audience": {
            "roles": one.audience.roles,
            "region": one.audience.region,
            "industries": one.audience.industries,
            "channels": one.audience.channels,
        },
        "made_by": one.made_by,
        "made_at": _written(one.made_at),
        "until": _written(one.until) if one.until else None,
    }


def _written(at: datetime) -> str:
    return at.isoformat()


def _number(number: int) -> BroadcastId:
    return BroadcastId(number if 0 < number <= _MOST else 0)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what the house refuses in the words of the doors."""
    try:
        yield
    except NotFoundError:
        raise RefusedRequestError(404, "broadcast_unknown") from None
    except (ConflictError, BadInputError) as error:
        if isinstance(error, RefusedRequestError):
            raise
        raise RefusedRequestError(409, "broadcast_refused") from None
