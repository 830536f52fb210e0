"""Tables in: checked first, then imported, with a report by row numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from nicegui import events, html, ui
from starlette.requests import Request

from actions.wording import library as called
from core.domain.operating.operators import OperatorRole
from core.domain.records import Library
from keqiao.console.pages.frame import frame
from keqiao.console.pages.libraries.listing import HERE
from keqiao.console.pages.parts import address, button, empty, panel, soft
from keqiao.console.rooms import Rooms
from keqiao.console.stay import Stay
from keqiao.console.wording import say
from keqiao.imports.files import ImportReport, RowState, import_file
from keqiao.imports.tables import LIMIT_BYTES, rows_of

LISTED = 200
"""Refused rows that are listed."""


@dataclass(slots=True, kw_only=True)
class Table:
    """A file that was handed in, and how far it was read."""

    path: Path
    all: int = 0
    read: int = 0

    def told(self, rows: int) -> None:
        """So many rows were read."""
        self.read = rows


@dataclass(slots=True)
class Intake:
    """The import of one page: a file at a time."""

    stay: Stay
    folder: Path = field(default_factory=lambda: Path(mkdtemp(prefix="keqiao-")))

    async def take(self, upload: events.UploadEventArguments, library: str) -> Table | None:
        """Keep the file under its own name, whose end says what it is."""
        table = Table(path=self.folder / (Path(upload.file.name).name[:120] or "table"))
        await upload.file.save(table.path)
        count = partial(rows_of, table.path)
        found = await self.stay.do("check", library, count, note=table.path.name)
        if found is None:
            return None
        table.all = found
        return table

    async def read(self, table: Table, library: Library, *, check: bool) -> ImportReport | None:
        """Read it through; nothing is stored when only checking."""
        bring = None if check else self.stay.rooms.libraries.bring
        call = partial(import_file, table.path, library, bring=bring, told=table.told)
        if not check:
            return await self.stay.do(
                "import", library, call, note=table.path.name, sum_up=_counts
            )
        return await self.stay.try_(call)

    def close(self) -> None:
        """Leave nothing behind."""
        rmtree(self.folder, ignore_errors=True)


def add(rooms: Rooms) -> None:
    """Add the page."""

    @ui.page("/import", response_timeout=30)
    async def importing(request: Request) -> None:
        stay = Stay.of(rooms, request)
        with frame(stay, say("import", "title"), here=HERE):
            if not stay.may(OperatorRole.OPERATOR):
                empty(say("import", "reader"))
                return
            asked = request.query_params.get("library", "")
            _form(stay, asked if asked in set(Library) else str(Library.EXPERTS))


def _form(stay: Stay, asked: str) -> None:
    intake = Intake(stay)
    ui.context.client.on_delete(intake.close)
    with panel():
        soft(say("import", "about"))
        names = {str(one): called(one) for one in Library}
        library = ui.select(names, value=asked, label=say("import", "library")).props(
            "outlined dense"
        )
        upload = ui.upload(
            label=say("import", "file"),
            max_file_size=LIMIT_BYTES,
            auto_upload=True,
            on_rejected=lambda: ui.notify(say("import", "rejected"), type="negative"),
        )
        upload.props('accept=".csv,.xlsx,.jsonl" flat bordered').classes("full-width")
    report = html.div().classes("reports")

    async def check(event: events.UploadEventArguments) -> None:
        report.clear()
        upload.reset()
        into = Library(str(library.value))
        table = await intake.take(event, into)
        if table is None:
            return
        with report, _progress(table):
            found = await intake.read(table, into, check=True)
        if found is not None:
            with report:
                _checked(found, partial(bring, table, into))

    async def bring(table: Table, into: Library) -> None:
        report.clear()
        table.read = 0
        with report, _progress(table):
            found = await intake.read(table, into, check=False)
        if found is not None:
            with report:
                _brought(found)

    upload.on_upload(check)


@contextmanager
def _progress(table: Table) -> Iterator[None]:
    with html.section().classes("panel") as shown:
        bar = ui.linear_progress(0, show_value=False)
        text = ui.label().classes("soft")

        def follow() -> None:
            bar.value = table.read / max(table.all, 1)
            text.text = say("import", "rows", rows=table.read, all=table.all)

        follow()
        ui.timer(0.3, follow)
    try:
        yield
    finally:
        shown.delete()


def _checked(found: ImportReport, go: Callable[[], object]) -> None:
    refused = found.counts[RowState.REFUSED]
    with panel(say("import", "checked", good=found.good, refused=refused)):
        _refused(found)
        if found.good:
            with html.div().classes("bar"):
                button(say("import", "go", good=found.good), go, main=True)


def _brought(found: ImportReport) -> None:
    with panel(say("import", "done")):
        html.span(_counts(found)).classes("said")
        _refused(found)
        ui.link(say("import", "look"), address(HERE, library=found.library))


def _counts(found: ImportReport) -> str:
    return say("import", "counts", **{str(state): found.counts[state] for state in RowState})


def _refused(found: ImportReport) -> None:
    for one in found.refused[:LISTED]:
        html.span(say("import", "refused_row", row=one.row, reason=one.reason)).classes(
            "said bad-text"
        )
    unsaid = found.counts[RowState.REFUSED] - len(found.refused[:LISTED])
    if unsaid:
        soft(say("import", "unsaid", count=unsaid))
    if spans := found.spans.get(RowState.SKIPPED):
        written = ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
        soft(say("import", "skipped", rows=written))
