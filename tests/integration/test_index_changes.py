"""The index while it changes: killed in the middle, and by what differs only."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from core.persistence import SqlUnits
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock
from tests.unit.knowledge.samples import PLAN

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DEADLINE = "科创云溪项目申报什么时候截止？"
MANY = 400
CHILD = """
import sys
from pathlib import Path
from core.persistence import SqlUnits, make_engine
from knowledge.base import IndexedKnowledgeBase
from tests.fakes.clock import FakeClock
url, home, *files = sys.argv[1:]
base = IndexedKnowledgeBase(SqlUnits(make_engine(url)), Path(home), FakeClock())
list(base.ingest(map(Path, files)))
"""


def segments(home: Path) -> dict[str, int]:
    """Names of the segments on disk, each with its folder's inode."""
    folder = home / "index" / "documents" / "segments"
    return {entry.name: entry.stat().st_ino for entry in folder.iterdir()}


def test_killed_while_indexing_the_old_version_stands_and_the_next_ingest_goes_on(
    sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    base = IndexedKnowledgeBase(sqlite_units, home, FakeClock(NOW))
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    list(base.ingest([plan]))
    pointer = home / "index" / "documents" / "current"
    before, known = pointer.read_text(), segments(home)
    files = []
    for number in range(MANY):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(PLAN.replace("云溪", f"星河{number}"), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'keqiao.db'}"
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CHILD, url, str(home), *map(str, files)],
        cwd=Path(__file__).parents[2],
    )
    ends = time.monotonic() + 120
    while segments(home).keys() == known.keys() and child.poll() is None:
        assert time.monotonic() < ends
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    assert child.wait(timeout=30) == -signal.SIGKILL
    assert pointer.read_text() == before
    assert "4月30日" in base.answer(DEADLINE, now=NOW).text
    assert base.refresh()
    assert len(segments(home)) <= 3
    found = base.as_retriever(limit=1).invoke(f"科创星河{MANY - 1}项目申报什么时候截止？")
    assert found[0].metadata["source"] == f"{MANY - 1}.txt"
    base.close()


def test_one_document_more_writes_one_small_segment(
    sqlite_units: SqlUnits, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    base = IndexedKnowledgeBase(sqlite_units, home, FakeClock(NOW))
    files = []
    for number in range(40):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(PLAN.replace("云溪", f"星河{number}"), encoding="utf-8")
    list(base.ingest(files))
    before = segments(home)
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN, encoding="utf-8")
    list(base.ingest([plan]))
    after = segments(home)
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    assert "4月30日" in base.answer(DEADLINE, now=NOW).text
    base.close()
