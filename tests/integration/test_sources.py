"""Libraries follow sources: what is new comes, what vanished goes, a bad pull harms nothing."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import override

import pytest
import yaml

from core.domain.errors import BadInputError
from core.domain.records import Library, Record
from core.domain.sources import Pull
from core.persistence import SqlUnits
from keqiao.libraries.joined import Libraries
from keqiao.libraries.sources import load_sources
from tests.fakes.clock import FakeClock
from tests.fakes.knowledge_base import FakeKnowledgeBase
from tests.fakes.wakeups import RecordingWakeups

ROWS = [{"id": str(n), "headline": f"案例{n}", "简介": f"第{n}号"} for n in range(6)]


@dataclass
class Elsewhere:
    """A server outside that says what a test lets it say."""

    status: int = 200
    body: bytes = b"[]"
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    port: int = 0

    def rows(self, rows: object) -> None:
        """Say these rows."""
        self.body = json.dumps({"data": {"items": rows}}, ensure_ascii=False).encode()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    told = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(dict(self.headers))
            same = told.headers.get("ETag") and (
                self.headers.get("If-None-Match") == told.headers["ETag"]
            )
            self.send_response(304 if same else told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            body = b"" if same else told.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


class House:
    """Libraries with one source."""

    def __init__(self, units: SqlUnits, home: Path, port: int) -> None:
        self.home, self.units, self.clock = home, units, FakeClock()
        self.port = port
        self.libraries = Libraries(
            home=home,
            units=units,
            clock=self.clock,
            knowledge=FakeKnowledgeBase(),
            wakeups=RecordingWakeups(),
        )
        self.due = self.libraries.pull

    def configure(self, **changes: object) -> None:
        """Write the file of sources."""
        source = {
            "name": "near",
            "title": "邻省案例",
            "library": "cases",
            "url": f"http://127.0.0.1:{self.port}/cases",
            "format": "json",
            "rows": "data.items",
            "columns": {"headline": "名称"},
            "internal": True,
            "every_minutes": 60,
        } | changes
        text = yaml.safe_dump({"sources": [source]}, allow_unicode=True)
        self.home.mkdir(exist_ok=True)
        (self.home / "sources.yml").write_text(text, "utf-8")

    def pull(self, *, even_if_small: bool = False) -> Pull:
        """Ask the source now."""
        (source,) = load_sources(self.home)
        return self.due.pull(source, even_if_small=even_if_small)

    def live(self) -> list[str]:
        """Titles of what is not withdrawn."""
        return [one.title for one in self.records() if not one.withdrawn]

    def records(self) -> list[Record]:
        """Everything that is stored."""
        with self.units() as unit:
            return unit.records.list([Library.CASES])


@pytest.fixture
def house(sqlite_units: SqlUnits, tmp_path: Path, elsewhere: Elsewhere) -> House:
    one = House(sqlite_units, tmp_path / "home", elsewhere.port)
    one.configure()
    elsewhere.rows(ROWS)
    return one


def test_what_is_there_is_stored_and_what_vanished_is_withdrawn_and_may_come_back(
    house: House, elsewhere: Elsewhere
) -> None:
    first = house.pull()
    assert (first.error, first.counts.stored, first.succeeded_at) == ("", 6, house.clock.now())
    assert {one.source for one in house.records()} == {"邻省案例"}
    assert house.records()[0].id == "cases/near:0"
    elsewhere.rows(ROWS[:-1])
    assert house.pull().counts.withdrawn == 1
    assert "案例5" not in house.live()
    elsewhere.rows(ROWS)
    assert house.pull().counts.updated == 1
    assert len(house.live()) == 6


def test_what_has_not_changed_is_not_read_again(house: House, elsewhere: Elsewhere) -> None:
    house.pull()
    house.clock.advance(timedelta(hours=1))
    again = house.pull()
    assert (again.counts.stored, again.succeeded_at) == (6, house.clock.now())
    elsewhere.headers = {"ETag": '"v2"', "Last-Modified": "Sat, 21 Nov 2026 00:00:00 GMT"}
    elsewhere.rows(ROWS[::-1])
    assert house.pull().counts.unchanged == 6
    house.pull()
    assert elsewhere.asked[-1]["If-None-Match"] == '"v2"'
    assert elsewhere.asked[-1]["If-Modified-Since"].startswith("Sat")
    assert len(house.live()) == 6


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b"", {}), "500"),
        ((404, b"", {}), "404"),
        ((302, b"", {"Location": "http://127.0.0.1:1/"}), "跳转"),
        ((200, b"<html>", {}), "格式"),
        ((200, b'{"data": {}}', {}), "格式"),
        ((200, b'{"data": {"items": []}}', {}), "没有读到"),
        ((200, b'{"data": {"items": [{"x": 1}]}}', {}), "没有读到"),
        ((200, b"[" * 100_000, {}), "格式"),
        ((200, b"x" * 21_000_000, {}), "20 MB"),
    ],
)
def test_a_pull_that_failed_or_came_back_empty_withdraws_nothing(
    house: House, elsewhere: Elsewhere, answer: tuple[int, bytes, dict[str, str]], why: str
) -> None:
    house.pull()
    elsewhere.status, elsewhere.body, elsewhere.headers = answer
    pull = house.pull()
    assert why in pull.error
    assert pull.succeeded_at is not None
    assert len(house.live()) == 6


def test_a_pull_that_is_suspiciously_small_withdraws_nothing_until_told_to(
    house: House, elsewhere: Elsewhere
) -> None:
    house.pull()
    elsewhere.rows(ROWS[:2])
    assert house.pull().counts.held_back == 4
    assert len(house.live()) == 6
    assert house.pull(even_if_small=True).counts.withdrawn == 4
    assert house.live() == ["案例0", "案例1"]


def test_a_row_that_cannot_be_read_is_not_taken_for_one_that_vanished(
    house: House, elsewhere: Elsewhere
) -> None:
    house.pull()
    broken = {"id": "0", "headline": "案例0", "有效期至": "26/3/1"}
    elsewhere.rows([broken, *ROWS[1:5]])
    pull = house.pull()
    assert (pull.counts.refused, pull.counts.withdrawn) == (1, 1)
    assert house.live() == [f"案例{n}" for n in range(5)]
    elsewhere.rows([{"简介": "没有名称"}, *ROWS[:4]])
    assert house.pull().counts.held_back == 1


def test_what_an_operator_wrote_and_records_of_others_stay(
    house: House, elsewhere: Elsewhere
) -> None:
    other = Record(library=Library.CASES, external_id="own", title="自有案例")
    house.libraries.store([other])
    house.pull()
    house.libraries.edit(house.records()[0].id, {"summary": "人工写的"})
    elsewhere.rows([{**ROWS[0], "简介": "改了"}, *ROWS[1:]])
    house.pull()
    summaries = {one.external_id: one.summary for one in house.records()}
    assert summaries["near:0"] == "人工写的"
    assert "自有案例" in house.live()


def test_the_scheduler_asks_when_a_source_is_due_and_sooner_after_a_failure(
    house: House, elsewhere: Elsewhere
) -> None:
    assert (house.due(), house.due()) == (1, 0)
    house.clock.advance(timedelta(minutes=60))
    elsewhere.status = 500
    assert (house.due(), house.due()) == (1, 0)
    house.clock.advance(timedelta(minutes=15))
    elsewhere.status = 200
    assert (house.due(), house.due()) == (1, 0)
    assert len(elsewhere.asked) == 3


def test_an_inner_address_needs_leave_and_no_other_scheme_is_asked(
    house: House, elsewhere: Elsewhere
) -> None:
    house.configure(internal=False)
    assert "internal: true" in house.pull().error
    assert elsewhere.asked == []
    for url in ("file:///etc/passwd", "ftp://example.org/x", "http://user@example.org/"):
        house.configure(url=url)
        with pytest.raises(BadInputError, match="url"):
            load_sources(house.home)


def test_a_broken_file_stops_no_clockwork_and_is_said_where_it_is_asked_for(house: House) -> None:
    (house.home / "sources.yml").write_text("sources: [", "utf-8")
    assert house.due() == 0
    with pytest.raises(BadInputError, match="YAML"):
        load_sources(house.home)


RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>x</title>
<item><title>榜单 &amp; 揭榜</title><guid>g1</guid><link>http://example.org/1</link>
<description>&lt;p&gt;正文&lt;/p&gt;</description><category>新材料</category>
<pubDate>Sat, 21 Nov 2026 08:00:00 +0800</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>e1</id><title>动态</title>
<link href="http://example.org/2"/><summary>摘要</summary><category term="能源"/>
<published>2026-11-20T00:00:00Z</published></entry></feed>"""
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    "<rss><item><title>&b;</title></item></rss>"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [(RSS, ("榜单 & 揭榜", "http://example.org/1")), (ATOM, ("动态", "http://example.org/2"))],
)
def test_feeds_are_read(
    house: House, elsewhere: Elsewhere, text: str, told: tuple[str, str]
) -> None:
    house.configure(format="rss")
    elsewhere.body = text.encode()
    assert house.pull().error == ""
    (one,) = house.records()
    assert (one.title, one.details["link"]) == told
    assert one.summary in {"正文", "摘要"}
    assert one.valid_from is not None
    assert one.keywords


@pytest.mark.parametrize("text", [BOMB, "<rss><item>", "<a>" * 5000, "<html></html>", ""])
def test_a_feed_that_is_none_or_harmful_is_refused(
    house: House, elsewhere: Elsewhere, text: str
) -> None:
    house.configure(format="rss")
    elsewhere.body = text.encode()
    assert "格式" in house.pull().error


def test_a_csv_is_read_as_an_imported_one(house: House, elsewhere: Elsewhere) -> None:
    house.configure(format="csv")
    elsewhere.body = "案例一览,,\n编号,headline,单位\n1,甲案,某厂\n".encode("gb18030")
    assert house.pull().error == ""
    assert [(one.title, one.organisation) for one in house.records()] == [("甲案", "某厂")]
