"""Models chosen by settings alone: what is wrong is said, what fails does not stop."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.errors import BadInputError
from keqiao.bootstrap import Site
from keqiao.doctor import Finding, Health, examine
from keqiao.settings import child_environment, load_settings
from tests.fakes.model_folder import make_model_folder
from tests.fakes.openai import FakeOpenAI
from tests.unit.knowledge.samples import PLAN

DEADLINE = "科创云溪项目申报什么时候截止？"
GOOD = "申报截止时间是2026年4月30日。"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(key="k-1", otherwise=GOOD) as server:
        yield server


def site(tmp_path: Path, **settings: object) -> Site:
    return Site(load_settings(home=tmp_path / "home", **settings))


def remote(server: FakeOpenAI, key: str = "k-1") -> dict[str, object]:
    return {"embedding_url": server.url, "embedding_model": "e", "embedding_key": key}


def chat(server: FakeOpenAI, key: str = "k-1") -> dict[str, object]:
    return {"chat_url": server.url, "chat_model": "c", "chat_key": key, "chat_timeout": 3.0}


def found(site: Site, part: str) -> Finding:
    (finding,) = (one for one in examine(site) if one.part == part)
    site.close()
    return finding


def test_without_models_doctor_says_what_is_used_instead(tmp_path: Path) -> None:
    bare = site(tmp_path)
    assert (found(bare, "embedding").health, found(bare, "language model").health) == ("ok", "ok")


def test_doctor_asks_the_models_of_the_settings(tmp_path: Path, server: FakeOpenAI) -> None:
    there = site(tmp_path, **remote(server), **chat(server))
    assert found(there, "embedding").detail == "e/16"
    assert found(there, "language model").health is Health.OK


@pytest.mark.parametrize("part", ["embedding", "language model"])
def test_doctor_names_the_key_that_is_refused(
    part: str, tmp_path: Path, server: FakeOpenAI
) -> None:
    there = site(tmp_path, **remote(server, "hunter2"), **chat(server, "hunter2"))
    finding = found(there, part)
    assert finding.health is Health.BROKEN
    assert "401" in finding.detail
    assert "_KEY" in finding.detail
    assert "hunter2" not in finding.detail


def test_a_folder_that_is_none_is_said_when_the_site_starts(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="KEQIAO_EMBEDDING_FOLDER"):
        _ = site(tmp_path, embedding_folder=tmp_path / "nowhere").knowledge


def test_a_folder_serves_a_site(tmp_path: Path, plan: Path) -> None:
    folder = make_model_folder(tmp_path / "small-zh", [PLAN])
    there = site(tmp_path, embedding_folder=folder)
    list(there.knowledge.ingest([plan]))
    answer = there.knowledge.answer(DEADLINE, now=there.clock.now())
    assert not answer.abstained
    assert there.knowledge.embedding().startswith("small-zh-")
    there.close()


def test_an_embedding_endpoint_that_goes_away_costs_meaning_not_answers(
    tmp_path: Path, plan: Path, server: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    there = site(tmp_path, **remote(server))
    now = there.clock.now()
    list(there.knowledge.ingest([plan]))
    assert any("专家服务队" in text for batch in server.embedded for text in batch)
    with caplog.at_level(logging.WARNING, logger="knowledge"):
        server.embedding_statuses = [503] * 50
        for _ in range(3):
            assert not there.knowledge.answer(DEADLINE, now=now).abstained
    assert len([one for one in caplog.records if "no vectors" in one.message]) == 1
    there.close()


def test_documents_are_taken_while_the_embedding_endpoint_is_down(
    tmp_path: Path, plan: Path, server: FakeOpenAI
) -> None:
    server.embedding_statuses = [401] * 50
    there = site(tmp_path, **remote(server))
    list(there.knowledge.ingest([plan]))
    assert not there.knowledge.answer(DEADLINE, now=there.clock.now()).abstained
    server.embedding_statuses = []
    assert there.knowledge.refresh()
    assert not there.knowledge.refresh()
    there.close()


def test_ask_shows_what_the_model_worded(tmp_path: Path, plan: Path, server: FakeOpenAI) -> None:
    environment = child_environment(
        KEQIAO_HOME=str(tmp_path / "home"),
        KEQIAO_CHAT_URL=server.url,
        KEQIAO_CHAT_MODEL="c",
        KEQIAO_CHAT_KEY="k-1",
    )
    there = site(tmp_path)
    list(there.knowledge.ingest([plan]))
    there.close()
    done = subprocess.run(
        [sys.executable, "-m", "keqiao", "ask", DEADLINE, "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        cwd=Path(__file__).parents[2],
        env=environment,
    )
    answer = json.loads(done.stdout)
    assert answer["text"].startswith(f"{GOOD}\n")
    assert answer["citations"][0]["source"] == "plan.txt"
