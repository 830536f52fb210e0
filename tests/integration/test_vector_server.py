"""The semantic half on a real Chroma server: filled, lost, back, and made by another embedding."""

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.persistence import SqlUnits
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock
from tests.fakes.embeddings import FakeEmbeddings
from tests.unit.knowledge.samples import PLAN

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DEADLINE = "科创云溪项目申报什么时候截止？"
STARTS_S = 60.0
BACK_S = 30.0


class ChromaServer:
    """`chroma run` on loopback, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What settings name."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run it until it listens; again on the same port and folder."""
        command = [Path(sys.executable).with_name("chroma"), "run", "--host", "127.0.0.1"]
        where = ["--port", str(self.port), "--path", str(self._folder)]
        self._process = subprocess.Popen(
            [*map(str, command), *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._listens, STARTS_S)

    def stop(self) -> None:
        """Kill it, as a machine that dies would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"not within {seconds} s"
        time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def make_base(
    sqlite_units: SqlUnits, tmp_path: Path, server: ChromaServer
) -> Iterator[Callable[[FakeEmbeddings], IndexedKnowledgeBase]]:
    made: list[IndexedKnowledgeBase] = []

    def make(embeddings: FakeEmbeddings) -> IndexedKnowledgeBase:
        base = IndexedKnowledgeBase(
            sqlite_units, tmp_path / "home", FakeClock(NOW), embeddings, chroma_url=server.url
        )
        made.append(base)
        return base

    yield make
    for base in made:
        base.close()


Make = Callable[[FakeEmbeddings], IndexedKnowledgeBase]


def by_meaning(base: IndexedKnowledgeBase, word: str) -> str:
    """The text of what a word finds that stands in no document."""
    found = base.as_retriever(limit=1).invoke(word)
    return found[0].page_content if found else ""


def answers(base: IndexedKnowledgeBase) -> bool:
    return "30" in base.answer(DEADLINE, now=NOW).text


def test_answers_go_on_without_the_server_and_meaning_comes_back_with_it(
    make_base: Make, server: ChromaServer, plan: Path, caplog: pytest.LogCaptureFixture
) -> None:
    base = make_base(FakeEmbeddings())
    list(base.ingest([plan]))
    assert answers(base)
    assert "路演" in by_meaning(base, "showcase")
    server.stop()
    with caplog.at_level(logging.WARNING, logger="knowledge"):
        for _ in range(3):
            assert answers(base)
            assert by_meaning(base, "showcase") == ""
    assert len([one for one in caplog.records if "no vectors" in one.message]) == 1
    server.start()
    wait_until(lambda: "路演" in by_meaning(base, "showcase"), BACK_S)
    assert answers(base)


def test_what_was_ingested_without_the_server_is_filled_in_by_refresh(
    make_base: Make, server: ChromaServer, plan: Path
) -> None:
    server.stop()
    base = make_base(FakeEmbeddings())
    list(base.ingest([plan]))
    assert answers(base)
    assert by_meaning(base, "roster") == ""
    server.start()
    assert base.refresh()
    assert "名册" in by_meaning(base, "roster")
    assert not base.refresh()


def test_a_server_that_lost_everything_is_filled_again(
    make_base: Make, server: ChromaServer, plan: Path, tmp_path: Path
) -> None:
    base = make_base(FakeEmbeddings())
    list(base.ingest([plan]))
    server.stop()
    (tmp_path / "chroma").rename(tmp_path / "lost")
    server.start()
    assert answers(base)
    base.refresh()
    wait_until(lambda: "路演" in by_meaning(base, "showcase"), BACK_S)


def test_another_embedding_makes_its_own_vectors(make_base: Make, plan: Path) -> None:
    first = make_base(FakeEmbeddings())
    list(first.ingest([plan]))
    assert "路演" in by_meaning(first, "showcase")
    wider = FakeEmbeddings(width=3, groups=(("名册", "showcase"),))
    second = make_base(wider)
    assert answers(second)
    second.refresh()
    assert "名册" in by_meaning(second, "showcase")
    assert not second.refresh()


def test_a_server_that_hangs_is_not_waited_for_long(
    sqlite_units: SqlUnits, tmp_path: Path, plan: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        base = IndexedKnowledgeBase(
            sqlite_units, tmp_path / "home", FakeClock(NOW), FakeEmbeddings(), chroma_url=url
        )
        list(base.ingest([plan]))
        assert answers(base)
        began = time.monotonic()
        assert by_meaning(base, "showcase") == ""
        assert time.monotonic() - began < 6.0
        base.close()
