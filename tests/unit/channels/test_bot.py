"""The client to the bot, against a bot on loopback."""

import logging
from collections.abc import Iterator, Mapping, Sequence

import pytest

from channels.bot import RasaDialogue, replies_of
from core.domain.conversations import Address, Button, InboundMessage, ReplyKind
from core.domain.errors import DialogueUnavailableError
from core.domain.tracing import tracing
from tests.factories import make_message
from tests.fakes.rasa import FakeRasa, Item

TOKEN = "a token of the tests"  # noqa: S105 -- no real one
CITATION = {
    "document": "示例办法",
    "source": "example.txt",
    "section": "第一章",
    "quote": "适用",
    "document_id": "doc-1",
    "start": 3,
    "end": 5,
}
ANSWER = {"kind": "answer", "text": "可以。", "citations": [CITATION], "buttons": []}
SCRIPT: Mapping[str, Sequence[Item]] = {
    "你好": [{"text": "您好", "buttons": [{"title": "查政策", "payload": "我想咨询政策"}]}],
    "登记": [
        {"text": "记下了。"},
        {"text": "请核对", "buttons": [{"title": "确认"}], "custom": {"kind": "confirm"}},
    ],
    "能报吗": [{"custom": ANSWER}, {"text": "接着说。", "custom": {"kind": "question"}}],
    "两段": [{"text": "一\n\n二"}],
    "图": [{"image": "x.png"}],
}


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    with FakeRasa(SCRIPT, token=TOKEN) as fake:
        yield fake


@pytest.fixture
def dialogue(rasa: FakeRasa) -> Iterator[RasaDialogue]:
    made = RasaDialogue(rasa.url, TOKEN, timeout=0.5)
    yield made
    made.close()


def ask(dialogue: RasaDialogue, text: str, *, retried: bool = False) -> list[tuple[str, str]]:
    replies = dialogue.reply(message(text), retried=retried)
    return [(reply.kind.value, reply.text) for reply in replies]


def message(text: str) -> InboundMessage:
    return make_message(
        text, message_id="ab:1", address=Address(channel="web", user="甲/乙 ab?#%")
    )


def test_the_bot_is_told_who_said_what_when(dialogue: RasaDialogue, rasa: FakeRasa) -> None:
    with tracing("m7"):
        ask(dialogue, "你好")
    assert rasa.said == [
        {
            "sender": "web:甲/乙 ab?#%",
            "message": "你好",
            "metadata": {
                "message_id": "ab:1",
                "channel": "web",
                "user": "甲/乙 ab?#%",
                "trace": "m7",
                "said_at": "2026-03-02T01:30:00+00:00",
            },
        }
    ]


def test_a_text_with_buttons_is_a_question_and_one_without_a_notice(
    dialogue: RasaDialogue,
) -> None:
    (reply,) = dialogue.reply(message("你好"), retried=False)
    assert reply.kind is ReplyKind.QUESTION
    assert reply.buttons == (Button(title="查政策", payload="我想咨询政策"),)
    assert ask(dialogue, "两段") == [("notice", "一"), ("notice", "二")]


def test_a_custom_block_without_text_decorates_the_text_before_it(dialogue: RasaDialogue) -> None:
    assert ask(dialogue, "登记") == [("notice", "记下了。"), ("confirm", "请核对")]


def test_a_custom_block_with_text_stands_alone_with_its_citations(dialogue: RasaDialogue) -> None:
    answer, question = dialogue.reply(message("能报吗"), retried=False)
    assert (answer.kind, answer.text) == (ReplyKind.ANSWER, "可以。")
    assert (answer.citations[0].quote, answer.citations[0].start) == ("适用", 3)
    assert (question.kind, question.text) == (ReplyKind.QUESTION, "接着说。")


@pytest.mark.parametrize("fault", [500, 404, 401, "hang", "garbage", "lost", "failed"])
def test_whatever_goes_wrong_the_bot_counts_as_unavailable(
    dialogue: RasaDialogue, rasa: FakeRasa, fault: int | str
) -> None:
    rasa.faults = [fault]
    with pytest.raises(DialogueUnavailableError):
        ask(dialogue, "你好")
    assert ask(dialogue, "你好"), "and is asked again the next time"


def test_an_answer_of_nothing_counts_as_unavailable(dialogue: RasaDialogue) -> None:
    for text in ("谁也没教过", "图"):
        with pytest.raises(DialogueUnavailableError):
            ask(dialogue, text)


def test_a_bot_that_is_not_there_counts_as_unavailable(rasa: FakeRasa) -> None:
    with FakeRasa({}) as gone:
        url = gone.url
    dialogue = RasaDialogue(url, TOKEN)
    with pytest.raises(DialogueUnavailableError) as caught:
        dialogue.reply(message("你好"), retried=False)
    dialogue.close()
    assert TOKEN not in str(caught.value)
    assert not rasa.said


def test_a_lost_answer_is_taken_from_the_bots_record_and_nothing_said_twice(
    dialogue: RasaDialogue, rasa: FakeRasa
) -> None:
    for text in ("登记", "能报吗", "两段", "你好"):
        rasa.trackers.clear()
        rasa.said.clear()
        expected = dialogue.reply(message(text), retried=False)
        rasa.answer({"sender": "web:甲/乙 ab?#%", "message": "别的", "metadata": {}})
        assert dialogue.reply(message(text), retried=True) == expected
        assert [one["message"] for one in rasa.said] == [text, "别的"]


def test_a_message_the_bot_failed_on_is_said_again(dialogue: RasaDialogue, rasa: FakeRasa) -> None:
    rasa.faults = ["failed"]
    with pytest.raises(DialogueUnavailableError):
        ask(dialogue, "你好")
    assert ask(dialogue, "你好", retried=True) == [("question", "您好")]
    assert len(rasa.said) == 2
    assert ask(dialogue, "你好", retried=True) == [("question", "您好")]
    assert len(rasa.said) == 2, "the second time it is in the record"


def test_a_message_the_bot_never_heard_is_said(dialogue: RasaDialogue, rasa: FakeRasa) -> None:
    assert ask(dialogue, "你好", retried=True)
    assert len(rasa.said) == 1


def test_without_the_record_a_retried_message_waits(
    dialogue: RasaDialogue, rasa: FakeRasa
) -> None:
    rasa.faults = [500]
    with pytest.raises(DialogueUnavailableError):
        ask(dialogue, "你好", retried=True)
    assert rasa.said == []


@pytest.mark.parametrize("text", ["/restart", "  /session_start", '/submit_need{"a": 1}'])
def test_what_people_write_is_never_a_command_to_the_bot(
    dialogue: RasaDialogue, rasa: FakeRasa, text: str
) -> None:
    with pytest.raises(DialogueUnavailableError):
        ask(dialogue, text)
    assert rasa.said[0]["message"].startswith("／")


def test_malformed_items_are_left_out_and_the_rest_is_said() -> None:
    replies = replies_of(
        [
            {"custom": {"kind": "card"}},
            {"text": "好", "buttons": [{"payload": "x"}, "y", {"title": "行"}]},
            {"custom": {"kind": "nonsense", "text": "怪", "citations": [{"quote": "q"}, 5]}},
            {"custom": "nothing"},
            {},
        ]
    )
    assert [(reply.kind.value, reply.text) for reply in replies] == [
        ("question", "好"),
        ("notice", "怪"),
    ]
    assert replies[0].buttons == (Button(title="行", payload="行"),)
    assert replies[1].citations == ()


def test_it_can_be_asked_whether_the_bot_is_well(dialogue: RasaDialogue, rasa: FakeRasa) -> None:
    assert dialogue.reachable()
    rasa.model_loaded = False
    assert not dialogue.reachable()


def test_the_token_and_the_words_stay_out_of_the_logs(
    dialogue: RasaDialogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "httpx2")  # quiet once a command has run in this process
    ask(dialogue, "你好", retried=True)
    assert "HTTP Request" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN.replace(" ", "+") not in caplog.text
    assert "你好" not in caplog.text
