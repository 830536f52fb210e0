"""Where calendar files are fetched: those of records, and people's own."""

from dataclasses import dataclass

from fastapi import APIRouter, Response
from starlette.concurrency import run_in_threadpool

from channels.calendar.feeds import CalendarFeeds
from channels.calendar.files import MEDIA_TYPE, calendar_file, file_name, method_of
from channels.errors import RefusedRequestError
from core.domain.parts import Appointment
from core.domain.records import RecordId
from core.domain.reminders import Anchor, appointment_of
from core.ports.clock import Clock
from core.ports.unit_of_work import Units

_LONGEST_ID = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarGateway:
    """The routes; `site` is the gateway's address as people reach it, empty when nobody said."""

    units: Units
    clock: Clock
    site: str = ""
    feeds: CalendarFeeds | None = None

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["calendar"])
        router.add_api_route(
            "/calendar/records/{record_id:path}.ics", self.record, methods=["GET"]
        )
        if self.feeds is not None:
            router.add_api_route("/calendar/feeds/{token}.ics", self.feed, methods=["GET"])
        return router

    def feed(self, token: str) -> Response:
        """What a person is reminded of, for the calendar that subscribes to it."""
        body = self.feeds.read(token) if self.feeds is not None else None
        if body is None:
            raise RefusedRequestError(404, "not_found")
        return Response(body, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    async def record(self, record_id: str) -> Response:
        """The dates of an event or a call: its start, and the last day to register or apply."""
        found = await run_in_threadpool(self._dates, record_id)
        if not found:
            raise RefusedRequestError(404, "not_found")
        body = calendar_file(found, now=self.clock.now())
        return Response(
            body,
            media_type=f"{MEDIA_TYPE}; method={method_of(found)}",
            headers={"Content-Disposition": f'attachment; filename="{file_name(found[0])}"'},
        )

    def _dates(self, record_id: str) -> list[Appointment]:
        if not 0 < len(record_id) <= _LONGEST_ID:
            return []
        with self.units() as unit:
            record = unit.records.find(RecordId(record_id))
        if record is None or record.conditions.consent is False:
            return []
        dates = (appointment_of(record, anchor, site=self.site) for anchor in Anchor)
        return [one for one in dates if one is not None]
