"""The conversation of the README, on a running site with the example data."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.visitor import Place, Visitor, until
from tests.fakes.wecom import FakeWeCom

pytestmark = pytest.mark.acceptance

NUMBER = re.compile(r"KQ-\d{4}-\d{6}")
NEED = "我们做注塑的，产品老是翘曲变形，想找专家"
ANSWERS = ("江苏苏州", "五十万左右", "年底前", "张三 13800001234", "跳过")


def finish_form(visitor: Visitor, heard: str, *, most: int = 10) -> str:
    """Answer what is asked until there is something to confirm."""
    for _ in range(most):
        if "确认" in heard and "万" in heard:
            return heard
        heard = visitor.hear(next_answer(heard))
    raise AssertionError(heard)


def next_answer(asked: str) -> str:
    """What this person says to a question, told by its words."""
    words = {"地区": 0, "哪里": 0, "哪个": 0, "预算": 1, "时间": 2, "什么时候": 2, "联系": 3}
    last = asked.strip().splitlines()[-1]
    return next((ANSWERS[n] for word, n in words.items() if word in last), ANSWERS[-1])


def test_a_greeting_tells_what_the_assistant_can_do(visitor: Visitor) -> None:
    replies = visitor.say("你好")
    titles = [button["title"] for reply in replies for button in reply["buttons"]]
    assert len(titles) >= 3


def test_a_policy_question_is_answered_with_a_verbatim_quote(visitor: Visitor) -> None:
    (reply, *_) = visitor.say("项目申报截止到什么时候？")
    assert reply["kind"] == "answer", reply
    cited = reply["citations"][0]
    where = {"start": cited["start"], "end": cited["end"]}
    page = visitor.call("GET", f"/documents/{cited['document_id']}", params=where)
    assert page.status_code == 200
    assert "<mark" in page.text
    first_words = cited["quote"].split("\n")[0][:10]
    assert first_words in page.text


def test_a_question_no_document_answers_is_said_and_a_person_offered(visitor: Visitor) -> None:
    replies = visitor.say("火星移民基地的落户补贴是多少钱？")
    assert replies[0]["kind"] == "abstain", replies
    assert "转人工" in json.dumps(replies, ensure_ascii=False)


def test_a_need_is_collected_stored_once_and_matched(visitor: Visitor) -> None:
    heard = visitor.hear(NEED)
    assert "什么问题" not in heard, "what was said is not asked again"
    card = finish_form(visitor, heard)
    for fact in ("苏州", "50", "张三"):
        assert fact in card, card
    done = visitor.hear("确认提交")
    assert NUMBER.search(done), done
    assert "推荐" in done or "匹配" in done, done


def test_a_policy_question_in_the_middle_is_answered_and_the_form_goes_on(
    visitor: Visitor,
) -> None:
    visitor.hear(NEED)
    replies = visitor.say("申报需要提交哪些材料？")
    assert replies[0]["kind"] in {"answer", "abstain"}, replies
    assert len(replies) >= 2, "the form asks its question again"
    assert finish_form(visitor, str(replies[-1]["text"]))


def test_events_are_listed_and_a_reminder_comes_when_due_in_the_page_and_the_group(
    visitor: Visitor, place: Place, wecom: FakeWeCom, tmp_path: Path
) -> None:
    starts = datetime.now(UTC) + timedelta(days=1, seconds=45)  # noqa: TID251 -- a real running site
    title = f"注塑行业数字化路演{starts:%H%M%S}"
    row = {"title": title, "starts_at": starts.isoformat(), "kind": "路演", "place": "线上"}
    events = tmp_path / "events.jsonl"
    events.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    assert place.json("import", "events", str(events), "--json")[0]["stored"] == 1

    assert title in visitor.hear("最近有什么路演？")
    promise = visitor.hear("提前一天提醒我")
    assert title in promise
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", promise), promise

    def pushed() -> list[str]:
        texts = [m["text"] for m in visitor.history() if m.get("reply_to") is None]
        return [text for text in texts if title in text]

    until(pushed, 90, "the reminder in the page")
    until(lambda: [t for t in wecom.texts() if title in t], 30, "the reminder in the group")
    assert len(pushed()) == 1


def test_a_second_up_on_the_same_home_says_so(visitor: Visitor, place: Place) -> None:
    done = place.run("up", seconds=60)
    assert done.returncode == 2
    assert "已有" in done.stderr
    assert visitor.hear("你好")


@pytest.mark.usefixtures("site")
def test_the_terminal_uses_the_running_bot(place: Place, tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text(
        '{"sender": "a", "text": "你好"}\n{"sender": "b", "text": "帮助"}\n', "utf-8"
    )
    lines = place.json("chat", "--script", str(script), "--json", seconds=60)
    assert [line["sender"] for line in lines] == ["a", "b"]
    assert all(line["replies"] for line in lines)


@pytest.mark.usefixtures("site")
def test_doctor_finds_nothing_broken(place: Place) -> None:
    findings = place.json("doctor", "--json")
    assert {f["health"] for f in findings} <= {"ok", "warning"}
    assert next(f for f in findings if f["part"] == "bot")["health"] == "ok"
