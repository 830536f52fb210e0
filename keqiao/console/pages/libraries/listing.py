"""The list of records: filtered, searched, page by page; the state of the page is its address."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

from nicegui import html, ui
from starlette.requests import Request

from actions.understanding.lexicon import industries
from actions.wording import library as called
from core.domain.operating.operators import OperatorRole
from core.domain.records import CURRENT_ONLY, Library, Record, Standing, Wanted
from core.services.libraries.finding import Found
from keqiao.console.pages.frame import frame
from keqiao.console.pages.parts import TONES, address, button, empty, line, number_in, rows, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import choices, say
from keqiao.libraries.writing import write_csv

HERE = "/records"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What the address of the page asks for."""

    library: str = ""
    standing: str = ""
    keyword: str = ""
    industry: str = ""
    region: str = ""
    near: str = ""
    """Whether the keyword is meant as a sentence to search with."""
    start: str = ""
    page: int = 1

    @classmethod
    def of(cls, request: Request) -> "Query":
        """That of a request; what makes no sense is left out."""
        said = request.query_params
        library, standing = said.get("library", ""), said.get("standing", "")
        return cls(
            library=library if library in set(Library) else "",
            standing=standing if standing in set(Standing) else "",
            keyword=said.get("keyword", "").strip()[:100],
            industry=said.get("industry", "")[:40],
            region=said.get("region", "").strip()[:40],
            near="1" if said.get("near") else "",
            start=said.get("start", "")[:500],
            page=number_in(said.get("page", "")) or 1,
        )

    @property
    def wanted(self) -> Wanted:
        """As the libraries are asked."""
        one = frozenset({Standing(self.standing)}) if self.standing else frozenset(Standing)
        return Wanted(
            libraries=(Library(self.library),) if self.library else (),
            industry=self.industry,
            region=self.region,
            keyword="" if self.near else self.keyword,
            standings=CURRENT_ONLY if self.near else one,
        )

    @property
    def sentence(self) -> str:
        """What is searched by meaning."""
        return self.keyword if self.near else ""

    def address(self, **changes: object) -> str:
        """The address of the list with something else asked for."""
        own = ("library", "standing", "keyword", "industry", "region", "near")
        return address(HERE, **{name: getattr(self, name) for name in own} | changes)


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page(HERE, response_timeout=30)
    async def records(request: Request) -> None:
        stay, query = Stay.of(rooms, request), Query.of(request)
        find = rooms.libraries.find

        def look() -> tuple[Found, int, dict[str, Standing]]:
            found = find(query.wanted, query.sentence, start=query.start, limit=PAGE)
            standing = find.standing()
            count = 0 if query.sentence else find.count(query.wanted)
            return found, count, {one.id: standing(one) for one in found.records}

        found, count, standings = await stay.look(look)
        with frame(stay, say("list", "title"), here=HERE):
            _filters(query)
            _tools(stay, query)
            soft(
                say("list", "found_near") if query.sentence else say("list", "found", count=count)
            )
            if not found.records:
                empty(say("list", "nothing"))
                return
            with rows():
                for one in found.records:
                    _row(one, standings[one.id])
            _pager(query, found)


def _filters(query: Query) -> None:
    areas = {"": say("list", "any_industry")} | {one.name: one.name for one in industries()}
    if query.industry and query.industry not in areas:
        areas[query.industry] = query.industry
    libraries = {"": say("list", "any_library")} | {str(one): called(one) for one in Library}
    standings = {"": say("list", "any_standing")} | choices("standings")
    with html.form().classes("panel").props("method=get action=/console/records"):
        with html.div().classes("bar"):
            library = ui.select(libraries, value=query.library, label=say("list", "library"))
            standing = ui.select(standings, value=query.standing, label=say("list", "standing"))
            industry = ui.select(areas, value=query.industry, label=say("list", "industry"))
            region = ui.input(say("list", "region"), value=query.region)
            keyword = ui.input(say("list", "keyword"), value=query.keyword)
            for one in (library, standing, industry, region, keyword):
                one.props("outlined dense")

        def go(near: str) -> None:
            ui.navigate.to(
                address(
                    HERE,
                    library=library.value,
                    standing=standing.value,
                    industry=industry.value,
                    region=region.value,
                    keyword=keyword.value,
                    near=near,
                )
            )

        for one in (region, keyword):
            one.on("keydown.enter.prevent", partial(go, ""))
        with html.div().classes("bar"):
            button(say("list", "search"), partial(go, ""), main=True)
            button(say("list", "by_meaning"), partial(go, "1"))
            ui.link(say("list", "clear"), HERE)


def _tools(stay: Stay, query: Query) -> None:
    if not stay.may(OperatorRole.OPERATOR):
        return

    async def export() -> None:
        if not query.library:
            ui.notify(say("list", "pick"), type="warning")
            return
        path = Path(mkdtemp(prefix="keqiao-")) / f"{query.library}.csv"
        write = partial(write_csv, path, lambda: stay.rooms.libraries.find.every(query.wanted))
        note = query.address().removeprefix(HERE)
        count = await stay.do("export", query.library, write, note=note)
        if count is not None:
            ui.notify(say("export", "ready", count=count), type="positive")
            ui.download.file(path)

    with html.div().classes("bar"):
        button(
            say("list", "import"),
            lambda: ui.navigate.to(address("/import", library=query.library)),
        )
        button(say("list", "export"), export)


def _row(one: Record, standing: Standing) -> None:
    told = (one.organisation, one.region, "、".join(one.industries))
    edited = f"（{say('list', 'edited')}）" if one.edited else ""
    line(
        one.title,
        sign=say("standings", standing),
        tone=TONES[standing],
        more=" · ".join(filter(None, told)),
        below=f"{called(one.library)} · {one.external_id}{edited}",
        to=f"{HERE}/{one.library}/{quote(one.external_id, safe='')}",
    )


def _pager(query: Query, found: Found) -> None:
    with html.nav().classes("bar"):
        soft(say("list", "page", page=query.page))
        if query.page > 1:
            ui.link(say("list", "first"), query.address())
        if found.next:
            to = query.address(start=found.next, page=query.page + 1)
            ui.link(say("list", "next"), to)
