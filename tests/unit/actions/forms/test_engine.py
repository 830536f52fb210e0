"""Every form, told from the first word to the last: filled, corrected, passed over, given up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from actions.forms import engine
from actions.forms.draft import CONFIRM, State, of_json, to_json
from actions.forms.engine import Said
from actions.forms.load import load_forms
from actions.forms.storing import filled_form
from core.domain.records import Library
from tests.unit.actions.forms.telling import AT, Telling

WHOLE: Mapping[str, Sequence[str]] = {
    "project": (
        "我要发布成果",
        "热流道温控系统",
        "注塑周期缩短两成，比进口的便宜一半",
        "注塑",
        "中试",
        "江南工程大学",
        "技术转移",
        "张工 13800001234",
        "同意公开",
    ),
    "team": (
        "登记科技服务团",
        "新材料博士服务团",
        "王建国",
        "新材料",
        "李明、张华和刘洋",
        "江苏苏州",
        "技术咨询",
        "李工 13800001234",
        "同意",
    ),
    "expert": (
        "我要注册成为专家",
        "周启明",
        "江南工程大学",
        "教授",
        "研究注塑成型工艺，擅长翘曲变形的成因分析",
        "注塑",
        "江苏",
        "技术咨询",
        "13800001234",
        "我同意",
    ),
    "broker": (
        "登记技术经理人",
        "李静",
        "江南技术转移中心",
        "中级",
        "新能源",
        "对接过三项光伏专利",
        "不限地区",
        "微信 lijing2026",
        "好的",
    ),
    "evaluation": (
        "我要申请成果评价",
        "热流道温控系统",
        "江南工程大学",
        "报奖",
        "注塑",
        "下月底前",
        "张工 13800001234",
    ),
    "bid": (
        "我要揭榜",
        "第二个",
        "江南工程大学",
        "用液冷板和热失控预警",
        "有两项专利",
        "三十万左右",
        "明年6月底前",
        "张工 13800001234",
        "同意",
    ),
    "need": (
        "我要登记技术需求",
        "产品老是翘曲变形",
        "注塑",
        "苏州昆山",
        "技术咨询",
        "80万左右",
        "明年二季度",
        "张工 13800001234",
    ),
}


def whole(form: str) -> Telling:
    """A form told up to its summary."""
    telling = Telling(form)
    telling.say(*WHOLE[form])
    return telling


@pytest.mark.parametrize("form", WHOLE)
def test_a_form_is_told_question_by_question_and_confirmed(form: str) -> None:
    telling = whole(form)
    assert telling.asked == CONFIRM
    assert set(telling.now.values) == {one.name for one in telling.form.fields}

    telling.say("确认提交")

    assert telling.now.state is State.DONE
    assert telling.now.key == f"web:m{len(WHOLE[form]) + 1}"


@pytest.mark.parametrize("form", WHOLE)
def test_no_question_is_asked_twice_and_each_turn_asks_one(form: str) -> None:
    telling = Telling(form)
    asked = [telling.say(text) for text in WHOLE[form]]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("form", WHOLE)
def test_what_is_optional_can_be_passed_over_and_nothing_else(form: str) -> None:
    telling = Telling(form)
    telling.say(WHOLE[form][0])
    for text, field in zip(WHOLE[form][1:], telling.form.fields, strict=True):
        assert telling.asked == field.name
        telling.say("跳过")
        if field.required:
            assert telling.asked in {f"{field.name}.needed", f"{field.name}.refused"}
            telling.say(text)
    assert telling.asked == CONFIRM
    assert len(telling.now.known) == sum(one.required for one in telling.form.fields)


@pytest.mark.parametrize("form", WHOLE)
def test_a_draft_is_the_same_after_it_was_kept(form: str) -> None:
    draft = whole(form).now
    assert of_json(to_json(draft)) == draft


@pytest.mark.parametrize(
    ("form", "text", "field", "shown"),
    [
        ("project", "成果名称改成智能热流道", "title", "智能热流道"),
        ("project", "成熟程度改成已量产", "stage", "已量产"),
        ("project", "电话换成13900002222", "contact", "13900002222"),
        ("team", "团长换成赵四", "leader", "赵四"),
        ("team", "成员改成李明、孙悦", "members", "李明、孙悦（2人）"),
        ("team", "成员有李洁、王强，一共8人", "members", "李洁、王强（8人）"),
        ("team", "刚才说错了，不是苏州是无锡", "area", "江苏省无锡市"),
        ("expert", "职称改成副教授", "position", "副教授"),
        ("expert", "研究方向改为模流仿真", "speciality", "模流仿真"),
        ("broker", "证书等级改成高级", "certificate", "高级"),
        ("evaluation", "用途改成融资", "purpose", "融资"),
        ("evaluation", "时间推迟到明年年底", "deadline", "2027年12月31日（星期五）"),
        ("bid", "报价改成50万以内", "budget", "50万元以内"),
        ("need", "刚才说错了，不是苏州，是成都", "region", "四川省成都市"),
    ],
)
def test_anything_is_corrected_over_the_summary(
    form: str, text: str, field: str, shown: str
) -> None:
    telling = whole(form)
    before = dict(telling.now.values)

    assert telling.say(text) == CONFIRM

    assert shown in telling.shown(field)
    changed = {name for name in before if telling.now.values[name] != before[name]}
    assert changed == {field}


def test_a_field_named_for_change_is_asked_again_and_the_summary_comes_back() -> None:
    telling = whole("expert")
    assert telling.say("修改") == "confirm.modify"
    assert telling.say("修改职称") == "position.change"
    assert telling.say("研究员") == CONFIRM
    assert telling.shown("position") == "研究员"


def test_one_sentence_fills_many_fields() -> None:
    telling = Telling("team")
    asked = telling.say("我想注册科技服务团，团长王建国，方向是新材料，成员有李明、张华，服务苏州")
    assert asked == "title"
    for part in ("王建国", "新材料", "李明、张华（2人）", "江苏省苏州市"):
        assert part in telling.noted


def test_labelled_lines_fill_their_fields() -> None:
    telling = Telling("expert")
    telling.say("登记专家\n姓名：周启明\n工作单位：江南工程大学\n职称：教授\n电话：13800001234")
    assert telling.asked == "speciality"
    assert telling.shown("organisation") == "江南工程大学"
    assert telling.shown("position") == "教授"


def test_the_name_of_a_form_tells_nothing_of_its_fields() -> None:
    telling = Telling("team")
    telling.say("登记科技服务团")
    assert telling.now.values == {}


def test_an_answer_keeps_what_belongs_to_it_and_gives_the_rest_to_others() -> None:
    telling = Telling("project")
    telling.say("发布成果", "苏州河水质监测系统，联系人张工13800001234")
    assert telling.shown("title") == "苏州河水质监测系统"
    assert "13800001234" in telling.shown("contact")
    assert "area" not in telling.now.values


def test_a_name_alone_answers_for_the_leader_and_not_for_the_contact() -> None:
    telling = Telling("team")
    telling.say("登记科技服务团", "新材料服务团")
    assert telling.say("王建国") == "industry"
    assert "contact" not in telling.now.values


def test_a_name_without_a_number_does_not_do_where_a_contact_is_required() -> None:
    telling = Telling("evaluation")
    telling.say(*WHOLE["evaluation"][:-1])
    assert telling.say("张工") == "contact.reach"
    assert telling.say("1380000123") == "contact.phone"
    assert telling.say("13800001234") == CONFIRM
    assert telling.shown("contact") == "张工、电话 13800001234"


@pytest.mark.parametrize("text", ["不同意", "不", "跳过", "不愿意公开"])
def test_nothing_goes_on_without_consent(text: str) -> None:
    telling = Telling("expert")
    telling.say(*WHOLE["expert"][:-1])
    assert telling.say(text) == "consent.refused"
    assert telling.say("提交") in {"consent.refused", "consent.unclear"}
    assert telling.say("同意公开") == CONFIRM
    assert telling.now.known["consent"]["agreed"].startswith("同意把姓名")


def test_a_published_record_holds_no_way_to_reach_anybody() -> None:
    telling = whole("expert")
    telling.say("研究方向改成注塑翘曲，电话13800001234，微信 zhouqm")
    record = filled_form(telling.form, telling.now).record
    assert record is not None
    assert record.library is Library.EXPERTS
    assert record.title == "周启明"
    assert "13800001234" not in str(record)
    assert "zhouqm" not in str(record)


def test_members_and_contact_of_a_team_stay_private() -> None:
    record = filled_form(whole("team").form, whole("team").now).record
    assert record is not None
    assert record.details == {"团长": "王建国"}
    assert record.region == "江苏省苏州市"
    assert record.industries == ("新材料",)
    assert "李明" not in str(record)


def test_a_call_is_picked_by_words_of_its_title() -> None:
    telling = Telling("bid")
    telling.say("我要揭榜")
    assert telling.say("动力电池那个") == "organisation"
    assert telling.shown("call") == "动力电池先导技术榜单"


@pytest.mark.parametrize(
    ("answers", "total"),
    [(["第一个"] * 8, 0), (["A", "B"] * 4, 20), (["最后一个"] * 8, 100)],
)
def test_a_questionnaire_counts_and_needs_no_confirmation(answers: list[str], total: int) -> None:
    telling = Telling("self_assessment")
    telling.say("创新力自评", *answers)
    assert telling.now.state is State.DONE
    kinds = {one.name: one.kind for one in telling.form.fields}
    assert sum(kinds[name].score(value) for name, value in telling.now.values.items()) == total


def test_no_and_none_are_answers_where_they_are_among_the_choices() -> None:
    telling = Telling("self_assessment")
    assert telling.say("自评", "没有", "没有", "没有") == "products"


@pytest.mark.parametrize("form", WHOLE)
def test_a_form_is_given_up_after_asking_once(form: str) -> None:
    telling = whole(form)
    said = Said(text="取消", at=AT, key="web:m99")
    asked = engine.leave(telling.form, telling.now, said)
    assert asked.leaving
    assert asked.values == telling.now.values
    assert engine.leave(telling.form, asked, said).state is State.LEFT
    again = engine.hear(telling.form, asked, Said(text="继续填写", at=AT, key="web:m100"))
    assert (again.asked, again.leaving, again.state) == (CONFIRM, False, State.OPEN)


def test_days_later_the_person_is_told_what_is_unfinished_before_anything_is_asked() -> None:
    telling = Telling("need")
    telling.say("产品老是翘曲变形", "注塑")
    telling.wait(50)
    assert telling.say("嗯嗯哈哈") == "return"
    assert telling.say("继续填写") == "region"
    assert set(telling.now.values) == {"problem", "industry"}


def test_days_later_an_answer_is_taken_and_all_that_is_known_is_said_back() -> None:
    telling = Telling("need")
    telling.say("产品老是翘曲变形", "注塑")
    telling.wait(50)
    assert telling.say("我们在苏州") == "modes"
    for part in ("翘曲变形", "注塑", "江苏省苏州市"):
        assert part in telling.noted


@pytest.mark.parametrize("text", ["放弃登记", "不用了", "不了"])
def test_days_later_a_no_forgets_the_draft(text: str) -> None:
    telling = Telling("need")
    telling.say("产品老是翘曲变形", "注塑")
    telling.wait(13)
    telling.say("你是谁")
    telling.say(text)
    assert telling.now.state is State.LEFT


def test_after_something_else_the_same_question_stands() -> None:
    telling = Telling("team")
    telling.say("登记科技服务团", "新材料服务团")
    again = engine.resume(telling.form, telling.now, Said(text="你好", at=AT, key="web:m9"))
    assert (again.asked, again.values) == (telling.now.asked, telling.now.values)


@pytest.mark.parametrize("form", load_forms())
@pytest.mark.parametrize("text", ["", "😀", "？？？", "<b>x</b>", "／restart", "啊" * 3000])
def test_nonsense_fills_no_required_field(form: str, text: str) -> None:
    telling = Telling(form)
    telling.say("登记")
    telling.say(text)
    assert not telling.now.known
    assert telling.now.state is State.OPEN


def test_to_hand_in_is_no_yes_to_giving_up() -> None:
    telling = Telling("need")
    telling.say("轴承噪音大，异响", "常州", "跳过", "跳过", "跳过", "跳过")
    telling.draft = replace(telling.now, leaving=True)

    telling.say("提交")

    assert telling.now.state is not State.LEFT


def test_the_name_of_another_field_is_no_place() -> None:
    telling = Telling("need")
    telling.say("轴承噪音大，异响")
    telling.draft = replace(telling.now, asked="region")

    telling.say("合作方式都可以")

    assert "region" not in telling.now.known


def test_a_day_beside_its_name_corrects_the_summary() -> None:
    telling = Telling("need")
    telling.say("轴承噪音大，异响", "跳过", "跳过", "跳过", "跳过", "跳过", "跳过")

    telling.say("时间还是宽一点，12月底")

    assert "12月31日" in telling.shown("deadline")
