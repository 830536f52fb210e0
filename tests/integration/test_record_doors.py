"""What is withdrawn, over or private leaves the house by no door; what is current by every one."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from channels.parts import told as in_words
from core.domain.records import Conditions, Library, Record
from core.domain.subscriptions import Interest
from core.services.pushes.gathering import GatherTidings
from core.services.subscriptions import Subscribe
from core.services.tidings import QueueTidings
from keqiao.bootstrap import Site, open_site
from keqiao.cli.app import app
from keqiao.processes.gateway import gateway
from scheduler.words import render_tidings
from tests.factories import LI
from tests.unit.actions.stage import Stage

PHONE = "13900001234"
UNSEEN = "暗号"
"""Stands in every record that nobody may see."""

VISIBLE = Record(
    library=Library.EXPERTS,
    external_id="seen",
    title="周启明",
    summary="注塑仿真与翘曲变形",
    organisation="江南工程大学",
    industries=("新材料",),
    private={"phone": PHONE, "home": UNSEEN},
)
CASE = replace(VISIBLE, library=Library.CASES, title="面板注塑仿真整改案例", private={})
YEARS_AGO = date(2020, 1, 1)


def hidden() -> list[Record]:
    """Records like those seen, each hidden for another reason."""
    title = f"{UNSEEN}注塑仿真"
    changes = {
        "withdrawn": {"withdrawn": True},
        "over": {"valid_until": YEARS_AGO},
        "coming": {"valid_from": date(2100, 1, 1)},
        "refused": {"conditions": Conditions(consent=False)},
    }
    return [
        replace(one, external_id=name, title=f"{title}{name}", **change)  # type: ignore[arg-type]  # by name
        for one in (VISIBLE, CASE)
        for name, change in changes.items()
    ]


def events(site: Site) -> list[Record]:
    """An event that comes, and others that nobody may see."""
    now = site.clock.now()
    come = Record(
        library=Library.EVENTS,
        external_id="come",
        title="注塑仿真路演",
        starts_at=now + timedelta(days=3),
    )
    return [
        come,
        replace(come, external_id="gone", title=f"{UNSEEN}旧", starts_at=now - timedelta(days=3)),
        replace(come, external_id="off", title=f"{UNSEEN}撤", withdrawn=True),
        replace(
            come,
            external_id="no",
            title=f"{UNSEEN}否",
            conditions=Conditions(consent=False),
        ),
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_site(home=home, port=port) as site:
        Subscribe(units=site.units, clock=site.clock)(
            LI, [Interest(libraries=(Library.EXPERTS, Library.CASES, Library.EVENTS))]
        )
        site.store_records([VISIBLE, CASE, *hidden(), *events(site)])
        yield site


def conversation(site: Site) -> Iterator[str]:
    """What a person reads in the chat."""
    stage = Stage(site.units, knowledge=site.knowledge)  # type: ignore[arg-type]  # the real one
    stage.clock.set(site.clock.now())
    for action, text in (
        ("action_find_records", "有没有做注塑仿真的案例？"),
        ("action_find_records", "查一下注塑仿真的专家"),
        ("action_find_records", f"查一下{UNSEEN}的专家"),
        ("action_find_records", "人才库里有哪些人"),
        ("action_list_events", "最近有什么路演"),
        ("action_answer_policy", "注塑仿真的专家是谁"),
    ):
        yield " ".join(said.text for said in stage.tell(action, text))


def told(site: Site) -> Iterator[str]:
    """What a subscriber is told."""
    queue = QueueTidings(
        units=site.units, clock=site.clock, wakeups=site.wakeups, render=render_tidings
    )
    gather = GatherTidings(units=site.units, clock=site.clock)
    while gather() or queue():
        pass
    with site.units() as unit:
        for one in unit.outbox.queued(LI):
            yield in_words(one.message.reply)


def over_http(site: Site) -> Iterator[str]:
    """What the API gives to anybody."""
    base = f"http://127.0.0.1:{site.settings.port}"
    with gateway(site), httpx2.Client(base_url=base, timeout=10, trust_env=False) as client:
        for path in (
            "/records",
            "/records?library=experts&limit=1",
            "/records?q=注塑仿真&library=experts&library=cases",
            f"/records?q={UNSEEN}",
            f"/records?keyword={UNSEEN}",
            "/records?industry=新材料",
            "/records/experts/seen",
        ):
            yield client.get(path).text
        for one in hidden():
            answer = client.get(f"/records/{one.id}")
            assert answer.status_code == 404
            yield answer.text


def operators(home: Path) -> Iterator[str]:
    """Commands that show what people may see."""
    env = {"KEQIAO_HOME": str(home)}
    for command in (
        ["records", "list"],
        ["records", "search", "注塑仿真"],
        ["match", "--text", "我们做注塑，想找注塑仿真的专家", "--json"],
        ["ask", "注塑仿真的专家是谁", "--json"],
    ):
        yield CliRunner(env=env).invoke(app, command).stdout


def test_what_nobody_may_see_leaves_by_no_door(site: Site, home: Path) -> None:
    doors = {
        "chat": list(conversation(site)),
        "subscription": list(told(site)),
        "http": list(over_http(site)),
        "command": list(operators(home)),
    }
    for door, texts in doors.items():
        whole = "\n".join(texts).replace(f"“{UNSEEN}”", "")  # what the person said themselves
        assert VISIBLE.title in whole, f"{door} shows nothing at all"
        assert UNSEEN not in whole, f"{door}: {whole[max(0, whole.index(UNSEEN) - 200) :][:400]}"
        assert PHONE not in whole, door


def test_an_operator_sees_everything_when_asked_for(site: Site, home: Path) -> None:
    assert site.settings.home == home
    run = CliRunner(env={"KEQIAO_HOME": str(home)})
    shown = json.loads(run.invoke(app, ["records", "show", "experts/seen", "--json"]).stdout)
    assert shown["private"]["phone"] == PHONE
    every = run.invoke(app, ["records", "list", "--all", "--json"]).stdout.splitlines()
    standings = {json.loads(line)["standing"] for line in every}
    assert standings == {"current", "coming", "over", "withdrawn", "private"}
