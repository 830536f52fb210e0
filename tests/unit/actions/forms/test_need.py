"""The need form: what a person says, what is asked, what is stored."""

import pytest

from core.domain.conversations import Address
from core.domain.matching.matches import Candidate
from core.domain.needs import Need
from core.domain.records import Library, Record
from tests.unit.actions.stage import Said, Stage

OPENING = "我们做注塑的，产品老是翘曲变形，想找专家"
LI = Address(channel="web", user="li")


def stored(stage: Stage) -> list[Need]:
    with stage.units() as unit:
        return unit.needs.newest(10)


def fill(stage: Stage) -> list[Said]:
    """Say all that is needed, up to the summary."""
    stage.tell_form(OPENING)
    stage.tell_form("在苏州昆山")
    stage.tell_form("80万左右")
    stage.tell_form("明年二季度")
    return stage.tell_form("张工 13800001234")


def test_a_first_sentence_fills_what_it_says_and_only_the_rest_is_asked(stage: Stage) -> None:
    said = stage.tell_form(OPENING)

    assert stage.draft.values["problem"] == {"text": "产品老是翘曲变形"}
    assert stage.draft.values["modes"] == {"names": ["技术咨询"]}
    assert "新材料" in stage.draft.values["industry"]["labels"]
    assert [one.custom["kind"] for one in said] == ["notice", "question"]
    assert stage.asked == "region"


def test_each_turn_asks_one_question(stage: Stage) -> None:
    for text in (OPENING, "在苏州昆山", "80万左右", "明年二季度", "张工 13800001234"):
        asked = [
            one
            for one in stage.tell_form(text)
            if one.custom.get("kind") in {"question", "confirm"}
        ]
        assert len(asked) == 1


def test_the_summary_echoes_absolute_dates_with_weekday_and_money(stage: Stage) -> None:
    card = fill(stage)[-1]

    assert card.custom["kind"] == "confirm"
    assert "2027年6月30日（星期三）" in card.text
    assert "约80万元" in card.text
    assert "江苏省苏州市昆山市" in card.text
    assert card.payloads == ["确认提交", "修改", "取消"]


def test_a_confirmed_need_is_stored_and_its_number_said(stage: Stage) -> None:
    fill(stage)

    said = stage.tell_form("确认提交")

    (need,) = stored(stage)
    assert need.number in said[0].text
    assert need.draft.problem == "产品老是翘曲变形"
    assert need.key == "web:m6"
    assert stage.slots["form_draft"] is None


def test_matches_are_shown_with_reasons_and_what_is_missing(stage: Stage) -> None:
    expert = Record(
        library=Library.EXPERTS,
        external_id="1",
        title="周老师",
        industries=("新材料",),
        modes=("技术咨询",),
    )
    stage.load(expert)
    stage.knowledge.candidates = [
        Candidate(record_id=expert.id, relevance=0.9, terms=("翘曲", "变形"))
    ]
    fill(stage)

    card = stage.tell_form("确认提交")[-1]

    assert card.custom["kind"] == "card"
    for part in ("周老师（人才库）", "翘曲、变形", "新材料", "技术咨询", "对方没有注明地区"):
        assert part in card.text


def test_no_match_is_said_honestly(stage: Stage) -> None:
    fill(stage)

    assert "还没有合适的资源" in stage.tell_form("确认提交")[-1].text


def test_yes_while_something_is_missing_stores_nothing(stage: Stage) -> None:
    stage.tell_form(OPENING)

    stage.tell_form("好的")

    assert stage.asked == "region.unclear"
    assert stored(stage) == []


@pytest.mark.parametrize(
    ("text", "slot", "part"),
    [
        ("预算改成100万以内", "budget", "100万元以内"),
        ("刚才说错了，是无锡", "region", "江苏省无锡市"),
        ("时间推迟到明年年底", "deadline", "2027年12月31日"),
        ("电话换成13900002222", "contact", "13900002222"),
        ("想改成委托开发", "modes", "委托开发"),
    ],
)
def test_a_fact_said_over_the_summary_corrects_it(
    stage: Stage, text: str, slot: str, part: str
) -> None:
    fill(stage)
    before = stage.draft.values[slot]

    card = stage.tell_form(text)[-1]

    assert stage.draft.values[slot] != before
    assert stage.asked == "confirm"
    assert part in card.text
    assert stored(stage) == []


def test_a_correction_is_taken_while_something_else_is_asked(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("在苏州")

    said = stage.tell_form("刚才说错了，是无锡")

    assert stage.draft.values["region"]["city"] == "无锡市"
    assert [one.custom["kind"] for one in said] == ["notice", "question"]
    assert stage.asked == "budget"


@pytest.mark.parametrize("text", ["跳过", "不知道", "不方便说", "还没想好", "暂时没有"])
def test_what_a_person_declines_is_not_asked_again(stage: Stage, text: str) -> None:
    stage.tell_form(OPENING)

    stage.tell_form(text)

    assert stage.draft.values["region"] == {"declined": True}
    assert stage.asked == "budget"


def test_the_problem_cannot_be_skipped(stage: Stage) -> None:
    stage.tell_form("我要登记技术需求")

    stage.tell_form("跳过")

    assert stage.asked == "problem.needed"


def test_a_free_answer_to_the_problem_is_the_problem(stage: Stage) -> None:
    stage.tell_form("我要登记技术需求")

    stage.tell_form("叶片结冰")

    assert stage.draft.values["problem"] == {"text": "叶片结冰"}


def test_an_ambiguous_county_is_asked_and_its_city_settles_it(stage: Stage) -> None:
    stage.tell_form(OPENING)

    said = stage.tell_form("在鼓楼区")
    assert stage.asked == "region.ambiguous"
    assert "江苏省徐州市鼓楼区" in said[-1].payloads

    stage.tell_form("徐州的")
    assert stage.draft.values["region"]["county"] == "鼓楼区"
    assert stage.draft.values["region"]["city"] == "徐州市"


def test_a_past_date_is_said_to_be_past_and_not_stored(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("苏州")
    stage.tell_form("面议")

    said = stage.tell_form("2025年3月1日前")

    assert stage.draft.values.get("deadline") is None
    assert "2025年3月1日（星期六）" in said[-1].text


def test_a_bare_number_is_asked_for_its_unit(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("苏州")

    said = stage.tell_form("80")
    assert said[-1].payloads == ["80万元", "80元"]

    stage.tell_form("万")
    assert stage.draft.values["budget"]["min"] == 800_000


def test_a_short_phone_number_and_a_bare_name_are_asked_again(stage: Stage) -> None:
    stage.tell_form(OPENING)
    for text in ("苏州", "面议", "不急"):
        stage.tell_form(text)

    assert stage.asked_after("1380000123") == "contact.phone"
    assert stage.asked_after("张工") == "contact.reach"
    stage.tell_form("13800001234")
    assert stage.draft.values["contact"]["name"] == "张工"
    assert stage.draft.values["contact"]["phone"] == "13800001234"


def test_asking_to_change_names_what_can_be_changed(stage: Stage) -> None:
    fill(stage)

    assert stage.asked_after("修改") == "confirm.modify"
    assert stage.asked_after("修改预算") == "budget.change"
    assert "120万元" in stage.tell_form("120万")[-1].text


def test_after_an_interruption_the_form_reads_nothing_and_asks_again(stage: Stage) -> None:
    stage.tell_form(OPENING)

    stage.interrupt("action_list_events", "苏州最近有什么路演")

    assert stage.draft.values.get("region") is None
    assert stage.asked == "region"


def test_giving_up_is_asked_back_when_much_was_said(stage: Stage) -> None:
    fill(stage)

    said = stage.tell("action_cancel_form", "算了")

    assert stage.asked == "leave"
    assert "确定不登记" in said[-1].text
    assert stage.form == "any_form"
    assert "已取消" in stage.tell("action_cancel_form", "放弃登记")[-1].text
    assert stage.slots["requested_slot"] is None
    assert stage.slots["form_draft"] is None


def test_a_yes_to_giving_up_does_not_store_the_need(stage: Stage) -> None:
    fill(stage)
    stage.tell("action_cancel_form", "取消")

    said = stage.tell_form("是的")

    assert "已取消" in said[-1].text
    assert stored(stage) == []


def test_going_on_after_all_shows_the_summary_again(stage: Stage) -> None:
    fill(stage)
    stage.tell("action_cancel_form", "取消")

    assert stage.asked_after("继续填写") == "confirm"


def test_the_same_confirming_message_stores_once(stage: Stage) -> None:
    fill(stage)
    slots = dict(stage.slots)
    first = stage.tell_form("确认提交")
    stage.slots, stage.form = slots, "any_form"
    stage.spoken -= 1

    again = stage.tell_form("确认提交")

    assert len(stored(stage)) == 1
    assert again[0].text == first[0].text


def test_a_failed_store_keeps_the_form_and_the_second_try_stores_once(stage: Stage) -> None:
    fill(stage)
    recall = stage.knowledge.recall

    def fail(*_: object, **__: object) -> list[Candidate]:
        raise OSError("index gone")

    stage.knowledge.recall = fail  # type: ignore[method-assign]  # a fault in the middle
    said = stage.tell_form("确认提交")
    assert "没能登记成功" in said[0].text
    assert stage.asked == "confirm"
    assert stage.form == "any_form"

    stage.knowledge.recall = recall  # type: ignore[method-assign]  # and its end
    said = stage.tell_form("确认提交")
    assert "已登记" in said[0].text
    assert len(stored(stage)) == 1


def test_an_indicator_said_after_the_problem_is_added_to_it(stage: Stage) -> None:
    stage.tell_form(OPENING)
    stage.tell_form("对了，翘曲要小于0.2mm")

    stage.tell_form("翘曲要小于0.1mm，耐温得到120度")

    problem = stage.draft.values["problem"]
    assert problem["text"] == "产品老是翘曲变形"
    assert problem["indicators"] == ["小于0.2mm", "小于0.1mm", "耐温得到120度"]
    assert stage.asked == "region"


def test_an_area_of_several_provinces_is_asked_back(stage: Stage) -> None:
    stage.tell_form(OPENING)

    said = stage.tell_form("我们在长三角")

    assert "region" not in stage.draft.values
    assert said[-1].payloads[:4] == ["上海市", "江苏省", "浙江省", "安徽省"]
    stage.tell_form("苏州")
    assert stage.draft.values["region"]["city"] == "苏州市"


def test_what_somebody_makes_is_their_trade_and_no_problem(stage: Stage) -> None:
    stage.tell_form("做石墨电极")

    assert set(stage.draft.values) == {"industry"}
    assert stage.asked == "problem"
