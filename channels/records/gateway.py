"""The libraries' API: records listed, filtered, searched and shown; nothing can be written."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from channels.errors import RefusedRequestError
from channels.records.messages import read_libraries, render
from core.domain.errors import BadInputError, NotFoundError
from core.domain.records import RecordId, Wanted
from core.services.libraries.finding import MOST, FindRecords

_LONGEST = 400

Text = Annotated[str, Query(max_length=_LONGEST)]


class RecordsGateway:
    """Every route goes through `FindRecords`: what is not current is not there."""

    def __init__(self, find: FindRecords) -> None:
        self._find = find

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(tags=["records"])
        router.add_api_route("/records", self.listed, methods=["GET"])
        router.add_api_route("/records/{library}/{external_id:path}", self.shown, methods=["GET"])
        return router

    async def listed(  # noqa: PLR0913, PLR0917 -- one parameter for each question that may be asked
        self,
        q: Text = "",
        library: Annotated[list[str] | None, Query()] = None,
        industry: Text = "",
        region: Text = "",
        keyword: Text = "",
        start: Text = "",
        limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    ) -> dict[str, Any]:
        """List current records; with `q` those that mean it, the best first.

        `library` may be given several times. `next` of the answer is the next page's `start`,
        empty at the end.
        """
        wanted = Wanted(
            libraries=read_libraries(library or ()),
            industry=industry,
            region=region,
            keyword=keyword,
        )
        return await run_in_threadpool(self._listed, wanted, q, start, limit)

    async def shown(self, library: str, external_id: str) -> dict[str, Any]:
        """Show one current record."""
        return await run_in_threadpool(self._shown, library, external_id)

    def _listed(self, wanted: Wanted, text: str, start: str, limit: int) -> dict[str, Any]:
        try:
            found = self._find(wanted, text, start=start, limit=limit)
        except BadInputError:
            raise RefusedRequestError(422, "page_unknown") from None
        return {"records": [render(one) for one in found.records], "next": found.next}

    def _shown(self, library: str, external_id: str) -> dict[str, Any]:
        try:
            return render(self._find.get(RecordId(f"{library}/{external_id}")))
        except NotFoundError:
            raise RefusedRequestError(404, "not_found") from None
