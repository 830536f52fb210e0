"""A person asks for a person: real processes, a liaison's own IM, the API, and nobody at all."""

import json
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from tests.acceptance.conftest import make_place
from tests.acceptance.visitor import BOT_READY_S, Place, Process, Visitor, until
from tests.fakes.endpoint import Endpoint
from tests.unit.channels.running import HOOK_SECRET

pytestmark = pytest.mark.acceptance

DESKS = """
desks:
  - name: 常州企业联络台
    kind: 企业
    region: 江苏省常州市
  - name: 综合联络台
    told: webhook:default/liaisons
"""


@dataclass(kw_only=True)
class Desk:
    """A liaison's IM behind the webhook, and the site it belongs to."""

    place: Place
    endpoint: Endpoint
    site: Process

    def write(self, text: str) -> None:
        """The liaison says something in the own IM."""
        body = json.dumps({"data": {"user": "liaisons", "text": text}}).encode()
        message_id, at = f"msg_{uuid.uuid4().hex}", datetime.now(UTC)  # noqa: TID251 -- a real site
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(HOOK_SECRET).sign(message_id, at, body.decode()),
        }
        posted = httpx2.post(
            f"{self.place.base}/hooks/default", content=body, headers=headers, trust_env=False
        )
        assert posted.status_code == 202, posted.text

    def read(self) -> list[str]:
        """What came to the liaison's IM."""
        return [json.loads(body)["data"]["text"] for _, body in self.endpoint.received]

    def wait_for(self, word: str) -> str:
        """The message with that word, once it is there."""
        return until(lambda: next((t for t in self.read() if word in t), ""), 30, word)

    def call(self, method: str, path: str, token: str, **options: Any) -> httpx2.Response:
        """One request to the API."""
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        url = f"{self.place.base}/desk/handoffs{path}"
        return httpx2.request(method, url, headers=headers, trust_env=False, **options)


@contextmanager
def opened(home: Path, models: Path) -> Iterator[Desk]:
    """A site with desks and a liaison's IM."""
    with Endpoint() as endpoint:
        place = make_place(
            home,
            models=models,
            KEQIAO_WEBHOOK_SECRET=HOOK_SECRET,
            KEQIAO_WEBHOOK_OUT_URL=endpoint.url,
            KEQIAO_WEBHOOK_INTERNAL="true",
            KEQIAO_HANDOFF_MINUTES="1",
            KEQIAO_EXAMPLE="false",
        )
        (place.home / "desks.yml").write_text(DESKS, "utf-8")
        with place.process("up") as process:
            process.wait_for("全部就绪", BOT_READY_S)
            yield Desk(place=place, endpoint=endpoint, site=process)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Desk]:
    with opened(tmp_path_factory.mktemp("desk") / "var", models) as made:
        yield made


@pytest.fixture
def mortal_desk(tmp_path: Path, models: Path) -> Iterator[Desk]:
    """One of its own for the test that kills it; others may run after it."""
    with opened(tmp_path / "var", models) as made:
        yield made


def waits(visitor: Visitor, word: str, seconds: float = 30) -> str:
    """A line of the assistant with that word, once it is there."""

    def found() -> str:
        lines = [str(one["text"]) for one in visitor.history() if one["speaker"] == "assistant"]
        return next((line for line in lines if word in line), "")

    return until(found, seconds, word)


def number_of(said: str) -> str:
    return said.split("受理号")[1].split("，", maxsplit=1)[0].strip()


def test_a_handoff_in_the_middle_of_a_form_through_the_liaisons_own_im(desk: Desk) -> None:
    visitor = Visitor(base=desk.place.base)
    asked = visitor.hear("我们做注塑的，产品老是翘曲变形，想找专家")
    said = visitor.hear("转人工")
    number = number_of(said)
    assert "综合联络台" in said
    assert asked.splitlines()[-1] not in said, "the form is not asked on"
    told = desk.wait_for(f"【转人工 {number}】")
    assert "翘曲变形" in told, "the conversation so far"

    assert "结束人工" in visitor.hear("我的电话是 13800001234")
    desk.wait_for(f"【{number}】我的电话是 13800001234")
    desk.write(f"接 {number}")
    desk.wait_for(f"【{number}】已接手")
    desk.write(f"回复 {number} 您好，材料我看过了")
    assert waits(visitor, "材料我看过了") == "【工作人员】您好，材料我看过了"
    visitor.post("好的，还要什么")
    desk.wait_for(f"【{number}】好的，还要什么")
    desk.write(f"交还 {number}")
    waits(visitor, "由助手为您服务")

    went_on = visitor.hear("江苏苏州")
    assert "苏州" in went_on or "？" in went_on, went_on
    assert "受理号" not in went_on
    events = desk.place.json("handoffs", "show", number, "--json")[0]["events"]
    assert [event["step"] for event in events] == [
        "asked",
        "said",
        "taken",
        "replied",
        "said",
        "handed_back",
    ]


def test_an_enterprise_of_the_place_comes_to_its_desk_and_is_answered_by_http(desk: Desk) -> None:
    token = desk.place.run("handoffs", "token", "anna", "--desk", "常州企业联络台").stdout.strip()
    stranger = desk.place.run("handoffs", "token", "bo", "--desk", "综合联络台").stdout.strip()
    visitor = Visitor(base=desk.place.base)
    visitor.hear("我们是江苏常州的企业")
    number = number_of(visitor.hear("转人工"))
    (listed,) = desk.call("GET", "?state=waiting", token).json()["handoffs"]
    assert (str(listed["number"]), listed["desk"]) == (number, "常州企业联络台")
    assert desk.call("GET", f"/{number}", stranger).status_code == 404
    for _ in range(2):
        said = desk.call(
            "POST",
            f"/{number}/replies",
            token,
            json={"text": "您好，我是联络员"},
            headers={"Idempotency-Key": "once"},
        )
        assert said.status_code == 200, said.text
    waits(visitor, "【工作人员】您好，我是联络员")
    assert desk.call("POST", f"/{number}/return", token).status_code == 200
    waits(visitor, "由助手为您服务")
    replies = [one for one in visitor.history() if "我是联络员" in str(one["text"])]
    assert len(replies) == 1
    assert visitor.hear("你好")


def test_an_operator_answers_on_the_command_line(desk: Desk) -> None:
    visitor = Visitor(base=desk.place.base)
    number = number_of(visitor.hear("转人工"))
    listed = desk.place.json("handoffs", "list", "--state", "waiting", "--json")
    assert number in {str(one["number"]) for one in listed}
    assert desk.place.run("handoffs", "reply", number, "请稍等", "--by", "值班").returncode == 0
    waits(visitor, "【工作人员】请稍等")
    taken = desk.place.run("handoffs", "take", number, "--by", "另一位")
    assert (taken.returncode, "值班" in taken.stderr) == (2, True)
    assert desk.place.run("handoffs", "return", number).returncode == 0
    waits(visitor, "由助手为您服务")


def test_who_waits_in_vain_is_told_once_and_talks_with_the_bot_again(desk: Desk) -> None:
    visitor = Visitor(base=desk.place.base)
    number = number_of(visitor.hear("转人工"))
    waits(visitor, "暂时没有人能接手", seconds=120)
    assert visitor.hear("你好")
    assert "受理号" not in visitor.hear("你能做什么")
    late = [one for one in visitor.history() if "暂时没有人能接手" in str(one["text"])]
    assert len(late) == 1
    queued = desk.place.json("handoffs", "list", "--state", "timed_out", "--json")
    assert number in {str(one["number"]) for one in queued}


def test_what_is_said_while_everything_dies_reaches_the_desk_once(mortal_desk: Desk) -> None:
    desk = mortal_desk
    visitor = Visitor(base=desk.place.base)
    number = number_of(visitor.hear("转人工"))
    visitor.post("这句话不能丢")
    desk.site.stop(signal.SIGKILL)
    with desk.place.process("up") as process:
        process.wait_for("全部就绪", BOT_READY_S)
        desk.wait_for(f"【{number}】这句话不能丢")
        desk.write(f"回复 {number} 收到了")
        waits(visitor, "【工作人员】收到了")
        heard = [text for text in desk.read() if "这句话不能丢" in text and "转人工" not in text]
        assert heard == [f"【{number}】这句话不能丢"]
